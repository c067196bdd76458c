"""The rows of an import on its page, and the people whom it does not name: sorted, exported, ticked to be decided."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cadres.access import visible_to
from cadres.models import ImportBatch, ImportRow, Official, User
from cadres.posts import primary_posts
from cadres.text import fold, sort_key
from cadres.views.import_acts import DEED, END, KNOWN, NEW, STAY, ticked_missing, ticked_rows
from cadres.views.import_words import Words, shown_row
from cadres.web.addresses import kept
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.permissions import account
from cadres.web.tags import ngay
from cadres.web.ticks import Way

Outcome = ImportRow.Outcome
# What rows are sorted by is read of all of them, what a page or a file tells of those in it.
SORTED_BY = ("pk", "understood__full_name", "read__position", "read__commune", "outcome")


def _explained(item: dict[str, Any]) -> str:
    """What was understood, what changes, and why, as the page says it."""
    understood = [f"{fact['label']}: {fact['name']}" for fact in item["understood"]]
    changes = [f"{change['label']}: {change['before'] or '(trống)'} → {change['after']}" for change in item["changes"]]
    return "; ".join([*understood, *changes, *(issue["message"] for issue in item["issues"])])


ROW_COLUMNS = (
    Column("dong", "Dòng Excel", key=lambda row: row[0], cell=lambda item: item["row"].row_number, is_number=True),
    Column("ten", "Họ và tên", key=lambda row: sort_key(row[1] or ""), cell=lambda item: item["name"]),
    Column("", "Ngày sinh", is_shown=False, cell=lambda item: item["birth"]),
    Column("chuc_danh", "Chức danh, xã", key=lambda row: (sort_key(row[2] or ""), sort_key(row[3] or ""))),
    Column("", "Chức danh", is_shown=False, cell=lambda item: item["position"]),
    Column("", "Xã", is_shown=False, cell=lambda item: item["unit"]),
    Column("ket_qua", "Kết quả", key=lambda row: row[4], cell=lambda item: item["row"].get_outcome_display()),
    Column("vi_sao", "Được hiểu là, thay đổi, lý do", cell=_explained),
)


def _decided(decision: Any) -> str:
    if decision and decision.end_date:
        return f"Thôi giữ, ngày cuối {ngay(decision.end_date)}: {decision.get_end_reason_display().lower()}"
    return "Vẫn giữ chức danh"


def _birth(row: tuple[Any, Any]) -> str:
    return str(row[0].official.birth or "")


MISSING_COLUMNS = (
    Column("ten", "Họ và tên", key=lambda row: row[0].official.name_order, cell=lambda row: row[0].official.full_name),
    Column("sinh", "Ngày sinh", key=lambda row: str(row[0].official.birth_date or ""), cell=_birth),
    Column("chuc_danh", "Chức danh", key=lambda row: row[0].position.order, cell=lambda row: str(row[0].position)),
    Column("xa", "Xã", key=lambda row: sort_key(str(row[0].unit)), cell=lambda row: str(row[0].unit)),
    Column("quyet_dinh", "Quyết định", key=lambda row: _decided(row[1]), cell=lambda row: _decided(row[1])),
)


def listed_rows(
    request: HttpRequest, batch: ImportBatch, outcome: str, text: str, *, may_decide: bool
) -> dict[str, Any] | HttpResponse:
    """The page asked for of the batch's rows with the outcome; those to be reviewed are ticked to be decided."""
    columns = Columns(request, ROW_COLUMNS)
    rows = batch.rows.order_by("pk")
    if outcome:
        rows = rows.filter(outcome=outcome)
    if text:
        rows = rows.filter(understood__folded_name__icontains=fold(text))
    ticks = ticked_rows(request, batch) if may_decide and outcome == Outcome.REVIEW else None
    if request.method == "POST" and ticks is not None:
        return ticks.answer(
            everything=lambda: rows.values_list("pk", flat=True),
            acts=_ways(request, batch, "cadres:import-rows-decide", KNOWN, NEW),
            filters=("q",),
        )
    keys: Any = rows.values_list("pk", flat=True)
    if columns.by:
        keys = [row[0] for row in columns.in_order(rows.values_list(*SORTED_BY))]
    if FILE in request.GET:
        title = "CÁC DÒNG CỦA DANH SÁCH NHẬP"
        return columns.file(
            request, _shown(batch, keys), title=title, notes=_notes(batch, text), stem=f"nhap-{batch.pk}"
        )
    page = shown_page(request, keys)
    page.object_list = _shown(batch, page.object_list)
    if ticks is not None:
        ticks.show(item["row"].pk for item in page.object_list)
    return {"page": page, "ticks": ticks, "heads": columns.heads()}


def _shown(batch: ImportBatch, keys: Iterable[int]) -> list[dict[str, Any]]:
    """The rows of these keys as the page shows them, in their order."""
    keys = list(keys)
    found = batch.rows.select_related("decided_by").prefetch_related("unit__versions").in_bulk(keys)
    words = Words.load()
    for row in found.values():
        row.batch = batch  # which is here already
    return [shown_row(found[key], words) for key in keys]


def listed_missing(
    request: HttpRequest, batch: ImportBatch, text: str, *, may_decide: bool
) -> dict[str, Any] | HttpResponse:
    """The page asked for of those who hold posts in the file's units and are not in it, each with what was decided."""
    columns = Columns(request, MISSING_COLUMNS)
    posts = _missing(batch, account(request), text)
    ticks = ticked_missing(request, batch) if may_decide else None
    if request.method == "POST" and ticks is not None:
        return ticks.answer(
            everything=lambda: posts.values_list("official", flat=True),
            acts=_ways(request, batch, "cadres:import-missing", STAY, END),
            filters=("q",),
        )
    decisions = {item.official_id: item for item in batch.missing.select_related("decided_by")}

    def with_decisions(shown: Iterable[Any]) -> list[tuple[Any, Any]]:
        return [(post, decisions.get(post.official_id)) for post in shown]

    if FILE in request.GET:
        rows = columns.in_order(with_decisions(posts))
        title = "NGƯỜI CÓ TRONG HỒ SƠ, KHÔNG CÓ TRONG DANH SÁCH NHẬP"
        return columns.file(request, rows, title=title, notes=_notes(batch, text), stem=f"khong-co-{batch.pk}")
    page = shown_page(request, columns.in_order(with_decisions(posts)) if columns.by else posts)
    if not columns.by:
        page.object_list = with_decisions(page.object_list)
    if ticks is not None:
        ticks.show(post.official_id for post, _ in page.object_list)
    return {"page": page, "ticks": ticks, "heads": columns.heads()}


def _missing(batch: ImportBatch, user: User, text: str) -> QuerySet[Any]:
    """The posts, on the batch's day, of those who are missing, within the account's scope."""
    officials = visible_to(Official.objects.filter(pk__in=batch.missing.values("official")), user)
    if text:
        officials = officials.filter(folded_name__contains=fold(text))
    assert batch.as_of is not None
    return (
        primary_posts(batch.as_of)
        .filter(official__in=officials)
        .select_related("official", "position")
        .prefetch_related("unit__versions")
        .order_by("official__name_order", "official_id")
    )


def _ways(request: HttpRequest, batch: ImportBatch, name: str, *deeds: str) -> dict[str, Way]:
    return {deed: Way(reverse(name, args=[batch.pk]) + kept(request, **{DEED: deed})) for deed in deeds}


def _notes(batch: ImportBatch, text: str) -> list[str]:
    return [f"{batch.file_name}, số liệu đến {ngay(batch.as_of)}.", *([f"Tìm: {text}"] if text else [])]
