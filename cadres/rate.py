"""A rate: how many officials meet the standard, of those who are judged; divided last."""

from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from cadres.evaluation import Verdict


@dataclass(frozen=True)
class Rate:
    """How many officials meet the standard, do not, or cannot be judged yet. `percent_of` alone makes a percentage."""

    compliant: int = 0
    not_compliant: int = 0
    undetermined: int = 0
    in_transition: int = 0  # of the not compliant: those whom a transition clause gives time

    @property
    def total(self) -> int:
        return self.compliant + self.not_compliant + self.undetermined

    @property
    def percent(self) -> Decimal | None:
        """`percent_of` the compliant; None where there is nobody to judge."""
        return percent_of(self.compliant, self.total)

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(
            self.compliant + other.compliant,
            self.not_compliant + other.not_compliant,
            self.undetermined + other.undetermined,
            self.in_transition + other.in_transition,
        )


def percent_of(people: Fraction | int, total: int) -> Decimal | None:
    """100 × people / total, rounded half up to one decimal; None of nobody. A forecast expects fractions of people."""
    if not total:
        return None
    exact = Fraction(100 * people, total)
    return (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)


NOBODY = Rate()
COUNTS = tuple(field.name for field in fields(Rate))  # what a rate is kept as, in columns or as JSON


def figures_of(rate: Rate) -> dict[str, Any]:
    """The figures of a rate as commands print them (JSON): `rate` is a text, null where there is nobody to judge."""
    return {
        "total": rate.total,
        "compliant": rate.compliant,
        "not_compliant": rate.not_compliant,
        "undetermined": rate.undetermined,
        "rate": None if rate.percent is None else str(rate.percent),
    }


def rate_of(officials: int, verdict: str, is_in_transition: bool = False) -> Rate:
    """So many officials of one verdict, as a rate to be added to others."""
    match verdict:
        case Verdict.COMPLIANT:
            return Rate(compliant=officials)
        case Verdict.UNDETERMINED:
            return Rate(undetermined=officials)
    return Rate(not_compliant=officials, in_transition=officials if is_in_transition else 0)
