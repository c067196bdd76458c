"""The CPU of every kind of page, Python and PostgreSQL together, beside an earlier source in one run."""

import pytest

from tests.benchmarks.page_cost import HEADER, NOISE, NoHistoryError, compare, line_of


def test_no_page_costs_more_than_its_part_of_what_it_cost_before():
    too_dear = []
    print(f"\n{HEADER}")
    try:
        for page, before, now in compare():
            print(line_of(page, before, now), flush=True)
            if now.total > page.at_most * before.total * NOISE:
                too_dear.append(page.name)
    except NoHistoryError as reason:
        pytest.skip(str(reason))
    assert too_dear == []
