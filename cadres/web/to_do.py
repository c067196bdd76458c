"""A list narrowed to what is to be done in it: `?can_lam=` and a word of the list's to_do.py."""

from datetime import date
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db.models import Model, QuerySet

from cadres.models import User
from cadres.to_do import ToDo
from cadres.walls import wide
from cadres.web.filters import ALL, FilterForm, Offered

TO_DO = "can_lam"
M = TypeVar("M", bound=Model)


class ToDoFilter(FilterForm):
    """The filter `can_lam` of a list; it stands in no bar, a task leads to it."""

    can_lam = forms.ChoiceField(label="Việc cần làm", required=False)

    TO_DO: ClassVar[dict[str, ToDo]] = {}  # what may wait in the list

    def offered(self) -> dict[str, Offered]:
        return {**super().offered(), TO_DO: [ALL, *((word, one.told) for word, one in self.TO_DO.items())]}

    def waiting(self, rows: QuerySet[M, Any], user: User, day: date) -> QuerySet[M, Any]:
        """Of the rows (a scope) those that wait as the address asks; all where it does not ask."""
        if not (word := self.cleaned_data[TO_DO]):
            return rows
        with wide():  # what waits may hang on the people of others, as the seats of a class do
            keys = list(self.TO_DO[word].rows(user, day).order_by().values_list("pk", flat=True))
        return rows.filter(pk__in=keys)
