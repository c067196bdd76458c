"""A text of standards is amended from a day on, corrected for all time, copied, varied, ended; each is seen before.

In the province of tests/province.py BT_DU asks professional TC, relaxed SC, by R2004; who holds the post there:
Giàng A Sử (relaxed, SC: compliant), Lý Thị Lan (SC: not), Lù Seo Dơ (waived: compliant).
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from cadres import reference_data, roles
from cadres.effect import Foretold
from cadres.history.taking_back import restore, take_back
from cadres.models import (
    Act,
    Change,
    Dimension,
    Level,
    Official,
    Publication,
    Requirement,
    Standard,
    StandardChange,
    User,
)
from cadres.models.standards import MOST_LEVELS
from cadres.periods import UNKNOWN_START
from cadres.standards import changing
from cadres.standards.changing import Altered, Effect, Kind, Said, State
from reports.publications import publish
from reports.rates import rate_on
from tests import province
from tests.builders import criterion_of, dimension_of, level_of, position_of
from tests.conftest import make_user, unit_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

DAY, YEAR_BEFORE = province.DAY, province.DATA_BEGIN
A_DAY = timedelta(days=1)
MIDDLE = date(2015, 7, 1)


@pytest.fixture(autouse=True)
def people() -> dict[str, Official]:
    return province.people()


@pytest.fixture
def text() -> Standard:
    return Standard.objects.get(code="R2004")


@pytest.fixture
def second(db) -> User:
    return make_user("so-noi-vu-2", roles.PROVINCE_STAFF)


def said(dimension: str, minimum: str, relaxed: str = "", article: str = "") -> Said:
    return Said(level_of(dimension, minimum).pk, level_of(dimension, relaxed or minimum).pk, article)


def cell(text: Standard | None, position: str, dimension: str, *after: str, day: date = DAY) -> Altered:
    """The cell as the text says it on the day, and as it is to be; nothing: not asked any more."""
    there = Requirement.objects.as_of(day).filter(standard=text, position__code=position, dimension__code=dimension)
    before = Said.of(there.first()) if text else None
    return Altered(
        position_of(position).pk, dimension_of(dimension).pk, before, said(dimension, *after) if after else None
    )


def prepared(by: User, kind: str, text: Standard | None, *rows: Altered, **how: Any) -> StandardChange:
    told = {"reason": "Theo văn bản", "looked_at": DAY, "criterion": criterion_of(), "until": DAY, **how}
    return changing.prepare(kind, text=text, rows=rows, by=by, **told)


def amend(by: User, text: Standard, day: date, *rows: Altered) -> StandardChange:
    return changing.submit(prepared(by, Kind.AMENDMENT, text, *rows, day=day, decision="QĐ 1"), by=by)


def correct(by: User, text: Standard, *rows: Altered, day: date = DAY, **how: Any) -> StandardChange:
    return prepared(by, Kind.CORRECTION, text, *rows, day=day, **how)


def publish_year(**scope: Any) -> Publication:
    return publish(day=DAY, criterion=criterion_of(), decision="BC 1", on=date(2016, 2, 1), by=None, **scope)


def compliant(day: date = DAY) -> int:
    return rate_on(day, criterion=criterion_of()).compliant


def lines(text: Standard, position: str, dimension: str) -> list[tuple[str, date, date | None]]:
    found = Requirement.objects.filter(standard=text, position__code=position, dimension__code=dimension)
    return [(line.minimum.code, line.start_date, line.end_date) for line in found.order_by("start_date")]


def moved(change: StandardChange) -> dict[date, list[str]]:
    days = Effect.of(change).foretold.changing
    return {day.day: [person.name for person in day.moved] for day in days}


def words(refusal: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(refusal.value.messages)


# ---------------------------------------------------------------- amendments


def test_an_amendment_changes_nothing_until_it_is_carried_out_and_then_from_its_day_on(province_staff, text):
    change = prepared(
        province_staff, Kind.AMENDMENT, text, cell(text, "BT_DU", "professional", "TC"), day=MIDDLE, decision="QĐ 1"
    )
    assert moved(change) == {MIDDLE: ["Giàng A Sử"], DAY: ["Giàng A Sử"]}
    assert (compliant(), change.state) == (4, State.PREPARED)
    changing.submit(change, by=province_staff)
    assert [compliant(day) for day in (MIDDLE - A_DAY, MIDDLE, DAY)] == [4, 3, 3]
    assert compliant(YEAR_BEFORE) == 4
    assert lines(text, "BT_DU", "professional") == [
        ("TC", UNKNOWN_START, MIDDLE - A_DAY),
        ("TC", MIDDLE, None),
    ]
    amended = Requirement.objects.get(standard=text, position__code="BT_DU", start_date=MIDDLE)
    assert (amended.minimum_relaxed.code, amended.source) == ("TC", "QĐ 1")
    change.refresh_from_db()
    assert (change.state, change.decided_by) == (State.DONE, province_staff)
    done = Change.objects.filter(table_name="cadres_requirement", key=amended.pk).get().act
    assert (done.kind, done.reason, done.user) == (Act.Kind.STANDARDS, "Theo văn bản", province_staff)


def test_an_amendment_may_ask_for_something_more_or_no_longer(province_staff, text):
    amend(
        province_staff, text, MIDDLE,
        cell(text, "BT_DU", "it", "A"), cell(text, "BT_DU", "education"),
    )  # fmt: skip
    assert lines(text, "BT_DU", "it") == [("A", MIDDLE, None)]
    assert lines(text, "BT_DU", "education") == [("THPT", UNKNOWN_START, MIDDLE - A_DAY)]
    assert [compliant(day) for day in (MIDDLE - A_DAY, MIDDLE)] == [4, 2]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (MIDDLE - A_DAY, "đã có sửa đổi từ ngày 01/07/2015"),
        (MIDDLE, "đã được sửa đổi từ đúng ngày này"),
        (MIDDLE + A_DAY, ""),
    ],
)
def test_an_amendment_that_overlaps_another_is_refused(province_staff, text, day, why):
    amend(province_staff, text, MIDDLE, cell(text, "BT_DU", "professional", "CD"))
    again = cell(text, "BT_DU", "professional", "DH", day=day)
    if why:
        with pytest.raises(ValidationError) as refusal:
            amend(province_staff, text, day, again)
        assert "Bí thư Đảng ủy, trình độ chuyên môn" in words(refusal)
        assert why in words(refusal)
    else:
        amend(province_staff, text, day, again)
        assert [line[0] for line in lines(text, "BT_DU", "professional")] == ["TC", "CD", "DH"]
    amend(
        province_staff, text, MIDDLE - A_DAY, cell(text, "BT_DU", "education", "THCS")
    )  # another cell overlaps nothing


def test_an_amendment_overlaps_a_later_one_that_drops_the_cell(province_staff, text):
    amend(province_staff, text, MIDDLE, cell(text, "BT_DU", "professional"))
    with pytest.raises(ValidationError, match="đã có sửa đổi từ ngày 01/07/2015"):
        amend(province_staff, text, MIDDLE - A_DAY, cell(text, "BT_DU", "professional", "DH", day=MIDDLE - A_DAY))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2004, 2, 1), "sửa đổi phải từ ngày sau đó"),  # its first day
        (date(2004, 2, 2), ""),
        (date(2023, 7, 31), ""),  # its last
        (date(2023, 8, 1), "đã hết hiệu lực ngày 31/07/2023"),
    ],
)
def test_an_amendment_lies_within_its_text(province_staff, text, day, why):
    row = cell(text, "BT_DU", "professional", "DH", day=date(2010, 1, 1))
    if why:
        with pytest.raises(ValidationError, match=why):
            amend(province_staff, text, day, row)
    else:
        assert amend(province_staff, text, day, row).state == State.DONE


def test_an_amendment_of_no_cell_and_one_without_reason_are_refused(province_staff, text):
    with pytest.raises(ValidationError, match="Chưa sửa ô nào"):
        amend(province_staff, text, MIDDLE)
    with pytest.raises(ValidationError, match="Hãy ghi lý do"):
        prepared(province_staff, Kind.AMENDMENT, text, cell(text, "BT_DU", "it", "A"), day=MIDDLE, reason=" ")
    assert not StandardChange.objects.exists()


def test_a_cell_that_somebody_has_changed_meanwhile_is_not_overwritten(province_staff, text):
    change = prepared(
        province_staff, Kind.AMENDMENT, text, cell(text, "BT_DU", "professional", "DH"), day=MIDDLE, decision="QĐ"
    )
    Requirement.objects.filter(standard=text, position__code="BT_DU").update(article="Điều 5")
    with pytest.raises(ValidationError, match="vừa được người khác thay đổi"), transaction.atomic():
        changing.submit(change, by=province_staff)
    assert lines(text, "BT_DU", "professional") == [("TC", UNKNOWN_START, None)]


def test_a_level_of_another_dimension_and_more_levels_than_a_verdict_holds_are_refused(province_staff, text):
    wrong = Altered(position_of("BT_DU").pk, dimension_of("it").pk, None, said("education", "THPT"))
    with pytest.raises(ValidationError, match="không thuộc mặt tiêu chuẩn"):
        amend(province_staff, text, MIDDLE, wrong)
    many = Dimension.objects.create(code="many", name="Nhiều mức", order=99)
    Level.objects.bulk_create(Level(dimension=many, code=f"M{n}", rank=n, name=f"Mức {n}") for n in range(MOST_LEVELS))
    with pytest.raises(ValidationError, match="62 mức"):
        amend(province_staff, text, MIDDLE, cell(text, "BT_DU", "many", "M1"))


# ---------------------------------------------------------------- corrections


def test_a_correction_changes_what_was_as_it_always_was_and_names_whom_it_moves(province_staff, text):
    change = correct(province_staff, text, cell(text, "BT_DU", "professional", "TC"))
    assert moved(change) == {YEAR_BEFORE: ["Giàng A Sử"], DAY: ["Giàng A Sử"]}
    (line,) = Requirement.objects.filter(standard=text, position__code="BT_DU", dimension__code="professional")
    Requirement.objects.filter(pk=line.pk).update(checked_by=province_staff)
    changing.submit(change, by=province_staff)
    assert [compliant(day) for day in (YEAR_BEFORE, DAY)] == [3, 3]
    line.refresh_from_db()
    assert (line.minimum_relaxed.code, line.checked_by) == ("TC", None)  # what was compared was something else
    kinds = Change.objects.filter(table_name="cadres_requirement", key=line.pk, act__kind=Act.Kind.CORRECTION)
    assert kinds.get().act.reason == "Theo văn bản"


def test_a_correction_of_an_amended_cell_stays_within_the_time_that_is_looked_at(province_staff, text):
    amend(province_staff, text, MIDDLE, cell(text, "BT_DU", "professional", "CD"))
    before = cell(text, "BT_DU", "professional", "SC", day=MIDDLE - A_DAY)
    changing.submit(correct(province_staff, text, before, day=MIDDLE - A_DAY), by=province_staff)
    assert lines(text, "BT_DU", "professional") == [
        ("SC", UNKNOWN_START, MIDDLE - A_DAY),
        ("CD", MIDDLE, None),
    ]
    changing.submit(correct(province_staff, text, cell(text, "BT_DU", "professional")), by=province_staff)
    assert lines(text, "BT_DU", "professional") == [("SC", UNKNOWN_START, MIDDLE - A_DAY)]
    again = cell(text, "BT_DU", "professional", "TC")
    changing.submit(correct(province_staff, text, again), by=province_staff)
    assert lines(text, "BT_DU", "professional")[1] == ("TC", MIDDLE, None)


def test_the_facts_of_a_text_are_corrected_and_stay_before_its_amendments(province_staff, text):
    amend(province_staff, text, MIDDLE, cell(text, "BT_DU", "professional", "CD"))
    facts = {"start_date": "2015-06-30", "transition_until": "2016-12-31"}
    change = correct(province_staff, text, facts=facts)
    assert YEAR_BEFORE in moved(change)  # nobody of the group is judged before it
    changing.submit(change, by=province_staff)
    text.refresh_from_db()
    assert (text.start_date, text.transition_until) == (date(2015, 6, 30), date(2016, 12, 31))
    with pytest.raises(ValidationError, match="Văn bản có sửa đổi từ 01/07/2015"):
        correct(province_staff, text, facts={"start_date": "2015-07-01"})
    with pytest.raises(ValidationError, match="Chưa sửa gì"):
        correct(province_staff, text)
    with pytest.raises(ValidationError, match="đã có văn bản tiêu chuẩn trong khoảng"):
        correct(province_staff, text, facts={"end_date": None})


# ---------------------------------------------------------------- new texts, local rules, ends


def new_facts(**other: Any) -> dict[str, Any]:
    return {
        "code": "MOI", "name": "Văn bản mới", "legal_basis": "TT 1", "position_group": "cadre",
        "start_date": "2015-07-01", "end_date": "2023-07-31", "transition_until": None, **other,
    }  # fmt: skip


def test_a_copy_follows_the_old_text_which_ends_the_day_before(province_staff, text):
    rows = [cell(None, "BT_DU", "education", "THPT"), cell(None, "BT_DU", "professional", "CD", "TC")]
    change = changing.submit(prepared(province_staff, Kind.NEW_TEXT, text, *rows, facts=new_facts()), by=province_staff)
    text.refresh_from_db()
    made = Standard.objects.get(code="MOI")
    assert (text.end_date, made.start_date, change.made_text) == (MIDDLE - A_DAY, MIDDLE, made)
    assert [compliant(day) for day in (MIDDLE - A_DAY, MIDDLE)] == [4, 3]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"start_date": "2004-02-01"}, "văn bản mới phải từ ngày sau đó"),
        ({"start_date": None}, "Hãy ghi ngày văn bản mới"),
        ({"end_date": None}, "đã có văn bản tiêu chuẩn trong khoảng"),
        ({"end_date": "2015-06-30"}, "Ngày kết thúc phải từ ngày bắt đầu"),
        ({"code": "R2012"}, "tồn tại"),
    ],
)
def test_a_new_text_that_cannot_stand_is_refused_and_the_old_one_stays(province_staff, text, facts, why):
    with pytest.raises(ValidationError) as refusal:
        prepared(province_staff, Kind.NEW_TEXT, text, cell(None, "BT_DU", "it", "A"), facts=new_facts(**facts))
    assert why in words(refusal)
    text.refresh_from_db()
    assert text.end_date == date(2023, 7, 31)


def test_local_rules_say_only_what_differs_and_end(province_staff, text):
    facts = new_facts(end_date=None, transition_until=None)
    rules = changing.submit(
        prepared(province_staff, Kind.LOCAL_RULES, text, cell(None, "BT_DU", "professional", "SC"), facts=facts),
        by=province_staff,
    ).made_text
    assert rules is not None
    assert rules.over == text
    assert [compliant(day) for day in (MIDDLE - A_DAY, MIDDLE)] == [4, 5]  # Lan has SC
    with pytest.raises(ValidationError, match="đã có quy định vận dụng"):
        prepared(province_staff, Kind.LOCAL_RULES, text, cell(None, "BT_DU", "it", "A"), facts=facts | {"code": "KHAC"})
    last = MIDDLE + A_DAY
    changing.submit(prepared(province_staff, Kind.END, rules, day=last), by=province_staff)
    assert [compliant(day) for day in (last, last + A_DAY)] == [5, 4]
    with pytest.raises(ValidationError, match="đã hết hiệu lực"):
        prepared(province_staff, Kind.END, rules, day=last)


def test_a_new_text_or_local_rules_without_a_cell_are_refused(province_staff, text):
    with pytest.raises(ValidationError, match="chưa có yêu cầu nào"):
        prepared(province_staff, Kind.NEW_TEXT, text, facts=new_facts())
    with pytest.raises(ValidationError, match="Chưa có ô nào khác"):
        prepared(province_staff, Kind.LOCAL_RULES, text, facts=new_facts())


# ---------------------------------------------------------------- what is published


def test_what_moves_a_published_figure_waits_for_a_second_account(province_staff, text, second):
    publication = publish_year()
    change = correct(province_staff, text, cell(text, "BT_DU", "professional", "TC"))
    (effect,) = Effect.of(change).published
    assert (effect.publication, effect.before.compliant, effect.after.compliant) == (publication.pk, 4, 3)
    change = changing.submit(change, by=province_staff)
    assert (change.state, compliant()) == (State.WAITING, 4)
    assert list(changing.changes_to_confirm(second)) == [change]
    assert not changing.changes_to_confirm(province_staff)
    with pytest.raises(ValidationError, match="người thứ hai của Sở xác nhận, không phải người lập"):
        changing.confirm(change, by=province_staff)
    changing.confirm(change, by=second)
    change.refresh_from_db()
    assert (change.state, change.decided_by, change.is_alone, compliant()) == (State.DONE, second, False, 3)
    with pytest.raises(ValidationError, match="không còn chờ nữa"):
        changing.confirm(change, by=second)


def test_where_nobody_else_could_confirm_it_goes_with_a_reason_and_is_marked_so(province_staff, text, leader):
    publish_year()
    change = correct(province_staff, text, cell(text, "BT_DU", "professional", "TC"))
    assert changing.goes_alone(change)
    with pytest.raises(ValidationError, match="không có người thứ hai"), transaction.atomic():
        changing.submit(change, by=province_staff)
    changing.submit(change, answer="Sở có một tài khoản", by=province_staff)
    change.refresh_from_db()
    assert (change.state, change.is_alone, compliant()) == (State.DONE, True, 3)
    told = Act.objects.filter(kind=Act.Kind.CORRECTION).get()
    assert "một mình thực hiện" in told.reason
    assert "Sở có một tài khoản" in told.reason


def test_who_has_left_confirms_nothing_so_that_the_maker_need_not_wait(province_staff, text, second):
    publish_year()
    change = changing.submit(
        correct(province_staff, text, cell(text, "BT_DU", "professional", "TC")), by=province_staff
    )
    User.objects.filter(pk=second.pk).update(is_active=False)
    changing.confirm(change, answer="Người thứ hai đã nghỉ", by=province_staff)
    change.refresh_from_db()
    assert (change.state, change.is_alone) == (State.DONE, True)


def test_a_change_is_rejected_with_a_reason_or_dropped_and_the_text_stays(province_staff, text, second):
    publish_year()
    row = cell(text, "BT_DU", "professional", "TC")
    change = changing.submit(correct(province_staff, text, row), by=province_staff)
    with pytest.raises(ValidationError, match="Hãy ghi lý do không xác nhận"):
        changing.reject(change, answer=" ", by=second)
    assert changing.reject(change, answer="Sai điều khoản", by=second).state == State.REJECTED
    assert changing.drop(correct(province_staff, text, row), by=province_staff).state == State.DROPPED
    assert compliant() == 4


def test_a_figure_published_by_another_criterion_is_told_beside_the_one_looked_at(province_staff, text):
    criterion = criterion_of("PROFESSIONAL")
    publish(day=DAY, criterion=criterion, decision="BC 2", on=date(2016, 2, 1), by=None)
    effect = Effect.of(correct(province_staff, text, cell(text, "BT_DU", "professional", "TC")))
    (published,) = effect.published
    assert published.before.compliant - published.after.compliant == 1
    assert {day.criterion for day in effect.foretold.days} == {"FULL", "PROFESSIONAL"}
    assert {day.criterion for day in effect.by_criterion.days} == {"FULL"}


@pytest.mark.parametrize(("unit", "moves"), [("085", True), ("083", False), (province.BAN_PHO, True)])
def test_only_a_published_figure_of_a_unit_that_is_concerned_has_to_be_confirmed(
    province_staff, text, second, unit, moves
):
    publish_year(unit=unit_of(unit))
    change = correct(province_staff, text, cell(text, "BT_DU", "professional", "TC"))
    assert changing.needs_second(change) is moves


def test_an_amendment_after_the_published_day_needs_no_second_account(province_staff, text, second):
    publish_year()
    row = cell(text, "BT_DU", "professional", "DH")
    change = prepared(province_staff, Kind.AMENDMENT, text, row, day=DAY + A_DAY, decision="QĐ")
    assert Effect.of(change).published == []
    assert not changing.needs_second(change)
    on_the_day = prepared(province_staff, Kind.AMENDMENT, text, row, day=DAY, decision="QĐ")
    assert changing.needs_second(on_the_day)


def test_a_figure_published_meanwhile_has_to_be_looked_at_first(province_staff, text, second):
    change = correct(province_staff, text, cell(text, "BT_DU", "professional", "TC"))
    assert not changing.needs_second(change)
    publish_year()
    StandardChange.objects.filter(pk=change.pk).update(made_at=Publication.objects.get().published_at - A_DAY)
    with pytest.raises(ValidationError, match="Tính lại ảnh hưởng"), transaction.atomic():
        changing.submit(change, by=province_staff)
    again = changing.compute_again(change, looked_at=DAY, criterion=criterion_of(), until=DAY, by=province_staff)
    assert changing.submit(again, by=province_staff).state == State.WAITING


def test_what_was_told_is_kept_as_it_was(province_staff, text):
    change = correct(province_staff, text, cell(text, "BT_DU", "professional", "TC"))
    told = Effect.of(StandardChange.objects.get(pk=change.pk))
    assert isinstance(told.foretold, Foretold)
    assert told.as_json() == change.effect


# ---------------------------------------------------------------- gone again


def test_a_text_entered_by_mistake_goes_and_the_one_before_goes_on(province_staff, text):
    rows = [cell(None, "BT_DU", "professional", "DH")]
    made = changing.submit(
        prepared(province_staff, Kind.NEW_TEXT, text, *rows, facts=new_facts()), by=province_staff
    ).made_text
    assert made is not None
    assert compliant() == 3  # Dơ is exempt
    rules = changing.submit(
        prepared(province_staff, Kind.LOCAL_RULES, made, *rows, facts=new_facts(code="VD")), by=province_staff
    ).made_text
    with pytest.raises(ValidationError, match="Hãy gỡ quy định vận dụng trước"):
        prepared(province_staff, Kind.REMOVAL, made)
    for one in (rules, made):
        removal = prepared(province_staff, Kind.REMOVAL, one, facts={"name": one.name})
        assert changing.submit(removal, by=province_staff).state == State.DONE
    text.refresh_from_db()
    assert (text.end_date, compliant(), Standard.objects.filter(code__in=["MOI", "VD"]).count()) == (
        date(2023, 7, 31), 4, 0,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="nạp sẵn cùng phần mềm"):
        prepared(province_staff, Kind.REMOVAL, text)


def test_the_log_takes_no_change_of_a_text_back_past_its_page(province_staff, text):
    amend(province_staff, text, MIDDLE, cell(text, "BT_DU", "professional", "DH"))
    done = Act.objects.get(kind=Act.Kind.STANDARDS)
    with pytest.raises(ValidationError, match="không hoàn lại từ nhật ký"), transaction.atomic():
        take_back(done, reason="Nhầm", by=province_staff)
    line = Change.objects.filter(table_name="cadres_requirement", act=done).first()
    with pytest.raises(ValidationError, match="không hoàn lại từ nhật ký"), transaction.atomic():
        restore(line, reason="Nhầm", by=province_staff)
    assert compliant() == 3


def test_what_the_province_has_changed_in_a_text_does_not_come_back_with_the_next_setup():
    Requirement.objects.filter(standard__code="R2004", position__code="CT_UBND").delete()
    Requirement.objects.filter(standard__code="R2004", position__code="BT_DU").update(end_date=MIDDLE)
    amended = Requirement.objects.filter(standard__code="R2004").count()
    reference_data.load()
    assert Requirement.objects.filter(standard__code="R2004").count() == amended
