"""The names that a line of a plan keeps of those whom it was proposed for, and what has become of each since."""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, QuerySet, TextChoices, Value, When

from cadres.models import Qualification
from cadres.posts import with_post_on
from courses.models import Enrolment, PlanLine


class Since(TextChoices):
    """What has become of somebody since the proposal."""

    IN_CLASS = "in_class", "Đã vào lớp của dòng này"
    GONE = "gone", "Không còn giữ chức danh"
    HELD = "held", "Đã có trình độ này"
    WAITS = "waits", "Chờ cử vào lớp"


def with_since(named: QuerySet[Any], line: PlanLine, day: date) -> QuerySet[Any]:
    """Names of the line, each with `since` (Since) on the day and the post held then (with_post_on)."""
    enrolled = Enrolment.objects.filter(
        training_class__plan_line=line.pk, official=OuterRef("official"), state__in=Enrolment.SEATED
    )
    cases = [When(Exists(enrolled), then=Value(Since.IN_CLASS)), When(post_then=None, then=Value(Since.GONE))]
    if level := line.programme.raises_to:
        held = Qualification.objects.as_of(day).filter(official=OuterRef("official"))
        reached = held.filter(level__dimension=level.dimension_id, level__rank__gte=level.rank)
        cases.append(When(Exists(reached), then=Value(Since.HELD)))
    since = Case(*cases, default=Value(Since.WAITS), output_field=CharField())
    return with_post_on(named, day).annotate(since=since)


def counted_since(named: QuerySet[Any], line: PlanLine, day: date) -> list[tuple[Since, int]]:
    """How many of the names there are of each, in the order of Since; one query."""
    rows = with_since(named, line, day).order_by().values("since").annotate(people=Count("pk"))
    people = {row["since"]: row["people"] for row in rows}
    return [(since, people[since]) for since in Since if since in people]
