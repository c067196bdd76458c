"""The rate by any grouping, on screen and as a file."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import appointments_visible_to, names_of_scope, unit_versions_in_scope
from cadres.correspondence import Correspondence
from cadres.evaluation import Rulebook
from cadres.models import JUDGED_GROUPS, PositionGroup, User
from cadres.places import title_above, title_above_on
from cadres.posts import units_below
from cadres.rate import Rate
from cadres.standards.checking import compared_on, note_of
from cadres.web.day import criterion_of, somebody_counts, working_day
from cadres.web.downloads import download_table
from cadres.web.paper import notes_over, scope_told
from cadres.web.permissions import account, permission_needed
from cadres.web.tables import Table
from cadres.web.units import units_asked, units_context
from reports.rates import BESIDE, DIMENSION, FORMER_DISTRICT, GROUPINGS, OFFERED, GroupRate, rates_by, uncounted_on

GROUPING = "theo"
DISTRICT = "huyen"
# The filter of the official list that shows one group of a grouping.
FILTER_OF = {
    "district": "huyen",
    "commune": "xa",
    "zone": "khu_vuc",
    "position": "chuc_danh",
    "group": "nhom",
    "sex": "gioi_tinh",
    "ethnic": "dan_toc",
    "age": "tuoi",
    DIMENSION: "mat",
    FORMER_DISTRICT: "huyen_cu",
}
TITLES = {by: GROUPINGS[by].title for by in GROUPINGS} | {DIMENSION: "Mặt tiêu chuẩn"}


@dataclass(frozen=True)
class Row:
    """One group with the filters of the official list that show its people."""

    group: GroupRate
    where: dict[str, Any]


@permission_needed("cadres.view_official")
@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/rates.html", _rates(request))


@permission_needed("cadres.view_official")
@require_safe
def rates_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """What the page shows, as a workbook or as comma-separated text. 404 for another type of file."""
    page = _rates(request)
    groups: list[tuple[str, Rate]] = [(row.group.name, row.group.rate) for row in page["rows"]]
    if page["total"] is not None:
        groups.append(("Cộng", page["total"]))
    table = Table(
        title="TỶ LỆ CÁN BỘ, CÔNG CHỨC CẤP XÃ ĐẠT CHUẨN",
        notes=[
            *notes_over(
                scope_told(page["scope_names"], page["district"]),
                f"Số liệu ngày {page['day']:%d/%m/%Y}",
                page["criterion"],
            ),
            *([f"Đơn vị ngày {page['units_day']:%d/%m/%Y}."] if page["units_day"] else []),
            f"Căn cứ: {'; '.join(standard.legal_basis for standard in page['standards']) or 'chưa có văn bản'}.",
            *(
                f"Không nằm trong tổng số: {one.people} {one.group.label.lower()} ({', '.join(one.titles)})."
                for one in page["uncounted"]
            ),
            *filter(None, [note_of(page["compared"])]),
            *(f"{row.group.name}: {row.group.note}." for row in page["rows"] if row.group.note),
        ],
        columns=["STT", page["by_title"], "Tổng số", "Đạt", "Chưa đạt", "Chưa đủ dữ liệu", "Tỷ lệ đạt (%)"],
        rows=[
            [
                "" if name == "Cộng" else number,
                name,
                rate.total,
                rate.compliant,
                rate.not_compliant,
                rate.undetermined,
                rate.percent,
            ]
            for number, (name, rate) in enumerate(groups, start=1)
        ],
        sheet="Tỷ lệ",
    )
    return download_table(request, table, f"ty-le-dat-chuan-{page['day']}", file_type)


def _rates(request: HttpRequest) -> dict[str, Any]:
    """What page and file show. Raises BadRequest for an unknown grouping, or a district out of scope."""
    user = account(request)
    day, criterion = working_day(request), criterion_of(request)
    by = request.GET.get(GROUPING, "district")
    if by not in OFFERED:
        raise BadRequest(f"Không có cách chia “{by}”. Hãy chọn lại ở trang Tỷ lệ đạt chuẩn.")
    units = units_asked(request)
    districts = districts_visible(user, day, units)
    titles = TITLES | {"district": title_above_on(units.day) if units else title_above(one.kind for one in districts)}
    if titles["district"] != TITLES["district"] or by == FORMER_DISTRICT:
        titles |= {name: grouping.title for name, grouping in BESIDE.items()}
    district = district_asked_for(request, districts)
    appointments = appointments_visible_to(user, day)
    if district:
        appointments = appointments.filter(unit__in=units_in_district(district, day, units))
    rulebook = Rulebook.load()
    groups = rates_by(by, day=day, criterion=criterion, appointments=appointments, rulebook=rulebook, units=units)
    if any(group.rate.total for group in groups):
        somebody_counts(request)
    within = {DISTRICT: district.code} if district else {}
    standards = rulebook.standards_on(day)
    return {
        "title": "Tỷ lệ đạt chuẩn",
        "day": day,
        "criterion": criterion,
        "by": by,
        "by_title": titles[by],
        "groupings": titles,
        "district": district,
        "districts": districts,
        "rows": [Row(group, within | {FILTER_OF[by]: group.code}) for group in groups],
        # By dimension a person is counted once for each requirement, so the groups do not add up to people.
        "total": None if by == DIMENSION else sum((group.rate for group in groups), Rate()),
        "within": within,
        "standards": list(standards.values()),
        "groups_without_standard": [PositionGroup(group) for group in JUDGED_GROUPS if group not in standards],
        "uncounted": uncounted_on(day, criterion=criterion, appointments=appointments, rulebook=rulebook),
        "compared": compared_on(day),
        "scope_names": names_of_scope(user, day),
        **units_context(request),
    }


def titles_on(day: date) -> dict[str, str]:
    """Grouping → what it is called on the day: the units above communes are districts only until 30/6/2025."""
    return TITLES | {"district": title_above_on(day)}


def districts_visible(user: User, day: date, units: Correspondence | None = None) -> Collection[Any]:
    """The units above the communes that the account sees on the day: districts; from 1/7/2025 the province. Where
    `units` of another day are asked for, the places among those above them. Each has a code and a name."""
    in_scope = unit_versions_in_scope(user)
    if units is None:
        return list(in_scope.districts_on(day))
    above = units.places(day, above=True)
    communes = in_scope.as_of(day).communes().values_list("unit", flat=True)
    places = {place.code: place for unit in communes if (place := above.of(unit))}
    return [places[code] for code in sorted(places)]


def units_in_district(district: Any, day: date, units: Correspondence | None = None) -> Any:
    """The keys of the units of the day in one of `districts_visible`."""
    return units.places(day, above=True).units_in([district.code]) if units else units_below(district.unit, day)


def district_asked_for(request: HttpRequest, districts: Iterable[Any], word: str = DISTRICT) -> Any:
    """The one of `districts_visible` that the address names; None where it names none. Raises BadRequest for others."""
    code = request.GET.get(word)
    if not code:
        return None
    for district in districts:
        if district.code == code:
            return district
    raise BadRequest(
        f"Vào ngày đang xem không có đơn vị mã “{code}” trong phạm vi của tài khoản. "
        "Hãy chọn ngày khác hoặc đơn vị khác."
    )
