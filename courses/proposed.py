"""The names that a line of a plan keeps of those whom it was proposed for, and what has become of each since."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, QuerySet, TextChoices, Value, When

from cadres.asked_again import answer
from cadres.models import Qualification
from cadres.posts import with_post_on
from courses.models import Enrolment, ProposedPerson


class Since(TextChoices):
    """What has become of somebody since the proposal."""

    IN_CLASS = "in_class", "Đã vào lớp của dòng này"
    GONE = "gone", "Không còn giữ chức danh"
    HELD = "held", "Đã có trình độ này"
    WAITS = "waits", "Chờ cử vào lớp"


def with_since(named: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Names of lines, each with `since` (Since) on the day and the post held then (with_post_on)."""
    # Planned at all, says the condition of its own, so that no other class is gone through.
    enrolled = Enrolment.objects.filter(training_class__plan_line__isnull=False).filter(
        training_class__plan_line=OuterRef("line"), official=OuterRef("official"), state__in=Enrolment.SEATED
    )
    gives = "line__programme__raises_to__"
    held = Qualification.objects.as_of(day).filter(
        official=OuterRef("official"),
        level__dimension=OuterRef(f"{gives}dimension"),
        level__rank__gte=OuterRef(f"{gives}rank"),
    )
    since = Case(
        When(Exists(enrolled), then=Value(Since.IN_CLASS)),
        When(post_then=None, then=Value(Since.GONE)),
        When(Exists(held), then=Value(Since.HELD)),
        default=Value(Since.WAITS),
        output_field=CharField(),
    )
    return with_post_on(named, day).annotate(since=since)


def counted_since(named: QuerySet[Any], day: date) -> list[tuple[Since, int]]:
    """How many of the names there are of each, in the order of Since; one query."""
    rows = with_since(named, day).order_by().values("since").annotate(people=Count("pk"))
    people = {row["since"]: row["people"] for row in rows}
    return [(since, people[since]) for since in Since if since in people]


def names_of(lines: Iterable[int], day: date) -> Iterable[tuple[int, int, Since]]:
    """Line, official and what has become of the person, of the names that these lines keep, as they were kept; those
    that the second wall shows to the account; one query."""
    for line, official, since in answer(_names, tuple(lines), day, of_a_day=True):
        yield line, official, Since(since)


def _names(lines: tuple[int, ...], day: date) -> QuerySet[ProposedPerson, Any]:
    named = with_since(ProposedPerson.objects.filter(line__in=lines), day)
    return named.order_by("line", "pk").values_list("line", "official", "since")
