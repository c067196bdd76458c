"""How long the pages of training take, and how many queries they ask, for a province and for the nation."""

import statistics
import time
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks import nation
from tests.builders import make_class, make_programme
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
    "enrolment": "/dao-tao/lop/{open}/cu-nguoi/?ngay=2015-12-31",
    "enrolment, eligible only": "/dao-tao/lop/{open}/cu-nguoi/?ngay=2015-12-31&du_dieu_kien=on",
    "enrolment, a district": "/dao-tao/lop/{open}/cu-nguoi/?ngay=2015-12-31&huyen=N00005",
    "classes": "/dao-tao/lop/",
    "a class": "/dao-tao/lop/{open}/",
    "certificates": "/dao-tao/chung-chi/?nam=2015",
    "40 tiết": "/dao-tao/40-tiet/?ngay=2015-12-31",
    "commitments": "/dao-tao/cam-ket/",
}
TURNS = {"small": 9_700, "nation": 600_000}
RUNS = 20
MOST_QUERIES = 30


@pytest.fixture(scope="module", params=TURNS)
def size(request, django_db_setup, databases, django_db_blocker) -> tuple[int, int, int]:
    """The numbers of officials and of turns of a registry that is committed and vacuumed; a class open to all."""
    turns = TURNS[request.param]
    with django_db_blocker.unblock(), databases.clone(request.param):
        nation.build_training(turns)
        opened = make_class(
            make_programme("it:A", prerequisites=("education:THCS",)),
            state="open",
            start_date=date(2016, 3, 7),
            end_date=date(2016, 3, 25),
            seats=60,
        )
        nation.analyse()
        yield nation.SIZES[request.param][0], turns, opened.pk


def test_pages_of_training_answer_with_a_bounded_number_of_queries(size, province_staff):
    client = client_of(province_staff)
    officials, turns, opened = size
    runs = RUNS if turns < 100_000 else RUNS // 4
    print(f"\n{officials:,} officials, {turns:,} turns, {runs} requests a page")
    print(f"{'page':26}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}")
    for name, page in PAGES.items():
        address = page.format(open=opened)
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
