"""The officer nominates: whom a class is for, most urgent first, with what stands against them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from cadres.access import appointments_visible_to, communes_in_scope, visible_to
from cadres.evaluation import DimensionVerdict
from cadres.models import Appointment, Level, Official, Position, User, Zone
from cadres.places import communes_offered, districts_offered
from cadres.search import people_found
from cadres.text import first_named
from cadres.web.addresses import kept
from cadres.web.day import acting_day, criterion_of
from cadres.web.filters import ALL, FilterForm, Offered
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import ticked
from courses.class_pages import class_of, refusals
from courses.enrolment.candidates import Candidates, most_urgent_first, objections
from courses.enrolment.nomination import Nomination, nominate, why_closed
from courses.enrolment.rules import Severity
from courses.models import TrainingClass
from courses.seats import Seats, seats_of

CHOSEN = "nguoi"


class CandidateFilter(FilterForm):
    """The filters above the candidates: what it offers is what the account may see on the day."""

    q = forms.CharField(label="Tìm theo tên (không cần dấu) hoặc số định danh", required=False, max_length=100)
    huyen = forms.ChoiceField(label="Huyện", required=False)
    xa = forms.ChoiceField(label="Xã, phường, thị trấn", required=False)
    chuc_danh = forms.ChoiceField(label="Chức danh", required=False)
    ai = forms.ChoiceField(
        label="Những ai", required=False, choices=[("", "Người cần lớp này"), ("moi", "Mọi người trong phạm vi")]
    )
    du_dieu_kien = forms.BooleanField(label="Chỉ người đủ điều kiện", required=False)

    BAR = ("huyen", "xa", "chuc_danh", "ai")
    ONLY_IF_CHOICE = ("huyen", "xa", "chuc_danh")
    BOXES = ("du_dieu_kien",)

    def __init__(self, query: QueryDict, *, user: User, day: date) -> None:
        self.day, self.communes = day, communes_in_scope(user, day)
        self.district_keys = {row["above_unit"] for row in self.communes}
        super().__init__(query)

    def offered(self) -> dict[str, Offered]:
        return {
            "huyen": [ALL, *districts_offered(self.communes).items()],
            "xa": [ALL, *communes_offered(self.communes, district=self.data.get("huyen"))],
            "chuc_danh": [ALL, *Position.objects.as_of(self.day).values_list("code", "title")],
        }


@permission_needed("courses.view_enrolment")
def class_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the class is for, most urgent first; POST nominates those ticked."""
    training_class, user = class_of(request, pk), account(request)
    day, criterion = acting_day(request), criterion_of(request)
    if not user.has_perm("courses.add_enrolment"):
        raise PermissionDenied("Vai trò của tài khoản này không cử người đi học.")
    if request.method == "POST":
        return _nominate(request, training_class)
    appointments = appointments_visible_to(user)
    candidates = Candidates.of(training_class, day, criterion=criterion, appointments=appointments)
    filters = CandidateFilter(request.GET, user=user, day=day)
    page, shown = _page_of(request, candidates, filters)
    seats = seats_of(training_class)
    return render(
        request,
        "courses/enrolment/class_enrol.html",
        {
            "title": f"Cử người đi học: {training_class.programme}",
            "training_class": training_class,
            "seats": seats,
            "own": None if user.sees_every_unit else _own_seats(seats, filters.district_keys),
            "closed": "" if training_class.takes_nominations_on(day) else why_closed(training_class, day),
            "filters": filters,
            "is_filtered": any(filters[name].value() for name in filters.fields),
            "page": page,
            "rows": shown,
            "dimension": candidates.dimension,
            "counts": candidates.counts(appointments) if candidates.asks_for_it else {},
            "day": day,
        },
    )


def _page_of(
    request: HttpRequest, candidates: Candidates, filters: CandidateFilter
) -> tuple[Any, list[dict[str, Any]]]:
    """The page asked for, and its rows: the post, why the class is needed, what stands against it."""
    wanted = filters.cleaned_data
    posts = candidates.posts()
    if text := wanted.get("q"):
        posts = people_found(posts, text)
    for name, column in (("huyen", "district_code"), ("xa", "commune_code"), ("chuc_danh", "position__code")):
        if wanted.get(name):
            posts = posts.filter(**{column: wanted[name]})
    posts = posts.filter(is_in_class=False) if wanted.get("ai") else candidates.needing(posts)
    if wanted.get("du_dieu_kien"):
        posts = candidates.eligible(posts)
    keys = list(most_urgent_first(posts, candidates).values_list("pk", flat=True))
    page = shown_page(request, keys)
    shown = candidates.posts(Appointment.objects.filter(pk__in=page.object_list))
    by_key = {post.pk: post for post in shown.select_related("official__ethnic_group", "position")}
    found = [by_key[key] for key in page.object_list]
    rows = []
    for post in found:
        post.zone_label = Zone(post.zone).label if post.zone else ""
        standing = objections(post, candidates.terms)
        rows.append(
            {
                "post": post,
                "held": _level(candidates, post.held),
                "required": _level(candidates, post.asked),
                "lacking": _lacking_besides(candidates, post),
                "objections": standing,
                "is_barred": any(item.rule.severity == Severity.BAR for item in standing),
            }
        )
    return page, rows


def _level(candidates: Candidates, levels: int | None) -> Level | None:
    """The level of the class's dimension in a set of a post: what is held, or what is asked for."""
    return candidates.closing.levels.level_in(levels, candidates.dimension) if candidates.dimension else None


def _lacking_besides(candidates: Candidates, post: Any) -> list[str]:
    """The other counted dimensions in which the post is short, or of which nothing is on record."""
    short = (DimensionVerdict.NOT_MET, DimensionVerdict.UNKNOWN)
    return [
        dimension.name
        for dimension in candidates.closing.counted
        if dimension != candidates.dimension and candidates.closing.levels.verdict(post, dimension) in short
    ]


def _own_seats(seats: Seats, districts: Iterable[int]) -> dict[str, int] | None:
    """The quota of the districts (keys), how many of it are taken and left; None where the class has no quotas."""
    if not seats.has_quotas:
        return None
    pairs = [seats.by_district.get(district, (0, 0)) for district in districts]
    return {
        "quota": sum(quota for quota, _ in pairs),
        "taken": sum(taken for _, taken in pairs),
        "left": sum(seats.left_of(district) for district in districts),
    }


def _nominate(request: HttpRequest, training_class: TrainingClass) -> HttpResponse:
    user, keys = account(request), ticked(request, CHOSEN)
    back = redirect(request.path + kept(request))
    in_scope = visible_to(Official.objects.filter(pk__in=keys), user).in_bulk()
    if not in_scope:
        messages.error(request, "Chưa chọn ai. Hãy đánh dấu những người cần cử rồi bấm lại.")
        return back
    try:
        done = nominate(
            training_class,
            [in_scope[key] for key in keys if key in in_scope],
            day=acting_day(request),
            criterion=criterion_of(request),
            by=user,
        )
    except ValidationError as refusal:
        refusals(request, refusal)
        return back
    tell_nomination(request, done)
    return back


def tell_nomination(request: HttpRequest, done: Nomination) -> None:
    if done.nominated:
        people = [enrolment.official for enrolment in done.nominated]
        messages.success(request, f"Đã cử {len(people)} người, chờ Sở Nội vụ duyệt: {first_named(people)}.")
    if done.waiting:
        people = [enrolment.official for enrolment in done.waiting]
        messages.warning(
            request,
            f"{len(people)} người vào danh sách chờ vì đã hết chỗ hoặc hết chỉ tiêu của huyện: {first_named(people)}. "
            "Khi có chỗ trống, người chờ trước được lên trước.",
        )
    for refusal in done.refused:
        messages.error(request, f"Không cử được {refusal.official}: {'; '.join(refusal.reasons)}.")
