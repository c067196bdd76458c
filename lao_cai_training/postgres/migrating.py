"""Migrations to the same tables in half the time, as those of a new database take.

Django makes the models that a migration speaks of anew with each of its operations, and each field of them from what it
was made with: nine of ten seconds. Within `quick_states`

* a field is copied, as Django itself does with those of an abstract model, not taken to pieces and put together;
* a constraint or an index, on which no other model hangs, is told to the model that has it, which stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy, deepcopy
from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Field

STATE: Any = ProjectState
MODEL: Any = ModelState
RENDER, APPEND = MODEL.render, STATE._append_option


class Copied:
    """Stands for a field while a model is made of it: asked for another one like it, it gives a copy."""

    def __init__(self, field: Any) -> None:
        self.field = field

    def clone(self) -> Any:
        """A model has its fields in the order in which they were made."""
        made = deepcopy(self.field)
        if not made.auto_created:
            made.creation_counter = Field.creation_counter
            Field.creation_counter += 1
        return made


def render_of_copies(state: Any, apps: Any) -> Any:
    """In place of `ModelState.render`."""
    of_copies = copy(state)
    of_copies.fields = {name: Copied(field) for name, field in state.fields.items()}
    return RENDER(of_copies, apps)


def append_in_place(state: Any, app_label: str, model_name: str, option_name: str, added: Any) -> None:
    """In place of `ProjectState._append_option`: for constraints and indexes."""
    options = state.models[app_label, model_name].options
    options[option_name] = [*options[option_name], added]
    if "apps" in state.__dict__:  # the models have been made
        setattr(state.apps.get_model(app_label, model_name)._meta, option_name, options[option_name])


@contextmanager
def quick_states() -> Iterator[None]:
    """For commands: it holds for the whole process."""
    MODEL.render, STATE._append_option = render_of_copies, append_in_place
    try:
        yield
    finally:
        MODEL.render, STATE._append_option = RENDER, APPEND
