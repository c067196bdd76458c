"""What was changed, by whom, when and why; kept by triggers of the database, so that nobody who writes can forget it.

`context` tells the database who acts and why, `triggers` says which tables are recorded.
"""

from cadres.history.context import act, correction, merging, signed
from cadres.history.triggers import recorded_tables

__all__ = ["act", "correction", "merging", "recorded_tables", "signed"]
