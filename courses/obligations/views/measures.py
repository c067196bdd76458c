"""Rewards and measures: who is to be rewarded or answered, one decision about those ticked, and what was recorded.

The words of the address: loai (which list), q (name without diacritics), huyen, huyen_cu, xa (units of the day; of the
post held as the class began, or on the day of a decision about the tiết of a year), sap_xep, cot and tep
(cadres.web.lists).
"""

from dataclasses import replace
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cadres.access import communes_in_scope
from cadres.posts import POST_TOLD, with_post_on
from cadres.search import people_found
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.day import working_day
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import rows_by_keys
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from cadres.web.tags import ngay
from cadres.web.ticks import Ticks, Way
from courses.access import enrolments_visible_to, measures_visible_to, year_measures_visible_to
from courses.documents.people import places_of
from courses.models import Enrolment, TrainingMeasure
from courses.obligations.forms import MeasureForm
from courses.obligations.measures import record_measures, to_answer, to_reward
from courses.turn_columns import turn_columns

LIST = "loai"  # which of the lists, in the address
REWARDS, FAULTS, RECORDED, OF_YEARS = "khen", "xu_ly", "da_ghi", "so_tiet"
TABS = {REWARDS: "Đề nghị khen", FAULTS: "Cần xử lý", RECORDED: "Đã ghi", OF_YEARS: "Chưa đủ số tiết, đã xử lý"}
TITLES = {
    REWARDS: "ĐỀ NGHỊ KHEN THƯỞNG: HỌC LOẠI GIỎI, CHƯA ĐƯỢC KHEN",
    FAULTS: "CẦN XỬ LÝ: TỪ CHỐI, BỎ HỌC, KHÔNG ĐẾN HOẶC KHÔNG ĐẠT",
    RECORDED: "KHEN THƯỞNG, XỬ LÝ ĐÃ GHI",
    OF_YEARS: "XỬ LÝ NGƯỜI CHƯA ĐỦ SỐ TIẾT TRONG NĂM",
}


SAYS = {
    REWARDS: "hoàn thành loại giỏi, chưa được khen; chức danh, đơn vị là của ngày khai giảng",
    FAULTS: "từ chối, bỏ học, không đến hoặc không đạt, chưa xử lý; chức danh, đơn vị là của ngày khai giảng",
    RECORDED: "mới nhất trước; chức danh, đơn vị là của ngày khai giảng",
    OF_YEARS: "mới nhất trước; chức danh, đơn vị là của ngày quyết định",
}


def _result(enrolment: Enrolment) -> str:
    """What is rewarded or answered, as the page says it."""
    if enrolment.grade:
        return enrolment.get_grade_display()
    why = enrolment.get_withdrawal_reason_display() if enrolment.withdrawal_reason else ""
    return f"{enrolment.get_state_display()}, {why.lower()}" if why else enrolment.get_state_display()


class MeasureFilter(PlaceFilters):
    """The filters above the lists: what they offer is what the account may see on the day."""

    BAR = ("huyen", "xa")


def _columns(request: HttpRequest, shown: str) -> Columns:
    """The columns of one of the lists, each as its page and its file say it."""

    def person(row: Any) -> str:
        official = row.enrolment.official_id if shown == RECORDED else row.official_id
        return reverse("cadres:official-detail", args=[official])

    def result(row: Any) -> SafeString:
        if row.grade:
            mark = f" điểm {row.shown_mark}" if row.mark is not None else ""
            return format_html('<span class="tag good">{}</span>{}', row.get_grade_display(), mark)
        told = format_html('<span class="tag bad">{}</span>', row.get_state_display())
        if not row.withdrawal_reason:
            return told
        return format_html("{} {}, {}", told, row.get_withdrawal_reason_display(), ngay(row.withdrawn_on))

    def kind(row: Any) -> SafeString:
        look = "good" if row.kind == TrainingMeasure.Kind.REWARD else "bad"
        return format_html('<span class="tag {}">{}</span>', look, row.get_kind_display())

    turn = turn_columns(request, _path(shown), person=person)
    of_person = (turn.person, turn.position, turn.unit, turn.above)
    of_decision = (
        Column("ngay", "Ngày", ["on"], cell=lambda row: row.on),
        Column("quyet_dinh", "Quyết định", ["decision"], cell=lambda row: row.decision),
        Column("ly_do", "Lý do", ["reason"], cell=lambda row: row.reason, is_long=True),
    )
    hows = Column("hinh_thuc", "Hình thức", ["kind"], cell=lambda row: row.get_kind_display(), page=kind)
    if shown == OF_YEARS:
        hours = Column("so_tiet", "Số tiết", ["hours"], cell=lambda row: f"{row.hours} / {row.least}")
        year = Column("nam", "Năm", ["year"], cell=lambda row: row.year)
        return Columns(
            request, (*of_person, year, hours, hows, *of_decision), default=["-on"], tie=("-pk",), may_choose=True
        )
    of_class = (replace(turn.programme, is_long=shown != RECORDED, is_usual=shown != RECORDED), turn.class_code)
    if shown == RECORDED:
        amount = Column(
            "tien", "Mức thưởng, đồng", ["amount"], cell=lambda row: row.amount, is_number=True, is_usual=False
        )
        of_recorded = (*of_person, *of_class, hows, amount, *of_decision)
        return Columns(request, of_recorded, default=["-on"], tie=("-pk",), may_choose=True)
    of_turns = (
        *of_person,
        *of_class,
        Column("be_giang", "Bế giảng", ["training_class__end_date"], cell=lambda row: row.training_class.end_date),
        Column("ket_qua", "Kết quả", ["state", "withdrawal_reason", "mark"], cell=_result, page=result),
    )
    return Columns(
        request,
        of_turns,
        default=["-training_class__end_date"],
        tie=("official__name_order", "pk"),
        may_choose=True,
        tick=lambda row: (row.pk, f"{row.official.full_name}, lớp {row.training_class.code}"),
    )


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
    enrolments = enrolments_visible_to(user)
    lists: dict[str, QuerySet[Any]] = {
        REWARDS: to_reward(enrolments),
        FAULTS: to_answer(enrolments),
        RECORDED: measures_visible_to(user),
        OF_YEARS: year_measures_visible_to(user),
    }
    columns = _columns(request, shown)
    found = _of_people(lists[shown], shown, filters).order_by(*columns.order)
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
        notes = [*head_of_file(request, filters), f"{SAYS[shown].capitalize()}."]
        return columns.file(request, _told(found, shown), title=TITLES[shown], notes=notes, stem=f"{shown}-dao-tao")
    everywhere = lists[shown].model._default_manager
    page, rows = rows_by_keys(
        request, found, lambda keys: _told(_with_post(everywhere.filter(pk__in=keys), shown), shown)
    )
    if ticks is not None:
        ticks.show(row.pk for row in rows)
    is_narrowed = bool(filters.chips())
    return render(
        request,
        "courses/obligations/measure_list.html",
        {
            "title": "Khen thưởng, xử lý",
            "shown": shown,
            "filters": filters,
            "says": SAYS[shown],
            "what": "quyết định" if shown in (RECORDED, OF_YEARS) else "lượt học",
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
            "columns": columns,
            "heads": columns.heads(),
        },
    )


def _path(shown: str) -> str:
    """The way from a row of the list to the turn, or to the measure for a year."""
    return "enrolment__" if shown == RECORDED else ""


def _with_post(rows: QuerySet[Any], shown: str) -> QuerySet[Any]:
    """The enrolments, or the measures recorded, with the post as the class began, or as the year was decided about."""
    day = "on" if shown == OF_YEARS else f"{_path(shown)}training_class__start_date"
    return with_post_on(rows, F(day), official=f"{_path(shown)}official")


def _of_people(rows: QuerySet[Any], shown: str, filters: MeasureFilter) -> QuerySet[Any]:
    """The rows of the people searched for, and of those then in the units, with the post of then."""
    found = people_found(_with_post(rows, shown), filters.cleaned_data["q"], official=f"{_path(shown)}official")
    units = filters.units_of_any_day()
    return found if units is None else found.filter(post_then__unit__in=units)


def _told(rows: QuerySet[Any], shown: str) -> QuerySet[Any]:
    """Rows of `_with_post` as a line of the list tells of them."""
    of_class = () if shown == OF_YEARS else (f"{_path(shown)}training_class__programme",)
    return rows.annotate(**POST_TOLD).select_related(f"{_path(shown)}official", *of_class)


@permission_needed("courses.add_trainingmeasure")
def measure_record(request: HttpRequest) -> HttpResponse:
    """One decision about those ticked: whom it will name; a POST records it."""
    user, shown = account(request), request.GET.get(LIST, REWARDS)
    if shown not in (REWARDS, FAULTS):
        raise BadRequest("Không có danh sách đó. Hãy quay lại trang Khen thưởng, xử lý.")
    ticks, is_reward = _ticks_of(request, shown), shown == REWARDS

    def plan() -> Plan:
        turns = enrolments_visible_to(user).filter(pk__in=ticks.numbers).select_related("official", "training_class")
        rows: list[Any] = list(turns.order_by("official__name_order", "pk"))
        places = places_of(ticks.numbers)
        due = (to_reward if is_reward else to_answer)(Enrolment.objects.filter(pk__in=[row.pk for row in rows]))
        still = set(due.values_list("pk", flat=True))
        lines = [_line(row, places.get(row.pk, ""), is_due=row.pk in still) for row in rows]
        return Plan(lines, of={row.pk: row for row in rows})

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


def _line(row: Any, place: str, *, is_due: bool) -> Line:
    told = f"{_result(row)}, lớp {row.training_class.code}"
    return Line(
        row.pk, str(row.official), place, told, why_not="" if is_due else "Đã có quyết định, hoặc kết quả đã đổi"
    )
