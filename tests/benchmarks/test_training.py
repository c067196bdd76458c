"""How long the report of training takes, and how many queries it asks, for a province and for the nation."""

import statistics
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks import nation
from tests.conftest import client_of

PERIOD = "tu=2010-01-01&den=2015-12-31"
REPORT = f"/bao-cao/dao-tao/?{PERIOD}"
PAGES = {
    "by kind": f"{REPORT}&theo=kind",
    "by result": f"{REPORT}&theo=result",
    "by position": f"{REPORT}&theo=position",
    "by district": f"{REPORT}&theo=district",
    "by zone": f"{REPORT}&theo=zone",
    "by sex": f"{REPORT}&theo=sex",
    "a district, by commune": f"{REPORT}&theo=commune&huyen=N00005",
    "the turns": f"/bao-cao/dao-tao/luot/?{PERIOD}",
    "turns of a position": f"/bao-cao/dao-tao/luot/?{PERIOD}&chuc_danh=CT_UBND",
    "who moved the rate": "/ty-le/thay-doi/?ngay=2015-12-31&tu=2014-12-31",
}
RUNS = 20
MOST_QUERIES = 20


@pytest.fixture(
    scope="module", params=[(3_631, 164, 9, 9_700), (nation.OFFICIALS, nation.COMMUNES, nation.DISTRICTS, 600_000)]
)
def size(request, django_db_setup, django_db_blocker) -> tuple[int, int]:
    """The numbers of officials and of turns of a registry that is committed and vacuumed."""
    officials, communes, districts, turns = request.param
    with django_db_blocker.unblock():
        nation.build(officials=officials, communes=communes, districts=districts)
        nation.build_training(turns)
        nation.analyse()
        yield officials, turns
        nation.remove()


def test_report_of_training_answers_with_a_bounded_number_of_queries(size, province_staff):
    client = client_of(province_staff)
    officials, turns = size
    runs = RUNS if turns < 100_000 else RUNS // 4
    print(f"\n{officials:,} officials, {turns:,} turns, {runs} requests a page")
    print(f"{'page':26}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}")
    for name, address in PAGES.items():
        assert client.get(address).status_code == 200  # warm: templates and the session
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked = len(queries)
        milliseconds = []
        for _ in range(runs):
            begin = time.perf_counter()
            client.get(address)
            milliseconds.append((time.perf_counter() - begin) * 1000)
        p95 = statistics.quantiles(milliseconds, n=20)[-1]
        print(f"{name:26}{asked:8}{statistics.median(milliseconds):9.0f}{p95:9.0f}", flush=True)
        assert asked <= MOST_QUERIES, name
