"""Public holidays, on which nobody is taught: Bộ luật Lao động 10/2012/QH13 Điều 115, 45/2019/QH14 Điều 112.

Tết and Giỗ Tổ go by the lunar calendar, reckoned for Vietnam's own time (libraries know China's, an hour later: in 2007
and 2030 Tết differs by a day). Tết has five days, of which the first or the last is the government's choice each year:
here are all six. A holiday on a Saturday or Sunday is made up for on the next working day; of Tết that, the second day
at 2/9 (since 2021), and days swapped by a decision of the year are not known here.
"""

from datetime import date, timedelta
from functools import lru_cache
from math import floor, pi, radians, sin

A_DAY = timedelta(days=1)
NEW_YEAR, VICTORY, LABOUR, NATIONAL = (1, 1), (4, 30), (5, 1), (9, 2)  # month, day
NAMES = {
    NEW_YEAR: "Tết Dương lịch",
    VICTORY: "Ngày Chiến thắng 30/4",
    LABOUR: "Ngày Quốc tế lao động 1/5",
    NATIONAL: "Quốc khánh 2/9",
}
TET, KINGS = "Tết Nguyên đán", "Giỗ Tổ Hùng Vương"
BEFORE_TET, AFTER_TET = 2, 3  # days before its first day, and after
SATURDAY = 5

# Days of Julius Caesar's calendar, and what the moon takes, as astronomers count.
FROM_ORDINAL, FIRST_MOON, MONTH = 1721425, 2415021.076998695, 29.530588853
HOURS_EAST = 7


def holiday_on(day: date) -> str:
    """The name of the public holiday that the day is, or makes up for; empty where it is none."""
    return _holidays_of(day.year).get(day, "")


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> dict[date, str]:
    tet = _first_of_lunar_month(1, year)
    found = {tet + shift * A_DAY: TET for shift in range(-BEFORE_TET, AFTER_TET + 1)}
    others = {_first_of_lunar_month(3, year) + 9 * A_DAY: KINGS}
    others |= {date(year, *of): name for of, name in NAMES.items()}
    found |= others
    for day, name in sorted(others.items()):
        if day.weekday() >= SATURDAY:
            instead = day + A_DAY
            while instead in found or instead.weekday() >= SATURDAY:
                instead += A_DAY
            found[instead] = f"nghỉ bù {name}"
    return found


# ---------------------------------------------------------------- the lunar calendar (after Hồ Ngọc Đức, by Meeus)


def _first_of_lunar_month(month: int, year: int) -> date:
    """The first day of a lunar month (1 to 10) of the lunar year that begins in the year."""
    before, after = _eleventh_month(year - 1), _eleventh_month(year)
    moon = floor((before - FIRST_MOON) / MONTH + 0.5)
    since = month + 1  # months after the eleventh one
    if after - before > 365 and since >= _leap_month_after(moon):
        since += 1
    return date.fromordinal(_new_moon(moon + since) - FROM_ORDINAL)


def _eleventh_month(year: int) -> int:
    """The first day of the lunar month in which the winter solstice of the year lies."""
    moon = floor((date(year, 12, 31).toordinal() + FROM_ORDINAL - 2415021) / MONTH)
    first = _new_moon(moon)
    return _new_moon(moon - 1) if _part_of_year(first) >= 9 else first


def _leap_month_after(moon: int) -> int:
    """How many months after that moon comes the first one in which the sun enters no new part of the year."""
    parts = [_part_of_year(_new_moon(moon + later)) for later in range(1, 15)]
    return next(later for later in range(1, 14) if parts[later - 1] == parts[later])


def _new_moon(number: int) -> int:
    """The day of a new moon, counted from that of 1/1/1900."""
    t = number / 1236.85
    mean = 2415020.75933 + 29.53058868 * number + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * sin(radians(166.56 + 132.87 * t - 0.009173 * t**2))
    sun = radians(359.2242 + 29.10535608 * number - 0.0000333 * t**2 - 0.00000347 * t**3)
    moon = radians(306.0253 + 385.81691806 * number + 0.0107306 * t**2 + 0.00001236 * t**3)
    node = radians(21.2964 + 390.67050646 * number - 0.0016528 * t**2 - 0.00000239 * t**3)
    shift = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun) - 0.4068 * sin(moon) + 0.0161 * sin(2 * moon)
    shift += -0.0004 * sin(3 * moon) + 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    shift += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
    shift += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    clock = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return floor(mean + shift - clock + 0.5 + HOURS_EAST / 24)


def _part_of_year(day: int) -> int:
    """In which twelfth of its way, from the spring equinox on, the sun is as the day begins."""
    t = (day - 0.5 - HOURS_EAST / 24 - 2451545) / 36525
    mean = radians(357.5291 + 35999.0503 * t - 0.0001559 * t**2 - 0.00000048 * t**3)
    way = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    way += (1.9146 - 0.004817 * t - 0.000014 * t**2) * sin(mean)
    way += (0.019993 - 0.000101 * t) * sin(2 * mean) + 0.00029 * sin(3 * mean)
    return floor(radians(way) % (2 * pi) / pi * 6)
