"""The history of a person, and the log of Sở: what everybody changed, took out and looked at."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import make_aware
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404, last_day_seen
from cadres.effect import Foretold
from cadres.history.acts import lines_of
from cadres.history.pages import LOOKED_THROUGH, HistoryFilter, history_page, matching, table_of, told_of
from cadres.history.words import names_of
from cadres.models import Act, Change, Official, OfficialIdentifier, User, Visit
from cadres.search import people_found
from cadres.text import fold, thousands
from cadres.web.addresses import carried
from cadres.web.cells import linked
from cadres.web.downloads import download_table
from cadres.web.fields import DayField
from cadres.web.filters import ALL, FilterForm, Offered
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import luc, ngay

COUNTED = 10_000  # lines of the log that are counted and can be paged through; older ones are found by searching
PEOPLE_LOOKED_FOR = 100
NO_KIND = "khac"  # the word of the address for the kind that has none


@permission_needed("cadres.view_official")
@require_safe
def official_history(request: HttpRequest, pk: int) -> HttpResponse:
    user = account(request)
    official = fetch_or_404(Official.objects.all(), user, pk=pk)
    until = last_day_seen(user, official)
    back = reverse("cadres:official-detail", args=[pk]) + carried(request)
    return history_page(request, official, title=f"Lịch sử hồ sơ: {official}", back=back, until=until)


# ---------------------------------------------------------------- the log


class LogFilter(FilterForm):
    """What the log is narrowed to: a person, an account, days (both included), a kind."""

    q = forms.CharField(label="Người: tên (không cần dấu) hoặc số định danh", required=False, max_length=100)
    tai_khoan = forms.ChoiceField(label="Tài khoản", required=False)
    viec = forms.ChoiceField(label="Việc", required=False)
    tu = DayField(label="Từ ngày", required=False)
    den = DayField(label="Đến hết ngày", required=False)

    BAR = ("tai_khoan", "viec", "tu", "den")
    KINDS: ClassVar[Any] = Act.Kind

    def offered(self) -> dict[str, Offered]:
        accounts = User.objects.order_by("full_name", "username").values_list("pk", "full_name", "username")
        return {
            "tai_khoan": [ALL, *((str(pk), f"{name} ({username})") for pk, name, username in accounts)],
            "viec": [ALL, *((value or NO_KIND, label) for value, label in self.KINDS.choices)],
        }

    def _told(self, name: str) -> str:
        value = self.cleaned_data[name]
        return f"{self.fields[name].label}: {ngay(value)}" if isinstance(value, date) else super()._told(name)

    def condition(self) -> Q:
        """The condition on an act or a visit, but for the person."""
        chosen, condition = self.cleaned_data, self.between_days()
        if chosen["tai_khoan"]:
            condition &= Q(user=chosen["tai_khoan"])
        if chosen["viec"]:
            condition &= Q(kind="" if chosen["viec"] == NO_KIND else chosen["viec"])
        return condition

    def between_days(self) -> Q:
        chosen, condition = self.cleaned_data, Q()
        if chosen["tu"]:
            condition &= Q(at__gte=_midnight(chosen["tu"]))
        if chosen["den"]:
            condition &= Q(at__lt=_midnight(chosen["den"] + timedelta(days=1)))
        return condition

    @property
    def is_too_wide(self) -> bool:
        return len(self.people()) > PEOPLE_LOOKED_FOR

    def people(self) -> list[int]:
        """The keys of the officials looked for, gone ones too; one more than are looked for where they are too many."""
        if not hasattr(self, "_people"):
            self._people = people_named(self.cleaned_data["q"]) if self.cleaned_data["q"] else []
        return self._people


class VisitFilter(LogFilter):
    KINDS = Visit.Kind


def people_named(text: str) -> list[int]:
    """The keys of people, of those too that were deleted, whose name has every word of the text or who bear the number;
    at most one more than are looked for."""
    here = people_found(Official.objects.all(), text, official="pk").values_list("pk")
    digits = "".join(text.split())
    if digits.isdecimal():
        gone = Change.objects.filter(table_name=OfficialIdentifier._meta.db_table, before__number=digits)
        gone_keys = gone.filter(operation=Change.Operation.DELETED).values_list("person")
    else:
        was_named = Q()
        for word in fold(text).split():
            was_named &= Q(before__folded_name__icontains=word)
        gone = Change.objects.filter(was_named, table_name=Official._meta.db_table)
        gone_keys = gone.filter(operation=Change.Operation.DELETED).values_list("key")
    return [key for (key,) in here.order_by().union(gone_keys.order_by())[: PEOPLE_LOOKED_FOR + 1]]


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time()))


# A log is read from the newest line on: its columns do not sort, so that it need not be read whole.
OF_ACTS = (
    Column(
        "noi_dung",
        "Nội dung",
        cell=lambda line: line.line,
        page=lambda line: linked("cadres:act-detail", line.act.pk, line.line),
    ),
    Column("ly_do", "Lý do", cell=lambda line: line.act.reason),
    Column("ai", "Người làm", cell=lambda line: line.who),
    Column("viec", "Việc", cell=lambda line: line.what),
    Column("luc", "Lúc", cell=lambda line: luc(line.act.at)),
)
OF_VISITS = (
    Column("ai", "Tài khoản", cell=lambda visit: visit.who),
    Column("viec", "Việc", cell=lambda visit: visit.what, page=lambda visit: tagged(visit, Visit.Kind.REFUSED)),
    Column(
        "ho_so",
        "Hồ sơ",
        cell=lambda visit: visit.whom,
        page=lambda visit: linked("cadres:official-detail", visit.person_id, visit.whom) if visit.whom else "",
    ),
    Column("trang", "Địa chỉ trang", cell=lambda visit: visit.path, page=lambda visit: breakable(visit.path)),
    Column("may", "Máy", cell=lambda visit: visit.address),
    Column("luc", "Lúc", cell=lambda visit: luc(visit.at)),
)


def tagged(visit: Any, *refusals: str) -> SafeString:
    """What was done, with the look of a refusal where it was one."""
    return format_html('<span class="tag{}">{}</span>', " bad" if visit.kind in refusals else "", visit.what)


def breakable(text: str) -> SafeString:
    """A text without spaces, which may be cut into lines anywhere."""
    return format_html('<code class="breakable">{}</code>', text)


@permission_needed("cadres.view_act")
@require_safe
def act_list(request: HttpRequest) -> HttpResponse:
    filters = LogFilter(request.GET)
    acts = Act.objects.filter(filters.condition())
    if filters.cleaned_data["q"]:
        people = [] if filters.is_too_wide else filters.people()
        acts = acts.filter(pk__in=Change.objects.filter(person__in=people).values("act"))
    return log_page(request, filters, newest(acts), lines_of, OF_ACTS, title="Nhật ký", file="việc đã làm")


@permission_needed("cadres.view_act")
@require_safe
def visit_list(request: HttpRequest) -> HttpResponse:
    filters = VisitFilter(request.GET)
    visits = Visit.objects.filter(filters.condition())
    if filters.cleaned_data["q"]:
        visits = visits.filter(person__in=[] if filters.is_too_wide else filters.people())
    found = newest(visits)
    return log_page(
        request, filters, found, _visits, OF_VISITS, title="Nhật ký", file="lượt vào hệ thống", is_visits=True
    )


def log_page(
    request: HttpRequest,
    filters: LogFilter,
    found: list[int],
    rows_of: Callable[[Sequence[int]], Sequence[Any]],
    columns: Iterable[Column],
    *,
    title: str,
    file: str,
    template: str = "cadres/log.html",
    **more: Any,
) -> HttpResponse:
    """A log, or its file: the rows of the keys found, which `rows_of` reads. `file`: what the file is called beside."""
    shown = Columns(request, columns, may_choose=True)
    if FILE in request.GET:
        told = found[:LOOKED_THROUGH]
        counted = f"{thousands(len(told))} dòng{' mới nhất' if len(found) > len(told) else ''}."
        notes = [*head_of_file(request, filters, is_dated=False), counted]
        return shown.file(request, rows_of(told), title=f"{title}: {file}".upper(), notes=notes, stem="nhat-ky")
    page = shown_page(request, found)
    is_cut = page.paginator.count == COUNTED
    context = {
        "title": title,
        "filters": filters,
        "columns": shown,
        "heads": shown.heads(),
        "page": page,
        "rows": list(rows_of(list(page.object_list))),
        "too_many": PEOPLE_LOOKED_FOR if filters.is_too_wide else 0,
        "says": "mới nhất trước" + ("; dòng cũ hơn thì tìm theo ngày" if is_cut else ""),
        **more,
    }
    return render(request, template, context)


@permission_needed("cadres.view_act")
@require_safe
def act_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One act with all its changes, in the order in which they were made."""
    changes = list(Change.objects.filter(act=pk).order_by("pk").values_list("pk", "table_name"))
    if not changes:
        raise Http404("Nhật ký không có việc này.")
    (line,) = lines_of([pk])
    act = line.act
    filters = HistoryFilter(request.GET, tables=Counter(table for _, table in changes))
    chosen = filters.cleaned_data["loai"]
    keys = [key for key, table in changes if chosen in ("", table)]
    searched = 0
    if words := fold(filters.cleaned_data["q"]):
        searched = LOOKED_THROUGH if len(keys) > LOOKED_THROUGH else 0
        keys = [one.change.pk for one in matching(keys[:LOOKED_THROUGH], words)]
    if file_type := request.GET.get(FILE):
        rows = told_of(keys[:LOOKED_THROUGH])
        notes = [f"{line.who}, {luc(act.at)}: {line.what}.", f"{thousands(len(rows))} thay đổi, theo thứ tự đã làm."]
        return download_table(request, table_of(line.line, notes, rows), f"viec-{pk}", file_type)
    page = shown_page(request, keys)
    return render(
        request,
        "cadres/act.html",
        {
            "title": line.line,
            "act": act,
            "line": line,
            "facts": _facts(act),
            "foretold": Foretold.restored(act.context["foretold"]) if act.context.get("foretold") else None,
            "filters": filters,
            "page": page,
            "changes": told_of(list(page.object_list)),
            "searched": searched,
        },
    )


def _facts(act: Act) -> list[tuple[str, str]]:
    """What the process said of itself, and what PostgreSQL knows."""
    told = {
        "path": "Địa chỉ trang",
        "command": "Lệnh",
        "file": "Tệp",
    }
    said = [(label, str(act.context[name])) for name, label in told.items() if act.context.get(name)]
    return [*said, ("Vai trò PostgreSQL", format_html("<code>{}</code>", act.db_role))]


def newest(rows: QuerySet[Any, Any]) -> list[int]:
    """The keys of the newest rows: they are counted and cut into pages without reading all there are."""
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:COUNTED])


def _visits(keys: Sequence[int]) -> list[Any]:
    visits = Visit.objects.select_related("user").in_bulk(keys)
    table = Official._meta.db_table
    names = names_of({(table, visit.person_id) for visit in visits.values() if visit.person_id})
    shown = [visits[key] for key in keys]
    for visit in shown:
        visit.who = str(visit.user) if visit.user else visit.username  # type: ignore[attr-defined]
        visit.what = Visit.Kind(visit.kind).label if visit.kind in Visit.Kind.values else visit.kind  # type: ignore
        visit.whom = names.get((table, visit.person_id), "") if visit.person_id else ""  # type: ignore[attr-defined]
    return shown
