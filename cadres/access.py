"""On which rows an account may work. What it may do with them is roles.py; both are asked, one after the other.

Two questions, at two times:

*Reading*, `visible_to`: of the people of a unit while it has them, everything; of who has left, what was up to the day
they left and what the unit's accounts had entered. A list, count, chart or file of a day asks for the posts of that day
(`appointments_visible_to`): whose units lay in the scope then.

*Writing*, `writable_by`: only of whose latest primary post lies in the scope today.

Each asks for a permission: the scope is that of the grants whose role has it, so that who is a leader and the officer
of a district reads everything and writes the district. Where none is said it is that of looking, or of changing.

These are the only doors: everything that reaches a screen, a file or a form passes one of them, and a row outside
answers 404, like a row that does not exist.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.db.models.lookups import In
from django.http import Http404
from django.utils import timezone

from cadres import roles
from cadres.asked_again import Condition, answer
from cadres.models import (
    Appointment,
    ImportBatch,
    ImportRow,
    Installation,
    Official,
    OfficialIdentifier,
    PlannedPost,
    Publication,
    PublishedGroup,
    PublishedPost,
    Qualification,
    RoleGrant,
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
from cadres.models.units import UnitVersionQuerySet, answering
from cadres.periods import in_force, overlapping
from cadres.text import alphabetical

M = TypeVar("M", bound=models.Model)
FOREVER = date(9999, 12, 31)

# The way from a row to the official it is about, and to its first day, which may lie after the one somebody left on.
OF_OFFICIALS: dict[type[models.Model], tuple[str, str]] = {
    OfficialIdentifier: ("official", "start_date"),
    Appointment: ("official", "start_date"),
    Qualification: ("official", "start_date"),
    Waiver: ("official", "start_date"),
    PlannedPost: ("official", "start_date"),
    SetAside: ("official", "start_date"),
}
# The way from a row to its unit.
UNIT_PATH = {
    Unit: "pk",
    UnitVersion: "unit",
    UnitZone: "unit",
    UnitClass: "unit",
    UnitRelaxation: "unit",
    RosterDay: "unit",
}
# Copies of a day: seen where their unit lay in the scope on that day, and was given today.
OF_A_DAY = (PublishedPost, PublishedGroup)


# What somebody must be allowed to do so that the rows in question are those that are looked at.
VIEW = "cadres.view_official"


Scope = tuple[tuple[int, ...], tuple[int, ...]]  # keys of units given, and of those below them


class Given(list[int]):
    """The keys of units that are given to an account; `below` are those of the units one step below them, ever."""

    def __init__(self, units: Iterable[int] = (), below: Iterable[int] = ()) -> None:
        super().__init__(units)
        self.below = list(below)

    @property
    def kept(self) -> Scope:
        """As an argument of what is kept (cadres.asked_again)."""
        return tuple(self), tuple(self.below)


def units_given(user: User, permission: str = VIEW) -> Given | None:
    """The keys of the units for which the account has the permission today; None where it has it for every unit."""
    given = Given()
    for role, unit, below in user.grants_today:
        if permission in roles.permissions_of(frozenset((role,))):
            if role in roles.SEES_EVERY_UNIT or role == roles.ADMINISTRATOR:  # who sees units, and no people
                return None
            if unit is not None:
                given.append(unit)
                given.below += below
    return given


def _permission(model: type[models.Model], action: str) -> str:
    """The permission on the rows of a model; one that roles.py does not name goes with the person, or its parent."""
    parent: dict[type[models.Model], type[models.Model]] = {
        ImportRow: ImportBatch,
        PublishedPost: Publication,
        PublishedGroup: Publication,
    }
    model = parent.get(model, model)
    meta = (model if model._meta.label_lower in roles.TABLE else Official)._meta
    return f"{meta.app_label}.{action}_{meta.model_name}"


def _versions_in_scope(given: Given) -> UnitVersionQuerySet:
    """The unit versions that are a given unit, lie one or two steps below one, or are in a cluster that is given."""
    lying = Q(unit__in=given) | Q(parent__in=[*given, *given.below]) | Q(cluster__in=given)
    return UnitVersion.objects.filter(lying)


def versions_of(scope: Scope) -> UnitVersionQuerySet:
    """The same for what is kept (cadres.asked_again)."""
    return _versions_in_scope(Given(*scope))


def unit_versions_in_scope(user: User, permission: str = VIEW) -> UnitVersionQuerySet:
    """The unit versions in the account's scope: each while it lay there."""
    given = units_given(user, permission)
    return UnitVersion.objects.all() if given is None else _versions_in_scope(given)


def communes_in_scope(user: User, day: date, permission: str = VIEW) -> list[Any]:
    """The communes in the account's scope on the day, by name; each with what is above it and answers for it.

    Keys: unit, code, name, answering, above_unit, above_code, above_name, above_kind.
    """
    return _communes(units_given(user, permission), day)


def communes_on(day: date) -> list[Any]:
    """The same of all communes there are on the day, whoever looks: for places, which are no secret."""
    return _communes(None, day)


COMMUNE_COLUMNS = ("unit", "code", "name", "above_unit", "above_code", "above_name", "above_kind")


def _communes(given: Given | None, day: date) -> list[dict[str, Any]]:
    """The rows of the communes of the day in the scope of the units given; None: of all."""
    scope = None if given is None else given.kept
    rows = [dict(zip((*COMMUNE_COLUMNS, "answering"), row, strict=True)) for row in answer(_communes_asked, scope, day)]
    return sorted(rows, key=lambda row: (row["above_code"] or "", alphabetical(row["name"])))


def _communes_asked(scope: Scope | None, day: date) -> QuerySet[Any, Any]:
    versions = UnitVersion.objects.all() if scope is None else versions_of(scope)
    communes = versions.as_of(day).communes().with_above(day).order_by()
    return communes.values_list(*COMMUNE_COLUMNS, answering())


def units_visible_to(user: User, permission: str = VIEW) -> QuerySet[Unit]:
    """The units an account may see, those that have ended too."""
    given = units_given(user, permission)
    if given is None:
        return Unit.objects.all()
    return Unit.objects.filter(pk__in=_versions_in_scope(given).values("unit"))


def names_of_scope(user: User, day: date) -> list[str]:
    """The names, on the day, of the units given to the account; none for an account that sees every unit."""
    given = units_given(user)
    if given is None:
        return []
    versions = UnitVersion.objects.filter(unit__in=given).latest_by(day)
    return list(versions.order_by("unit").values_list("name", flat=True))


def lying_in_scope(user: User, day: Any, permission: str = VIEW) -> UnitVersionQuerySet:
    """The units that lie in the account's scope on the day (a date, an expression or an OuterRef), as they are then or
    were when they ended."""
    return _lying_on(unit_versions_in_scope(user, permission), day)


def units_seen_on(user: User, day: date) -> set[int] | None:
    """The keys of the units that lie in the account's scope on the day, or ended in it; None where it sees all."""
    if units_given(user) is None:
        return None
    return set(lying_in_scope(user, day).values_list("unit", flat=True))


# ---------------------------------------------------------------- reading


def appointments_visible_to(user: User, day: Any, permission: str = VIEW) -> QuerySet[Appointment]:
    """The posts of the units that lie in the account's scope on the day: what a list, a count or a file of it is of.

    `day` is a date, or an OuterRef to one. A commune that moved to another district is in the figures of each on the
    days on which it lay there. Those of the posts that are in force on the day are still to be asked for.
    """
    given = units_given(user, permission)
    if given is None:
        return Appointment.objects.all()
    if isinstance(day, date):
        return Appointment.objects.filter(Condition(_lying_there, given.kept, day, unit="unit"))
    return Appointment.objects.filter(unit__in=lying_in_scope(user, _inner(day), permission).values("unit"))


def _lying_there(scope: Scope, day: date, *, unit: Any) -> In:
    return In(unit, _lying_on(versions_of(scope), day).values("unit").query)


def visible_to(queryset: QuerySet[M], user: User) -> QuerySet[M]:
    """The rows of the queryset that the account may see.

    A catalogue (positions, standards, levels…) has no unit and is seen by all whose role may see it.
    """
    model = queryset.model
    permission = _permission(model, "view")
    given = units_given(user, permission)
    if given is None:
        return queryset
    if model is Official:
        return queryset.filter(Condition(_ever_in_scope, given.kept, official="pk"))
    if model in OF_OFFICIALS:
        official, day = OF_OFFICIALS[model]
        return queryset.filter(while_in_scope(user, permission, official=official, day=day))
    if model is ImportBatch:
        return queryset.filter(_batches_in_scope(user, permission))
    if model is ImportRow:
        seen = ImportBatch.objects.filter(_batches_in_scope(user, permission))
        return queryset.filter(batch__in=seen.values("pk"))
    if model is Publication:
        return queryset.filter(Q(unit=None) | Q(unit__in=units_visible_to(user, permission).values("pk")))
    if model in OF_A_DAY:
        then_in_scope = _versions_in_scope(given).as_of(OuterRef("publication__day")).filter(unit=OuterRef("unit_id"))
        return queryset.filter(Exists(then_in_scope))
    if path := UNIT_PATH.get(model):
        return queryset.filter(**{f"{path}__in": units_visible_to(user, permission).values("pk")})
    return queryset


def while_in_scope(
    user: User, permission: str, *, official: str, day: str, entered: tuple[str, str] | None = None
) -> Q:
    """The condition on rows about people: all of whom the account answers for today, of others those whose day was not
    after the last one on which they held a post in its scope.

    `official` and `day` are the ways from a row to the person and to that day; `entered` those to the account that
    entered it and to when, where what accounts of the scope had entered is seen anyway.
    """
    given = units_given(user, permission)
    if given is None:
        return Q()
    columns = {"official": official, "day": day}
    if entered:
        columns["by"], columns["on"] = entered
    return Q(Condition(_while_in_scope, given.kept, timezone.localdate(), **columns))


def _while_in_scope(scope: Scope, clock: date, *, official: Any, day: Any, by: Any = None, on: Any = None) -> Exists:
    given = Given(*scope)
    # One EXISTS, so that PostgreSQL joins the rows with the posts first and asks of those only. Likewise whether it is
    # one of today's people: of one person PostgreSQL asks that person only.
    today = _own_people(given, clock).filter(official=OuterRef("official"))
    lasting = Q(until__gte=day) | Q(Exists(today))
    if by is not None:
        lasting |= Q(_entered_by(given, by=by, on=on))
    return Exists(_posts_until(given).filter(lasting, official=official))


def _ever_in_scope(scope: Scope, *, official: Any) -> Exists:
    return Exists(Appointment.objects.filter(Exists(_then_in_scope(Given(*scope))), official=official))


def entered_in_scope(user: User, permission: str = VIEW, *, by: Any, on: Any) -> Exists:
    """The condition that a row was entered by an account that had one of this account's units then.

    `by` and `on` are the ways from a row to the account and to the day.
    """
    given = units_given(user, permission) or Given()
    return _entered_by(given, by=OuterRef(by), on=OuterRef(on))


def _entered_by(given: Given, *, by: Any, on: Any) -> Exists:
    return Exists(RoleGrant.objects.as_of(on).filter(user=by, unit__in=given))


def last_day_seen(user: User, official: Official) -> date | None:
    """Of somebody who has left the account's scope the last day of a post in it; None of whom it answers for today, or
    who still holds another post in it."""
    given = units_given(user)
    if given is None or writable_by(Official.objects.filter(pk=official.pk), user, VIEW).exists():
        return None
    held = _posts_until(given).filter(official=official)
    told = held.aggregate(last=Max("until"), today=Max(_today()))
    return None if told["last"] is None or told["last"] >= told["today"] else told["last"]


def held_in_scope(
    posts: QuerySet[Appointment], user: User, permission: str = "cadres.change_appointment"
) -> QuerySet[Appointment]:
    """Of the posts those that were held in a unit while that was in the account's scope."""
    given = units_given(user, permission)
    return posts if given is None else posts.filter(Exists(_then_in_scope(given)))


def _posts_until(given: Given) -> QuerySet[Any]:
    """The posts that were held in a unit while that was in the scope, each with the last day on which it was, `until`;
    a unit that came back has several."""
    return Appointment.objects.filter(
        overlapping(F("start_date"), Coalesce(F("end_date"), FOREVER), "unit__versions__"),
        unit__versions__in=_versions_in_scope(given),
    ).annotate(until=Least(Coalesce("end_date", FOREVER), Coalesce("unit__versions__end_date", FOREVER)))


def _then_in_scope(given: Given) -> UnitVersionQuerySet:
    """A sub-query of a post: the versions, of those in scope, that its unit had on one of its days."""
    return _versions_in_scope(given).filter(
        overlapping(OuterRef("start_date"), Coalesce(OuterRef("end_date"), FOREVER)), unit=OuterRef("unit")
    )


def _batches_in_scope(user: User, permission: str) -> Q:
    """The condition on imports: the unit lay in the scope on the day of the roster; what the account sent for a unit
    that was ever in it, it sees anyway."""
    scope = (units_given(user, permission) or Given()).kept
    on_its_day = Q(Condition(_on_its_day, scope, timezone.localdate(), batch="pk"))
    return on_its_day | _sent_by(user) & Q(Condition(_ever_there, scope, unit="unit"))


def _on_its_day(scope: Scope, clock: date, *, batch: Any) -> In:
    there = _lying_on(versions_of(scope), OuterRef("day_of_roster")).filter(unit=OuterRef("unit"))
    day = Coalesce("as_of", "chosen_day", _today(clock))
    on_its_day: QuerySet[Any] = ImportBatch.objects.alias(day_of_roster=day).filter(Exists(there))
    return In(batch, on_its_day.values("pk").query)


def _ever_there(scope: Scope, *, unit: Any) -> In:
    return In(unit, versions_of(scope).values("unit").query)


def _sent_by(user: User) -> Q:
    """The condition on imports that the account sent them, or the one that handed its work over to it."""
    return Q(created_by=user) | Q(created_by__succeeded_by=user)


# ---------------------------------------------------------------- writing


def writable_by(queryset: QuerySet[M], user: User, permission: str = "", *, official: str = "") -> QuerySet[M]:
    """The rows about people whom the account answers for: whose latest primary post lies in its scope today.

    A former district reads, it does not write. `permission` is what is done, where that is not to change such rows;
    `official` leads from a row to the person, where OF_OFFICIALS does not know it. Of imports: those of a unit that
    lies in the scope today, or that the account sent.
    """
    model: type[models.Model] = queryset.model
    permission = permission or _permission(model, "change")
    given = units_given(user, permission)
    if given is None:
        return queryset
    if model is ImportBatch:
        own = _sent_by(user) | Q(unit__in=lying_in_scope(user, _today(), permission).values("unit"))
        return queryset.filter(own & _batches_in_scope(user, permission))
    if not official:
        official = "pk" if model is Official else OF_OFFICIALS[model][0]
    return queryset.filter(Condition(_own_person, given.kept, timezone.localdate(), official=official))


def posts_writable_by(user: User, day: date, permission: str, *, is_today: bool) -> QuerySet[Appointment]:
    """The primary posts in force on the day, in units that lie in the account's scope then, of people whom it answers
    for today; all posts there are, where it answers for everybody.

    Today it answers for all who hold such a post, but for who has another one to come elsewhere: those few are asked
    for, and left out by name. Of another day it is looked up for each person.
    """
    given = units_given(user, permission)
    if given is None:
        return Appointment.objects.all()
    posts = appointments_visible_to(user, day, permission).filter(in_force(day), is_primary=True)
    if not is_today:
        return writable_by(posts, user, permission)
    moving = [key for (key,) in answer(_moving_on, given.kept, day)]
    if not moving:
        return posts
    own = writable_by(Official.objects.filter(pk__in=moving), user, permission)
    return posts.exclude(official__in=set(moving).difference(own.values_list("pk", flat=True)))


def _moving_on(scope: Scope, day: date) -> QuerySet[Appointment, Any]:
    """The people with a primary post that begins after the day, who held one in a unit that was ever in the scope."""
    there = Appointment.objects.filter(unit__in=versions_of(scope).values("unit"), is_primary=True)
    later = Appointment.objects.begun_after(day).filter(is_primary=True)
    return later.filter(official__in=there.values("official")).order_by().values_list("official")


def units_writable_on(user: User, day: date, permission: str = "cadres.change_official") -> set[int] | None:
    """The keys of the units whose people an account may write on the day; None where it may write everywhere."""
    given = units_given(user, permission)
    if given is None:
        return None
    return set(_versions_in_scope(given).as_of(day).values_list("unit", flat=True))


def units_in_scope_today(user: User, permission: str = "cadres.change_official") -> set[int]:
    """The keys of the units that lie in the account's scope today, or ended in it."""
    return set(lying_in_scope(user, _today(), permission).values_list("unit", flat=True))


def _own_person(scope: Scope, clock: date, *, official: Any) -> Exists:
    return Exists(_own_people(Given(*scope), clock).filter(official=official))


def _own_people(given: Given, clock: date) -> QuerySet[Appointment, Any]:
    """The keys of the officials whose latest primary post lies below the given units today, or lay there as it ended.

    Latest is the one that begins last: who is to leave has left, who is to come has come.
    """
    later = Appointment.objects.begun_after(OuterRef("start_date")).filter(
        official=OuterRef("official"), is_primary=True
    )
    day = Least(Coalesce("end_date", FOREVER), Greatest("start_date", _today(clock)))
    versions = _versions_in_scope(given)
    there = _lying_on(versions, OuterRef("day_of_post")).filter(unit=OuterRef("unit"))
    posts: QuerySet[Any] = Appointment.objects.filter(is_primary=True, unit__in=versions.values("unit"))
    # Primary posts of a person share no day: one that has no last day is the latest.
    return posts.alias(day_of_post=day).filter(Q(end_date=None) | ~Exists(later), Exists(there)).values("official")


def _today(clock: date | None = None) -> Coalesce:
    """Today, for the database: the clock, but in a demonstration a day of its own (cadres.installation)."""
    its_own = Installation.objects.values("demonstration_day")[:1]
    return Coalesce(Subquery(its_own), Value(clock or timezone.localdate()), output_field=DateField())


def _lying_on(versions: UnitVersionQuerySet, day: Any) -> UnitVersionQuerySet:
    """Of the versions those as which a unit is there on the day (a date, an expression or an OuterRef), or ended."""
    later = UnitVersion.objects.begun_after(OuterRef("start_date")).begun_by(_inner(day)).filter(unit=OuterRef("unit"))
    # Versions of a unit share no day, so only one that has ended has to be asked whether another began since.
    return versions.begun_by(day).filter(in_force(day) | Q(~Exists(later)))


def _inner(day: Any) -> Any:
    """A day as the sub-query of a query knows it."""
    return OuterRef(day) if isinstance(day, OuterRef) else day


def fetch_or_404(queryset: QuerySet[M], user: User, **lookup: Any) -> M:
    """Fetch one row through the scope. Raises Http404 where it is absent or out of scope, without telling which."""
    try:
        return visible_to(queryset, user).get(**lookup)
    except (ObjectDoesNotExist, ValueError, OverflowError) as error:
        raise Http404("Không tìm thấy, hoặc không thuộc đơn vị được giao.") from error
