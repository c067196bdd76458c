"""What training did in a period: the figures by group, on screen and as files, and the official form Mẫu số 1."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import names_of_scope
from cadres.places import title_above_on
from cadres.web.day import working_day
from cadres.web.downloads import download_table
from cadres.web.paper import notes_over, scope_told
from cadres.web.permissions import account, permission_needed
from cadres.web.tables import Cell, Table
from cadres.web.units import units_offered
from courses.models import FundingSource, Programme
from reports.training import (
    INTERMEDIATE,
    SOURCE,
    TRAINING_TITLES,
    UNIVERSITY,
    InPlaces,
    Money,
    Report,
    TrainingFigures,
    TrainingGroup,
    training,
)
from reports.views.rates import DISTRICT, GROUPING, district_asked_for, districts_visible
from reports.views.training_address import FILTER_OF, KIND, Asked, address, asked_for, turns_address
from reports.views.training_lists import AS_PEOPLE, OF_NOBODY

YEARS_OFFERED = 6


@dataclass(frozen=True)
class Row:
    """One group with its figures, and the addresses of what is behind them."""

    group: TrainingGroup
    turns: str
    people: str
    classes: str
    by_kind: list[tuple[int, str]]
    is_open: bool = False  # a district whose communes can be looked at


@permission_needed("cadres.view_official")
@permission_needed("courses.view_enrolment")
@require_safe
def training_report(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/training.html", _report(request))


@permission_needed("cadres.view_official")
@permission_needed("courses.view_enrolment")
@require_safe
def training_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """The table of the page as a workbook or as comma-separated text. 404 for another type of file."""
    page = _report(request)
    report: Report = page["report"]
    sees_money = page["sees_money"]
    counts = ["Lượt", *(kind.label for kind in page["kinds"]), "Người"] if report.by != SOURCE else []
    money = [*(source.label for source in FundingSource), "Kinh phí"] if sees_money else []

    def row(number: Cell, name: str, figures: TrainingFigures) -> list[Cell]:
        kinds = [getattr(figures, kind.value) for kind in page["kinds"]]
        counted = [figures.turns, *kinds, figures.persons] if report.by != SOURCE else []
        return [number, name, *counted, *(_amounts(figures.money) if sees_money else [])]

    rows = [row(number, _name(group), group.figures) for number, group in enumerate(report.groups, start=1)]
    if report.unshared.total and sees_money:
        rows.append(row("", "Lớp không ai hoàn thành", TrainingFigures(money=report.unshared)))
    table = Table(
        title="KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG CÁN BỘ, CÔNG CHỨC CẤP XÃ",
        notes=_notes(page, "Kinh phí: đồng, theo số đã quyết toán." if sees_money else ""),
        columns=["STT", page["by_title"], *counts, *money],
        rows=[*rows, row("", "Cộng", report.whole)],
        sheet="Kết quả đào tạo",
    )
    return download_table(request, table, f"ket-qua-dao-tao-{report.start}-{report.end}", file_type)


def _report(request: HttpRequest) -> dict[str, Any]:
    """What page and file show. Raises BadRequest for a wrong period, kind, grouping or district."""
    asked, scope = asked_for(request), _scope(request)
    sees_money, district = _sees_money(request), scope["district"]
    titles = TRAINING_TITLES | {"district": title_above_on(asked.units.day if asked.units else asked.end)}
    offered = {by: title for by, title in titles.items() if by != SOURCE or sees_money}
    by = request.GET.get(GROUPING, "kind")
    if by not in offered:
        raise BadRequest(f"Không có cách chia “{by}”. Hãy chọn lại ở trang Kết quả đào tạo.")
    report = training(
        asked.start,
        asked.end,
        by=by,
        kind=asked.kind,
        enrolments=asked.enrolments,
        units=asked.units,
        **_within(asked, district),
    )
    within = asked.period | ({DISTRICT: district.code} if district else {})
    kinds = [] if by in ("kind", SOURCE) or asked.kind else list(Programme.Kind)
    whole = TrainingGroup("", "Cộng", figures=report.whole)
    certificate = Programme.Kind.CERTIFICATE.value
    has_certificates = asked.kind in (None, certificate)
    return scope | {
        "title": "Kết quả đào tạo, bồi dưỡng",
        "asked": asked,
        "report": report,
        "by": by,
        "by_title": titles[by],
        "groupings": offered,
        "kinds": kinds,
        "all_kinds": Programme.Kind,
        "sources": list(FundingSource),
        "rows": [_row(group, by, within, kinds, districts=scope["districts"]) for group in report.groups],
        "total": _row(whole, "", within, kinds),
        "most": max((group.figures.turns for group in report.groups), default=0),
        "highlights": [
            (
                report.highlights.university,
                "người đạt đại học, cao đẳng",
                turns_address(within, ket_qua=",".join(UNIVERSITY)),
            ),
            (
                report.highlights.intermediate,
                "người đạt trung cấp chuyên môn, lý luận chính trị",
                turns_address(within, ket_qua=",".join(INTERMEDIATE)),
            ),
            *(
                (number, words, turns_address(within, **{KIND: certificate}, **where) if has_certificates else "")
                for number, words, where in (
                    (report.highlights.key_certificates, "lượt bồi dưỡng chức danh chủ chốt", {"phan_nhom": "key"}),
                    (report.highlights.servant_certificates, "lượt bồi dưỡng công chức", {"nhom": "civil_servant"}),
                )
            ),
        ],
        "unshared": address("reports:training-classes", within, **{OF_NOBODY: "1"}),
        "sees_money": sees_money,
        "shortcuts": _shortcuts(working_day(request)),
        "within": within,
        "units_day": asked.units.day if asked.units else None,
        "units_offered": partial(units_offered, working_day(request)),
    }


def _row(
    group: TrainingGroup,
    by: str,
    within: dict[str, str],
    kinds: Iterable[Programme.Kind],
    districts: Iterable[Any] = (),
) -> Row:
    where = {FILTER_OF[by]: group.key} if by in FILTER_OF else {SOURCE: group.code} if by == SOURCE else {}
    return Row(
        group=group,
        turns=turns_address(within, **where),
        people=turns_address(within, **where, **{AS_PEOPLE: "nguoi"}),
        classes=address("reports:training-classes", within, **where),
        by_kind=[
            (getattr(group.figures, kind.value), turns_address(within, **where, **{KIND: kind.value})) for kind in kinds
        ],
        is_open=by == "district" and any(district.code == group.key for district in districts),
    )


def _shortcuts(day: date) -> list[tuple[str, date, date]]:
    """Periods offered: the year of the day and those before it, and all of them together."""
    first = day.year - YEARS_OFFERED + 1
    years = [(str(year), date(year, 1, 1), date(year, 12, 31)) for year in range(day.year, first - 1, -1)]
    return [*years, (f"{first}–{day.year}", date(first, 1, 1), date(day.year, 12, 31))]


def _within(asked: Asked, district: Any) -> dict[str, Any]:
    """What keeps the turns of a district (one of `districts_visible`); nothing where none is asked for."""
    if district is None:
        return {}
    return {"places": InPlaces(asked.units, "district", [district.code])} if asked.units else {"unit": district.unit}


def _scope(request: HttpRequest) -> dict[str, Any]:
    """The districts that the account sees at the end of the period, the one asked for, and what it all is called."""
    user, asked = account(request), asked_for(request)
    end = asked.end
    districts = list(districts_visible(user, end, asked.units))
    district = district_asked_for(request, districts)
    names = names_of_scope(user, end)
    return {
        "districts": districts,
        "district": district,
        "scope_names": names,
        "scope": scope_told(names, district),
    }


def _sees_money(request: HttpRequest) -> bool:
    return request.user.has_perm("courses.view_classfunding")


def _name(group: TrainingGroup) -> str:
    return f"{group.name} ({group.above})" if group.above else group.name


def _amounts(money: Money) -> list[Cell]:
    return [*(getattr(money, source) for source in FundingSource.values), money.total]


def _notes(page: dict[str, Any], more: str = "") -> list[str]:
    asked: Asked = page["asked"]
    kind = f". Loại hình: {Programme.Kind(asked.kind).label.lower()}" if asked.kind else ""
    notes = [
        *notes_over(page["scope"], f"Các lớp kết thúc từ {asked.start:%d/%m/%Y} đến {asked.end:%d/%m/%Y}{kind}"),
        "Lượt: số lần hoàn thành lớp; người: số người khác nhau. Chức danh, đơn vị, khu vực tính vào ngày khai giảng.",
    ]
    if asked.units:
        notes.append(f"Đơn vị ngày khai giảng xếp theo đơn vị ngày {asked.units.day:%d/%m/%Y}.")
        notes += [f"{group.name}: {group.note}." for group in page["report"].groups if group.note]
    return [*notes, more] if more else notes
