"""Campaigns: what a district may register, until when, and what the province answers."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.models import UnitVersion
from courses.models import DistrictSubmission, NeedCampaign, Programme, RegisteredNeed
from courses.needs.campaigns import (
    accept,
    open_campaign,
    progress_of,
    register_computed,
    register_needs,
    send_back,
    set_deadline,
    submit,
    unregister,
)
from courses.needs.to_do import SUBMISSIONS
from tests import province
from tests.builders import (
    criterion_of,
    make_appointment,
    make_official,
    make_programme,
    make_qualification,
    position_of,
)
from tests.conftest import DAY, unit_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

OPENS, DEADLINE = date(2015, 12, 1), date(2016, 1, 31)
URGENT, NORMAL = RegisteredNeed.Priority.URGENT, RegisteredNeed.Priority.NORMAL
State = DistrictSubmission.State


@pytest.fixture
def people(db):
    """The small province (tests/province.py); one programme closes the lack of professional TC, none that of THPT."""
    Programme.objects.all().delete()
    return province.people()


@pytest.fixture
def middle_course(people) -> Programme:
    return make_programme("professional:TC", title="Trung cấp Luật")


@pytest.fixture
def campaign(people, middle_course) -> NeedCampaign:
    return open_campaign(year=2016, title="Nhu cầu 2016", opens_on=OPENS, closes_on=DEADLINE, by=None)


@pytest.fixture
def bac_ha(campaign) -> DistrictSubmission:
    return campaign.submissions.get(district=unit_of("085"))


@pytest.fixture
def muong_khuong(campaign) -> DistrictSubmission:
    return campaign.submissions.get(district=unit_of("083"))


def entry(official, programme, priority=NORMAL, reason="Nguồn quy hoạch"):
    return [(official, programme, priority, reason)]


def told(refusal) -> str:
    return " ".join(refusal.value.messages)


# ---------------------------------------------------------------- opening


def test_every_district_in_force_on_the_first_day_is_asked_and_has_the_common_deadline(campaign):
    districts = UnitVersion.objects.as_of(OPENS).filter(kind=UnitVersion.Kind.DISTRICT).values_list("unit", flat=True)

    assert set(campaign.submissions.values_list("district", flat=True)) == set(districts)
    assert set(campaign.submissions.values_list("deadline", "state")) == {(DEADLINE, "draft")}


def test_a_campaign_may_ask_some_districts_each_by_its_own_deadline(people):
    deadlines = {unit_of("085").pk: date(2016, 1, 10), unit_of("083").pk: date(2016, 1, 20)}

    campaign = open_campaign(
        year=2016, title="Hai huyện", opens_on=OPENS, closes_on=DEADLINE, deadlines=deadlines, by=None
    )

    assert dict(campaign.submissions.values_list("district", "deadline")) == deadlines


def test_a_campaign_does_not_close_before_it_opens(people):
    with pytest.raises(ValidationError) as refusal:
        open_campaign(year=2016, title="Ngược", opens_on=DEADLINE, closes_on=OPENS, by=None)

    assert "Hạn phải từ ngày mở trở đi" in told(refusal)
    assert not NeedCampaign.objects.exists()


def test_a_district_does_not_get_a_deadline_before_the_campaign_opens(bac_ha):
    with pytest.raises(ValidationError, match="01/12/2015"):
        set_deadline(bac_ha, date(2015, 11, 30), by=None)

    assert set_deadline(bac_ha, OPENS, by=None).deadline == OPENS


# ---------------------------------------------------------------- registering


def test_computed_needs_are_registered_at_the_best_programme_with_what_is_lacking_as_reason(bac_ha, middle_course):
    register_computed(bac_ha, None, day=DAY, criterion=criterion_of(), by=None)

    assert set(bac_ha.needs.values_list("official__full_name", "programme", "priority", "reason")) == {
        ("Lý Thị Lan", middle_course.pk, URGENT, "Trình độ chuyên môn: cần Trung cấp, hiện là Sơ cấp"),
        ("Hoàng Văn Páo", middle_course.pk, NORMAL, "Trình độ chuyên môn: cần Trung cấp, hiện là Sơ cấp"),
    }


def test_registering_all_needs_leaves_what_the_district_has_written_alone(bac_ha, people, middle_course):
    degree = make_programme("professional:DH")
    register_needs(bac_ha, entry(people["Lý Thị Lan"], degree, NORMAL, "Học lên đại học"), day=DAY, by=None)

    register_computed(bac_ha, None, day=DAY, criterion=criterion_of(), by=None)

    assert set(bac_ha.needs.values_list("official__full_name", "programme", "reason")) == {
        ("Lý Thị Lan", degree.pk, "Học lên đại học"),
        ("Hoàng Văn Páo", middle_course.pk, "Trình độ chuyên môn: cần Trung cấp, hiện là Sơ cấp"),
    }


def test_ticked_needs_are_registered_and_no_others(bac_ha, people, middle_course):
    degree = make_programme("professional:DH")
    chosen = [(people["Lý Thị Lan"].pk, degree.pk, RegisteredNeed.Priority.LATER)]

    register_computed(bac_ha, chosen, day=DAY, criterion=criterion_of(), by=None)

    assert list(bac_ha.needs.values_list("official__full_name", "programme", "priority")) == [
        ("Lý Thị Lan", degree.pk, 3)
    ]


def test_a_programme_that_closes_nothing_is_not_registered_as_a_computed_need(bac_ha, people):
    computers = make_programme("it:A")

    with pytest.raises(ValidationError, match="không còn là nhu cầu"):
        register_computed(
            bac_ha, [(people["Lý Thị Lan"].pk, computers.pk, URGENT)], day=DAY, criterion=criterion_of(), by=None
        )
    assert not bac_ha.needs.exists()


def test_others_are_registered_with_a_programme_and_a_reason(bac_ha, people):
    skills = make_programme()

    register_needs(bac_ha, entry(people["Giàng A Sử"], skills, URGENT, " Nguồn Chủ tịch "), day=DAY, by=None)

    [need] = bac_ha.needs.all()
    assert (need.official, need.programme, need.priority, need.reason) == (
        people["Giàng A Sử"],
        skills,
        URGENT,
        "Nguồn Chủ tịch",
    )


def test_registering_again_changes_priority_and_reason_and_adds_nobody(bac_ha, people, middle_course):
    register_needs(bac_ha, entry(people["Giàng A Sử"], middle_course), day=DAY, by=None)
    register_needs(bac_ha, entry(people["Giàng A Sử"], middle_course, URGENT, "Gấp hơn"), day=DAY, by=None)

    assert list(bac_ha.needs.values_list("priority", "reason")) == [(URGENT, "Gấp hơn")]


def test_nobody_is_registered_without_a_reason(bac_ha, people, middle_course):
    with pytest.raises(ValidationError):
        register_needs(bac_ha, entry(people["Giàng A Sử"], middle_course, reason="  "), day=DAY, by=None)


def test_a_district_registers_only_its_own_people_and_nothing_is_half_done(bac_ha, people, middle_course):
    both = [
        *entry(people["Giàng A Sử"], middle_course),
        *entry(people["Lù Seo Dơ"], middle_course),  # Mường Khương
        *entry(make_official("Chưa Có Chức"), middle_course),
    ]

    with pytest.raises(ValidationError) as refusal:
        register_needs(bac_ha, both, day=DAY, by=None)

    assert "Chưa Có Chức, Lù Seo Dơ" in told(refusal)
    assert "Giàng A Sử" not in told(refusal)
    assert not bac_ha.needs.exists()


def test_an_officer_of_another_district_registers_nobody(bac_ha, people, middle_course, foreign_officer):
    with pytest.raises(ValidationError, match="Giàng A Sử"):
        register_needs(bac_ha, entry(people["Giàng A Sử"], middle_course), day=DAY, by=foreign_officer)


def test_who_has_moved_to_another_district_by_the_day_is_no_longer_registered(bac_ha, people, middle_course):
    mover = make_official("Vàng Văn Đi")
    make_appointment(mover, position_of("TCA"), unit_of(province.BAN_PHO), end_date=date(2015, 12, 20))
    make_appointment(mover, position_of("TCA"), unit_of(province.THANH_BINH), start_date=date(2015, 12, 21))

    register_needs(bac_ha, entry(mover, middle_course), day=date(2015, 12, 20), by=None)
    with pytest.raises(ValidationError, match="Vàng Văn Đi"):
        register_needs(bac_ha, entry(mover, make_programme()), day=date(2015, 12, 21), by=None)


def test_needs_are_taken_out_again(bac_ha, muong_khuong, people, middle_course):
    register_computed(bac_ha, None, day=DAY, criterion=criterion_of(), by=None)
    [other] = register_needs(muong_khuong, entry(people["Lù Seo Dơ"], middle_course), day=DAY, by=None)
    first = bac_ha.needs.first()

    assert unregister(bac_ha, [first.pk, other.pk], day=DAY, by=None) == 1
    assert bac_ha.needs.count() == 1
    assert muong_khuong.needs.count() == 1


# ---------------------------------------------------------------- until when


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2015, 11, 30), "mở từ ngày 01/12/2015"),
        (date(2015, 12, 1), ""),
        (date(2016, 1, 31), ""),
        (date(2016, 2, 1), "đề nghị Sở Nội vụ gia hạn"),
    ],
)
def test_a_district_writes_from_the_first_day_to_the_last_of_its_deadline(bac_ha, people, middle_course, day, words):
    make_qualification(people["Giàng A Sử"], "it", "A")  # anything, so that the day matters to nothing else
    steps = (
        lambda: register_needs(bac_ha, entry(people["Giàng A Sử"], middle_course), day=day, by=None),
        lambda: unregister(bac_ha, [0], day=day, by=None),
        lambda: submit(bac_ha, day=day, is_empty=True, by=None),
    )
    for step in steps:
        if words:
            with pytest.raises(ValidationError, match=words):
                step()
        else:
            step()


def test_an_extended_deadline_lets_the_district_write_on_and_the_others_not(bac_ha, muong_khuong, people):
    late = date(2016, 2, 10)
    set_deadline(bac_ha, late, by=None)

    submit(bac_ha, day=late, is_empty=True, by=None)
    with pytest.raises(ValidationError, match="31/01/2016"):
        submit(muong_khuong, day=late, is_empty=True, by=None)


# ---------------------------------------------------------------- submitting and answering


def test_what_is_submitted_is_closed_and_says_who_and_when(bac_ha, people, middle_course, district_officer):
    register_computed(bac_ha, None, day=DAY, criterion=criterion_of(), by=district_officer)

    submitted = submit(bac_ha, day=DAY, by=district_officer)

    assert submitted.state == State.SUBMITTED
    assert submitted.submitted_by == district_officer
    assert submitted.submitted_at is not None
    with pytest.raises(ValidationError, match=r"Bản đăng ký đã gửi.*đề nghị Sở Nội vụ trả lại"):
        register_needs(bac_ha, entry(people["Giàng A Sử"], middle_course), day=DAY, by=district_officer)
    with pytest.raises(ValidationError, match="đã gửi"):
        submit(bac_ha, day=DAY, by=district_officer)


def test_an_empty_submission_needs_to_be_meant(bac_ha):
    with pytest.raises(ValidationError, match="chưa có ai"):
        submit(bac_ha, day=DAY, by=None)

    assert submit(bac_ha, day=DAY, is_empty=True, by=None).state == State.SUBMITTED


def test_the_province_accepts_what_was_submitted_and_nothing_else(bac_ha, province_staff):
    with pytest.raises(ValidationError, match="đang lập"):
        accept(bac_ha, by=province_staff)
    submit(bac_ha, day=DAY, is_empty=True, by=None)

    accepted = accept(bac_ha, by=province_staff)

    assert (accepted.state, accepted.answered_by) == (State.ACCEPTED, province_staff)
    with pytest.raises(ValidationError, match="đã tiếp nhận"):
        accept(bac_ha, by=province_staff)


def test_what_is_sent_back_can_be_written_on_and_submitted_again(bac_ha, people, middle_course, province_staff):
    submit(bac_ha, day=DAY, is_empty=True, by=None)

    sent_back = send_back(bac_ha, reason="Thiếu xã Bản Phố", day=DAY, by=province_staff)

    assert (sent_back.state, sent_back.note) == (State.SENT_BACK, "Thiếu xã Bản Phố")
    register_needs(bac_ha, entry(people["Giàng A Sử"], middle_course), day=DAY, by=None)
    assert submit(bac_ha, day=DAY, by=None).state == State.SUBMITTED


def test_nothing_is_sent_back_without_a_reason_or_before_it_came(bac_ha):
    with pytest.raises(ValidationError, match="chưa gửi"):
        send_back(bac_ha, reason="x", day=DAY, by=None)
    submit(bac_ha, day=DAY, is_empty=True, by=None)
    with pytest.raises(ValidationError, match="ghi lý do"):
        send_back(bac_ha, reason=" ", day=DAY, by=None)


def test_after_the_deadline_sending_back_needs_a_new_one(bac_ha):
    submit(bac_ha, day=DAY, is_empty=True, by=None)
    late = date(2016, 2, 1)
    with pytest.raises(ValidationError, match="ghi hạn mới"):
        send_back(bac_ha, reason="Sửa", day=late, by=None)
    with pytest.raises(ValidationError, match="ghi hạn mới"):
        send_back(bac_ha, reason="Sửa", day=late, deadline=date(2016, 1, 31), by=None)

    assert send_back(bac_ha, reason="Sửa", day=late, deadline=late, by=None).deadline == late
    submit(bac_ha, day=late, is_empty=True, by=None)


# ---------------------------------------------------------------- completeness


def test_progress_counts_persons_and_communes_registered_of_those_with_a_need(campaign, bac_ha, people, middle_course):
    register_needs(bac_ha, entry(people["Lý Thị Lan"], middle_course), day=DAY, by=None)
    register_needs(bac_ha, entry(people["Lý Thị Lan"], make_programme()), day=DAY, by=None)
    register_needs(bac_ha, entry(people["Giàng A Sử"], middle_course), day=DAY, by=None)

    rows = {row.code: row for row in progress_of(campaign.submissions.all(), DAY, criterion=criterion_of())}

    own = rows["085"]
    assert (own.registered, own.people, own.lacking) == (3, 2, 2)
    assert (own.communes, own.lacking_communes) == (2, 1)  # Giàng A Sử, of Bản Phố, needs nothing that is computed
    assert own.days_left == 31
    assert (rows["083"].people, rows["083"].lacking) == (0, 0)
    assert [row.code for row in progress_of(campaign.submissions.all(), DAY, criterion=criterion_of())] == sorted(rows)


@pytest.mark.parametrize(("day", "left", "late"), [(date(2016, 1, 31), 0, False), (date(2016, 2, 1), -1, True)])
def test_a_district_is_late_from_the_day_after_its_deadline(campaign, bac_ha, day, left, late):
    [own] = progress_of(campaign.submissions.filter(pk=bac_ha.pk), day, criterion=criterion_of())

    assert (own.days_left, own.is_late) == (left, late)


def test_progress_asks_as_many_queries_for_two_people_as_for_many(campaign, bac_ha, people, middle_course):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            progress_of(campaign.submissions.all(), DAY, criterion=criterion_of())
        return len(asked)

    before = queries()
    for number in range(5):
        official = make_official(f"Người {number}")
        make_appointment(official, position_of("TCA"), unit_of(province.BAN_PHO))
        make_qualification(official, "professional", "CDT")
        register_needs(bac_ha, entry(official, middle_course), day=DAY, by=None)

    assert queries() == before


# ---------------------------------------------------------------- what waits


def test_what_waits_for_a_district_is_its_own_draft_until_the_deadline_for_the_province_what_was_submitted(
    bac_ha, muong_khuong, district_officer, province_staff, leader
):
    to_hand_in, to_accept = SUBMISSIONS["dang_ky"].rows, SUBMISSIONS["tiep_nhan"].rows
    days = (date(2015, 11, 30), OPENS, DEADLINE, date(2016, 2, 1))
    assert [to_hand_in(district_officer, day).count() for day in days] == [0, 1, 1, 0]
    assert to_accept(province_staff, DAY).count() == 0
    submit(bac_ha, day=DAY, is_empty=True, by=None)
    submit(muong_khuong, day=DAY, is_empty=True, by=None)

    assert to_accept(province_staff, DAY).count() == 2
    assert to_hand_in(district_officer, DAY).count() == 0
    assert to_hand_in(leader, DAY).count() == 0


def test_a_district_is_late_after_its_deadline_until_it_hands_in_or_the_year_of_the_plan_is_over(
    bac_ha, muong_khuong, province_staff, district_officer
):
    late = SUBMISSIONS["qua_han"].rows
    days = (DEADLINE, date(2016, 2, 1), date(2016, 12, 31), date(2017, 1, 1))
    assert [late(province_staff, day).count() for day in days] == [0, 9, 9, 0]
    assert late(district_officer, date(2016, 2, 1)).count() == 1
    submit(bac_ha, day=DAY, is_empty=True, by=None)
    still = {row.pk for row in late(province_staff, date(2016, 2, 1))}
    assert bac_ha.pk not in still
    assert muong_khuong.pk in still
