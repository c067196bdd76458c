"""Back to a former state: a whole act, or one row as it was before a change; seen first, done for a reason."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cadres.access import units_writable_on, writable_by
from cadres.effect import Effect, effect_of
from cadres.evaluation import Supposed
from cadres.history.tables import permission_on
from cadres.history.taking_back import Former, former_rows, present, restore, row_of, take_back
from cadres.history.words import Told, told
from cadres.models import Act, Appointment, Change, ImportBatch, Official, Qualification, User, Waiver
from cadres.reorganisation import REORGANISED_ON
from cadres.text import thousands
from cadres.walls import wide
from cadres.web.changes import change
from cadres.web.day import criterion_of, working_day
from cadres.web.permissions import account, permission_needed

OF_ROSTERS = (Act.Kind.IMPORT, Act.Kind.IMPORT_UNDO)  # they have an undo of their own, which knows what a roster said
MOST_SHOWN = 50  # rows of a large act
Rows = Mapping[tuple[str, int], dict[str, Any]]  # table and key → the row as it is now
AT_THE_SAME_TIME = "Vừa có người khác ghi một thay đổi trùng với việc này. Hãy xem lại lịch sử rồi làm lại."


class TakeBackForm(forms.Form):
    reason = forms.CharField(label="Lý do hoàn lại", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class RestoreForm(TakeBackForm):
    """What of the row is brought back: all that differs, or some of it."""

    columns = forms.MultipleChoiceField(label="Hoàn lại", widget=forms.CheckboxSelectMultiple)
    field_order = ("columns", "reason")

    def __init__(self, *args: Any, one: Told, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (",".join(line.columns), f"{line.label}: {line.old or '(trống)'} → {line.new or '(trống)'}")
            for line in one.lines
        ]
        self.fields["columns"].choices = choices  # type: ignore[attr-defined]
        self.fields["columns"].initial = [column for column, _ in choices]


def may_take_back(user: User, act: Act) -> bool:
    """Sở may take back any act; others what they did themselves, of tables their role may change and of people who are
    still theirs to write."""
    if user.has_perm("cadres.change_act"):
        return True
    if act.user_id != user.pk:
        return False
    with wide():  # all whom it touched: also those whom the account does not see any more
        touched = set(act.changes.order_by().values_list("table_name", "person").distinct())
        people = {person for _, person in touched if person}
        # Who writes the record that stays also takes back that another was merged into it.
        merged = Official.objects.filter(pk__in=people, merged_into__isnull=False).values_list("pk", "merged_into")
        stays = {gone: kept for gone, kept in merged if kept}
    people = {stays.get(person, person) for person in people}
    needed = {permission_on(table, "change") for table, _ in touched}
    return all(permission and user.has_perm(permission) for permission in needed) and writable_by(
        Official.objects.filter(pk__in=people), user
    ).count() == len(people)


@permission_needed("cadres.view_official")
def act_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    act = get_object_or_404(Act.objects.select_related("user"), pk=pk)
    if act.kind in OF_ROSTERS and (batch := act.changes.filter(table_name=ImportBatch._meta.db_table).first()):
        return redirect("cadres:import-undo", batch.key)
    if act.kind == Act.Kind.REORGANISATION:
        return redirect("cadres:reorganisation-take-back", act.context[REORGANISED_ON])
    formers = former_rows(act)
    shown = formers[:MOST_SHOWN]
    now = present(former.row for former in shown)
    form = TakeBackForm(request.POST or None)
    return _page(
        request,
        act,
        form,
        lambda: _done(take_back(act, reason=form.cleaned_data["reason"], by=account(request))),
        title="Hoàn lại cả việc này",
        rows=_would_be(shown, now),
        effect=_effect(request, shown, now) if len(formers) <= MOST_SHOWN else None,
        lead=f"{thousands(len(formers))} dòng trở lại như trước khi làm việc này. "
        "Nếu từ đó đã có ai sửa tiếp thì không hoàn lại.",
        many=len(formers),
    )


@permission_needed("cadres.view_official")
def change_restore(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(Change.objects.select_related("act__user"), pk=pk)
    former = Former(entry.table_name, entry.key, entry.before)
    now = present([former.row])
    (one,) = _would_be([former], now)
    if not one.lines:
        raise Http404("Hồ sơ đang đúng như trước thay đổi này: không có gì để hoàn lại.")
    is_whole = entry.operation != Change.Operation.UPDATED
    form = TakeBackForm(request.POST or None) if is_whole else RestoreForm(request.POST or None, one=one)

    def write() -> str:
        columns = None if is_whole else ",".join(form.cleaned_data["columns"]).split(",")
        restore(entry, columns, reason=form.cleaned_data["reason"], by=account(request))
        return _done(1)

    return _page(
        request,
        entry.act,
        form,
        write,
        title="Hoàn lại một thay đổi",
        rows=[one],
        effect=_effect(request, [former], now),
        lead="Dòng này trở lại như trước thay đổi, dù sau đó đã được sửa tiếp hay chưa.",
        many=1,
    )


def _would_be(formers: Sequence[Former], now: Rows) -> list[Told]:
    """What taking back would do to rows, in words: from what they are now to what they were."""
    changes = []
    for one in formers:
        there = now.get(one.row)
        operation = Change.Operation.UPDATED
        if one.before is None or there is None:
            operation = Change.Operation.DELETED if one.before is None else Change.Operation.INSERTED
        changes.append(Change(table_name=one.table, key=one.key, operation=operation, before=there, after=one.before))
    return told(changes)


def _effect(request: HttpRequest, formers: Sequence[Former], now: Rows) -> Effect | None:
    """What it comes to for the person whose posts, records or waivers go back; None where there is none, or several."""
    judged = [one for one in formers if one.model in (Appointment, Qualification, Waiver)]
    then: list[Any] = [row_of(one, one.before) for one in judged if one.before]
    there: list[Any] = [row_of(one, now[one.row]) for one in judged if one.row in now]
    people = {row.official_id for row in (*then, *there)}
    if len(people) != 1:
        return None
    supposed = Supposed(
        posts=[row for row in then if isinstance(row, Appointment) and row.is_primary and not row.is_error],
        records=[row for row in then if isinstance(row, Qualification)],
        waivers=[row for row in then if isinstance(row, Waiver)],
        gone=[row for row in there if not isinstance(row, Waiver)],
        with_data=False,
    )
    day, official = working_day(request), Official.objects.get(pk=people.pop())
    units = units_writable_on(account(request), day)
    return effect_of(supposed, official, day, criterion=criterion_of(request), units=units)


def _page(request: HttpRequest, act: Act, form: Any, write: Callable[[], str], **page: Any) -> HttpResponse:
    """Refused before anything is shown where the account may not; afterwards on to the history from which it came.

    What of several people goes back, or of the rules by which they are judged, shows its effect when it is sent.
    """
    if not may_take_back(account(request), act):
        raise PermissionDenied("Chỉ Sở Nội vụ, hoặc người đã làm việc này, mới hoàn lại được.")
    return change(
        request,
        form,
        write,
        template="cadres/take_back.html",
        action="Hoàn lại",
        back=_origin(request, act),
        at_the_same_time=AT_THE_SAME_TIME,
        concerned=None if page["effect"] else lambda: units_writable_on(account(request), working_day(request)),
        act=act,
        **page,
    )


def _origin(request: HttpRequest, act: Act) -> str:
    """The page of the act for who reads the log, else that of the person whom it was about."""
    if request.user.has_perm("cadres.view_act"):
        return reverse("cadres:act-detail", args=[act.pk])
    person = act.changes.exclude(person=None).values_list("person", flat=True).first()
    return reverse("cadres:official-history", args=[person]) if person else reverse("reports:home")


def _done(rows: int) -> str:
    return f"Đã hoàn lại {thousands(rows)} dòng. Việc hoàn lại cũng nằm trong lịch sử và có thể hoàn lại."
