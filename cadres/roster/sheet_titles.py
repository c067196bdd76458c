"""What titles of a sheet say of the whole: the day that its data are of."""

import re
from datetime import date

from cadres.periods import PartialDate, Precision
from cadres.text import fold

AS_OF = re.compile(
    r"(?:tinh den|thoi diem|so lieu den|co den|co mat den|den ngay)\D{0,25}?"
    r"(?:(?P<day>\d{1,2})\s*(?:[/.\-]|thang)\s*)?(?P<month>\d{1,2})\s*(?:[/.\-]|nam)\s*(?P<year>\d{4})"
)
AS_OF_YEAR = re.compile(r"(?:tinh den|den)\s+(?:het|cuoi)\s+nam\s*(?P<year>\d{4})")


def as_of_in(text: str) -> date | None:
    """The day in `(Tính đến 31/12/2015)`, `tính đến ngày 31 tháng 12 năm 2015`; a month or year means its last day."""
    folded = fold(text)
    if found := AS_OF.search(folded):
        year, month, day = int(found["year"]), int(found["month"]), int(found["day"] or 0)
    elif found := AS_OF_YEAR.search(folded):
        year, month, day = int(found["year"]), 12, 31
    else:
        return None
    try:
        return date(year, month, day) if day else PartialDate(date(year, month, 1), Precision.MONTH).last_day
    except ValueError:
        return None
