"""The page of a mass act: what it will do, to whom, who is left out and why; asked once, done in one transaction.

What is done is what was shown. The page sends back what it showed of each line; in the transaction the plan is made
again, and where it has become another one nothing is written: the page comes back, with the lines marked that are new.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from zlib import crc32

from django import forms
from django.contrib import messages
from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from cadres.history import act as told
from cadres.models import Act
from cadres.text import thousands
from cadres.web.changes import add_refusal
from cadres.web.day import today_of
from cadres.web.effects import done_or_shown
from cadres.web.fields import is_valid_on
from cadres.web.paging import PAGE

SEEN = "da_xem"  # what the page showed, in the form
ON = "tiep"  # sent by the button that leads on to the next step
NAMED_AT_MOST = 500  # lines of a table; of more the page says how many


@dataclass(frozen=True)
class Line:
    """One row of a plan: whom it is about, and what will become of it, or why it is left out (`why_not`)."""

    key: object
    name: str
    beside: str = ""  # what tells people of one name apart: post and place
    outcome: str = ""
    is_warned: bool = False  # the outcome is not what whoever acts would expect
    why_not: str = ""

    @property
    def seen(self) -> str:
        """What the page sends back of the line: that it was shown, and with which outcome."""
        return f"{self.key}:{crc32(f'{self.outcome}|{self.why_not}'.encode()):x}"


@dataclass(frozen=True)
class Plan:
    """What an act will do. `told`: what it means besides (seats left, what becomes of the rate), a sentence each; where
    that takes long to find out, a function that does so, and is asked by the page alone.

    `of` is what the lines were made from, for whoever writes it.
    """

    lines: Sequence[Line]
    told: Sequence[str] | Callable[[], Sequence[str]] = ()
    of: Any = None

    @cached_property
    def done(self) -> list[Line]:
        return [line for line in self.lines if not line.why_not]

    @cached_property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if line.why_not]

    @property
    def seen(self) -> str:
        return ";".join(line.seen for line in self.lines)


def offer_to_take_back(request: HttpRequest) -> None:
    """Show the way to take back what the transaction has just done; an act that history does not keep has none."""
    acts = Act.objects.filter(user=request.user.pk, kind=Act.Kind.BULK, at__gte=TransactionNow())
    if key := acts.order_by("-pk").values_list("pk", flat=True).first():
        address = reverse("cadres:act-take-back", args=[key])
        messages.info(request, format_html('Làm nhầm? <a href="{}">Hoàn lại cả việc này</a>', address))


def _first_page(address: str) -> str:
    """The address of the list without the number of its page: after the act the list may have no such page."""
    path, _, query = address.partition("?")
    words = QueryDict(query, mutable=True)
    words.pop(PAGE, None)
    return f"{path}?{words.urlencode()}" if words else path


def act(
    request: HttpRequest,
    plan: Callable[[], Plan],
    write: Callable[[Plan, Any], str],
    *,
    title: str,
    verb: str,
    what: str = "người",
    says: str = "Sẽ thế nào",
    back: str,
    lock: Callable[[], object] | None = None,
    form: Callable[[Plan], forms.Form] | None = None,
    nobody: str = "Chưa chọn ai. Hãy quay lại danh sách, đánh dấu những dòng cần làm rồi bấm lại.",
    template: str = "act.html",
    has_way_back: bool = True,
    concerned: Callable[[], Collection[int] | None] | None = None,
    days: Collection[date] = (),
    goes_on: tuple[str, str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show what the act will do and ask; once that is answered with yes, do it and go `back`.

    `plan` reads and returns what would be done now; `write` does it, with the filled form, and returns what to tell;
    both run in one transaction, behind `lock`. `verb` and `what` make the button: “Duyệt” 23 “người”; `says` is the
    head of the column of outcomes. `form` makes the form of what the act needs to know besides, of the posted data
    where there are any. Where a rule refuses, or the plan has become another one meanwhile, the page says so and
    nothing is written. Not `has_way_back`: the log takes nothing of it back. `concerned` finds the units (None: all)
    among whose people the effect is foretold, on `days` besides the usual ones: what moves a verdict shows it first,
    and is written when it is sent again. `goes_on`: the step that follows, in words, and its address; a second button
    does the act and leads there instead of `back`.
    """
    make_form = form or (lambda plan: forms.Form(request.POST or None))

    def page(refusal: ValidationError | None = None, shown: set[str] | None = None, **more: Any) -> HttpResponse:
        now = plan()
        filled = make_form(now)
        if refusal:
            filled.full_clean()
            add_refusal(filled, refusal)
        changed = {line.key for line in now.lines if line.seen not in shown} if shown is not None else set()
        gone = len({seen.partition(":")[0] for seen in shown or () if seen} - {str(line.key) for line in now.lines})
        count = len(now.done)
        return render(
            request,
            template,
            {
                "title": title,
                "plan": now,
                "done": now.done[:NAMED_AT_MOST],
                "left_out": now.left_out[:NAMED_AT_MOST],
                "done_unnamed": max(count - NAMED_AT_MOST, 0),
                "left_out_unnamed": max(len(now.left_out) - NAMED_AT_MOST, 0),
                "has_outcome": any(line.outcome for line in now.done),
                "is_changed": shown is not None,
                "changed": changed,
                "gone": gone,
                "form": filled,
                "action": f"{verb} {thousands(count)} {what}",
                "verb": verb,
                "what": what,
                "says": says,
                "nobody": nobody,
                "back": back,
                "goes_on": goes_on,
                **context,
                **more,
            },
        )

    def done() -> HttpResponse:
        try:
            with transaction.atomic(), told(Act.Kind.BULK, title=title):
                if lock:
                    lock()
                now = plan()
                filled = make_form(now)
                if request.POST.get(SEEN) != now.seen:
                    return page(shown=set(request.POST.get(SEEN, "").split(";")))
                if now.done and is_valid_on(filled, today_of(request)):
                    if said := write(now, filled):
                        messages.success(request, said)
                    if has_way_back:
                        offer_to_take_back(request)
                    return redirect(goes_on[1] if goes_on and ON in request.POST else _first_page(back))
        except ValidationError as error:
            return page(error)
        except IntegrityError:
            return page(
                ValidationError("Vừa có người khác ghi một thay đổi trùng với việc này. Hãy xem lại rồi làm lại.")
            )
        return page()

    if request.method != "POST":
        return page()
    if concerned is None:
        return done()
    return done_or_shown(request, done, lambda effect: page(**effect), units=concerned(), also_on=days)
