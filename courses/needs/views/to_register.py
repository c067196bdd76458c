"""The lists from which a unit registers what its people need, by the standard and beside it: one page for both.

A row is a post with one of its needs, as the pages of `people` have them: (post, [need in the list]). A need in the
list knows the `need`, what is registered of it (`there`), its `key`, its `programme` and `priority`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from cadres.asked_again import among, answer_about, columns_of, rows_as
from cadres.text import sort_key
from cadres.web.addresses import dated
from cadres.web.cells import linked
from cadres.web.day import acting_day
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account
from cadres.web.tags import ngay
from cadres.web.ticks import Ticks, Way
from courses.models import DistrictSubmission, RegisteredNeed
from courses.needs.campaigns import own_appointments
from courses.needs.views.selection import NeedSelection

Found = list[tuple[Any, list[Any]]]  # posts, each with its needs in the list


def list_to_register(
    request: HttpRequest,
    row: DistrictSubmission,
    selection: NeedSelection,
    ticks: Ticks,
    *,
    beside: Callable[[Found], Found],
    of_need: Sequence[Column],
    registering: str,
    title: str,
    stem: str,
    may_write: bool,
    **context: Any,
) -> dict[str, Any] | HttpResponse:
    """The list as the context of its page, or as its file; POST keeps what is ticked.

    `beside`: puts the needs of posts beside what is registered of them. `registering`: where those ticked are
    registered, and all of the unit.
    """
    user = account(request)
    own = own_appointments(row, acting_day(request), user)
    posts = selection.posts(selection.of_unit(selection.appointments() & own))
    person = person_column(request, lambda row: row[0].official, key=lambda row: row[0].official.name_order)
    columns = Columns(request, (person, *OF_POST, *of_need), may_choose=True, tick=_tick if may_write else None)

    def keys(of: Any) -> list[str]:
        return [line.key for _, lines in beside(selection.everybody(of)) for line in lines if may_be_ticked(line)]

    if request.method == "POST":
        return ticks.answer(
            everything=lambda: keys(posts),
            acts={"dang_ky": Way(registering), "dang_ky_het": Way(registering, lambda: keys(selection.posts(own)))},
            filters=selection.sent(),
        )
    if FILE in request.GET:
        return columns.file(
            request,
            _each(columns.in_order(beside(selection.everybody(posts)))),
            title=f"{title}: {row.district_name.upper()}",  # type: ignore[attr-defined]  # of submission_of
            notes=[
                f"{row.campaign}; tính ngày {ngay(acting_day(request))}.",
                *head_of_file(request, selection, is_judged=True, is_dated=False),
            ],
            stem=f"{stem}-{row.pk}",
        )
    if columns.by:
        page = shown_page(request, columns.in_order(beside(selection.everybody(posts))))
        found = list(page.object_list)
    else:
        page, of_page = selection.page(request, selection.urgency(), posts)
        found = beside(of_page)
    ticks.show(line.key for _, lines in found for line in lines if may_be_ticked(line))
    says = f"tính ngày {ngay(acting_day(request))}"
    shown = {"selection": selection, "columns": columns, "heads": columns.heads(), "page": page, "rows": _each(found)}
    return {**shown, "ticks": ticks, "says": says, "of": " người", **context}


def registered(row: DistrictSubmission, found: Found) -> Callable[[Any], RegisteredNeed | None]:
    """What gives what is registered of a need of these posts, if anything; one query."""
    columns = answer_about((post.official_id for post, _ in found), _registered, row.pk)
    there = {(one.official_id, one.programme_id): one for one in rows_as(RegisteredNeed, columns)}
    return lambda need: next(
        (there[key] for item in need.programmes if (key := (need.official_id, item.pk)) in there), None
    )


def _registered(submission: int) -> QuerySet[Any, Any]:
    needs = RegisteredNeed.objects.filter(among("official"), submission=submission).order_by()
    return needs.values_list(*columns_of(RegisteredNeed))


def may_be_ticked(line: Any) -> bool:
    """Whether there is something to register."""
    return line.there is None and line.programme is not None


def _each(found: Iterable[tuple[Any, Sequence[Any]]]) -> list[tuple[Any, list[Any]]]:
    """A row for each need."""
    return [(post, [line]) for post, lines in found for line in lines]


def _tick(row: Any) -> tuple[str, str] | None:
    post, (line,) = row
    return (line.key, f"{post.official.full_name}: {line.need.reason}") if may_be_ticked(line) else None


def of_first(tell: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What a column says of the need of its row; a post is ordered by the first of its needs."""
    return lambda row: tell(row[1][0])


def told_of_programme(line: Any) -> str:
    return str(line.programme or "chưa có chương trình")


def column_of_programme(page: Callable[[Any], Any]) -> Column:
    """What closes the need of the row; `page`: what its cell is on the page."""
    return Column(
        "chuong_trinh",
        "Chương trình",
        key=of_first(lambda line: sort_key(str(line.programme or ""))),
        cell=of_first(told_of_programme),
        page=page,
        is_long=True,
    )


def registered_as(line: Any) -> str:
    """With which priority a need is registered; nothing where it is not."""
    return f"Đã đăng ký: {line.there.get_priority_display().lower()}" if line.there else ""


def person_column(request: HttpRequest, of: Callable[[Any], Any], **order: Any) -> Column:
    """The name, which leads to the page of the person; `of` leads from a row to the official."""
    to_person = dated(request)

    def person(row: Any) -> SafeString:
        return linked("cadres:official-detail", of(row).pk, of(row).full_name, to_person)

    return Column("ten", "Họ và tên", cell=lambda row: of(row).full_name, page=person, **order)


OF_POST = (
    Column(
        "ngay_sinh",
        "Ngày sinh",
        key=lambda row: str(row[0].official.birth_date or ""),
        cell=lambda row: str(row[0].official.birth or ""),
        is_usual=False,
    ),
    Column("chuc_danh", "Chức danh", key=lambda row: row[0].position.order, cell=lambda row: str(row[0].position)),
    Column("xa", "Đơn vị", key=lambda row: row[0].commune_name, cell=lambda row: row[0].commune_name),
)
