"""A post of one person gets another by a file, and a commune gets more people than its class may have."""

from datetime import date

import pytest
from django.urls import reverse

from cadres.models import Appointment, ImportBatch, StaffQuota, UnitClass
from cadres.roster.answers import Answer, answer_alarms, people_to_end
from cadres.roster.batch import commit, import_file, read_file, stage
from cadres.roster.decisions import decide_missing
from cadres.roster.undo import undo
from tests.cadres.test_roster_turnover_alarms import BAN_PHO, LATER, OTHERS, alarms, people, run
from tests.cadres.workbooks import flat
from tests.conftest import client_of, unit_of

pytestmark = pytest.mark.django_db

DAY_BEFORE = date(2015, 12, 30)
RETIRED = {"end_date": DAY_BEFORE, "end_reason": Appointment.EndReason.RETIRED}


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def known(db) -> ImportBatch:
    return import_file(read_file("a.xlsx", flat(*people(), title="Tính đến 31/12/2014")), by=None)


def successor(*, first: int = 51, **facts: str) -> dict[str, str]:
    (person,) = people(["Chủ tịch UBND"], first=first, **facts)
    return person


def without_chairman() -> list[dict[str, str]]:
    return [person for person in people() if person["Chức danh"] != "Chủ tịch UBND"]


def holders(post: str = "CT_UBND") -> list[tuple[str, str, str]]:
    """Who holds the post on the day of the later file: name, end, why another holds it as well."""
    posts = Appointment.objects.filter(position__code=post).select_related("official").order_by("pk")
    return [(f"{post.official}", f"{post.end_date or ''}", post.shared_reason) for post in posts]


def test_who_comes_into_a_post_of_one_person_is_told_who_holds_it_and_it_is_an_alarm(known, tmp_path):
    status, result = run(tmp_path, flat(*without_chairman(), successor(), title=LATER), "--dry-run")
    assert (status, alarms(result)) == (1, [("two_holders", BAN_PHO, 1, 1)])
    assert result["alarms"][0]["message"] == "Xã Bản Phố: chức danh chỉ một người giữ có thêm người: Chủ tịch UBND."
    (told,) = [issue for issue in result["issues"] if issue["code"] == "post_held"]
    assert (told["severity"], told["field"]) == ("warning", "position")
    assert "Chủ tịch UBND của xã chỉ một người giữ mà Giàng A Hai (sinh 05/08/1979) đang giữ" in told["message"]


@pytest.mark.parametrize(
    ("changed", "raised"),
    [
        pytest.param([], 0, id="nobody comes"),
        pytest.param(people(["Phó Chủ tịch UBND"], first=51), 0, id="into a post that several hold"),
        pytest.param([{**people()[1], "Chức danh": "Phó Chủ tịch UBND"}, successor()], 0, id="the holder moves"),
        pytest.param([{**people()[1], "Xã": "Tả Củ Tỷ"}, successor()], 0, id="the holder moves to another commune"),
        pytest.param([{**people()[3], "Chức danh": "Chủ tịch UBND"}], 1, id="somebody known comes"),
        pytest.param([{**people()[3], "Chức danh": "Chủ tịch MTTQ kiêm Chủ tịch UBND"}], 1, id="concurrently"),
        pytest.param([successor(), successor(first=61)], 1, id="two come at once"),
    ],
)
def test_an_alarm_is_raised_only_where_the_file_brings_a_second_holder(known, tmp_path, changed, raised):
    moved = {person["Số CMND"] for person in changed}
    rest = [person for person in people() if person["Số CMND"] not in moved]
    _, result = run(tmp_path, flat(*rest, *changed, title=LATER), "--dry-run")
    assert [alarm[2] for alarm in alarms(result) if alarm[0] == "two_holders"] == [1] * raised


def test_two_in_a_post_of_a_first_roster_are_no_alarm_and_the_same_again_is_none(tmp_path):
    rows = people()
    rows[3]["Chức danh"] = "Chủ tịch MTTQ kiêm Chủ tịch UBND"
    twice = flat(*rows, successor(), title=LATER)
    assert alarms(run(tmp_path, twice)[1]) == []
    assert alarms(run(tmp_path, twice, "--dry-run")[1]) == []


def test_the_one_who_held_the_post_ends_it_by_one_answer_and_nobody_else_does(known, province_staff):
    rows = [person for person in without_chairman() if person["Chức danh"] != OTHERS[0]]
    batch = stage(read_file("b.xlsx", flat(*rows, successor(), title=LATER)), by=province_staff)
    assert batch.missing.count() == 2  # too few to be an alarm: one of them may only have been forgotten
    assert [f"{post.official}" for post in people_to_end(batch)] == ["Giàng A Hai"]
    assert answer_alarms(batch, Answer.REPLACES, **RETIRED, by=province_staff) == 1
    batch.refresh_from_db()
    assert batch.summary["alarms"] == []
    written = commit(batch, by=province_staff)
    assert holders() == [("Giàng A Hai", "2015-12-30", ""), ("Giàng A Năm Một", "", "")]
    assert Appointment.objects.exclude(end_date=None).count() == 1
    undo(written, by=province_staff)
    assert holders() == [("Giàng A Hai", "", "")]


def test_both_hold_the_post_for_a_reason_that_is_kept_with_it(known, province_staff):
    batch = stage(read_file("b.xlsx", flat(*without_chairman(), successor(), title=LATER)), by=province_staff)
    answer_alarms(batch, Answer.BOTH, reason="Bàn giao đến tháng 3", by=province_staff)
    batch.refresh_from_db()
    assert batch.summary["alarms"] == []
    (row,) = batch.rows.exclude(decision={})
    assert (row.decision, row.decided_by) == ({"shared": "Bàn giao đến tháng 3"}, province_staff)
    assert any("Cùng giữ vì: Bàn giao đến tháng 3." in issue["message"] for issue in row.issues)
    commit(batch, by=province_staff)
    assert holders() == [("Giàng A Hai", "", ""), ("Giàng A Năm Một", "", "Bàn giao đến tháng 3")]


def test_an_answer_is_taken_back_by_another(known, province_staff):
    batch = stage(read_file("b.xlsx", flat(*without_chairman(), successor(), title=LATER)), by=province_staff)
    answer_alarms(batch, Answer.REPLACES, **RETIRED, by=province_staff)
    answer_alarms(batch, Answer.BOTH, reason="Bàn giao", by=province_staff)
    assert not batch.missing.exclude(end_date=None).exists()
    answer_alarms(batch, Answer.EACH, by=province_staff)
    assert not batch.rows.exclude(decision={}).exists()


def test_ending_the_post_of_the_holder_alone_settles_the_conflict(known, province_staff):
    batch = stage(read_file("b.xlsx", flat(*without_chairman(), successor(), title=LATER)), by=province_staff)
    decide_missing(batch, batch.missing.values_list("official", flat=True), **RETIRED, by=province_staff)
    batch.refresh_from_db()
    assert batch.summary["alarms"] == []


@pytest.mark.parametrize(
    ("most", "added", "raised"), [(13, 1, []), (12, 1, [("over_quota", BAN_PHO, 13, 12)]), (11, 0, [])]
)
def test_an_alarm_is_raised_where_the_file_brings_a_commune_over_the_quota_of_its_class(
    known, tmp_path, most, added, raised
):
    StaffQuota.objects.all().delete()
    StaffQuota.objects.create(kind="commune", size_class=2, most=most, source="thử")
    newcomers = people(["Phó Chủ tịch UBND"] * added, first=51)
    content = flat(*people(), *newcomers, title=LATER)
    assert alarms(run(tmp_path, content, "--dry-run")[1]) == []  # no class, no quota
    UnitClass.objects.create(unit=unit_of(BAN_PHO), size_class=2)
    assert alarms(run(tmp_path, content, "--dry-run")[1]) == raised


def test_on_screen_a_commune_over_its_quota_is_written_for_a_reason_which_is_kept(known, province_staff):
    StaffQuota.objects.all().delete()
    StaffQuota.objects.create(kind="commune", size_class=2, most=12, source="thử")
    UnitClass.objects.create(unit=unit_of(BAN_PHO), size_class=2)
    content = flat(*people(), *people(["Phó Chủ tịch UBND"], first=51), title=LATER)
    batch = stage(read_file("b.xlsx", content), by=province_staff)
    client, address = client_of(province_staff), reverse("cadres:import-commit", args=[batch.pk])
    asked = client.get(reverse("cadres:import-confirm", args=[batch.pk])).content.decode()
    assert 'name="vi_sao_over_quota"' in asked
    refused = client.post(address, {"xac_nhan": "over_quota", "vi_sao_over_quota": " "}, follow=True).content.decode()
    assert "hãy ghi lý do" in refused
    assert ImportBatch.objects.get(pk=batch.pk).state == ImportBatch.State.STAGED
    reason = "Chờ sắp xếp theo Đề án 05"
    written = client.post(address, {"xac_nhan": "over_quota", "vi_sao_over_quota": reason}, follow=True)
    assert f"{reason} ({province_staff.username}" in written.content.decode()
    assert ImportBatch.objects.get(pk=batch.pk).state == ImportBatch.State.COMMITTED
