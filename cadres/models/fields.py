"""Fields that several tables share."""

from typing import Any

from django.db import models


class ClockTime(models.Func):
    """The moment by the clock of the database, which all processes share; it moves on within a transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class ChangedAtField(models.DateTimeField):
    """When the row was last written, by whatever way: an undo leaves alone what has been changed since its import.

    Set by save(); updates of many rows set it themselves (bulk.update_rows does).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"editable": False, "db_default": ClockTime(), **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return ClockTime()
