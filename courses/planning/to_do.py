"""What is to be done about the training plans (cadres/to_do.py)."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from cadres.models import User
from cadres.to_do import ToDo
from courses.models import FundingSource, PlanAmendment, TrainingPlan
from courses.planning.money import holding_lines_of

DRAFT = TrainingPlan.State.DRAFT


def _to_come(day: date) -> QuerySet[TrainingPlan]:
    return TrainingPlan.objects.filter(year__gte=day.year)


def _over_budget(user: User, day: date) -> QuerySet[TrainingPlan, Any]:
    """Plans of this year on whose lines cost more than the budget of a source has, as SourceTotal.over_budget says."""
    found, over = _to_come(day), Q()
    for source in FundingSource.values:
        cost = holding_lines_of("plan").annotate(cost=Sum(f"cost_{source}")).values("cost")
        found = found.alias(**{f"planned_{source}": Coalesce(Subquery(cost), 0)})
        over |= Q(**{f"planned_{source}__gt": F(f"budget_{source}")})
    return found.filter(over)


def _to_approve(user: User, day: date) -> QuerySet[TrainingPlan, Any]:
    """Drafts, and plans with an amendment in the making, on which the account has had no hand."""
    amended = PlanAmendment.objects.filter(~Q(authors__contains=[user.pk]), plan=OuterRef("pk"), state=DRAFT)
    own = Q(state=DRAFT) & ~Q(authors__contains=[user.pk])
    return _to_come(day).filter(own | Exists(amended))


PLANS = {
    "vuot_du_toan": ToDo("kế hoạch vượt dự toán", _over_budget),
    "phe_duyet": ToDo("kế hoạch, điều chỉnh chờ phê duyệt", _to_approve),
}
