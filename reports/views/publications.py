"""Published figures: all of them, one with what it would be now and why, publishing and withdrawing one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.access import communes_in_scope, fetch_or_404, names_of_scope, visible_to
from cadres.correspondence import Correspondence
from cadres.evaluation import Rulebook
from cadres.history.acts import ActLine, lines_of
from cadres.models import (
    JUDGED_GROUPS,
    Criterion,
    PositionGroup,
    Publication,
    PublicationProposal,
    Standard,
    UnitVersion,
    User,
)
from cadres.places import communes_offered, districts_offered
from cadres.posts import left_behind
from cadres.rate import NOBODY, Rate
from cadres.search import rows_found
from cadres.text import thousands
from cadres.two_persons import AloneForm, goes_alone, second_person
from cadres.web.addresses import dated, query_string
from cadres.web.changes import change
from cadres.web.day import CRITERION, DAY, criterion_of, today_of, working_day
from cadres.web.downloads import download_table
from cadres.web.fields import DayField
from cadres.web.filters import ALL, Offered
from cadres.web.lists import FILE, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from cadres.web.tables import Table
from cadres.web.tags import luc, ngay, phan_tram
from cadres.web.to_do import ToDoFilter
from cadres.web.units import UNITS_ON, units_asked, units_context
from reports.publications import publish, withdraw
from reports.publications.changes import Recomputed, differences, in_words, is_computable, recomputed, touched
from reports.publications.proposing import PUBLISH, propose, published, refuse_proposal
from reports.publications.publishing import PROVINCE, PUBLISHED_BY, definition, refuse, scope_of
from reports.publications.reading import Words, groups_shown, rate_in, rate_shown, rates_shown
from reports.publications.to_do import PROPOSALS, criteria_due, last_year_end
from reports.rates import DIMENSION, GroupRate, rates_by
from reports.views.publication_columns import LIST_COLUMNS, Row
from reports.views.rates import FILTER_OF, GROUPING, titles_on

SCOPE, TEXTS, ACT, PROPOSAL = "pham_vi", "van_ban", "viec", "de_nghi"
WHOLE = "tinh"
RECOMPUTED_AT_ONCE = 20  # figures of a page of the list; the others are computed on their own pages


# ---------------------------------------------------------------- all of them


class PublicationFilter(ToDoFilter):
    """Published figures by scope, criterion and state."""

    q = forms.CharField(label="Tìm số quyết định, phạm vi (không cần dấu)", required=False, max_length=100)
    pham_vi = forms.ChoiceField(label="Phạm vi", required=False)
    bo_tieu_chi = forms.ChoiceField(label="Tiêu chí", required=False)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[ALL, ("hieu_luc", "Đang công bố"), ("thu_hoi", "Đã thu hồi")]
    )

    BAR = ("pham_vi", "bo_tieu_chi", "tinh_trang")
    TO_DO = PROPOSALS

    def __init__(self, query: Any, *, user: User) -> None:
        self.visible = visible_to(Publication.objects.all(), user)
        super().__init__(query)

    def offered(self) -> dict[str, Offered]:
        scopes = dict(self.visible.order_by("scope_code").values_list("scope_code", "scope_name"))
        return {
            **super().offered(),
            "pham_vi": [ALL, *((code or WHOLE, name) for code, name in scopes.items())],
            "bo_tieu_chi": [ALL, *Criterion.objects.values_list("code", "name")],
        }

    def found(self) -> Any:
        wanted, found = self.cleaned_data, self.visible
        if wanted["q"]:
            found = rows_found(found, wanted["q"], ("decision", "scope_name"))
        if scope := wanted["pham_vi"]:
            found = found.filter(scope_code="" if scope == WHOLE else scope)
        if wanted["bo_tieu_chi"]:
            found = found.filter(criterion__code=wanted["bo_tieu_chi"])
        if wanted["tinh_trang"]:
            found = found.filter(withdrawal__isnull=wanted["tinh_trang"] == "hieu_luc")
        return found.select_related("criterion", "withdrawal", "by")


@permission_needed("cadres.view_publication")
@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    user = account(request)
    filters = PublicationFilter(request.GET, user=user)
    columns = Columns(request, LIST_COLUMNS, default=("-day", "-pk"), tie=("-pk",), may_choose=True)
    found = filters.found().order_by(*columns.order)
    if FILE in request.GET:
        rows = _rows(list(found), user)
        told = f"{thousands(len(rows))} số liệu đã công bố, kèm số tính lại khi tải tệp này."
        notes = [*head_of_file(request, filters, is_dated=False), told]
        return columns.file(request, rows, title="SỐ LIỆU CÔNG BỐ", notes=notes, stem="so-lieu-cong-bo")
    page = shown_page(request, found)
    return render(
        request,
        "reports/publication_list.html",
        {
            "title": "Số liệu công bố",
            "filters": filters,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": _rows(list(page.object_list), user, at_most=RECOMPUTED_AT_ONCE),
            "scope_names": names_of_scope(user, today_of(request)),
            "proposals": _proposals(user, filters, working_day(request)),
            "due": _due(user, working_day(request)),
        },
    )


def _due(user: User, day: date) -> list[tuple[str, str]]:
    """The figures that are to be published, for who publishes or proposes: each with where that is done."""
    if not user.has_perm("cadres.add_publicationproposal"):
        return []
    end, page = last_year_end(day), reverse("reports:publication-add")
    return [
        (f"Toàn tỉnh, ngày {ngay(end)}, {criterion.name}", page + query_string({DAY: end, CRITERION: criterion.code}))
        for criterion in criteria_due(day)
    ]


def _proposals(user: User, filters: PublicationFilter, day: date) -> list[Any]:
    """What waits to be published, for who publishes or proposes; `may_publish`: not the account's own."""
    if not user.has_perm("cadres.add_publicationproposal"):
        return []
    found = filters.waiting(PublicationProposal.objects.waiting(), user, day)
    waiting: list[Any] = list(found.select_related("proposed_by"))
    for one in waiting:
        one.may_publish = user.has_perm(PUBLISH) and (
            one.proposed_by_id != user.pk or goes_alone(user, PUBLISH, [one.proposed_by_id])
        )
        one.may_refuse = user.has_perm(PUBLISH) or one.proposed_by_id == user.pk
        one.address = f"{one.asked}{'&' if one.asked else '?'}{PROPOSAL}={one.pk}"
    return waiting


def _rows(publications: Sequence[Publication], user: User, *, at_most: int | None = None) -> list[Row]:
    """Each figure with what it would be now; only those are computed again of which the history holds anything."""
    rulebook = Rulebook.load()
    since = touched(publications, user=user, rulebook=rulebook)
    again = [one for one in publications if one.pk in since][:at_most]
    now = recomputed(again, user=user, rulebook=rulebook)
    rates = rates_shown(publications, user)
    return [
        Row(one, rates[one.pk], one.pk in since, now.get(one.pk) if one.pk in since else Recomputed(rates[one.pk]))
        for one in publications
    ]


# ---------------------------------------------------------------- one


@dataclass(frozen=True)
class ActRow:
    """An act since the figure was published, with how many of the people it concerns whose verdict differs."""

    line: ActLine
    people: int


@permission_needed("cadres.view_publication")
@require_safe
def publication_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The figure, what it would be now, and which changes made it so, by act and person by person; its groups."""
    user = account(request)
    publication = _publication(user, pk)
    words, rulebook = Words(publication.definition), Rulebook.load()
    by = grouping_asked_for(request)
    rate = rate_shown(publication, user)
    is_touched = bool(touched([publication], user=user, rulebook=rulebook))
    now = recomputed([publication], user=user, rulebook=rulebook).get(pk)
    people = differences(publication, user=user, rulebook=rulebook) if now and now.changed_by else []
    acts = Counter(act for person in people for act in person.acts)
    chosen = key_of(request.GET.get(ACT, ""))
    shown = [person for person in people if chosen in person.acts] if chosen else people
    page = shown_page(request, shown)
    in_words(page.object_list)
    units = units_asked(request, publication.day)
    groups = groups_shown(publication, by, user, words, units)
    titles = titles_published(units.day if units else publication.day)
    of_units = {UNITS_ON: units.day if units else None}
    return render(
        request,
        "reports/publication_detail.html",
        {
            "title": f"Số liệu công bố: {publication}",
            "publication": publication,
            "words": words,
            "rate": rate,
            "whole": rate_in(publication),
            "now": now,
            "is_computable": is_computable(publication, rulebook),
            "is_touched": is_touched,
            "acts": [ActRow(line, acts[line.act.pk]) for line in lines_of(sorted(acts, reverse=True))],
            "unexplained": sum(not person.changes for person in people),
            "act": chosen,
            "page": page,
            "by": by,
            "by_title": titles[by],
            "groupings": titles,
            "rows": [(group, query_string({FILTER_OF[by]: group.code, **of_units})) for group in groups],
            "of_units": query_string(of_units),
            "total": None if by == DIMENSION else sum((group.rate for group in groups), Rate()),
            **units_context(request, publication.day),
            "scope_names": names_of_scope(user, publication.day),
            "of_the_day": of_the_day(publication),
        },
    )


def _publication(user: User, pk: int) -> Publication:
    return fetch_or_404(Publication.objects.select_related("criterion", "withdrawal__by", "by"), user, pk=pk)


def of_the_day(publication: Publication) -> str:
    """What leads a link to another page of the day and the criterion of the figure."""
    return query_string({DAY: publication.day, CRITERION: publication.criterion.code})


def titles_published(day: date) -> dict[str, str]:
    """Name → title, on the day, of the groupings by which a figure is published."""
    titles = titles_on(day)
    return {name: titles[name] for name in PUBLISHED_BY}


def grouping_asked_for(request: HttpRequest) -> str:
    by = request.GET.get(GROUPING) or "district"
    if by not in PUBLISHED_BY:
        raise BadRequest(f"Không có cách chia “{by}”. Hãy chọn lại ở trang này.")
    return by


@permission_needed("cadres.view_publication")
@require_safe
def publication_file(request: HttpRequest, pk: int, file_type: str) -> HttpResponse:
    """The figure with all its groupings, as a workbook or as comma-separated text. 404 for another type of file."""
    user = account(request)
    publication = _publication(user, pk)
    words = Words(publication.definition)
    units = units_asked(request, publication.day)
    titles = titles_published(units.day if units else publication.day)
    rows: list[Sequence[Any]] = [("Tất cả", publication.scope_name, *_cells(rate_shown(publication, user)))]
    for by in PUBLISHED_BY:
        for group in groups_shown(publication, by, user, words, units):
            name = f"{group.name} ({group.above})" if group.above else group.name
            rows.append((titles[by], name, *_cells(group.rate)))
    columns = (
        "Cách chia",
        "Nhóm",
        "Tổng số",
        "Đạt",
        "Chưa đạt",
        "Chưa đủ dữ liệu",
        "Đang chuyển tiếp",
        "Tỷ lệ đạt (%)",
    )
    table = Table("SỐ LIỆU CÔNG BỐ", notes_of(publication, user, units), columns, rows, sheet="Số liệu")
    return download_table(request, table, f"cong-bo-{publication.pk}-{publication.day}", file_type)


def _cells(rate: Rate) -> tuple[Any, ...]:
    counts = (rate.total, rate.compliant, rate.not_compliant, rate.undetermined, rate.in_transition)
    return (*counts, rate.percent)


def notes_of(publication: Publication, user: User, units: Correspondence | None = None) -> list[str]:
    """What a file of a published figure says of it: day, scope, words, decision, and that it is an extract."""
    told = publication.definition
    notes = [
        f"Số liệu ngày {ngay(publication.day)}. Phạm vi: {publication.scope_name}.",
        f"Công bố theo {publication.decision}"
        + (f" ngày {ngay(publication.decided_on)}" if publication.decided_on else "")
        + f", lúc {luc(publication.published_at)}.",
        f"Tiêu chí: {told['criterion']['name']} ({told['criterion']['definition']}).",
        f"Căn cứ: {'; '.join(text['legal_basis'] for text in (*told['standards'], *told['local_rules']))}.",
    ]
    if told["unchecked"]:
        notes.append(f"{told['unchecked']} yêu cầu tiêu chuẩn chưa được đối chiếu với văn bản khi công bố.")
    if publication.is_withdrawn:
        withdrawal = publication.withdrawal
        notes.append(f"ĐÃ THU HỒI lúc {luc(withdrawal.withdrawn_at)}: {withdrawal.reason}.")
    if not user.sees_every_unit:
        notes.append(f"Trích trong phạm vi: {', '.join(names_of_scope(user, publication.day))}.")
    if units:
        notes.append(f"Đơn vị ngày {ngay(units.day)}; danh sách và số liệu là của ngày {ngay(publication.day)}.")
    return notes


# ---------------------------------------------------------------- publishing and withdrawing


class PublishForm(AloneForm):
    """By which decision. What is published stands in the address; `seen` is the figure that the page has shown."""

    decision = forms.CharField(
        label="Số quyết định (văn bản) công bố",
        max_length=200,
        error_messages={"required": "Hãy ghi số quyết định (văn bản) công bố."},
    )
    decided_on = DayField(label="Ngày quyết định", required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, figure: str, **kwargs: Any) -> None:
        self.figure = figure
        self.has_moved = data is not None and data.get("seen") != figure
        super().__init__(data | {"seen": figure} if self.has_moved else data, **kwargs)
        self.initial["seen"] = figure

    def clean(self) -> None:
        if self.has_moved:
            raise ValidationError("Số liệu vừa thay đổi so với lúc trang này hiện ra. Hãy xem lại rồi bấm lần nữa.")


@dataclass(frozen=True)
class Choice:
    """What the address asks to publish."""

    day: date
    criterion: Criterion
    version: Any  # of the unit; None: the whole province
    standards: list[Standard]

    @property
    def unit(self) -> Any:
        return self.version.unit if self.version else None

    @property
    def scope_name(self) -> str:
        return self.version.name if self.version else PROVINCE

    def address(self, request: HttpRequest) -> str:
        """The query string that asks for it, whatever day is worked on."""
        codes = sorted(standard.code for standard in self.standards)
        return dated(request, **{SCOPE: self.version.code if self.version else "", TEXTS: codes})


@permission_needed("cadres.add_publicationproposal")
def publication_add(request: HttpRequest) -> HttpResponse:
    """Shows what would be frozen of the day, criterion, scope and texts in the address; freezes or proposes it.

    It is frozen by another than who proposed it; alone, with a reason, where nobody else could.
    """
    user, today = account(request), today_of(request)
    proposal = _proposal(request)
    prepared_by = [proposal.proposed_by_id if proposal else user.pk]
    alone = user.has_perm(PUBLISH) and goes_alone(user, PUBLISH, prepared_by)
    publishes = alone or (user.has_perm(PUBLISH) and user.pk not in prepared_by)
    choice = _choice(request, user)
    rulebook = Rulebook.load()
    communes = communes_in_scope(user, choice.day)
    try:
        refuse(
            day=choice.day, criterion=choice.criterion, unit=choice.unit, standards=choice.standards, on=today,
            rulebook=rulebook,
        )  # fmt: skip
        refusal = ""
    except ValidationError as error:
        refusal = " ".join(error.messages)
    groups: list[GroupRate] = []
    told: dict[str, Any] = {}
    by = "commune" if choice.unit else "district"
    posts = scope_of(choice.unit, choice.day)
    if not refusal:
        groups = rates_by(
            by, day=choice.day, criterion=choice.criterion, standards=choice.standards, appointments=posts,
            rulebook=rulebook,
        )  # fmt: skip
        told = definition(choice.day, choice.criterion, choice.standards, rulebook)
        if not groups:
            refusal = f"Ngày {ngay(choice.day)} chưa có số liệu trong phạm vi này. Hãy chọn ngày khác ở đầu trang."
    rate = sum((group.rate for group in groups), NOBODY)
    posted = request.POST.dict() if request.method == "POST" else None
    proposed = {"decision": proposal.decision, "decided_on": proposal.decided_on} if proposal else {}
    figure = f"{rate.compliant}/{rate.not_compliant}/{rate.undetermined}"
    form = PublishForm(posted, figure=figure, is_alone=alone, initial=proposed)
    judging = {text["group"] for text in told.get("standards", ())}
    made: list[Publication] = []

    def write() -> str:
        said = {name: form.cleaned_data[name] for name in ("decision", "decided_on")}
        if not publishes:
            title = f"{choice.scope_name}, ngày {ngay(choice.day)}, {choice.criterion.name.lower()}"
            propose(asked=choice.address(request), title=title, **said, by=user)
            return f"Đã đề nghị công bố: {title}. Người phê duyệt thấy đề nghị này ở trang Số liệu công bố."
        with second_person(user, PUBLISH, prepared_by, alone=form.cleaned_data.get("alone", "")):
            made.append(
                publish(
                    day=choice.day,
                    criterion=choice.criterion,
                    unit=choice.unit,
                    standards=choice.standards,
                    **said,
                    on=today,
                    by=user,
                )
            )
            if proposal:
                published(proposal, made[0], by=user)
        return f"Đã công bố {made[0]}: {phan_tram(rate.percent)} %."

    return change(
        request,
        form,
        write,
        template="reports/publication_add.html",
        title="Công bố số liệu" if publishes else "Đề nghị công bố số liệu",
        action="Công bố" if publishes else "Đề nghị công bố",
        proposal=proposal,
        back=reverse("reports:rates") + query_string({DAY: choice.day, CRITERION: choice.criterion.code}),
        target=lambda: (
            reverse("reports:publication-detail", args=[made[0].pk]) if made else reverse("reports:publication-list")
        ),
        at_the_same_time="Vừa có người khác công bố chính số liệu này. Hãy xem ở trang Số liệu công bố.",
        choice=choice,
        refusal=refusal,
        rate=rate,
        groups=groups,
        by_title=titles_on(choice.day)[by],
        told=told,
        left_behind=0 if refusal else left_behind(choice.day, posts).count(),
        groups_without_standard=[] if refusal else [
            PositionGroup(group).label for group in JUDGED_GROUPS if group not in judging
        ],
        scopes=_scopes(communes),
        texts=[standard for standard in rulebook.standards if standard.over_id is None],
    )  # fmt: skip


def _proposal(request: HttpRequest) -> PublicationProposal | None:
    """The proposal that the address names. Raises Http404 for one that waits no longer."""
    key = key_of(request.GET.get(PROPOSAL, ""))
    return None if key is None else get_object_or_404(PublicationProposal.objects.waiting(), pk=key)


@permission_needed("cadres.add_publicationproposal")
def proposal_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """An approver does not publish it, or whoever proposed it takes it back."""
    user = account(request)
    proposal = get_object_or_404(PublicationProposal.objects.waiting(), pk=pk)
    if not user.has_perm(PUBLISH) and proposal.proposed_by_id != user.pk:
        raise PermissionDenied("Chỉ người phê duyệt, hoặc người đã đề nghị, bỏ được đề nghị này.")
    form = RefuseForm(request.POST or None)

    def write() -> str:
        refuse_proposal(proposal, reason=form.cleaned_data["reason"], by=user)
        return f"Đề nghị công bố {proposal} đã bỏ."

    return change(
        request,
        form,
        write,
        template="change.html",
        title=f"Không công bố: {proposal}",
        action="Bỏ đề nghị",
        back=reverse("reports:publication-list"),
        at_the_same_time="Vừa có người khác xử lý đề nghị này.",
        lead=f"{proposal.proposed_by.full_name} đề nghị theo {proposal.decision}. Lý do được giữ trong nhật ký.",
    )


class RefuseForm(forms.Form):
    reason = forms.CharField(label="Lý do không công bố", max_length=500)


def _choice(request: HttpRequest, user: User) -> Choice:
    """Raises BadRequest for a unit that is none or is out of scope, or an unknown text."""
    day, code = working_day(request), request.GET.get(SCOPE) or request.GET.get("huyen") or ""
    version = None
    if code:
        version = UnitVersion.objects.as_of(day).filter(code=code).select_related("unit").first()
        if version is None:
            raise BadRequest(f"Vào ngày {ngay(day)} không có đơn vị mã “{code}”. Hãy chọn lại phạm vi.")
    codes = [text for text in request.GET.getlist(TEXTS) if text]
    standards = list(Standard.objects.filter(code__in=codes, over=None))
    if unknown := set(codes) - {standard.code for standard in standards}:
        raise BadRequest(f"Không có văn bản tiêu chuẩn “{min(unknown)}”. Hãy chọn lại.")
    return Choice(day, criterion_of(request), version, standards)


def _scopes(communes: list[Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The units that can be published, a district with the communes below it."""
    below = dict(communes_offered(communes))
    return [(name, [(code, name), *below.get(name, ())]) for code, name in districts_offered(communes).items()]


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Lý do thu hồi",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi lý do thu hồi."},
    )


@permission_needed("cadres.add_publication")
def publication_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = account(request)
    publication = _publication(user, pk)
    form = WithdrawForm(request.POST or None)

    def write() -> str:
        withdraw(publication, reason=form.cleaned_data["reason"], by=user)
        return f"Đã thu hồi {publication}. Số liệu vẫn còn đó và ghi rõ là đã thu hồi."

    return change(
        request,
        form,
        write,
        template="reports/publication_withdraw.html",
        title=f"Thu hồi số liệu công bố: {publication}",
        action="Thu hồi",
        back=reverse("reports:publication-detail", args=[pk]),
        at_the_same_time="Vừa có người khác thu hồi số liệu này.",
        lead=f"{publication}: {phan_tram(rate_in(publication).percent)} %, {publication.decision}. "
        "Số liệu thu hồi không mất đi: trang của nó ghi ai thu hồi, lúc nào, vì sao. Sau đó ngày này công bố lại được.",
        is_final=True,
        publication=publication,
    )
