"""What the pages of attendance, results and certificates share: the people of a class with their posts."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from cadres.models import Appointment, UnitVersion
from cadres.periods import in_force
from courses.models import TrainingClass
from courses.results import pupils_of


def with_post_on(rows: QuerySet[Any], day: date | str, official: str = "official") -> QuerySet[Any]:
    """The rows with `position_title` and `commune_name`: of the primary post held on a day, else None.

    `day` is a date, or the way from a row to a date of its own; `official` the way to the person.
    """
    post_day: Any = day if isinstance(day, date) else OuterRef(day)
    commune_day: Any = day if isinstance(day, date) else OuterRef(OuterRef(day))
    post = Appointment.objects.filter(in_force(post_day), official=OuterRef(official), is_primary=True)
    commune = UnitVersion.objects.filter(in_force(commune_day), unit=OuterRef("unit"))
    return rows.annotate(
        position_title=Subquery(post.values("position__title")[:1]),
        commune_name=Subquery(post.annotate(told=Subquery(commune.values("name")[:1])).values("told")[:1]),
    )


def pupils_with_posts(training_class: TrainingClass) -> QuerySet[Any]:
    """The people who sit in the class, by name, each with the post of the day on which it started."""
    return with_post_on(pupils_of(training_class), training_class.start_date)
