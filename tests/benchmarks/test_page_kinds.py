"""No kind of page that a link leads to takes longer than people wait for gladly."""

from tests.benchmarks.page_kinds import HEADER, line_of, measure


def test_every_kind_of_page_answers_within_its_bound():
    kinds = sorted(measure(), key=lambda kind: -kind.p95)
    print("", HEADER, *map(line_of, kinds), sep="\n")
    assert [kind.name for kind in kinds if kind.p95 > kind.at_most] == []
