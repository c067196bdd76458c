"""Which classes the list shows: the filters of its address, and the queryset they mean.

The words of the address: tinh_trang (state of the class), nam (year in which it starts), loai (kind of programme),
linh_vuc (subject area), huyen, huyen_cu, xa (of its place, or of what follows that, on the day), co_so (institution),
q (code or title), can_lam (what is to be done: courses/to_do.py), sap_xep, cot and tep (cadres.web.lists).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import QueryDict
from django.utils.functional import cached_property

from cadres.access import communes_on
from cadres.asked_again import answer
from cadres.models import User
from cadres.text import fold
from cadres.walls import wide
from cadres.web.filters import ALL, Offered
from cadres.web.place_filters import PlaceFilters
from cadres.web.to_do import TO_DO, ToDoFilter
from courses.access import classes_visible_to, institutions_of, is_institution, keys_of_districts, sends_own
from courses.enrolment.nomination import DECIDE
from courses.models import Institution, Programme, SubjectArea, TrainingClass
from courses.seats import with_own_seats, with_seats_for
from courses.to_do import CLASSES

State = TrainingClass.State
# Where that is done which waits: a page of the class, and the permission it asks for.
WORK_AT = {
    "duyet": ("courses:class-approve", "courses.approve_enrolment"),
    "quyet_dinh": ("courses:class-decide", DECIDE),
    "con_cho": ("courses:class-enrol", "courses.add_enrolment"),
    "khai_giang": ("courses:class-start", "courses.change_trainingclass"),
    "hoc_hom_nay": ("courses:class-attendance", "courses.grade_enrolment"),
    "diem_danh": ("courses:class-attendance", "courses.grade_enrolment"),
    "ket_qua": ("courses:class-results", "courses.grade_enrolment"),
    "chung_chi": ("courses:class-certificates", "courses.view_certificate"),
    "hieu_qua": ("courses:class-feedback", "courses.add_feedbackcode"),
}
COMING = (State.PLANNED, State.OPEN, State.RUNNING)  # shown from the nearest start on; the others from the latest


class ClassSelection(ToDoFilter, PlaceFilters):
    """The filters as a form: what it offers is what the account may see, of places all; the state stands on tabs."""

    q = forms.CharField(label="Tìm theo mã hoặc tên lớp (không cần dấu)", required=False, max_length=100)
    tinh_trang = forms.ChoiceField(label="Tình trạng", required=False, choices=[ALL, *State.choices])
    nam = forms.ChoiceField(label="Năm", required=False)
    loai = forms.ChoiceField(label="Loại hình", required=False, choices=[ALL, *Programme.Kind.choices])
    linh_vuc = forms.ChoiceField(label="Lĩnh vực", required=False)
    co_so = forms.ChoiceField(label="Cơ sở đào tạo", required=False)

    BAR = ("nam", "loai", "linh_vuc", "huyen", "co_so")
    ONLY_IF_CHOICE = (*BAR, "huyen_cu")
    BESIDE = ("tinh_trang",)
    TO_DO = CLASSES

    def __init__(self, query: QueryDict, *, user: User, day: date) -> None:
        self.user, self.is_officer = user, sends_own(user)
        super().__init__(query, communes=communes_on(day), day=day)

    def offered(self) -> dict[str, Offered]:
        institutions = institutions_of(self.user) if is_institution(self.user) else Institution.objects.all()
        years = [str(first.year) for first in self._all().dates("start_date", "year", "DESC")]
        return super().offered() | {
            "nam": [ALL, *zip(years, years, strict=True)],
            "linh_vuc": [ALL, *SubjectArea.objects.values_list("code", "name")],
            "co_so": [ALL, *institutions.values_list("code", "name")],
        }

    @property
    def page(self) -> str:
        """The page to which a class leads: narrowed to what waits, to where the account does it, else its own."""
        view, permission = WORK_AT.get(self.cleaned_data[TO_DO], ("", ""))
        return view if view and self.user.has_perm(permission) else "courses:class-detail"

    def _all(self) -> QuerySet[TrainingClass]:
        return classes_visible_to(self.user)

    def _of_any_state(self) -> QuerySet[TrainingClass]:
        """The classes by every filter but the state."""
        wanted = self.cleaned_data
        classes = self.waiting(self._all(), self.user, self.day)
        for key, column in (
            ("nam", "start_date__year"),
            ("loai", "programme__kind"),
            ("linh_vuc", "programme__subject_area__code"),
            ("co_so", "institution__code"),
        ):
            if wanted[key]:
                classes = classes.filter(**{column: wanted[key]})
        if (units := self.units_of_any_day()) is not None:
            classes = classes.filter(place__in=units)
        if wanted["q"]:
            classes = _found(classes, wanted["q"])
        return classes

    def classes(self) -> QuerySet[TrainingClass]:
        """The classes selected, in the order of the list.

        An officer sees first those that still have a seat for the own people, then what else is open.
        """
        state = self.cleaned_data["tinh_trang"]
        classes = self._of_any_state()
        if state:
            classes = classes.filter(state=state)
        by_start = "start_date" if state in COMING else "-start_date"
        if not self.is_officer or state not in ("", State.OPEN):
            return classes.order_by(by_start, "code")
        with wide():
            keys = [key for (key,) in answer(_with_seats_asked, self.own_districts, self.day)]
        first = Case(When(pk__in=keys, then=Value(0)), When(state=State.OPEN, then=Value(1)), default=Value(2))
        return classes.order_by(first, by_start, "code")

    def own_seats(self, keys: Iterable[int]) -> dict[int, tuple[int | None, int]]:
        """(quota, taken) of the account's districts in those of the classes that are open; none but for an officer."""
        if not self.is_officer:
            return {}
        with wide():
            own = answer(_own_seats_asked, tuple(keys), self.own_districts)
        return {key: (quota, taken) for key, quota, taken in own}

    @cached_property
    def own_districts(self) -> tuple[int, ...]:
        """The keys of the units of an officer that have seats of their own."""
        return keys_of_districts(self.user, self.day)

    def tabs(self) -> list[tuple[str, str, int]]:
        """(state, label, classes) of each state, and of all first."""
        counted = self._of_any_state().order_by().values("state").annotate(classes=Count("pk"))
        counts = {row["state"]: row["classes"] for row in counted}
        return [
            ("", "Tất cả", sum(counts.values())),
            *((value, label, counts.get(value, 0)) for value, label in State.choices),
        ]


def _with_seats_asked(districts: tuple[int, ...], day: date) -> QuerySet[Any, Any]:
    return with_seats_for(TrainingClass.objects.all(), districts, day=day).order_by().values_list("pk")


def _own_seats_asked(keys: tuple[int, ...], districts: tuple[int, ...]) -> QuerySet[Any, Any]:
    classes = TrainingClass.objects.filter(pk__in=keys, state=State.OPEN).order_by()
    return with_own_seats(classes, districts).values_list("pk", "own_quota", "own_taken")


def _found(classes: QuerySet[TrainingClass], text: str) -> QuerySet[TrainingClass]:
    """The classes that have every word of the text in their code or their programme's title, diacritics or not.

    The titles are those of the catalogue, a few dozen: they are folded here.
    """
    titles = [(key, fold(title)) for key, title in Programme.objects.values_list("pk", "title")]
    for word in text.split():
        having = [key for key, title in titles if fold(word) in title]
        classes = classes.filter(Q(programme__in=having) | Q(code__icontains=word))
    return classes
