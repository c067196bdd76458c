"""The facts of the papers that open a class, call its people, recognise what they reached, and settle its money."""

from datetime import date

from django.core.exceptions import ValidationError

from cadres.models import User
from courses.access import certificates_visible_to
from courses.documents.kinds import Kind
from courses.documents.letterhead import (
    DECISION_SIGN,
    TO_BE_WRITTEN,
    amount_in_words,
    day_in_words,
    decision_number,
    file_name,
    issuer_of,
    listed,
    number_and_day,
    place_and_day,
)
from courses.documents.people import people_of
from courses.documents.wording import (
    COMMITTEE,
    DEPARTMENT,
    Content,
    class_lines,
    class_words,
    enrolments_of_class,
    how_many,
    in_words,
    issuer_by_sign,
    issuer_institution,
    laws_of,
    nobody,
    opening_cited,
    person_words,
    plan_cited,
    scope_note,
)
from courses.models import ClassFunding, Enrolment, FundingSource, Programme, SendingDecision, TrainingClass
from courses.support.amounts import STUDIED, pay_in_all, support_in_all, support_norms, support_of, total

State = Enrolment.State
CALLED = (State.DECIDED, State.ATTENDING, *Enrolment.WITH_RESULT)


# ---------------------------------------------------------------- the class is opened


def opening(training_class: TrainingClass, *, day: date) -> Content:
    """Quyết định mở lớp: a draft until the class has the number and day of its decision on record.

    It is issued by whom the sign of that number names: Sở Nội vụ, or the People's Committee of the province.
    """
    number, decided_on = number_and_day(training_class.decision)
    issuer = issuer_by_sign(training_class.decision)
    funding = [row for row in training_class.funding.all() if row.committed]
    quotas = training_class.quotas.select_related("district").prefetch_related("district__versions")
    first_day = training_class.start_date
    rests_on = decided_on or day
    data = {
        **issuer.words,
        "so": number or f"{TO_BE_WRITTEN}/{DECISION_SIGN}",
        "la_du_thao": not number,
        "noi_va_ngay": place_and_day(decided_on, year=day.year),
        "tham_quyen": issuer.authority,
        "thi_hanh": issuer.carried_out_by,
        "lop": class_words(training_class),
        "can_cu": [*laws_of(rests_on), *plan_cited(training_class)],
        "noi_de_nghi": "Giám đốc Sở Nội vụ" if issuer is COMMITTEE else "Trưởng phòng chuyên môn về đào tạo, bồi dưỡng",
        "so_hoc_vien": training_class.seats,
        "so_ngay": training_class.days,
        "han_dang_ky": training_class.enrol_until,
        "kinh_phi": sum(row.committed for row in funding) or None,
        "nguon_kinh_phi": listed([f"{FundingSource(row.source).label.lower()}" for row in funding])
        or "ngân sách nhà nước",
        "chi_tieu": [
            {"stt": place, "don_vi": quota.district.name_on(first_day), "so_nguoi": quota.seats}
            for place, quota in enumerate(quotas, start=1)
        ],
        "nguoi_ky": {"chuc_vu": issuer.head, "ho_ten": ""},
    }
    stem = file_name("" if number else "du-thao", Kind.OPENING, training_class.code)
    return Content(Kind.OPENING, data, stem)


# ---------------------------------------------------------------- its people are called


def summons(training_class: TrainingClass, *, user: User, day: date) -> Content:
    """Giấy triệu tập: whoever a decision sends, called to the first session. Raises ValidationError where nobody is."""
    seen, everybody = enrolments_of_class(training_class, user, CALLED)
    people = people_of(seen.select_related("decision"))
    if not people:
        raise nobody("Giấy triệu tập", user)
    decisions = SendingDecision.objects.filter(training_class=training_class).order_by("signed_on", "pk")
    first = training_class.sessions.filter(is_cancelled=False).first()
    issuer = issuer_institution(training_class.institution)
    data = {
        **issuer.words,
        "so": f"{TO_BE_WRITTEN}/GTT",
        "noi_va_ngay": place_and_day(None, year=training_class.start_date.year),
        "lop": class_words(training_class),
        "can_cu": [_sending_cited(decision, training_class) for decision in decisions],
        "noi_trieu_tap": _issuer_in_sentence(training_class),
        "co_mat_luc": f"{first.local_start:%H} giờ {first.local_start:%M}, {day_in_words(first.day)}"
        if first
        else day_in_words(training_class.start_date),
        "pham_vi": scope_note(user, day, shown=len(people), of=how_many(everybody)),
        "so_trong_danh_sach": len(people),
        "danh_sach": [person_words(number, person, "") for number, person in enumerate(people, start=1)],
        "nguoi_ky": {"chuc_vu": issuer.head, "ho_ten": _head_of(training_class)},
    }
    return Content(Kind.SUMMONS, data, file_name(Kind.SUMMONS, training_class.code))


def _sending_cited(decision: SendingDecision, training_class: TrainingClass) -> str:
    number = decision_number(decision.number)
    issuer = issuer_of(number)
    by = f" của {issuer}" if issuer else ""
    subject = f"cử cán bộ, công chức cấp xã đi học lớp {training_class.programme.title}"
    return f"Quyết định số {number} {day_in_words(decision.signed_on)}{by} về việc {subject}"


def _issuer_in_sentence(training_class: TrainingClass) -> str:
    return training_class.institution.name if training_class.institution else "Sở Nội vụ tỉnh Lào Cai"


def _head_of(training_class: TrainingClass) -> str:
    return training_class.institution.head if training_class.institution else ""


# ---------------------------------------------------------------- what they reached is recognised


def recognition(training_class: TrainingClass, *, user: User, day: date) -> Content:
    """Quyết định công nhận kết quả và cấp văn bằng, chứng chỉ: whoever completed the class.

    Raises ValidationError where nobody has completed it.
    """
    seen, everybody = enrolments_of_class(training_class, user, [State.COMPLETED])
    people = people_of(seen)
    if not people:
        raise ValidationError(f"{Kind.RECOGNITION.label}: chưa có ai hoàn thành lớp. Hãy ghi kết quả trước.")
    numbers = dict(
        certificates_visible_to(user)
        .filter(enrolment__training_class=training_class, withdrawn_on__isnull=True)
        .values_list("enrolment", "number")
    )
    issuer = issuer_institution(training_class.institution)
    rests_on = max(day, training_class.start_date)
    data = {
        **issuer.words,
        "so": f"{TO_BE_WRITTEN}/QĐ",
        "noi_va_ngay": place_and_day(None, year=training_class.end_date.year),
        "ngay_quyet_dinh": day_in_words(None, year=training_class.end_date.year),
        "lop": class_words(training_class),
        "ten_giay": _paper_name(training_class),
        "tham_quyen": issuer.authority,
        "noi_ban_hanh": _issuer_in_sentence(training_class),
        "can_cu": [*laws_of(rests_on), *plan_cited(training_class), *opening_cited(training_class)],
        "pham_vi": scope_note(user, day, shown=len(people), of=how_many(everybody)),
        "so_nguoi": how_many(everybody),
        "so_trong_danh_sach": len(people),
        "danh_sach": [
            {
                **{key: value for key, value in person_words(number, person, "").items() if key != "dan_toc"},
                "diem": person.enrolment.mark,
                "xep_loai": person.enrolment.get_grade_display() if person.enrolment.grade else "",
                "so_hieu": numbers.get(person.enrolment.pk, ""),
            }
            for number, person in enumerate(people, start=1)
        ],
        "nguoi_ky": {"chuc_vu": issuer.head, "ho_ten": _head_of(training_class)},
    }
    return Content(Kind.RECOGNITION, data, file_name(Kind.RECOGNITION, training_class.code))


def _paper_name(training_class: TrainingClass) -> str:
    """What is handed to whoever completes a class of that kind, within a sentence."""
    return {
        Programme.Kind.DEGREE.value: "văn bằng",
        Programme.Kind.CERTIFICATE.value: "chứng chỉ",
        Programme.Kind.WORKSHOP.value: "giấy chứng nhận",
    }[training_class.programme.kind]


def certificate_sheets(training_class: TrainingClass, *, user: User, only: int | None = None) -> Content:
    """The certificates themselves, a page each: of one (its key), or of all of the class that are not withdrawn.

    Raises ValidationError where there is none, and for đào tạo, whose degrees are printed on the blanks of the State.
    """
    if training_class.programme.kind == Programme.Kind.DEGREE:
        raise ValidationError(
            "Văn bằng của chương trình đào tạo do cơ sở đào tạo in trên phôi được cấp, không in ở đây."
        )
    found = certificates_visible_to(user).filter(enrolment__training_class=training_class, withdrawn_on__isnull=True)
    if only is not None:
        found = found.filter(pk=only)
    by_enrolment = {certificate.enrolment_id: certificate for certificate in found.select_related("institution")}
    if not by_enrolment:
        raise ValidationError("Chưa có chứng chỉ nào còn giá trị để in.")
    words = class_words(training_class)
    sheets = []
    for person in people_of(Enrolment.objects.filter(pk__in=list(by_enrolment))):
        certificate = by_enrolment[person.enrolment.pk]
        issuer = issuer_institution(certificate.institution)
        sheets.append(
            {
                **issuer.words,
                "ho_ten": person.official.full_name,
                "ngay_sinh": person.official.birth,
                "dan_toc": person.official.ethnic_group.name if person.official.ethnic_group else "",
                "don_vi": person.place,
                "xep_loai": person.enrolment.get_grade_display() if person.enrolment.grade else "",
                "so_hieu": certificate.number,
                "so_vao_so": certificate.book_entry,
                "noi_va_ngay": place_and_day(certificate.issued_on),
                "nguoi_ky": {"chuc_vu": issuer.head, "ho_ten": certificate.signer},
            }
        )
    data = {"lop": words, "ten_giay": _paper_name(training_class).upper(), "cac_giay": sheets}
    name = _paper_name(training_class)
    one = sheets[0]["so_hieu"] if only is not None else ""
    return Content(Kind.CERTIFICATE_SHEET, data, file_name(name, training_class.code, one))


# ---------------------------------------------------------------- its money is settled


def support_list(training_class: TrainingClass, *, user: User, day: date) -> Content:
    """Danh sách chi hỗ trợ học viên: whom the account sees that is given something, and the decisions it rests on.

    Raises ValidationError where nobody is given anything.
    """
    seen, everybody = enrolments_of_class(training_class, user, STUDIED)
    given = [row for row in support_of(training_class, seen, support_norms(training_class)) if row.parts]
    if not given:
        raise ValidationError(
            f"{Kind.SUPPORT.label}: không có ai được hỗ trợ theo định mức có hiệu lực ngày khai giảng. Hãy xem trang "
            "Hỗ trợ, thù lao của lớp."
        )
    words = class_words(training_class)
    in_all = total(given)
    data = {
        **DEPARTMENT.words,
        "noi_va_ngay": place_and_day(day),
        "lop": words,
        "tieu_de": "DANH SÁCH CHI HỖ TRỢ HỌC VIÊN",
        "dong_phu": class_lines(words),
        "pham_vi": scope_note(user, day, shown=how_many(seen), of=how_many(everybody)),
        "can_cu": sorted({part.norm.decision for row in given for part in row.parts}),
        "danh_sach": [
            {
                "stt": number,
                "ho_ten": row.enrolment.official.full_name,
                "chuc_danh": row.post,
                "xa": row.commune,
                "huyen": row.district,
                "cach_tinh": row.how,
                "so_tien": row.amount,
                "ky_nhan": "",
            }
            for number, row in enumerate(given, start=1)
        ],
        "tong": {"so_tien": in_all},
        "bang_chu": amount_in_words(in_all),
    }
    return Content(Kind.SUPPORT, data, file_name(Kind.SUPPORT, training_class.code))


def _by_norms(training_class: TrainingClass, day: date) -> list[str]:
    """What the norms make of the class, below the title of its settlement; nothing where there are none."""
    learners = support_in_all(training_class, support_norms(training_class))
    trainers = pay_in_all(training_class, day)
    if not (learners or trainers):
        return []
    return [f"Theo định mức: hỗ trợ học viên {in_words(learners)} đồng, thù lao giảng viên {in_words(trainers)} đồng"]


def settlement(training_class: TrainingClass, *, day: date) -> Content:
    """Quyết toán lớp: what the class was given and spent by source, in đồng, and for how many people and days.

    Raises ValidationError where nothing is settled.
    """
    there = {row.source: row for row in training_class.funding.all()}
    settled = next((row for row in there.values() if row.settled_on), None)
    if settled is None:
        raise ValidationError("Lớp chưa quyết toán. Hãy ghi quyết toán ở mục Kinh phí của lớp rồi in.")
    rows: list[ClassFunding] = [there.get(source) or ClassFunding(source=source) for source in FundingSource.values]
    lines = [
        {
            "stt": number,
            "nguon": FundingSource(row.source).label,
            "da_giao": row.committed,
            "quyet_toan": row.spent,
            "con_lai": row.committed - row.spent,
            "chung_tu": row.document,
        }
        for number, row in enumerate(rows, start=1)
    ]
    given, spent = sum(row.committed for row in rows), sum(row.spent for row in rows)
    studied = how_many(Enrolment.objects.filter(training_class=training_class, state__in=STUDIED))
    completed = how_many(Enrolment.objects.filter(training_class=training_class, state=State.COMPLETED))
    words = class_words(training_class)
    days = training_class.days
    data = {
        **DEPARTMENT.words,
        "noi_va_ngay": place_and_day(day),
        "lop": words,
        "tieu_de": "BẢNG QUYẾT TOÁN KINH PHÍ LỚP HỌC",
        "dong_phu": [
            *class_lines(words),
            f"Thực học {in_words(studied)} người, hoàn thành {in_words(completed)} người; {in_words(days)} ngày học",
            *_by_norms(training_class, day),
        ],
        "pham_vi": "",
        "can_cu": [*plan_cited(training_class), *opening_cited(training_class)],
        "ngay_quyet_toan": settled.settled_on,
        "danh_sach": lines,
        "tong": {"da_giao": given, "quyet_toan": spent, "con_lai": given - spent},
        "mot_nguoi_mot_ngay": round(spent / (studied * days)) if studied else None,
        "bang_chu": amount_in_words(spent),
    }
    return Content(Kind.SETTLEMENT, data, file_name(Kind.SETTLEMENT, training_class.code))
