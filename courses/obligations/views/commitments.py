"""Commitments to serve, how each stands, and the repayment where one is broken."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from cadres.access import communes_in_scope, fetch_or_404
from cadres.kept_plans import planned_once
from cadres.search import people_found
from cadres.text import dong
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.changes import add_refusal, change
from cadres.web.day import today_of, working_day
from cadres.web.fields import is_valid_on
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from cadres.web.posted import key_of
from cadres.web.tags import ngay
from cadres.web.ticks import Ticks, Way
from courses.access import classes_visible_to, commitments_visible_to, enrolments_visible_to
from courses.documents.kinds import Kind
from courses.documents.papers_of_person import WHO_COMMITS, repayment_decision
from courses.documents.people import places_of
from courses.documents.printing import WORD, printed
from courses.documents.wording import Content
from courses.models import Commitment, Enrolment, Repayment, TrainingClass, TrainingRegulation
from courses.obligations.commitments import (
    Proposal,
    RepaymentParts,
    Standing,
    breach_of,
    change_commitment,
    mark_paid,
    proposal,
    record_commitment,
    record_commitments,
    record_repayment,
    repayment,
    with_cost,
    with_standing,
    without_commitment,
)
from courses.obligations.forms import CommitmentForm, PaidForm, RepaymentDecisionForm, RepaymentForm, SignedForm
from courses.turn_columns import turn_columns, with_post_at_start

AT_THE_SAME_TIME = "Vừa có người khác ghi một thay đổi trùng với thay đổi này. Hãy xem lại cam kết rồi làm lại."
LIST = "loai"  # which of the lists, in the address
# What it says → which commitments; "can_ghi" are enrolments that have none.
TO_RECORD = "can_ghi"
OF_CLASS = "lop"  # the class to whose people the list is narrowed, in the address
TO_RECORD_LABEL = "Chưa ghi cam kết"
RUNNING, BROKEN, SERVED, REPAID = "dang_phuc_vu", "vi_pham", "da_du", "den_bu"
STANDINGS = {
    RUNNING: Standing.RUNNING,
    BROKEN: Standing.BROKEN,
    SERVED: Standing.SERVED,
    REPAID: Standing.REPAID,
}
SERVING = (RUNNING, SERVED)
SAYS = "chức danh, đơn vị là của ngày khai giảng"
TAGS = {Standing.RUNNING: "", Standing.BROKEN: "bad", Standing.SERVED: "good", Standing.REPAID: "warn"}


class CommitmentFilter(PlaceFilters):
    """The filters above the lists; which list, and the class it is narrowed to, the address says besides."""

    BAR = ("huyen", "xa")
    WORDS = (LIST, OF_CLASS)


def _columns(request: HttpRequest, shown: str) -> Columns:
    """The columns of one of the lists, each as its page and its file say it."""
    if shown == TO_RECORD:
        return _columns_to_record(request)

    def breach(row: Any) -> str:
        return f"Thôi việc {ngay(row.left_on)}" if row.left_on else row.enrolment.get_state_display()

    def paid(row: Any) -> str:
        return f"Đã nộp {ngay(row.repayment.paid_on)}" if row.repayment.paid_on else "Chưa nộp"

    turn = turn_columns(request, "enrolment__", person=lambda row: reverse("courses:commitment-detail", args=[row.pk]))
    columns = [
        *(turn.person, turn.position, turn.unit, turn.above, turn.programme, turn.class_code),
        Column("ngay_ky", "Ngày cam kết", ["signed_on"], cell=lambda row: row.signed_on, is_usual=False),
        Column("thang", "Số tháng", ["months"], cell=lambda row: row.months, is_number=True, is_usual=shown in SERVING),
        Column("tu_ngay", "Phục vụ từ", ["starts_on"], cell=lambda row: row.starts_on, is_usual=shown != REPAID),
        Column("den_ngay", "Đến", ["ends_on"], cell=lambda row: row.ends_on, is_usual=shown != REPAID),
        Column("chi_phi", "Chi phí, đồng", ["cost"], cell=lambda row: row.cost, is_number=True),
    ]
    if shown == BROKEN:
        columns.append(
            Column("vi_pham", "Vi phạm", ["left_on", "enrolment__state"], cell=breach, page=_tagged("bad", breach))
        )
    if shown == REPAID:
        columns += [
            Column(
                "den_bu", "Đền bù, đồng", ["repayment__amount"], cell=lambda row: row.repayment.amount, is_number=True
            ),
            Column(
                "nop",
                "Nộp",
                ["repayment__paid_on"],
                cell=paid,
                page=lambda row: _tagged("good" if row.repayment.paid_on else "warn", paid)(row),
            ),
        ]
    return Columns(request, columns, default=["ends_on"], tie=("pk",), may_choose=True)


def _columns_to_record(request: HttpRequest) -> Columns:
    """Those of the turns that have no commitment."""
    may_record = request.user.has_perm("courses.add_commitment")

    def studying(row: Any) -> str:
        return "Đang học" if row.state == Enrolment.State.ATTENDING else "Đã học xong"

    def way(row: Any) -> SafeString:
        told = format_html('<span class="visually-hidden"> cam kết của {}</span>', row.official.full_name)
        return format_html('<a href="{}">Ghi{}</a>', reverse("courses:commitment-add", args=[row.pk]), told)

    turn = turn_columns(request, person=lambda row: reverse("cadres:official-detail", args=[row.official_id]))
    columns = [
        *(turn.person, turn.position, turn.unit, turn.above, turn.programme, turn.class_code),
        Column(
            "khai_giang", "Khai giảng", ["training_class__start_date"], cell=lambda row: row.training_class.start_date
        ),
        Column(
            "be_giang",
            "Bế giảng",
            ["training_class__end_date"],
            cell=lambda row: row.training_class.end_date,
            is_usual=False,
        ),
        Column("hoc", "Việc học", ["state"], cell=studying, is_usual=False),
        Column("thang", "Đề xuất, tháng", cell=lambda row: row.proposal.months, is_number=True),
        Column("chi_phi", "Chi phí, đồng", cell=lambda row: row.proposal.cost, is_number=True),
    ]
    if may_record:
        columns.append(Column("ghi", "Ghi", page=way))
    return Columns(
        request,
        columns,
        default=["-training_class__end_date"],
        tie=("pk",),
        may_choose=True,
        tick=lambda row: (row.pk, f"{row.official.full_name}, lớp {row.training_class.code}"),
    )


def _tagged(look: str, tell: Callable[[Any], str]) -> Callable[[Any], SafeString]:
    """What a row is told, as a tag."""
    return lambda row: format_html('<span class="tag {}">{}</span>', look, tell(row))


@permission_needed("courses.view_commitment")
def commitment_list(request: HttpRequest) -> HttpResponse:
    """The commitments of one standing, or the turns that have none yet."""
    user, day, shown = account(request), working_day(request), request.GET.get(LIST, RUNNING)
    if shown not in (*STANDINGS, TO_RECORD):
        raise BadRequest("Không có danh sách cam kết đó. Hãy chọn lại ở đầu trang.")
    communes = communes_in_scope(user, day, "courses.view_commitment")
    filters, columns = CommitmentFilter(request.GET, communes=communes, day=day), _columns(request, shown)
    of_class = _class_named(request) if shown == TO_RECORD else None
    ticks = _ticks_of(request) if shown == TO_RECORD and user.has_perm("courses.add_commitment") else None
    commitments = with_standing(commitments_visible_to(user), day)
    if shown == TO_RECORD:
        found = _lacking(without_commitment(enrolments_visible_to(user)), filters, of_class)
    else:
        found = _of_people(commitments.filter(standing=STANDINGS[shown]), filters, "enrolment__")
        found = found.select_related("repayment")
    found = found.order_by(*columns.order)
    if request.method == "POST":
        if ticks is None:
            return HttpResponseNotAllowed(("GET", "HEAD"))
        return ticks.answer(
            everything=lambda: found.values_list("pk", flat=True),
            acts={"ghi": Way(reverse("courses:commitment-record") + kept(request))},
            filters=filters.sent(),
        )
    told: Callable[[Any], list[Any]] = _proposed if shown == TO_RECORD else list
    label = TO_RECORD_LABEL if shown == TO_RECORD else STANDINGS[shown].label
    if FILE in request.GET:
        notes = [*head_of_file(request, filters), f"{label}. {SAYS.capitalize()}."]
        if of_class:
            notes.append(f"Lớp {of_class.code}.")
        title = f"CAM KẾT PHỤC VỤ: {label.upper()}"
        return columns.file(request, told(found), title=title, notes=notes, stem=f"cam-ket-{shown.replace('_', '-')}")
    with planned_once():  # there are few commitments: how they are read hangs on no unit and no day
        page = shown_page(request, found)
        rows = told(page.object_list)
    if ticks is not None:
        ticks.show(row.pk for row in rows)
    counts = {
        row["standing"]: row["number"] for row in commitments.order_by().values("standing").annotate(number=Count("pk"))
    }
    context = {
        "title": "Cam kết phục vụ và đền bù chi phí đào tạo",
        "shown": shown,
        "filters": filters,
        # Who has no commitment is not counted for the sake of a tab: that asks every turn there ever was.
        "tabs": [
            *((code, standing.label, counts.get(standing, 0)) for code, standing in STANDINGS.items()),
            (TO_RECORD, TO_RECORD_LABEL, None),
        ],
        "what": "lượt học" if shown == TO_RECORD else "cam kết",
        "says": SAYS if shown == TO_RECORD else f"tình trạng ngày {ngay(day)}; {SAYS}",
        "columns": columns,
        "heads": columns.heads(),
        "page": page,
        "rows": rows,
        "ticks": ticks,
        "of_class": of_class,
    }
    return render(request, "courses/obligations/commitment_list.html", context)


def _ticks_of(request: HttpRequest) -> Ticks:
    """Which turns without a commitment are ticked: keys of enrolments."""
    return Ticks(request, "commitments")


def _class_named(request: HttpRequest) -> TrainingClass | None:
    """The class to whose people the address narrows the list (?lop=); Http404 for one that the account may not open."""
    if not request.GET.get(OF_CLASS):
        return None
    user = account(request)
    return fetch_or_404(classes_visible_to(user), user, pk=key_of(request.GET[OF_CLASS]))


def _lacking(turns: QuerySet[Any], filters: CommitmentFilter, of_class: TrainingClass | None) -> QuerySet[Any]:
    """Those of the turns without a commitment whom the address means."""
    found = _of_people(turns, filters)
    return found.filter(training_class=of_class) if of_class else found


def _of_people(rows: QuerySet[Any], filters: CommitmentFilter, path: str = "") -> QuerySet[Any]:
    """The rows of the people searched for, and of those in the units as the class began; with post and unit then."""
    rows = people_found(with_post_at_start(rows, path), filters.cleaned_data["q"], official=f"{path}official")
    if (units := filters.units_of_any_day()) is not None:
        rows = rows.filter(post_then__unit__in=units)
    return rows.select_related(f"{path}official", f"{path}training_class__programme")


def _proposed(turns: Iterable[Any]) -> list[Any]:
    """The turns of `without_commitment`, each with what it commits to."""
    rows, regulations = list(turns), list(TrainingRegulation.objects.all())
    for row in rows:
        row.proposal = proposal(row, regulations)
    return rows


@permission_needed("courses.add_commitment")
def commitment_record(request: HttpRequest) -> HttpResponse:
    """What those ticked commit to, signed on one day; a POST records it of all of them."""
    user, ticks = account(request), _ticks_of(request)

    def plan() -> Plan:
        chosen = enrolments_visible_to(user).filter(pk__in=ticks.numbers).order_by("official__name_order", "pk")
        rows = _proposed(with_cost(chosen).select_related("official", "training_class__programme"))
        due = set(
            without_commitment(Enrolment.objects.filter(pk__in=[row.pk for row in rows])).values_list("pk", flat=True)
        )
        places = places_of(row.pk for row in rows)
        lines = [_line(row, places.get(row.pk, ""), is_due=row.pk in due) for row in rows]
        of = {row.pk: row.proposal for row in rows}
        cost = sum(of[line.key].cost for line in lines if not line.why_not)
        return Plan(lines, told=[f"Chi phí đào tạo phải đền bù nếu không phục vụ: tổng cộng {dong(cost)}."], of=of)

    def write(shown: Plan, filled: Any) -> str:
        chosen: dict[int, Proposal] = {key: shown.of[key] for line in shown.done if isinstance(key := line.key, int)}
        done = record_commitments(chosen, **filled.cleaned_data, by=user)
        ticks.clear()
        return f"Đã ghi cam kết phục vụ của {len(done)} người."

    return act(
        request,
        plan,
        write,
        form=lambda shown: SignedForm(request.POST or None, initial={"signed_on": working_day(request)}),
        title="Ghi cam kết phục vụ của nhiều người",
        verb="Ghi cam kết của",
        says="Cam kết",
        back=reverse("courses:commitment-list") + kept(request),
    )


def _line(row: Any, place: str, *, is_due: bool) -> Line:
    """What one turn commits to, or why it is recorded by itself."""
    proposed = row.proposal
    why_not = "" if is_due else "Đã có cam kết, hoặc không còn phải cam kết"
    if is_due and proposed.months is None:
        why_not = "Ngày khai giảng chưa có văn bản quy định: hãy ghi riêng"
    told = (
        f"{proposed.months} tháng từ {proposed.starts_on:%d/%m/%Y}, chi phí {dong(proposed.cost)} "
        f"(lớp {row.training_class.code})"
    )
    return Line(row.pk, str(row.official), place, told, is_warned=not proposed.cost, why_not=why_not)


@permission_needed("courses.add_commitment")
def commitment_add(request: HttpRequest, enrolment_pk: int) -> HttpResponse:
    """Record the commitment of one enrolment, with what the regulation and the money of the class propose."""
    enrolments = with_cost(enrolments_visible_to(account(request))).select_related(
        "official", "training_class__programme"
    )
    enrolment = fetch_or_404(enrolments, account(request), pk=enrolment_pk)
    proposed = proposal(enrolment, TrainingRegulation.objects.all())
    initial = {
        "signed_on": working_day(request),
        "starts_on": proposed.starts_on,
        "months": proposed.months,
        "cost": proposed.cost,
    }
    form = CommitmentForm(request.POST or None, initial=initial)
    return _commitment_form(
        request,
        form,
        lambda: record_commitment(enrolment, **form.cleaned_data, by=account(request)),
        enrolment=enrolment,
        title="Ghi cam kết phục vụ",
        done="đã ghi cam kết phục vụ.",
        back=reverse("courses:commitment-list") + f"?loai={TO_RECORD}",
        proposed=proposed,
    )


@permission_needed("courses.change_commitment")
def commitment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    commitment = _commitment(request, pk)
    form = CommitmentForm(request.POST or None, row=commitment)
    return _commitment_form(
        request,
        form,
        lambda: change_commitment(commitment, **form.cleaned_data, by=account(request)),
        enrolment=commitment.enrolment,
        title="Sửa cam kết phục vụ",
        done="đã sửa cam kết phục vụ.",
        back=reverse("courses:commitment-detail", args=[pk]),
    )


def _commitment_form(
    request: HttpRequest,
    form: CommitmentForm,
    write: Callable[[], Commitment],
    *,
    enrolment: Enrolment,
    done: str,
    **page: Any,
) -> HttpResponse:
    written: list[Commitment] = []

    def told() -> str:
        written.append(write())
        return f"{enrolment.official}: {done}"

    return change(
        request,
        form,
        told,
        template="courses/obligations/commitment_change.html",
        at_the_same_time=AT_THE_SAME_TIME,
        action="Lưu cam kết",
        target=lambda: reverse("courses:commitment-detail", args=[written[0].pk]),
        enrolment=enrolment,
        may_print=enrolment.state in WHO_COMMITS,
        **page,
    )


def _commitment(request: HttpRequest, pk: int) -> Any:
    """The commitment with its standing on the working day, where the account may see it; otherwise Http404."""
    commitments = with_standing(commitments_visible_to(account(request)), working_day(request)).select_related(
        "enrolment__official__ethnic_group", "enrolment__training_class__programme", "repayment"
    )
    return fetch_or_404(commitments, account(request), pk=pk)


@permission_needed("courses.view_commitment")
@require_safe
def commitment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A commitment, how it stands, and the repayment: computed by the address (case, on) before it is recorded."""
    commitment = _commitment(request, pk)
    record = getattr(commitment, "repayment", None)
    breach = breach_of(commitment)
    form: RepaymentForm | None = None
    parts = RepaymentParts.from_json(record.parts) if record else None
    if record is None and request.user.has_perm("courses.change_commitment"):
        asked = {"case": request.GET.get("case"), "on": request.GET.get("on")} if "case" in request.GET else None
        proposed = {"case": breach[0], "on": breach[1]} if breach else {"on": working_day(request)}
        form = RepaymentForm(asked, initial=proposed)
        parts = _computed(form, commitment) if asked else None
    return render(
        request,
        "courses/obligations/commitment_detail.html",
        {
            "title": f"Cam kết phục vụ: {commitment.enrolment.official}",
            "commitment": commitment,
            "enrolment": commitment.enrolment,
            "may_print": commitment.enrolment.state in WHO_COMMITS,
            "place": places_of([commitment.enrolment_id]).get(commitment.enrolment_id, ""),
            "standing": Standing(commitment.standing),
            "tag": TAGS[Standing(commitment.standing)],
            "breach": (Repayment.Case(breach[0]).label, breach[1]) if breach else None,
            "record": record,
            "form": form,
            "parts": parts,
            "case_label": Repayment.Case(parts.case).label if parts else "",
            "draft": urlencode({name: request.GET[name] for name in ("case", "on")}) if form and parts else "",
            "decision_form": RepaymentDecisionForm(initial=form.cleaned_data | {"decided_on": working_day(request)})
            if form and parts
            else None,
            "paid_form": PaidForm(initial={"paid_on": working_day(request)}) if record and not record.paid_on else None,
            "day": working_day(request),
        },
    )


def _computed(form: RepaymentForm, commitment: Commitment) -> RepaymentParts | None:
    """The parts of the sum for what the form says; None where it refuses, with the reason in the form."""
    if not form.is_valid():
        return None
    try:
        return repayment(commitment, **form.cleaned_data)
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return None


@permission_needed("courses.view_commitment")
@require_safe
def repayment_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Quyết định đền bù: what is recorded, or before it is the draft of what the address asks for (case, on)."""
    return printed(Kind.REPAYMENT, WORD, lambda: _repayment_paper(request, _commitment(request, pk)))


def _repayment_paper(request: HttpRequest, commitment: Any) -> Content:
    """Raises ValidationError where nothing is recorded and the address asks for nothing that can be computed."""
    day, record = working_day(request), getattr(commitment, "repayment", None)
    if record:
        return repayment_decision(commitment, record.parts, on=record.on, decision=record.decision, day=day)
    form = RepaymentForm(request.GET)
    if not request.user.has_perm("courses.change_commitment") or not form.is_valid():
        raise ValidationError("Chưa có khoản đền bù nào. Hãy chọn trường hợp, ngày phát sinh rồi bấm Tính đền bù.")
    parts = repayment(commitment, **form.cleaned_data)
    return repayment_decision(commitment, parts.as_json(), on=form.cleaned_data["on"], decision="", day=day)


@permission_needed("courses.change_commitment")
@require_POST
def repayment_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the repayment that the page has shown."""
    commitment, form = _commitment(request, pk), RepaymentDecisionForm(request.POST)
    back = reverse("courses:commitment-detail", args=[pk])
    asked = urlencode({name: request.POST.get(name, "") for name in ("case", "on")})
    if not is_valid_on(form, today_of(request)):
        messages.error(
            request,
            "Chưa ghi gì. Hãy chọn trường hợp và ngày phát sinh, ghi quyết định đền bù và ngày quyết định; các ngày "
            "không sau hôm nay.",
        )
        return redirect(f"{back}?{asked}")
    try:
        record = record_repayment(commitment, **form.cleaned_data, by=account(request))
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
        return redirect(f"{back}?{asked}")
    messages.success(request, f"{commitment.enrolment.official}: đã ghi khoản đền bù {dong(record.amount)}.")
    return redirect(back)


@permission_needed("courses.change_commitment")
@require_POST
def repayment_paid(request: HttpRequest, pk: int) -> HttpResponse:
    commitment, form = _commitment(request, pk), PaidForm(request.POST)
    record = get_object_or_404(Repayment, commitment=commitment)
    if not is_valid_on(form, today_of(request)):
        messages.error(request, "Chưa ghi gì. Hãy ghi ngày nộp theo dạng ngày/tháng/năm, không sau hôm nay.")
    else:
        try:
            mark_paid(record, **form.cleaned_data, by=account(request))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{commitment.enrolment.official}: đã ghi ngày nộp tiền đền bù.")
    return redirect("courses:commitment-detail", pk)
