"""Published figures: made (`publishing`), read (`reading`), shown beside what they would be now (`changes`)."""

from reports.publications.publishing import publish, withdraw

__all__ = ["publish", "withdraw"]
