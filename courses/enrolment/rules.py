"""What stands against sending somebody to a class: one table, each rule a condition in SQL with its source.

A bar is refused. With a warning the district may nominate, but the province approves only with a reason (RuleWaiver).
Seats and quotas are no rule about a person: they are counted under a lock (courses.seats, nomination).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from cadres.asked_again import answer
from cadres.evaluation import LevelSets, Rulebook, judged
from cadres.kept_plans import planned_once
from cadres.models import Appointment, Criterion, Level, Qualification
from cadres.periods import Precision, add_months, overlapping
from cadres.retirement import with_retirement_day
from courses.models import Enrolment, Programme, ProgrammeModule, TrainingClass, TrainingRegulation
from courses.modules import finished, teaching_the_same
from courses.under_way import already_under_way, near

State = Enrolment.State
# Enrolments that keep a person busy on the days of their class.
BUSY = (State.NOMINATED, State.APPROVED, State.DECIDED, State.ATTENDING)
# Practice of the province: few are sent to a long programme in their last years.
LAST_MONTHS = {Programme.Kind.DEGREE: 60}
MONTHS_A_YEAR, A_DAY = 12, timedelta(days=1)
# Before postgraduate studies, by NĐ 101/2017/NĐ-CP as by NĐ 171/2025/NĐ-CP, where these limit the age too.
YEARS_OF_SERVICE, GOOD_YEARS = 3, 2
REGULATION = "Quy định đào tạo, bồi dưỡng"  # the source of a rule of which no regulation on record says anything
# A programme that raises no level is not repeated within so many months.
REPEATED_AFTER_MONTHS = 24


class Severity(TextChoices):
    BAR = "bar", "Không cử được"
    WARNING = "warning", "Cảnh báo"


NAMED = ("prerequisites", "target_positions", "modules")


def _named_by(programme: int) -> QuerySet[Any, Any]:
    own = Programme.objects.filter(pk=OuterRef("pk"))
    keys = [ArraySubquery(own.filter(**{f"{name}__isnull": False}).values(name)) for name in NAMED]
    return Programme.objects.filter(pk=programme).order_by().values_list(*keys)


@dataclass(frozen=True)
class Terms:
    """A class as the rules see it, read once for any number of people."""

    training_class: TrainingClass
    day: date
    regulation: TrainingRegulation | None  # where the class binds those who study in it
    rulebook: Rulebook
    limiting: TrainingRegulation | None = None  # where it limits the age of who studies in the class

    @classmethod
    def of(cls, training_class: TrainingClass, day: date, rulebook: Rulebook | None = None) -> "Terms":
        programme = training_class.programme
        regulations = TrainingRegulation.objects.as_of(training_class.start_date)
        regulation = regulations.select_related("commits_from", "oldest_from").first()
        return cls(
            training_class=training_class,
            day=day,
            regulation=regulation if regulation and regulation.binds(programme) else None,
            rulebook=rulebook or Rulebook.load(),
            limiting=regulation if regulation and regulation.limits_age(programme) else None,
        )

    @property
    def programme(self) -> Programme:
        return self.training_class.programme

    @property
    def serves_until(self) -> date:
        """The day up to which somebody has to be in office for the class to make sense.

        Of đào tạo the end of the commitment (NĐ 101/2017/NĐ-CP Điều 7: a multiple of the time of study), else the last
        day of the class.
        """
        start, end = self.training_class.start_date, self.training_class.end_date
        if self.regulation is None:
            return end
        return add_months(end, self.regulation.commitment_months(start, end))

    @cached_property
    def _named(self) -> dict[str, list[int]]:
        """The keys of what the programme names besides itself (NAMED), in one query."""
        (row,) = answer(_named_by, self.programme.pk)
        return dict(zip(NAMED, row, strict=True))

    @cached_property
    def prerequisites(self) -> list[Level]:
        """The levels that one must hold before."""
        return [level for level in self.rulebook.levels if level.pk in self._named["prerequisites"]]

    @property
    def targets(self) -> list[int]:
        """The keys of the positions that the programme names; it is for everybody where it names none."""
        return self._named["target_positions"]

    @cached_property
    def levels(self) -> LevelSets:
        """What the sets of levels of the day's posts mean."""
        return self.rulebook.level_sets(self.day)

    @cached_property
    def modules(self) -> list[ProgrammeModule]:
        """The modules of the programme, if it has any; those that the class teaches are `taught`."""
        return list(self.programme.modules.all()) if self._named["modules"] else []

    @cached_property
    def taught(self) -> list[ProgrammeModule]:
        """The modules that the class teaches: of the whole programme all."""
        return self.training_class.own_modules or self.modules if self.modules else []

    @cached_property
    def clashing(self) -> "Elsewhere":
        """Whom a class on the same days keeps busy."""
        taught = self.training_class
        return _elsewhere(answer(_clashing_told, taught.pk, taught.start_date, taught.end_date))

    @cached_property
    def studying(self) -> "Elsewhere":
        """Who is on the way to the same programme, or to its level or above, in another class."""
        with planned_once():
            return _elsewhere(_told(already_under_way(self.training_class, near(self.day))))

    @property
    def asks_for_level(self) -> bool:
        """Whether one of the standards of the day asks for a level in the dimension that the programme raises."""
        level = self.programme.raises_to
        return level is not None and level.dimension in self.rulebook.dimensions_asked(self.day)


# Official → code, first and last day of the other classes that are meant, the earliest first. They are read once for
# all people: of everybody's enrolments few are near a class, and a question that looks them up for each person of a
# list takes PostgreSQL a third of the list's time.
Elsewhere = dict[int, list[tuple[str, date, date]]]


def _elsewhere(rows: Iterable[tuple[Any, ...]]) -> Elsewhere:
    found: Elsewhere = {}
    for official, code, start, end in rows:
        found.setdefault(official, []).append((code, start, end))
    return found


def _told(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment, Any]:
    columns = ("official", "training_class__code", "training_class__start_date", "training_class__end_date")
    return enrolments.order_by("training_class__start_date", "training_class__code").values_list(*columns)


def in_words(classes: Iterable[tuple[str, date, date]]) -> str:
    """Other classes of somebody (Elsewhere), each with its days."""
    return "; ".join(f"lớp {code}, {start:%d/%m}–{end:%d/%m/%Y}" for code, start, end in classes)


def is_of(officials: Iterable[int]) -> Func:
    """Whether the person of a post is one of these: one parameter, and a condition also where there is nobody."""
    keys = Value(list(officials), output_field=ArrayField(BigIntegerField()))
    template = "%(expressions)s)"
    return Func(F("official"), keys, template=template, arg_joiner=" = ANY (", output_field=BooleanField())


@dataclass(frozen=True)
class Rule:
    code: str
    label: str
    severity: Severity
    condition: Callable[[Terms], Combinable | Q | None]  # true of the posts against which it stands; None: of nobody
    source: Callable[[Terms], str]

    @property
    def column(self) -> str:
        return f"against_{self.code}"


def is_targeted(terms: Terms) -> Q:
    """Whether the programme is for the position of a post: it names it, or it names none (no condition)."""
    return Q(position__in=terms.targets) if terms.targets else Q()


def _not_targeted(terms: Terms) -> Q | None:
    return ~is_targeted(terms) if terms.targets else None


def _holds(level: Level, terms: Terms) -> Q:
    """Whether the person of a post holds the level, or a higher one of its dimension, on the day.

    The verdict knows it of the dimensions in which something is asked; of others it is looked up.
    """
    if bit := terms.levels.only([level]):
        return Q(held__overlaps=bit)
    reached = Qualification.objects.as_of(terms.day).filter(
        official=OuterRef("official"), level__dimension=level.dimension_id, level__rank__gte=level.rank
    )
    return Q(Exists(reached))


def _lacks_prerequisite(terms: Terms) -> Q | None:
    """One of the levels that the programme asks for is not held."""
    return reduce(or_, (~_holds(level, terms) for level in terms.prerequisites), Q()) or None


def _holds_the_level(terms: Terms) -> Q | None:
    """The level counts as held unless the field of study does not fit: then the requirement is still open."""
    level = terms.programme.raises_to
    if level is None:
        return None
    held = _holds(level, terms)
    if not terms.asks_for_level:
        return held
    asked = terms.levels.of(level.dimension)
    return held & ~(Q(not_met__overlaps=asked) | Q(unknown__overlaps=asked))


def _is_busy(terms: Terms) -> Combinable:
    return is_of(terms.clashing)


def _clashing_told(training_class: int, start: date, end: date) -> QuerySet[Enrolment, Any]:
    """The enrolments in other classes that share a day with this one (its key, first and last day): overlapping,
    enclosed or enclosing."""
    return _told(
        Enrolment.objects.filter(overlapping(start, end, "training_class__"), state__in=BUSY)
        .exclude(training_class__state__in=(TrainingClass.State.CANCELLED, TrainingClass.State.ENDED))
        .exclude(training_class=training_class)
    )


def _studies_it(terms: Terms) -> Combinable:
    return is_of(terms.studying)


def _retires_too_early(terms: Terms) -> Q:
    return Q(retires_on__lt=terms.serves_until)


def _retires_soon(terms: Terms) -> Q | None:
    months = LAST_MONTHS.get(Programme.Kind(terms.programme.kind))
    if months is None:
        return None
    soon = add_months(terms.training_class.start_date, months)
    return Q(retires_on__lt=soon, retires_on__gte=terms.serves_until)


def _is_too_old(terms: Terms) -> Q | None:
    """Older in full years than the regulation of the first day allows, and sent to such studies for the first time.

    A birth known to the month or the year only bars whoever is too old even if born on its last day.
    """
    regulation = terms.limiting
    if regulation is None or regulation.oldest is None or regulation.oldest_from is None:
        return None
    too_old = add_months(terms.training_class.start_date, -MONTHS_A_YEAR * (regulation.oldest + 1))
    born = Q(official__birth_precision=Precision.DAY, official__birth_date__lte=too_old)
    for precision, months in ((Precision.MONTH, 1), (Precision.YEAR, MONTHS_A_YEAR)):
        first_day = add_months(too_old + A_DAY, -months)
        born |= Q(official__birth_precision=precision, official__birth_date__lte=first_day)
    return born & ~_holds(regulation.oldest_from, terms)


def _serves_too_short(terms: Terms) -> Q | None:
    """Neither a post nor insurance on record that began so many years before the first day.

    A warning only: what somebody did elsewhere before need not be in the registry.
    """
    if terms.limiting is None:
        return None
    since = add_months(terms.training_class.start_date, -MONTHS_A_YEAR * YEARS_OF_SERVICE)
    served = Appointment.objects.begun_by(since).filter(official=OuterRef("official"), is_error=False)
    insured = Q(official__insurance_since__isnull=False, official__insurance_since__lte=since)
    return ~Q(Exists(served)) & ~insured


def _has_to_prove_good_years(terms: Terms) -> Q | None:
    """Of everybody sent to such studies for the first time: the registry has no yearly classification to look at."""
    if terms.limiting is None or terms.limiting.oldest_from is None:
        return None
    return ~_holds(terms.limiting.oldest_from, terms)


def _has_done_it(terms: Terms) -> Exists | None:
    if terms.programme.raises_to_id is not None:
        return None
    since = add_months(terms.training_class.start_date, -REPEATED_AFTER_MONTHS)
    done = Enrolment.objects.filter(
        teaching_the_same(terms.training_class),
        official=OuterRef("official"),
        state=State.COMPLETED,
        training_class__end_date__gte=since,
    ).exclude(training_class=terms.training_class.pk)
    return Exists(done)


def _lacks_of(modules: Iterable[ProgrammeModule]) -> Exists:
    """Whether the person of a post has not finished one of the modules."""
    done = finished().filter(official=OuterRef(OuterRef("official")), module=OuterRef("pk"))
    return Exists(ProgrammeModule.objects.filter(~Exists(done), pk__in=[module.pk for module in modules]))


def _has_finished_all(terms: Terms) -> Q | None:
    return ~Q(_lacks_of(terms.taught)) if terms.taught else None


def _has_finished_some(terms: Terms) -> Q | None:
    if not terms.taught:
        return None
    some = finished().filter(official=OuterRef("official"), module__in=[module.pk for module in terms.taught])
    return Q(Exists(some)) & Q(_lacks_of(terms.taught))


def completes_programme(terms: Terms) -> Q:
    """Whether the person of a post, once the class is finished, has the whole programme: of one in modules all others
    are finished."""
    others = [module for module in terms.modules if module not in terms.taught]
    return ~Q(_lacks_of(others)) if others else Q()


def _of_programme(what: str) -> Callable[[Terms], str]:
    return lambda terms: f"{what} của chương trình {terms.programme.title}"


def _of_regulation(terms: Terms) -> str:
    commits = f"{terms.regulation.decree}, cam kết sau đào tạo; " if terms.regulation else ""
    return f"{commits}tuổi nghỉ hưu theo Bộ luật Lao động"


def _of_age(terms: Terms) -> str:
    if terms.limiting is None:
        return REGULATION
    return f"{terms.limiting.decree}: lần đầu không quá {terms.limiting.oldest} tuổi vào ngày khai giảng"


def _of_service(terms: Terms) -> str:
    if terms.limiting is None:
        return REGULATION
    return f"{terms.limiting.decree}: từ {YEARS_OF_SERVICE} năm công tác trở lên"


def _of_good_years(terms: Terms) -> str:
    if terms.limiting is None:
        return REGULATION
    return (
        f"{terms.limiting.decree}: {GOOD_YEARS} năm liên tục trước đó hoàn thành tốt nhiệm vụ; hồ sơ không có xếp loại "
        "hằng năm, hãy xem bản đánh giá"
    )


def _of_modules(terms: Terms) -> str:
    return f"Kết quả các lớp dạy từng học phần của chương trình {terms.programme.title}"


STUDYING = Rule(
    "studying",
    "Đang học, đã cử học",
    Severity.BAR,
    _studies_it,
    lambda terms: "Lớp khác cùng chương trình hoặc cùng trình độ, chưa có kết quả",
)
RULES: tuple[Rule, ...] = (
    Rule(
        "prerequisite",
        "Thiếu điều kiện đầu vào",
        Severity.BAR,
        _lacks_prerequisite,
        _of_programme("Điều kiện đầu vào"),
    ),
    Rule(
        "held",
        "Đã có trình độ này",
        Severity.BAR,
        _holds_the_level,
        lambda terms: "Văn bằng, chứng chỉ đã ghi trong hồ sơ",
    ),
    STUDYING,
    Rule(
        "module",
        "Đã học xong các học phần này",
        Severity.BAR,
        _has_finished_all,
        _of_modules,
    ),
    Rule(
        "retirement",
        "Nghỉ hưu trước khi phục vụ đủ",
        Severity.BAR,
        _retires_too_early,
        _of_regulation,
    ),
    Rule(
        "age",
        "Quá tuổi cử đi học",
        Severity.BAR,
        _is_too_old,
        _of_age,
    ),
    Rule(
        "service",
        f"Chưa đủ {YEARS_OF_SERVICE} năm công tác theo hồ sơ",
        Severity.WARNING,
        _serves_too_short,
        _of_service,
    ),
    Rule(
        "good_years",
        f"Chưa kiểm được {GOOD_YEARS} năm hoàn thành tốt",
        Severity.WARNING,
        _has_to_prove_good_years,
        _of_good_years,
    ),
    Rule(
        "target",
        "Không thuộc đối tượng",
        Severity.WARNING,
        _not_targeted,
        _of_programme("Đối tượng"),
    ),
    Rule(
        "clash",
        "Trùng lịch",
        Severity.WARNING,
        _is_busy,
        lambda terms: "Lịch các lớp đã có tên",
    ),
    Rule(
        "near_retirement",
        "Gần tuổi nghỉ hưu",
        Severity.WARNING,
        _retires_soon,
        lambda terms: "Thông lệ của tỉnh: còn dưới 5 năm công tác thì không cử đào tạo dài hạn",
    ),
    Rule(
        "repeated",
        "Đã học chương trình này",
        Severity.WARNING,
        _has_done_it,
        lambda terms: f"Kết quả các lớp trong {REPEATED_AFTER_MONTHS} tháng gần đây",
    ),
    Rule(
        "some_modules",
        "Đã học xong một phần",
        Severity.WARNING,
        _has_finished_some,
        _of_modules,
    ),
)
BARS = tuple(rule for rule in RULES if rule.severity == Severity.BAR)
WARNINGS = tuple(rule for rule in RULES if rule.severity == Severity.WARNING)
QUOTA = "quota"  # the rule that a place from the province's reserve waives


def with_rules(
    appointments: QuerySet[Appointment],
    terms: Terms,
    *,
    criterion: Criterion,
    rules: Sequence[Rule] = RULES,
    everybody: bool = False,
) -> QuerySet[Any]:
    """The posts of the day with their verdicts (`judged`, also of `everybody`), `retires_on`, and for each rule
    `against_CODE`."""
    posts = judged(
        terms.day, criterion=criterion, appointments=appointments, rulebook=terms.rulebook, everybody=everybody
    )
    return with_retirement_day(posts).annotate(**{rule.column: _as_column(rule.condition(terms)) for rule in rules})


def _as_column(condition: Combinable | Q | None) -> Any:
    """Unknown (a birth that is not on record) stands against nobody."""
    if condition is None:
        return Value(False, output_field=BooleanField())
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


def against(post: Any) -> list[Rule]:
    """The rules that stand against a post of `with_rules`, bars first."""
    return [rule for rule in RULES if getattr(post, rule.column)]


@planned_once()
def judged_posts(
    training_class: TrainingClass, officials: Iterable[int], *, day: date, criterion: Criterion
) -> tuple[Terms, dict[int, Any]]:
    """The terms of the class, and official → the post held on the day with everything that stands against it."""
    terms = Terms.of(training_class, day)
    own = Appointment.objects.filter(official__pk__among=list(officials))
    found = with_rules(own, terms, criterion=criterion).select_related("official", "position")
    return terms, {post.official_id: post for post in found}
