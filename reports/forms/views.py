"""The page “Biểu mẫu”: which official forms there are, of which unit and period, and their files.

The words of the address: tu and den (first and last day; a form of a day is of the last), huyen and xa (codes of units
on that day), loai (kind of programme).
"""

from typing import Any, cast

from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cadres.access import appointments_visible_to, names_of_scope, unit_versions_in_scope, units_given
from cadres.models import Unit, UnitVersion, User
from cadres.places import title_above_on
from cadres.posts import units_below
from cadres.web.day import criterion_of, today_of
from cadres.web.downloads import download, download_file
from cadres.web.paper import scope_told
from cadres.web.permissions import account, permission_needed
from courses.access import certificates_visible_to
from courses.documents.wording import DEPARTMENT, Issuer, issuer_unit
from courses.models import Certificate
from reports.forms import long_files
from reports.forms.catalogue import KINDS, WRITERS, Kind, Wanted, file_of, form_of, is_long
from reports.forms.layout import Form
from reports.forms.of_training import certificates_of
from reports.forms.pdf import TooWide
from reports.views.rates import district_asked_for, districts_visible
from reports.views.training_address import asked_for

COMMUNE = "xa"


@permission_needed("cadres.view_official")
@require_safe
def form_list(request: HttpRequest) -> HttpResponse:
    """The forms that the account may have."""
    user, asked = account(request), asked_for(request)
    districts = districts_visible(user, asked.end)
    district = district_asked_for(request, districts)
    communes = _communes(user, district, asked.end)
    return render(
        request,
        "reports/forms.html",
        {
            "title": "Biểu mẫu",
            "asked": asked,
            "kinds": [kind for kind in KINDS.values() if _may_have(user, kind)],
            "districts": districts,
            "district": district,
            "title_above": title_above_on(asked.end),
            "communes": communes.order_by("name"),
            "commune": _commune(request, communes),
            "file_types": [("xlsx", "Excel"), ("pdf", "PDF")],
        },
    )


@permission_needed("cadres.view_official")
@require_safe
def form_file(request: HttpRequest, code: str, file_type: str) -> HttpResponse:
    """One form as a workbook or PDF; where that takes long, the page that asks whether to begin. 404 for another form
    or type of file."""
    form, name = _asked(request, code, file_type)
    if is_long(form, file_type):
        context = {
            "title": f"{KINDS[code].name}: tệp dài",
            "name": name,
            "total": len(form.rows),
            "code": code,
            "file_type": file_type,
        }
        return render(request, "reports/form_long.html", context)
    return download(_content(form, file_type), name)


@permission_needed("cadres.view_official")
@require_POST
def form_begin(request: HttpRequest, code: str, file_type: str) -> HttpResponse:
    """Have a long file written; a short one is led to."""
    form, name = _asked(request, code, file_type)
    if not is_long(form, file_type):
        return redirect(f"{reverse('reports:form-file', args=[code, file_type])}?{request.GET.urlencode()}")
    try:
        key = long_files.begin(form, name, by=account(request))
    except long_files.Busy as refusal:
        raise BadRequest(str(refusal)) from refusal
    return redirect("reports:form-progress", key)


@permission_needed("cadres.view_official")
@require_safe
def form_progress(request: HttpRequest, key: str) -> HttpResponse:
    """How far a long file has come, then the way to it. 404 where the account has asked for no such within the hour."""
    work = long_files.work_on(key, account(request))
    if work is None:
        raise Http404
    context = {"title": f"Lập tệp {work.name}", "work": work, "key": key, "minutes": long_files.KEPT // 60}
    return render(request, "reports/form_progress.html", context)


@permission_needed("cadres.view_official")
@require_safe
def form_made_file(request: HttpRequest, key: str) -> HttpResponse:
    """A long file, once it is written. 404 where the account has none such."""
    work = long_files.work_on(key, account(request))
    if work is None or work.state != long_files.State.DONE:
        raise Http404
    return cast(HttpResponse, download_file(work.opened(), work.name))


def _asked(request: HttpRequest, code: str, file_type: str) -> tuple[Form, str]:
    """The form that the address names, and the name of its file. Raises Http404, PermissionDenied, BadRequest."""
    kind = KINDS.get(code)
    if kind is None or file_type not in WRITERS:
        raise Http404
    if not _may_have(account(request), kind):
        raise PermissionDenied(f"Tài khoản không in “{kind.name}”.")
    wanted = _wanted(request)
    of_period = f"{wanted.start}-{wanted.day}" if kind.of_period else f"{wanted.day}"
    try:
        return form_of(kind, wanted), f"{code}-{of_period}.{file_type}"
    except ValidationError as refusal:
        raise BadRequest(" ".join(refusal.messages)) from refusal


def _content(form: Form, file_type: str) -> bytes:
    try:
        return file_of(form, file_type)
    except TooWide as refusal:
        raise BadRequest(long_files.TOO_WIDE) from refusal


def _may_have(user: User, kind: Kind) -> bool:
    return all(user.has_perm(permission) for permission in kind.permissions)


def _wanted(request: HttpRequest) -> Wanted:
    """What the address asks for. Raises BadRequest for a unit out of scope, or a period that ends before it begins."""
    user, asked = account(request), asked_for(request)
    district = district_asked_for(request, districts_visible(user, asked.end))
    version = _commune(request, _communes(user, district, asked.end)) or district
    appointments = appointments_visible_to(user, asked.end)
    certificates: QuerySet[Certificate] = certificates_visible_to(user)
    if version:
        appointments = appointments.filter(unit__in=units_below(version.unit, asked.end))
        certificates = certificates_of(certificates, version.unit, asked.end)
    names = [version.name] if version else names_of_scope(user, asked.end)
    within: dict[str, Any] = {"kind": asked.kind, "enrolments": asked.enrolments}
    return Wanted(
        day=asked.end,
        start=asked.start,
        appointments=appointments,
        scope=scope_told(names),
        criterion=criterion_of(request),
        made_on=today_of(request),
        certificates=certificates,
        turns_within=within | ({"unit": version.unit} if version else {}),
        sees_money=user.has_perm("courses.view_classfunding"),
        issuer=_issuer(user, version, asked.end),
        unit=version.unit if version else _only_unit(user),
        is_of_all=not version and user.sees_every_unit,
    )


def _only_unit(user: User) -> Unit | None:
    """The unit given to the account, where that is one."""
    given = units_given(user)
    return Unit.objects.filter(pk=given[0]).first() if given and len(given) == 1 else None


def _issuer(user: User, version: UnitVersion | None, day: Any) -> Issuer:
    """Sở Nội vụ, for who sees everything; else the unit that is chosen, or the only one that the account has."""
    given = units_given(user)
    if given is None:
        return DEPARTMENT
    if version:
        return issuer_unit(version.unit, day)
    unit = _only_unit(user)
    return issuer_unit(unit, day) if unit else DEPARTMENT


def _communes(user: User, district: Any, day: Any) -> QuerySet[UnitVersion]:
    """The communes of the account on the day, in the district if one is asked for."""
    found = unit_versions_in_scope(user).as_of(day).communes()
    return found.filter(unit__in=units_below(district.unit, day)) if district else found


def _commune(request: HttpRequest, communes: QuerySet[UnitVersion]) -> UnitVersion | None:
    """The commune that the address names. Raises BadRequest for one that is not among them."""
    code = request.GET.get(COMMUNE)
    if not code:
        return None
    found = communes.filter(code=code).select_related("unit").first()
    if found is None:
        raise BadRequest(f"Vào ngày đang xem không có xã mã “{code}” trong phạm vi đã chọn. Hãy chọn lại.")
    return found
