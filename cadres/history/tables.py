"""The tables of the history as Django knows them, and which permission speaks of the rows of one."""

from functools import cache

from django.apps import apps
from django.db.models import Model

from cadres.history.triggers import recorded
from cadres.roles import TABLE


@cache
def models() -> dict[str, type[Model]]:
    """Table → model, of all that Django knows."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def permission_on(table: str, action: str) -> str | None:
    """The permission to view, change … rows of a recorded table: a table that roles.py does not name is a part of
    another, and goes with that. None where neither is named."""
    model = models().get(table)
    if model is not None and model._meta.label_lower in TABLE:
        return f"{model._meta.app_label}.{action}_{model._meta.model_name}"
    above = recorded()[table].parent_table
    return permission_on(above, action) if above else None
