"""What the papers share: what a paper is, who issues it, which texts it rests on, the words for a class and a person.

`data` of a paper is a tree whose keys are the tags (Vietnamese without marks, see kinds). Its leaves keep their types,
so that a workbook gets numbers and dates; `in_words` writes them as text for a Word template. An account finds the
people in its own scope and no others, and the paper says so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cadres.access import names_of_scope
from cadres.models import Unit, UnitVersion, User
from cadres.text import thousands
from cadres.walls import wide
from courses.access import classes_visible_to, enrolments_visible_to, is_institution
from courses.documents.kinds import Kind
from courses.documents.letterhead import (
    BODY_ABOVE,
    ISSUER,
    ISSUER_HEAD,
    PLACE,
    PROVINCE_COMMITTEE,
    cited,
    day_in_words,
    issuer_of,
    law_on,
    listed,
    spelt_out,
    unit_within_sentence,
)
from courses.documents.people import Person, born, with_unknown_sex
from courses.models import Enrolment, Institution, TrainingClass, TrainingRegulation

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
KIND_OF_UNIT = re.compile(r"^(?:Huyện|Thị xã|Thành phố|Xã|Phường|Thị trấn)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Content:
    """What one paper says. `stem` is the name of its file without the ending."""

    kind: Kind
    data: dict[str, Any]
    stem: str


def in_words(value: Any) -> Any:
    """The tree with every leaf as text: 31/12/2015; 1.250.000; 8,5; nothing for None. True and False stay."""
    if isinstance(value, dict):
        return {key: in_words(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [in_words(item) for item in value]
    if value is None or isinstance(value, bool):
        return "" if value is None else value
    if isinstance(value, int):
        return thousands(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return NOT_IN_XML.sub("", str(value))


# ---------------------------------------------------------------- which classes, which people


def classes_for_papers(user: User) -> QuerySet[TrainingClass]:
    """The classes of the account with all that papers say of a class, in 3 queries for one of them."""
    classes = classes_visible_to(user).select_related("programme", "institution", "place", "plan_line__plan")
    return classes.prefetch_related("place__versions", "trainers")


def scope_note(user: User, day: date, *, shown: int, of: int) -> str:
    """What a paper says of itself where the account sees a part of it: that it is an extract, of whom and how much.

    "(trích: danh sách của huyện Bắc Hà, 3 trong 25 dòng)"; empty where all of it is there.
    """
    if shown == of:
        return ""
    units = [unit_within_sentence(name) for name in names_of_scope(user, day)]
    whose = f"danh sách của {listed(units)}" if units else "phạm vi được giao"
    return f"(trích: {whose}, {thousands(shown)} trong {thousands(of)} dòng)"


def enrolments_of_class(
    training_class: TrainingClass, user: User, states: Iterable[str]
) -> tuple[QuerySet[Enrolment], QuerySet[Enrolment]]:
    """The enrolments of the class in these states that the account sees, and all of them."""
    everybody = Enrolment.objects.filter(training_class=training_class, state__in=list(states))
    return everybody.filter(pk__in=enrolments_visible_to(user).values("pk")), everybody


@wide()
def how_many(rows: QuerySet[Any]) -> int:
    """How many there are, also of those whom the account does not see: an extract says of how many it is one."""
    return rows.count()


def nobody(what: str, user: User) -> ValidationError:
    whose = "" if user.sees_every_unit or is_institution(user) else " của đơn vị được giao"
    return ValidationError(f"{what}: chưa có người nào{whose} trong danh sách này.")


# ---------------------------------------------------------------- who issues a paper


@dataclass(frozen=True)
class Issuer:
    """Who issues a paper: the lines of its head, the lines above the signature, and where it is signed."""

    above: str  # the agency above; empty where there is none
    name: str
    head: str  # who signs, in capital letters
    place: str = PLACE
    authority: str = ""  # who decides, as a decision says it above the texts that it rests on
    carried_out_by: str = ""  # whom the last article of a decision names first

    @property
    def words(self) -> dict[str, Any]:
        return {"co_quan_chu_quan": self.above, "co_quan": self.name}


DEPARTMENT = Issuer(
    above=BODY_ABOVE,
    name=ISSUER,
    head=ISSUER_HEAD,
    authority=f"{ISSUER_HEAD} {ISSUER} TỈNH LÀO CAI",
    carried_out_by="Chánh Văn phòng Sở",
)
COMMITTEE = Issuer(
    above="",
    name="ỦY BAN NHÂN DÂN\nTỈNH LÀO CAI",
    head="TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH",
    authority="ỦY BAN NHÂN DÂN TỈNH LÀO CAI",
    carried_out_by="Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ",
)
# The title of the head of an institution, by what it calls itself.
HEADS = {"Trường": "HIỆU TRƯỞNG", "Trung tâm": "GIÁM ĐỐC", "Học viện": "GIÁM ĐỐC"}


def issuer_by_sign(decision: str) -> Issuer:
    """Who issues a decision of that number: the province's committee, else Sở Nội vụ, also before it has a number."""
    return COMMITTEE if issuer_of(decision) == PROVINCE_COMMITTEE else DEPARTMENT


def issuer_institution(institution: Institution | None) -> Issuer:
    """A paper of the institution that teaches; without one it is the department's."""
    if institution is None:
        return DEPARTMENT
    name = institution.name.upper()
    head = next((title for called, title in HEADS.items() if institution.name.startswith(called)), "THỦ TRƯỞNG ĐƠN VỊ")
    return Issuer(above=institution.superior.upper(), name=name, head=head, authority=f"{head} {name}")


def issuer_unit(unit: Unit, day: date) -> Issuer:
    """A paper of a unit that answers for people: of the district's office of home affairs, of the committee of a
    commune that answers for itself (since 1/7/2025), of a cluster, which has no office of its own."""
    version = unit.version_on(day) or unit.last_version
    if version is None:
        return DEPARTMENT
    name = version.name.upper()
    if version.kind == UnitVersion.Kind.DISTRICT:
        return Issuer(f"UBND {name}", "PHÒNG NỘI VỤ", "TRƯỞNG PHÒNG", KIND_OF_UNIT.sub("", version.name))
    if version.kind == UnitVersion.Kind.CLUSTER:
        return Issuer(BODY_ABOVE, name, "ĐẠI DIỆN CÁC XÃ TRONG CỤM")
    return Issuer(BODY_ABOVE, f"UBND {name}", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", KIND_OF_UNIT.sub("", version.name))


def signs_as(post: str) -> str:
    """The lines above a signature; a deputy signs for the head (ký thay, Nghị định 30/2020/NĐ-CP)."""
    post = post.upper().replace(ISSUER, "").strip() or ISSUER_HEAD
    return f"KT. {ISSUER_HEAD}\n{post}" if post.startswith("PHÓ ") else post


# ---------------------------------------------------------------- what a paper rests on


def regulation_on(day: date) -> TrainingRegulation | None:
    """The text on training that is in force on the day."""
    return TrainingRegulation.objects.as_of(day).select_related("commits_from").first()


def regulation_cited(regulation: TrainingRegulation | None) -> str:
    """A decree as a paper rests on it: with its day, its issuer and its subject where they are recorded."""
    return (regulation.citation or spelt_out(regulation.decree)) if regulation else ""


def laws_of(day: date) -> list[str]:
    """The law on cadres and civil servants and the decree on their training that hold on the day."""
    return [text for text in (law_on(day) or "", regulation_cited(regulation_on(day))) if text]


def plan_cited(training_class: TrainingClass) -> list[str]:
    """The decision that approved the plan of a class; none where it is in no plan, or in one that is not approved."""
    plan = training_class.plan_line.plan if training_class.plan_line else None
    if plan is None or plan.decision_date is None:
        return []
    issuer = issuer_of(plan.decision_number)
    by = f" của {issuer}" if issuer else ""
    day = day_in_words(plan.decision_date)
    return [f"Quyết định số {plan.decision_number} {day}{by} về việc phê duyệt {plan.title}"]


def opening_cited(training_class: TrainingClass) -> list[str]:
    """The decision that opened a class, where one is recorded."""
    subject = f"mở lớp {training_class.programme.title}"
    return [cited(training_class.decision, subject)] if training_class.decision else []


def commitment_factor(training_class: TrainingClass, regulation: TrainingRegulation | None) -> int | None:
    """How many times the length of the studies one serves afterwards; None where the class asks for no commitment."""
    if regulation is None or not regulation.binds(training_class.programme):
        return None
    return regulation.commitment_factor


# ---------------------------------------------------------------- the words for a class and a person


def class_words(training_class: TrainingClass) -> dict[str, Any]:
    programme, institution = training_class.programme, training_class.institution
    place = training_class.place.name_on(training_class.start_date)
    return {
        "ma": training_class.code,
        "ten": programme.title,
        "loai_hinh": programme.get_kind_display().lower(),
        "hinh_thuc": training_class.get_form_display().lower(),
        "tu_ngay": training_class.start_date,
        "den_ngay": training_class.end_date,
        "so_tiet": training_class.hours,
        "dia_diem": ", ".join(part for part in (training_class.venue, place) if part),
        "co_so": institution.name if institution else "",
        "giang_vien": ", ".join(trainer.full_name for trainer in training_class.trainers.all()),
        "quyet_dinh": training_class.decision,
    }


def class_lines(words: dict[str, Any]) -> list[str]:
    """What stands below the title of a list of a class."""
    days = f"từ ngày {in_words(words['tu_ngay'])} đến ngày {in_words(words['den_ngay'])}"
    return [f"Lớp {words['ten']} (mã lớp {words['ma']})", f"Thời gian: {days}; địa điểm: {words['dia_diem']}"]


def person_words(number: int, person: Person, note: str) -> dict[str, Any]:
    official = person.official
    return {
        "stt": number,
        "ho_ten": official.full_name,
        **born(official),
        "dan_toc": official.ethnic_group.name if official.ethnic_group else "",
        "chuc_danh": person.position,
        "xa": person.commune,
        "huyen": person.district,
        "ghi_chu": with_unknown_sex(official, note),
    }
