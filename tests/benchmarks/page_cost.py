"""What a page costs, CPU of Python and of PostgreSQL together, beside the same page of an earlier source.

    [BEFORE=COMMIT] python -m tests.benchmarks.page_cost [PAGE…]

Both trees have the demonstration province in a database of their own, kept in DATA_DIR/benchmarks (the first run makes
them, in about a minute), and are asked for each page in turns, so that whatever else the machine does falls on both.
CPU is counted, not the clock: it is what limits how many people two cores can serve.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.page_client import taken

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(os.environ.get("DATA_DIR") or ROOT / "var").absolute() / "benchmarks"
BEFORE = os.environ.get("BEFORE") or "f052185"  # the verdict was still built in the ORM, bit by bit
ROUNDS, WARM = 12, 2
PROVINCE, OFFICER = "so-noi-vu", "bac-ha"
NOISE = 1.05  # two runs of the same source differ by so much


@dataclass(frozen=True)
class Page:
    """A kind of page, who asks for it, and at most what part of its former cost it may have."""

    name: str
    address: str
    at_most: float = 1
    account: str = PROVINCE


# Two kinds of page tell what they did not tell then, and may cost more: of a person what rules beside the standard ask
# and the classes that are open for it; of a plan whom each line is to make compliant, which asks two verdicts, and whom
# the seats are given to. When they told the same, in d02e182, both cost 0.87 of it.
TRAINING_OF_A_PERSON, PLAN = 1.9, 4.5

PERIOD = "tu=2010-01-01&den=2015-12-31"
PAGES = (
    Page("home", "/", 1 / 3),
    Page("home, officer", "/", 1 / 3, OFFICER),
    Page("rates by district", "/ty-le/?theo=district"),
    Page("rates by dimension", "/ty-le/?theo=dimension"),
    Page("rates by commune, officer", "/ty-le/?theo=commune", account=OFFICER),
    Page("list", "/can-bo/", 1 / 2),
    Page("list, officer", "/can-bo/", 1 / 2, OFFICER),
    Page("list of a district", "/can-bo/?huyen=085", 1 / 2),
    Page("list, name searched", "/can-bo/?q=giang+a", 1 / 2),
    Page("list, not compliant", "/can-bo/?ket_qua=not_compliant", 1 / 2),
    Page("person", "/can-bo/{person}/", 1 / 2),
    Page("person, officer", "/can-bo/{person}/", 1 / 2, OFFICER),
    Page("person's training", "/dao-tao/nguoi/{person}/", TRAINING_OF_A_PERSON),
    Page("person, transfer form", "/can-bo/{person}/dieu-dong/", account=OFFICER),
    Page("import list", "/nhap-danh-sach/"),
    Page("needs by programme", "/dao-tao/nhu-cau/"),
    Page("people, most urgent", "/dao-tao/nhu-cau/nguoi/"),
    Page("people, officer", "/dao-tao/nhu-cau/nguoi/", account=OFFICER),
    Page("campaign", "/dao-tao/dot-nhu-cau/{campaign}/"),
    Page("a district's answer", "/dao-tao/dot-nhu-cau/{campaign}/huyen/{submission}/"),
    Page("plan", "/dao-tao/ke-hoach/{plan}/", PLAN),
    Page("classes", "/dao-tao/lop/"),
    Page("class", "/dao-tao/lop/{to_enrol}/"),
    Page("enrolment page", "/dao-tao/lop/{to_enrol}/cu-nguoi/", 1 / 3),
    Page("enrolment page, officer", "/dao-tao/lop/{to_enrol}/cu-nguoi/", 1 / 3, OFFICER),
    Page("approval page", "/dao-tao/lop/{to_approve}/duyet/"),
    Page("attendance", "/dao-tao/lop/{running}/diem-danh/"),
    Page("results", "/dao-tao/lop/{running}/ket-qua/"),
    Page("certificates of a class", "/dao-tao/lop/{ended}/chung-chi/"),
    Page("certificates", "/dao-tao/chung-chi/"),
    Page("40 tiết", "/dao-tao/40-tiet/"),
    Page("commitments", "/dao-tao/cam-ket/"),
    Page("training by kind", f"/bao-cao/dao-tao/?{PERIOD}&theo=kind"),
    Page("training by position", f"/bao-cao/dao-tao/?{PERIOD}&theo=position"),
    Page("list of turns", f"/bao-cao/dao-tao/luot/?{PERIOD}"),
    Page("who moved the rate", "/ty-le/thay-doi/?ngay=2015-12-31&tu=2014-12-31"),
    Page("levels (admin)", "/quan-tri/cadres/level/"),
    Page("requirements (admin)", "/quan-tri/cadres/requirement/"),
)


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU of one request, the median of all rounds, and its queries."""

    python: float
    postgres: float
    queries: int

    @classmethod
    def of(cls, answers: Sequence[dict[str, Any]]) -> "Cost":
        return cls(
            python=statistics.median(answer["python"] for answer in answers),
            postgres=statistics.median(answer["postgres"] for answer in answers),
            queries=answers[-1]["queries"],
        )

    @property
    def total(self) -> float:
        return self.python + self.postgres


@dataclass(frozen=True)
class Beside:
    """A page with what it cost before and what it costs now."""

    page: Page
    before: Cost
    now: Cost
    ratio: float  # the median of the rounds: within one the processor hardly changes its speed

    @property
    def is_too_dear(self) -> bool:
        return self.ratio > self.page.at_most * NOISE


class NoHistoryError(RuntimeError):
    """The earlier source cannot be had: this copy of the project has no history that far back."""


def source_before() -> Path:
    """The source tree of the commit BEFORE, taken out of git once. Raises NoHistoryError."""
    tree = KEPT / f"source-{BEFORE}"
    if not tree.exists():
        archive = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, check=False, capture_output=True)
        if archive.returncode != 0:
            raise NoHistoryError(
                f"no commit {BEFORE} here, the source to compare with; in a shallow clone: git fetch --unshallow"
            )
        new = tree.with_suffix(".new")
        new.mkdir(parents=True, exist_ok=True)
        subprocess.run(["tar", "-x", "-C", str(new)], input=archive.stdout, check=True)
        new.rename(tree)
    return tree


class Site:
    """The site of one source tree, with the demonstration province, in a process that asks it for pages."""

    def __init__(self, tree: Path, data: Path) -> None:
        surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        surroundings |= {
            "DATA_DIR": str(data),
            "PYTHONPATH": str(tree),
            "DJANGO_SETTINGS_MODULE": "lao_cai_training.settings",
            "PYTHONUTF8": "1",
            # No page is refused for being asked for again and again.
            "EXPORTS_IN_TEN_MINUTES": "1000000",
            "SEARCHES_A_MINUTE": "1000000",
        }
        subprocess.run(
            [sys.executable, "manage.py", "demo", "--no-serve"],
            cwd=tree,
            env=surroundings,
            check=True,
            capture_output=True,
        )
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(Path(__file__).with_name("page_client.py"))],
            cwd=tree,
            env=surroundings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.keys = self._answer()
        self.best = float("inf")  # seconds that the small work of `page_client` has taken so far at best

    def ask(self, page: Page) -> dict[str, Any]:
        """What one request of the page took; it must be answered with 200."""
        answer = self._asked(account=page.account, address=page.address.format(**self.keys))
        assert answer["status"] == 200, f"{page.name}: {answer['status']}"
        self.best = min(self.best, answer["yardstick"])
        return answer

    def follow(self, account: str) -> dict[str, Any]:
        """The kinds of page and of file that links lead this account to, from the home page on."""
        return self._asked(account=account, address="/", follow=True)

    def close(self) -> None:
        self.process.communicate()

    def _asked(self, **wanted: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        print(json.dumps(wanted), file=self.process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the process ended with {self.process.wait()}"
        return json.loads(line)


@contextmanager
def both_sites() -> Iterator[tuple[Site, Site]]:
    """The site of the earlier source and that of this one."""
    before = Site(source_before(), KEPT / f"data-{BEFORE}")
    now = Site(ROOT, KEPT / "data")
    yield before, now
    before.close()
    now.close()


def compare(pages: tuple[Page, ...] = PAGES, rounds: int = ROUNDS) -> Iterator[Beside]:
    """Each page beside what it cost before; one near its bound is asked thrice as often. Raises NoHistoryError."""
    with both_sites() as (before, now):

        def asked(page: Page, times: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
            return [(before.ask(page), now.ask(page)) for _ in range(times)]

        for page in pages:
            answers = asked(page, WARM + rounds)[WARM:]
            if _ratio(answers) > page.at_most / NOISE:
                answers += asked(page, 2 * rounds)
            then, since = zip(*answers, strict=True)
            yield Beside(page, Cost.of(then), Cost.of(since), _ratio(answers))


def _ratio(answers: Iterable[tuple[dict[str, Any], dict[str, Any]]]) -> float:
    return statistics.median(taken(now) / taken(before) for before, now in answers)


HEADER = (
    f"{'page':27}{'before: Python + PostgreSQL ms':>32}{'now: Python + PostgreSQL ms':>32}"
    f"{'ratio':>8}{'at most':>9}{'queries':>11}"
)


def line_of(one: Beside) -> str:
    """A line of the table under HEADER."""
    parts = [
        f"{1000 * cost.python:7.0f} +{1000 * cost.postgres:5.0f} ={1000 * cost.total:5.0f}"
        for cost in (one.before, one.now)
    ]
    queries = f"{one.before.queries} → {one.now.queries}"
    return (
        f"{one.page.name:27}{parts[0]:>32}{parts[1]:>32}{one.ratio:8.2f}{one.page.at_most:9.2f}{queries:>11}"
        f"{'  !' if one.is_too_dear else ''}"
    )


def main() -> None:
    names = sys.argv[1:]
    print(HEADER)
    for found in compare(tuple(page for page in PAGES if not names or page.name in names)):
        print(line_of(found), flush=True)


if __name__ == "__main__":
    main()
