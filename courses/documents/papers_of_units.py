"""The facts of what a unit sends to Sở Nội vụ: needs that it registers, its request to send people to a class."""

from datetime import date

from django.core.exceptions import ValidationError

from cadres.models import Unit, User
from courses.access import districts_of, enrolments_visible_to
from courses.documents.kinds import Kind
from courses.documents.letterhead import TO_BE_WRITTEN, day_in_words, file_name, place_and_day, unit_within_sentence
from courses.documents.people import people_of, people_on
from courses.documents.wording import (
    Content,
    class_words,
    issuer_unit,
    laws_of,
    opening_cited,
    person_words,
    plan_cited,
)
from courses.models import DistrictSubmission, Enrolment, RegisteredNeed, TrainingClass
from courses.seats import with_district

PROPOSED = (Enrolment.State.NOMINATED, Enrolment.State.APPROVED, Enrolment.State.DECIDED)  # the class is to come


def registration(submission: DistrictSubmission, *, day: date) -> Content:
    """Bản đăng ký nhu cầu: what a unit has registered in a campaign, with post and unit of the day it begins.

    Raises ValidationError where nothing is registered.
    """
    campaign = submission.campaign
    needs = RegisteredNeed.objects.filter(submission=submission).select_related("programme")
    people = people_on(needs, campaign.opens_on)
    if not people:
        raise ValidationError("Bản đăng ký chưa có nhu cầu nào. Hãy đăng ký người cần học rồi in.")
    name = submission.district.name_on(campaign.opens_on)
    issuer = issuer_unit(submission.district, campaign.opens_on)
    is_draft = submission.state in (DistrictSubmission.State.DRAFT, DistrictSubmission.State.SENT_BACK)
    programmes = {person.row.programme_id for person in people}
    named = {person.row.official_id for person in people}
    data = {
        **issuer.words,
        "noi_va_ngay": place_and_day(None, year=day.year, place=issuer.place),
        "tieu_de": "BẢN ĐĂNG KÝ NHU CẦU ĐÀO TẠO, BỒI DƯỠNG",
        "dong_phu": [
            f"Cán bộ, công chức cấp xã của {unit_within_sentence(name)}, năm {campaign.year}",
            f"({campaign.title}{'; dự thảo' if is_draft else ''})",
        ],
        "pham_vi": "",
        "nam": str(campaign.year),
        "so_nguoi": len(named),
        "tong_ket": f"Đăng ký {len(people)} lượt học của {len(named)} người, {len(programmes)} chương trình./.",
        "nguoi_ky": {"chuc_vu": issuer.head, "ho_ten": ""},
        "danh_sach": [
            {
                **{key: value for key, value in person_words(number, person, "").items() if key != "dan_toc"},
                "chuong_trinh": person.row.programme.title,
                "uu_tien": person.row.get_priority_display(),
                "ly_do": person.row.reason,
            }
            for number, person in enumerate(people, start=1)
        ],
    }
    return Content(Kind.REGISTRATION, data, file_name(Kind.REGISTRATION, str(campaign.year), name))


def units_that_propose(training_class: TrainingClass, user: User) -> list[tuple[Unit, int]]:
    """The units given to the account that have people nominated in the class, each with how many, by name."""
    day = training_class.start_date  # of whose people the seats are, and so who asks for them
    own = set(districts_of(user, day).values_list("pk", flat=True))
    proposed = enrolments_visible_to(user).filter(training_class=training_class, state__in=PROPOSED)
    counted: dict[int, int] = {}
    for district in with_district(proposed, training_class).values_list("district_id", flat=True):
        if district in own:
            counted[district] = counted.get(district, 0) + 1
    units = Unit.objects.filter(pk__in=counted).prefetch_related("versions")
    return sorted(((unit, counted[unit.pk]) for unit in units), key=lambda row: row[0].name_on(day))


def proposal(training_class: TrainingClass, unit: Unit, *, user: User, day: date) -> Content:
    """Tờ trình cử người đi học: those of one unit who are nominated to a class that has not begun.

    Raises ValidationError where there is nobody.
    """
    proposed = enrolments_visible_to(user).filter(training_class=training_class, state__in=PROPOSED)
    of_unit = with_district(proposed, training_class).filter(district_id=unit.pk)
    people = people_of(Enrolment.objects.filter(pk__in=of_unit.order_by().values("pk")))
    if not people:
        raise ValidationError("Tờ trình: đơn vị chưa cử ai vào lớp này. Hãy cử người đi học rồi in.")
    issuer = issuer_unit(unit, training_class.start_date)
    name = unit.name_on(training_class.start_date)
    data = {
        **issuer.words,
        "so": f"{TO_BE_WRITTEN}/TTr",
        "noi_va_ngay": place_and_day(None, year=day.year, place=issuer.place),
        "ngay_to_trinh": day_in_words(None, year=day.year),
        "lop": class_words(training_class),
        "can_cu": [*laws_of(day), *plan_cited(training_class), *opening_cited(training_class)],
        "don_vi": unit_within_sentence(name),
        "pham_vi": "",
        "so_nguoi": len(people),
        "so_trong_danh_sach": len(people),
        "nguoi_ky": {"chuc_vu": issuer.head, "ho_ten": ""},
        "danh_sach": [
            person_words(number, person, person.enrolment.note) for number, person in enumerate(people, start=1)
        ],
    }
    return Content(Kind.PROPOSAL, data, file_name(Kind.PROPOSAL, training_class.code, name))
