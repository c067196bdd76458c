"""Group rows: the communes, districts, posts and kinds of staff that stand above people, each within another."""

import re

from cadres.roster.rows import DeclaredTotal

DECLARED_IN_GROUP = re.compile(
    r"\(\s*(?:tổng\s*số\s*:?\s*|có\s*)?(\d{1,9})\s*(?:người|ng\.?|cb|cc|cbcc)?[^)]*\)"
    r"|[:–-]\s*(\d{1,9})\s*(?:người|cbcc|cb|cc)\b",
    re.IGNORECASE,
)
GROUP_PREFIX = re.compile(r"^\s*(?:[IVXLC]+|[A-H]|\d{1,3})\s*[.):\-/]\s*")
STAFF_GROUP = re.compile(r"^(canbo|congchuc|canbocongchuc|khongchuyentrach)")


class Groups:
    """The group rows above a person, outermost first: what they name, and their head counts.

    Which kind stands within which is told by the order of their first rows: a row of a kind that is open ends that
    group and all within it, any other begins a group within.
    """

    def __init__(self) -> None:
        self.open: list[tuple[str, str, list[DeclaredTotal]]] = []  # (kind, name, totals)

    def begin(self, kind: str, name: str, total: DeclaredTotal | None) -> None:
        kinds = [known for known, _, _ in self.open]
        if kind in kinds:
            del self.open[kinds.index(kind) :]
        elif kind == "staff":  # `B. Công chức` ends a group of one position
            self.open = [group for group in self.open if group[0] != "position"]
        elif kind == "district":
            self.open.clear()
        self.open.append((kind, name, [total] if total else []))

    def add(self, *totals: DeclaredTotal) -> None:
        """Further totals of the innermost group."""
        self.open[-1][2].extend(totals)

    def name_of(self, kind: str) -> str:
        return next((name for known, name, _ in self.open if known == kind), "")

    def count(self) -> None:
        for _, _, totals in self.open:
            for total in totals:
                total.counted += 1
