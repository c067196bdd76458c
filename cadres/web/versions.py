"""Two people at one form: nothing that the first has written is lost unseen to the second.

A form over a row is handed out with what each field held then (Django's hidden initial values). When it is sent, the
row is locked and read anew, and each field has three values: what it held, what it holds now, what was typed. Where
only one of the two people changed a field, that change stays. Where both did, the form comes back with both, and the
second chooses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms.widgets import Input
from django.http import Http404, HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from cadres.models import Change

M = TypeVar("M", bound=models.Model)

NOTHING = "(trống)"
YES_NO = {True: "có", False: "không", None: "không rõ"}
CHOICE, MINE, THEIRS = "chon", "cua_toi", "cua_nguoi_kia"
LOOKED_BACK = 20  # changes of a row among which the one of a field is looked for

_merged: ContextVar[list[str]] = ContextVar("merged")


@contextmanager
def merging() -> Iterator[list[str]]:
    """Within it, forms tell here of what others changed meanwhile and was kept."""
    token = _merged.set([])
    try:
        yield _merged.get()
    finally:
        _merged.reset(token)


class OverRow:
    """Before forms.Form or forms.ModelForm: a form over a row that is there, `row` or the model form's instance.

    Without such a row (a form that makes one) it is a form like any other. A plain form begins with what the row holds
    in its fields; what a view says of them otherwise (`initial`) goes before.
    """

    def __init__(self, *args: Any, row: models.Model | None = None, **kwargs: Any) -> None:
        row = row or kwargs.get("instance")
        self.row = row if row is not None and row.pk is not None else None
        data = args[0] if args else kwargs.get("data")
        if self.row is not None and data is not None:
            _lock(self.row)
        if self.row is not None and "instance" not in kwargs:
            kwargs["initial"] = _values(self.row, self.base_fields) | (kwargs.get("initial") or {})  # type: ignore[attr-defined]
        super().__init__(*args, **kwargs)

    @property
    def is_compared(self: Any) -> bool:
        """Whether the fields say what they held: those of a form that was handed out do."""
        if self.row is None:
            return False
        return not self.is_bound or any(self.add_initial_prefix(name) in self.data for name in self.fields)

    def __getitem__(self: Any, name: str) -> Any:
        field = self.fields.get(name)
        if field is not None and _can_be_compared(field):
            field.show_hidden_initial = self.is_compared
        return super().__getitem__(name)  # type: ignore[misc]

    def full_clean(self: Any) -> None:
        """Put the changes of both together before the fields are looked at; where both changed one, say so."""
        clashes = self._put_together() if self.is_bound and self.is_compared else {}
        super().full_clean()  # type: ignore[misc]
        for name, told in clashes.items():
            self.add_error(name, told)

    def _put_together(self: Any) -> dict[str, SafeString]:
        """Field → what is asked, for those that both have changed."""
        self.data = self.data.copy()
        clashes: dict[str, SafeString] = {}
        for name, field in self.fields.items():
            if not _can_be_compared(field):
                continue
            bound = self[name]
            held = _sent(self, field, bound)
            now = _as_sent(field, bound.initial)
            choice = self.data.get(f"{bound.html_name}-{CHOICE}")
            if choice == THEIRS:
                _put(self.data, bound, field, held)
            if not field.has_changed(_understood(field, held), bound.data):
                if held != now:
                    _put(self.data, bound, field, now)
                    self._tell(name, field, now)
            elif (held != now and field.has_changed(_understood(field, now), bound.data)) or choice == "":
                mine = _told(field, bound.data)
                clashes[name] = self._asked(name, bound, mine=mine, theirs=_told(field, now))
            if held != now:
                _put_held(self.data, bound, now)
        return clashes

    def _tell(self: Any, name: str, field: Any, now: Any) -> None:
        merged = _merged.get(None)
        if merged is not None:
            merged.append(f"{field.label}: {_told(field, now)} ({_writer(self.row, name)})")

    def _asked(self: Any, name: str, bound: Any, *, mine: str, theirs: str) -> SafeString:
        context = {
            "name": f"{bound.html_name}-{CHOICE}",
            "writer": _writer(self.row, name),
            "mine": mine,
            "theirs": theirs,
            "MINE": MINE,
            "THEIRS": THEIRS,
        }
        return mark_safe(self.renderer.render("parts/overtaken.html", context))


class RowForm(OverRow, forms.ModelForm):
    """The form of a page of the admin, and of a row in a table there.

    `is_gone` says of a row in a table that somebody else has deleted it since: it is left out, but where it was changed
    on the page that is asked first.
    """

    is_gone = False

    def has_changed(self) -> bool:
        return super().has_changed() and not (self.is_gone and self._is_left_out())

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.is_gone and not self._is_left_out():
            context = {"name": self._choice, "THEIRS": THEIRS}
            self.add_error(None, mark_safe(self.renderer.render("parts/gone_row.html", context)))

    @property
    def _choice(self) -> str:
        return f"{self.prefix}-{CHOICE}"

    def _is_left_out(self) -> bool:
        return self.data.get(self._choice) == THEIRS or not any(
            field.has_changed(_understood(field, _sent(self, field, self[name])), self[name].data)
            for name, field in self.fields.items()
            if _can_be_compared(field) and self[name].html_initial_name in self.data
        )


def to_be_changed(request: HttpRequest, rows: QuerySet[M]) -> QuerySet[M]:
    """The rows, locked where a form is sent: what others write about them is waited for, and seen."""
    return rows.select_for_update(of=("self",)) if request.method == "POST" else rows


def _lock(row: models.Model) -> None:
    """Lock the row, and read it as it is now. Raises Http404 where it is gone."""
    try:
        row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update(of=("self",)))
    except ObjectDoesNotExist as error:
        raise Http404("Dòng này vừa bị xóa.") from error


def _values(row: models.Model, names: Any) -> dict[str, Any]:
    """What the row holds in the columns of these names."""
    columns = {field.name: field.attname for field in row._meta.concrete_fields}
    return {name: getattr(row, columns[name]) for name in names if name in columns}


def _can_be_compared(field: Any) -> bool:
    return not (isinstance(field, forms.FileField) or field.disabled or field.widget.is_hidden)


# ---------------------------------------------------------------- what a field held, as its hidden field says it


def _sent(form: Any, field: Any, bound: Any) -> Any:
    """What the field held when the form was handed out."""
    found = field.hidden_widget().value_from_datadict(form.data, form.files, bound.html_initial_name)
    return found if isinstance(found, list) else found or ""


def _as_sent(field: Any, value: Any) -> Any:
    """A value as the hidden field would say it."""
    hidden, value = field.hidden_widget(), field.prepare_value(value)
    if isinstance(hidden, forms.MultipleHiddenInput):
        return [str(one) for one in value or []]
    return hidden.format_value(value) or ""


def _understood(field: Any, held: Any) -> Any:
    try:
        return field.to_python(held)
    except ValidationError:
        return None  # what is chosen from is no longer there


def _put(data: Any, bound: Any, field: Any, held: Any) -> None:
    """Let the field be filled in with what its hidden field says."""
    widget = field.widget
    if isinstance(held, list):
        data.setlist(bound.html_name, held)
    elif isinstance(widget, forms.CheckboxInput):
        data[bound.html_name] = held
    elif isinstance(widget, Input | forms.Textarea):
        data[bound.html_name] = widget.format_value(field.prepare_value(_understood(field, held))) or ""
    else:
        data[bound.html_name] = held


def _put_held(data: Any, bound: Any, now: Any) -> None:
    """From now on the form says that it was handed out with what there is now."""
    if isinstance(now, list):
        data.setlist(bound.html_initial_name, now)
    else:
        data[bound.html_initial_name] = now


# ---------------------------------------------------------------- in words


def _told(field: Any, sent: Any) -> str:
    """A value for a person to read."""
    several = sent if isinstance(sent, list) else [sent]
    if hasattr(field, "choices"):
        return ", ".join(_labels(field).get(str(one), str(one)) for one in several) or NOTHING
    value = _understood(field, sent)
    if isinstance(field, forms.BooleanField):
        return YES_NO[value]
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(sent or NOTHING)


def _labels(field: Any) -> dict[str, str]:
    pairs = [
        pair for key, label in field.choices for pair in (label if isinstance(label, list | tuple) else [(key, label)])
    ]
    return {str(key): str(label) if key not in ("", None) else NOTHING for key, label in pairs}


def _writer(row: models.Model, name: str) -> str:
    """Who has changed the field of a row last, and when."""
    changes = Change.objects.filter(table_name=row._meta.db_table, key=row.pk).select_related("act__user")
    latest = list(changes.order_by("-pk")[:LOOKED_BACK])
    of_field = [change for change in latest if _differs(change, name)]
    for change in (of_field or latest)[:1]:
        return f"{change.act.user or 'Người khác'} đã ghi lúc {localtime(change.at):%H:%M %d/%m/%Y}"
    return "Người khác vừa ghi"


def _differs(change: Change, name: str) -> bool:
    before, after = change.before or {}, change.after or {}
    return any(before.get(column) != after.get(column) for column in (name, f"{name}_id", f"{name}_date"))
