"""The people of an account in classes, of every class on one page: how far each has come, and why somebody is out.

The words of the address: tinh_trang (state of the enrolment), nam (year in which the class starts), huyen, huyen_cu, xa
(units of the day; of the post held as the class starts, in them or in what they follow), q (name without diacritics, or
a number), can_lam (what is to be done: courses/to_do.py), sap_xep and tep (cadres.web.lists).
"""

from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadres.access import communes_in_scope
from cadres.models import User
from cadres.posts import POST_TOLD, with_post_on
from cadres.search import people_found
from cadres.web.cells import in_full
from cadres.web.day import working_day
from cadres.web.filters import ALL, Offered
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import rows_by_keys
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from cadres.web.tags import ngay
from cadres.web.to_do import ToDoFilter
from courses.access import VIEW, enrolments_visible_to, sends_own
from courses.models import Enrolment, EnrolmentStep
from courses.to_do import TURNS
from courses.turn_columns import turn_columns

State = Enrolment.State
PEOPLE_TAGS = {
    State.WAITING: "warn",
    State.NOMINATED: "warn",
    State.COMPLETED: "good",
    State.FAILED: "bad",
    State.ABSENT: "bad",
    State.WITHDRAWN: "bad",
    State.REJECTED: "bad",
}
START = F("training_class__start_date")
SAYS = "chức danh, đơn vị là của ngày khai giảng"


class EnrolmentSelection(ToDoFilter, PlaceFilters):
    """The filters of the list; the state stands on tabs."""

    tinh_trang = forms.ChoiceField(label="Tình trạng", required=False, choices=[ALL, *State.choices])
    nam = forms.ChoiceField(label="Năm khai giảng", required=False)

    BAR = ("nam", "huyen", "xa")
    ONLY_IF_CHOICE = ("nam", "huyen", "huyen_cu")
    BESIDE = ("tinh_trang",)
    TO_DO = TURNS

    def __init__(self, query: QueryDict, *, user: User, day: date) -> None:
        self.user = user
        super().__init__(query, communes=communes_in_scope(user, day, VIEW), day=day)

    def offered(self) -> dict[str, Offered]:
        years = enrolments_visible_to(self.user).order_by().dates("training_class__start_date", "year", "DESC")
        told = [str(first.year) for first in years]
        return {**super().offered(), "nam": [ALL, *zip(told, told, strict=True)]}

    @cached_property
    def of_any_state(self) -> QuerySet[Any]:
        """The enrolments by every filter but the state, with the post held on the first day of the class."""
        wanted = self.cleaned_data
        rows = with_post_on(self.waiting(enrolments_visible_to(self.user), self.user, self.day), START)
        if year := wanted["nam"]:
            rows = rows.filter(**{"training_class__start_date__year": year})
        if (units := self.units_of_any_day()) is not None:
            rows = rows.filter(post_then__unit__in=units)
        return people_found(rows, wanted["q"]) if wanted["q"] else rows

    def enrolments(self) -> QuerySet[Any]:
        """The enrolments selected; the last step is known of them, to put them in order by."""
        rows = self.of_any_state
        if state := self.cleaned_data["tinh_trang"]:
            rows = rows.filter(state=state)
        return with_last_step(rows)

    def tabs(self) -> list[tuple[str, str, int]]:
        """(state, label, people) of all, and of each state that has any."""
        counted = self.of_any_state.order_by().values("state").annotate(turns=Count("pk"))
        counts = {row["state"]: row["turns"] for row in counted}
        there = [(value, label, counts[value]) for value, label in State.choices if value in counts]
        return [("", "Tất cả", sum(counts.values())), *there]


def told(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """Enrolments with their post and their last step, as a row of the list tells of them."""
    return enrolments.annotate(**POST_TOLD).select_related("official", "decision", "training_class__programme")


def told_of(keys: list[int]) -> QuerySet[Any]:
    """Those of these keys, which were found in scope."""
    return told(with_last_step(with_post_on(Enrolment.objects.filter(pk__in=keys), START)))


def with_last_step(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """The enrolments with what was said at their last step, and when that was: `said`, `since`."""
    last = EnrolmentStep.objects.filter(enrolment=OuterRef("pk")).order_by("-pk")
    return enrolments.annotate(said=Subquery(last.values("note")[:1]), since=Subquery(last.values("at")[:1]))


def why(enrolment: Any) -> str:
    """What belongs to the state of an enrolment of `with_last_step`: why somebody is out, which decision sent."""
    match enrolment.state:
        case State.WITHDRAWN:
            told = enrolment.said or enrolment.get_withdrawal_reason_display()
            return f"{told.rstrip('.')}; từ {enrolment.withdrawn_on:%d/%m/%Y}"
        case State.REJECTED:
            return enrolment.said or ""
        case State.DECIDED | State.ATTENDING:
            return str(enrolment.decision or "")
        case State.COMPLETED | State.FAILED:
            mark = f"{enrolment.shown_mark} điểm" if enrolment.shown_mark else ""
            return ", ".join(filter(None, [enrolment.get_grade_display(), mark]))
    return "Chỗ dự phòng" if enrolment.is_from_reserve else ""


def columns_of(request: HttpRequest) -> Columns:
    """The columns of the list, each as its page and its file say it."""
    turn = turn_columns(request)

    def tagged(row: Any) -> SafeString:
        return format_html('<span class="tag {}">{}</span>', PEOPLE_TAGS.get(row.state, ""), row.get_state_display())

    columns = (
        turn.person,
        turn.position,
        turn.unit,
        turn.above,
        replace(turn.programme, is_long=False),
        turn.class_code,
        Column(
            "ngay",
            "Khai giảng",
            ["training_class__start_date"],
            cell=lambda row: row.training_class.start_date,
        ),
        Column(
            "be_giang",
            "Bế giảng",
            ["training_class__end_date"],
            cell=lambda row: row.training_class.end_date,
            is_usual=False,
        ),
        Column("tinh_trang", "Tình trạng", ["state", "since"], cell=lambda row: row.get_state_display(), page=tagged),
        Column("ly_do", "Lý do, quyết định, kết quả", cell=why, page=lambda row: in_full(why(row)), is_long=True),
        Column(
            "tu_ngay",
            "Từ ngày",
            ["since"],
            cell=lambda row: ngay(row.since),
            is_usual=False,
        ),
    )
    newest = ("-training_class__start_date", "training_class__code")
    return Columns(request, columns, default=newest, tie=("official__name_order", "pk"), may_choose=True)


@permission_needed(VIEW)
@require_safe
def enrolment_list(request: HttpRequest) -> HttpResponse:
    """The people in classes whom the account sees, by state."""
    user, day = account(request), working_day(request)
    selection = EnrolmentSelection(request.GET, user=user, day=day)
    columns = columns_of(request)
    enrolments = selection.enrolments().order_by(*columns.order)
    title = "Người của đơn vị trong các lớp" if sends_own(user) else "Người trong các lớp"
    if FILE in request.GET:
        notes = [*head_of_file(request, selection), f"{SAYS.capitalize()}."]
        if state := selection.cleaned_data["tinh_trang"]:
            notes.append(f"Tình trạng: {State(state).label}")
        return columns.file(request, told(enrolments), title=title.upper(), notes=notes, stem="nguoi-trong-cac-lop")
    page, rows = rows_by_keys(request, enrolments, told_of)
    return render(
        request,
        "courses/enrolment/enrolment_list.html",
        {
            "title": title,
            "selection": selection,
            "state": selection.cleaned_data["tinh_trang"],
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": rows,
            "says": SAYS,
        },
    )
