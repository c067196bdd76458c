"""The list behind a figure: every number on a page leads to exactly the people it counts."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from cadres.models import Criterion
from cadres.working_day import CRITERION, DAY


def people_address(day: date, criterion: Criterion, **filters: str | int | None) -> str:
    """The address of the official list on the day, by the criterion, with filters named as in the list's own address.

    A filter that is None is left out: people_address(day, full, huyen="085", ket_qua="compliant").
    """
    query = {
        DAY: day.isoformat(),
        CRITERION: criterion.code,
        **{key: value for key, value in filters.items() if value is not None},
    }
    return f"{reverse('cadres:official-list')}?{urlencode(query)}"
