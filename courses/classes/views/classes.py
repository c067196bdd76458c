"""Classes: the list, the page of one, and how Sở Nội vụ sets one up. The people in it are enrolment's."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Count, Max, Min, QuerySet, Sum, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadres.access import units_given, writable_by
from cadres.history.pages import history_page
from cadres.kept_plans import planned_once
from cadres.models import UnitVersion, User
from cadres.places import names_answering
from cadres.posts import POST_TOLD, with_post_on
from cadres.text import dong, first_named
from cadres.walls import wide
from cadres.web.addresses import carried, path_of_row
from cadres.web.cells import linked
from cadres.web.changes import add_refusal
from cadres.web.day import acting_day, criterion_of, working_day
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from cadres.web.tags import so
from courses.access import districts_of, enrolments_visible_to, is_institution, sends_own
from courses.class_pages import TAGS, change, class_of, page_of, with_place
from courses.classes import change_class, funding_of, save_class, set_quotas
from courses.classes.forms import QuotaForm, TrainingClassForm
from courses.classes.tabs import Known, tabs_of
from courses.classes.views.selection import ClassSelection
from courses.enrolment.nomination import objected
from courses.enrolment.views.nominating import moved_up_told
from courses.enrolment.views.people import PEOPLE_TAGS, why, with_last_step
from courses.models import Enrolment, PlanLine, TrainingClass
from courses.seats import Seats, seats_of, taken_seats

State = TrainingClass.State


# ---------------------------------------------------------------- the list


def _columns(request: HttpRequest, selection: ClassSelection) -> Columns:
    """The columns of the list, each as its page and its file say it; an officer's have the seats of the own units."""

    page, words = selection.page, carried(request)

    def code(row: Any) -> SafeString:
        return linked("courses:class-detail", row.pk, row.code)

    def titled(row: Any) -> SafeString:
        title = row.programme.title
        return format_html('<a href="{}" title="{}">{}</a>', path_of_row(page, row.pk) + words, title, title)

    def tagged(row: Any) -> SafeString:
        return format_html('<span class="tag {}">{}</span>', TAGS.get(row.state, ""), row.get_state_display())

    def taken(row: Any) -> SafeString | str:
        waiting = format_html(' <span class="quiet">chờ {}</span>', so(row.waiting)) if row.waiting else ""
        return format_html("{}{}", so(row.taken), waiting)

    def own(row: Any) -> str:
        if row.own_quota is not None:
            return f"{so(row.own_taken)} / {so(row.own_quota)}"
        return "không chia" if row.state == State.OPEN else ""

    def area(row: Any) -> str:
        return str(row.programme.subject_area or "")

    columns = [
        Column("ma", "Mã lớp", ["code"], cell=lambda row: row.code, page=code),
        Column("ten", "Lớp", ["programme__title"], cell=lambda row: row.programme.title, page=titled, is_long=True),
        Column(
            "loai",
            "Loại hình",
            ["programme__kind"],
            cell=lambda row: row.programme.get_kind_display(),
            is_usual=False,
        ),
        Column("linh_vuc", "Lĩnh vực", ["programme__subject_area__name"], cell=area, is_usual=False),
        Column("ngay", "Khai giảng", ["start_date"], cell=lambda row: row.start_date),
        Column("be_giang", "Bế giảng", ["end_date"], cell=lambda row: row.end_date),
        Column(
            "han",
            "Hạn đăng ký",
            ["enrol_until"],
            cell=lambda row: row.enrol_until,
            is_usual=False,
        ),
        Column("noi", "Địa điểm", ["place_name"], cell=lambda row: row.place_name or ""),
        Column(
            "co_so",
            "Cơ sở",
            ["institution__name"],
            cell=lambda row: str(row.institution or ""),
            is_usual=not is_institution(account(request)) and not selection.is_officer,
        ),
        Column("tinh_trang", "Tình trạng", ["state"], cell=lambda row: row.get_state_display(), page=tagged),
        Column("da_co", "Đã có", key=lambda row: row.taken, cell=lambda row: row.taken, page=taken, is_number=True),
        Column("so_cho", "Số chỗ", ["seats"], cell=lambda row: row.seats, is_number=True),
        Column(
            "cho",
            "Chờ chỗ",
            key=lambda row: row.waiting,
            cell=lambda row: row.waiting,
            is_number=True,
            is_usual=False,
        ),
    ]
    if selection.is_officer:
        columns.append(
            Column("chi_tieu", "Chỉ tiêu đơn vị", key=lambda row: row.own_quota or 0, cell=own, is_number=True)
        )
    return Columns(request, columns, tie=("-start_date", "code"), may_choose=True)


@permission_needed("courses.view_trainingclass")
@require_safe
def class_list(request: HttpRequest) -> HttpResponse:
    """The classes of the filters, a line each."""
    selection = ClassSelection(request.GET, user=account(request), day=working_day(request))
    columns = _columns(request, selection)
    classes: Any = with_place(selection.classes()).select_related("programme__subject_area", "institution")
    if columns.by is not None and columns.by.key is None:
        classes = classes.order_by(*columns.order)

    def told(rows: Iterable[Any]) -> list[Any]:
        return _with_seats(list(rows), selection)

    if FILE in request.GET:
        notes = head_of_file(request, selection)
        if state := selection.cleaned_data["tinh_trang"]:
            notes.append(f"Tình trạng: {State(state).label}.")
        rows = columns.in_order(told(classes))
        return columns.file(request, rows, title="DANH SÁCH LỚP ĐÀO TẠO, BỒI DƯỠNG", notes=notes, stem="lop-hoc")
    is_counted = columns.by is not None and columns.by.key is not None  # sorted by what is counted beside the classes
    page = shown_page(request, columns.in_order(told(classes)) if is_counted else classes)
    rows = list(page.object_list) if is_counted else told(page.object_list)
    return render(
        request,
        "courses/classes/class_list.html",
        {
            "title": "Lớp học",
            "selection": selection,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": rows,
            "says": "lớp còn chỗ cho đơn vị đứng trước" if selection.is_officer and columns.by is None else "",
            "state": selection.cleaned_data["tinh_trang"],
            "is_institution": is_institution(account(request)),
        },
    )


def _with_seats(rows: list[Any], selection: ClassSelection) -> list[Any]:
    """The classes with their seats taken and waited for; for an officer those of the own units too."""
    keys = [row.pk for row in rows]
    taken, own = taken_seats(keys), selection.own_seats(keys)
    for row in rows:
        row.taken, row.waiting = taken.get(row.pk, (0, 0))
        row.own_quota, row.own_taken = own.get(row.pk, (None, None))
    return rows


# ---------------------------------------------------------------- the page of a class


@permission_needed("courses.view_trainingclass")
@require_safe
def class_history(request: HttpRequest, pk: int) -> HttpResponse:
    """With the people in it whom the account sees there: an institution sees those it teaches."""
    training_class, user = class_of(request, pk), account(request)
    people = enrolments_visible_to(user).values("official") if is_institution(user) else None
    title = f"Lịch sử: lớp {training_class.code}"
    return history_page(request, training_class, title=title, back=page_of(training_class), people=people)


@permission_needed("courses.view_trainingclass")
@require_safe
@planned_once()
def class_detail(request: HttpRequest, pk: int) -> HttpResponse:
    training_class = class_of(request, pk, "programme__subject_area", "plan_line__plan")
    user, day = account(request), working_day(request)
    seats = seats_of(training_class)
    counts = counts_of(training_class)
    state = request.GET.get("nguoi", "")
    people = _people(training_class, user, state)
    page = shown_page(request, people)
    rows = list(page.object_list)
    own = {row.pk for row in rows}
    if units_given(user, "courses.change_enrolment") is not None:
        on_page = Enrolment.objects.filter(pk__in=own)
        own = set(writable_by(on_page, user, official="official").values_list("pk", flat=True))
    districts = names_answering(training_class.start_date)
    for row in rows:
        row.tag, row.why = PEOPLE_TAGS.get(row.state, ""), why(row)
        row.is_withdrawable = row.pk in own and row.state in (*Enrolment.BEFORE_CLASS, Enrolment.State.ATTENDING)
    planned = training_class.sessions.filter(is_cancelled=False).aggregate(
        sessions=Count("pk"), hours=Sum("hours"), first=Min("starts_at"), last=Max("ends_at")
    )
    funding = funding_of(training_class) if user.has_perm("courses.view_classfunding") else []
    committed = sum(row.committed for row in funding)
    takes_nominations = training_class.takes_nominations_on(acting_day(request))
    known = Known(
        training_class,
        has_sessions=bool(planned["sessions"]),
        has_quotas=seats.has_quotas,
        has_money=bool(committed),
        takes_nominations=takes_nominations,
    )
    return render(
        request,
        "courses/classes/class_detail.html",
        {
            "title": training_class.programme.title,
            "training_class": training_class,
            "tag": TAGS.get(training_class.state, ""),
            "seats": seats,
            "quotas": _quotas(seats, districts),
            "own_quota": _own_quota(user, seats, day) if sends_own(user) else None,
            "counts": counts,
            "page": page,
            "people": rows,
            "people_state": state,
            "sees_everybody": user.sees_every_unit or is_institution(user),
            "planned": planned,
            "trainers": training_class.trainers.all(),
            "funding": funding,
            "committed": committed,
            "tabs": tabs_of(user, known),
            "next_step": _next_step(training_class, user, counts, seats, planned["hours"] or 0),
            "takes_nominations": takes_nominations,
            "day": day,
        },
    )


@wide()
def counts_of(training_class: TrainingClass) -> list[dict[str, Any]]:
    """How many people there are in each state that has any, in the order of the way."""
    counted = training_class.enrolments.order_by().values("state").annotate(people=Count("pk"))
    by_state = {row["state"]: row["people"] for row in counted}
    return [
        {"state": value, "label": label, "people": by_state[value], "tag": PEOPLE_TAGS.get(Enrolment.State(value), "")}
        for value, label in Enrolment.State.choices
        if value in by_state
    ]


def _people(training_class: TrainingClass, user: User, state: str) -> QuerySet[Any]:
    """The people of the class whom the account may see, with post, commune and district of the first day."""
    order = Case(*(When(state=value, then=Value(rank)) for rank, value in enumerate(Enrolment.State.values)))
    people: QuerySet[Any] = enrolments_visible_to(user).filter(training_class=training_class)
    if state in Enrolment.State.values:
        people = people.filter(state=state)
    return (
        with_post_on(with_last_step(people), training_class.start_date)
        .annotate(**POST_TOLD)
        .select_related("official", "decision")
        .order_by(order, "official__name_order", "official_id")
    )


def _quotas(seats: Seats, districts: dict[int, str]) -> list[dict[str, Any]]:
    """Quota and taken seats of each district that has either, in the order of the districts."""
    order = list(districts)
    rows = sorted(
        seats.by_district.items(), key=lambda item: order.index(item[0]) if item[0] in districts else len(order)
    )
    return [
        {
            "name": districts.get(district or 0, "Không giữ chức danh ngày khai giảng"),
            "quota": quota,
            "taken": taken,
            "left": seats.left_of(district),
        }
        for district, (quota, taken) in rows
    ]


def _own_quota(user: User, seats: Seats, day: Any) -> dict[str, int]:
    """What the account's districts may fill: quota, taken, left."""
    own = [seats.by_district.get(district, (0, 0)) for district in districts_of(user, day).values_list("pk", flat=True)]
    quota, taken = sum(quota for quota, _ in own), sum(taken for _, taken in own)
    left = min(max(quota - taken, 0), seats.left) if seats.has_quotas else seats.left
    return {"quota": quota, "taken": taken, "left": left}


def _next_step(training_class: TrainingClass, user: User, counts: list[Any], seats: Seats, hours: int) -> str:
    """What this account should do next with the class, in one sentence; empty where it has nothing to do."""
    people = {row["state"]: row["people"] for row in counts}
    state = training_class.state
    without_result = people.get(Enrolment.State.ATTENDING, 0)
    if user.has_perm("courses.change_trainingclass"):
        if state == State.PLANNED:
            return "Giao chỉ tiêu cho các đơn vị nếu cần, rồi mở đăng ký."
        if state == State.OPEN and people.get(Enrolment.State.NOMINATED):
            return f"Duyệt {people[Enrolment.State.NOMINATED]} người các đơn vị đã cử."
        if state == State.OPEN and people.get(Enrolment.State.APPROVED):
            return f"Ra quyết định cử đi học cho {people[Enrolment.State.APPROVED]} người đã duyệt."
        if state == State.OPEN and people.get(Enrolment.State.DECIDED):
            return f"Khai giảng khi đến ngày {training_class.start_date:%d/%m/%Y}."
        if state == State.OPEN:
            return "Chờ các đơn vị cử người."
        if state == State.RUNNING and without_result:
            return f"Chờ kết quả của {without_result} người, rồi bế giảng từ ngày {training_class.end_date:%d/%m/%Y}."
        if state == State.RUNNING:
            return f"Đã đủ kết quả; bế giảng từ ngày {training_class.end_date:%d/%m/%Y}."
    elif user.has_perm("courses.grade_enrolment"):
        if state in (State.OPEN, State.RUNNING) and hours < training_class.hours:
            return f"Xếp lịch học: mới có {so(hours)} trong {so(training_class.hours)} tiết của lớp."
        if state == State.RUNNING and without_result:
            return f"Ghi kết quả cho {without_result} người còn đang học."
    elif user.has_perm("courses.add_enrolment") and state == State.OPEN and not seats.left:
        return "Lớp đã đủ chỗ; người cử thêm vào danh sách chờ."
    return ""


# ---------------------------------------------------------------- setting up


@permission_needed("courses.add_trainingclass")
def class_add(request: HttpRequest) -> HttpResponse:
    """A new class, or one of a plan line (?dong=) with what the line says of it."""
    line = _plan_line(request.GET.get("dong", ""))
    initial = _of_plan_line(line) if line else {}
    day = line.plan.first_day if line else working_day(request)
    form = TrainingClassForm(request.POST or None, day=day, initial=initial)
    lead = "Lớp mới ở tình trạng dự kiến: các đơn vị chưa cử người được cho đến khi mở đăng ký."
    if line:
        lead += f" Kinh phí là phần của một lớp trong {dong(line.total_cost)} mà dòng kế hoạch có cho "
        lead += f"{line.class_count} lớp."

    def write() -> str:
        save_class(form.instance, **_chosen(form), by=account(request))
        return f"Đã lập lớp {form.instance.code}. Khi sẵn sàng, hãy mở đăng ký cho các đơn vị."

    return change(
        request,
        form,
        write,
        training_class=None,
        title="Lập lớp mới",
        action="Lập lớp",
        back=reverse("courses:plan-detail", args=[line.plan_id]) if line else reverse("courses:class-list"),
        target=lambda: page_of(form.instance),
        lead=lead,
    )


def _chosen(form: TrainingClassForm) -> dict[str, Any]:
    """What of a class is chosen from lists; modules are where a programme has any."""
    return {name: form.cleaned_data[name] for name in ("trainers", "modules") if name in form.cleaned_data}


def _plan_line(key: str) -> PlanLine | None:
    """The plan line of an address. Raises Http404 where there is no such line."""
    if not key:
        return None
    return get_object_or_404(PlanLine.objects.select_related("programme", "plan"), pk=key_of(key))


def _of_plan_line(line: PlanLine) -> dict[str, Any]:
    """What a plan line says of each of its classes."""
    return {
        "plan_line": line.pk,
        "programme": line.programme_id,
        "form": line.programme.form,
        "seats": line.seats,
        "place": line.place_id,
        "institution": line.institution_id,
    }


@permission_needed("courses.change_trainingclass")
def class_edit(request: HttpRequest, pk: int) -> HttpResponse:
    training_class = class_of(request, pk)
    dates = (training_class.start_date, training_class.end_date)
    form = TrainingClassForm(request.POST or None, instance=training_class, day=working_day(request))

    def write() -> str:
        saved = form.instance
        moved = change_class(saved, **_chosen(form), by=account(request))
        if (saved.start_date, saved.end_date) != dates:
            _tell_objected(request, saved)
        return f"Đã lưu lớp {saved.code}.{moved_up_told(request, moved)}"

    return change(
        request,
        form,
        write,
        training_class=training_class,
        title="Sửa lớp",
        action="Lưu",
        back=page_of(training_class),
    )


def _tell_objected(request: HttpRequest, training_class: TrainingClass) -> None:
    """Name those who were approved for the class and whom its new dates do not suit."""
    found = objected(training_class, day=acting_day(request), criterion=criterion_of(request))
    if not found:
        return
    told = [f"{enrolment.official} ({', '.join(rule.label.lower() for rule in rules)})" for enrolment, rules in found]
    messages.warning(
        request,
        f"Với ngày học mới, {len(found)} người đã duyệt vướng quy định: {first_named(told)}. "
        "Hãy rút người không học được, hoặc chọn ngày khác.",
    )


@permission_needed("courses.view_trainingclass")
def class_quotas(request: HttpRequest, pk: int) -> HttpResponse:
    """The seats of each district, cluster or commune; Sở Nội vụ gives them, the others look."""
    training_class, user = class_of(request, pk), account(request)
    districts = list(UnitVersion.objects.answering_on(training_class.start_date))
    seats = seats_of(training_class)
    quotas = {district or 0: quota for district, (quota, _) in seats.by_district.items() if quota}
    form = QuotaForm(request.POST or None, row=training_class, districts=districts, quotas=quotas)
    if request.method == "POST":
        if not user.has_perm("courses.change_trainingclass"):
            raise PermissionDenied("Chỉ Sở Nội vụ giao chỉ tiêu.")
        if form.is_valid():
            try:
                moved = set_quotas(training_class, form.quotas, by=user)
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                told = f"Đã giao chỉ tiêu lớp {training_class.code}.{moved_up_told(request, moved)}"
                messages.success(request, told)
                return redirect(page_of(training_class))
    rows = [
        {
            "name": district.name,
            "field": form[str(district.unit_id)],
            "quota": seats.by_district.get(district.unit_id, (0, 0))[0],
            "taken": seats.by_district.get(district.unit_id, (0, 0))[1],
        }
        for district in districts
    ]
    return render(
        request,
        "courses/classes/class_quotas.html",
        {
            "title": "Chỉ tiêu của các đơn vị",
            "training_class": training_class,
            "form": form,
            "rows": rows,
            "seats": seats,
            "given": sum(quotas.values()),
            "without_district": seats.by_district.get(None, (0, 0))[1],
            "may_change": user.has_perm("courses.change_trainingclass")
            and training_class.state in (State.PLANNED, State.OPEN),
        },
    )
