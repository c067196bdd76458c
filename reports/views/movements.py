"""Who moved the rate between two days, by name, and what made them meet the standard.

Within a unit above the communes (`?huyen=`), or a former district where only the province is above them (`?huyen_cu=`).
"""

from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import appointments_visible_to, names_of_scope, unit_versions_in_scope, units_seen_on
from cadres.correspondence import Correspondence, Place
from cadres.evaluation import LevelSets, Rulebook
from cadres.models import Appointment, Dimension, Official, UnitVersion, User
from cadres.search import people_found
from cadres.web.addresses import dated
from cadres.web.day import criterion_of, parse_day, somebody_counts, working_day
from cadres.web.lists import FILE, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay
from cadres.web.units import units_asked, units_context
from reports.movements import UNMET, Cause, Gain, Move, gains, in_order, movements, posts_of, records_of
from reports.views.home import same_day_last_year
from reports.views.movement_columns import LEFT, Row, columns_of
from reports.views.rates import DISTRICT, district_asked_for, districts_visible

SINCE, MOVE, THROUGH, FORMER = "tu", "nhom", "nho", "huyen_cu"
A_CLASS, A_CLASS_LABEL = "class", "Kết quả lớp học"  # of `?nho=`, beside the causes
SEARCH = "q"


@permission_needed("cadres.view_official")
@require_safe
def movements_page(request: HttpRequest) -> HttpResponse:
    """What moved, as an account, and the people of one move: `?tu=` and the working day, `?nhom=` a Move; its file."""
    user = account(request)
    after, criterion = working_day(request), criterion_of(request)
    before = _since(request, after)
    move = _move(request)
    units = units_asked(request)
    districts = districts_visible(user, after, units)
    is_by_former = units is None and (
        bool(request.GET.get(FORMER)) or {one.kind for one in districts} == {UnitVersion.Kind.PROVINCE}
    )
    # Also on a day before the district was what it is.
    followed = units or (Correspondence(after) if is_by_former or request.GET.get(DISTRICT) else None)
    formers = _former_districts(user, followed) if followed and is_by_former else []
    former = district_asked_for(request, formers, FORMER)
    district = former or district_asked_for(request, districts)

    def within(day: date) -> list[int]:
        if not followed:
            return []
        if former:
            return followed.units_within(followed.former_places().units_in([former.code]), day)
        return followed.places(day, above=True).units_in([district.code])

    def in_scope(day: date) -> QuerySet[Appointment]:
        posts = appointments_visible_to(user, day)
        return posts.filter(unit__in=within(day)) if district else posts

    def seen(day: date) -> set[int] | None:
        found = units_seen_on(user, day)
        return found if not district else set(within(day)) if found is None else found.intersection(within(day))

    rulebook = Rulebook.load()
    by: dict[str, Any] = {"criterion": criterion, "rulebook": rulebook}
    moved = movements(before, after, appointments=in_scope, seen=seen, **by)
    if moved.after.total:
        somebody_counts(request)
    gained = gains(moved.people[Move.BECAME], before, after, **by)
    through = _through(request, move)
    keys = [key for key in moved.people[move] if not through or _had_part(through, gained[key])]
    shown_on = before if move in LEFT else after
    columns, text = columns_of(request, move, dated(request)), request.GET.get(SEARCH, "").strip()[:100]
    found = people_found(Official.objects.filter(pk__in=keys), text, official="pk")
    ordered = in_order(found, shown_on, columns.order, **by)
    dimensions, levels = rulebook.dimensions_asked(after), rulebook.level_sets(shown_on)

    def rows_of(people: list[int]) -> list[Row]:
        posts = posts_of(people, shown_on, **by)
        return _rows(people, posts, gained, move, dimensions=dimensions, levels=levels)

    through_told = A_CLASS_LABEL if through == A_CLASS else Cause(through).label if through else ""
    if FILE in request.GET:
        within_told = [("Trong đơn vị", district.name if district else ""), ("Nhờ", through_told), ("Tìm", text)]
        return columns.file(
            request,
            rows_of(ordered),
            title=f"AI LÀM THAY ĐỔI TỶ LỆ: {move.label.upper()}",
            notes=[
                *head_of_file(request, is_judged=True),
                f"So với ngày {ngay(before)}; chức danh, đơn vị là của ngày {ngay(shown_on)}.",
                *(f"{title}: {told}." for title, told in within_told if told),
            ],
            stem=f"thay-doi-{before}-{after}",
        )
    page = shown_page(request, ordered)
    return render(
        request,
        "reports/movements.html",
        {
            "title": "Ai làm thay đổi tỷ lệ",
            "before": before,
            "after": after,
            "moved": moved,
            "steps": [
                (sign, item, moved.count(item))
                for sign, item in (
                    ("+", Move.BECAME),
                    ("−", Move.CEASED),
                    ("+", Move.CAME_COMPLIANT),
                    ("−", Move.LEFT_COMPLIANT),
                )
            ],
            "others": [(item, moved.count(item)) for item in (Move.CAME_OTHER, Move.LEFT_OTHER)],
            "by_class": sum(_had_part(A_CLASS, gain) for gain in gained.values()),
            "causes": _causes(gained),
            "move": move,
            "through": through_told,
            "q": text,
            "moves": Move,
            "page": page,
            "columns": columns,
            "heads": columns.heads(),
            "rows": rows_of(list(page.object_list)),
            "district": district,
            "districts": formers or districts,
            "word": FORMER if formers else DISTRICT,
            "scope_names": names_of_scope(user, after),
            "dated": dated(request),
            "shown_on": shown_on,
            **units_context(request),
        },
    )


def _former_districts(user: User, followed: Correspondence) -> list[Place]:
    """The former districts of the communes that the account sees, by code."""
    former = followed.former_places()
    communes = unit_versions_in_scope(user).as_of(followed.day).communes().values_list("unit", flat=True)
    found = {place.code: place for unit in communes if (place := former.of(unit))}
    return [found[code] for code in sorted(found)]


def _rows(
    shown: list[int],
    posts: dict[int, Any],
    gained: dict[int, Gain],
    move: Move,
    *,
    dimensions: list[Dimension],
    levels: LevelSets,
) -> list[Row]:
    """The people of the page, in their order, each with what the move is about."""
    settled = {key: gained[key].settled for key in shown} if move == Move.BECAME else {}
    records = records_of(item.record for items in settled.values() for item in items if item.record)
    rows = []
    for key in shown:
        post = posts[key]
        rows.append(
            Row(
                post=post,
                settled=[(item, records.get(item.record or 0)) for item in settled.get(key, ())],
                lacking=[item for item in dimensions if levels.verdict(post, item) in UNMET]
                if move in (Move.CEASED, Move.CAME_OTHER)
                else [],
                left=post.appointment if move in LEFT and post.appointment.end_date else None,
            )
        )
    return rows


def _had_part(through: str, gain: Gain) -> bool:
    """Whether a class (A_CLASS), or a cause, had a part in what made somebody compliant."""
    return gain.is_from_class if through == A_CLASS else any(item.cause == through for item in gain.settled)


def _causes(gained: dict[int, Gain]) -> list[tuple[Cause, int]]:
    """Of how many people each cause had a part, those of which there are any."""
    return [(cause, number) for cause in Cause if (number := sum(_had_part(cause, gain) for gain in gained.values()))]


def _since(request: HttpRequest, after: date) -> date:
    """The earlier day of the address, else the same day a year before. Raises BadRequest where it is not earlier."""
    text = request.GET.get(SINCE)
    before = parse_day(text) if text else same_day_last_year(after)
    if before >= after:
        raise BadRequest(
            f"Ngày đầu {before:%d/%m/%Y} phải trước ngày sau {after:%d/%m/%Y}. Hãy chọn lại hai ngày cần so sánh."
        )
    return before


def _move(request: HttpRequest) -> Move:
    try:
        return Move(request.GET.get(MOVE) or Move.BECAME)
    except ValueError as error:
        raise BadRequest(f"Không có nhóm “{request.GET[MOVE]}”. Hãy chọn lại ở trang này.") from error


def _through(request: HttpRequest, move: Move) -> str:
    """What the people who became compliant owe it to, where the address asks for it: a Cause, or A_CLASS."""
    through = request.GET.get(THROUGH, "")
    if through and (move != Move.BECAME or through not in (A_CLASS, *Cause.values)):
        raise BadRequest(f"Không có cách đạt “{through}”. Hãy chọn lại ở trang này.")
    return through
