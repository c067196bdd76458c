"""On which rows an account may work. What it may do with them is roles.py; both are asked, one after the other.

`visible_to` and `writable_by` are the only doors: everything that reaches a screen, a file or a form passes one of
them, and a row outside answers 404, like a row that does not exist.
"""

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404

from cadres.models import (
    Appointment,
    ImportBatch,
    ImportRow,
    Official,
    OfficialIdentifier,
    Publication,
    PublishedGroup,
    PublishedPost,
    Qualification,
    RosterDay,
    SetAside,
    Unit,
    UnitClass,
    UnitRelaxation,
    UnitVersion,
    UnitZone,
    User,
    Waiver,
)
from cadres.models.units import UnitVersionQuerySet
from cadres.periods import in_force_then, overlapping
from cadres.posts import latest_primary_post

M = TypeVar("M", bound=models.Model)
FOREVER = date(9999, 12, 31)

# The way from a row to the official it belongs to, and from a row to its unit.
OFFICIAL_PATH = {
    Official: "pk",
    OfficialIdentifier: "official",
    Qualification: "official",
    Waiver: "official",
    SetAside: "official",
}
UNIT_PATH = {
    Unit: "pk",
    UnitVersion: "unit",
    UnitZone: "unit",
    UnitClass: "unit",
    UnitRelaxation: "unit",
    RosterDay: "unit",
    ImportBatch: "unit",
    ImportRow: "batch__unit",
}
# Copies of a day: seen where their unit lay in the scope on that day, and was given today.
OF_A_DAY = (PublishedPost, PublishedGroup)


def _given_units(user: User) -> list[int]:
    """The keys of the account's units now."""
    return [grant.unit for grant in user.grants_today if grant.unit is not None]


def units_given(user: User) -> list[int] | None:
    """The keys of the units given to the account; None for an account that sees every unit."""
    return None if user.sees_every_unit else _given_units(user)


def _versions_in_scope(user: User) -> UnitVersionQuerySet:
    """The unit versions that are a given unit, or lie one or two steps below one."""
    given = _given_units(user)
    below = UnitVersion.objects.filter(parent__in=given).values("unit")
    return UnitVersion.objects.filter(Q(unit__in=given) | Q(parent__in=given) | Q(parent__in=below))


def unit_versions_in_scope(user: User) -> UnitVersionQuerySet:
    """The unit versions an account may put people into: each while it lay in the account's scope."""
    return UnitVersion.objects.all() if user.sees_every_unit else _versions_in_scope(user)


def communes_in_scope(user: User, day: date) -> list[Any]:
    """The communes an account may put people into on the day, by name, each with the unit above it.

    Keys: unit, code, name, above_unit, above_code, above_name.
    """
    return list(
        unit_versions_in_scope(user)
        .as_of(day)
        .communes()
        .annotate(above=in_force_then("parent__versions", day))
        .order_by("above__code", "name")
        .values(
            "unit", "code", "name", above_unit=F("parent"), above_code=F("above__code"), above_name=F("above__name")
        )
    )


def units_visible_to(user: User) -> QuerySet[Unit]:
    """The units an account may see, those that have ended too."""
    if user.sees_every_unit:
        return Unit.objects.all()
    return Unit.objects.filter(pk__in=_versions_in_scope(user).values("unit"))


def units_writable_on(user: User, day: date) -> set[int] | None:
    """The keys of the units whose people an account may write on the day; None where it may write everywhere."""
    if user.sees_every_unit:
        return None
    return set(_versions_in_scope(user).as_of(day).values_list("unit", flat=True))


def names_of_scope(user: User, day: date) -> list[str]:
    """The names, on the day, of the units given to the account; none for an account that sees every unit."""
    if user.sees_every_unit:
        return []
    given = UnitVersion.objects.filter(unit__in=_given_units(user)).latest_by(day)
    return list(given.order_by("unit").values_list("name", flat=True))


def appointments_visible_to(user: User) -> QuerySet[Appointment]:
    """The posts held in a unit while that unit was in the account's scope.

    A commune that moved to another district is seen by both, each for its own time.
    """
    if user.sees_every_unit:
        return Appointment.objects.all()
    then_in_scope = _versions_in_scope(user).filter(
        overlapping(OuterRef("start_date"), Coalesce(OuterRef("end_date"), FOREVER)), unit=OuterRef("unit")
    )
    return Appointment.objects.filter(Exists(then_in_scope))


def visible_to(queryset: QuerySet[M], user: User) -> QuerySet[M]:
    """The rows of the queryset that the account may see.

    A catalogue (positions, standards, levels…) has no unit and is seen by all whose role may see it.
    """
    model = queryset.model
    if user.sees_every_unit:
        return queryset
    if model is Appointment:
        return queryset.filter(pk__in=appointments_visible_to(user).values("pk"))
    if model is Publication:
        return queryset.filter(Q(unit=None) | Q(unit__in=units_visible_to(user).values("pk")))
    if model in OF_A_DAY:
        then_in_scope = _versions_in_scope(user).as_of(OuterRef("publication__day")).filter(unit=OuterRef("unit_id"))
        return queryset.filter(Exists(then_in_scope))
    if path := OFFICIAL_PATH.get(model):
        return queryset.filter(**{f"{path}__in": appointments_visible_to(user).values("official")})
    if path := UNIT_PATH.get(model):
        return queryset.filter(**{f"{path}__in": units_visible_to(user).values("pk")})
    return queryset


def writable_by(queryset: QuerySet[Official], user: User) -> QuerySet[Official]:
    """The officials whose latest primary post is in the account's scope: a former district reads, it does not write."""
    if user.sees_every_unit:
        return queryset
    mine = appointments_visible_to(user).values("pk")
    return queryset.alias(latest_post=latest_primary_post("pk").values("pk")).filter(latest_post__in=mine)


def fetch_or_404(queryset: QuerySet[M], user: User, **lookup: Any) -> M:
    """Fetch one row through the scope. Raises Http404 where it is absent or out of scope, without telling which."""
    try:
        return visible_to(queryset, user).get(**lookup)
    except (ObjectDoesNotExist, ValueError, OverflowError) as error:
        raise Http404("Không tìm thấy, hoặc không thuộc đơn vị được giao.") from error
