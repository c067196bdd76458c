"""What a check finds, row by row: people with their posts, or communes with what is wrong there."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from cadres.models import Appointment, Position
from cadres.review.checks import Check
from cadres.review.sources import SEATS, Lens


def people_found_by(check: Check, lens: Lens) -> QuerySet[Any]:
    """The posts that a check of people finds, with all that their list says (`check.told`) and links to."""
    rows = check.source.rows(lens).filter(check.condition(lens))
    return check.source.detailed(rows, lens)


@dataclass
class Place:
    """A commune, or one of its posts, with what is found there."""

    unit_id: int
    commune_code: str
    commune_name: str
    district_code: str
    district_name: str
    told: str = ""
    position: Position | None = None
    posts: list[Appointment] = field(default_factory=list)  # of those who hold the post


def places_found_by(check: Check, lens: Lens) -> list[Place]:
    """The communes, or posts of communes, that a check of places finds, by district and name of the commune."""
    rows = check.source.detailed(check.source.rows(lens).filter(check.condition(lens)), lens)
    named = lens.communes.with_above(lens.day)
    communes = {
        row["unit"]: Place(row["unit"], row["code"], row["name"], row["above_code"] or "", row["above_name"] or "")
        for row in named.values("unit", "code", "name", "above_code", "above_name")
    }
    found = (
        _seats(list(rows), communes, lens) if check.source is SEATS else [(communes[row.unit_id], row) for row in rows]
    )
    for place, row in found:
        place.told = check.told(row, lens)
    places = [place for place, _ in found]
    places.sort(
        key=lambda place: (place.district_code, place.commune_name, place.position.order if place.position else 0)
    )
    return places


@dataclass
class _Seat:
    people: int
    posts: list[Appointment]


def _seats(rows: list[Any], communes: dict[int, Place], lens: Lens) -> list[tuple[Place, Any]]:
    """The posts found, each with those who hold it, who came first before who came last."""
    posts: dict[tuple[int, int], list[Appointment]] = {(row["unit"], row["position"]): [] for row in rows}
    held = Appointment.objects.as_of(lens.day).filter(
        unit__in={unit for unit, _ in posts}, position__in={position for _, position in posts}
    )
    for post in held.select_related("official", "position").order_by("start_date", "pk"):
        if (key := (post.unit_id, post.position_id)) in posts:
            posts[key].append(post)
    found = []
    for (unit, _), holders in posts.items():
        of = communes[unit]
        place = Place(of.unit_id, of.commune_code, of.commune_name, of.district_code, of.district_name)
        place.position, place.posts = holders[0].position, holders
        found.append((place, _Seat(len(holders), holders)))
    return found
