"""Who holds which post in which unit on a day, where the data of a unit begin, and who is left behind.

Whether a post meets its standard is another question (cadres.evaluation).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, FilteredRelation, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from cadres.models import JUDGED_GROUPS, Appointment, RosterDay, Unit, UnitVersion
from cadres.periods import PeriodQuerySet, begun, ended, in_force, in_force_then

# ---------------------------------------------------------------- the post of a day


def primary_posts(day: date, appointments: QuerySet[Appointment] | None = None) -> QuerySet[Appointment]:
    """The primary posts in force on the day, of all appointments or of those given (a scope)."""
    posts = Appointment.objects.all() if appointments is None else appointments
    return posts.filter(in_force(day), is_primary=True)


def with_post_on(rows: QuerySet[Any], day: date | F, *, official: str = "official") -> QuerySet[Any]:
    """Rows about people, with the post that each person held on a day: a date, or a date of the row such as F("on").

    `official` leads from a row to the person. The rows know the relations `post_then`, the primary appointment in force
    on the day; `version_then` and `zone_then`, its unit as it was then; `parent_then` and `cluster_then`, the unit
    above that (ABOVE_THEN is its key). Where there was none they are empty. Each costs a join only where it is used,
    and none adds a row.
    """
    held = f"{official}__appointments"
    counts = Q(**{f"{held}__is_primary": True, f"{held}__is_error": False})
    if isinstance(day, F):
        rows, day = rows.alias(day_then=day), F("day_then")  # the row of the day is joined before those it is asked of
    return rows.alias(
        post_then=FilteredRelation(held, condition=counts & in_force(day, f"{held}__")),
        version_then=in_force_then("post_then__unit__versions", day),
        zone_then=in_force_then("post_then__unit__zones", day),
        parent_then=in_force_then("version_then__parent__versions", day),
        cluster_then=in_force_then("version_then__cluster__versions", day),
    )


ABOVE_THEN = Coalesce("version_then__cluster", "version_then__parent")  # ABOVE, of the version of `with_post_on`
# What the relations of `with_post_on` tell, for `annotate(**POST_TOLD)`.
POST_TOLD = {
    "position_title": F("post_then__position__title"),
    "commune_name": F("version_then__name"),
    "district_id": ABOVE_THEN,
    "district_name": Coalesce("cluster_then__name", "parent_then__name"),
}


def nearest_first(posts: QuerySet[Appointment], day: Any, *, then_later: bool = False) -> QuerySet[Appointment]:
    """Order primary posts by person, and those of one by how near they are to a day (a date, or an OuterRef).

    First the one in force on the day; then those before it, from the last on; then those after it, from the next on.
    With `then_later` those after it come before those before it.
    """
    before, after = (2, 1) if then_later else (1, 2)
    place = Case(When(in_force(day), then=Value(0)), When(begun(day), then=Value(before)), default=after)
    the_next_on = Case(When(place=after, then=F("start_date")))
    return posts.alias(place=place).order_by("official_id", "place", the_next_on, "-start_date")


def latest_primary_post(official: str) -> PeriodQuerySet[Appointment]:
    """A sub-query: the primary post that begins last, of the person to whom `official` leads in the outer query."""
    return Appointment.objects.filter(official=OuterRef(official), is_primary=True).order_by("-start_date")[:1]


def left_for_good(day: date) -> PeriodQuerySet[Appointment]:
    """The primary posts that ended before the day without another one of the person having begun since, by the day."""
    followed = Appointment.objects.begun_after(OuterRef("end_date")).begun_by(day)
    since = followed.filter(official=OuterRef("official"), is_primary=True)
    return Appointment.objects.ended_before(day).filter(~Exists(since), is_primary=True)


def left_behind(day: date, appointments: QuerySet[Appointment] | None = None) -> QuerySet[Appointment]:
    """The primary posts held on the day in a unit or position that has ended: counted nowhere, to be put right."""
    unit_in_force = UnitVersion.objects.as_of(day).filter(unit=OuterRef("unit"))
    unit_before = UnitVersion.objects.ended_before(day).filter(unit=OuterRef("unit"))
    return primary_posts(day, appointments).filter(
        ended(day, "position__") | ~Exists(unit_in_force) & Exists(unit_before), unit__in=data_begun(day)
    )


# ---------------------------------------------------------------- of which units


def units_below(unit: Unit, day: date) -> QuerySet[UnitVersion, int]:
    """The keys of the unit and of all units that lie below it on the day (are in the cluster), or did as they ended."""
    versions = UnitVersion.objects.latest_by(day).order_by()
    directly = versions.filter(parent=unit).values("unit")
    below = Q(unit=unit) | Q(parent=unit) | Q(parent__in=directly) | Q(cluster=unit)
    return versions.filter(below).values_list("unit", flat=True)


def data_begun(day: date) -> QuerySet[RosterDay, int]:
    """The keys of the units whose people are known on the day: one of their roster days has come."""
    return RosterDay.objects.filter(day__lte=day).values_list("unit", flat=True)


def first_day_of_data(unit: Unit | None = None) -> date | None:
    """The day from which the people of the unit (of any unit) are known; None where they never were."""
    known = RosterDay.objects.filter(unit=unit) if unit else RosterDay.objects.all()
    return known.aggregate(first=Min("day"))["first"]


def first_days_of_data() -> dict[int, date]:
    """Key of a unit whose people are ever known → the day from which they are."""
    return dict(RosterDay.objects.values("unit").annotate(first=Min("day")).values_list("unit", "first"))


def year_ends_with_data(until: date) -> list[date]:
    """The ends of the years from the first day of data on, up to the day and the year of the last roster."""
    known = RosterDay.objects.filter(day__lte=until).aggregate(first=Min("day"), last=Max("day"))
    if known["first"] is None:
        return []
    ends = (date(year, 12, 31) for year in range(known["first"].year, known["last"].year + 1))
    return [end for end in ends if end <= until]


def known_on_both(before: date, after: date) -> QuerySet[UnitVersion, int]:
    """The keys of the units in force, with their data begun, on both days."""
    there = UnitVersion.objects.as_of(before).filter(unit__in=UnitVersion.objects.as_of(after).values("unit"))
    return there.filter(unit__in=data_begun(min(before, after))).values_list("unit", flat=True)


def nearest_day_of_data(day: date, posts_of: Callable[[Any], QuerySet[Appointment]]) -> date | None:
    """The day itself where somebody counts on it; else the roster day nearest to it on which somebody does: the last
    before it, or where there is none the first after it. None where no day has anybody. `posts_of` a day are a scope.
    """
    if _counting(day, posts_of(day)).filter(unit__in=data_begun(day)).exists():
        return day
    counting = _counting(OuterRef("day"), posts_of(OuterRef("day")))
    rosters = RosterDay.objects.filter(Exists(counting.filter(unit=OuterRef("unit"))))
    found = rosters.aggregate(before=Max("day", filter=Q(day__lt=day)), after=Min("day", filter=Q(day__gt=day)))
    return found["before"] or found["after"]


def _counting(day: Any, appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """The primary posts of the two groups whose unit and position are in force too on the day."""
    there = in_force(day) & in_force(day, "position__") & in_force(day, "unit__versions__")
    return appointments.filter(there, is_primary=True, position__group__in=JUDGED_GROUPS)
