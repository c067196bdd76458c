"""Posts held in a position that has ended, and the position in which each goes on: the mapping of posts."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet

from cadres import registry
from cadres.access import unit_versions_in_scope, writable_by
from cadres.history import signed
from cadres.models import Appointment, Position, User
from cadres.periods import ended

APPOINT = "cadres.add_appointment"


def day_of_change() -> date | None:
    """The day after the last end of a position in which somebody goes on beyond it; None where nobody does."""
    ends = Position.objects.filter(end_date__isnull=False).order_by("-end_date").values_list("end_date", flat=True)
    for end in filter(None, ends.distinct()):
        after = end + timedelta(days=1)
        if Appointment.objects.lasting_to(after).filter(position__end_date=end).exists():
            return after
    return None


def in_ended_positions(day: date, user: User) -> QuerySet[Any]:
    """The posts held on the day in a position that has ended by then, of people and units that the account writes.

    Each with `commune` and `commune_code`, name and code of its unit on the day, None where that has ended too.
    """
    there = unit_versions_in_scope(user, APPOINT).as_of(day).filter(unit=OuterRef("unit"))
    ever = unit_versions_in_scope(user, APPOINT).values("unit")
    posts = writable_by(Appointment.objects.as_of(day).filter(ended(day, "position__"), unit__in=ever), user, APPOINT)
    return posts.annotate(commune=there.values("name")[:1], commune_code=there.values("code")[:1])


def refuse_beyond_holders(successor_of: Mapping[int, int], posts: Sequence[Appointment], day: date) -> None:
    """Raise ValidationError that names each post which more people would hold than may, and who they are.

    `successor_of`: key of one of the posts → key of the position in which it goes on.
    """
    wanted = [
        registry.Wanted(post.official_id, successor_of[post.pk], post.unit_id)
        for post in posts
        if post.pk in successor_of
    ]
    registry.refuse_beyond_holders(wanted, day, leaving=successor_of.keys())


@signed
def map_posts(
    successor_of: Mapping[int, int], posts: Sequence[Appointment], *, day: date, decision: str, by: User | None
) -> int:
    """Let posts go on in the positions given, from the day on; returns how many.

    Raises ValidationError, with nothing written, where more people would hold a post than may.
    """
    registry.lock_units({post.unit_id for post in posts if post.pk in successor_of})
    refuse_beyond_holders(successor_of, posts, day)
    return registry.follow_positions(successor_of, day=day, decision=decision, by=by)
