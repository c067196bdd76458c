"""How long the main pages take, and how many queries they ask, for a province and for the nation."""

import statistics
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks import nation
from tests.conftest import client_of

PAGES = {
    "home": "/?ngay=2015-12-31",
    "rates by district": "/ty-le/?ngay=2015-12-31&theo=district",
    "list": "/can-bo/?ngay=2015-12-31",
    "list of a district": "/can-bo/?ngay=2015-12-31&huyen=N00005",
    "list, name searched": "/can-bo/?ngay=2015-12-31&q=giang+a+do",
    "list, not compliant": "/can-bo/?ngay=2015-12-31&ket_qua=not_compliant",
}
RUNS = 20
MOST_QUERIES = 15


@pytest.fixture(scope="module", params=[(3_631, 164, 9), (nation.OFFICIALS, nation.COMMUNES, nation.DISTRICTS)])
def officials(request, django_db_setup, databases, django_db_blocker) -> int:
    """The number of officials of a registry that is committed and vacuumed."""
    officials, communes, districts = request.param
    with django_db_blocker.unblock(), databases.clone("reference"):
        nation.build(officials=officials, communes=communes, districts=districts)
        nation.analyse()
        yield officials


def test_pages_answer_with_a_bounded_number_of_queries(officials, province_staff):
    client = client_of(province_staff)
    print(f"\n{officials:,} officials, {RUNS} requests a page\n{'page':22}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}")
    for name, address in PAGES.items():
        assert client.get(address).status_code == 200  # warm: templates and the session
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked = len(queries)
        milliseconds = []
        for _ in range(RUNS):
            begin = time.perf_counter()
            client.get(address)
            milliseconds.append((time.perf_counter() - begin) * 1000)
        p95 = statistics.quantiles(milliseconds, n=20)[-1]
        print(f"{name:22}{asked:8}{statistics.median(milliseconds):9.0f}{p95:9.0f}", flush=True)
        assert asked <= MOST_QUERIES, name
