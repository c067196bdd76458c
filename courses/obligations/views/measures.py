"""Rewards and measures: who is to be rewarded or answered, one decision about those ticked, and what was recorded.

The words of the address: loai (which list), q (name without diacritics), huyen, huyen_cu, xa (units of the day; of the
post held as the class began, or on the day of a decision about the tiết of a year), sap_xep and tep.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from cadres.access import communes_in_scope
from cadres.posts import with_post_on
from cadres.search import people_found
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.day import working_day
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from cadres.web.tags import ngay
from cadres.web.ticks import Ticks, Way
from courses.access import enrolments_visible_to, measures_visible_to, year_measures_visible_to
from courses.documents.people import places_of
from courses.models import Enrolment
from courses.obligations.forms import MeasureForm
from courses.obligations.measures import record_measures, to_answer, to_reward

LIST = "loai"  # which of the lists, in the address
REWARDS, FAULTS, RECORDED, OF_YEARS = "khen", "xu_ly", "da_ghi", "so_tiet"
TABS = {REWARDS: "Đề nghị khen", FAULTS: "Cần xử lý", RECORDED: "Đã ghi", OF_YEARS: "Chưa đủ số tiết, đã xử lý"}
TITLES = {
    REWARDS: "ĐỀ NGHỊ KHEN THƯỞNG: HỌC LOẠI GIỎI, CHƯA ĐƯỢC KHEN",
    FAULTS: "CẦN XỬ LÝ: TỪ CHỐI, BỎ HỌC, KHÔNG ĐẾN HOẶC KHÔNG ĐẠT",
    RECORDED: "KHEN THƯỞNG, XỬ LÝ ĐÃ GHI",
    OF_YEARS: "XỬ LÝ NGƯỜI CHƯA ĐỦ SỐ TIẾT TRONG NĂM",
}


def _result(enrolment: Enrolment) -> str:
    """What is rewarded or answered, as the page says it."""
    if enrolment.grade:
        return enrolment.get_grade_display()
    why = enrolment.get_withdrawal_reason_display() if enrolment.withdrawal_reason else ""
    return f"{enrolment.get_state_display()}, {why.lower()}" if why else enrolment.get_state_display()


OF_TURNS = (
    Column("ten", "Họ và tên", ["official__name_order"], cell=lambda row: row.official.full_name),
    Column("", "Chức danh, đơn vị", is_shown=False, cell=lambda row: row.place),
    Column("lop", "Lớp", ["training_class__code"], cell=lambda row: str(row.training_class)),
    Column("be_giang", "Bế giảng", ["training_class__end_date"], cell=lambda row: ngay(row.training_class.end_date)),
    Column("ket_qua", "Kết quả", ["state", "withdrawal_reason", "mark"], cell=_result),
)
OF_DECISIONS = (
    Column("ten", "Họ và tên", ["enrolment__official__name_order"], cell=lambda row: row.enrolment.official.full_name),
    Column("", "Chức danh, đơn vị", is_shown=False, cell=lambda row: row.place),
    Column("lop", "Lớp", ["enrolment__training_class__code"], cell=lambda row: str(row.enrolment.training_class)),
    Column("hinh_thuc", "Hình thức", ["kind"], cell=lambda row: row.get_kind_display()),
    Column("tien", "Mức thưởng, đồng", ["amount"], cell=lambda row: row.amount),
    Column("ngay", "Ngày", ["on"], cell=lambda row: ngay(row.on)),
    Column("quyet_dinh", "Quyết định", ["decision"], cell=lambda row: row.decision),
    Column("ly_do", "Lý do", ["reason"], cell=lambda row: row.reason),
)

OF_YEAR_MEASURES = (
    Column("ten", "Họ và tên", ["official__name_order"], cell=lambda row: row.official.full_name),
    Column("nam", "Năm", ["year"], cell=lambda row: row.year),
    Column("so_tiet", "Số tiết", ["hours"], cell=lambda row: f"{row.hours} / {row.least}"),
    Column("hinh_thuc", "Hình thức", ["kind"], cell=lambda row: row.get_kind_display()),
    Column("ngay", "Ngày", ["on"], cell=lambda row: ngay(row.on)),
    Column("quyet_dinh", "Quyết định", ["decision"], cell=lambda row: row.decision),
    Column("ly_do", "Lý do", ["reason"], cell=lambda row: row.reason),
)


class MeasureFilter(PlaceFilters):
    """The filters above the lists: what they offer is what the account may see on the day."""

    BAR = ("huyen", "xa")


def _ticks_of(request: HttpRequest, shown: str) -> Ticks:
    """Which turns of a list are ticked: keys of enrolments."""
    return Ticks(request, f"measures-{shown}")


@permission_needed("courses.view_trainingmeasure")
def measure_list(request: HttpRequest) -> HttpResponse:
    """Who is to be rewarded or answered, to be ticked, and what was recorded."""
    user, shown = account(request), request.GET.get(LIST, REWARDS)
    if shown not in TITLES:
        raise BadRequest("Không có danh sách đó. Hãy chọn lại ở đầu trang.")
    may_tick = shown in (REWARDS, FAULTS) and user.has_perm("courses.add_trainingmeasure")
    day = working_day(request)
    filters = MeasureFilter(request.GET, communes=communes_in_scope(user, day, "courses.view_trainingmeasure"), day=day)
    enrolments, text, units = enrolments_visible_to(user), filters.cleaned_data["q"], filters.units_of_any_day()
    is_narrowed = bool(text) or units is not None
    lists: dict[str, QuerySet[Any]] = {
        REWARDS: to_reward(enrolments),
        FAULTS: to_answer(enrolments),
        RECORDED: measures_visible_to(user),
        OF_YEARS: year_measures_visible_to(user),
    }
    if shown in (RECORDED, OF_YEARS):
        of_shown = OF_DECISIONS if shown == RECORDED else OF_YEAR_MEASURES
        columns = Columns(request, of_shown, default=["-on"], tie=("-pk",))
    else:
        tie = ("official__name_order", "pk")
        columns = Columns(request, OF_TURNS, default=["-training_class__end_date"], tie=tie)
    found = _found(lists[shown], shown, text, units).order_by(*columns.order)
    ticks = _ticks_of(request, shown) if may_tick else None
    if request.method == "POST":
        if ticks is None:
            return HttpResponseNotAllowed(("GET", "HEAD"))
        return ticks.answer(
            everything=lambda: found.values_list("pk", flat=True),
            acts={"ghi": Way(reverse("courses:measure-record") + kept(request))},
            filters=filters.sent(),
        )
    if FILE in request.GET:
        notes = [told for told, _ in filters.chips()]
        return columns.file(request, _placed(found, shown), title=TITLES[shown], notes=notes, stem=f"{shown}-dao-tao")
    page = shown_page(request, found)
    rows = _placed(page.object_list, shown)
    if ticks is not None:
        ticks.show(row.pk for row in rows)
    return render(
        request,
        "courses/obligations/measure_list.html",
        {
            "title": "Khen thưởng, xử lý",
            "shown": shown,
            "filters": filters,
            "is_narrowed": is_narrowed,
            "tabs": [
                (
                    code,
                    label,
                    page.paginator.count if code == shown and not is_narrowed else lists[code].count(),
                )
                for code, label in TABS.items()
            ],
            "page": page,
            "rows": rows,
            "ticks": ticks,
            "heads": columns.heads(),
        },
    )


def _found(rows: QuerySet[Any], shown: str, text: str, units: list[int] | None = None) -> QuerySet[Any]:
    """The enrolments, or the measures recorded, of the people searched for, and of those then in the units."""
    path = "enrolment__" if shown == RECORDED else ""
    if units is not None:
        then = "on" if shown == OF_YEARS else f"{path}training_class__start_date"
        rows = with_post_on(rows, F(then), official=f"{path}official").filter(post_then__unit__in=units)
    if shown == OF_YEARS:
        return people_found(rows, text).select_related("official")
    if text:
        named = people_found(Enrolment.objects.all(), text)
        rows = rows.filter(**{f"{path or 'pk'}".removesuffix("__") + "__in": named.values("pk")})
    return rows.select_related(f"{path}official", f"{path}training_class__programme")


def _placed(rows: Iterable[Any], shown: str) -> list[Any]:
    """The rows, each with post and unit at the class where it is about one."""
    listed = list(rows)
    if shown == OF_YEARS:
        return listed
    keys = {row.pk: row.enrolment_id if shown == RECORDED else row.pk for row in listed}
    places = places_of(keys.values())
    for row in listed:
        row.place = places.get(keys[row.pk], "")
    return listed


@permission_needed("courses.add_trainingmeasure")
def measure_record(request: HttpRequest) -> HttpResponse:
    """One decision about those ticked: whom it will name; a POST records it."""
    user, shown = account(request), request.GET.get(LIST, REWARDS)
    if shown not in (REWARDS, FAULTS):
        raise BadRequest("Không có danh sách đó. Hãy quay lại trang Khen thưởng, xử lý.")
    ticks, is_reward = _ticks_of(request, shown), shown == REWARDS

    def plan() -> Plan:
        turns = _found(enrolments_visible_to(user).filter(pk__in=ticks.numbers), shown, "")
        rows = _placed(turns.order_by("official__name_order", "pk"), shown)
        due = (to_reward if is_reward else to_answer)(Enrolment.objects.filter(pk__in=[row.pk for row in rows]))
        still = set(due.values_list("pk", flat=True))
        return Plan([_line(row, is_due=row.pk in still) for row in rows], of={row.pk: row for row in rows})

    def form(shown: Plan) -> MeasureForm:
        initial = {"on": working_day(request), "reason": "Đạt loại giỏi" if is_reward else ""}
        return MeasureForm(request.POST or None, is_reward=is_reward, initial=initial)

    def write(shown: Plan, filled: Any) -> str:
        done = record_measures([shown.of[line.key] for line in shown.done], **filled.cleaned_data, by=user)
        ticks.clear()
        return f"Đã ghi “{done[0].get_kind_display()}” cho {len(done)} lượt học."

    return act(
        request,
        plan,
        write,
        form=form,
        title="Khen thưởng: một quyết định cho nhiều người" if is_reward else "Xử lý: một quyết định cho nhiều người",
        verb="Ghi khen thưởng" if is_reward else "Ghi xử lý",
        what="lượt học",
        says="Kết quả",
        back=reverse("courses:measure-list") + kept(request),
    )


def _line(row: Any, *, is_due: bool) -> Line:
    told = f"{_result(row)}, lớp {row.training_class.code}"
    return Line(
        row.pk, str(row.official), row.place, told, why_not="" if is_due else "Đã có quyết định, hoặc kết quả đã đổi"
    )
