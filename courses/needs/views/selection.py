"""Whose needs a page shows: the filters of its address, and the posts they mean.

The words of the address are those of the official list: huyen, xa (unit codes on the day), huyen_cu (code of a former
district), khu_vuc (zone of the commune), chuc_danh (position code), mat (dimension not met), chi_thieu=1 (one thing
away from the standard), q (name or identifier); and chuong_trinh, the code of the programme that is the best for a
need, or `none` where no programme closes it; and dang_hoc=1: whoever studies it already. Of `mat` and `chuong_trinh`
together the same need is meant.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict

from cadres.access import appointments_visible_to, communes_in_scope
from cadres.asked_again import fetch
from cadres.evaluation import Rulebook, Supposed, one_step
from cadres.kept_plans import planned_for_the_day
from cadres.models import Appointment, Criterion, Position, User
from cadres.places import ZONES, in_zone, zone_asked
from cadres.search import people_found
from cadres.web.filters import ALL, Offered
from cadres.web.paging import page_in_one_query
from cadres.web.place_filters import PlaceFilters
from courses.models import Programme
from courses.modules import in_modules, progress_of
from courses.needs.computed import NOTHING, closing_programmes, lacking_posts, needs_of, urgency_order
from courses.under_way import levels_under_way, planned_studies, studies

NO_PROGRAMME = "none"
READ_OF_POST = ("official", "position", "commune_name", "district_name", "held", "not_met", "unknown")


class NeedSelection(PlaceFilters):
    """The filters as a form: what it offers is what the account may see on the day."""

    khu_vuc = forms.ChoiceField(label="Khu vực", required=False, choices=ZONES)
    chuc_danh = forms.ChoiceField(label="Chức danh", required=False)
    mat = forms.ChoiceField(label="Chưa đạt về", required=False)
    chuong_trinh = forms.ChoiceField(label="Chương trình", required=False)
    chi_thieu = forms.ChoiceField(label="Mức độ", required=False, choices=[ALL, ("1", "Chỉ thiếu một mặt")])
    dang_hoc = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Chưa đi học"), ("1", "Đang học, đã cử học")]
    )

    BAR: tuple[str, ...] = ("huyen", "xa", "khu_vuc", "chuc_danh", "mat", "chuong_trinh", "chi_thieu", "dang_hoc")
    TOLD_ALONE: tuple[str, ...] = ("chi_thieu", "dang_hoc")

    def __init__(self, query: QueryDict, *, user: User, day: date, criterion: Criterion) -> None:
        self.user, self.criterion = user, criterion
        self.closing = closing_programmes(day, criterion=criterion, rulebook=Rulebook.load())
        self.programmes = {
            offer.programme.code: offer.programme for offers in self.closing.offers.values() for offer in offers
        }
        super().__init__(query, communes=communes_in_scope(user, day), day=day)

    def offered(self) -> dict[str, Offered]:
        programmes = sorted(self.programmes.values(), key=lambda programme: (programme.kind, programme.title))
        positions = Position.objects.as_of(self.day).values_list("code", "title")
        return super().offered() | {
            "chuc_danh": lambda: [ALL, *positions],  # read only where it is shown or asked for
            "mat": [ALL, *((dimension.code, dimension.name) for dimension in self.closing.counted)],
            "chuong_trinh": [
                ALL,
                *((programme.code, programme.title) for programme in programmes),
                (NO_PROGRAMME, "Chưa có chương trình nào"),
            ],
        }

    # what it means

    @property
    def programme(self) -> Programme | None:
        return self.programmes.get(self.cleaned_data["chuong_trinh"])

    def appointments(self) -> QuerySet[Appointment]:
        """The account's appointments, of the district or commune chosen, and of the people searched for."""
        wanted = self.cleaned_data
        appointments = people_found(appointments_visible_to(self.user, self.day), wanted["q"])
        if (units := self.units()) is not None:
            appointments = appointments.filter(unit__in=units)
        if wanted["khu_vuc"]:
            appointments = appointments.filter(in_zone(zone_asked(wanted["khu_vuc"]), self.day))
        if wanted["chuc_danh"]:
            appointments = appointments.filter(position__code=wanted["chuc_danh"])
        return appointments

    def of_unit(self, appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
        """The posts of the people of one unit, as `posts` is best asked for them."""
        return appointments

    def posts(self, appointments: QuerySet[Appointment] | None = None) -> QuerySet[Any]:
        """The posts, with verdicts, of everybody meant who lacks something."""
        wanted, closing = self.cleaned_data, self.closing
        posts = self._lacking(self.appointments() if appointments is None else appointments)
        dimension = next((item for item in closing.counted if item.code == wanted["mat"]), None)
        if wanted["chuong_trinh"]:
            posts = posts.filter(closing.best_is(self.programme, dimension=dimension))
        elif dimension:
            posts = posts.filter(not_met__overlaps=closing.levels.of(dimension))
        if wanted["chi_thieu"]:
            posts = posts.filter(one_step(closing.levels, closing.counted))
        return posts

    def page(
        self, request: HttpRequest, order: Sequence[Any], posts: QuerySet[Any] | None = None
    ) -> tuple[Any, list[tuple[Any, list[Any]]]]:
        """The page that the request asks for, and its rows: each post with its needs.

        One query finds the posts of the page and how many there are. Raises Http404 where there is no such page.
        """
        found = self.posts() if posts is None else posts
        with planned_for_the_day():
            page = page_in_one_query(request, found.only(*READ_OF_POST).order_by(*order))
        return page, self._with_people(list(page.object_list))

    def everybody(self, posts: QuerySet[Any], order: Sequence[Any] = ()) -> list[tuple[Any, list[Any]]]:
        """The rows of all pages; without an order most urgent first."""
        return self._with_people(list(posts.only(*READ_OF_POST).order_by(*(order or self.urgency()))))

    def _with_people(self, posts: list[Any]) -> list[tuple[Any, list[Any]]]:
        """The rows, with who holds each post: all are put in order before anything is looked up of those shown."""
        fetch(posts, "official", "position")
        return self.rows(posts)

    def urgency(self) -> list[Any]:
        """What the posts are ordered by: most urgent first; in the end by name, and by person."""
        return urgency_order(self.closing)

    def rows(self, posts: list[Any]) -> list[tuple[Any, list[Any]]]:
        """The posts, in their order, each with its needs."""
        people = [post.official_id for post in posts]
        found = needs_of(
            posts,
            self.closing,
            studied=studies(self.day, people) if self.is_of_students else {},
            planned=planned_studies(self.day, people),
            begun=progress_of(people, in_modules(self.programmes.values())),
        )
        of_post: dict[int, list[Any]] = {post.pk: [] for post in posts}
        for need in found:
            if need.study or not self.is_of_students:
                of_post[need.post.pk].append(need)
        return [(post, of_post[post.pk]) for post in posts]

    @property
    def is_of_students(self) -> bool:
        """Whether those are meant who study already what they lack."""
        return bool(self.cleaned_data["dang_hoc"])

    def _lacking(self, appointments: QuerySet[Appointment]) -> QuerySet[Any]:
        """Who lacks something that nothing under way will bring; or who lacks today what is under way for them."""
        posts = lacking_posts(
            self.day,
            criterion=self.criterion,
            appointments=appointments,
            rulebook=self.closing.rulebook,
            finished=Supposed() if self.is_of_students else self.closing.finished,
            everybody=True,
        )
        return posts.filter(self._is_student()) if self.is_of_students else posts

    def _is_student(self) -> Q:
        """The condition on posts that one of the levels not met is studied for."""
        raised: dict[tuple[int, int], set[int]] = defaultdict(set)
        for official, dimension, rank in levels_under_way(self.day):
            raised[dimension, rank].add(official)
        condition = NOTHING
        for counted in self.closing.counted:
            for reached in self.closing.rulebook.levels_of(counted):
                if people := raised[counted.pk, reached.rank]:
                    below = [item for item in self.closing.rulebook.levels_of(counted) if item.rank <= reached.rank]
                    condition |= Q(not_met__overlaps=self.closing.levels.only(below)) & Q(official__in=people)
        return condition


class NeedSelectionOfDistrict(NeedSelection):
    """The needs of one district's people, from which it registers."""

    BAR = ("xa", "mat", "chi_thieu")
