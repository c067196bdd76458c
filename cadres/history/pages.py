"""The page “Lịch sử” of one thing: every change of it and its parts, in words, act by act; as a page or a file."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Min, Model, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.timezone import localtime, make_aware

from cadres.access import VIEW, entered_in_scope, units_given, writable_by
from cadres.history.parts import Seen, entries_of
from cadres.history.tables import permission_on
from cadres.history.triggers import recorded
from cadres.history.words import Told, kind_of, told, what, who
from cadres.models import Act, Appointment, Change, Official, User
from cadres.text import fold
from cadres.web.downloads import download_table
from cadres.web.filters import ALL, FilterForm, Offered
from cadres.web.lists import FILE
from cadres.web.paging import shown_page
from cadres.web.permissions import account
from cadres.web.tables import Table

LOOKED_THROUGH = 5_000  # changes, newest first, that a search reads and that a file holds
COLUMNS = ("Lúc", "Người làm", "Việc", "Lý do", "Thao tác", "Loại dữ liệu", "Dòng dữ liệu", "Trường", "Trước", "Sau")


class HistoryFilter(FilterForm):
    q = forms.CharField(label="Tìm trường hoặc giá trị (không cần dấu)", required=False, max_length=100)
    loai = forms.ChoiceField(label="Loại dữ liệu", required=False)

    BAR = ("loai",)

    def __init__(self, query: QueryDict, *, tables: Counter[str]) -> None:
        self.tables = tables
        super().__init__(query)

    def offered(self) -> dict[str, Offered]:
        kinds = sorted((capfirst(kind_of(table)), table) for table in self.tables)
        return {"loai": [ALL, *((table, f"{kind} ({self.tables[table]})") for kind, table in kinds)]}


def history_page(
    request: HttpRequest,
    subject: Model,
    *,
    title: str,
    back: str,
    people: QuerySet[Any, Any] | None = None,
    until: date | None = None,
) -> HttpResponse:
    """The history of a thing that the account may open; with `?tep=xlsx` or csv as a file.

    `people` are the keys of the officials about whom it may be told, where that is not the account's scope; `until` is
    the last day of an official who has left that. Raises BadRequest for a filter that is none, Http404 for a page that
    is none.
    """
    user = account(request)
    seen = _seen_by(user, subject, until) if people is None else Seen(people)
    entries = entries_of(subject._meta.db_table, subject.pk, seen=seen, tables=tables_visible_to(user))
    filters = HistoryFilter(request.GET, tables=Counter(entry.table for entry in entries))
    if table := filters.cleaned_data["loai"]:
        entries = [entry for entry in entries if entry.table == table]
    shown: Sequence[Any] = entries
    if words := fold(filters.cleaned_data["q"]):
        shown = matching([entry.pk for entry in entries[:LOOKED_THROUGH]], words)
    if file_type := request.GET.get(FILE):
        rows = shown[:LOOKED_THROUGH]
        told = with_acts(rows) if words else told_of([entry.pk for entry in rows])
        return _file(request, title, told, len(shown), file_type)
    page = shown_page(request, shown)
    on_page = with_acts(page.object_list) if words else told_of([entry.pk for entry in page.object_list])
    return render(
        request,
        "cadres/history.html",
        {
            "title": title,
            "subject": subject,
            "back": back,
            "filters": filters,
            "page": page,
            "acts": by_act(on_page),
            "since": None if entries else kept_since(),
            "searched": LOOKED_THROUGH if words and len(entries) > LOOKED_THROUGH else 0,
        },
    )


def _seen_by(user: User, subject: Model, until: date | None) -> Seen:
    """About people of the account everything; about others what accounts of its units did, and what was there when the
    person left: up to the end of that day, or until the post that followed was entered."""
    if units_given(user) is None:
        return Seen()
    acts = Act.objects.alias(day=TruncDate("at")).filter(entered_in_scope(user, by="user", on="day")).values("pk")
    before = None
    if until is not None:
        entered = Change.objects.filter(
            table_name=Appointment._meta.db_table, person=subject.pk, operation=Change.Operation.INSERTED
        )
        following = Appointment.objects.filter(official=subject.pk, is_primary=True).begun_after(until)
        entered = entered.filter(key__in=following.order_by("start_date").values("pk")[:1])
        midnight = make_aware(datetime.combine(until + timedelta(days=1), time()))
        before = max(filter(None, (midnight, entered.aggregate(at=Min("at"))["at"])))
    return Seen(writable_by(Official.objects.all(), user, VIEW).values("pk"), acts, before)


def tables_visible_to(user: User) -> set[str]:
    """The recorded tables that the role may look at: a table that roles.py does not name goes with its parent."""
    return {table for table in recorded() if user.has_perm(permission_on(table, "view") or "cadres.view_act")}


def told_of(keys: Sequence[int]) -> list[Told]:
    """The changes with these keys in words, in their order, each with its act and the act's account."""
    changes = Change.objects.select_related("act__user").in_bulk(keys)
    return told(changes[key] for key in keys)


def matching(keys: Sequence[int], words: str) -> list[Told]:
    """Of the changes with these keys those in whose words the folded text stands; their acts are not read yet."""
    changes = Change.objects.in_bulk(keys)
    return [one for one in told(changes[key] for key in keys) if words in fold(one.text)]


def with_acts(rows: Sequence[Told]) -> list[Told]:
    """The changes, each with its act and the act's account."""
    acts = Act.objects.select_related("user").in_bulk({one.change.act_id for one in rows})
    for one in rows:
        one.change.act = acts[one.change.act_id]
    return list(rows)


def by_act(rows: Iterable[Told]) -> list[tuple[Act, list[Told]]]:
    """Changes that follow each other and are of one act, under the act with `who` and `what`."""
    acts = []
    for _, of_act in groupby(rows, key=lambda one: one.change.act_id):
        changes = list(of_act)
        act: Any = changes[0].change.act
        act.who, act.what = who(act), what(act)
        acts.append((act, changes))
    return acts


def kept_since() -> Any:
    """The moment of the first act that the history knows; None where it knows none."""
    return Act.objects.aggregate(at=Min("at"))["at"]


def table_of(title: str, notes: Collection[str], rows: Iterable[Told]) -> Table:
    """The changes as a table to be filed: one row a field."""
    return Table(title, list(notes), COLUMNS, cells_of(rows), sheet="Lịch sử")


def cells_of(rows: Iterable[Told]) -> list[tuple[str, ...]]:
    """The rows of such a table, in the order of COLUMNS."""
    cells: list[tuple[str, ...]] = []
    for one in rows:
        act = one.change.act
        head = (f"{localtime(one.change.at):%d/%m/%Y %H:%M:%S}", who(act), what(act), act.reason)
        row = (*head, one.operation, capfirst(one.kind), one.subject)
        cells += [(*row, line.label, line.old, line.new) for line in one.lines] or [(*row, "", "", "")]
    return cells


def _file(request: HttpRequest, title: str, rows: Sequence[Told], found: int, file_type: str) -> HttpResponse:
    notes = [f"{found} thay đổi, mới nhất trước."]
    if found > len(rows):
        notes.append(f"Tệp có {len(rows)} thay đổi gần nhất; hãy lọc để lấy những thay đổi cũ hơn.")
    return download_table(request, table_of(title, notes, rows), "lich-su", file_type)
