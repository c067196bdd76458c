"""Back to a former state: one act, one row, one column; refused where others have built on it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cadres import registry
from cadres.history import act
from cadres.history.taking_back import restore, take_back
from cadres.models import Act, Appointment, Change, Official, Qualification, UnitVersion, Waiver
from tests.builders import make_commune, make_official, make_position, make_qualification

pytestmark = pytest.mark.django_db
START = date(2014, 1, 1)


def state_of(official: Official) -> dict[str, list]:
    """All that the registry holds of a person, but for clocks."""
    tables = (Appointment, Qualification, Waiver)
    return {
        table.__name__: [
            {name: value for name, value in row.items() if name != "changed_at"}
            for row in table.objects.filter(official=official).order_by("pk").values()
        ]
        for table in tables
    }


@pytest.fixture
def places():
    return make_commune(), make_commune()


@pytest.fixture
def person(places) -> Official:
    official = make_official("Lý Thị Mây")
    registry.appoint(official, make_position(), places[0], start_date=START, by=None)
    return official


def done(kind: str = Act.Kind.REQUEST, **facts):
    """An act of its own, as each request is."""
    return act(kind, request=str(Act.objects.count()), **facts)


def test_a_transfer_taken_back_leaves_the_post_as_it_was(person, places, province_staff):
    before = state_of(person)
    with done():
        registry.transfer(person, make_position(), places[1], start_date=date(2015, 3, 1), by=province_staff)
    assert state_of(person) != before
    assert take_back(Act.objects.latest("pk"), reason="nhầm người", by=province_staff) == 2
    assert state_of(person) == before
    told = Act.objects.latest("pk")
    assert (told.kind, told.reason, told.user) == (Act.Kind.TAKE_BACK, "nhầm người", province_staff)


def test_taking_back_can_itself_be_taken_back(person, places):
    with done():
        registry.transfer(person, make_position(), places[1], start_date=date(2015, 3, 1), by=None)
    after = state_of(person)
    take_back(Act.objects.latest("pk"), reason="nhầm", by=None)
    take_back(Act.objects.latest("pk"), reason="không nhầm", by=None)
    assert state_of(person) == after


def test_a_person_entered_by_mistake_is_gone_with_the_first_post(places):
    count = Official.objects.count()
    with done():
        registry.register(
            Official(full_name="Nhập Nhầm"), make_position(), places[0], start_date=START, by=None,
            identifier=("CCCD", "010185000123"),
        )  # fmt: skip
    take_back(Act.objects.latest("pk"), reason="nhập hai lần", by=None)
    assert Official.objects.count() == count


def test_what_others_have_built_on_an_act_is_not_pulled_away(places, province_staff):
    with done():
        person = registry.register(
            Official(full_name="Nhập Nhầm"), make_position(), places[0], start_date=START, by=None
        )
    entered = Act.objects.latest("pk")
    with done():
        make_qualification(person, "professional", "TC")
    with pytest.raises(ValidationError, match="văn bằng"):
        take_back(entered, reason="nhập hai lần", by=province_staff)
    assert Official.objects.filter(pk=person.pk).exists()
    assert person.appointments.count() == 1, "nothing half done"


def test_a_row_changed_since_is_named_with_who_changed_it(person, province_staff, district_officer):
    with done():
        person.full_name = "Lý Thị Mai"
        registry.record_facts(person, by=district_officer)
    first = Act.objects.latest("pk")
    with done():
        person.full_name = "Lý Thị Mơ"
        registry.record_facts(person, by=province_staff)
    with pytest.raises(ValidationError, match=r"thay đổi khác \(sửa cán bộ, công chức “Lý Thị Mơ”, .*so-noi-vu"):
        take_back(first, reason="sai", by=district_officer)


def test_a_change_by_others_in_between_does_not_stop_one_row_from_going_back_to_a_former_state(person):
    for name in ("Lý Thị Mai", "Lý Thị Mơ"):
        with done():
            person.full_name = name
            registry.record_facts(person, by=None)
    _, first = Change.objects.filter(table_name="cadres_official").order_by("-pk")[:2]
    restore(first, reason="tên cũ đúng", by=None)
    person.refresh_from_db()
    assert (person.full_name, person.folded_name) == ("Lý Thị Mây", "ly thi may")
    with pytest.raises(ValidationError, match="không có gì để hoàn lại"):
        restore(first, reason="lần nữa", by=None)


def test_one_column_is_restored_and_the_others_stay(person):
    with done():
        person.full_name, person.sex = "Lý Thị Mai", "F"
        registry.record_facts(person, by=None)
    change = Change.objects.filter(table_name="cadres_official").latest("pk")
    restore(change, ["sex"], reason="nhầm", by=None)
    person.refresh_from_db()
    assert (person.full_name, person.sex) == ("Lý Thị Mai", "")


def test_a_deleted_record_comes_back_under_its_key(person):
    qualification = make_qualification(person, "professional", "TC")
    before = state_of(person)
    with done():
        qualification.delete()
    restore(Change.objects.latest("pk"), reason="xóa nhầm", by=None)
    assert state_of(person) == before


def test_a_former_state_that_the_rules_no_longer_allow_is_refused_whole(person, places):
    """The post taken back would be a second primary one."""
    with done():
        registry.end_appointment(person.appointments.get(), end_date=date(2014, 12, 31), reason="retired", by=None)
    ended = Act.objects.latest("pk")
    with done():
        registry.appoint(person, make_position(), places[1], start_date=date(2015, 1, 1), by=None)
    before = state_of(person)
    with pytest.raises(ValidationError, match="Chức danh đảm nhiệm “Lý Thị Mây”: Người này đã có chức danh chính"):
        take_back(ended, reason="chưa nghỉ", by=None)
    assert state_of(person) == before


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_taken_back_without_a_reason(person, reason):
    with pytest.raises(ValidationError, match="lý do"):
        take_back(Act.objects.latest("pk"), reason=reason, by=None)
    with pytest.raises(ValidationError, match="lý do"):
        restore(Change.objects.latest("pk"), reason=reason, by=None)


@pytest.mark.parametrize(
    ("last_day", "is_back"), [(date(2014, 12, 30), False), (date(2014, 12, 31), False), (None, True)]
)
def test_a_post_does_not_come_back_into_a_unit_that_has_ended_since(person, places, last_day, is_back):
    """The post ended on 31/12/2014 by mistake; taking that back would leave it open."""
    with done():
        registry.end_appointment(person.appointments.get(), end_date=date(2014, 12, 31), reason="retired", by=None)
    ended = Act.objects.latest("pk")
    UnitVersion.objects.filter(unit=places[0]).update(end_date=last_day)
    if is_back:
        take_back(ended, reason="chưa nghỉ", by=None)
    else:
        with pytest.raises(ValidationError, match=r"kết thúc ngày .* hãy bổ nhiệm, điều động"):
            take_back(ended, reason="chưa nghỉ", by=None)
    assert (person.appointments.get().end_date is None) == is_back


def test_a_post_that_ended_with_its_unit_comes_back(person, places):
    registry.end_appointment(person.appointments.get(), end_date=date(2014, 12, 31), reason="retired", by=None)
    with done():
        person.appointments.get().delete()
    UnitVersion.objects.filter(unit=places[0]).update(end_date=date(2014, 12, 31))
    restore(Change.objects.filter(operation="D").latest("pk"), reason="xóa nhầm", by=None)
    assert person.appointments.get().end_date == date(2014, 12, 31)


def test_a_post_left_behind_in_a_unit_that_had_ended_before_comes_back_as_it_was(person, places):
    UnitVersion.objects.filter(unit=places[0]).update(end_date=date(2014, 6, 30))
    before = state_of(person)
    with done():
        person.appointments.get().delete()
    take_back(Act.objects.latest("pk"), reason="xóa nhầm", by=None)
    assert state_of(person) == before
