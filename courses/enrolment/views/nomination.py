"""The officer nominates: whom a class is for, most urgent first, with what stands against them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from cadres.access import communes_in_scope, posts_writable_by
from cadres.evaluation import DimensionVerdict
from cadres.kept_plans import planned_for_the_day
from cadres.models import Appointment, Level, Position, User, Zone
from cadres.periods import in_force, in_force_then
from cadres.places import communes_offered, districts_offered, names_answering, title_offered
from cadres.search import people_found
from cadres.web.addresses import dated, kept, path_of_row
from cadres.web.day import acting_day, criterion_of, somebody_counts, today_of, working_day
from cadres.web.filters import ALL, FilterForm, Offered
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import page_in_one_query
from cadres.web.permissions import account, permission_needed
from cadres.web.ticks import Ticks, Way
from courses.access import SEND, proposed_visible_to, sends_own
from courses.class_pages import class_of
from courses.enrolment.candidates import Candidates, most_urgent_first, objections
from courses.enrolment.nomination import why_closed
from courses.enrolment.rules import RULES, Severity, Terms
from courses.enrolment.views.nominating import ticks_of
from courses.models import TrainingClass
from courses.modules import progress_in
from courses.proposed import Since, counted_since
from courses.seats import Seats, seats_of

NAMED, EVERYBODY = "ke_hoach", "moi"
NAMED_IN_BASKET = 100  # of those ticked; of more the page says how many


class CandidateFilter(FilterForm):
    """The filters above the candidates: what it offers is what the account may see on the day."""

    q = forms.CharField(label="Tìm theo tên (không cần dấu) hoặc số định danh", required=False, max_length=100)
    huyen = forms.ChoiceField(required=False)
    xa = forms.ChoiceField(label="Đơn vị cấp xã", required=False)
    chuc_danh = forms.ChoiceField(label="Chức danh", required=False)
    ai = forms.ChoiceField(
        label="Những ai",
        required=False,
        choices=[
            ("", "Người cần lớp này"),
            (NAMED, "Người có tên trong kế hoạch"),
            (EVERYBODY, "Mọi người trong phạm vi"),
        ],
    )
    dung_lop = forms.BooleanField(label="Đúng đối tượng, địa bàn", required=False)
    du_dieu_kien = forms.BooleanField(label="Chỉ người đủ điều kiện", required=False)

    BAR = ("huyen", "xa", "chuc_danh", "ai")
    ONLY_IF_CHOICE = ("huyen", "xa", "chuc_danh")
    BOXES = ("dung_lop", "du_dieu_kien")
    OF_PEOPLE = ("q", "huyen", "xa", "chuc_danh")  # pick people out of all, before anything is known of them
    TOLD_ALONE = BOXES

    def __init__(self, query: QueryDict, *, user: User, day: date) -> None:
        self.day, self.communes = day, communes_in_scope(user, day, SEND)
        self.district_keys = {row["answering"] for row in self.communes}
        super().__init__(query)

    @property
    def whom(self) -> str:
        """Whom the list shows, in the words of the filter."""
        field = self.fields["ai"]
        assert isinstance(field, forms.ChoiceField)
        return str(dict(field.choices)[self.cleaned_data["ai"]])  # type: ignore[arg-type]

    def offered(self) -> dict[str, Offered]:
        self.fields["huyen"].label = title_offered(self.communes)
        return {
            "huyen": [ALL, *districts_offered(self.communes).items()],
            "xa": [ALL, *communes_offered(self.communes, district=self.data.get("huyen"))],
            "chuc_danh": [ALL, *Position.objects.as_of(self.day).values_list("code", "title")],
        }


@permission_needed("courses.view_enrolment")
def class_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the class is for, most urgent first, to be ticked; the page of nominating them is the act's own."""
    training_class, user = class_of(request, pk), account(request)
    day = acting_day(request)
    if not user.has_perm("courses.add_enrolment"):
        raise PermissionDenied("Vai trò của tài khoản này không cử người đi học.")
    ticks, filters = ticks_of(request, training_class), CandidateFilter(request.GET, user=user, day=day)
    if request.method == "POST":
        return ticks.answer(
            everything=lambda: _listed(request, training_class, filters)[2].values_list("official", flat=True),
            acts={"cu": Way(reverse("courses:class-nominate", args=[pk]) + kept(request))},
            filters=filters.fields,
        )
    candidates, columns, ordered = _listed(request, training_class, filters)
    listed = ordered.select_related("official__ethnic_group", "position")
    if FILE in request.GET:
        return _file(request, training_class, columns, filters, _rows(listed, candidates))
    with planned_for_the_day():
        page = page_in_one_query(request, listed)
    rows = _rows(page.object_list, candidates)
    if rows and day == working_day(request):
        somebody_counts(request)
    ticks.show(row["post"].official_id for row in rows)
    seats = seats_of(training_class)
    own = _own_seats(seats, filters.district_keys) if sends_own(user) else None
    basket = _basket(candidates.appointments, ticks, day)
    return render(
        request,
        "courses/enrolment/class_enrol.html",
        {
            "title": f"Cử người đi học: {training_class.programme}",
            "training_class": training_class,
            "seats": seats,
            "own": own,
            "meant": _meant(candidates.terms, None if own else seats),
            "named": _named(user, training_class, day),
            "whom": filters.whom,
            "basket": basket,
            "basket_more": max(len(ticks) - len(basket), 0),
            "closed": "" if training_class.takes_nominations_on(day) else why_closed(training_class, day),
            "filters": filters,
            "dated": dated(request),
            "is_filtered": any(filters[name].value() for name in filters.fields),
            "heads": columns.heads(),
            "sorted_by": columns.by,
            "page": page,
            "rows": rows,
            "ticks": ticks,
            "dimension": candidates.dimension,
            "day": day,
        },
    )


def _listed(
    request: HttpRequest, training_class: TrainingClass, filters: CandidateFilter
) -> tuple[Candidates, Columns, Any]:
    """Whom the class may take, the columns of the list, and the posts that it shows, in their order."""
    user, day = account(request), acting_day(request)
    appointments = posts_writable_by(user, day, SEND, is_today=day == today_of(request))
    candidates = Candidates.of(training_class, day, criterion=criterion_of(request), appointments=appointments)
    posts = candidates.posts(everybody=not any(filters.cleaned_data.get(name) for name in filters.OF_PEOPLE))
    columns, narrowed = _columns(request, candidates), _narrowed(posts, candidates, filters)
    ordered = narrowed.order_by(*columns.order) if columns.by else most_urgent_first(narrowed, candidates)
    return candidates, columns, ordered


def _basket(appointments: QuerySet[Appointment], ticks: Ticks, day: date) -> list[Any]:
    """The posts of those ticked, of the appointments (a scope), in the order of the ticks; the first of many."""
    wanted = ticks.numbers[:NAMED_IN_BASKET]
    if not wanted:
        return []
    posts = appointments.filter(in_force(day), official__in=wanted, is_primary=True).select_related(
        "official", "position"
    )
    named = posts.alias(version_now=in_force_then("unit__versions", day)).annotate(commune=F("version_now__name"))
    of_official = {post.official_id: post for post in named}
    return [of_official[key] for key in wanted if key in of_official]


def _named(user: User, training_class: TrainingClass, day: date) -> list[tuple[Since, int]]:
    """How many people whom the account sees the plan names for the class's line, by what has become of them."""
    line = training_class.plan_line
    return counted_since(proposed_visible_to(user).filter(line=line), day) if line else []


def _meant(terms: Terms, seats: Seats | None) -> list[tuple[str, str]]:
    """Whom the class is for, as (what, words); `seats`: of whoever gives out quotas, who is told of each."""
    training_class, programme = terms.training_class, terms.programme
    positions = programme.target_positions.order_by("order").values_list("title", flat=True) if terms.targets else ()
    said = [("Đối tượng", ", ".join(positions) or "Mọi chức danh")]
    if modules := training_class.own_modules:
        said.append(("Chỉ dạy", "; ".join(str(module) for module in modules)))
    if level := programme.raises_to:
        had = "Học đủ các học phần có" if training_class.own_modules else "Học xong có"
        said.append((had, f"{level.dimension.name}: {level}"))
    if seats and seats.has_quotas:
        names = names_answering(training_class.start_date)
        given = [
            f"{name} còn {seats.left_of(unit)} / {seats.by_district[unit][0]}"
            for unit, name in names.items()
            if seats.by_district.get(unit, (0, 0))[0]
        ]
        said.append(("Chỉ tiêu còn", "; ".join([*given, f"dự phòng của tỉnh {seats.reserve_left} / {seats.reserve}"])))
    return said


def _columns(request: HttpRequest, candidates: Candidates) -> Columns:
    """The columns of the list; what somebody holds in the class's dimension is one where the programme raises it."""
    dimension = candidates.dimension
    held = (
        [
            Column(
                "dang_co",
                "Đang có",
                order=[F("held").bitand(candidates.closing.levels.of(dimension))],
                cell=lambda row: str(row["held"] or ""),
            )
        ]
        if dimension
        else []
    )
    return Columns(
        request,
        [
            Column("ten", "Họ và tên", ["official__name_order"], cell=lambda row: row["post"].official.full_name),
            Column("sinh", "Ngày sinh", is_shown=False, cell=lambda row: str(row["post"].official.birth or "")),
            Column("chuc_danh", "Chức danh, xã", ["position__order", "district_code", "commune_code"]),
            Column("", "Chức danh", is_shown=False, cell=lambda row: str(row["post"].position)),
            Column("", "Đơn vị", is_shown=False, cell=lambda row: row["post"].commune_name),
            Column("", "Đơn vị cấp trên", is_shown=False, cell=lambda row: row["post"].district_name),
            *held,
            Column(
                "vi_sao", "Vì sao cần", ["-would_comply", "-is_needed", "-is_proposed", "-is_registered"], cell=_why
            ),
            Column("dieu_kien", "Điều kiện", [rule.column for rule in RULES], cell=_conditions),
        ],
        tie=("official__name_order", "pk"),
    )


def _why(row: dict[str, Any]) -> str:
    """Why somebody needs the class, as the page says it."""
    post = row["post"]
    said = []
    said += [f"theo {text}" for text in row["texts"]]
    if post.is_needed and not row["required"] and not said:
        said.append("thuộc đối tượng của chương trình")
    elif post.is_needed and row["required"]:
        said.append(f"chuẩn: {row['required']}")
        if post.would_comply:
            said.append("học xong đạt chuẩn")
        elif row["lacking"]:
            said.append(f"còn thiếu {', '.join(row['lacking'])}")
    if post.is_proposed:
        said.append("kế hoạch có tên")
    if post.is_registered:
        said.append("đơn vị đã đăng ký")
    if row["progress"]:
        said.append(row["progress"])
    return "; ".join(said)


def _conditions(row: dict[str, Any]) -> str:
    """What stands against somebody, as the page says it."""
    told = [f"{item.rule.label}: {item.detail}" if item.detail else item.rule.label for item in row["objections"]]
    return "; ".join(told) or "Đủ điều kiện"


def _file(
    request: HttpRequest,
    training_class: TrainingClass,
    columns: Columns,
    filters: CandidateFilter,
    rows: list[dict[str, Any]],
) -> HttpResponse:
    """What the list shows, all its pages, as a file."""
    notes = [
        f"{filters.whom} vào ngày {filters.day:%d/%m/%Y}. Lớp {training_class.code}, từ "
        f"{training_class.start_date:%d/%m/%Y} đến {training_class.end_date:%d/%m/%Y}.",
        *(text for text, _ in filters.chips()),
    ]
    title = f"NGƯỜI CÓ THỂ CỬ: {training_class.programme}"
    return columns.file(request, rows, title=title, notes=notes, stem=f"nguoi-co-the-cu-{training_class.pk}")


def _narrowed(posts: Any, candidates: Candidates, filters: CandidateFilter) -> Any:
    """Those of the posts whose people the filters mean."""
    wanted = filters.cleaned_data
    if text := wanted.get("q"):
        posts = people_found(posts, text)
    for name, column in (("huyen", "district_code"), ("xa", "commune_code"), ("chuc_danh", "position__code")):
        if wanted.get(name):
            posts = posts.filter(**{column: wanted[name]})
    if not wanted.get("ai"):
        posts = candidates.needing(posts)
    elif wanted["ai"] == NAMED:
        posts = posts.filter(is_proposed=True, is_in_class=False)
    else:
        posts = posts.filter(is_in_class=False)
    if wanted.get("dung_lop"):
        posts = posts.filter(candidates.is_meant)
    return candidates.eligible(posts) if wanted.get("du_dieu_kien") else posts


def _rows(posts: Iterable[Any], candidates: Candidates) -> list[dict[str, Any]]:
    """The posts, in their order, with why the class is needed and what stands against it."""
    rows = []
    posts, programme = list(posts), candidates.terms.programme
    progress = progress_in(programme, [post.official_id for post in posts]) if candidates.terms.modules else {}
    against = objections(posts, candidates.terms)
    for post in posts:
        post.zone_label = "" if post.zone is None else Zone(post.zone).in_short
        standing = against[post.official_id]
        rows.append(
            {
                "post": post,
                "page": path_of_row("cadres:official-detail", post.official_id),
                "held": _level(candidates, post.held),
                "required": _level(candidates, post.asked),
                "texts": candidates.texts(post),
                "lacking": _lacking_besides(candidates, post),
                "progress": str(progress.get(post.official_id, "")),
                "objections": standing,
                "is_barred": any(item.rule.severity == Severity.BAR for item in standing),
            }
        )
    return rows


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
