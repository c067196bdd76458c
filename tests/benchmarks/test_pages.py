"""How long the main pages take, and how many queries they ask: of a province, and of the nation as Sở and an officer.

Who looks at the whole nation waits for the verdicts that the page asks and a little more; an officer, for a second.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres import roles
from cadres.models import Criterion
from reports.rates import rates_by
from tests.benchmarks import nation
from tests.conftest import client_of, make_user

DAY = date(2015, 12, 31)
# Page → its address, and of how many verdicts of everybody it tells.
PAGES = {
    "home": (f"/?ngay={DAY}", 2),
    "rates by district": (f"/ty-le/?ngay={DAY}&theo=district", 1),
    "explorer": (f"/ty-le/kham-pha/?ngay={DAY}", 1),
    "list": (f"/can-bo/?ngay={DAY}", 1),
    "list of a district": (f"/can-bo/?ngay={DAY}&huyen=N00005", 0),
    "list, name searched": (f"/can-bo/?ngay={DAY}&q=giang+a+do", 1),
    "list, not compliant": (f"/can-bo/?ngay={DAY}&ket_qua=not_compliant", 2),  # how many of each verdict, and who
}
RUNS = 20
MOST_QUERIES = 25
OF_A_SCOPE = 1.0  # seconds, 95 of 100 requests
OF_A_VERDICT, MORE = 1.3, 0.3  # seconds of one verdict of everybody, and more


def seconds(work: Callable[[], object], runs: int) -> list[float]:
    taken = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return taken


def test_pages_answer_with_a_bounded_number_of_queries_and_in_time(officials, province_staff):
    full = Criterion.objects.get(code="FULL")
    verdict = statistics.median(seconds(lambda: list(rates_by("district", day=DAY, criterion=full)), 5))
    print(f"\n{officials:,} officials; a verdict of everybody, by district: {1000 * verdict:.0f} ms")
    print(f"{'page':22}{'as':>8}{'queries':>9}{'p50 ms':>9}{'p95 ms':>9}{'at most':>9}")
    slow = []
    for user in (province_staff, make_user("huyen", roles.UNIT_OFFICER, "N00005")):
        client = client_of(user)
        for name, (address, verdicts) in PAGES.items():
            at_most = OF_A_SCOPE
            if verdicts and user == province_staff and officials == nation.OFFICIALS:
                at_most = OF_A_VERDICT * verdicts * verdict + MORE
            assert client.get(address).status_code == 200  # warm: templates, plans and the session
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            asked = len(queries)
            taken = seconds(lambda client=client, address=address: client.get(address), RUNS)
            p95 = statistics.quantiles(taken, n=20, method="inclusive")[-1]
            print(
                f"{name:22}{user.username:>8}{asked:9}{1000 * statistics.median(taken):9.0f}{1000 * p95:9.0f}"
                f"{1000 * at_most:9.0f}{'  !' if p95 > at_most else ''}",
                flush=True,
            )
            assert asked <= MOST_QUERIES, name
            if p95 > at_most:
                slow.append(f"{name} as {user.username}")
    assert slow == []
