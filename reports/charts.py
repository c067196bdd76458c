"""Charts as plain SVG drawn by our templates (templates/parts/): here is only where the points lie.

Not by pygal: every chart of it carries an inline style sheet, an inline script (even with js=[]) and a style attribute,
which the Content-Security-Policy refuses. Ours takes its colours from app.css, prints, and its points are links.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cadres.web.tags import phan_tram

STEP = 10  # percent between two grid lines
TARGET_DASH = 16  # half the dash that marks a target
WRITTEN = 26  # from a dot to the upper end of its value


@dataclass(frozen=True)
class Point:
    """What the chart is told: a label below, a value in percent (None: no data), the address behind it.

    A value that is only expected lies between two others, `low` and `high`, or is given without. `target`: what the
    province wants the value to be there.
    """

    label: str
    value: Decimal | None
    address: str = ""
    is_expected: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    target: Decimal | None = None

    @property
    def aim(self) -> str:
        return "" if self.target is None else f", chỉ tiêu {phan_tram(self.target)} %"


@dataclass(frozen=True)
class Dot:
    point: Point
    x: int
    y: int | None
    target_y: int | None = None

    @property
    def target_ends(self) -> tuple[int, int]:
        """From where to where the dash of the target goes."""
        return self.x - TARGET_DASH, self.x + TARGET_DASH

    @property
    def text_y(self) -> int:
        """Where the value is written: above the dot, below it where the dash of the target would run through it."""
        y = self.y or 0
        return y - 10 if self.target_y is None or not 0 < y - self.target_y < WRITTEN else y + 20


@dataclass(frozen=True)
class LineChart:
    """A line of percentages in a box of `width` × `height` (user units); lines break where there are no data."""

    width: int
    height: int
    dots: list[Dot]
    lines: list[str]  # the `points` of each unbroken line
    expected: list[str]  # those of the lines that go on, from the last known value, to what is expected
    bands: list[str]  # those of the areas within which it lies
    targets: list[str]  # those of the lines between the targets of following points
    grid: list[tuple[int, int]]  # percent, y

    @property
    def baseline(self) -> int:
        return self.height - 6


def chart_of_days(
    course: Iterable[tuple[date, Decimal | None]],
    address: Callable[[date], str],
    targets: Mapping[int, Decimal] | None = None,
) -> LineChart:
    """The rates of days as a line, year ends told by the year; each point leads to the address of its day.

    `targets`: year → the rate that is wanted at its end.
    """
    return line_chart(
        [
            Point(
                f"{day.year}" if (day.month, day.day) == (12, 31) else f"{day:%d/%m/%Y}",
                percent,
                address(day),
                target=(targets or {}).get(day.year),
            )
            for day, percent in course
        ]
    )


def line_chart(points: Sequence[Point], *, width: int = 360, height: int = 190) -> LineChart:
    """Place the points from left to right, the axis cut to whole tens around the values."""
    told = [value for point in points for value in (point.value, point.low, point.high, point.target)]
    values = [value for value in told if value is not None]
    low = max(int(min(values, default=Decimal(0))) // STEP * STEP - STEP, 0)
    high = min((int(max(values, default=Decimal(100))) // STEP + 1) * STEP, 100)
    left, right, top, bottom = 52, 24, 26, 30

    def y_of(value: Decimal | int) -> int:
        return round(height - bottom - (height - top - bottom) * float(value - low) / (high - low))

    distance = (width - left - right) / max(len(points) - 1, 1)
    dots = [
        Dot(
            point,
            round(left + place * distance),
            None if point.value is None else y_of(point.value),
            None if point.target is None else y_of(point.target),
        )
        for place, point in enumerate(points)
    ]
    known = [dot for dot in dots if not dot.point.is_expected]
    ahead = [*known[-1:], *dots[len(known) :]]
    within = [dot for dot in ahead if dot.y is not None]
    edges = [f"{dot.x},{y_of(dot.point.high or dot.point.value or 0)}" for dot in within]
    edges += [f"{dot.x},{y_of(dot.point.low or dot.point.value or 0)}" for dot in reversed(within)]
    return LineChart(
        width=width,
        height=height,
        dots=dots,
        lines=_unbroken((dot.x, dot.y) for dot in known),
        expected=_unbroken((dot.x, dot.y) for dot in ahead) if len(ahead) > 1 else [],
        bands=[" ".join(edges)] if any(dot.point.low is not None for dot in within) else [],
        targets=_unbroken((dot.x, dot.target_y) for dot in dots),
        grid=[(percent, y_of(percent)) for percent in range(low, high + 1, STEP * (1 if high - low <= 50 else 2))],
    )


def _unbroken(places: Iterable[tuple[int, int | None]]) -> list[str]:
    lines: list[list[str]] = [[]]
    for x, y in places:
        if y is None:
            lines.append([])
        else:
            lines[-1].append(f"{x},{y}")
    return [" ".join(line) for line in lines if len(line) > 1]
