"""What follows from studying and from not studying: 40 tiết a year, commitments and repayments, rewards and measures.

The rules are courses.obligations'; here are the lists and the forms.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cadres.access import appointments_visible_to, communes_in_scope, fetch_or_404, names_of_scope
from cadres.forms import DayField, add_refusal
from cadres.models import Appointment, User
from cadres.views.selection import people_found
from cadres.web.addresses import kept
from cadres.web.day import working_day
from cadres.web.paging import page_or_404
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import ticked
from cadres.web.tables import FILE_TYPES, Table
from courses.access import commitments_visible_to, enrolments_visible_to, measures_visible_to
from courses.documents.people import people_of
from courses.forms import MoneyField
from courses.models import Commitment, Enrolment, Repayment, TrainingMeasure, TrainingRegulation
from courses.obligations.commitments import (
    RepaymentParts,
    Standing,
    breach_of,
    change_commitment,
    mark_paid,
    proposal,
    record_commitment,
    record_repayment,
    repayment,
    with_cost,
    with_standing,
    without_commitment,
)
from courses.obligations.hours import by_unit, regulation_of, yearly_hours
from courses.obligations.measures import record_measures, to_answer, to_reward
from courses.planning.money import dong

PAGE = "trang"
LONGEST = 600  # months: more is a slip of the pen


def _places(enrolments: Iterable[int]) -> dict[int, str]:
    """Enrolment → post and unit on the day its class started."""
    return {
        person.enrolment.pk: person.place for person in people_of(Enrolment.objects.filter(pk__in=list(enrolments)))
    }


def _checked(form: forms.Form) -> dict[str, Any]:
    """The filters of an address. Raises BadRequest for one that is none, or names a unit outside the scope."""
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise BadRequest(f"Bộ lọc “{form.fields[field].label}” trong địa chỉ không dùng được: {errors[0]}")
    return form.cleaned_data


# ---------------------------------------------------------------- 40 tiết a year

SHORT, NONE, REACHED, ALL = "", "khong", "du", "moi"


class HoursFilter(forms.Form):
    """The filters above the list: what it offers is what the account may see on the day."""

    q = forms.CharField(label="Tìm theo tên (không cần dấu) hoặc số định danh", required=False, max_length=100)
    huyen = forms.ChoiceField(label="Huyện, thị xã, thành phố", required=False)
    xa = forms.ChoiceField(label="Xã, phường, thị trấn", required=False)
    ket_qua = forms.ChoiceField(
        label="Số tiết trong năm",
        required=False,
        choices=[(SHORT, "Chưa đủ"), (NONE, "Chưa học tiết nào"), (REACHED, "Đã đủ"), (ALL, "Tất cả")],
    )

    def __init__(self, *args: Any, user: User, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = communes_in_scope(user, day)
        self.districts = {row["above_code"] or "": row["above_name"] or "" for row in communes}
        chosen = self.data.get("huyen")
        by_district = [
            (name, [(row["code"], row["name"]) for row in communes if row["above_code"] == code])
            for code, name in self.districts.items()
            if chosen in (None, "", code)
        ]
        self.fields["huyen"].choices = [("", "Tất cả"), *self.districts.items()]  # type: ignore[attr-defined]
        self.fields["xa"].choices = [("", "Tất cả"), *by_district]  # type: ignore[attr-defined]

    def bar(self) -> list[forms.BoundField]:
        """The drop-down lists; an officer of one district needs no list of districts."""
        return [self[name] for name in ("huyen", "xa", "ket_qua") if name != "huyen" or len(self.districts) > 1]


class _Hours:
    """The people of the page and of the file, by the address."""

    def __init__(self, request: HttpRequest) -> None:
        user, self.day = account(request), working_day(request)
        self.year = self.day.year
        self.regulation = regulation_of(self.year)
        self.minimum = self.regulation.yearly_hours if self.regulation else 0
        self.filters = HoursFilter(request.GET, user=user, day=self.day)
        self.wanted = _checked(self.filters)
        scope = None if user.sees_every_unit else appointments_visible_to(user)
        posts: QuerySet[Any] = yearly_hours(self.year, day=self.day, appointments=scope)
        if self.wanted["huyen"]:
            posts = posts.filter(district_code=self.wanted["huyen"])
        self.posts = posts
        self.by_commune = bool(self.wanted["huyen"]) or len(self.filters.districts) == 1

    def listed(self) -> QuerySet[Any]:
        posts: QuerySet[Any] = people_found(self.posts, self.wanted["q"])
        if self.wanted["xa"]:
            posts = posts.filter(commune_code=self.wanted["xa"])
        match self.wanted["ket_qua"]:
            case "":
                posts = posts.filter(hours__lt=self.minimum)
            case "khong":
                posts = posts.filter(hours=0)
            case "du":
                posts = posts.filter(hours__gte=self.minimum)
        order = ("district_code", "commune_code", "position__order", "official__name_order", "official_id")
        return posts.order_by(*order)

    def of_page(self, keys: list[int]) -> list[Any]:
        """The posts of the keys, in their order; only their own classes are summed up again."""
        posts = yearly_hours(self.year, day=self.day, appointments=Appointment.objects.filter(pk__in=keys))
        by_key = {post.pk: post for post in posts.select_related("official", "position")}
        return [by_key[key] for key in keys]


@permission_needed("cadres.view_official")
@require_safe
def yearly_hours_list(request: HttpRequest) -> HttpResponse:
    """Who has not had the tiết of the year, and how many by district or commune."""
    hours = _Hours(request)
    # Everybody's classes are summed up once for count and page together.
    page = page_or_404(list(hours.listed().values_list("pk", flat=True)), request.GET.get(PAGE, "1"))
    posts = hours.of_page(page.object_list)
    for post in posts:
        post.lacking = max(hours.minimum - post.hours, 0)
    units = by_unit(hours.posts, hours.minimum, communes=hours.by_commune)
    return render(
        request,
        "courses/obligations/hours_list.html",
        {
            "title": f"{hours.minimum or 40} tiết trong năm {hours.year}",
            "page": page,
            "posts": posts,
            "filters": hours.filters,
            "is_filtered": any(hours.wanted.values()),
            "regulation": hours.regulation,
            "minimum": hours.minimum,
            "year": hours.year,
            "day": hours.day,
            "units": units,
            "by_commune": hours.by_commune,
            "people": sum(unit.people for unit in units),
            "reached": sum(unit.reached for unit in units),
            "short": sum(unit.short for unit in units),
        },
    )


@permission_needed("cadres.view_official")
@require_safe
def yearly_hours_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """The people that the list shows, as a workbook or as comma-separated text. 404 for another type of file."""
    if file_type not in FILE_TYPES:
        raise Http404
    hours = _Hours(request)
    people = hours.listed().select_related("official", "position")
    scope = names_of_scope(account(request), hours.day) or ["toàn tỉnh"]
    shown = dict(hours.filters.fields["ket_qua"].choices)[hours.wanted["ket_qua"]]  # type: ignore[attr-defined]
    table = Table(
        title=f"SỐ TIẾT ĐÀO TẠO, BỒI DƯỠNG TRONG NĂM {hours.year}",
        notes=[
            f"Người giữ chức danh ngày {hours.day:%d/%m/%Y}. Phạm vi: {', '.join(scope)}. Danh sách: {shown.lower()}.",
            f"Tối thiểu {hours.minimum} tiết một năm theo {hours.regulation}."
            if hours.regulation
            else "Chưa có văn bản quy định số tiết tối thiểu của năm này.",
        ],
        columns=["STT", "Họ và tên", "Ngày sinh", "Chức danh", "Xã", "Huyện", "Số lớp", "Số tiết", "Còn thiếu"],
        rows=[
            [
                number,
                post.official.full_name,
                str(post.official.birth or ""),
                post.position.title,
                post.commune_name,
                post.district_name or "",
                post.turns,
                post.hours,
                max(hours.minimum - post.hours, 0),
            ]
            for number, post in enumerate(people.iterator(), start=1)
        ],
    )
    content_type, make = FILE_TYPES[file_type]
    name = f"so-tiet-{hours.year}.{file_type}"
    return HttpResponse(
        make(table), content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


# ---------------------------------------------------------------- commitments

# What the address says → which commitments; "can_ghi" are enrolments that have none.
TO_RECORD = "can_ghi"
STANDINGS = {
    "dang_phuc_vu": Standing.RUNNING,
    "vi_pham": Standing.BROKEN,
    "da_du": Standing.SERVED,
    "den_bu": Standing.REPAID,
}
TAGS = {Standing.RUNNING: "", Standing.BROKEN: "bad", Standing.SERVED: "good", Standing.REPAID: "warn"}


class CommitmentForm(forms.Form):
    """Ghi, sửa cam kết."""

    signed_on = DayField(label="Ngày cam kết")
    starts_on = DayField(
        label="Phục vụ từ ngày", required=False, help_text="Ngày sau khi học xong; để trống nếu chưa biết."
    )
    months = forms.IntegerField(label="Số tháng cam kết", min_value=1, max_value=LONGEST)
    cost = MoneyField(label="Chi phí đào tạo của người này, đồng", help_text="Không kể lương và phụ cấp.")
    note = forms.CharField(label="Ghi chú", max_length=200, required=False)


class RepaymentForm(forms.Form):
    """Trường hợp đền bù và ngày phát sinh."""

    case = forms.ChoiceField(label="Trường hợp", choices=[("", "---------"), *Repayment.Case.choices])
    on = DayField(label="Ngày phát sinh", help_text="Ngày đầu tiên không còn học, không còn phục vụ.")


class RepaymentDecisionForm(RepaymentForm):
    decision = forms.CharField(label="Quyết định", max_length=200, help_text="Số, ngày, cơ quan ban hành.")


class PaidForm(forms.Form):
    """Đã nộp tiền đền bù."""

    paid_on = DayField(label="Ngày nộp")


@permission_needed("courses.view_commitment")
@require_safe
def commitment_list(request: HttpRequest) -> HttpResponse:
    """The commitments of one standing, or the turns that have none yet."""
    user, day = account(request), working_day(request)
    shown, text = request.GET.get("loai", "dang_phuc_vu"), request.GET.get("q", "").strip()[:100]
    if shown not in (*STANDINGS, TO_RECORD):
        raise BadRequest("Không có danh sách cam kết đó. Hãy chọn lại ở đầu trang.")
    commitments = with_standing(commitments_visible_to(user), day)
    lacking = without_commitment(enrolments_visible_to(user))
    counts = {
        row["standing"]: row["number"] for row in commitments.order_by().values("standing").annotate(number=Count("pk"))
    }
    if shown == TO_RECORD:
        page, rows = _without_commitment(request, lacking, text)
    else:
        page, rows = _commitments(request, commitments.filter(standing=STANDINGS[shown]), text)
    context = {
        "title": "Cam kết phục vụ và đền bù chi phí đào tạo",
        "shown": shown,
        "q": text,
        # Who has no commitment is not counted for the sake of a tab: that asks every turn there ever was.
        "tabs": [
            *((code, standing.label, counts.get(standing, 0)) for code, standing in STANDINGS.items()),
            (TO_RECORD, "Chưa ghi cam kết", None),
        ],
        "day": day,
        "page": page,
        "rows": rows,
    }
    return render(request, "courses/obligations/commitment_list.html", context)


def _commitments(request: HttpRequest, commitments: QuerySet[Any], text: str) -> tuple[Any, list[Any]]:
    if text:
        found = people_found(cast(Any, Enrolment.objects.all()), text)
        commitments = commitments.filter(enrolment__in=found.values("pk"))
    commitments = commitments.select_related("enrolment__official", "enrolment__training_class__programme", "repayment")
    page = page_or_404(commitments.order_by("ends_on", "pk"), request.GET.get(PAGE, "1"))
    rows = list(page.object_list)
    places = _places(row.enrolment_id for row in rows)
    for row in rows:
        row.place = places.get(row.enrolment_id, "")
        row.breach = breach_of(row)
    return page, rows


def _without_commitment(request: HttpRequest, lacking: QuerySet[Any], text: str) -> tuple[Any, list[Any]]:
    named: QuerySet[Any] = people_found(lacking, text)
    found = named.select_related("official", "training_class__programme")
    page = page_or_404(found.order_by("-training_class__end_date", "pk"), request.GET.get(PAGE, "1"))
    rows = list(page.object_list)
    places, regulations = _places(row.pk for row in rows), list(TrainingRegulation.objects.all())
    for row in rows:
        row.place = places.get(row.pk, "")
        row.proposal = proposal(row, regulations)
    return page, rows


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
    fields = ("signed_on", "starts_on", "months", "cost", "note")
    form = CommitmentForm(request.POST or None, initial={name: getattr(commitment, name) for name in fields})
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
    title: str,
    done: str,
    back: str,
    **more: Any,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            written = write()
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"{enrolment.official}: {done}")
            return redirect("courses:commitment-detail", written.pk)
    context = {"title": title, "enrolment": enrolment, "form": form, "back": back, **more}
    return render(request, "courses/obligations/commitment_change.html", context)


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
            "place": _places([commitment.enrolment_id]).get(commitment.enrolment_id, ""),
            "standing": Standing(commitment.standing),
            "tag": TAGS[Standing(commitment.standing)],
            "breach": (Repayment.Case(breach[0]).label, breach[1]) if breach else None,
            "record": record,
            "form": form,
            "parts": parts,
            "case_label": Repayment.Case(parts.case).label if parts else "",
            "decision_form": RepaymentDecisionForm(initial=form.cleaned_data) if form and parts else None,
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


@permission_needed("courses.change_commitment")
@require_POST
def repayment_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the repayment that the page has shown."""
    commitment, form = _commitment(request, pk), RepaymentDecisionForm(request.POST)
    back = reverse("courses:commitment-detail", args=[pk])
    asked = urlencode({name: request.POST.get(name, "") for name in ("case", "on")})
    if not form.is_valid():
        messages.error(request, "Chưa ghi gì. Hãy chọn trường hợp, ngày phát sinh và ghi quyết định đền bù.")
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
    if not form.is_valid():
        messages.error(request, "Chưa ghi gì. Hãy ghi ngày nộp theo dạng ngày/tháng/năm.")
    else:
        try:
            mark_paid(record, **form.cleaned_data, by=account(request))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{commitment.enrolment.official}: đã ghi ngày nộp tiền đền bù.")
    return redirect("courses:commitment-detail", pk)


# ---------------------------------------------------------------- rewards and measures

REWARDS, FAULTS, RECORDED = "khen", "xu_ly", "da_ghi"


class MeasureForm(forms.Form):
    """Một quyết định cho nhiều người."""

    kind = forms.ChoiceField(label="Hình thức")
    on = DayField(label="Ngày")
    decision = forms.CharField(label="Quyết định", max_length=200, help_text="Số, ngày, cơ quan ban hành.")
    reason = forms.CharField(label="Lý do", max_length=200)

    def __init__(self, *args: Any, shown: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reward = TrainingMeasure.Kind.REWARD
        kinds = [
            (value, label) for value, label in TrainingMeasure.Kind.choices if (value == reward) == (shown == REWARDS)
        ]
        self.fields["kind"].choices = kinds if shown == REWARDS else [("", "---------"), *kinds]  # type: ignore[attr-defined]


@permission_needed("courses.view_trainingmeasure")
def measure_list(request: HttpRequest) -> HttpResponse:
    """Who is to be rewarded or answered, and what was recorded; POST records one decision about those ticked."""
    user, shown = account(request), request.GET.get("loai", REWARDS)
    if shown not in (REWARDS, FAULTS, RECORDED):
        raise BadRequest("Không có danh sách đó. Hãy chọn lại ở đầu trang.")
    may_record = user.has_perm("courses.add_trainingmeasure")
    if request.method not in ("GET", "HEAD") and not may_record:
        raise PermissionDenied("Vai trò của tài khoản này không ghi khen thưởng, xử lý.")
    enrolments, text = enrolments_visible_to(user), request.GET.get("q", "").strip()[:100]
    lists: dict[str, QuerySet[Any]] = {
        REWARDS: to_reward(enrolments),
        FAULTS: to_answer(enrolments),
        RECORDED: measures_visible_to(user),
    }
    initial = {"on": working_day(request), "reason": "Đạt loại giỏi" if shown == REWARDS else ""}
    form = MeasureForm(request.POST or None, shown=shown, initial=initial)
    chosen = ticked(request, "luot")
    if request.method == "POST" and shown != RECORDED and form.is_valid():
        try:
            done = record_measures(list(enrolments.filter(pk__in=chosen)), **form.cleaned_data, by=user)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Đã ghi “{done[0].get_kind_display()}” cho {len(done)} lượt học.")
            return redirect(reverse("courses:measure-list") + kept(request))
    page, rows = _measured(request, lists[shown], shown, text)
    return render(
        request,
        "courses/obligations/measure_list.html",
        {
            "title": "Khen thưởng, xử lý",
            "shown": shown,
            "q": text,
            "tabs": [
                (code, label, page.paginator.count if code == shown and not text else lists[code].count())
                for code, label in ((REWARDS, "Đề nghị khen"), (FAULTS, "Cần xử lý"), (RECORDED, "Đã ghi"))
            ],
            "page": page,
            "rows": rows,
            "chosen": chosen,
            "form": form if may_record and shown != RECORDED else None,
        },
    )


def _measured(request: HttpRequest, found: QuerySet[Any], shown: str, text: str) -> tuple[Any, list[Any]]:
    """The page asked for, and its rows: enrolments, or the measures recorded, each with post and unit."""
    path = "enrolment__" if shown == RECORDED else ""
    if text:
        named = people_found(cast(Any, Enrolment.objects.all()), text)
        found = found.filter(**{f"{path or 'pk'}".removesuffix("__") + "__in": named.values("pk")})
    found = found.select_related(f"{path}official", f"{path}training_class__programme")
    order = ("-on", "-pk") if shown == RECORDED else ("-training_class__end_date", "official__name_order", "pk")
    page = page_or_404(found.order_by(*order), request.GET.get(PAGE, "1"))
    rows = list(page.object_list)
    keys = {row.pk: row.enrolment_id if shown == RECORDED else row.pk for row in rows}
    places = _places(keys.values())
    for row in rows:
        row.place = places.get(keys[row.pk], "")
    return page, rows
