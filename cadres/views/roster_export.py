"""The roster as it stands, to look at or to fill in: as a workbook, as text, or as a template."""

from io import BytesIO, StringIO

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from cadres.access import appointments_visible_to, unit_versions_in_scope, units_writable_on
from cadres.posts import units_below
from cadres.roster.samples import ERAS, write_sample
from cadres.roster.template_workbook import write_template
from cadres.roster.workbook_out import roster_rows, write_csv, write_xlsx
from cadres.web.day import working_day
from cadres.web.downloads import download
from cadres.web.permissions import account, permission_needed
from cadres.web.progress import come, told

WORKBOOK, TEXT, TEMPLATE = "", "csv", "mau"


@permission_needed("cadres.view_official")
@require_safe
def roster_export(request: HttpRequest) -> HttpResponseBase:
    """The roster of the day as the importer reads it: ?ngay=, ?don_vi=CODE (district or commune), ?dang=csv or mau."""
    user = account(request)
    day, form = working_day(request), request.GET.get("dang", WORKBOOK)
    if form not in (WORKBOOK, TEXT, TEMPLATE):
        raise BadRequest(f"Không có dạng tệp “{form}”.")
    appointments, units, place = appointments_visible_to(user, day), units_writable_on(user, day), ""
    if code := request.GET.get("don_vi", ""):
        version = unit_versions_in_scope(user).as_of(day).filter(code=code).select_related("unit").first()
        if version is None:
            raise Http404(f"Không có đơn vị mã {code} vào ngày {day:%d/%m/%Y}.")
        inside = units_below(version.unit, day)
        appointments, units, place = appointments.filter(unit__in=inside), set(inside), version.name
    rows = told(request, roster_rows(day, appointments))
    stream = BytesIO()
    if form == TEXT:
        text = StringIO(newline="")
        write_csv(rows, text)
        stream.write(text.getvalue().encode("utf-8-sig"))
    elif form == TEMPLATE:
        write_template(rows, day, stream, units=units, place=place)
    else:
        write_xlsx(rows, day, stream)
    begin, ending = "mau-danh-sach" if form == TEMPLATE else "danh-sach", "csv" if form == TEXT else "xlsx"
    return come(request, download(stream.getvalue(), f"{begin}-{day:%Y-%m-%d}.{ending}"))


@permission_needed("cadres.add_importbatch")
@require_safe
def roster_sample(request: HttpRequest, era: str) -> HttpResponse:
    """A roster of invented people to try the import with, as they came in 2015 or come now."""
    if era not in ERAS:
        raise Http404(f"Không có danh sách mẫu “{era}”.")
    stream = BytesIO()
    write_sample(ERAS[era], stream)
    return download(stream.getvalue(), ERAS[era].file_name)
