"""The people behind a published figure, and two figures beside each other."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404, names_of_scope, visible_to
from cadres.evaluation import DimensionVerdict, Verdict
from cadres.models import Dimension, Official, Publication, PublishedPost, zone_label
from cadres.web.addresses import query_string
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from cadres.web.units import UNITS_ON, units_asked
from reports.publications.comparing import PersonPair, groups_compared, people_compared, posts_of
from reports.publications.reading import PublishedReason, Words, rate_shown
from reports.publications.selection import PublishedSelection
from reports.rates import DIMENSION
from reports.views.publications import grouping_asked_for, notes_of, of_the_day
from reports.views.rates import titles_on

COMPARED = "so"  # the keys of the two figures, in the address


@dataclass(frozen=True)
class Row:
    """A person of the list: the post, what was lacking, and requirement by requirement why."""

    post: PublishedPost
    unmet: list[tuple[Dimension, DimensionVerdict]]
    reasons: list[PublishedReason]

    @property
    def verdict(self) -> str:
        return Verdict(self.post.verdict).label


LIST_COLUMNS = (
    Column("ten", "Họ và tên", ("name_order", "official_id"), cell=lambda row: row.post.full_name),
    Column("sinh", "Ngày sinh", cell=lambda row: str(row.post.birth or ""), is_shown=False),
    Column("chuc_danh", "Chức danh", ("position_order", "name_order"), cell=lambda row: row.post.position_title),
    Column("xa", "Đơn vị", ("district_code", "commune_code", "position_order"), cell=lambda row: row.post.commune_name),
    Column("huyen", "Đơn vị cấp trên", cell=lambda row: row.post.district_name, is_shown=False),
    Column("khu_vuc", "Khu vực", cell=lambda row: zone_label(row.post.zone), is_shown=False),
    Column("ket_qua", "Kết quả", ("verdict", "name_order"), cell=lambda row: row.verdict),
    Column("thieu", "Còn thiếu", cell=lambda row: ", ".join(dimension.name for dimension, _ in row.unmet)),
    Column("ly_do", "Từng yêu cầu", cell=lambda row: "; ".join(reason.text for reason in row.reasons), is_shown=False),
)


@permission_needed("cadres.view_publication")
@require_safe
def published_people(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of a published figure, as they were then; with `?tep=xlsx` or csv as a file."""
    user = account(request)
    publication = fetch_or_404(Publication.objects.select_related("criterion", "withdrawal"), user, pk=pk)
    words = Words(publication.definition)
    units = units_asked(request, publication.day)
    selection = PublishedSelection(request.GET, publication=publication, user=user, words=words, units=units)
    columns = Columns(request, LIST_COLUMNS, default=("name_order",), tie=("official_id",))
    found = selection.found().order_by(*columns.order)
    if FILE in request.GET:
        title = "DANH SÁCH KÈM THEO SỐ LIỆU CÔNG BỐ"
        notes = notes_of(publication, user, units) + [f"Lọc: {text}." for text, _ in selection.chips()]
        stem = f"cong-bo-{publication.pk}-danh-sach"
        return columns.file(request, [_row(post, words) for post in found], title=title, notes=notes, stem=stem)
    page = shown_page(request, found)
    rows = [_row(post, words) for post in page.object_list]
    there = visible_to(Official.objects.filter(pk__in=[row.post.official_id for row in rows]), user)
    return render(
        request,
        "reports/published_people.html",
        {
            "title": f"Danh sách công bố: {publication}",
            "publication": publication,
            "selection": selection,
            "heads": columns.heads(),
            "page": page,
            "rows": rows,
            "there": set(there.values_list("pk", flat=True)),
            "scope_names": names_of_scope(user, publication.day),
            "of_the_day": of_the_day(publication),
            "of_units": query_string({UNITS_ON: units.day if units else None}),
        },
    )


def _row(post: PublishedPost, words: Words) -> Row:
    return Row(post, words.unmet(post), words.reasons(post))


@permission_needed("cadres.view_publication")
@require_safe
def publications_compared(request: HttpRequest) -> HttpResponse:
    """Two figures, `?so=1&so=2`, the earlier day first: groups, and the people of whom they say something else."""
    user = account(request)
    keys = list(dict.fromkeys(key for text in request.GET.getlist(COMPARED) if (key := key_of(text)) is not None))
    if len(keys) != 2:
        raise BadRequest("Hãy đánh dấu đúng hai số liệu ở trang Số liệu công bố rồi bấm “So sánh”.")
    chosen = [fetch_or_404(Publication.objects.select_related("criterion", "withdrawal"), user, pk=key) for key in keys]
    first, second = sorted(chosen, key=lambda one: (one.day, one.pk))
    by = grouping_asked_for(request)
    words = [Words(one.definition) for one in (first, second)]
    groups = groups_compared((first, words[0]), (second, words[1]), by, user)
    people = people_compared(first, second, user)
    page = shown_page(request, people)
    posts = posts_of([key for key, *_ in page.object_list], first, second)
    shown: list[Any] = [PersonPair(posts[key], was, now) for key, was, now in page.object_list]
    there = visible_to(Official.objects.filter(pk__in=list(posts)), user)
    return render(
        request,
        "reports/publications_compared.html",
        {
            "title": "So sánh hai số liệu công bố",
            "first": first,
            "second": second,
            "figures": [(one, rate_shown(one, user)) for one in (first, second)],
            "by": by,
            "by_title": titles_on(first.day)[by],
            "groupings": titles_on(first.day),
            "groups": groups,
            "is_by_dimension": by == DIMENSION,
            "page": page,
            "people": shown,
            "there": set(there.values_list("pk", flat=True)),
            "scope_names": names_of_scope(user, second.day),
            "of_the_day": of_the_day(second),
        },
    )
