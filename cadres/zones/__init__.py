"""The zones of communes (khu vực I, II, III), as a decision lists them for a period of years.

`reading` understands the list of a decision; `listing` finds what it changes, writes it as one act, and counts zones.
"""

from cadres.zones.listing import Change, Listed, counts_on, settle, write
from cadres.zones.reading import Line, UnreadableListError, read

__all__ = ["Change", "Line", "Listed", "UnreadableListError", "counts_on", "read", "settle", "write"]
