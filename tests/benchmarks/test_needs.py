"""The needs of everybody in one query, beside a loop that asks for the reasons of each person in turn.

The loop is the way one would begin, with the functions of the product; at 3,631 people it is run to its end.
"""

import statistics
import time
from contextlib import contextmanager
from datetime import date

from django.db import connection

from cadres.evaluation import DimensionVerdict, Rulebook, posts_on, reasons
from cadres.models import Criterion, Official, UnitVersion
from courses.models import CostNorm, Programme
from courses.needs.campaigns import open_campaign, register_computed
from courses.needs.computed import all_needs, closing_programmes, needs_by, overview
from courses.planning import create_plan
from courses.planning.proposal.drafting import draft_from_proposal
from courses.planning.proposal.proposing import propose
from tests.conftest import client_of

DAY = date(2015, 12, 31)
RUNS = 20
MOST_QUERIES = 30
AT_LEAST_TIMES_FASTER = 20

PAGES = {
    "needs by programme": "/dao-tao/nhu-cau/?ngay=2015-12-31",
    "needs by district": "/dao-tao/nhu-cau/?ngay=2015-12-31&theo=huyen",
    "needs by commune": "/dao-tao/nhu-cau/?ngay=2015-12-31&theo=xa",
    "people, most urgent": "/dao-tao/nhu-cau/nguoi/?ngay=2015-12-31",
    "people of a district": "/dao-tao/nhu-cau/nguoi/?ngay=2015-12-31&huyen=N00005",
    "people of a programme": "/dao-tao/nhu-cau/nguoi/?ngay=2015-12-31&chuong_trinh=TH-A",
    "campaign": "/dao-tao/dot-nhu-cau/{campaign}/?ngay=2015-12-31",
    "a district's answer": "/dao-tao/dot-nhu-cau/{campaign}/huyen/{submission}/?ngay=2015-12-31",
    "plan": "/dao-tao/ke-hoach/{plan}/",
}


@contextmanager
def counted():
    """The number of queries asked within, as a list of one; Django's own log ends at 9,000."""
    asked = [0]

    def count(execute, sql, params, many, context):
        asked[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield asked


def test_the_needs_of_everybody_are_one_query_and_many_times_faster_than_a_loop(officials, db):
    criterion, rulebook = Criterion.objects.get(code="FULL"), Rulebook.load()
    closing = closing_programmes(DAY, criterion=criterion, rulebook=rulebook)
    begin = time.perf_counter()
    with counted() as queries:
        found = all_needs(closing)
    ours = time.perf_counter() - begin
    print(f"\n{officials:,} officials: {len(found):,} needs in {ours:.2f} s, {queries[0]} query", flush=True)
    assert queries == [1]
    for name, count in (
        ("counted by programme and dimension", lambda: overview(closing)),
        ("counted by commune", lambda: needs_by("commune", closing)),
    ):
        begin = time.perf_counter()
        count()
        print(f"{name}: {time.perf_counter() - begin:.2f} s", flush=True)
    if officials > 10_000:
        return  # the loop would take hours

    begin = time.perf_counter()
    naive = set()
    with counted() as queries:
        for official in Official.objects.filter(pk__in=posts_on(DAY).values("official")):
            for reason in reasons(official, DAY, criterion=criterion):
                if reason.is_counted and reason.verdict == DimensionVerdict.NOT_MET:
                    naive.add((official.pk, reason.dimension.code, reason.required.rank))
    loop = time.perf_counter() - begin
    print(f"a loop over people: {loop:.1f} s, {queries[0]:,} queries; {loop / ours:.0f} times as long", flush=True)
    assert naive == {(need.official_id, need.dimension.code, need.required.rank) for need in found}
    assert loop > AT_LEAST_TIMES_FASTER * ours


def test_pages_answer_with_a_bounded_number_of_queries(officials, province_staff):
    criterion = Criterion.objects.get(code="FULL")
    campaign = open_campaign(
        year=2016, title="Đợt thử", opens_on=date(2015, 12, 1), closes_on=date(2016, 1, 31), by=None
    )
    submission = campaign.submissions.get(district=UnitVersion.objects.get(code="N00005").unit)
    register_computed(submission, None, day=DAY, criterion=criterion, by=None)
    for kind in Programme.Kind:
        CostNorm.objects.create(kind=kind, per_trainee_day=100_000)
    plan = create_plan(year=2016, title="Kế hoạch thử", budgets={"local": 7_200_000_000}, by=None)
    begin = time.perf_counter()
    with counted() as queries:
        proposal = propose(plan.year, plan.total_budget, day=DAY, criterion=criterion)
        lines = draft_from_proposal(plan, proposal, by=None)
    print(
        f"\n{officials:,} officials: a plan of {len(lines)} lines for {sum(line.trainees for line in lines):,} seats "
        f"drafted in {time.perf_counter() - begin:.2f} s, {queries[0]} queries",
        flush=True,
    )
    keys = {"campaign": campaign.pk, "submission": submission.pk, "plan": plan.pk}
    client = client_of(province_staff)
    print(f"{RUNS} requests a page\n{'page':24}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}")
    for name, pattern in PAGES.items():
        address = pattern.format(**keys)
        assert client.get(address).status_code == 200  # warm: templates and the session
        with counted() as queries:
            client.get(address)
        milliseconds = []
        for _ in range(RUNS):
            begin = time.perf_counter()
            client.get(address)
            milliseconds.append((time.perf_counter() - begin) * 1000)
        p95 = statistics.quantiles(milliseconds, n=20)[-1]
        print(f"{name:24}{queries[0]:8}{statistics.median(milliseconds):9.0f}{p95:9.0f}", flush=True)
        assert queries[0] <= MOST_QUERIES, name
