"""Before a roster is written, its effect on the rate is told, and the alarms about its people are answered at once."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Q
from django.urls import reverse

from cadres.effect import Foretold
from cadres.evaluation import judged
from cadres.models import Act, Appointment, ImportBatch, ImportEffect, Official
from cadres.rate import rate_of
from cadres.review import review_counts
from cadres.roster.answers import Answer, answer_alarms, people_to_end
from cadres.roster.batch import AlarmsError, commit, import_file, read_file, stage
from cadres.roster.decisions import choose_scope
from cadres.roster.foretelling import CRITERION, foretell_batch, foretold_of, review_of
from cadres.roster.undo import undo
from tests.builders import criterion_of
from tests.cadres.test_roster_turnover_alarms import CADRES, LATER, alarms, people, run
from tests.cadres.workbooks import flat
from tests.conftest import client_of, unit_of

pytestmark = pytest.mark.django_db

DAY, YEAR_BEFORE = date(2015, 12, 31), date(2014, 12, 31)
DAY_BEFORE = date(2015, 12, 30)
SCHOOLED = {"Trình độ học vấn": "12/12", "Trình độ chuyên môn": "Đại học", "Lý luận chính trị": "Cao cấp"}
REPLACED = {"end_date": DAY_BEFORE, "end_reason": Appointment.EndReason.RETIRED}


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def known(db) -> ImportBatch:
    return import_file(read_file("a.xlsx", flat(*people(), title="Tính đến 31/12/2014")), by=None)


@pytest.fixture
def others(known, province_staff) -> ImportBatch:
    """A list of twelve others, who have been to school, for the twelve known, who have not."""
    return stage(read_file("b.xlsx", flat(*people(first=51, **SCHOOLED), title=LATER)), by=province_staff)


def rate_in(code: str, day: date) -> tuple[int, int]:
    """Compliant and in all, of a commune or district: counted from the verdicts."""
    unit = unit_of(code)
    posts = judged(day, criterion=criterion_of(CRITERION)).filter(Q(unit=unit) | Q(district=unit))
    rates = [rate_of(1, post.verdict, False) for post in posts if post.verdict]
    return sum(rate.compliant for rate in rates), sum(rate.total for rate in rates)


def sides(told: Foretold) -> dict[date, tuple[tuple[int, int], tuple[int, int]]]:
    return {
        effect.day: tuple((rate.compliant, rate.total) for rate in (effect.before, effect.after))
        for effect in told.days
    }


# The effect


def test_what_is_told_before_a_roster_is_written_is_what_is_there_after(others, province_staff):
    acts, here = Act.objects.count(), Official.objects.count()
    foretell_batch(others, by=province_staff)
    told = foretold_of(others)
    assert (Official.objects.count(), others.rows.filter(official=None).count()) == (here, 12)
    assert Act.objects.count() == acts
    before = {day: rate_in("02866", day) for day in (YEAR_BEFORE, DAY)}
    commit(others, by=province_staff, accepts_alarms=True)
    after = {day: rate_in("02866", day) for day in (YEAR_BEFORE, DAY)}
    assert sides(told) == {day: (before[day], after[day]) for day in (YEAR_BEFORE, DAY)}
    assert (before[DAY][1], after[DAY][1], after[YEAR_BEFORE]) == (12, 24, before[YEAR_BEFORE])
    (day,) = told.changing
    assert [(unit.name, unit.after.total) for unit in day.communes] == [("Xã Bản Phố", 24)]
    assert {person.official for person in day.moved} == {None}  # who is new has no page yet
    assert foretold_of(others) == told  # and it stays with the batch


def test_what_the_file_adds_and_settles_of_the_review_is_told_with_the_effect(others, province_staff):
    foretell_batch(others, by=province_staff)
    units = [unit_of("02866").pk]
    before = review_counts(DAY, units, now=DAY)
    told = {check.code: (was, becomes) for check, was, becomes in review_of(others)}
    page = client_of(province_staff).get(reverse("cadres:import-batch", args=[others.pk])).content.decode()
    assert "Rà soát dữ liệu: tệp này thêm, giải quyết" in page

    commit(others, by=province_staff, accepts_alarms=True)

    after = review_counts(DAY, units, now=DAY)
    assert told == {code: (before[code], after[code]) for code in before if before[code] != after[code]}
    assert told["two_holders"][0] == 0 < told["two_holders"][1]


def test_the_command_tells_the_effect_with_and_without_writing_and_keeps_no_file_of_what_is_only_tried(known, tmp_path):
    content = flat(*people(first=51, **SCHOOLED), title=LATER)
    before = rate_in("02866", DAY)
    dry = run(tmp_path, content, "--dry-run")[1]["effect"]
    stopped = run(tmp_path, content)[1]["effect"]
    assert len([path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]) == 1
    assert rate_in("02866", DAY) == before
    written = run(tmp_path, content, "--accept-alarms")[1]["effect"]
    assert dry == stopped == written
    assert [(written[side]["compliant"], written[side]["total"]) for side in ("before", "after")] == [
        before, rate_in("02866", DAY),
    ]  # fmt: skip
    said = StringIO()
    (tmp_path / "c.xlsx").write_bytes(flat(*people()[:3], title=LATER))
    call_command("import_roster", tmp_path / "c.xlsx", "--dry-run", stdout=said, stderr=StringIO())
    assert "Đạt chuẩn trong các xã của tệp: " in said.getvalue()


def test_the_preview_asks_for_the_effect_and_shows_it_once_it_was_worked_out(others, province_staff, leader):
    client = client_of(province_staff)
    page, effect = (reverse(f"cadres:{name}", args=[others.pk]) for name in ("import-batch", "import-effect"))
    assert 'data-effect="open"' in client.get(page).content.decode()
    assert not ImportEffect.objects.exists()  # nothing is written by looking
    part = client.post(effect, headers={"X-Fragment": "1"}).content.decode()
    assert 'data-effect="told"' in part
    assert "<html" not in part
    assert "12 người đổi kết quả đánh giá" in client.get(page).content.decode()
    told = ImportEffect.objects.get()
    client.post(effect)
    assert ImportEffect.objects.get() == told  # once
    assert "Ảnh hưởng" in client.get(reverse("cadres:import-confirm", args=[others.pk])).content.decode()
    assert client_of(leader).post(effect).status_code == 403
    choose_scope(others, "cadres", by=province_staff)
    assert foretold_of(others) is None  # the preview is another one


def test_the_effect_of_a_long_file_is_told_by_a_process(others, province_staff, settings):
    settings.ROSTER_IN_REQUEST_ROWS = 5
    client = client_of(province_staff)
    part = client.post(reverse("cadres:import-effect", args=[others.pk]), headers={"X-Fragment": "1"})
    assert 'data-effect="waiting"' in part.content.decode()
    assert others.progress.step == "effect"
    page = client.get(reverse("cadres:import-batch", args=[others.pk])).content.decode()
    assert "Xem trước" in page  # the preview is there meanwhile
    answer_alarms(others, Answer.BOTH, reason="Hai danh sách của hai xã đã nhập một", by=province_staff)
    client.post(reverse("cadres:import-commit", args=[others.pk]))
    assert ImportBatch.objects.get(pk=others.pk).progress.step == "writing"  # nobody waits for what is being done


# The answer


def test_a_list_that_takes_the_place_of_those_known_ends_their_posts_as_part_of_the_one_act(others, province_staff):
    with pytest.raises(AlarmsError):
        commit(others, by=province_staff)
    assert answer_alarms(others, Answer.REPLACES, **REPLACED, by=province_staff) == 12
    foretell_batch(others, by=province_staff)
    told, before, acts = foretold_of(others), rate_in("02866", DAY), Act.objects.count()
    written = commit(others, by=province_staff)
    assert Act.objects.count() == acts + 1
    assert sides(told)[DAY] == (before, rate_in("02866", DAY)) == ((0, 12), (8, 12))
    assert Appointment.objects.filter(end_date=DAY_BEFORE, end_reason=Appointment.EndReason.RETIRED).count() == 12
    accepted = written.summary["accepted_alarms"]
    assert {(alarm["code"], alarm["answer"], alarm["by"]) for alarm in accepted} == {
        ("new", "replaces", province_staff.username), ("absent", "replaces", province_staff.username),
    }  # fmt: skip
    assert undo(written, by=province_staff).reversed == 24
    assert not Appointment.objects.exclude(end_date=None).exists()


def test_a_list_of_one_group_takes_the_place_of_that_group_alone(known, province_staff):
    batch = stage(read_file("b.xlsx", flat(*people(CADRES, first=51), title=LATER)), by=province_staff)
    assert [(alarm["code"], alarm["count"]) for alarm in batch.summary["alarms"]] == [
        ("new", 7), ("absent", 7), ("two_holders", 6),
    ]  # fmt: skip
    assert batch.missing.count() == 12
    assert {post.position.group for post in people_to_end(batch)} == {"cadre"}
    assert answer_alarms(batch, Answer.REPLACES, **REPLACED, by=province_staff) == 7


def test_where_a_commune_is_not_named_in_the_file_nobody_of_it_is_replaced(known, province_staff):
    import_file(read_file("a.xlsx", flat(*people(first=71, Xã="Tả Củ Tỷ"), title="Tính đến 31/12/2014")), by=None)
    batch = stage(read_file("b.xlsx", flat(*people(first=51), title=LATER), unit_code="085"), by=province_staff)
    assert batch.missing.count() == 24
    assert people_to_end(batch).count() == 12


@pytest.mark.parametrize(
    ("answer", "given", "refusal"),
    [
        (Answer.REPLACES, {}, "Hãy ghi ngày cuối giữ chức danh"),
        (Answer.REPLACES, {"end_date": DAY_BEFORE}, "Hãy chọn lý do thôi giữ chức danh"),
        (Answer.REPLACES, {**REPLACED, "end_date": date(2016, 1, 1)}, "từ ngày số liệu 31/12/2015 trở về trước"),
        (Answer.REPLACES, {**REPLACED, "end_date": date(2014, 12, 30)}, "và 7 người khác. Hãy chọn ngày muộn hơn"),
        (Answer.BOTH, {"reason": " "}, "Hãy ghi vì sao giữ cả người cũ và người trong danh sách"),
    ],
)
def test_an_answer_without_what_it_needs_is_refused_in_words(others, province_staff, answer, given, refusal):
    with pytest.raises(ValidationError, match=refusal):
        answer_alarms(others, answer, **given, by=province_staff)
    others.refresh_from_db()
    assert "accepted_alarms" not in others.summary
    assert not others.missing.exclude(end_date=None).exists()


def test_a_supplement_takes_nobodys_place(others, province_staff):
    batch = choose_scope(others, "some", by=province_staff)
    assert people_to_end(batch).count() == 0
    with pytest.raises(ValidationError, match="Danh sách bổ sung không thay ai"):
        answer_alarms(batch, Answer.REPLACES, **REPLACED, by=province_staff)


def test_on_screen_one_answer_holds_for_the_whole_file_and_the_file_waits_for_it(others, province_staff):
    client = client_of(province_staff)
    page, answer, write = (
        reverse(f"cadres:{name}", args=[others.pk]) for name in ("import-batch", "import-answer", "import-commit")
    )

    def said(address: str, posted: dict[str, Any]) -> str:
        return client.post(address, posted, follow=True).content.decode()

    assert "Trả lời một lần cho cả tệp" in client.get(page).content.decode()
    assert "hãy trả lời cảnh báo về người của danh sách trước" in said(write, {"xac_nhan": ["new", "absent"]})
    assert "Hãy chọn một cách trả lời." in said(answer, {})
    assert "Hãy chọn lý do thôi giữ chức danh" in said(answer, {"answer": "replaces", "end_date": "2015-12-30"})
    shown = said(answer, {"answer": "both", "reason": "Mới sáp nhập hai xã"})
    assert shown.count("Đã trả lời: Giữ cả hai: Mới sáp nhập hai xã") == 2
    shown = said(answer, {"answer": "replaces", "end_date": "2015-12-30", "end_reason": "retired"})
    assert "12 người không có trong danh sách thôi giữ chức danh đến hết ngày 30/12/2015" in shown
    assert "Trả lời lại cho cả tệp" in shown
    said(answer, {"answer": "both", "reason": "Mới sáp nhập hai xã"})
    assert not others.missing.exclude(end_date=None).exists()  # another answer takes the ends back
    assert "Đã ghi danh sách vào hồ sơ." in said(write, {})
    assert "Đã trả lời: Giữ cả hai" in client.get(page).content.decode()


def test_an_answer_takes_away_what_was_told_before_it(others, province_staff):
    foretell_batch(others, by=province_staff)
    answer_alarms(others, Answer.EACH, by=province_staff)
    assert foretold_of(others) is None


def test_an_answer_holds_as_long_as_the_alarms_count_the_same(others, province_staff, tmp_path):
    answer_alarms(others, Answer.EACH, by=province_staff)
    import_file(read_file("c.xlsx", flat(*people(["Phó Chủ tịch UBND"], first=41), title=LATER)), by=None)
    with pytest.raises(AlarmsError):  # one more is absent
        commit(others, by=province_staff)
    assert alarms({"alarms": ImportBatch.objects.get(pk=others.pk).summary["alarms"]})[1][2:] == (13, 13)
