"""The facts of the papers around a class that name its people, and of the plan of a year.

What stands on the others is in papers_of_class, papers_of_units and papers_of_person.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet

from cadres.models import User
from cadres.text import thousands
from cadres.walls import wide
from courses.access import certificates_visible_to, enrolments_visible_to, is_institution
from courses.documents.kinds import SESSIONS_A_SHEET, Kind
from courses.documents.letterhead import (
    ISSUER_HEAD,
    TO_BE_WRITTEN,
    day_in_words,
    decision_number,
    file_name,
    listed,
    place_and_day,
    unit_within_sentence,
)
from courses.documents.people import Person, natural_order, people_of
from courses.documents.wording import (
    DEPARTMENT,
    Content,
    class_lines,
    class_words,
    commitment_factor,
    enrolments_of_class,
    how_many,
    in_words,
    issuer_institution,
    laws_of,
    nobody,
    opening_cited,
    person_words,
    plan_cited,
    regulation_cited,
    regulation_on,
    scope_note,
    signs_as,
)
from courses.models import (
    Attendance,
    Certificate,
    ClassFunding,
    ClassSession,
    Enrolment,
    FundingSource,
    Institution,
    PlanAmendment,
    PlanLine,
    Programme,
    SendingDecision,
    TrainingClass,
    TrainingPlan,
)
from courses.planning.money import effective_lines

# Who is on the list of a class: approved, and whatever became of them but those who left it.
ON_LIST = (
    Enrolment.State.APPROVED,
    Enrolment.State.DECIDED,
    Enrolment.State.ATTENDING,
    *Enrolment.WITH_RESULT,
)
IN_CLASS = (Enrolment.State.ATTENDING, *Enrolment.WITH_RESULT)
ABSENCES = (Attendance.Mark.EXCUSED, Attendance.Mark.UNEXCUSED)
SIGNS = {
    Attendance.Mark.PRESENT: "x",
    Attendance.Mark.LATE: "M",
    Attendance.Mark.EXCUSED: "P",
    Attendance.Mark.UNEXCUSED: "K",
}
ROMAN = ("I", "II", "III")
NAMED = 5  # communes of a sentence; of more it says that they are several
LONGEST_REGISTER = 3_000  # entries of one file: 3 seconds, 400 MB
PLAN_MONEY = {
    FundingSource.CENTRAL: "kinh_phi_trung_uong",
    FundingSource.LOCAL: "kinh_phi_dia_phuong",
    FundingSource.OTHER: "kinh_phi_khac",
}


# ---------------------------------------------------------------- the decision


def sending_decision(training_class: TrainingClass, decision: SendingDecision, *, user: User, day: date) -> Content:
    """Quyết định cử đi học: whoever it sent, whatever became of them later.

    Raises ValidationError where nobody of the account's people is in it.
    """
    seen = set(enrolments_visible_to(user).filter(decision=decision).values_list("pk", flat=True))
    with wide():  # the paper is the same for all: its number of people and the districts that proposed them
        everybody = people_of(decision.enrolments.all())
    people = [person for person in everybody if person.enrolment.pk in seen]
    if not people:
        raise nobody(f"Quyết định {decision.number}", user)
    data = _decision(training_class, people, decision.signed_on, everybody)
    number = decision_number(decision.number)
    data |= {
        "so": number,
        "la_du_thao": False,
        "noi_va_ngay": place_and_day(decision.signed_on),
        "ngay_quyet_dinh": day_in_words(decision.signed_on),
        "pham_vi": scope_note(user, day, shown=len(people), of=len(everybody)),
        "nguoi_ky": {"chuc_vu": signs_as(decision.signer_post), "ho_ten": decision.signer},
    }
    return Content(Kind.SENDING_DECISION, data, file_name(Kind.SENDING_DECISION, number, training_class.code))


def draft_decision(training_class: TrainingClass, *, user: User, day: date) -> Content:
    """The decision for those who are approved and in no decision yet, before it has a number.

    Raises ValidationError where nobody is approved.
    """
    approved, _ = enrolments_of_class(training_class, user, [Enrolment.State.APPROVED])
    people = people_of(approved)
    if not people:
        raise ValidationError("Dự thảo quyết định: chưa có người nào đã duyệt mà chưa có quyết định cử.")
    data = _decision(training_class, people, day, people)
    data |= {
        "so": f"{TO_BE_WRITTEN}/QĐ-SNV",
        "la_du_thao": True,
        "noi_va_ngay": place_and_day(None, year=day.year),
        "ngay_quyet_dinh": day_in_words(None, year=day.year),
        "pham_vi": "",
        "nguoi_ky": {"chuc_vu": ISSUER_HEAD, "ho_ten": ""},
    }
    return Content(Kind.SENDING_DECISION, data, file_name("du-thao", Kind.SENDING_DECISION, training_class.code))


def _who_proposed(people: Sequence[Person]) -> str:
    """Who asked for these people to be sent, in the order of the list: the districts' offices of home affairs; where
    there are no districts the communes, by name as long as they are few."""
    districts = list(dict.fromkeys(unit_within_sentence(person.district) for person in people if person.district))
    if districts:
        return f"Phòng Nội vụ {listed(districts)}"
    communes = list(dict.fromkeys(unit_within_sentence(person.commune) for person in people if person.commune))
    named = listed(communes) if 0 < len(communes) <= NAMED else "các xã, phường"
    return f"Ủy ban nhân dân {named}"


def _decision(
    training_class: TrainingClass, people: Sequence[Person], day: date, everybody: Sequence[Person]
) -> dict[str, Any]:
    """What a decision says; of who is in it (`everybody`) `people` are listed, the rest is the same for all readers."""
    regulation = regulation_on(day)
    funding = ClassFunding.objects.filter(training_class=training_class, committed__gt=0)
    sources = {FundingSource(source).label.lower() for source in funding.values_list("source", flat=True)}
    proposed_by = _who_proposed(everybody)
    return {
        **DEPARTMENT.words,
        "lop": class_words(training_class),
        "can_cu": [*laws_of(day), *plan_cited(training_class), *opening_cited(training_class)],
        "noi_de_nghi": proposed_by,
        "so_nguoi": len(everybody),
        "so_trong_danh_sach": len(people),
        "nguon_kinh_phi": listed(sorted(sources)) or "ngân sách nhà nước",
        "so_lan_cam_ket": commitment_factor(training_class, regulation),
        "van_ban_dao_tao": regulation_cited(regulation),
        "danh_sach": [person_words(number, person, "") for number, person in enumerate(people, start=1)],
    }


# ---------------------------------------------------------------- lists of a class


def class_list(training_class: TrainingClass, *, user: User, day: date) -> Content:
    """Danh sách lớp. Raises ValidationError where nobody is approved yet."""
    seen, everybody = enrolments_of_class(training_class, user, ON_LIST)
    people = people_of(seen)
    if not people:
        raise nobody("Danh sách lớp", user)
    words = class_words(training_class)
    data = {
        **DEPARTMENT.words,
        "noi_va_ngay": place_and_day(day),
        "lop": words,
        "tieu_de": "DANH SÁCH HỌC VIÊN",
        "dong_phu": class_lines(words),
        "pham_vi": scope_note(user, day, shown=len(people), of=how_many(everybody)),
        "so_trong_danh_sach": len(people),
        "danh_sach": [
            person_words(number, person, person.enrolment.note) for number, person in enumerate(people, start=1)
        ],
    }
    return Content(Kind.CLASS_LIST, data, file_name(Kind.CLASS_LIST, training_class.code))


def attendance(training_class: TrainingClass, *, user: User, day: date, is_blank: bool = False) -> Content:
    """Phiếu điểm danh: people × sessions, with the marks on record or blank to be filled in by hand.

    A class without sessions gets one blank sheet. Raises ValidationError where nobody is approved yet.
    """
    seen, everybody = enrolments_of_class(training_class, user, ON_LIST)
    people = people_of(seen)
    if not people:
        raise nobody("Phiếu điểm danh", user)
    sessions = list(training_class.sessions.filter(is_cancelled=False))
    marks: dict[tuple[int, int], str] = {}
    if not is_blank:
        known = Attendance.objects.filter(
            session__in=sessions, enrolment__in=[person.enrolment.pk for person in people]
        )
        marks = {
            (enrolment, session): mark for enrolment, session, mark in known.values_list("enrolment", "session", "mark")
        }
    sheets = [sessions[start : start + SESSIONS_A_SHEET] for start in range(0, len(sessions), SESSIONS_A_SHEET)] or [[]]
    words = class_words(training_class)
    data = {
        **issuer_institution(training_class.institution).words,
        "noi_va_ngay": place_and_day(None, year=training_class.start_date.year),
        "lop": words,
        "tieu_de": "PHIẾU ĐIỂM DANH",
        "dong_phu": class_lines(words),
        "pham_vi": scope_note(user, day, shown=len(people), of=how_many(everybody)),
        "so_trong_danh_sach": len(people),
        "chu_thich": "Ký hiệu: " + "; ".join(f"{SIGNS[mark]}: {mark.label.lower()}" for mark in Attendance.Mark) + ".",
        "cac_to": [
            {
                "so": number,
                "cac_buoi": _filled([_session_words(session) for session in sheet]),
                "danh_sach": [
                    {
                        "stt": line,
                        "ho_ten": person.official.full_name,
                        "xa": person.commune,
                        "huyen": person.district,
                        "chuc_danh": person.position,
                        "cac_dau": _filled([_sign(marks.get((person.enrolment.pk, session.pk))) for session in sheet]),
                        "ghi_chu": "",
                    }
                    for line, person in enumerate(people, start=1)
                ],
            }
            for number, sheet in enumerate(sheets, start=1)
        ],
    }
    stem = file_name(Kind.ATTENDANCE, "de-trong" if is_blank else "", training_class.code)
    return Content(Kind.ATTENDANCE, data, stem)


def _session_words(session: ClassSession) -> str:
    start = session.local_start
    return f"{start.day:02d}/{start.month:02d}\n{'sáng' if start.hour < 12 else 'chiều' if start.hour < 18 else 'tối'}"


def _sign(mark: str | None) -> str:
    return SIGNS[Attendance.Mark(mark)] if mark else ""


def _filled(cells: list[str]) -> list[str]:
    """As many cells as a sheet has columns for sessions."""
    return cells + [""] * (SESSIONS_A_SHEET - len(cells))


def results(training_class: TrainingClass, *, user: User, day: date) -> Content:
    """Bảng kết quả of a class that runs or has ended. Raises ValidationError where nobody sits in it yet."""
    seen, everybody = enrolments_of_class(training_class, user, IN_CLASS)
    people = people_of(seen)
    if not people:
        raise nobody("Bảng kết quả", user)
    keys = [person.enrolment.pk for person in people]
    missed = Attendance.objects.filter(enrolment__in=keys, mark__in=ABSENCES, session__is_cancelled=False)
    absences = dict(missed.order_by().values_list("enrolment").annotate(missed=Count("pk")))
    words = class_words(training_class)
    counted = {state: sum(person.enrolment.state == state for person in people) for state in Enrolment.WITH_RESULT}
    parts = [f"{state.label.lower()} {number}" for state, number in counted.items() if number]
    data = {
        **issuer_institution(training_class.institution).words,
        "noi_va_ngay": place_and_day(day),
        "lop": words,
        "tieu_de": "BẢNG KẾT QUẢ HỌC TẬP",
        "dong_phu": class_lines(words),
        "pham_vi": scope_note(user, day, shown=len(people), of=how_many(everybody)),
        "so_trong_danh_sach": len(people),
        "tong_ket": f"Danh sách có {len(people)} người{': ' + ', '.join(parts) if parts else ''}./.",
        "nguoi_dung_dau": training_class.institution.head if training_class.institution else "",
        "danh_sach": [_result_words(number, person, absences) for number, person in enumerate(people, start=1)],
    }
    return Content(Kind.RESULTS, data, file_name(Kind.RESULTS, training_class.code))


def _result_words(number: int, person: Person, absences: dict[int, int]) -> dict[str, Any]:
    enrolment = person.enrolment
    return {
        "stt": number,
        "ho_ten": person.official.full_name,
        "ngay_sinh": person.official.birth,
        "chuc_danh": person.position,
        "xa": person.commune,
        "huyen": person.district,
        "so_buoi_vang": absences.get(enrolment.pk, 0),
        "diem": enrolment.mark,
        "xep_loai": enrolment.get_grade_display() if enrolment.grade else "",
        "ket_qua": enrolment.get_state_display() if enrolment.state in Enrolment.WITH_RESULT else "",
        "ghi_chu": enrolment.note,
    }


# ---------------------------------------------------------------- certificates


def class_certificates(training_class: TrainingClass, *, user: User, day: date) -> Content:
    """The register of the certificates of a class, withdrawn ones too. Raises ValidationError where there are none."""
    everything = Certificate.objects.filter(enrolment__training_class=training_class)
    words = class_words(training_class)
    return _register(
        everything,
        lines=class_lines(words),
        institution=training_class.institution,
        stem=file_name(Kind.CERTIFICATES, training_class.code),
        user=user,
        day=day,
    )


def certificate_register(*, year: int, institution: Institution | None, user: User, day: date) -> Content:
    """The register of a year, of one institution or of each after the other.

    Raises ValidationError where there is no entry, or there are more than one file can hold.
    """
    everything = Certificate.objects.filter(issued_on__year=year)
    lines = [f"Năm {year}"]
    if institution:
        everything = everything.filter(institution=institution)
        lines.append(institution.name)
    if _seen_of(everything, user).count() > LONGEST_REGISTER:
        limit = thousands(LONGEST_REGISTER)
        remedy = "tải sổ của từng lớp" if institution else "chọn một cơ sở đào tạo rồi tải sổ của cơ sở đó"
        raise ValidationError(f"Sổ năm {year} có hơn {limit} dòng, không in được trong một tệp. Hãy {remedy}.")
    stem = file_name(Kind.CERTIFICATES, str(year), institution.code if institution else "")
    return _register(everything, lines=lines, institution=institution, stem=stem, user=user, day=day)


def _seen_of(certificates: QuerySet[Certificate], user: User) -> QuerySet[Certificate]:
    return certificates.filter(pk__in=certificates_visible_to(user).values("pk"))


def _register(
    everything: QuerySet[Certificate],
    *,
    lines: list[str],
    institution: Institution | None,
    stem: str,
    user: User,
    day: date,
) -> Content:
    """The entries by institution and by number in its book, as they were made: those of `everything` in it that the
    account sees."""
    certificates = _seen_of(everything, user)
    entries = list(certificates.select_related("institution").order_by("institution__name", "institution", "issued_on"))
    if not entries:
        raise ValidationError("Sổ cấp chứng chỉ: chưa có chứng chỉ nào được cấp trong phạm vi này.")
    people = {
        person.enrolment.pk: person
        for person in people_of(Enrolment.objects.filter(pk__in=certificates.order_by().values("enrolment")))
    }
    groups = []
    number = 0
    several = len({entry.institution_id for entry in entries}) > 1
    for issuer, of_issuer in groupby(entries, key=lambda entry: entry.institution):
        by_number = sorted(of_issuer, key=lambda entry: (entry.issued_on.year, natural_order(entry.book_entry)))
        rows = []
        for entry in by_number:
            number += 1
            rows.append(_entry_words(number, entry, people[entry.enrolment_id]))
        groups.append({"ten": issuer.name if several else "", "danh_sach": rows})
    withdrawn = sum(entry.withdrawn_on is not None for entry in entries)
    # Of an institution it is the register of its own classes, and not an extract.
    note = "" if is_institution(user) else scope_note(user, day, shown=len(entries), of=how_many(everything))
    data = {
        **issuer_institution(institution).words,
        "noi_va_ngay": place_and_day(day),
        "tieu_de": "SỔ CẤP VĂN BẰNG, CHỨNG CHỈ",
        "dong_phu": lines,
        "pham_vi": note,
        "tong_ket": f"{'Trích' if note else 'Sổ có'} {len(entries)} dòng"
        f"{f', trong đó {withdrawn} dòng đã thu hồi' if withdrawn else ''}./.",
        "nguoi_dung_dau": institution.head if institution else "",
        "cac_nhom": groups,
    }
    return Content(Kind.CERTIFICATES, data, stem)


def _entry_words(number: int, entry: Certificate, person: Person) -> dict[str, Any]:
    withdrawn = f"Thu hồi {in_words(entry.withdrawn_on)}: {entry.withdrawn_because}" if entry.withdrawn_on else ""
    enrolment = person.enrolment
    return {
        "stt": number,
        "so_vao_so": entry.book_entry,
        "so_hieu": entry.number,
        "ho_ten": person.official.full_name,
        "ngay_sinh": person.official.birth,
        "don_vi": person.place,
        "lop": enrolment.training_class.code,
        "xep_loai": enrolment.get_grade_display() if enrolment.grade else "",
        "ngay_cap": entry.issued_on,
        "nguoi_ky": entry.signer,
        "ky_nhan": "",
        "ghi_chu": withdrawn,
    }


# ---------------------------------------------------------------- the plan


def plan(training_plan: TrainingPlan, *, day: date) -> Content:
    """Kế hoạch đào tạo, bồi dưỡng năm as it stands: its lines with those of approved amendments.

    Raises ValidationError where the plan has no line.
    """
    lines = list(
        effective_lines(training_plan)
        .select_related("programme", "institution", "place")
        .prefetch_related("place__versions")
        .order_by("programme__kind", "programme__title", "pk")
    )
    if not lines:
        raise ValidationError("Kế hoạch này chưa có dòng nào. Hãy thêm chương trình vào kế hoạch rồi in.")
    first_day = training_plan.first_day
    groups = []
    by_kind = [(kind, [line for line in lines if line.programme.kind == kind]) for kind in Programme.Kind]
    for roman, (kind, of_kind) in zip(ROMAN, filter(lambda found: found[1], by_kind), strict=False):
        total = _plan_totals(of_kind)
        money = in_words(sum(total[key] for key in PLAN_MONEY.values()))
        groups.append(
            {
                "ten": f"{roman}. {kind.label}: {in_words(total['so_lop'])} lớp, "
                f"{in_words(total['tong_hoc_vien'])} học viên, {money} đồng",
                "danh_sach": [
                    _plan_line_words(number, line, first_day) for number, line in enumerate(of_kind, start=1)
                ],
            }
        )
    total = _plan_totals(lines)
    money = in_words(sum(total[key] for key in PLAN_MONEY.values()))
    data = {
        **DEPARTMENT.words,
        "noi_va_ngay": place_and_day(training_plan.decision_date or day),
        "nam": str(training_plan.year),
        "tieu_de": training_plan.title.upper(),
        "dong_phu": _plan_lines(training_plan),
        "pham_vi": "",
        "tong": total,
        "tong_ket": f"Tổng kinh phí {money} đồng; dự toán {in_words(training_plan.total_budget)} đồng.",
        "cac_nhom": groups,
    }
    return Content(Kind.PLAN, data, file_name(Kind.PLAN, "dao-tao-boi-duong", str(training_plan.year)))


def _plan_lines(training_plan: TrainingPlan) -> list[str]:
    """By which decisions the plan holds."""
    if not training_plan.decision_date:
        return ["(Dự thảo)"]
    approved = f"Quyết định số {training_plan.decision_number} {day_in_words(training_plan.decision_date)}"
    lines = [f"(Kèm theo {approved})"]
    amendments: QuerySet[PlanAmendment] = training_plan.amendments.filter(state=TrainingPlan.State.APPROVED)
    lines.extend(
        f"(Điều chỉnh lần {amendment.number} theo Quyết định số {amendment.decision_number} "
        f"{day_in_words(amendment.decision_date)})"
        for amendment in amendments
    )
    return lines


def _plan_totals(lines: Sequence[PlanLine]) -> dict[str, int]:
    return {
        "so_lop": sum(line.class_count for line in lines),
        "tong_hoc_vien": sum(line.trainees for line in lines),
        **{key: sum(line.cost(source) for line in lines) for source, key in PLAN_MONEY.items()},
    }


def _plan_line_words(number: int, line: PlanLine, day: date) -> dict[str, Any]:
    return {
        "stt": number,
        "noi_dung": line.programme.title,
        "doi_tuong": line.target_group,
        "so_lop": line.class_count,
        "hoc_vien_mot_lop": line.seats,
        "tong_hoc_vien": line.trainees,
        "so_ngay": line.programme.days,
        "thoi_diem": line.months,
        "dia_diem": line.place.name_on(day) if line.place else "",
        "don_vi": line.institution.name if line.institution else "",
        **{key: line.cost(source) for source, key in PLAN_MONEY.items()},
        "ghi_chu": line.note,
    }
