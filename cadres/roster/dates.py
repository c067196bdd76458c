"""A cell becomes a date, as far as it is known: day before month, and never a day that is not written there.

A file whose dates prove that it was written month first is doubted as a whole: which of its other dates mean what,
nobody can tell but those who wrote it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cadres.periods import PartialDate, Precision
from cadres.roster.reading import Cell
from cadres.roster.rows import clean
from cadres.text import fold

EXCEL_EPOCH = date(1899, 12, 30)
YEARS = range(1900, 2101)
SERIALS = range(5_000, 80_000)  # 1913 to 2119: no year, and no day that matters here lies outside
OLDEST = 90  # years; the age on the roster's day above which a birth cannot be meant
LONGEST = 100  # characters; what is longer is no date
SEVERAL = 2  # dates that prove an order; one is a mistake
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

YEAR_OR_SERIAL = re.compile(r"^(\d{4,5})(?:[.,]0+)?$", re.ASCII)
DAY_MONTH_YEAR = re.compile(r"^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})$", re.ASCII)
MONTH_YEAR = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})$", re.ASCII)
YEAR_FIRST = re.compile(r"^(\d{4})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{1,2}))?$", re.ASCII)
DIGITS = re.compile(r"^\d{7,8}$", re.ASCII)
# `…/…/1979`, `--/8/1979`, `xx/xx/1979`, `5/../1979`: what stands for a part that is not known.
UNKNOWN_BEFORE = re.compile(r"^[\W_xX]+(?=\d)")
UNKNOWN_MONTH = re.compile(r"^\d{1,2}\s*[/.\-]\s*[\W_xX]+(\d{4})$", re.ASCII)
AROUND = " \t'’‘\"“”.,;:*"
# `1979 (Nữ)`, `5/8/1979 (nghỉ hưu)`; of what follows without brackets only a sex is taken for a note.
NOTE = re.compile(r"^(.*\d)\s*[.,;:\-–]?\s*(?:[(\[]\s*([^()\[\]]*?)\s*[)\]]?|(nam|nữ|nu|trai|gái))\s*$", re.IGNORECASE)
NOTE_BEFORE = re.compile(r"^(?:(nam|nữ)\s*[:\-–]|(nữ)\s)\s*(\d[\d\s/.\-]*)$", re.IGNORECASE)
CLOCK = re.compile(r"[\sT]+\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?P<half>am|pm|sa|ch)?$", re.IGNORECASE)
DATE_WORDS = re.compile(r"\b(?:ngay|thang|thg|nam|sinh|ns|sn)\b|\bt(?:h|hg)?\.?(?=\s*\d{1,2}\b)")
NUMBERS = re.compile(r"\d+", re.ASCII)
ZONED = re.compile(
    r"^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::\d\d(?:[.,]\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)$", re.IGNORECASE
)
# What JavaScript, Java and HTTP make of a date: `Sun Aug 05 1979 00:00:00 GMT+0700 (Indochina Time)`.
ENGLISH = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH_NAME = rf"(?P<month>{'|'.join(ENGLISH)})[a-z]*"
WEEKDAY = r"(?:(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*,?\s+)?"
TIME = r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::\d\d)?\s*(?P<zone>(?:gmt|utc|z|ict)?\s*(?:[+-]\d\d:?\d\d)?)(?:\s*\(.*\)?)?"
IN_ENGLISH = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{WEEKDAY}{MONTH_NAME}\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})(?:\s+{TIME})?$",
        rf"^{WEEKDAY}{MONTH_NAME}\.?\s+(?P<day>\d{{1,2}})\s+{TIME}\s+(?P<year>\d{{4}})$",
        rf"^{WEEKDAY}(?P<day>\d{{1,2}})[\s.\-/]+{MONTH_NAME}[\s.,\-/]+(?P<year>\d{{4}}|\d\d)(?:\s+{TIME})?$",
    )
]
EPOCH_MILLISECONDS = re.compile(r"^/?Date\((-?\d{1,14})(?:[+-]\d{4})?\)/?$", re.IGNORECASE)
TERM = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:[-–—/]+|den)\s*((?:19|20)\d\d)(?!\d)")
TERM_WORDS = re.compile(r"\b(?:nk|nhiem ky|khoa|giai doan|tu|nam|[ivxlc]+|\d{1,2})\b")
LONGEST_TERM = 6  # years; councils have five, some had six


class NotADateError(ValueError):
    """The text is not written like a date."""


class ImpossibleDateError(ValueError):
    """The text is written like a date, but there is no such day."""


class DoubtfulOrderError(ValueError):
    """Which number is the day and which the month, the file makes doubtful."""


def stated_date(cell: Cell, century: Callable[[int], int], *, month_first: bool | None = False) -> PartialDate:
    """The date that a cell states, with the precision it is known to.

    `century` turns a year of two digits into one of four. `month_first`: whether the file was written so; None where
    that is in doubt. Raises NotADateError, ImpossibleDateError, and DoubtfulOrderError where the order is in doubt and
    matters.
    """
    if isinstance(cell, datetime):
        return PartialDate(cell.date())
    if isinstance(cell, date):
        return PartialDate(cell)
    if isinstance(cell, float):
        return _of_number(cell)
    if not isinstance(cell, str) or len(cell) > LONGEST:
        raise NotADateError
    text = clean(cell).strip(AROUND)
    if number := YEAR_OR_SERIAL.match(text):
        return _of_number(float(number[1]))
    return _of_text(text, century, month_first)


def _of_number(number: float) -> PartialDate:
    whole = int(number) if number.is_integer() else 0  # a range looks for a float day by day
    if whole in YEARS:
        return PartialDate(date(whole, 1, 1), Precision.YEAR)
    if whole in SERIALS:
        return PartialDate(EXCEL_EPOCH + timedelta(days=whole))
    if 1 <= number < 13 and len(repr(number)) <= 7:  # 8.1979, a month typed as a number; 8.198 is of 1980
        month, year = repr(number).split(".")
        if int(year.ljust(4, "0")) in YEARS:
            return PartialDate(_day(1, int(month), int(year.ljust(4, "0"))), Precision.MONTH)
    if DIGITS.match(str(whole)):
        return PartialDate(_of_digits(str(whole).zfill(8)))
    if SERIALS[0] <= number <= SERIALS[-1]:  # with a time of day
        return PartialDate(EXCEL_EPOCH + timedelta(days=int(number)))
    raise ImpossibleDateError


def _of_text(text: str, century: Callable[[int], int], month_first: bool | None) -> PartialDate:
    found = DAY_MONTH_YEAR.match(text)
    if not found:
        if stamp := _stamp(text, century):
            return PartialDate(stamp)
        text = CLOCK.sub("", text).strip(AROUND)
        if found := YEAR_FIRST.match(text):
            return _known(int(found[3] or 0), int(found[2]), int(found[1]))
        folded = fold(text)
        if DATE_WORDS.search(folded) and (numbers := NUMBERS.findall(folded)):
            text, month_first = "/".join(numbers), False
        elif unknown := UNKNOWN_MONTH.match(text):
            text = unknown[1]
        text = UNKNOWN_BEFORE.sub("", text)
        found = DAY_MONTH_YEAR.match(text)
    if found:
        first, second, year = int(found[1]), int(found[2]), _year(found[3], century)
        if month_first is None and first != second and max(first, second) <= 12 and first and second:
            raise DoubtfulOrderError
        if month_first is None and second > 12 >= first and _is_day(second, first, year):
            raise DoubtfulOrderError
        if month_first and first <= 12:
            first, second = second, first
        return _known(first, second, year)
    if found := MONTH_YEAR.match(text):
        return _known(0, int(found[1]), _year(found[2], century))
    if re.fullmatch(r"\d{4}", text) and int(text) in YEARS:
        return PartialDate(date(int(text), 1, 1), Precision.YEAR)
    if DIGITS.match(text) and len(text) == 8:
        return PartialDate(_of_digits(text))
    raise NotADateError


def _known(day: int, month: int, year: int) -> PartialDate:
    """A date whose day and month may be 0, which means that they are not known."""
    if month == 0:
        return PartialDate(_day(1, 1, year), Precision.YEAR)
    return PartialDate(_day(day or 1, month, year), Precision.DAY if day else Precision.MONTH)


def _of_digits(text: str) -> date:
    """`05081979`, or as programs write it `19790805`."""
    if int(text[:4]) in YEARS and not _is_day(int(text[:2]), int(text[2:4]), int(text[4:])):
        return _day(int(text[6:]), int(text[4:6]), int(text[:4]))
    return _day(int(text[:2]), int(text[2:4]), int(text[4:]))


def _stamp(text: str, century: Callable[[int], int]) -> date | None:
    """The day in Việt Nam of a moment that a program wrote down; None where the text is no such stamp."""
    if found := EPOCH_MILLISECONDS.match(text):
        return (UNIX_EPOCH + timedelta(milliseconds=int(found[1]))).astimezone(VIETNAM).date()
    if found := ZONED.match(text):
        year, month, day, hour, minute = map(int, found.groups()[:5])
        return _in_vietnam(_day(day, month, year), hour, minute, found[6])
    for pattern in IN_ENGLISH:
        if found := pattern.match(text):
            number = ENGLISH.index(found["month"].lower()) + 1
            written = _day(int(found["day"]), number, _year(found["year"], century))
            if not found["hour"]:
                return written
            return _in_vietnam(written, int(found["hour"]), int(found["minute"]), found["zone"] or "")
    return None


def _in_vietnam(day: date, hour: int, minute: int, zone: str) -> date:
    """The day as written where it was midnight there, or the clock is that of Việt Nam; else the day it was here."""
    offset = re.sub(r"[^\d+-]", "", zone)
    if (hour, minute) == (0, 0) or offset[:3] == "+07" or (not offset and zone.strip().lower() in ("", "ict")):
        return day
    try:
        moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
        hours = int(offset[:3]) if offset else 0
        return (moment - timedelta(hours=hours)).astimezone(VIETNAM).date()
    except (ValueError, OverflowError) as error:
        raise ImpossibleDateError from error


def _is_day(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _day(day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDateError from error


def _year(text: str, century: Callable[[int], int]) -> int:
    return int(text) if len(text) == 4 else century(int(text))


def stated_term(text: str) -> str:
    """The years of a term of office, `2011-2016`, or '' where the text tells none: `NK 2011 - 2016`, `Khóa XX (…)`."""
    if len(text) > LONGEST:
        return ""
    folded = fold(text)
    found = TERM.search(folded)
    if found is None or not 0 < int(found[2]) - int(found[1]) <= LONGEST_TERM:
        return ""
    rest = TERM_WORDS.sub("", folded[: found.start()] + " " + folded[found.end() :])
    return "" if re.search(r"\w", rest) else f"{found[1]}-{found[2]}"


@lru_cache(maxsize=2**14)
def without_note(text: str) -> tuple[str, str]:
    """A date cell, and the note that stands beside the date: `1979 (Nữ)` → (`1979`, `Nữ`)."""
    if text.isascii() and not any(char.isalpha() or char in "()[]" for char in text):
        return text, ""
    if before := NOTE_BEFORE.match(text):
        return before[3], before[1] or before[2]
    found = NOTE.match(text)
    if not found or EPOCH_MILLISECONDS.match(text) or any(pattern.match(text) for pattern in IN_ENGLISH):
        return text, ""
    return found[1], found[2] or found[3] or ""


def month_first_proofs(texts: Iterable[str]) -> list[str]:
    """The dates of a file which prove that it was written month first, where several do, and fewer the contrary."""
    proofs, contrary = [], 0
    for text in texts:
        found = DAY_MONTH_YEAR.match(CLOCK.sub("", clean(text)).strip(AROUND)) if len(text) <= LONGEST else None
        if found:
            first, second = int(found[1]), int(found[2])
            if first > 12 >= second > 0:
                contrary += 1
            elif second > 12 >= first > 0 and second <= 31:
                proofs.append(text)
    return proofs if len(proofs) >= SEVERAL and len(proofs) > contrary else []


@dataclass(slots=True)
class DateReader:
    """How dates of one file are read: a year of two digits is one of the century that the file's day tells."""

    day: date
    month_first: bool | None = False  # None: in doubt
    _read: dict[tuple[Cell, bool], PartialDate | type[ValueError]] = field(default_factory=dict)

    def read(self, cell: Cell, *, is_birth: bool) -> PartialDate | type[ValueError]:
        """The date, or the class of the error that says why there is none. Equal cells are read once."""
        found = self._read.get((cell, is_birth))
        if found is None:
            found = self._read[cell, is_birth] = self._understood(cell, is_birth=is_birth)
        return found

    def _understood(self, cell: Cell, *, is_birth: bool) -> PartialDate | type[ValueError]:
        century = self._birth_century if is_birth else self._recent_century
        try:
            return stated_date(cell, century, month_first=self.month_first)
        except (ImpossibleDateError, NotADateError, DoubtfulOrderError) as error:
            return type(error)

    def _birth_century(self, year: int) -> int:
        return 1900 + year if self.day.year - 1900 - year <= OLDEST else 2000 + year

    def _recent_century(self, year: int) -> int:
        return 2000 + year if 2000 + year <= self.day.year + 1 else 1900 + year
