"""The facts of papers about one person: the commitment to serve, a repayment, the training of a life."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from cadres.access import visible_to
from cadres.models import Official, Qualification, UnitVersion, User
from cadres.periods import begun
from cadres.posts import primary_posts
from courses.access import certificates_visible_to, commitments_visible_to, enrolments_visible_to
from courses.documents.kinds import Kind
from courses.documents.letterhead import (
    DECISION_SIGN,
    TO_BE_WRITTEN,
    amount_in_words,
    day_in_words,
    file_name,
    number_and_day,
    number_in_words,
    place_and_day,
)
from courses.documents.people import people_of, place_on
from courses.documents.wording import (
    DEPARTMENT,
    Content,
    Issuer,
    class_words,
    commitment_factor,
    enrolments_of_class,
    issuer_by_sign,
    issuer_unit,
    laws_of,
    nobody,
    opening_cited,
    regulation_cited,
    regulation_on,
)
from courses.models import Commitment, Enrolment, Repayment, TrainingClass

State = Enrolment.State
WHO_COMMITS = (State.APPROVED, State.DECIDED, State.ATTENDING, State.COMPLETED)
IN_TRANSCRIPT = (State.ATTENDING, State.COMPLETED)


# ---------------------------------------------------------------- the commitment


def commitments(training_class: TrainingClass, *, user: User, only: int | None = None) -> Content:
    """Bản cam kết, a page for each who is sent to the class, or for one (the key of the enrolment).

    Months and cost are those of the commitment on record, else what the regulation of the first day of the class asks.
    Raises ValidationError where the class asks for none, or has nobody who commits.
    """
    start, end = training_class.start_date, training_class.end_date
    regulation = regulation_on(start)
    factor = commitment_factor(training_class, regulation)
    if regulation is None or factor is None:
        raise ValidationError(
            "Chỉ người được cử đi học chương trình đào tạo mới phải cam kết, từ mức mà văn bản đòi; lớp này không phải."
        )
    seen, _ = enrolments_of_class(training_class, user, WHO_COMMITS)
    people = people_of(seen if only is None else seen.filter(pk=only))
    if not people:
        raise nobody(Kind.COMMITMENT.label, user)
    recorded = {
        row.enrolment_id: row
        for row in commitments_visible_to(user).filter(enrolment__in=[person.enrolment.pk for person in people])
    }
    sheets = []
    for person in people:
        record = recorded.get(person.enrolment.pk)
        months = record.months if record else regulation.commitment_months(start, end)
        sheets.append(
            {
                "ho_ten": person.official.full_name,
                "ngay_sinh": person.official.birth,
                "dan_toc": person.official.ethnic_group.name if person.official.ethnic_group else "",
                "chuc_danh": person.position,
                "don_vi": ", ".join(part for part in (person.commune, person.district) if part),
                "so_thang": months,
                "so_thang_bang_chu": number_in_words(months),
                "chi_phi": (record.cost or None) if record else None,
                "noi_va_ngay": place_and_day(record.signed_on if record else None, year=start.year),
            }
        )
    data = {
        "lop": class_words(training_class),
        "so_lan_cam_ket": factor,
        "van_ban_dao_tao": regulation_cited(regulation),
        "cac_ban": sheets,
    }
    name = sheets[0]["ho_ten"] if only is not None else ""
    return Content(Kind.COMMITMENT, data, file_name(Kind.COMMITMENT, training_class.code, str(name)))


# ---------------------------------------------------------------- the repayment


def repayment_decision(
    commitment: Commitment, parts: Mapping[str, Any], *, on: date, decision: str, day: date
) -> Content:
    """Quyết định đền bù chi phí đào tạo.

    Args:
        commitment: with its enrolment, its class and the official.
        parts: the parts of the sum as the record of a repayment keeps them, in đồng and months.
        on: the first day no longer studied or served.
        decision: number and day as recorded; empty as long as it is a draft.
    """
    enrolment = commitment.enrolment
    training_class = enrolment.training_class
    (person,) = people_of(Enrolment.objects.filter(pk=enrolment.pk))
    number, decided_on = number_and_day(decision)
    case = Repayment.Case(parts["case"])
    start = training_class.start_date
    issuer = issuer_by_sign(decision)
    data = {
        **issuer.words,
        "tham_quyen": issuer.authority,
        "thi_hanh": issuer.carried_out_by,
        "so": number or f"{TO_BE_WRITTEN}/{DECISION_SIGN}",
        "la_du_thao": not decision,
        "noi_va_ngay": place_and_day(decided_on, year=day.year),
        "lop": class_words(training_class),
        "can_cu": [
            *laws_of(decided_on or day),
            *opening_cited(training_class),
            f"Bản cam kết {day_in_words(commitment.signed_on)} của ông (bà) {person.official.full_name} về việc phục "
            "vụ sau khi đào tạo",
        ],
        "ho_ten": person.official.full_name,
        "ngay_sinh": person.official.birth,
        "don_vi": person.place,
        "truong_hop": case.label.lower(),
        "tu_ngay": on,
        "van_ban_dao_tao": regulation_cited(regulation_on(start)),
        "chi_phi": parts["cost"],
        "so_thang_cam_ket": parts["required_months"],
        "so_thang_da_phuc_vu": parts["served_months"],
        "tinh_theo_thoi_gian": case == Repayment.Case.LEFT_EARLY,
        "so_tien_truoc_giam": parts["base"],
        "so_nam_cong_tac": parts["years_before"],
        "ty_le_giam": f"{float(parts['reduction_percent']):g}".replace(".", ","),
        "so_tien_giam": parts["base"] - parts["amount"],
        "so_tien": parts["amount"],
        "so_tien_bang_chu": amount_in_words(parts["amount"]),
        "nguoi_ky": {"chuc_vu": issuer.head, "ho_ten": ""},
    }
    stem = file_name("" if decision else "du-thao", Kind.REPAYMENT, person.official.full_name)
    return Content(Kind.REPAYMENT, data, stem)


# ---------------------------------------------------------------- the training of a life


def transcript(official: Official, *, user: User, day: date) -> Content:
    """Phiếu quá trình đào tạo, bồi dưỡng: what the registry has of one person, as the training part of mẫu 2C asks.

    The records that count on the day, and the classes begun by then that led to none: attended, or completed. Raises
    ValidationError where there is nothing.
    """
    records = visible_to(Qualification.objects.as_of(day), user).filter(official=official, level__rank__gt=0)
    classes = (
        enrolments_visible_to(user)
        .filter(begun(day, "training_class__"), official=official, state__in=IN_TRANSCRIPT)
        .select_related("training_class__programme__raises_to", "training_class__institution")
        .prefetch_related(Prefetch("certificates", certificates_visible_to(user).filter(withdrawn_on__isnull=True)))
    )
    lines = [_class_line(enrolment) for enrolment in classes]
    by_class = {key for _, _, key in lines if key}
    lines += [
        _record_line(record) for record in records.select_related("level__dimension") if record.pk not in by_class
    ]
    if not lines:
        raise ValidationError(
            "Hồ sơ chưa ghi văn bằng, chứng chỉ hay lớp học nào của người này, nên chưa in được phiếu."
        )
    lines.sort(key=lambda line: line[0])
    issuer = DEPARTMENT if user.sees_every_unit else _issuer_for(official, day)
    data = {
        **issuer.words,
        "noi_va_ngay": place_and_day(day, place=issuer.place),
        "tieu_de": "PHIẾU QUÁ TRÌNH ĐÀO TẠO, BỒI DƯỠNG",
        "dong_phu": ["(Phần đào tạo, bồi dưỡng của sơ yếu lý lịch, mẫu 2C)"],
        "pham_vi": "",
        "ho_ten": official.full_name,
        "ngay_sinh": official.birth,
        "gioi_tinh": official.get_sex_display() if official.sex else "",
        "dan_toc": official.ethnic_group.name if official.ethnic_group else "",
        "don_vi": place_on(official, day),
        "danh_sach": [{"stt": number, **words} for number, (_, words, _) in enumerate(lines, start=1)],
    }
    return Content(Kind.TRANSCRIPT, data, file_name(Kind.TRANSCRIPT, official.full_name))


def _issuer_for(official: Official, day: date) -> Issuer:
    """The unit that answers for the person on the day; Sở Nội vụ for who holds no post then."""
    held = primary_posts(day).filter(official=official)
    answering = (
        UnitVersion.objects.filter(unit__in=held.values("unit")).answering_on(day).select_related("unit").first()
    )
    return issuer_unit(answering.unit, day) if answering else DEPARTMENT


Line = tuple[tuple[date, str], dict[str, Any], int | None]  # its place, its words, the record that it led to


def _class_line(enrolment: Enrolment) -> Line:
    training_class = enrolment.training_class
    programme = training_class.programme
    certificate = next(iter(enrolment.certificates.all()), None)
    result = f"Số {certificate.number}" if certificate else "Đang học" if enrolment.state == State.ATTENDING else ""
    raised = str(programme.raises_to) if programme.raises_to and enrolment.state == State.COMPLETED else ""
    words = {
        "truong": training_class.institution.name if training_class.institution else "",
        "noi_dung": programme.title,
        "thoi_gian": f"{_month(training_class.start_date)} – {_month(training_class.end_date)}",
        "hinh_thuc": training_class.get_form_display(),
        "van_bang": "; ".join(part for part in (raised, result) if part) or "Hoàn thành",
    }
    return (training_class.end_date, programme.title), words, certificate.qualification_id if certificate else None


def _record_line(record: Qualification) -> Line:
    number = f"Số {record.number}" if record.number else ""
    words = {
        "truong": record.institution,
        "noi_dung": record.field_of_study or str(record.level.dimension),
        "thoi_gian": str(record.awarded or ""),
        "hinh_thuc": record.study_mode,
        "van_bang": "; ".join(part for part in (str(record.level), number) if part),
    }
    return (record.awarded_on or date.min, str(record.level)), words, None


def _month(day: date) -> str:
    return f"{day:%m/%Y}"
