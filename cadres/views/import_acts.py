"""Many rows of a staged roster decided at once, as one act: who they speak of, and what became of those missing."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cadres.access import visible_to, writable_by
from cadres.models import Appointment, ImportBatch, ImportRow, Official
from cadres.posts import primary_posts
from cadres.roster.batch import BatchStateError, lock_batch
from cadres.roster.decisions import another_person, decide_missing, decide_rows, same_person
from cadres.views.import_batches import batch_in
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.fields import DayField
from cadres.web.permissions import account, permission_needed
from cadres.web.ticks import Ticks

State = ImportBatch.State
KNOWN, NEW = "nguoi_da_co", "nguoi_moi"  # what is decided about rows
STAY, END = "giu", "thoi"  # and about who is missing
DEED = "viec"


def ticked_rows(request: HttpRequest, batch: ImportBatch) -> Ticks:
    """The rows to be reviewed that are ticked: their keys."""
    return Ticks(request, f"import-rows-{batch.pk}")


def ticked_missing(request: HttpRequest, batch: ImportBatch) -> Ticks:
    """The missing people who are ticked: keys of officials."""
    return Ticks(request, f"import-missing-{batch.pk}")


def _ask(request: HttpRequest, batch: ImportBatch, plan: Any, write: Any, **page: Any) -> HttpResponse:
    """The page of an act on a staged batch."""

    def lock() -> None:
        try:
            lock_batch(batch, State.STAGED)
        except BatchStateError as refusal:
            raise ValidationError(str(refusal)) from refusal

    back = reverse("cadres:import-batch", args=[batch.pk]) + kept(request, **{DEED: None})
    return act(request, plan, write, lock=lock, back=back, **page)


@permission_needed("cadres.change_importbatch")
def rows_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the rows ticked: each is the only one it resembles (`?viec=nguoi_da_co`), or all are new people."""
    user, deed = account(request), request.GET.get(DEED, KNOWN)
    batch = batch_in(request, pk, State.STAGED)
    if deed not in (KNOWN, NEW):
        raise BadRequest("Không có cách quyết định đó. Hãy quay lại danh sách.")
    ticks = ticked_rows(request, batch)

    def plan() -> Plan:
        rows = list(batch.rows.filter(pk__in=ticks.numbers).prefetch_related("unit__versions").order_by("pk"))
        only = {row.pk: row.candidates[0] for row in rows if len(row.candidates) == 1}
        people = writable_by(visible_to(Official.objects.filter(pk__in=only.values()), user), user).in_bulk()
        meant = {row.pk: people[only[row.pk]] for row in rows if only.get(row.pk) in people}
        return Plan([_row_line(row, batch, meant.get(row.pk), is_new=deed == NEW) for row in rows], of=meant)

    def write(shown: Plan, _: Any) -> str:
        keys = [int(str(line.key)) for line in shown.done]
        if deed == NEW:
            decisions = {key: another_person() for key in keys}
        else:
            decisions = {key: same_person(shown.of[key]) for key in keys}
        decide_rows(batch, decisions, by=user)
        ticks.clear()
        return f"Đã quyết định {len(decisions)} dòng."

    verb = "Ghi là người mới:" if deed == NEW else "Ghi theo người đã có:"
    return _ask(request, batch, plan, write, title=f"Quyết định các dòng: {batch.file_name}", verb=verb, what="dòng")


def _row_line(row: ImportRow, batch: ImportBatch, meant: Official | None, *, is_new: bool) -> Line:
    unit = row.unit.name_on(batch.as_of) if row.unit and batch.as_of else row.read.get("commune", "")
    name = f"{row.understood.get('full_name') or '(không có họ tên)'}, dòng {row.row_number}"
    place = " · ".join(part for part in (row.read.get("position", ""), unit) if part)
    if row.outcome != ImportRow.Outcome.REVIEW:
        return Line(row.pk, name, place, why_not=f"{row.get_outcome_display()}, không còn cần xem xét")
    if is_new:
        return Line(row.pk, name, place, "Thêm là người mới")
    if meant is None:
        several = "Giống nhiều người: hãy xem riêng dòng này"
        return Line(
            row.pk,
            name,
            place,
            why_not=several if len(row.candidates) > 1 else "Người của đơn vị khác, hoặc không có ai",
        )
    born = f", sinh {meant.birth}" if meant.birth else ""
    return Line(row.pk, name, place, f"Là {meant}{born} trong hồ sơ")


class EndForm(forms.Form):
    """When and why the posts of the people ticked ended."""

    end_date = DayField(
        label="Ngày cuối cùng giữ chức danh", error_messages={"required": "Hãy ghi ngày cuối cùng giữ chức danh."}
    )
    end_reason = forms.ChoiceField(
        label="Lý do",
        choices=[("", "---------"), *Appointment.EndReason.given()],
        error_messages={"required": "Hãy chọn lý do thôi giữ chức danh."},
    )


@permission_needed("cadres.change_importbatch")
def missing_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the missing people ticked: they keep their posts (`?viec=giu`), or these have ended."""
    user, deed = account(request), request.GET.get(DEED, STAY)
    batch = batch_in(request, pk, State.STAGED)
    if deed not in (STAY, END):
        raise BadRequest("Không có cách quyết định đó. Hãy quay lại danh sách.")
    ticks = ticked_missing(request, batch)

    def plan() -> Plan:
        missing = batch.missing.filter(official__in=ticks.numbers).values("official")
        people = visible_to(Official.objects.filter(pk__in=missing), user)
        assert batch.as_of is not None
        posts = primary_posts(batch.as_of).filter(official__in=people).select_related("official", "position")
        told = "Thôi giữ chức danh" if deed == END else "Vẫn giữ chức danh"
        return Plan(
            [
                Line(post.official_id, str(post.official), f"{post.position} · {post.unit.name_on(batch.as_of)}", told)
                for post in posts.prefetch_related("unit__versions").order_by("official__name_order", "official_id")
            ]
        )

    def write(shown: Plan, filled: Any) -> str:
        count = decide_missing(
            batch,
            [int(str(line.key)) for line in shown.done],
            end_date=filled.cleaned_data.get("end_date"),
            end_reason=filled.cleaned_data.get("end_reason", ""),
            by=user,
        )
        ticks.clear()
        what = "thôi giữ chức danh" if deed == END else "vẫn giữ chức danh"
        return f"{count} người {what}; được ghi khi ghi danh sách."

    return _ask(
        request,
        batch,
        plan,
        write,
        form=(lambda shown: EndForm(request.POST or None)) if deed == END else None,
        title=f"Không có trong {batch.file_name}",
        verb="Thôi giữ chức danh:" if deed == END else "Vẫn giữ chức danh:",
    )
