"""What was decided about reading rosters: a page of all decisions; the province answers, and whoever may takes back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cadres.models import User
from cadres.roster.columns import COLUMNS
from cadres.roster.declared import own_titles
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.proposals import (
    COLUMN,
    WORD,
    Answer,
    Decision,
    Use,
    decisions_visible_to,
    decisions_writable_by,
    held_for_everybody,
    key_of_decision,
    kind_of,
    leave,
    made_at,
    made_by,
    staged_by,
    take_back,
    take_over,
    uses_of,
    why_not_for_everybody,
)
from cadres.text import fold, thousands
from cadres.views.import_reading import column_names
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.filters import ALL, FilterForm
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay, so
from cadres.web.ticks import Ticks, Way

FOR_ALL, STAYS, BACK = "chung", "rieng", "thu_hoi"  # what is done with those ticked
DEED = "viec"
ANSWERS = "cadres.change_valuespelling"  # who may answer for everybody
EVERYBODY = "chung"
KINDS = {COLUMN: "Cột", WORD: "Cách viết"}
ANSWER_TAGS = {Answer.WAITING: "warn", Answer.TAKEN: "good", Answer.LEFT: ""}
FILES_NAMED = 3


@dataclass(frozen=True)
class Shown:
    """A decision as the page tells it."""

    decision: Decision
    kind: str
    text: str
    field: str
    meaning: str
    uses: list[Use]

    @property
    def key(self) -> str:
        return key_of_decision(self.decision)

    @property
    def owner(self) -> str:
        return str(self.decision.owner) if self.decision.owner else "Mọi đơn vị"

    @property
    def by(self) -> str:
        return str(made_by(self.decision) or "dòng lệnh")

    @property
    def at(self) -> Any:
        return made_at(self.decision)

    @property
    def answer(self) -> str:
        return self.decision.get_answer_display() if self.decision.answer else ""

    @property
    def answer_tag(self) -> str:
        return ANSWER_TAGS.get(Answer(self.decision.answer), "") if self.decision.answer else ""

    @property
    def rows(self) -> int:
        return sum(use.rows for use in self.uses)

    @property
    def named(self) -> list[Use]:
        return self.uses[:FILES_NAMED]

    @property
    def unnamed(self) -> int:
        return max(len(self.uses) - FILES_NAMED, 0)


def _used(row: Shown) -> SafeString:
    """The files read by it, each a link, and how many are not named."""
    named = format_html_join(
        mark_safe("<br>"),
        '<a href="{}">{}</a> <span class="quiet">{} dòng</span>',
        ((reverse("cadres:import-batch", args=[use.batch]), use.file_name, so(use.rows)) for use in row.named),
    )
    if not row.unnamed:
        return named or mark_safe('<span class="quiet">chưa dùng</span>')
    more = '{}<br><span class="quiet">và {} tệp khác, cộng {} dòng</span>'
    return format_html(more, named, so(row.unnamed), so(row.rows))


def _answered(row: Shown) -> SafeString:
    tag = format_html('<span class="tag {}">{}</span>', row.answer_tag, row.answer) if row.answer else mark_safe("–")
    if not row.decision.answered_by:
        return tag
    by = f"{row.decision.answered_by}, {ngay(row.decision.answered_at)}"
    return format_html('{}<br><span class="quiet">{}</span>', tag, by)


OF_DECISIONS = (
    Column("viet", "Viết trong tệp", key=lambda row: fold(row.text), cell=lambda row: row.text),
    Column(
        "loai",
        "Là",
        key=lambda row: (row.kind, row.field),
        cell=lambda row: f"{row.kind}: {row.field}" if row.field else row.kind,
    ),
    Column("nghia", "Được đọc là", key=lambda row: fold(row.meaning), cell=lambda row: row.meaning),
    Column("cua", "Dùng cho tệp của", key=lambda row: fold(row.owner), cell=lambda row: row.owner),
    Column("luc", "Ai quyết định", key=lambda row: row.at, cell=lambda row: f"{row.by}, {ngay(row.at)}"),
    Column(
        "tep",
        "Đã dùng",
        key=lambda row: row.rows,
        cell=lambda row: f"{len(row.uses)} tệp, {row.rows} dòng",
        page=_used,
    ),
    Column("tra_loi", "Sở Nội vụ", key=lambda row: row.answer, cell=lambda row: row.answer, page=_answered),
)


class DecisionFilter(FilterForm):
    """The filters of the page."""

    q = forms.CharField(label="Tìm tiêu đề, từ, nghĩa (không cần dấu)", required=False, max_length=100)
    loai = forms.ChoiceField(label="Loại", required=False, choices=[ALL, *KINDS.items()])
    cua = forms.ChoiceField(
        label="Dùng cho", required=False, choices=[ALL, (EVERYBODY, "Mọi đơn vị"), (STAYS, "Một đơn vị")]
    )
    tra_loi = forms.ChoiceField(label="Sở Nội vụ", required=False, choices=[ALL, *Answer.choices])

    BAR = ("loai", "cua", "tra_loi")

    def matching(self, rows: Iterable[Shown]) -> list[Shown]:
        wanted = self.cleaned_data
        text = fold(wanted["q"])
        return [
            row
            for row in rows
            if (not text or text in fold(f"{row.text} {row.meaning} {row.owner}"))
            and wanted["loai"] in ("", kind_of(row.decision))
            and wanted["cua"] in ("", EVERYBODY if row.decision.owner_id is None else STAYS)
            and wanted["tra_loi"] in ("", row.decision.answer)
        ]


def shown_decisions(decisions: Iterable[Decision], user: User) -> list[Shown]:
    """The decisions as the page tells them, in their order."""
    names = column_names()
    dictionaries = Dictionaries.load()
    meanings = {name: dict(choices) for name, choices in dictionaries.choices(None).items()}
    fields = {column.field: column.label or column.export for column in COLUMNS} | {
        dimension: names.get(dimension, dimension) for dimension in dictionaries.dimensions
    }
    used = uses_of(user)
    shown = []
    for decision in decisions:
        uses = used.get(key_of_decision(decision), [])
        kind = KINDS[kind_of(decision)]
        if kind_of(decision) == COLUMN:
            text = decision.title or decision.column_key  # type: ignore[union-attr]
            meaning = names.get(decision.field, decision.field)
            shown.append(Shown(decision, kind, text, "", meaning, uses))
        else:
            code = decision.code  # type: ignore[union-attr]
            meaning = meanings.get(decision.field, {}).get(code, code)
            field = fields.get(decision.field, decision.field)
            shown.append(Shown(decision, kind, decision.spelling, field, meaning, uses))  # type: ignore[union-attr]
    return shown


def _ticks(request: HttpRequest) -> Ticks:
    return Ticks(request, "reading-decisions")


@permission_needed("cadres.view_importbatch")
def decision_list(request: HttpRequest) -> HttpResponse:
    """All decisions in scope; those ticked are answered by the province, or taken back."""
    user = account(request)
    columns = Columns(request, OF_DECISIONS, may_choose=True, tick=lambda row: (row.key, row.text))
    filters = DecisionFilter(request.GET)
    everything = shown_decisions(decisions_visible_to(user), user)
    rows = columns.in_order(filters.matching(everything))
    may_change, may_answer = user.has_perm("cadres.change_importbatch"), user.has_perm(ANSWERS)
    ticks = _ticks(request) if may_change else None
    if request.method == "POST":
        if ticks is None:
            return HttpResponseNotAllowed(("GET", "HEAD"))
        decide = reverse("cadres:decisions-decide")
        return ticks.answer(
            everything=lambda: [row.key for row in rows],
            acts={
                deed: Way(decide + kept(request, **{DEED: deed}))
                for deed in ((FOR_ALL, STAYS, BACK) if may_answer else (BACK,))
            },
            filters=filters.sent(),
        )
    if FILE in request.GET:
        title = "CÁC QUYẾT ĐỊNH KHI NHẬP DANH SÁCH"
        notes = head_of_file(request, filters, is_dated=False)
        return columns.file(request, rows, title=title, notes=notes, stem="quyet-dinh-khi-nhap")
    page = shown_page(request, rows)
    if ticks is not None:
        ticks.show(row.key for row in page.object_list)
    return render(
        request,
        "cadres/decision_list.html",
        {
            "title": "Các quyết định khi nhập",
            "filters": filters,
            "page": page,
            "rows": page.object_list,
            "ticks": ticks,
            "columns": columns,
            "heads": columns.heads(),
            "has_any": bool(everything),
            "waiting": sum(row.decision.answer == Answer.WAITING for row in everything),
            "may_answer": may_answer,
        },
    )


class ReasonForm(forms.Form):
    """Why decisions are taken back."""

    reason = forms.CharField(
        label="Lý do thu hồi",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi lý do thu hồi."},
    )


@permission_needed("cadres.change_importbatch")
def decisions_decide(request: HttpRequest) -> HttpResponse:
    """Of the decisions ticked: everybody's (`?viec=chung`), left with the unit (`rieng`), taken back (`thu_hoi`)."""
    user, deed = account(request), request.GET.get(DEED, BACK)
    if deed not in (FOR_ALL, STAYS, BACK):
        raise BadRequest("Không có việc đó. Hãy quay lại danh sách.")
    if deed != BACK and not user.has_perm(ANSWERS):
        raise PermissionDenied("Chỉ Sở Nội vụ quyết định dùng chung cho mọi đơn vị.")
    ticks = _ticks(request)

    def plan() -> Plan:
        decisions = decisions_writable_by(user, ticks.keys)
        held = held_for_everybody(decisions)
        own = own_titles()
        lines = [_line(row, deed, held.get(row.key), own) for row in shown_decisions(decisions, user)]
        told = []
        if deed == BACK and (staged := staged_by(decisions, user)):
            told.append(f"{thousands(len(staged))} tệp chờ ghi đã đọc theo các quyết định này sẽ được đọc lại.")
        if deed == BACK:
            told.append("Số liệu đã ghi vào hồ sơ giữ nguyên.")
        return Plan(lines, told, of={key_of_decision(decision): decision for decision in decisions})

    def write(shown: Plan, filled: Any) -> str:
        chosen = [shown.of[str(line.key)] for line in shown.done]
        if deed == BACK:
            count = take_back(chosen, reason=filled.cleaned_data["reason"], by=user)
            told = f"Đã thu hồi {len(chosen)} quyết định" + (f", đọc lại {count} tệp chờ ghi." if count else ".")
        else:
            for decision in chosen:
                (take_over if deed == FOR_ALL else leave)(decision, by=user)
            to = "dùng chung cho mọi đơn vị" if deed == FOR_ALL else "để riêng đơn vị"
            told = f"{len(chosen)} quyết định {to}."
        ticks.clear()
        return told

    verbs = {FOR_ALL: "Dùng chung cho mọi đơn vị:", STAYS: "Để riêng đơn vị:", BACK: "Thu hồi"}
    return act(
        request,
        plan,
        write,
        title="Các quyết định khi nhập",
        verb=verbs[deed],
        what="quyết định",
        named="Viết trong tệp",
        beside="Là, dùng cho",
        form=(lambda shown: ReasonForm(request.POST or None)) if deed == BACK else None,
        back=reverse("cadres:decision-list") + kept(request, **{DEED: None}),
        nobody="Chưa chọn quyết định nào. Hãy quay lại danh sách, đánh dấu những dòng cần làm rồi bấm lại.",
    )


def _line(row: Shown, deed: str, held: Decision | None, own: Mapping[str, str]) -> Line:
    beside = " · ".join(part for part in (row.kind, row.field, row.owner) if part)
    if deed == BACK:
        return Line(row.key, row.text, beside, f"Không còn được đọc là “{row.meaning}” theo quyết định này")
    if row.decision.owner_id is None:
        return Line(row.key, row.text, beside, why_not="đã dùng chung cho mọi đơn vị")
    if deed == STAYS:
        return Line(row.key, row.text, beside, f"Chỉ tệp của {row.owner} đọc là “{row.meaning}”")
    if why_not := why_not_for_everybody(row.decision, held, own):
        return Line(row.key, row.text, beside, why_not=why_not)
    replaces = held is not None
    told = f"Tệp của mọi đơn vị đọc là “{row.meaning}”"
    return Line(row.key, row.text, beside, told + (", thay quyết định chung đang có" if replaces else ""), replaces)
