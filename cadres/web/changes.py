"""The page of one change: a small form, and what becomes of it once it is posted."""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cadres.web.day import today_of
from cadres.web.effects import done_or_shown
from cadres.web.fields import is_valid_on


def add_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Show why the registry refused, each reason at its field where the form has it.

    A form's `names` maps the registry's field names to its own, where they differ.
    """
    names: dict[str, str] = getattr(form, "names", {})
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    for registry_name, errors in by_field.items():
        name = names.get(registry_name, registry_name)
        form.add_error(name if name in form.fields else None, errors)


def change(
    request: HttpRequest,
    form: Any,
    write: Callable[[], str],
    *,
    template: str,
    title: str,
    action: str,
    back: str,
    at_the_same_time: str,
    target: Callable[[], str] | None = None,
    lead: str = "",
    is_final: bool = False,
    concerned: Callable[[], Collection[int] | None] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form; once it is valid, write and go on (`target`, else `back`). `write` returns what to tell then.

    Where a rule or a constraint refuses, the form says why and nothing is written; `at_the_same_time` is what it says
    where somebody else was quicker. `lead` says what will happen, `is_final` warns that no later page takes it back.
    `concerned` finds the units (None: all) among whose people the effect is foretold: what moves a verdict shows it
    first, and is written when it is sent again.
    """
    page = {"title": title, "form": form, "lead": lead, "action": action, "is_final": is_final, "back": back}

    def shown(more: dict[str, Any] | None = None) -> HttpResponse:
        return render(request, template, context | page | (more or {}))

    def written() -> HttpResponse:
        try:
            with transaction.atomic():
                done = write()
        except ValidationError as refusal:
            add_refusal(form, refusal)
        except IntegrityError:
            form.add_error(None, at_the_same_time)
        else:
            messages.success(request, done)
            return redirect(target() if target else back)
        return shown()

    if request.method != "POST" or not is_valid_on(form, today_of(request)):
        return shown()
    return written() if concerned is None else done_or_shown(request, written, shown, units=concerned())
