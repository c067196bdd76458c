"""What every kind of page costs that a link leads to, CPU of Python and of PostgreSQL together.

    python -m tests.benchmarks.page_kinds [--rounds N] [KIND…]

The links are followed from the home page of the demonstration, as Sở Nội vụ and as an officer of a district; of each
kind (the name of its address) the dearest of the first few addresses is asked for again and again. A page that is new
is measured without being named here. The demonstration is that of `page_cost`.

A virtual processor may be at half its speed for seconds, by what its neighbours do. So a small work of always the same
size is timed before and after each request, and those requests count that were made while it took least.
"""

import argparse
import statistics
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.page_client import least_disturbed, taken
from tests.benchmarks.page_cost import KEPT, OFFICER, PROVINCE, ROOT, Page, Site

ROUNDS = 20
FEW, WITHIN = 5, 0.8  # a kind of which so many, one and all, take less than this part of its bound is asked no further
TRIES = 3  # requests for each that counts, at most …
SLOWED = 1.2  # … until so many were made while the small work took no more than so many times its best
ACCOUNTS = (PROVINCE, OFFICER)
AT_MOST = 0.2  # seconds, 95 of 100 requests
# Pages that need two verdicts of the province, or more.
AT_MOST_TWO_VERDICTS = 0.35
TWO_VERDICTS = (
    *("reports:home", "reports:movements", "reports:course", "reports:forecast", "reports:forecast-people"),
    *("reports:publication-detail", "courses:plan-detail"),
)
# A file, or a list on paper, has all rows of the province: a row each of so many people.
AT_MOST_FILE, ROWS_OF_A_FILE = 2.0, 3_631
ON_PAPER = "in=1"


@dataclass(frozen=True)
class Kind:
    """A kind of page as an account sees it, and the seconds of CPU of its requests."""

    account: str
    name: str
    address: str
    at_most: float
    seconds: list[float]
    postgres: float  # the median
    queries: int

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.seconds, n=20, method="inclusive")[-1]


def undisturbed(site: Site, page: Page, rounds: int, at_most: float) -> list[dict[str, Any]]:
    """So many answers, of those that were made while the processor was least slowed down; or few that say enough."""
    answers: list[dict[str, Any]] = []
    while len(answers) < TRIES * rounds:
        answers.append(site.ask(page))
        if len(answers) == FEW and max(map(taken, answers)) < WITHIN * at_most:
            return answers
        if sum(answer["yardstick"] <= SLOWED * site.best for answer in answers) == rounds:
            break
    return least_disturbed(answers, rounds)


def measure(names: Collection[str] = (), rounds: int = ROUNDS) -> Iterator[Kind]:
    """Every kind of page, or those of these names, for each account; what is refused is no page of that account."""
    site = Site(ROOT, KEPT / "data")
    try:
        for account in ACCOUNTS:
            for name, found in site.follow(account)["found"].items():
                if names and name not in names:
                    continue
                has_all_rows = found["is_file"] or ON_PAPER in found["address"]
                at_most = AT_MOST_TWO_VERDICTS if name in TWO_VERDICTS else AT_MOST
                if has_all_rows:
                    at_most = AT_MOST_FILE * max(1, found["rows"] / ROWS_OF_A_FILE)
                page = Page(name, found["address"].replace("{", "{{").replace("}", "}}"), account=account)
                answers = undisturbed(site, page, max(rounds // 4, 2) if has_all_rows else rounds, at_most)
                yield Kind(
                    account=account,
                    name=name,
                    address=found["address"],
                    at_most=at_most,
                    seconds=list(map(taken, answers)),
                    postgres=statistics.median(answer["postgres"] for answer in answers),
                    queries=answers[-1]["queries"],
                )
    finally:
        site.close()


HEADER = (
    f"{'kind of page':42}{'account':12}{'p50 ms':>8}{'p95 ms':>8}{'at most':>9}{'PostgreSQL':>12}{'queries':>9}"
    "  address"
)


def line_of(kind: Kind) -> str:
    """A line of the table under HEADER."""
    return (
        f"{kind.name:42}{kind.account:12}{1000 * kind.median:8.0f}{1000 * kind.p95:8.0f}{1000 * kind.at_most:9.0f}"
        f"{1000 * kind.postgres:12.0f}{kind.queries:9}  {kind.address}{'  !' if kind.p95 > kind.at_most else ''}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    print(HEADER)
    for kind in measure(options.kinds, options.rounds):
        print(line_of(kind), flush=True)


if __name__ == "__main__":
    main()
