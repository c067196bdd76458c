"""What kiểm tra, giám sát found on a class or an institution, its remedy and its day."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from cadres.history import signed
from cadres.models import User
from courses.access import classes_visible_to, institutions_of, is_institution
from courses.models import Inspection


def inspections_visible_to(user: User) -> QuerySet[Inspection]:
    """All of them; to an institution those of itself and of its classes."""
    if is_institution(user):
        own = Q(training_class__in=classes_visible_to(user)) | Q(institution__in=institutions_of(user))
        return Inspection.objects.filter(own)
    return Inspection.objects.all()


def open_on(inspections: QuerySet[Inspection], day: date) -> QuerySet[Inspection]:
    """Those that ask for a remedy which had not come by the day."""
    return inspections.exclude(remedy="").filter(Q(remedied_on=None) | Q(remedied_on__gt=day), on__lte=day)


def overdue_on(inspections: QuerySet[Inspection], day: date) -> QuerySet[Inspection]:
    """Those whose remedy had not come by its last day, before the day."""
    return open_on(inspections, day).filter(remedy_until__lt=day)


@signed
def save_inspection(inspection: Inspection, *, by: User, **values: Any) -> Inspection:
    """Record an inspection, or put a recorded one right. Raises ValidationError where a rule of the row refuses."""
    for name, value in values.items():
        setattr(inspection, name, value)
    inspection.full_clean()
    inspection.save()
    return inspection
