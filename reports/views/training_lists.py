"""What is behind a figure of training: the turns, the people, or the classes that were paid for."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Count, F, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.models import Official
from cadres.places import title_above_on
from cadres.posts import POST_TOLD
from cadres.search import people_found
from cadres.text import thousands
from cadres.web.addresses import dated, kept
from cadres.web.lists import FILE, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import permission_needed
from cadres.web.units import UNITS_ON
from courses.models import Certificate, ClassFunding, Enrolment, FundingSource, Programme, TrainingClass
from reports.training import (
    OF_CLASSES,
    SOURCE,
    TRAINING_TITLES,
    funding,
    in_group,
    money_of,
    name_of_group,
    of_nobody,
    shared,
    spent,
    turns,
)
from reports.views.rates import DISTRICT
from reports.views.training_address import (
    FILTER_OF,
    FROM,
    KIND,
    TO,
    Asked,
    address,
    asked_for,
    groups_asked,
    turns_address,
)
from reports.views.turn_columns import OF_POSTS, columns_of_people, columns_of_turns

AS_PEOPLE, OF_NOBODY, OF_CLASS = "xem", "khong_luot", "lop"
MOST_ROWS_OF_A_FILE = 50_000


@permission_needed("cadres.view_official")
@permission_needed("courses.view_enrolment")
@require_safe
def training_turns(request: HttpRequest) -> HttpResponse:
    """The turns behind a figure, or the people (`xem=nguoi`); their file. Raises BadRequest where that is too long."""
    asked = asked_for(request)
    found, filters = _filtered(request, asked)
    as_people, text = request.GET.get(AS_PEOPLE) == "nguoi", request.GET.get("q", "").strip()[:100]
    found = people_found(found, text)
    columns = (columns_of_people if as_people else columns_of_turns)(request, dated(request))
    persons = found.order_by().values("official").annotate(turns=Count("pk"))
    told = found.annotate(**POST_TOLD) if columns.by and columns.by.name in OF_POSTS else found
    keys: Any = (persons if as_people else told).order_by(*columns.order)
    keys = keys if as_people else keys.values_list("pk", flat=True)
    counts = found.order_by().aggregate(turns=Count("pk"), persons=Count("official", distinct=True))
    turn_count, person_count = counts["turns"], counts["persons"]
    if FILE in request.GET:
        if turn_count > MOST_ROWS_OF_A_FILE:
            raise BadRequest(
                f"Danh sách dài hơn {thousands(MOST_ROWS_OF_A_FILE)} lượt. Hãy chọn kỳ ngắn hơn hoặc một đơn vị."
            )
        return columns.file(
            request,
            _people(list(keys)) if as_people else _rows(asked, list(keys)),
            title=f"DANH SÁCH {'NGƯỜI CÓ ' if as_people else ''}LƯỢT ĐÀO TẠO, BỒI DƯỠNG",
            notes=[
                *head_of_file(request, is_dated=False),
                f"Các lớp kết thúc từ {asked.start:%d/%m/%Y} đến {asked.end:%d/%m/%Y}.",
                *(f"{title}: {name}." for title, name, _ in filters),
                *([f"Tìm: {text}."] if text else []),
            ],
            stem=f"luot-dao-tao-{asked.start}-{asked.end}",
        )
    page = shown_page(request, keys, many=person_count if as_people else turn_count)
    return render(
        request,
        "reports/training_turns.html",
        {
            "title": "Lượt đào tạo, bồi dưỡng",
            "asked": asked,
            "training_filters": filters,
            "q": text,
            "page": page,
            "as_people": as_people,
            "what": "người" if as_people else "lượt",
            "columns": columns,
            "heads": columns.heads(),
            "rows": _people(list(page.object_list)) if as_people else _rows(asked, list(page.object_list)),
            "turn_count": turn_count,
            "person_count": person_count,
            "back": _back(request),
        },
    )


@permission_needed("courses.view_classfunding")
@permission_needed("courses.view_enrolment")
@require_safe
def training_classes(request: HttpRequest) -> HttpResponse:
    """The classes behind an amount of money, each with its turns counted and its part of the amount."""
    asked = asked_for(request)
    found, filters = _filtered(request, asked)
    everything = turns(asked.start, asked.end, kind=asked.kind)
    is_shared = asked.enrolments is not None or any(by not in OF_CLASSES for by in groups_asked(request))
    if is_shared:
        paying = ClassFunding.objects.filter(spent__gt=0, training_class__in=found.order_by().values("training_class"))
    else:
        paying = funding(asked.start, asked.end, kind=asked.kind)
        for by, keys in groups_asked(request).items():
            paying = in_group(paying, by, keys, end=asked.end, units=asked.units)
        if request.GET.get(OF_NOBODY):
            paying = of_nobody(paying)
            filters.append(("Chỉ lớp", "không ai hoàn thành", kept(request, **{OF_NOBODY: None})))
    if source := request.GET.get(SOURCE):
        if source not in FundingSource.values:
            raise BadRequest(f"Không có nguồn kinh phí “{source}”. Hãy chọn lại ở trang Kết quả đào tạo.")
        paying = paying.filter(source=source)
        filters.append(("Nguồn", FundingSource(source).label, kept(request, **{SOURCE: None})))
    classes = TrainingClass.objects.filter(pk__in=paying.values("training_class")).order_by("-end_date", "code")
    page = shown_page(request, classes.select_related("programme", "institution"))
    shown = [item.pk for item in page.object_list]

    def amounts(keys: list[int] | None) -> Iterable[dict[str, Any]]:
        """The amounts by source; of the classes of these keys each for itself."""
        columns = {} if keys is None else {"of_class": F("training_class")}
        part, whole, own = found, everything, paying
        if keys is not None:
            part, whole, own = (rows.filter(training_class__in=keys) for rows in (part, whole, own))  # type: ignore[assignment]
        rows = shared(part, whole, **columns) if is_shared else spent(own, **columns)
        return rows.filter(source=source) if source and is_shared else rows

    by_class: dict[int, list[dict[str, Any]]] = {}
    for row in amounts(shown):
        by_class.setdefault(row["of_class"], []).append(row)
    counted = dict(
        found.filter(training_class__in=shown)
        .order_by()
        .values("training_class")
        .annotate(turns=Count("pk"))
        .values_list("training_class", "turns")
    )
    return render(
        request,
        "reports/training_classes.html",
        {
            "title": "Kinh phí theo lớp",
            "asked": asked,
            "training_filters": filters,
            "page": page,
            "rows": [
                (
                    item,
                    counted.get(item.pk, 0),
                    turns_address(_within(request), **{OF_CLASS: item.code}),
                    money_of(by_class.get(item.pk, ())),
                )
                for item in page.object_list
            ],
            "money": money_of(amounts(None)),
            "sources": list(FundingSource),
            "is_shared": is_shared,
            "back": _back(request),
        },
    )


def _filtered(request: HttpRequest, asked: Asked) -> tuple[QuerySet[Enrolment], list[tuple[str, str, str]]]:
    """The turns that the address means, and its filters: title, value, address without it."""
    found, filters = asked.turns(), []
    titles = TRAINING_TITLES | {"district": title_above_on(asked.units.day if asked.units else asked.end)}
    if asked.kind:
        filters.append(("Loại hình", Programme.Kind(asked.kind).label, kept(request, **{KIND: None})))
    for by, keys in groups_asked(request).items():
        found = in_group(found, by, keys, end=asked.end, units=asked.units)
        names = ", ".join(name_of_group(by, key, end=asked.end, units=asked.units) for key in keys)
        filters.append((titles[by], names, kept(request, **{FILTER_OF[by]: None})))
    if asked.units:
        told = f"ngày {asked.units.day:%d/%m/%Y}"
        filters.insert(0, ("Đơn vị", told, kept(request, **dict.fromkeys((UNITS_ON, DISTRICT, FILTER_OF["commune"])))))
    if code := request.GET.get(OF_CLASS):
        found = found.filter(training_class__code=code)
        filters.append(("Lớp", code, kept(request, **{OF_CLASS: None})))
    return found, filters


def _rows(asked: Asked, keys: list[int]) -> list[Any]:
    """The turns of the keys, in their order, with the post and unit of the day on which the class started."""
    chosen = turns(asked.start, asked.end, enrolments=Enrolment.objects.filter(pk__in=keys))
    rows: Any = (
        chosen.annotate(**POST_TOLD)
        .select_related("official", "training_class__programme__raises_to__dimension")
        .prefetch_related(
            Prefetch("certificates", queryset=Certificate.objects.filter(withdrawn_on__isnull=True), to_attr="in_force")
        )
    )
    by_key = {}
    for turn in rows:
        turn.certificate = turn.in_force[0] if turn.in_force else None
        by_key[turn.pk] = turn
    return [by_key[key] for key in keys]


def _people(rows: list[dict[str, Any]]) -> list[tuple[Official, int]]:
    people = Official.objects.select_related("ethnic_group").in_bulk([row["official"] for row in rows])
    return [(people[row["official"]], row["turns"]) for row in rows]


def _within(request: HttpRequest) -> dict[str, str]:
    """The filters of a list, as its address names them."""
    words = (FROM, TO, UNITS_ON, *FILTER_OF.values())
    return {word: request.GET[word] for word in words if request.GET.get(word)}


def _back(request: HttpRequest) -> str:
    """The report of the same period."""
    asked = asked_for(request)
    return address("reports:training", {word: text for word, text in asked.period.items() if word != KIND})
