"""Who holds which post in which unit on a day, where the data of a unit begin, and who is left behind.

Whether a post meets its standard is another question (cadres.evaluation).
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from cadres.models import JUDGED_GROUPS, Appointment, Position, RosterDay, Unit, UnitVersion
from cadres.periods import in_force


def primary_posts(day: date, appointments: QuerySet[Appointment] | None = None) -> QuerySet[Appointment]:
    """The primary posts in force on the day, of all appointments or of those given (a scope)."""
    posts = Appointment.objects.all() if appointments is None else appointments
    return posts.filter(in_force(day), is_primary=True)


def data_begun(day: date) -> QuerySet[RosterDay, int]:
    """The keys of the units whose people are known on the day: one of their roster days has come."""
    return RosterDay.objects.filter(day__lte=day).values_list("unit", flat=True)


def default_day(now: date) -> date:
    """Today where somebody holds a post in force today; else the latest day for which there are data (decision 3)."""
    in_force_now = Position.objects.as_of(now).filter(group__in=JUDGED_GROUPS)
    posts_now = Appointment.objects.as_of(now).filter(position__in=in_force_now)
    latest = RosterDay.objects.order_by("-day").values_list("day", Exists(posts_now)).first()
    return latest[0] if latest and not latest[1] else now


def left_behind(day: date, appointments: QuerySet[Appointment] | None = None) -> QuerySet[Appointment]:
    """The primary posts held on the day in a unit or position that has ended: counted nowhere, to be put right."""
    unit_in_force = UnitVersion.objects.as_of(day).filter(unit=OuterRef("unit"))
    unit_before = UnitVersion.objects.filter(unit=OuterRef("unit"), end_date__lt=day)
    return primary_posts(day, appointments).filter(
        Q(position__end_date__lt=day) | ~Exists(unit_in_force) & Exists(unit_before), unit__in=data_begun(day)
    )


def units_below(unit: Unit, day: date) -> QuerySet[UnitVersion, int]:
    """The keys of the unit and of all units that lie below it on the day, or lay there when they ended."""
    last = UnitVersion.objects.filter(start_date__lte=day).order_by("unit", "-start_date").distinct("unit")
    versions = UnitVersion.objects.filter(pk__in=last.values("pk")).order_by()
    directly = versions.filter(parent=unit).values("unit")
    return versions.filter(Q(unit=unit) | Q(parent=unit) | Q(parent__in=directly)).values_list("unit", flat=True)
