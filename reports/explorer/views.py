"""The rate explorer: rows × columns on one side or two, on screen and as a file; the people of a cell and who moved.

All of it is in the address: `theo` and `cot` (names of ROWS, COLUMNS), `ngay` and `chuan` (codes of texts), the other
side `so_ngay` and `so_chuan`, `huyen`, `don_vi`. A cell is `hang` and `o` (codes of its row and column).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import appointments_visible_to, names_of_scope
from cadres.evaluation import LevelSets, Rulebook, Verdict, counted_dimensions
from cadres.models import JUDGED_GROUPS, Appointment, Dimension, Official, PositionGroup, Qualification, Standard
from cadres.posts import year_ends_with_data
from cadres.rate import NOBODY, Rate
from cadres.web.addresses import kept
from cadres.web.day import DAY, criterion_of, parse_day, somebody_counts, working_day
from cadres.web.downloads import download_table
from cadres.web.paging import shown_page
from cadres.web.paper import notes_over, scope_told
from cadres.web.permissions import account, permission_needed
from cadres.web.tables import Cell, Table
from cadres.web.units import UNITS_ON, units_asked, units_context
from reports.charts import LineChart, chart_of_days
from reports.explorer.crossing import (
    COLUMNS,
    ROWS,
    YEARS,
    Crossed,
    Side,
    crossed,
    crossed_by_years,
    divided_on,
    people_in,
    side_by_side,
)
from reports.explorer.happening import Row
from reports.explorer.moving import Flow, Told, flows, people_of, told_of
from reports.movements import UNMET, Settled, gains, posts_of, records_of
from reports.rates import DIMENSION, Group
from reports.views.rates import (
    DISTRICT,
    FILTER_OF,
    GROUPING,
    district_asked_for,
    districts_visible,
    titles_on,
    units_in_district,
)

COLUMN, TEXTS, OTHER_DAY, OTHER_TEXTS = "cot", "chuan", "so_ngay", "so_chuan"
ROW, CELL, RESULT, WAY, SIDE = "hang", "o", "ket_qua", "viec", "ben"
MOST_COLUMNS = 40  # more are not read on a screen, nor on paper
YEARS_SHOWN = 6
STEP_OF_HEAT = 10  # percent


@dataclass(frozen=True)
class Figure:
    """A cell as it is shown: the rate of the side, that of the other side where there is one, and where they lead."""

    rate: Rate
    other: Rate | None
    people: dict[str, Any] | None  # the filters of the official list; None where it cannot judge by these texts
    address: dict[str, Any]  # the cell in the explorer's own address

    @property
    def heat(self) -> int | None:
        """0 to 9, by tens of percent; None where nobody is in the cell."""
        return None if self.rate.percent is None else min(int(self.rate.percent) // STEP_OF_HEAT, 9)

    @property
    def points(self) -> Any:
        """How many points the rate lies above that of the other side; None where either has nobody."""
        if self.other is None or self.rate.percent is None or self.other.percent is None:
            return None
        return self.rate.percent - self.other.percent


class Asked:
    """What the address asks for. Raises BadRequest, in words, for what is not offered."""

    def __init__(self, request: HttpRequest) -> None:
        self.user, self.request = account(request), request
        self.criterion, self.rulebook = criterion_of(request), Rulebook.load()
        self.row = request.GET.get(GROUPING, "district")
        self.column = request.GET.get(COLUMN) or ("zone" if self.row != "zone" else "group")
        for name, offered in ((self.row, ROWS), (self.column, COLUMNS)):
            if name not in offered:
                raise BadRequest(f"Không có cách chia “{name}”. Hãy chọn lại ở trang Khám phá tỷ lệ.")
        if self.row == self.column:
            raise BadRequest("Hàng và cột đang chia theo cùng một cách. Hãy chọn cột khác.")
        self.offered_texts = [
            standard
            for standard in self.rulebook.standards
            if standard.over_id is None and standard.position_group in JUDGED_GROUPS
        ]
        self.side = Side(working_day(request), self._texts(TEXTS))
        other_day = request.GET.get(OTHER_DAY)
        other = Side(parse_day(other_day) if other_day else self.side.day, self._texts(OTHER_TEXTS))
        self.is_supposed = any(request.GET.getlist(TEXTS))
        # The same day by the same texts says nothing; nor has a table of years another side.
        has_other = bool(other_day or other.standards) and other != self.side and self.column != YEARS
        self.other = other if has_other else None
        self.units = units_asked(request)
        self.districts = districts_visible(self.user, self.side.day, self.units)
        self.district = district_asked_for(request, self.districts)
        self.by: dict[str, Any] = {"criterion": self.criterion, "in_scope": self.in_scope, "rulebook": self.rulebook}

    def _texts(self, word: str) -> tuple[Standard, ...]:
        by_code = {standard.code: standard for standard in self.offered_texts}
        codes = list(filter(None, self.request.GET.getlist(word)))
        if unknown := next((code for code in codes if code not in by_code), None):
            raise BadRequest(f"Không có văn bản tiêu chuẩn “{unknown}”. Hãy chọn lại ở trang Khám phá tỷ lệ.")
        texts = tuple(by_code[code] for code in dict.fromkeys(codes))
        if len({text.position_group for text in texts}) < len(texts):
            raise BadRequest("Mỗi nhóm chức danh chỉ chọn được một văn bản tiêu chuẩn. Hãy bỏ bớt.")
        return texts

    def in_scope(self, day: date) -> QuerySet[Appointment]:
        posts = appointments_visible_to(self.user, day)
        if not self.district:
            return posts
        return posts.filter(unit__in=units_in_district(self.district, day, self.units))

    @property
    def cell(self) -> tuple[str, str] | None:
        """The codes of row and column that the address names; None where it names none."""
        if ROW not in self.request.GET or CELL not in self.request.GET:
            return None
        return self.request.GET[ROW], self.request.GET[CELL]

    @property
    def has_flows(self) -> bool:
        """By dimension a person stands in several cells: nobody moves from one to another."""
        return self.other is not None and DIMENSION not in (self.row, self.column)

    def table(self) -> Crossed:
        """That of the side. Raises BadRequest for too many columns."""
        if self.column == YEARS:
            days = sorted({*year_ends_with_data(self.side.day)[-YEARS_SHOWN:], self.side.day})
            return crossed_by_years(days, self.row, standards=self.side.standards, units=self.units, **self.by)
        found = crossed(self.side, self.row, self.column, units=self.units, **self.by)
        if len(found.columns) > MOST_COLUMNS:
            raise BadRequest(
                f"Bảng có {len(found.columns)} cột, nhiều nhất được {MOST_COLUMNS}. "
                "Hãy chọn cách chia này làm hàng, hoặc chọn một đơn vị ở “Trong đơn vị”."
            )
        return found

    def other_table(self) -> Crossed | None:
        """That of the other side, where one is asked for."""
        return crossed(self.other, self.row, self.column, units=self.units, **self.by) if self.other else None

    def people(self, row: str | None, column: str | None) -> dict[str, Any] | None:
        """The filters of the official list behind a cell, a sum (None: all of them); None where it cannot show them."""
        if self.is_supposed or (self.column == YEARS and column is None):
            return None
        where: dict[str, Any] = {DISTRICT: self.district.code} if self.district else {}
        where[DAY] = column if self.column == YEARS else self.side.day
        if self.units:
            where[UNITS_ON] = self.units.day
        # A district of the rows is within the one asked for, if any.
        for by, code in ((self.row, row), (self.column, column)):
            if by != YEARS and code is not None:
                where[FILTER_OF[by]] = code
        return where


@permission_needed("cadres.view_official")
@require_safe
def explorer(request: HttpRequest) -> HttpResponse:
    """The table of the address, with each cell as a link to its people; a row over the years as a line too."""
    asked = Asked(request)
    found, other = asked.table(), asked.other_table()
    rows, columns = side_by_side([found, other] if other else [found])
    if any(rate.total for rate in found.cells.values()):
        somebody_counts(request)
    texts = asked.rulebook.standards_on(asked.side.day, asked.side.standards)
    return render(
        request,
        "reports/explorer/explorer.html",
        {
            **_head(asked),
            "columns": columns,
            "rows": [
                (row, _figures(asked, found, other, row.code, [column.code for column in columns])) for row in rows
            ],
            "sums": _sums(asked, found, other, columns),
            "has_row_sums": found.has_row_sums,
            "chart": _chart(asked, found) if asked.column == YEARS else None,
            "chart_of": next((row for row in rows if row.code == request.GET.get(ROW)), None),
            "is_by_years": asked.column == YEARS,
            "groups_without_standard": [PositionGroup(group) for group in JUDGED_GROUPS if group not in texts],
        },
    )


def _head(asked: Asked) -> dict[str, Any]:
    """What the pages say of what is asked for, and offer instead."""
    titles = titles_on(asked.units.day if asked.units else asked.side.day)
    return {
        "title": "Khám phá tỷ lệ",
        "day": asked.side.day,
        "criterion": asked.criterion,
        "side": asked.side,
        "other": asked.other,
        "has_flows": asked.has_flows,
        "by": asked.row,
        "column_by": asked.column,
        "row_title": titles[asked.row],
        "column_title": titles.get(asked.column, "Các năm"),
        "row_titles": {name: titles[name] for name in ROWS},
        "column_titles": {name: titles.get(name, "Các năm") for name in COLUMNS},
        "texts": [
            (PositionGroup(group), [text for text in asked.offered_texts if text.position_group == group])
            for group in JUDGED_GROUPS
        ],
        "chosen": {text.code for text in asked.side.standards},
        "other_chosen": set(filter(None, asked.request.GET.getlist(OTHER_TEXTS))),
        "district": asked.district,
        "districts": asked.districts,
        "scope_names": names_of_scope(asked.user, asked.side.day),
        **units_context(asked.request),
    }


def _figure(asked: Asked, rate: Rate, other: Rate | None, row: str | None, column: str | None) -> Figure:
    return Figure(rate, other, asked.people(row, column), {ROW: row, CELL: column} if row and column else {})


def _figures(
    asked: Asked, found: Crossed, other: Crossed | None, row: str, columns: Sequence[str]
) -> tuple[list[Figure], Figure | None]:
    """The cells of a row, and its sum where it has one."""
    cells = [
        _figure(asked, found.cell(row, column), other.cell(row, column) if other else None, row, column)
        for column in columns
    ]
    across = found.of_row(row)
    if across is None:
        return cells, None
    return cells, _figure(asked, across, other.of_row(row) if other else None, row, None)


def _sums(
    asked: Asked, found: Crossed, other: Crossed | None, columns: Iterable[Group]
) -> tuple[list[Figure], Figure | None] | None:
    """The last row; None where the rows are not of different people."""
    if not found.has_column_sums:
        return None
    cells = [
        _figure(
            asked,
            found.of_column(column.code) or NOBODY,
            other.of_column(column.code) if other else None,
            None,
            column.code,
        )
        for column in columns
    ]
    total = found.total
    return cells, None if total is None else _figure(asked, total, other.total if other else None, None, None)


def _chart(asked: Asked, found: Crossed) -> LineChart:
    """The course of the row that the address names, else of everybody; by dimension of nobody."""
    row = asked.request.GET.get(ROW)
    days = [date.fromisoformat(column.code) for column in found.columns]
    rates = [
        found.cell(row, column.code) if row else found.of_column(column.code) or NOBODY for column in found.columns
    ]
    course = ((day, rate.percent) for day, rate in zip(days, rates, strict=True))
    return chart_of_days(course, lambda day: kept(asked.request, **{DAY: day}))


@permission_needed("cadres.view_official")
@require_safe
def explorer_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """What the page shows, as a workbook or as comma-separated text. 404 for another type of file."""
    asked = Asked(request)
    found, other = asked.table(), asked.other_table()
    rows, columns = side_by_side([found, other] if other else [found])
    head, texts = _head(asked), asked.rulebook.standards_on(asked.side.day, asked.side.standards).values()
    codes = [column.code for column in columns]
    told = [(row.name, _figures(asked, found, other, row.code, codes)) for row in rows]
    if sums := _sums(asked, found, other, columns):
        told.append(("Cộng", sums))
    names = [column.name for column in columns] + (["Cộng"] if found.has_row_sums else [])
    each = ["người", "đạt", "%", *(["% bên so", "chênh (điểm)"] if other else [])]
    table = Table(
        title="TỶ LỆ CÁN BỘ, CÔNG CHỨC CẤP XÃ ĐẠT CHUẨN THEO HAI CÁCH CHIA",
        notes=[
            *notes_over(
                scope_told(head["scope_names"], asked.district),
                f"Số liệu ngày {asked.side.day:%d/%m/%Y}",
                asked.criterion,
            ),
            *([f"Đơn vị ngày {asked.units.day:%d/%m/%Y}."] if asked.units else []),
            f"{'Giả định theo' if asked.is_supposed else 'Căn cứ'}: "
            f"{'; '.join(text.legal_basis for text in texts) or 'chưa có văn bản'}.",
            *([f"So với: {told_side(asked.other)}."] if asked.other else []),
        ],
        columns=["STT", head["row_title"], *(f"{name}: {what}" for name in names for what in each)],
        rows=[
            [number if name != "Cộng" else "", name, *(value for figure in _all(cells) for value in _values(figure))]
            for number, (name, cells) in enumerate(told, start=1)
        ],
        sheet="Khám phá tỷ lệ",
    )
    return download_table(request, table, f"kham-pha-ty-le-{asked.side.day}", file_type)


def told_side(side: Side) -> str:
    """A side in words: its day, and the texts that are supposed to judge on it."""
    texts = "; ".join(text.legal_basis for text in side.standards)
    return f"ngày {side.day:%d/%m/%Y}" + (f", giả định theo {texts}" if texts else "")


def _all(cells: tuple[list[Figure], Figure | None]) -> list[Figure]:
    return [*cells[0], *([cells[1]] if cells[1] else [])]


def _values(figure: Figure) -> list[Cell]:
    values: list[Cell] = [figure.rate.total, figure.rate.compliant, figure.rate.percent]
    return values if figure.other is None else [*values, figure.other.percent, figure.points]


# ---------------------------------------------------------------- people of a cell


@permission_needed("cadres.view_official")
@require_safe
def explorer_people(request: HttpRequest) -> HttpResponse:
    """Who is in a cell by texts that are supposed, or what happened in a cell between the sides, by name.

    `?viec=` the number of a step of what is told; `?ket_qua=` a verdict. Raises BadRequest without a cell.
    """
    asked = Asked(request)
    if asked.cell is None:
        raise BadRequest("Chưa chọn ô nào. Hãy bấm vào một ô ở trang Khám phá tỷ lệ.")
    told: list[Told] = []
    chosen: int | None = None
    if asked.other and asked.has_flows:
        told = told_of(asked.cell, _flows(asked, asked.other))
        chosen = _chosen(request, told)
        keys = people_of(told if chosen is None else [told[chosen]])
    else:
        keys = _of_cell(asked, asked.cell, request.GET.get(RESULT, ""))
    people = Official.objects.filter(pk__in=keys).order_by("name_order", "pk").values_list("pk", flat=True)
    page = shown_page(request, list(people))
    found = asked.table()
    tables = [found] if asked.cell in found.cells else [found, asked.other_table()]  # the cell of one that is gone
    return render(
        request,
        "reports/explorer/people.html",
        {
            **_head(asked),
            "title": "Người trong ô",
            "told": list(enumerate(told)),
            "chosen": chosen,
            "row": _named([group for table in tables if table for group in table.rows], asked.cell[0]),
            "column": _named([group for table in tables if table for group in table.columns], asked.cell[1]),
            "rate": found.cell(*asked.cell),
            "difference": sum(one.difference for one in told),
            "page": page,
            "rows": _rows(asked, list(page.object_list)),
            "result": dict(Verdict.choices).get(request.GET.get(RESULT, "")),
        },
    )


def _named(groups: Iterable[Group], code: str) -> str:
    return next((group.name for group in groups if group.code == code), code)


def _flows(asked: Asked, other: Side) -> list[Flow]:
    return flows(other, asked.side, asked.row, asked.column, units=asked.units, **asked.by)


def _chosen(request: HttpRequest, told: Sequence[Told]) -> int | None:
    text = request.GET.get(WAY, "")
    if not text:
        return None
    if not text.isdecimal() or int(text) >= len(told):
        raise BadRequest("Việc đã chọn không còn trong ô này. Hãy bấm lại ở trang này.")
    return int(text)


def _of_cell(asked: Asked, cell: tuple[str, str], verdict: str) -> list[int]:
    """The officials of a cell of the side, or of those with the verdict."""
    if DIMENSION in (asked.row, asked.column) or asked.column == YEARS:
        raise BadRequest("Danh sách theo văn bản giả định chỉ có khi hàng và cột không chia theo mặt hay theo năm.")
    divided = divided_on(asked.side, (asked.row, asked.column), units=asked.units, **asked.by)
    return people_in(cell, divided, verdict=verdict)


def _rows(asked: Asked, keys: list[int]) -> list[Row]:
    """The people of a page, in their order, as they stand on both sides."""
    by: dict[str, Any] = {"criterion": asked.criterion, "rulebook": asked.rulebook}
    officials = Official.objects.in_bulk(keys)
    after = posts_of(keys, asked.side.day, standards=asked.side.standards, **by)
    before = posts_of(keys, asked.other.day, standards=asked.other.standards, **by) if asked.other else {}
    levels = _levels(asked, asked.side)
    levels_before = _levels(asked, asked.other) if asked.other else levels
    settled = _settled(asked, [key for key in keys if key in before and key in after])
    texts = {text.pk: text for text in asked.rulebook.standards}
    return [
        Row(
            official=officials[key],
            before=before.get(key),
            after=after.get(key),
            lacked=_unmet(before.get(key), *levels_before),
            lacking=_unmet(after.get(key), *levels),
            settled=settled.get(key, []),
            texts=texts,
        )
        for key in keys
    ]


def _settled(asked: Asked, keys: list[int]) -> dict[int, list[tuple[Settled, Qualification | None]]]:
    """What settled the dimensions that the people, who stand on both sides, lacked on the other side only."""
    if asked.other is None:
        return {}
    sides, texts = (asked.other, asked.side), (asked.other.standards, asked.side.standards)
    found = gains(keys, *(side.day for side in sides), criterion=asked.criterion, rulebook=asked.rulebook, texts=texts)
    records = records_of(item.record for gain in found.values() for item in gain.settled if item.record)
    return {key: [(item, records.get(item.record or 0)) for item in gain.settled] for key, gain in found.items()}


def _levels(asked: Asked, side: Side) -> tuple[LevelSets, list[Dimension]]:
    dimensions = counted_dimensions(asked.criterion, asked.rulebook.dimensions_asked(side.day, side.standards))
    return asked.rulebook.level_sets(side.day, side.standards), dimensions


def _unmet(post: Any, levels: LevelSets, dimensions: Iterable[Dimension]) -> list[Dimension]:
    return [one for one in dimensions if levels.verdict(post, one) in UNMET] if post else []
