"""The decision that approved a plan, or an amendment of it, put right: its number and day."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from cadres.history import correction
from cadres.models import User
from courses.planning.money import APPROVED


@correction
def correct_plan_decision(paper: Any, *, number: str, on: date, reason: str, by: User | None) -> Any:
    """Write what the decision on an approved plan or amendment really says. Raises ValidationError for a draft."""
    paper = type(paper).objects.select_for_update().get(pk=paper.pk)
    if paper.state != APPROVED:
        raise ValidationError("Chưa phê duyệt nên chưa có quyết định để đính chính.")
    paper.decision_number, paper.decision_date = number.strip(), on
    paper.full_clean()
    paper.save()
    return paper
