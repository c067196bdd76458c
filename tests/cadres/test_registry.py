"""The registry's writes: what was true once stays, and what cannot be true is refused in Vietnamese."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres import registry
from cadres.models import Appointment, Official, Qualification
from cadres.periods import UNKNOWN_START, PartialDate, Precision
from cadres.registry.rows import Facts, Person, Post, Proof
from cadres.registry.writing import write
from tests.builders import (
    dimension_of,
    level_of,
    make_appointment,
    make_commune,
    make_official,
    make_qualification,
    make_waiver,
    position_of,
)
from tests.conftest import unit_of

pytestmark = pytest.mark.django_db

START, CHANGE = date(2012, 1, 1), date(2015, 6, 1)
A_DAY = timedelta(days=1)


@pytest.fixture
def official() -> Official:
    return make_official()


def test_transfer_ends_one_post_and_opens_another(official):
    before = make_appointment(official, position_of("VP_TK"), make_commune(), start_date=START)
    after = registry.transfer(official, position_of("CT_UBND"), make_commune(), start_date=CHANGE, by=None)
    before.refresh_from_db()
    assert (before.end_date, before.end_reason) == (CHANGE - A_DAY, Appointment.EndReason.TRANSFERRED)
    assert (after.start_date, after.end_date, after.is_primary) == (CHANGE, None, True)


def test_transfer_needs_a_primary_post_the_day_before(official):
    with pytest.raises(ValidationError, match="không giữ chức danh chính"):
        registry.transfer(official, position_of("CT_UBND"), make_commune(), start_date=CHANGE, by=None)
    assert not official.appointments.exists()


def test_a_concurrent_post_is_not_the_one_that_a_transfer_ends(official):
    make_appointment(official, position_of("CT_HDND"), make_commune(), start_date=START, is_primary=False)
    with pytest.raises(ValidationError, match="không giữ chức danh chính"):
        registry.transfer(official, position_of("CT_UBND"), make_commune(), start_date=CHANGE, by=None)
    assert official.appointments.get().end_date is None


def test_a_new_identity_number_ends_the_one_before(official):
    for number, day in (("063111222", UNKNOWN_START), ("063111333", START), ("063111444", CHANGE)):
        registry.issue_identifier(official, kind="CMND", number=number, start_date=day, by=None)
    assert [(row.number, row.end_date) for row in official.identifiers.order_by("start_date")] == [
        ("063111222", START - A_DAY),
        ("063111333", CHANGE - A_DAY),
        ("063111444", None),
    ]


@pytest.mark.parametrize("day", [UNKNOWN_START, START])
def test_two_identity_numbers_from_one_day_are_refused(official, day):
    registry.issue_identifier(official, kind="CMND", number="063111222", start_date=day, by=None)
    with pytest.raises(ValidationError, match="đã có số định danh trong khoảng thời gian đó"):
        registry.issue_identifier(official, kind="CCCD", number="010079000123", start_date=day, by=None)


def test_two_primary_posts_on_a_day_are_refused_and_a_concurrent_one_is_not(official):
    commune = make_commune()
    make_appointment(official, position_of("BT_DU"), commune, start_date=START)
    with pytest.raises(ValidationError, match="chức danh chính khác"):
        make_appointment(official, position_of("CT_HDND"), commune, start_date=CHANGE)
    make_appointment(official, position_of("CT_HDND"), commune, start_date=CHANGE, is_primary=False)
    assert official.appointments.count() == 2


def test_the_same_post_twice_on_a_day_is_refused(official):
    commune = make_commune()
    make_appointment(official, position_of("BT_DU"), commune, start_date=START)
    with pytest.raises(ValidationError, match="trùng nhau"):
        make_appointment(official, position_of("BT_DU"), commune, start_date=CHANGE, is_primary=False)


@pytest.mark.parametrize("reason", Appointment.EndReason.values)
def test_post_ends_on_its_last_day_for_a_reason(official, reason):
    post = make_appointment(official, position_of("BT_DU"), make_commune(), start_date=START)
    registry.end_appointment(post, end_date=CHANGE, reason=reason, by=None)
    assert list(official.appointments.as_of(CHANGE)) == [post]
    assert not official.appointments.as_of(CHANGE + A_DAY).exists()


def test_post_does_not_end_without_a_reason_or_before_it_began(official):
    post = make_appointment(official, position_of("BT_DU"), make_commune(), start_date=START)
    with pytest.raises(ValidationError, match="lý do"):
        registry.end_appointment(post, end_date=CHANGE, reason="", by=None)
    with pytest.raises(ValidationError):
        registry.end_appointment(post, end_date=START - A_DAY, reason="retired", by=None)
    assert official.appointments.get().end_date is None


@pytest.mark.parametrize(("given", "kept"), [("", "QĐ 5"), ("QĐ 6", "QĐ 6")])
def test_the_decision_of_a_post_stays_until_its_end_has_one(official, given, kept):
    unit = make_commune()
    post = registry.appoint(official, position_of("BT_DU"), unit, start_date=START, decision="QĐ 5", by=None)
    registry.end_appointment(post, end_date=CHANGE, reason="retired", decision=given, by=None)
    assert official.appointments.get().decision == kept


@pytest.mark.parametrize(
    ("start", "end", "ends"),
    [
        pytest.param(START, None, (CHANGE, "retired"), id="open"),
        pytest.param(START, CHANGE + A_DAY, (CHANGE, "retired"), id="a day too long"),
        pytest.param(START, CHANGE, (CHANGE, "resigned"), id="has ended that day"),
        pytest.param(CHANGE, None, (CHANGE, "retired"), id="begins that day"),
        pytest.param(CHANGE + A_DAY, None, (None, ""), id="begins after it"),
    ],
)
def test_whose_posts_are_ended_holds_none_after_the_last_day(start, end, ends):
    post = Post(None, 1, 1, start, end_date=end, end_reason="resigned" if end else "")
    registry.end_posts(Person(Facts(), posts=[post]), end_date=CHANGE, reason="retired")
    assert (post.end_date, post.end_reason) == ends


def test_stated_date_of_appointment_is_kept_beside_the_computed_start(official):
    stated = PartialDate(date(2011, 1, 1), Precision.YEAR)
    registry.appoint(official, position_of("BT_DU"), make_commune(), start_date=START, stated=stated, by=None)
    post = official.appointments.get()
    assert (post.start_date, post.stated) == (START, stated)


def test_a_higher_level_is_a_new_row(official):
    make_qualification(official, "professional", "TC", as_of=START)
    make_qualification(official, "professional", "DH", as_of=CHANGE, awarded=date(2015, 5, 1))
    assert [str(row) for row in official.qualifications.order_by("start_date")] == ["Trung cấp", "Đại học"]


def test_field_of_study_gets_its_key(official):
    record = make_qualification(official, "professional", "TC", field_of_study="Kế toán")
    assert Qualification.objects.get(pk=record.pk).field_key == "ketoan"


@pytest.mark.parametrize(("on", "counts"), [(CHANGE, False), (CHANGE + A_DAY, True)])
def test_revoked_record_counts_until_the_day_before(official, on, counts):
    record = make_qualification(official, "professional", "TC", as_of=START)
    registry.revoke(record, on=on, reason="Thu hồi bằng", by=None)
    assert official.qualifications.as_of(CHANGE).exists() is counts
    assert official.qualifications.as_of(CHANGE - A_DAY).exists()


def test_revoking_needs_a_reason_and_a_day_after_it_began(official):
    record = make_qualification(official, "professional", "TC", as_of=START)
    with pytest.raises(ValidationError, match="lý do"):
        registry.revoke(record, on=CHANGE, reason="", by=None)
    with pytest.raises(ValidationError, match="nhập sai"):
        registry.revoke(record, on=START, reason="Sai", by=None)


def test_record_entered_in_error_never_counted_and_stays(official):
    record = make_qualification(official, "professional", "TC", as_of=START)
    registry.correct_as_error(record, reason="Nhầm người", by=None)
    assert not official.qualifications.as_of(CHANGE).exists()
    assert official.qualifications.get().note == "Nhầm người"
    with pytest.raises(ValidationError, match="lý do"):
        registry.correct_as_error(record, reason="", by=None)


def test_a_waiver_without_a_decision_is_refused_though_no_constraint_asks_for_one(official):
    with pytest.raises(ValidationError) as refused:
        registry.waive(
            official, dimension_of("it"), start_date=START, end_date=None, reason="Tuổi", decision="", by=None
        )
    assert list(refused.value.message_dict) == ["decision"]
    assert not official.waivers.exists()


def test_what_is_in_hand_is_not_asked_for_and_what_is_named_by_its_key_is(official):
    post = Appointment(official=official, position=position_of("VP_TK"), unit=make_commune(), start_date=START)
    with CaptureQueriesContext(connection) as asked:
        write(post)
    assert [query["sql"] for query in asked if "SELECT 1" in query["sql"]] == []
    with pytest.raises(ValidationError) as refused:
        write(Qualification(official=official, level_id=0, start_date=START, origin="entered"))
    assert list(refused.value.message_dict) == ["level"]


def test_waiver_is_for_one_dimension_and_a_period(official):
    make_waiver(official, "it", start_date=START, end_date=CHANGE)
    with pytest.raises(ValidationError, match="đã được miễn"):
        make_waiver(official, "it", start_date=CHANGE)
    make_waiver(official, "it", start_date=CHANGE + A_DAY)
    make_waiver(official, "education", start_date=START)
    assert official.waivers.filter(dimension=dimension_of("it")).count() == 2


def test_level_names_its_dimension(official):
    record = make_qualification(official, "it", "A")
    assert record.level == level_of("it", "A")


def test_facts_of_a_person_are_written_with_what_follows_from_the_name(official):
    official.full_name = "Giàng  A Dế"
    registry.record_facts(official, by=None)
    official.refresh_from_db()
    assert (official.full_name, official.folded_name) == ("Giàng A Dế", "giang a de")


def test_facts_that_cannot_be_are_refused(official):
    official.is_party_member, official.party_joined_on, official.party_joined_precision = False, START, Precision.DAY
    with pytest.raises(ValidationError, match="Chỉ đảng viên"):
        registry.record_facts(official, by=None)


@pytest.mark.parametrize(("number", "told"), [("06311", "9 chữ số"), ("063222222", "thuộc người khác")])
def test_a_number_corrected_is_held_to_what_a_new_one_is(official, number, told):
    registry.issue_identifier(make_official(), kind="CMND", number="063222222", start_date=START, by=None)
    identifier = registry.issue_identifier(official, kind="CMND", number="063111111", start_date=START, by=None)
    identifier.number = number
    with pytest.raises(ValidationError, match=told):
        registry.correct_identifier(identifier, reason="Ghi nhầm", by=None)
    assert official.identifiers.get().number == "063111111"


def test_many_qualifications_are_recorded_as_one_is_and_a_paper_says_more_of_a_level_on_record(official):
    awarded = PartialDate(date(2014, 1, 1), Precision.YEAR)
    stated = make_qualification(official, "it", "A", as_of=START)
    one = registry.record_qualification(
        official, level_of("professional", "TC"), as_of=CHANGE, awarded=awarded, field_of_study="Kế toán", by=None
    )
    keys = registry.record_qualifications(
        [
            Proof(official.pk, stated.level_id, CHANGE, PartialDate(CHANGE), number="A-1", id=stated.pk),
            Proof(official.pk, one.level_id, CHANGE, awarded, "Kế toán"),
        ],
        by=None,
    )
    assert keys[0] == stated.pk
    stated.refresh_from_db()
    assert (stated.start_date, stated.awarded, stated.number) == (CHANGE, PartialDate(CHANGE), "A-1")
    other = Qualification.objects.get(pk=keys[1])
    columns = ("start_date", "awarded", "field_of_study", "field_key", "origin", "is_error", "note")
    assert [getattr(other, name) for name in columns] == [getattr(one, name) for name in columns]


def test_a_statement_is_dropped_where_a_higher_level_was_held_by_then(official):
    make_qualification(official, "professional", "TC", as_of=CHANGE)
    overtaken = make_qualification(official, "professional", "SC", as_of=CHANGE)
    before = make_qualification(official, "professional", "SC", as_of=START)
    registry.drop_statements_overtaken(by=None)
    assert not Qualification.objects.filter(pk=overtaken.pk).exists()
    assert Qualification.objects.filter(pk=before.pk).exists()


@pytest.mark.parametrize(
    ("born", "is_refused"),
    [
        (PartialDate(date(1990, 5, 5)), False),
        (PartialDate(date(1990, 5, 6)), True),
        (PartialDate(date(1990, 5, 1), Precision.MONTH), False),
        (PartialDate(date(1991, 1, 1), Precision.YEAR), True),
        (None, False),
    ],
)
def test_nothing_is_held_before_birth(born, is_refused):
    person = make_official("Lù Seo Dơ", birth=born)
    day = date(1990, 5, 5)
    acts = (
        lambda: registry.appoint(person, position_of("VP_TK"), unit_of("02851"), start_date=day, by=None),
        lambda: registry.record_qualification(
            person, level_of("it", "A"), as_of=date(2015, 12, 31), awarded=PartialDate(day), by=None
        ),
    )
    for act in acts:
        if is_refused:
            with pytest.raises(ValidationError, match=r"05/05/1990 không thể trước ngày sinh của Lù Seo Dơ"):
                act()
        else:
            act()
    assert person.appointments.count() == person.qualifications.count() == (0 if is_refused else 1)


def test_a_post_whose_first_day_is_not_known_is_held_by_somebody_born_whenever():
    person = make_official("Lù Seo Dơ", birth=PartialDate(date(1990, 5, 5)))
    registry.appoint(person, position_of("VP_TK"), unit_of("02851"), start_date=UNKNOWN_START, by=None)
    assert person.appointments.get().known_start is None
