"""The texts of standards: what each says on the day looked at, and the pages on which it is changed."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate  # noqa: TID251
from django.views.decorators.http import require_safe

from cadres.catalogues.standards import RequirementResource
from cadres.history import signed
from cadres.models import (
    JUDGED_GROUPS,
    Criterion,
    Dimension,
    Level,
    Position,
    PositionGroup,
    Publication,
    Requirement,
    Standard,
    StandardChange,
    User,
)
from cadres.standards import changing
from cadres.standards.changing import Altered, Effect, Kind, State
from cadres.standards.forms import (
    AmendmentForm,
    CopyForm,
    CorrectionOfText,
    DimensionForm,
    EndingForm,
    GridEdit,
    LocalRulesForm,
    NewTextForm,
    ReasonForm,
    dimensions_in,
    unasked,
)
from cadres.standards.texts import Grid, empty_grid, grid_of, lines_on
from cadres.standards.to_do import CHANGES
from cadres.web.addresses import dated, query_string
from cadres.web.changes import add_refusal, change
from cadres.web.day import criterion_of, working_day
from cadres.web.downloads import download_table
from cadres.web.permissions import account, permission_needed
from cadres.web.tables import Table
from cadres.web.to_do import ToDoFilter

SEE, CHANGE = "cadres.view_standard", "cadres.change_standard"
AT_THE_SAME_TIME = "Vừa có người khác thay đổi văn bản này. Hãy mở lại trang văn bản rồi làm lại."
FURTHER = "mat"  # codes of dimensions that are columns of a grid besides those asked for, in the address
GROUP = "nhom"
STATE_TAGS = {State.PREPARED: "warn", State.WAITING: "warn", State.DONE: "good", State.REJECTED: "bad"}


# ---------------------------------------------------------------- read


class ChangeFilter(ToDoFilter):
    """The list of texts narrowed to nothing but the changes that wait for the account."""

    TO_DO = CHANGES


@permission_needed(SEE)
@require_safe
def standard_list(request: HttpRequest) -> HttpResponse:
    day, filters = working_day(request), ChangeFilter(request.GET)
    texts = list(Standard.objects.select_related("over").order_by("start_date", "pk"))
    groups = [
        (
            PositionGroup(group).label,
            [
                (text, standing(text, day), [rules for rules in texts if rules.over_id == text.pk])
                for text in reversed(texts)
                if text.position_group == group and text.over_id is None
            ],
        )
        for group in PositionGroup.values
        if group in JUDGED_GROUPS or any(text.position_group == group for text in texts)
    ]
    changes = StandardChange.objects.filter(state__in=changing.OPEN)
    return render(
        request,
        "cadres/standards/list.html",
        {
            "title": "Văn bản tiêu chuẩn",
            "groups": groups,
            "filters": filters,
            "open": shown_changes(filters.waiting(changes, account(request), day), account(request)),
        },
    )


def standing(text: Standard, day: date) -> tuple[str, str]:
    """Whether the text is in force on the day, in words and as the look of a tag."""
    if not text.has_begun(day):
        return "chưa có hiệu lực", ""
    return ("hết hiệu lực", "") if text.has_ended(day) else ("đang áp dụng", "good")


@permission_needed(SEE)
@require_safe
def standard_detail(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_of(pk)
    day = text.nearest_day(working_day(request))
    changes = StandardChange.objects.filter(standard=text) | StandardChange.objects.filter(made_text=text)
    return render(
        request,
        "cadres/standards/detail.html",
        {
            "title": text.name,
            "text": text,
            "day": day,
            "is_other_day": day != working_day(request),
            "standing": standing(text, working_day(request)),
            "grid": grid_of(text, day),
            "periods": periods_of(text),
            "local_rules": text.local_rules.order_by("start_date"),
            "changes": shown_changes(changes, account(request)),
            "may_change": request.user.has_perm(CHANGE),
            "may_remove": request.user.has_perm(CHANGE) and text.made_by.exists(),
        },
    )


def text_of(pk: int) -> Standard:
    return get_object_or_404(Standard.objects.select_related("over"), pk=pk)


def periods_of(text: Standard) -> list[tuple[date, int]]:
    """The days from which on lines of the text are others, each with how many begin then; not its own beginning."""
    starts = [line.start_date for line in Requirement.objects.filter(standard=text) if line.known_start]
    return [(start, starts.count(start)) for start in sorted(set(starts))]


def shown_changes(changes: Any, user: User) -> list[tuple[StandardChange, str, bool]]:
    """The changes, newest first, each with the look of its state and whether it waits for this account."""
    mine = set(changing.changes_to_confirm(user).values_list("pk", flat=True))
    found = changes.select_related("standard", "made_text", "made_by", "decided_by").order_by("-pk")
    return [(one, STATE_TAGS.get(State(one.state), ""), one.pk in mine) for one in found]


@permission_needed(SEE)
@require_safe
def standard_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of the text on the day, as the table that is read again."""
    text = text_of(pk)
    day = text.nearest_day(working_day(request))
    resource = RequirementResource()
    fields = resource.get_export_fields()
    lines = lines_on(day, [text]).order_by("position__order", "dimension__order")
    table = Table(
        f"{text.name}, ngày {day:%d/%m/%Y}",
        [],
        [field.column_name for field in fields],
        [[field.export(line) for field in fields] for line in lines],
        sheet="Yêu cầu",
    )
    return download_table(request, table, f"tieu-chuan-{text.code}", request.GET.get("tep", "xlsx"))


# ---------------------------------------------------------------- prepared


def grid_page(
    request: HttpRequest,
    form: Any,
    kind: str,
    *,
    text: Standard | None,
    shown: Callable[[date | None, list[Dimension]], Grid],
    of_text: bool = True,
    is_local: bool = False,
    day: date | None = None,
    facts: Callable[[], dict[str, Any]] = dict,
    **page: Any,
) -> HttpResponse:
    """The page of a change with a grid. Sent, the change is kept with its effect, and the page of that comes next.

    `shown` makes the grid of a day (None: of the day looked at) with further columns; `of_text` tells whether its lines
    are those of the text that is changed, or only what a new one begins with.
    """
    further = further_dimensions(request)
    edited: GridEdit | None = None
    if request.method == "POST":
        is_valid = form.is_valid()
        table = form.cleaned_data.get("table")
        if table is not None:
            further += Dimension.objects.filter(code__in=dimensions_in(table))
        on = form.cleaned_data.get("day") if kind == Kind.AMENDMENT else None
        edited = GridEdit(shown(on, further), text if of_text else None, is_local, request.POST)
        if edited.is_overtaken:
            form.add_error(
                None,
                "Vào ngày này văn bản nói khác lưới đã mở (có sửa đổi khác). Lưới dưới đây là của ngày đó: "
                "hãy chọn lại các ô cần sửa.",
            )
            edited = GridEdit(shown(on, further), text if of_text else None, is_local)
        elif edited.errors:
            form.add_error(None, edited.errors)
        elif is_valid:
            try:
                with transaction.atomic():
                    if table is not None:
                        edited.take(table, text.code if text and of_text else "")
                    made = changing.prepare(
                        kind,
                        text=text,
                        day=form.cleaned_data.get("day") or day,
                        decision=form.cleaned_data.get("decision", ""),
                        reason=form.cleaned_data["reason"],
                        facts=facts(),
                        rows=edited.altered(),
                        looked_at=working_day(request),
                        criterion=criterion_of(request),
                        until=localdate(),
                        by=account(request),
                    )
                return redirect(reverse("cadres:standard-change", args=[made.pk]) + dated(request))
            except ValidationError as refusal:
                add_refusal(form, refusal)
            except IntegrityError:
                form.add_error(None, AT_THE_SAME_TIME)
    edited = edited or GridEdit(shown(None, further), text if of_text else None, is_local)
    context = {
        "form": form,
        "edited": edited,
        "text": text,
        "further": [(dimension, further_address(request, dimension)) for dimension in unasked(edited.grid.dimensions)],
        "back": page.pop("back", None) or text_address(request, text),
        "is_local": is_local,
    }
    return render(request, "cadres/standards/edit.html", context | page)


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What was typed and the files that came; None twice where nothing was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def further_dimensions(request: HttpRequest) -> list[Dimension]:
    """The columns that the address asks for besides. Raises BadRequest for a code that is none."""
    codes = request.GET.getlist(FURTHER)
    found = list(Dimension.objects.filter(code__in=codes))
    if len(found) < len(set(codes)):
        raise BadRequest("Không có mặt tiêu chuẩn đó. Hãy chọn lại từ trang văn bản.")
    return found


def further_address(request: HttpRequest, dimension: Dimension) -> str:
    return query_string({**dict(request.GET.lists()), FURTHER: [*request.GET.getlist(FURTHER), dimension.code]})


def text_address(request: HttpRequest, text: Standard | None) -> str:
    there = reverse("cadres:standard-detail", args=[text.pk]) if text else reverse("cadres:standard-list")
    return there + dated(request)


@permission_needed(CHANGE)
def standard_amend(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_of(pk)
    seen = text.nearest_day(working_day(request))
    return grid_page(
        request,
        AmendmentForm(*sent(request)),
        Kind.AMENDMENT,
        text=text,
        shown=lambda day, further: grid_of(
            text, text.nearest_day(day or seen), also=further, with_local=bool(text.over_id)
        ),
        is_local=bool(text.over_id),
        title="Sửa đổi từ ngày…",
        lead="Từ ngày ghi ở đây văn bản nói khác; mọi ngày trước đó giữ nguyên. Chỉ cần chọn lại những ô thay đổi.",
    )


@permission_needed(CHANGE)
def standard_correct(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_of(pk)
    day = text.nearest_day(working_day(request))
    form = CorrectionOfText.over(text, *sent(request))

    def facts() -> dict[str, Any]:
        held = changing.facts_of(text)
        return {name: value for name, value in form.facts().items() if held[name] != value}

    return grid_page(
        request,
        form,
        Kind.CORRECTION,
        text=text,
        shown=lambda _, further: grid_of(text, day, also=further, with_local=bool(text.over_id)),
        is_local=bool(text.over_id),
        day=day,
        facts=facts,
        title="Đính chính",
        lead=f"Để sửa điều đã ghi sai trong phần mềm: sửa cả quá khứ, như thể văn bản luôn nói thế. Lưới là của ngày "
        f"{day:%d/%m/%Y}. Khi chính văn bản được sửa đổi, hãy dùng Sửa đổi từ ngày….",
    )


@permission_needed(CHANGE)
def standard_copy(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_of(pk)
    if text.over_id:
        raise BadRequest("Quy định vận dụng không sao chép được: hãy lập quy định vận dụng mới ở văn bản gốc.")
    day = text.nearest_day(working_day(request))
    held = {"end_date": text.end_date, "transition_until": text.transition_until}
    form = CopyForm(*sent(request), initial=held)
    return grid_page(
        request,
        form,
        Kind.NEW_TEXT,
        text=text,
        of_text=False,
        shown=lambda _, further: grid_of(text, day, also=further, with_local=False),
        facts=lambda: form.facts() | {"position_group": text.position_group},
        title="Sao chép thành văn bản mới từ ngày…",
        lead=f"{text.name} hết hiệu lực vào ngày trước ngày văn bản mới có hiệu lực. Mọi yêu cầu được chép sang lưới "
        "dưới đây; sửa những ô khác rồi xem ảnh hưởng. Quy định vận dụng của văn bản cũ không được chép theo.",
    )


@permission_needed(CHANGE)
def standard_add(request: HttpRequest) -> HttpResponse:
    group = request.GET.get(GROUP, JUDGED_GROUPS[0])
    if group not in JUDGED_GROUPS:
        raise BadRequest("Nhóm chức danh này không có tiêu chuẩn. Hãy chọn lại từ trang Văn bản tiêu chuẩn.")
    form = NewTextForm(*sent(request), initial={"position_group": group})
    form.fields["position_group"].widget = forms.HiddenInput()
    form.fields["position_group"].disabled = True  # the rows of the grid are those of the group
    return grid_page(
        request,
        form,
        Kind.NEW_TEXT,
        text=None,
        shown=lambda _, further: empty_grid(group, working_day(request), further),
        facts=form.facts,
        title=f"Văn bản mới: {PositionGroup(group).label.lower()}",
        lead="Để nhập một văn bản chưa có văn bản nào trước nó. Văn bản thay thế một văn bản đang có thì nên sao chép "
        "từ văn bản đó.",
    )


@permission_needed(CHANGE)
def standard_local(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_of(pk)
    if text.over_id:
        raise BadRequest("Văn bản này là quy định vận dụng. Hãy sửa đổi nó, hoặc vận dụng văn bản gốc.")
    day = text.nearest_day(working_day(request))
    form = LocalRulesForm(*sent(request))
    return grid_page(
        request,
        form,
        Kind.LOCAL_RULES,
        text=text,
        of_text=False,
        is_local=True,
        shown=lambda _, further: grid_of(text, day, also=further, with_local=False),
        facts=lambda: form.facts() | {"position_group": text.position_group},
        title="Quy định vận dụng của tỉnh",
        lead=f"Chỉ ghi những ô khác {text.name}; ô để trống theo văn bản gốc.",
    )


def plain_page(request: HttpRequest, form: Any, kind: str, text: Standard, **page: Any) -> HttpResponse:
    """The page of a change without a grid. Sent, the change is kept with its effect, and that is shown next."""
    made: list[StandardChange] = []

    def write() -> str:
        made.append(
            changing.prepare(
                kind,
                text=text,
                day=form.cleaned_data.get("day"),
                decision=form.cleaned_data.get("decision", ""),
                reason=form.cleaned_data["reason"],
                facts={"code": text.code, "name": text.name},
                looked_at=working_day(request),
                criterion=criterion_of(request),
                until=localdate(),
                by=account(request),
            )
        )
        return "Đã tính ảnh hưởng. Chưa ghi gì vào văn bản."

    return change(
        request,
        form,
        write,
        template="change.html",
        action="Xem ảnh hưởng",
        back=text_address(request, text),
        at_the_same_time=AT_THE_SAME_TIME,
        target=lambda: reverse("cadres:standard-change", args=[made[0].pk]) + dated(request),
        **page,
    )


@permission_needed(CHANGE)
def standard_end(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_of(pk)
    return plain_page(
        request,
        EndingForm(*sent(request)),
        Kind.END,
        text,
        title=f"Hết hiệu lực: {text.name}",
        lead="Từ ngày sau ngày ghi ở đây văn bản không còn áp dụng. Nhóm chức danh không có văn bản nào khác thì không "
        "nằm trong tỷ lệ.",
    )


@permission_needed(CHANGE)
def standard_remove(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_of(pk)
    if not text.made_by.exists():
        raise Http404("Văn bản này được nạp sẵn cùng phần mềm nên không gỡ được.")
    return plain_page(
        request,
        ReasonForm(*sent(request)),
        Kind.REMOVAL,
        text,
        title=f"Gỡ văn bản lập nhầm: {text.name}",
        lead="Văn bản và mọi yêu cầu của nó bị gỡ, như thể chưa từng có; văn bản mà nó thay thế tiếp tục có hiệu lực. "
        "Lịch sử vẫn giữ.",
    )


# ---------------------------------------------------------------- decided


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Ý kiến, lý do", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def _again(change: StandardChange, *, request: HttpRequest, by: User) -> StandardChange:
    return changing.compute_again(
        change, looked_at=working_day(request), criterion=criterion_of(request), until=localdate(), by=by
    )


DO = "viec"
# What may be done with a change: the permission for it, the doing, and what is told then.
DEEDS: dict[str, tuple[str, Callable[..., StandardChange]]] = {
    "thuc_hien": (CHANGE, changing.submit),
    "xac_nhan": (changing.CONFIRM, changing.confirm),
    "khong": (changing.CONFIRM, changing.reject),
    "bo": (CHANGE, changing.drop),
}
AGAIN = "tinh_lai"
TOLD = {
    State.DONE: "Đã thực hiện: {}.",
    State.WAITING: "Đã gửi để người thứ hai của Sở xác nhận: {}. Chưa ghi gì vào văn bản.",
    State.REJECTED: "Đã trả lời không xác nhận: {}.",
    State.DROPPED: "Đã bỏ: {}. Văn bản giữ nguyên.",
    State.PREPARED: "Đã tính lại ảnh hưởng: {}.",
}


@permission_needed(SEE)
def standard_change(request: HttpRequest, pk: int) -> HttpResponse:
    """What a change would do, or has done; and the buttons for it."""
    user = account(request)
    found = get_object_or_404(
        StandardChange.objects.select_related("standard__over", "made_text", "made_by", "decided_by"), pk=pk
    )
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        deed = request.POST.get(DO, "")
        permission = CHANGE if deed == AGAIN else DEEDS[deed][0] if deed in DEEDS else CHANGE
        if not user.has_perm(permission):
            raise PermissionDenied("Vai trò của tài khoản này không được làm việc đó.")
        if deed != AGAIN and deed not in DEEDS:
            raise BadRequest("Chưa chọn việc cần làm. Hãy quay lại trang trước.")
        if form.is_valid():
            try:
                with transaction.atomic():
                    decided = _do(request, found, deed, form.cleaned_data["answer"], user)
            except ValidationError as refusal:
                add_refusal(form, refusal)
            except IntegrityError:
                form.add_error(None, AT_THE_SAME_TIME)
            else:
                return redirect(_after(request, decided))
    effect = Effect.of(found)
    is_open = found.state in changing.OPEN
    return render(
        request,
        "cadres/standards/change.html",
        {
            "title": f"{found.get_kind_display()}: {found.facts.get('name') or found.standard}",
            "change": found,
            "tag": STATE_TAGS.get(State(found.state), ""),
            "form": form,
            "effect": effect,
            "foretold": effect.by_criterion if user.sees_every_unit else None,
            "criterion": Criterion.objects.filter(code=effect.criterion).first(),
            "published": on_published(effect),
            "cells": in_words([Altered.restored(row) for row in found.rows]),
            "facts": facts_in_words(found),
            "is_open": is_open,
            "needs_second": is_open and changing.needs_second(found),
            "goes_alone": is_open and changing.goes_alone(found),
            "may_confirm": is_open and user.has_perm(changing.CONFIRM) and found.made_by_id != user.pk,
            "may_change": is_open and user.has_perm(CHANGE),
            "back": text_address(request, found.made_text or found.standard),
        },
    )


def _do(request: HttpRequest, found: StandardChange, deed: str, answer: str, user: User) -> StandardChange:
    if deed == AGAIN:
        return _again(found, request=request, by=user)
    _, doing = DEEDS[deed]
    return doing(found, by=user) if deed == "bo" else doing(found, answer=answer, by=user)


def _after(request: HttpRequest, change: StandardChange) -> str:
    messages.success(request, TOLD[State(change.state)].format(change))
    if change.state == State.DONE:
        return text_address(request, change.made_text or change.standard)
    if change.state == State.DROPPED:
        return text_address(request, change.standard)
    return reverse("cadres:standard-change", args=[change.pk]) + dated(request)


def in_words(rows: Iterable[Altered]) -> list[tuple[Position, Dimension, str, str]]:
    """Each altered cell: what it says, and what it is to say."""
    altered = list(rows)
    positions = Position.objects.in_bulk({row.position for row in altered})
    dimensions = Dimension.objects.in_bulk({row.dimension for row in altered})
    levels = Level.objects.in_bulk()
    found = [
        (positions[row.position], dimensions[row.dimension], _said(row.before, levels), _said(row.after, levels))
        for row in altered
    ]
    return sorted(found, key=lambda row: (row[0].order, row[1].order))


def _said(said: changing.Said | None, levels: dict[int, Level]) -> str:
    if said is None:
        return "–"
    told = str(levels[said.minimum])
    if said.relaxed != said.minimum:
        told += f" (mức giảm: {levels[said.relaxed]})"
    return f"{told}; {said.article}" if said.article else told


def facts_in_words(change: StandardChange) -> list[tuple[str, str]]:
    """The facts of the text that a change says, by their names."""
    groups = dict(PositionGroup.choices)
    found = []
    for name, value in change.facts.items():
        field: Any = Standard._meta.get_field(name)
        shown = groups.get(value, value) if name == "position_group" else value
        if name in changing.DATES:
            shown = f"{date.fromisoformat(value):%d/%m/%Y}" if value else "để trống"
        found.append((str(field.verbose_name), str(shown)))
    return found


def on_published(effect: Effect) -> list[tuple[Publication, changing.PublishedEffect]]:
    """The published figures that were looked at, those that move first."""
    found = Publication.objects.select_related("criterion").in_bulk([one.publication for one in effect.published])
    rows = [(found[one.publication], one) for one in effect.published if one.publication in found]
    return sorted(rows, key=lambda row: (not row[1].moves, row[0].day))


# ---------------------------------------------------------------- dimensions


@permission_needed(SEE)
@require_safe
def dimension_list(request: HttpRequest) -> HttpResponse:
    dimensions = Dimension.objects.prefetch_related("levels")
    return render(request, "cadres/standards/dimensions.html", {"title": "Mặt tiêu chuẩn", "dimensions": dimensions})


@permission_needed(CHANGE)
def dimension_add(request: HttpRequest) -> HttpResponse:
    form = DimensionForm(request.POST or None)

    def write() -> str:
        made = add_dimension(form.cleaned_data, by=account(request))
        return f"Đã thêm mặt “{made}”. Chưa văn bản nào yêu cầu mặt này: hãy sửa đổi văn bản cần yêu cầu."

    return change(
        request,
        form,
        write,
        template="change.html",
        title="Thêm mặt tiêu chuẩn",
        action="Thêm",
        back=reverse("cadres:dimension-list"),
        at_the_same_time="Vừa có người khác thêm mặt này. Hãy xem lại danh sách.",
        lead="Mặt mới dùng được ngay trong hồ sơ, danh sách Excel và lưới của các văn bản; nó chỉ được tính khi có văn "
        "bản yêu cầu.",
    )


@signed
def add_dimension(facts: dict[str, Any], *, by: User) -> Dimension:
    """A new dimension after all others, with its levels; below them the one that says that there is none."""
    last = Dimension.objects.order_by("order").last()
    made = Dimension(code=facts["code"], name=facts["name"], order=last.order + 1 if last else 1)
    made.full_clean()
    made.save()
    levels = [("KHONG", "Không có"), *facts["levels"]]
    Level.objects.bulk_create(
        Level(dimension=made, code=code, rank=rank, name=name) for rank, (code, name) in enumerate(levels)
    )
    return made
