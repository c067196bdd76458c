"""On which classes and enrolments an account may work; what it may do there is cadres/roles.py.

A class is seen by all who see training, except that an institution sees its own only. The people in it are seen by
those who see them in the registry (cadres.access), and by the institution that teaches them.
"""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from cadres import roles
from cadres.access import appointments_visible_to, unit_versions_in_scope, units_visible_to
from cadres.models import Unit, User
from courses.models import (
    Certificate,
    Commitment,
    DistrictSubmission,
    Enrolment,
    Institution,
    InstitutionAccount,
    TrainingClass,
    TrainingMeasure,
)


def is_institution(user: User) -> bool:
    """Whether the account works for training institutions and holds no role that sees people elsewhere."""
    return user.roles_today == {roles.TRAINING_INSTITUTION}


def institutions_of(user: User) -> QuerySet[Institution]:
    """The institutions given to the account now. Who may look is a matter of today, not of the day looked at."""
    given = InstitutionAccount.objects.as_of(timezone.localdate()).filter(user=user)
    return Institution.objects.filter(pk__in=given.values("institution"))


def classes_visible_to(user: User) -> QuerySet[TrainingClass]:
    """The classes an account may open; a row outside answers 404."""
    if is_institution(user):
        return TrainingClass.objects.filter(institution__in=institutions_of(user))
    return TrainingClass.objects.all()


def enrolments_visible_to(user: User) -> QuerySet[Enrolment]:
    """The enrolments of people in the account's scope; of an institution, those of its classes."""
    if is_institution(user):
        return Enrolment.objects.filter(training_class__in=classes_visible_to(user))
    if user.sees_every_unit:
        return Enrolment.objects.all()
    return Enrolment.objects.filter(official__in=appointments_visible_to(user).values("official"))


def certificates_visible_to(user: User) -> QuerySet[Certificate]:
    if user.sees_every_unit:
        return Certificate.objects.all()
    return Certificate.objects.filter(enrolment__in=enrolments_visible_to(user))


def commitments_visible_to(user: User) -> QuerySet[Commitment]:
    if user.sees_every_unit:
        return Commitment.objects.all()
    return Commitment.objects.filter(enrolment__in=enrolments_visible_to(user))


def measures_visible_to(user: User) -> QuerySet[TrainingMeasure]:
    if user.sees_every_unit:
        return TrainingMeasure.objects.all()
    return TrainingMeasure.objects.filter(enrolment__in=enrolments_visible_to(user))


def submissions_visible_to(user: User) -> QuerySet[DistrictSubmission]:
    """What districts said in campaigns; a district sees its own only."""
    return DistrictSubmission.objects.filter(district__in=units_visible_to(user))


def districts_of(user: User, day: date) -> QuerySet[Unit]:
    """The districts (from 1/7/2025 the province) above the communes in the account's scope on the day."""
    return Unit.objects.filter(pk__in=unit_versions_in_scope(user).districts_on(day).values("unit"))
