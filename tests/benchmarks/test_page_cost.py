"""The CPU of every kind of page, Python and PostgreSQL together, beside an earlier source in one run."""

import pytest

from tests.benchmarks.page_cost import HEADER, NoHistoryError, compare, line_of


def test_no_page_costs_more_than_its_part_of_what_it_cost_before():
    too_dear = []
    print(f"\n{HEADER}")
    try:
        for one in compare():
            print(line_of(one), flush=True)
            if one.is_too_dear:
                too_dear.append(one.page.name)
    except NoHistoryError as reason:
        pytest.skip(str(reason))
    assert too_dear == []
