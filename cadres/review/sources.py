"""Where the checks look: the posts of a day with what is known of their holders, the communes, the posts of one person.

A source gives the rows of a day as a queryset that knows `unit` and, where it is about people, `official`; a check
(checks.py) is a condition on them, so that all checks of one source are counted in one query.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, ExtractYear, Substr
from django.db.models.sql.constants import LOUTER
from django_cte import CTE, with_cte

from cadres.access import appointments_visible_to, unit_versions_in_scope, units_given
from cadres.asked_again import IsAmong, answer_anew
from cadres.evaluation import LevelSets, Rulebook, is_everybody, judged, posts_on
from cadres.models import (
    JUDGED_GROUPS,
    Appointment,
    Official,
    Position,
    Qualification,
    RetirementAge,
    RosterDay,
    SetAside,
    Sex,
    StaffQuota,
    UnitClass,
    UnitVersion,
    UnitZone,
    User,
)
from cadres.models.units import ABOVE, UnitVersionQuerySet
from cadres.periods import UNKNOWN_START, MonthsAfter, Precision, add_months, in_force, in_force_then
from cadres.posts import data_begun, left_behind
from cadres.retirement import AGES, months_of, rungs_to, with_retirement_day

MONTHS = 12  # of retirement to come, of a roster that is still new, of an appointment that is


@dataclass(frozen=True)
class Lens:
    """What is looked at: a day, the posts and communes in scope, and today, after which no date can have come.

    `communes` are versions in force on the day whose data have begun; `appointments` None means everybody. `within` is
    what both follow from.
    """

    day: date
    now: date
    within: Hashable
    communes: UnitVersionQuerySet
    appointments: QuerySet[Appointment] | None = None

    @classmethod
    def of(cls, user: User | None, day: date, *, now: date, units: Iterable[int] | None = None) -> "Lens":
        """What an account may see (None: everything), of the communes with these keys."""
        given = None if user is None else units_given(user)
        versions = UnitVersion.objects.all() if user is None else unit_versions_in_scope(user)
        communes = versions.as_of(day).communes().filter(unit__in=data_begun(day))
        appointments = None if user is None or given is None else appointments_visible_to(user, day)
        chosen = None if units is None else tuple(units)
        if chosen is not None:
            communes = communes.filter(unit__in=chosen)
            appointments = (Appointment.objects.all() if appointments is None else appointments).filter(unit__in=chosen)
        return cls(day, max(day, now), (given and given.kept, chosen), communes, appointments)

    @classmethod
    def of_units(cls, day: date, units: Collection[int], *, now: date) -> "Lens":
        """The communes of these keys, whoever asks."""
        return cls.of(None, day, now=now, units=units)

    @cached_property
    def rulebook(self) -> Rulebook:
        return Rulebook.load()

    @cached_property
    def ladder(self) -> list[RetirementAge]:
        """The ages by which all retire whom a check finds: those who have by the last day that one asks about."""
        return rungs_to(add_months(self.day, MONTHS))

    @cached_property
    def kept(self) -> Hashable:
        """All that a question about it hangs on, as an argument of what is kept (cadres.asked_again)."""
        ages = tuple((rung.end_date, *(months_of(rung, group) for group in AGES.values())) for rung in self.ladder)
        return self.day, self.now, self.within, self.rulebook.kept, ages, tuple(sorted(self.aside.items()))

    @cached_property
    def levels(self) -> LevelSets:
        return self.rulebook.level_sets(self.day)

    def bit(self, dimension: str, level: str) -> int:
        """The set of one level; empty where no standard of the day asks for its dimension."""
        return self.levels.only(
            one for one in self.levels.levels if (one.dimension.code, one.code) == (dimension, level)
        )

    @cached_property
    def aside(self) -> dict[str, tuple[int, ...]]:
        """Code of a check → the people of whom it is set aside on the day."""
        found: dict[str, list[int]] = {}
        rows = SetAside.objects.as_of(self.day).order_by("official").values_list("check_code", "official")
        for code, official in rows:
            found.setdefault(code, []).append(official)
        return {code: tuple(people) for code, people in found.items()}


# ---------------------------------------------------------------- what conditions are made of


class DayAfter(Func):
    """The next day."""

    template = "(%(expressions)s + 1)"
    output_field = DateField()


def after(day: str, precision: str) -> Case:
    """The first day that comes surely after a date known to its precision; NULL where it is unknown."""
    return Case(
        When(**{precision: Precision.YEAR}, then=MonthsAfter(day, Value(12))),
        When(**{precision: Precision.MONTH}, then=MonthsAfter(day, Value(1))),
        default=DayAfter(day),
        output_field=DateField(),
    )


BIRTH = "official__birth_date"  # the first day that the birth can mean: whoever was born then is the oldest
OF_AGE = MonthsAfter(BIRTH, Value(12 * 18))
STATED = "appointment__stated_start"
COUNTED_FROM = Case(
    When(~Q(appointment__start_date=UNKNOWN_START), then="appointment__start_date"), output_field=DateField()
)
APPOINTED = Coalesce(STATED, COUNTED_FROM, output_field=DateField())  # the first day that the appointment can mean
APPOINTED_BY = Coalesce(after(STATED, "appointment__stated_start_precision"), DayAfter(COUNTED_FROM))
# Whether the day of appointment is known, and is not that of a roster for want of another.
IS_APPOINTED = Q(appointment__stated_start__isnull=False) | Q(appointment__batch__isnull=True)
TERM_ENDS = Cast(
    Func("appointment__term", Value(r"(\d{4})\D*$"), function="SUBSTRING", template="%(function)s(%(expressions)s)"),
    IntegerField(),
)
# What twelve digits say: the fourth the century and the sex, the next two the year of birth (NĐ 137/2015/NĐ-CP Điều 7,
# TT 07/2016/TT-BCA Điều 5).
SEX_DIGIT = Cast(Substr("identifier__number", 4, 1), IntegerField())
BIRTH_IN_NUMBER = 1900 + 100 * (SEX_DIGIT / 2) + Cast(Substr("identifier__number", 5, 2), IntegerField())


def retiring_at_the_earliest(ladder: Sequence[RetirementAge]) -> Case:
    """The day on which somebody reaches the lowest age of the whole ladder: it spares the younger all its rungs."""
    lowest = {group: min((months_of(rung, group) for rung in ladder), default=0) for group in ("men", "women")}
    return Case(
        When(official__sex=Sex.MALE, then=MonthsAfter(BIRTH, Value(lowest["men"]))),
        When(official__sex=Sex.FEMALE, then=MonthsAfter(BIRTH, Value(lowest["women"]))),
        output_field=DateField(),
    )


# ---------------------------------------------------------------- the sources


class Finds(Protocol):
    """What a source asks of a check."""

    code: str
    number: str  # the name of a column of the rows that says how often a row counts; empty: once

    def condition(self, lens: Lens) -> Q: ...


Counted = Iterator[tuple[str, int, int]]  # code of a check, key of a unit, how often


class Source:
    """The rows of a day, each with its `unit`."""

    def rows(self, lens: Lens) -> QuerySet[Any]:
        raise NotImplementedError

    def count(self, lens: Lens, checks: Sequence[Finds]) -> Counted:
        """How often each of the checks is found in each unit, in one query."""
        codes = tuple(check.code for check in checks)
        for unit, *numbers in answer_anew((type(self), codes, lens.kept), lambda: self.counts(lens, checks)):
            yield from ((code, unit, number) for code, number in zip(codes, numbers, strict=True) if number)

    def counts(self, lens: Lens, checks: Sequence[Finds]) -> QuerySet[Any, Any]:
        """Rows of a unit, of which there may be several, and how often each of the checks is found in the row."""
        raise NotImplementedError

    def detailed(self, rows: QuerySet[Any], lens: Lens) -> QuerySet[Any]:
        """The rows with what a list says of each (words.py) and what the ways to mend it take."""
        return rows


class OfPeople(Source):
    """A row is a person's post (`pk`, `official`, `position`), so that a check can be set aside of the person."""

    def counts(self, lens: Lens, checks: Sequence[Finds]) -> QuerySet[Any, Any]:
        found = {check.code: Count("pk", filter=check.condition(lens)) for check in checks}
        return self.rows(lens).order_by().values_list("unit").annotate(**found)


class OfPlaces(Source):
    """A row is a commune's, or that of one of its posts."""

    def counts(self, lens: Lens, checks: Sequence[Finds]) -> QuerySet[Any, Any]:
        found = {
            check.code: F(check.number)
            if check.number
            else Case(When(check.condition(lens), then=Value(1)), default=Value(0))
            for check in checks
        }
        return self.rows(lens).order_by().annotate(**found).values_list("unit", *found)


WITH_PERSON = ("official__ethnic_group", "position", "appointment")


class Posts(OfPeople):
    """The posts that count on the day, judged, with the identity number, the retirement and the term."""

    def rows(self, lens: Lens) -> QuerySet[Any]:
        posts = judged(lens.day, criterion=None, appointments=lens.appointments, rulebook=lens.rulebook, everybody=True)
        known = posts.alias(
            identifier=in_force_then("official__identifiers", lens.day),
            appointed=APPOINTED,
            appointed_by=APPOINTED_BY,
            of_age_on=OF_AGE,
            joined_by=after("official__party_joined_on", "official__party_joined_precision"),
            official_by=after("official__party_official_on", "official__party_official_precision"),
            recruited_by=after("official__recruited_on", "official__recruited_precision"),
            insured_by=after("official__insurance_since", "official__insurance_precision"),
            birth_year=ExtractYear(BIRTH),
            term_ends=TERM_ENDS,
            birth_in_number=BIRTH_IN_NUMBER,
            is_number_of_woman=SEX_DIGIT % 2,
            retires_at_the_earliest=retiring_at_the_earliest(lens.ladder),
        )
        return with_retirement_day(known, lens.ladder)

    def detailed(self, rows: QuerySet[Any], lens: Lens) -> QuerySet[Any]:
        of_number = {"number": F("identifier__number"), "identifier_id": F("identifier__pk")}
        return rows.select_related(*WITH_PERSON).annotate(**of_number)


def records() -> QuerySet[Any]:
    """The records, also those that have ended, with when they were awarded."""
    return Qualification.objects.filter(is_error=False).alias(awarded_by=after("awarded_on", "awarded_precision"))


def records_of_holder() -> QuerySet[Any]:
    """In a sub-query of posts: those of the holder."""
    return records().filter(official=OuterRef("official"))


def before_birth(birth: Any) -> Q:
    # The first half is true of hardly anybody and quickly told of a million records.
    return Q(awarded_on__lt=birth) & Q(awarded_by__lte=birth)


BEFORE_BIRTH = before_birth(OuterRef(BIRTH))


class Records(OfPeople):
    """The posts of people with a record that cannot be: awarded before birth, or after today."""

    def rows(self, lens: Lens) -> QuerySet[Any]:
        posts = posts_on(lens.day, lens.appointments)
        if not is_everybody(lens.appointments):
            return posts.filter(Exists(self._wrong(lens)))
        # Of everybody all records are gone through once: looked up by person they take three times as long.
        wrong = records().filter(before_birth(F(BIRTH)) | Q(awarded_on__gt=lens.now))
        return posts.filter(IsAmong("official", ArraySubquery(wrong.order_by().values("official"))))

    def detailed(self, rows: QuerySet[Any], lens: Lens) -> QuerySet[Any]:
        wrong = self._wrong(lens).order_by("awarded_on", "pk")
        told = {
            "levels": ArraySubquery(wrong.values("level__name")),
            "awards": ArraySubquery(wrong.values("awarded_on")),
        }
        return rows.select_related(*WITH_PERSON).annotate(**told)

    @staticmethod
    def _wrong(lens: Lens) -> QuerySet[Any]:
        return records_of_holder().filter(BEFORE_BIRTH | Q(awarded_on__gt=lens.now))


class Twins(OfPeople):
    """The posts of people of whom there is another record with the same name and the same day of birth."""

    def rows(self, lens: Lens) -> QuerySet[Any]:
        posts = posts_on(lens.day, lens.appointments).filter(official__birth_precision=Precision.DAY)
        return posts.filter(Exists(twins()))

    def detailed(self, rows: QuerySet[Any], lens: Lens) -> QuerySet[Any]:
        others = ArraySubquery(twins().order_by("pk").values("pk"))
        return rows.select_related(*WITH_PERSON).annotate(others=others)


def twins() -> QuerySet[Official]:
    """In a sub-query of posts: the other records with the name and the day of birth of the holder."""
    alike = Official.objects.filter(folded_name=OuterRef("official__folded_name"), birth_date=OuterRef(BIRTH))
    return alike.filter(birth_precision=Precision.DAY, merged_into=None).exclude(pk=OuterRef("official"))


class LeftBehind(OfPeople):
    """The posts held in units or positions that have ended, which count nowhere."""

    def rows(self, lens: Lens) -> QuerySet[Any]:
        return left_behind(lens.day, lens.appointments)

    def detailed(self, rows: QuerySet[Any], lens: Lens) -> QuerySet[Any]:
        """With the names that their units had, since they lie in none that is in force."""
        last = UnitVersion.objects.begun_by(lens.day).filter(unit=OuterRef("unit")).order_by("-start_date")
        above = UnitVersion.objects.begun_by(lens.day).filter(unit=OuterRef("district")).order_by("-start_date")
        return rows.select_related("official__ethnic_group", "position").annotate(
            commune_name=Subquery(last.values("name")[:1]),
            commune_code=Subquery(last.values("code")[:1]),
            district=Subquery(last.values(above=ABOVE)[:1]),
            district_name=Subquery(above.values("name")[:1]),
            district_code=Subquery(above.values("code")[:1]),
        )


class Seats(OfPlaces):
    """The posts of so many people each (Position.holders), a commune each, that more people hold, concurrently or not.

    Rows with `unit`, `position`, `people` who hold it, `unexplained` of them without a reason, and `holders`.
    """

    def rows(self, lens: Lens) -> QuerySet[Any]:
        held: QuerySet[Any] = Appointment.objects.as_of(lens.day)
        return (
            held.filter(in_force(lens.day, "position__"), position__holders__isnull=False)
            .filter(unit__in=lens.communes.order_by().values("unit"))
            .order_by()
            .values("unit", "position")
            .annotate(
                people=Count("pk"),
                unexplained=Count("pk", filter=Q(shared_reason="")),
                holders=Max("position__holders"),
            )
            .filter(people__gt=F("holders"))
        )


class Communes(OfPlaces):
    """The communes, with `zone`, `last_roster`, `people` in the rates, `quota` by the class, and `vacancies`.

    Vacancies are the key positions (chức danh chủ chốt) that nobody holds, concurrently or not.
    """

    def rows(self, lens: Lens) -> QuerySet[Any]:
        day = lens.day
        size_class = UnitClass.objects.as_of(day).filter(unit=OuterRef(OuterRef("unit"))).values("size_class")
        quotas = StaffQuota.objects.as_of(day).filter(kind=OuterRef("kind"), size_class=Subquery(size_class))
        rosters = RosterDay.objects.filter(unit=OuterRef("unit"), day__lte=day).order_by("-day")
        held = CTE(self._held(lens), name="held")  # all posts in one go, and not commune by commune
        known = with_cte(held, select=held.join(lens.communes, unit=held.col.unit, _join_type=LOUTER)).annotate(
            zone=Subquery(UnitZone.objects.as_of(day).filter(unit=OuterRef("unit")).values("zone")),
            last_roster=Subquery(rosters.values("day")[:1]),
            people=Coalesce(held.col.people, Value(0)),
            held=Coalesce(held.col.positions, Value([], held.col.positions.output_field)),
            quota=Subquery(quotas.values("most")),
        )
        vacant = self.vacant(day).order_by().values("subgroup").annotate(number=Count("pk"))
        return known.annotate(vacancies=Coalesce(Subquery(vacant.values("number")), Value(0)))

    def detailed(self, rows: QuerySet[Any], lens: Lens) -> QuerySet[Any]:
        return rows.annotate(vacant=ArraySubquery(self.vacant(lens.day).order_by("order").values("title")))

    @staticmethod
    def _held(lens: Lens) -> QuerySet[Any]:
        """A row for each of the communes in which any post is held: `people` in the rates, and all `positions` held."""
        counts = in_force(lens.day, "position__") & Q(is_primary=True, position__group__in=JUDGED_GROUPS)
        posts = Appointment.objects.as_of(lens.day).filter(unit__in=lens.communes.order_by().values("unit"))
        found = posts.order_by().values("unit")
        return found.annotate(people=Count("pk", filter=counts), positions=ArrayAgg("position"))

    @staticmethod
    def vacant(day: date) -> QuerySet[Position]:
        """In a sub-query of communes: the key positions that nobody holds."""
        return Position.objects.as_of(day).filter(~Q(IsAmong("pk", OuterRef("held"))), subgroup=Position.Subgroup.KEY)


POSTS, RECORDS, TWINS, LEFT_BEHIND, SEATS, COMMUNES = Posts(), Records(), Twins(), LeftBehind(), Seats(), Communes()
