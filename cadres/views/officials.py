"""The list of officials on a day, and a person's page: who they are, what they hold, and why they do or do not meet."""

from collections.abc import Iterable
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate  # noqa: TID251 — the day of the request
from django.views.decorators.http import require_safe

from cadres import registry
from cadres.access import fetch_or_404, held_in_scope, last_day_seen, units_given, visible_to, writable_by
from cadres.evaluation import Verdict, judgement_of
from cadres.history.words import who
from cadres.identity import REVEAL
from cadres.kept_plans import planned_once
from cadres.models import Appointment, Change, ImportBatch, Official, Unit, zone_told
from cadres.personal_data import everything_about
from cadres.planned_posts import prospects
from cadres.roster.columns import COLUMNS, Kind
from cadres.roster.workbook_out import column_of_units, roster_rows, write_xlsx
from cadres.standards.checking import is_without_field
from cadres.views.explanation import sentence, what_is_needed, why_not_counted
from cadres.views.mass_posts import ADDRESSES, CHANGE, ticks_of
from cadres.views.official_columns import columns_of
from cadres.views.selection import Selection
from cadres.web.addresses import dated, kept
from cadres.web.day import criterion_of, somebody_counts, working_day
from cadres.web.downloads import download
from cadres.web.lists import FILE, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.progress import come, told
from cadres.web.tables import workbook
from cadres.web.ticks import Way
from cadres.web.units import units_asked, units_context


@permission_needed("cadres.view_official")
def official_list(request: HttpRequest) -> HttpResponse:
    """The people of the filters, to be ticked by whoever may change their posts (cadres.views.mass_posts)."""
    selection = _selection(request)
    ticks = ticks_of(request) if account(request).has_perm(CHANGE) else None
    if request.method not in ("GET", "HEAD"):
        if ticks is None:
            return HttpResponseNotAllowed(("GET", "HEAD"))
        ways = {deed: Way(reverse(view) + kept(request)) for deed, view in ADDRESSES.items()}
        return ticks.answer(everything=selection.keys, acts=ways, filters=selection.sent())
    columns = columns_of(request, selection, dated(request))
    title = "Cán bộ, công chức cấp xã"
    if FILE in request.GET:
        return columns.file(
            request,
            _told(selection, selection.keys()),
            title=title.upper(),
            notes=head_of_file(request, selection, is_judged=not selection.is_left_behind),
            stem=f"danh-sach-can-bo-{selection.day:%Y-%m-%d}",
        )
    page = shown_page(request, selection.keys())
    if ticks is not None:
        ticks.show(page.object_list)
    posts, outside = _told(selection, page.object_list), selection.outside()
    if any(getattr(post, "verdict", None) for post in posts):
        somebody_counts(request)
    return render(
        request,
        "cadres/official_list.html",
        {
            "title": title,
            "selection": selection,
            "columns": columns,
            "heads": columns.heads(),
            "rows": posts,
            "ticks": ticks,
            "page": page,
            "outside": outside,
            "counted": page.paginator.count - outside,
            "dated": dated(request),
            **units_context(request),
        },
    )


@permission_needed("cadres.view_official")
@require_safe
def official_export(request: HttpRequest) -> HttpResponseBase:
    """The people that the list shows, as the flat workbook that the importer reads."""
    selection, day = _selection(request), working_day(request)
    posts = Appointment.objects.filter(pk__in=selection.keys())
    stream, units = BytesIO(), selection.other_units
    rows = told(request, roster_rows(day, posts, units=units))
    write_xlsx(rows, day, stream, more=column_of_units(units))
    return come(request, download(stream.getvalue(), f"can-bo-cong-chuc-{day:%Y-%m-%d}.xlsx"))


@permission_needed("cadres.disclose_official")
@require_safe
def official_data_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is kept about the person, for a request of that person."""
    official = fetch_or_404(Official.objects.all(), account(request), pk=pk)
    tables = everything_about(official, localdate())
    return download(workbook(*tables), f"du-lieu-ca-nhan-{pk}.xlsx")


def _selection(request: HttpRequest) -> Selection:
    return Selection(
        request.GET,
        user=account(request),
        day=working_day(request),
        criterion=criterion_of(request),
        units=units_asked(request),
    )


def _told(selection: Selection, keys: Iterable[int]) -> list[Any]:
    """The posts of the keys, each with the name of its commune, whatever has become of that."""
    posts = selection.posts(keys)
    if selection.is_left_behind:
        names = {unit.pk: str(unit) for unit in _named({post.unit_id for post in posts})}
        for post in posts:
            post.commune_name = names[post.unit_id]
    return posts


def _named(units: set[int]) -> QuerySet[Unit]:
    return Unit.objects.filter(pk__in=units).prefetch_related("versions")


# ---------------------------------------------------------------- a person


def _facts(official: Official) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What the texts and dates of the roster's columns hold of a person, as (label, text): short ones, and remarks.

    Whether somebody is of the Party stands where the day of joining does.
    """
    short: list[tuple[str, str]] = []
    remarks: list[tuple[str, str]] = []
    for column in COLUMNS:
        label = column.page_label or column.label
        if column.field == "party_joined_on":
            member = {True: "Có", False: "Không"}.get(official.is_party_member, "")  # type: ignore[arg-type]
            joined = f"{member}, vào Đảng {official.party_joined}" if official.party_joined else member
            short.append((label, joined))
        elif column.kind is Kind.DATE:
            short.append((label, str(column.day_of(official) or "")))
        elif column.kind is Kind.TEXT:
            (short if column.max_length else remarks).append((label, getattr(official, column.field)))
    return short, remarks


def _may_be_taken_back(post: Appointment, held: list[Appointment], own: set[int]) -> bool:
    """Whether the post came by a transfer between two posts that the account may put right."""
    before = registry.transferred_from(post, held)
    return before is not None and {post.pk, before.pk} <= own


@permission_needed("cadres.view_official")
@require_safe
@planned_once()
def official_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user, day, criterion = account(request), working_day(request), criterion_of(request)
    official = fetch_or_404(Official.objects.select_related("ethnic_group"), user, pk=pk)
    if official.merged_into_id is not None:
        return redirect("cadres:official-detail", official.merged_into_id)
    until = last_day_seen(user, official)
    day = min(day, until or day)
    appointments: list[Any] = list(
        visible_to(Appointment.entered.filter(official=official), user)
        .select_related("position", "batch")
        .prefetch_related("unit__versions")
        .order_by("-start_date", "-is_primary")
    )
    qualifications = visible_to(official.qualifications.select_related("level__dimension", "batch"), user).order_by(
        "level__dimension__order", "-level__rank", "-start_date"
    )
    batches = {row.batch_id for row in (*appointments, *qualifications) if row.batch_id}
    held = [appointment for appointment in appointments if not appointment.is_error]
    own = {appointment.pk for appointment in held}
    if units_given(user, "cadres.change_appointment") is not None:
        own = set(held_in_scope(Appointment.objects.filter(pk__in=own), user).values_list("pk", flat=True))
    post, requirements = judgement_of(official, day, criterion=criterion)
    if post and post.verdict and until is None:
        somebody_counts(request)
    facts, remarks = _facts(official)
    last = None
    if until is None:
        last = Change.objects.filter(person=pk).select_related("act__user").order_by("-pk").first()
    may_write = user.has_perm("cadres.change_official") and writable_by(Official.objects.filter(pk=pk), user).exists()
    for appointment in appointments:
        if until and not appointment.has_ended(until + timedelta(days=1)):
            appointment.end_date, appointment.end_reason = None, ""  # how it went on is seen by who has the person now
        appointment.unit_name = appointment.unit.name_on(appointment.nearest_day(day))
    planned = list(
        visible_to(official.planned_posts.lasting_to(day), user)
        .select_related("position")
        .prefetch_related("unit__versions")
    )
    is_field_named = not (post and is_without_field(post.position_id, day))
    return render(
        request,
        "cadres/official_detail.html",
        {
            "title": official.full_name,
            "official": official,
            "facts": facts,
            "remarks": remarks,
            "verdict": Verdict(post.verdict) if post and post.verdict else None,
            "identifiers": visible_to(official.identifiers.order_by("-start_date"), user),
            "has_masked_numbers": not user.has_perm(REVEAL),
            "appointments": appointments,
            "own": own,
            "transferred": next((post for post in held if _may_be_taken_back(post, held, own)), None),
            "qualifications": [row for row in qualifications if not row.says_none],
            "none_yet": [row for row in qualifications if row.says_none],
            "waivers": visible_to(official.waivers.select_related("dimension"), user),
            "planned": prospects(planned, day, criterion=criterion) if planned else [],
            "may_plan": may_write and user.has_perm("cadres.add_plannedpost"),
            "visible_batches": set(visible_to(ImportBatch.objects.filter(pk__in=batches), user)),
            "post": post,
            "zone_told": zone_told(post.zone) if post else "",
            "requirements": [(reason, sentence(reason, is_field_named=is_field_named)) for reason in requirements],
            "needed": what_is_needed(requirements),
            "why_not_counted": "" if post and post.verdict else why_not_counted(post, held, day, criterion),
            "may_write": may_write,
            "until": until,
            "last_change": (who(last.act), last.at) if last else None,
            "may_waive": request.user.has_perm("cadres.add_waiver"),
            "day": day,
            "criterion": criterion,
            "dated": dated(request),
        },
    )
