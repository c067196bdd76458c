"""What is taught where: the programmes as the training history chooses among them, institutions, lengths, forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cadres.models import UnitVersion
from courses.demonstration.people import LAST_DAY, Post, Record
from courses.models import Institution, Programme, StudyForm

# Months of a class by what it raises to; where nothing is said, 5 study days a week.
MONTHS = {
    "professional:SC": 6,
    "professional:TC": 15,
    "professional:CD": 22,
    "professional:DH": 23,
    "education:THCS": 11,
    "education:THPT": 14,
    "political_theory:TC": 6,
    "political_theory:CC": 9,
}
# Who teaches, by what the programme raises to, then by its field of study, then by its subject area.
BY_RESULT = {
    "professional:CD": "CDCD",
    "political_theory:CC": "HVCT1",
    "education:THCS": "TTGDTX",
    "education:THPT": "TTGDTX",
}
BY_FIELD = {
    ("professional:TC", "Luật"): "TCLTN",
    ("professional:DH", "Luật"): "DHLHN",
    ("professional:DH", "Nông nghiệp"): "DHNL",
    ("professional:DH", "Quản lý đất đai"): "DHNL",
    ("professional:TC", "Quân sự cơ sở"): "TQS",
    ("professional:TC", "Công an"): "TQS",
    ("professional:TC", ""): "THKTKT",
    ("professional:DH", ""): "DHTN",
}
BY_AREA = {"TH": "TTTHNN", "TDT": "TTGDTX", "QPAN": "TQS", "TCKT": "CDCD", "DCXD": "CDCD", "VHXH": "CDCD"}
BY_DISTRICT = "political_theory:SC"  # the district's own centre for political training
OF_LATER_YEARS = ("DH-QLNN", "CC-LLCT-KTT", "QLNN-CVC")  # what the texts of 2025 ask for
ELSEWHERE = "TCT"


@dataclass(frozen=True)
class Course:
    """A programme with the codes that one chooses by. `result` is "dimension:level", or empty."""

    programme: Programme
    dimension: str
    level: str
    rank: int
    positions: frozenset[str]

    @property
    def result(self) -> str:
        return f"{self.dimension}:{self.level}" if self.dimension else ""

    @property
    def is_degree(self) -> bool:
        return self.programme.kind == Programme.Kind.DEGREE

    @property
    def beside_work(self) -> bool:
        """Whether one studies it beside work, and may be in a short class meanwhile.

        Political theory is taught in blocks of whole weeks, as short classes are; a degree at weekends goes beside it.
        """
        return self.is_degree and self.dimension != "political_theory"

    @property
    def form(self) -> str:
        """How officials in office study it: a degree never full time."""
        if self.is_degree and self.programme.form not in (StudyForm.IN_SERVICE, StudyForm.PART_TIME):
            return StudyForm.IN_SERVICE
        return self.programme.form

    @property
    def length(self) -> timedelta:
        """From the first day to the last."""
        months = MONTHS.get(self.result)
        if months:
            return timedelta(days=30 * months)
        weeks, days = divmod(self.programme.days - 1, 5)
        return timedelta(days=7 * weeks + days)

    def takes(self, post: Post) -> bool:
        return not self.positions or post.position in self.positions


class School:
    """All programmes and institutions, and the units in which classes are held."""

    def __init__(self, day: date = LAST_DAY, *, without: Sequence[str] = OF_LATER_YEARS) -> None:
        """As they are on the day; `without` the programmes with these codes, which nobody has asked for yet."""
        self.courses = [
            Course(
                programme,
                programme.raises_to.dimension.code if programme.raises_to else "",
                programme.raises_to.code if programme.raises_to else "",
                programme.raises_to.rank if programme.raises_to else 0,
                frozenset(position.code for position in programme.target_positions.all()),
            )
            for programme in Programme.objects.exclude(code__in=without)
            .select_related("raises_to__dimension", "subject_area")
            .prefetch_related("target_positions")
            .order_by("code")
        ]
        self.institutions = {institution.code: institution for institution in Institution.objects.all()}
        versions = UnitVersion.objects.as_of(day)
        province = UnitVersion.objects.province_on(day)
        assert province is not None
        self.province = province.unit_id
        self.districts = {
            version.unit_id: version for version in versions.filter(kind=UnitVersion.Kind.DISTRICT).order_by("code")
        }

    def leading_to(self, record: Record, post: Post) -> list[Course]:
        """The programmes that bring the level of a record and take the holder of the post; those for the post first."""
        found = [
            course
            for course in self.courses
            if (course.dimension, course.level) == (record.dimension, record.level) and course.takes(post)
        ]
        return sorted(found, key=lambda course: not course.positions)

    def institution_of(self, course: Course, district: int | None) -> Institution:
        """Who runs a class; `district` where all its people are of one."""
        result, field = course.result, course.programme.field_of_study
        code = BY_RESULT.get(result) or BY_FIELD.get((result, field)) or BY_FIELD.get((result, ""))
        if result == BY_DISTRICT and district is not None:
            code = f"BDCT-{self.districts[district].code}"
        code = code or BY_AREA.get(course.programme.subject_area.code, ELSEWHERE)
        return self.institutions.get(code) or self.institutions[ELSEWHERE]


def monday_from(day: date) -> date:
    """The day, or the next Monday."""
    return day + timedelta(days=-day.weekday() % 7)


def friday_until(day: date) -> date:
    """The day, or the Friday before it."""
    return day - timedelta(days=(day.weekday() - 4) % 7)
