"""On which classes and enrolments an account may work; what it may do there is cadres/roles.py.

A class is seen by all who see training, except that an institution sees its own only. The people in it are seen by
those who see them in the registry (cadres.access), and by the institution that teaches them: of who has left a
district it goes on seeing the classes that began before, and those to which it sent the person itself.
"""

from datetime import date
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Least, TruncDate
from django.utils import timezone

from cadres import roles
from cadres.access import (
    Scope,
    lying_in_scope,
    unit_versions_in_scope,
    units_given,
    versions_of,
    while_in_scope,
)
from cadres.asked_again import answer
from cadres.models import Appointment, Unit, User
from cadres.periods import in_force
from courses.models import (
    Certificate,
    Commitment,
    DistrictSubmission,
    Enrolment,
    Institution,
    InstitutionAccount,
    ProposedPerson,
    TrainingClass,
    TrainingMeasure,
    YearMeasure,
)

M = TypeVar("M", bound=Model)
VIEW, SEND, REGISTER = "courses.view_enrolment", "courses.add_enrolment", "courses.add_registeredneed"


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
    """The enrolments of people in the account's scope; of who has left it, those up to then and those that it entered.

    An enrolment is of the day of the nomination, or of the class's first day where that came before. Of an institution,
    those of its classes.
    """
    taught = Q(training_class__institution__in=institutions_of(user))
    if is_institution(user):
        return Enrolment.objects.filter(taught)
    if units_given(user, VIEW) is None:
        return Enrolment.objects.all()
    dated = Enrolment.objects.alias(queued_on=TruncDate("queued_at")).alias(
        first_day=Least("queued_on", "training_class__start_date")
    )
    sent = ("nominated_by", "queued_on")
    seen = while_in_scope(user, VIEW, official="official", day="first_day", entered=sent)
    return dated.filter(seen | taught if user.has_role(roles.TRAINING_INSTITUTION) else seen)


def enrolments_counted_for(user: User) -> QuerySet[Enrolment]:
    """The enrolments that are in the figures of the account's units: each is of the unit of the post that the person
    held on the class's first day; where there was none, of whoever sees the person's."""
    if units_given(user, VIEW) is None:
        return Enrolment.objects.all()
    first_day = OuterRef("training_class__start_date")
    anywhere = Appointment.objects.as_of(first_day).filter(official=OuterRef("official"), is_primary=True)
    here = anywhere.filter(
        in_force(first_day, "unit__versions__"), unit__versions__in=unit_versions_in_scope(user, VIEW)
    )
    found = (Enrolment.objects.filter(Exists(here)), enrolments_visible_to(user).filter(~Exists(anywhere)))
    with_post, without = (rows.order_by().values("pk") for rows in found)
    return Enrolment.objects.filter(Q(pk__in=with_post) | Q(pk__in=without))


def certificates_visible_to(user: User) -> QuerySet[Certificate]:
    return _of_enrolments(Certificate.objects.all(), user, "courses.view_certificate", day="issued_on")


def commitments_visible_to(user: User) -> QuerySet[Commitment]:
    return _of_enrolments(Commitment.objects.all(), user, "courses.view_commitment", day="signed_on")


def measures_visible_to(user: User) -> QuerySet[TrainingMeasure]:
    return _of_enrolments(TrainingMeasure.objects.all(), user, "courses.view_trainingmeasure", day="on")


def year_measures_visible_to(user: User) -> QuerySet[YearMeasure]:
    """Measures for the tiết of a year, of people in the scope, and of who has left it up to then."""
    permission = "courses.view_yearmeasure"
    if units_given(user, permission) is None:
        return YearMeasure.objects.all()
    return YearMeasure.objects.filter(while_in_scope(user, permission, official="official", day="on"))


def proposed_visible_to(user: User) -> QuerySet[ProposedPerson]:
    """The names that plans keep, of people in the scope; of who has left it, those proposed up to then."""
    permission = "courses.view_trainingplan"
    if units_given(user, permission) is None:
        return ProposedPerson.objects.all()
    return ProposedPerson.objects.filter(while_in_scope(user, permission, official="official", day="proposed_on"))


def _of_enrolments(rows: QuerySet[M], user: User, permission: str, *, day: str) -> QuerySet[M]:
    """What came of enrolments: of people in the scope, and of who has left it up to then; `day` is that of a row."""
    taught = Q(enrolment__training_class__institution__in=institutions_of(user))
    if is_institution(user):
        return rows.filter(taught)
    if units_given(user, permission) is None:
        return rows
    seen = while_in_scope(user, permission, official="enrolment__official", day=day)
    return rows.filter(seen | taught if user.has_role(roles.TRAINING_INSTITUTION) else seen)


def submissions_visible_to(user: User, permission: str = "courses.view_registeredneed") -> QuerySet[DistrictSubmission]:
    """What districts said in campaigns; an account sees those of what lay in its scope when the campaign began."""
    if units_given(user, permission) is None:
        return DistrictSubmission.objects.all()
    then = lying_in_scope(user, OuterRef("campaign__opens_on"), permission).filter(unit=OuterRef("district"))
    return DistrictSubmission.objects.filter(Exists(then))


def sends_own(user: User) -> bool:
    """Whether the account sends people to classes, and only those of units given to it."""
    return user.has_perm(SEND) and units_given(user, SEND) is not None


def districts_of(user: User, day: date) -> QuerySet[Unit]:
    """The units that answer for the communes whose people the account may send, on the day: districts; from 1/7/2025
    clusters, and communes that are in none."""
    return Unit.objects.filter(pk__in=unit_versions_in_scope(user, SEND).answering_on(day).values("unit"))


def keys_of_districts(user: User, day: date) -> tuple[int, ...]:
    """The same as keys, for an account to which units are given."""
    given = units_given(user, SEND)
    assert given is not None
    return tuple(key for (key,) in answer(_districts_asked, given.kept, day))


def _districts_asked(scope: Scope, day: date) -> QuerySet[Any, Any]:
    return versions_of(scope).answering_on(day).order_by("unit").values_list("unit")
