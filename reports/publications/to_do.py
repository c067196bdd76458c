"""What is to be done about published figures (cadres/to_do.py)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from cadres.models import Criterion, Publication, PublicationProposal, RosterDay, User
from cadres.to_do import ToDo
from reports.publications.proposing import PUBLISH


def last_year_end(day: date) -> date:
    """The 31 December on the day or last before it."""
    end = date(day.year, 12, 31)
    return end if end == day else date(day.year - 1, 12, 31)


def criteria_due(day: date) -> QuerySet[Criterion, Any]:
    """The criterion of the province's rate where the figure of the last year end is not published: one row, or none.

    The other criteria, days and scopes are published as somebody wants them.
    """
    end = last_year_end(day)
    published = Publication.objects.filter(criterion=OuterRef("pk"), day=end, scope_code="", withdrawal=None)
    known = RosterDay.objects.filter(day__lte=end)
    return Criterion.objects.filter(Exists(known), ~Exists(published), code=settings.DEFAULT_CRITERION)


def _to_publish(user: User, day: date) -> QuerySet[PublicationProposal, Any]:
    if not user.has_perm(PUBLISH):
        return PublicationProposal.objects.none()
    return PublicationProposal.objects.waiting().exclude(proposed_by=user.pk)


PROPOSALS = {"cong_bo": ToDo("đề nghị chờ công bố", _to_publish)}
DUE = ToDo("số liệu cuối năm của toàn tỉnh chưa công bố", lambda user, day: criteria_due(day))
