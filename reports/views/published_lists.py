"""The people behind a published figure, and two figures beside each other."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404, names_of_scope, visible_to
from cadres.evaluation import DimensionVerdict, Verdict
from cadres.models import Dimension, Official, Publication, PublishedPost, User, zone_label
from cadres.web.addresses import kept, query_string
from cadres.web.cells import linked
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from cadres.web.units import UNITS_ON, units_asked
from reports.publications.comparing import PersonPair, groups_compared, people_compared, posts_of
from reports.publications.reading import PublishedReason, Words, rate_shown
from reports.publications.selection import PublishedSelection
from reports.rates import DIMENSION
from reports.views.publication_columns import COMPARED
from reports.views.publications import grouping_asked_for, notes_of, of_the_day, titles_published

REASONS = "ly_do"


@dataclass(frozen=True)
class Row:
    """A person of the list: the post, what was lacking, and requirement by requirement why."""

    post: PublishedPost
    unmet: list[tuple[Dimension, DimensionVerdict]]
    reasons: list[PublishedReason]
    is_there: bool = False  # whether the account may open the person's page

    @property
    def verdict(self) -> str:
        return Verdict(self.post.verdict).label


def _columns(request: HttpRequest, of_the_day: str) -> Columns:
    """The columns of the people as they were. `of_the_day`: what a link to a person carries."""
    by_place = ("district_code", "commune_code", "position_order")

    def person(row: Row) -> Any:
        """The person's page, where the account may open it."""
        post = row.post
        if not row.is_there:
            return post.full_name
        return linked("cadres:official-detail", post.official_id, post.full_name, of_the_day)

    def tagged(row: Row) -> SafeString:
        transition = mark_safe(' <span class="tag warn">Đang chuyển tiếp</span>' if row.post.is_in_transition else "")
        return format_html('<span class="tag {}">{}</span>{}', row.post.verdict, row.verdict, transition)

    def lacking(row: Row) -> list[tuple[str, str]]:
        unknown = DimensionVerdict.UNKNOWN
        return [
            ("" if verdict == unknown else "not_met", f"{one}{': chưa có dữ liệu' if verdict == unknown else ''}")
            for one, verdict in row.unmet
        ]

    def lacking_tagged(row: Row) -> SafeString:
        """What was lacking; requirement by requirement where it is pointed at."""
        tags = format_html_join(" ", '<span class="tag {}">{}</span>', lacking(row))
        return format_html('<span title="{}">{}</span>', _reasons(row), tags)

    columns = (
        Column("ten", "Họ và tên", ("name_order", "official_id"), cell=lambda row: row.post.full_name, page=person),
        Column("sinh", "Ngày sinh", cell=lambda row: str(row.post.birth or "")),
        Column("chuc_danh", "Chức danh", ("position_order", "name_order"), cell=lambda row: row.post.position_title),
        Column("xa", "Đơn vị", by_place, cell=lambda row: row.post.commune_name),
        Column("huyen", "Đơn vị cấp trên", by_place, cell=lambda row: row.post.district_name),
        Column("khu_vuc", "Khu vực", ("zone",), cell=lambda row: zone_label(row.post.zone), is_usual=False),
        Column("ket_qua", "Kết quả", ("verdict", "name_order"), cell=lambda row: row.verdict, page=tagged),
        Column(
            "thieu",
            "Còn thiếu",
            cell=lambda row: ", ".join(text for _, text in lacking(row)),
            page=lacking_tagged,
            is_long=True,
        ),
        Column(REASONS, "Từng yêu cầu", cell=_reasons, is_long=True, is_usual=False),
    )
    return Columns(request, columns, default=("name_order",), tie=("official_id",), may_choose=True)


def _reasons(row: Row) -> str:
    return "; ".join(reason.text for reason in row.reasons)


@permission_needed("cadres.view_publication")
@require_safe
def published_people(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of a published figure, as they were then; with `?tep=xlsx` or csv as a file."""
    user = account(request)
    publication = fetch_or_404(Publication.objects.select_related("criterion", "withdrawal"), user, pk=pk)
    words = Words(publication.definition)
    units = units_asked(request, publication.day)
    selection = PublishedSelection(request.GET, publication=publication, user=user, words=words, units=units)
    columns = _columns(request, of_the_day(publication))
    found = selection.found().order_by(*columns.order)
    if FILE in request.GET:
        title = "DANH SÁCH KÈM THEO SỐ LIỆU CÔNG BỐ"
        notes = notes_of(publication, user, units) + [f"Lọc: {text}." for text, _ in selection.chips()]
        stem = f"cong-bo-{publication.pk}-danh-sach"
        return columns.file(request, [_row(post, words) for post in found], title=title, notes=notes, stem=stem)
    page = shown_page(request, found)
    posts = list(page.object_list)
    there = set(_there(user, [post.official_id for post in posts]))
    return render(
        request,
        "reports/published_people.html",
        {
            "title": f"Danh sách công bố: {publication}",
            "publication": publication,
            "selection": selection,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": [_row(post, words, is_there=post.official_id in there) for post in posts],
            "with_reasons": kept(request, cot=[*(column.name for column in columns.shown), REASONS]),
            "table_look": "catalogue" if REASONS in columns.shows else "",  # which take more than a line
            "scope_names": names_of_scope(user, publication.day),
            "of_units": query_string({UNITS_ON: units.day if units else None}),
        },
    )


def _row(post: PublishedPost, words: Words, *, is_there: bool = False) -> Row:
    return Row(post, words.unmet(post), words.reasons(post), is_there)


def _there(user: User, officials: list[int]) -> QuerySet[Official, int]:
    """The keys of those whose pages the account may open."""
    return visible_to(Official.objects.filter(pk__in=officials), user).values_list("pk", flat=True)


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
    titles, words = titles_published(first.day), [Words(one.definition) for one in (first, second)]
    groups = groups_compared((first, words[0]), (second, words[1]), by, user)
    people = people_compared(first, second, user)
    page = shown_page(request, people)
    posts = posts_of([key for key, *_ in page.object_list], first, second)
    shown: list[Any] = [PersonPair(posts[key], was, now) for key, was, now in page.object_list]
    return render(
        request,
        "reports/publications_compared.html",
        {
            "title": "So sánh hai số liệu công bố",
            "first": first,
            "second": second,
            "figures": [(one, rate_shown(one, user)) for one in (first, second)],
            "by": by,
            "by_title": titles[by],
            "groupings": titles,
            "groups": groups,
            "is_by_dimension": by == DIMENSION,
            "page": page,
            "people": shown,
            "there": set(_there(user, list(posts))),
            "scope_names": names_of_scope(user, second.day),
            "of_the_day": of_the_day(second),
        },
    )
