"""The communes of an account as drop-down lists offer them, below the units above them; and what those are called.

Above communes are districts until 30/6/2025, since then clusters, and the province where there are none: a page says
what there is on its day.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from cadres.asked_again import answer
from cadres.models import NO_ZONE, UnitVersion, UnitZone, Zone

TITLES = {
    UnitVersion.Kind.DISTRICT: "Huyện, thị xã, thành phố",
    UnitVersion.Kind.CLUSTER: "Cụm xã",
    UnitVersion.Kind.PROVINCE: "Tỉnh",
}


def title_above(kinds: Iterable[str]) -> str:
    """What units above communes are called together that are of these kinds: “Cụm xã” of clusters and a province."""
    there = set(kinds)
    return next((title for kind, title in TITLES.items() if kind in there), TITLES[UnitVersion.Kind.PROVINCE])


def title_above_on(day: date) -> str:
    """What the units above communes are called together on the day; one query."""
    between = UnitVersion.objects.as_of(day).filter(kind__in=UnitVersion.BETWEEN_KINDS).order_by()
    return title_above(between.values_list("kind", flat=True).distinct())


def names_answering(day: date) -> dict[int, str]:
    """Key → name of the units that answer for communes on the day (UnitVersion.objects.answering_on), by code."""
    return dict(answer(_answering, day))


def _answering(day: date) -> QuerySet[UnitVersion, Any]:
    return UnitVersion.objects.answering_on(day).values_list("unit", "name")


def title_offered(communes: list[Any]) -> str:
    """What the units above the communes (access.communes_in_scope) are called together."""
    return title_above(row["above_kind"] for row in communes)


def districts_offered(communes: list[Any]) -> dict[str, str]:
    """Code → name of the units above the communes (access.communes_in_scope), in their order."""
    return {row["above_code"]: row["above_name"] for row in communes}


def communes_offered(communes: list[Any], *, key: str = "code", district: str | None = None) -> list[Any]:
    """The communes as choices (`key`, name) below the names of what is above them; of one of those where given."""
    return [
        (name, [(row[key], row["name"]) for row in communes if row["above_code"] == code])
        for code, name in districts_offered(communes).items()
        if district in (None, "", code)
    ]


NONE = "none"
# What a filter by zone offers: each zone, and what nothing is recorded of.
ZONES = [("", "Tất cả"), *((str(zone.value), zone.in_full) for zone in Zone), (NONE, NO_ZONE)]


def zone_asked(value: str) -> int | None:
    """The zone that a value of the filter means; None where nothing is recorded."""
    return None if value == NONE else int(value)


def in_zone(zone: int | None, day: date) -> Q:
    """The condition on rows with a `unit` that it lies in the zone on the day; None: that nothing is recorded of it."""
    recorded = UnitZone.objects.as_of(day)
    if zone is None:
        return ~Q(unit__in=recorded.values("unit"))
    return Q(unit__in=recorded.filter(zone=zone).values("unit"))
