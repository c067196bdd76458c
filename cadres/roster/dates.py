"""A cell becomes a date, as far as it is known: day before month always, and never a day that is not written there."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cadres.periods import PartialDate, Precision
from cadres.roster.reading import Cell
from cadres.text import fold

EXCEL_EPOCH = date(1899, 12, 30)
YEARS = range(1900, 2101)
SERIALS = range(5_000, 80_000)  # 1913 to 2119: no year, and no day that matters here lies outside
OLDEST = 90  # years; the age on the roster's day above which a birth cannot be meant

YEAR_OR_SERIAL = re.compile(r"^\d{4,5}$")
DAY_MONTH_YEAR = re.compile(r"^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})\.?$")
MONTH_YEAR = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})\.?$")
ISO_DAY = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{2}:\d{2}.*)?$")
CLOCK = re.compile(r"\s+\d{1,2}:\d{2}(?::\d{2})?$")
DATE_WORDS = re.compile(r"\b(?:ngay|thang|nam|sinh)\b")


class NotADateError(ValueError):
    """The text is not written like a date."""


class ImpossibleDateError(ValueError):
    """The text is written like a date, but there is no such day."""


def stated_date(cell: Cell, century: Callable[[int], int]) -> PartialDate:
    """The date that a cell states, day before month always, with the precision it is known to.

    `century` turns a year of two digits into one of four. Raises NotADateError and ImpossibleDateError.
    """
    if isinstance(cell, datetime):
        return PartialDate(cell.date())
    if isinstance(cell, date):
        return PartialDate(cell)
    if (isinstance(cell, float) and cell.is_integer()) or (isinstance(cell, str) and YEAR_OR_SERIAL.match(cell)):
        number = int(cell)
        if number in YEARS:
            return PartialDate(date(number, 1, 1), Precision.YEAR)
        if number in SERIALS:
            return PartialDate(EXCEL_EPOCH + timedelta(days=number))
        raise ImpossibleDateError
    if not isinstance(cell, str):
        raise NotADateError
    text = cell.strip().lstrip("'")
    found = DAY_MONTH_YEAR.match(text)
    if not found:
        text = CLOCK.sub("", text)
        if found := ISO_DAY.match(text):
            return PartialDate(_day(int(found[3]), int(found[2]), int(found[1])))
        folded = fold(text)
        if DATE_WORDS.search(folded):
            text = "/".join(re.findall(r"\d+", folded)) if re.search(r"\d", folded) else folded
        found = DAY_MONTH_YEAR.match(text)
    if found:
        return PartialDate(_day(int(found[1]), int(found[2]), _year(found[3], century)))
    if found := MONTH_YEAR.match(text):
        return PartialDate(_day(1, int(found[1]), _year(found[2], century)), Precision.MONTH)
    if re.fullmatch(r"\d{4}", text) and int(text) in YEARS:
        return PartialDate(date(int(text), 1, 1), Precision.YEAR)
    if re.fullmatch(r"\d{8}", text):
        return PartialDate(_day(int(text[:2]), int(text[2:4]), int(text[4:])))
    raise NotADateError


def _day(day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDateError from error


def _year(text: str, century: Callable[[int], int]) -> int:
    return int(text) if len(text) == 4 else century(int(text))


@dataclass(slots=True)
class DateReader:
    """How dates of one file are read: a year of two digits is one of the century that the file's day tells."""

    day: date
    _read: dict[tuple[Cell, bool], PartialDate | type[ValueError]] = field(default_factory=dict)

    def read(self, cell: Cell, *, is_birth: bool) -> PartialDate | type[ValueError]:
        """The date, or the class of the error that says why there is none. Equal cells are read once."""
        found = self._read.get((cell, is_birth))
        if found is None:
            found = self._read[cell, is_birth] = self._understood(cell, is_birth=is_birth)
        return found

    def _understood(self, cell: Cell, *, is_birth: bool) -> PartialDate | type[ValueError]:
        try:
            return stated_date(cell, self._birth_century if is_birth else self._recent_century)
        except ImpossibleDateError:
            return ImpossibleDateError
        except NotADateError:
            return NotADateError

    def _birth_century(self, year: int) -> int:
        return 1900 + year if self.day.year - 1900 - year <= OLDEST else 2000 + year

    def _recent_century(self, year: int) -> int:
        return 2000 + year if 2000 + year <= self.day.year + 1 else 1900 + year
