"""“Xã”: one commune on one page, with the ways to its people, rosters and classes, and to what has to be put right."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404, lying_in_scope, units_given, visible_to
from cadres.models import ImportBatch, Unit, User, zone_told
from cadres.rate import Rate
from cadres.review import Severity, review
from cadres.review.sources import Lens
from cadres.views.reviews import TAGS
from cadres.web.addresses import dated, query_string
from cadres.web.day import CRITERION, DAY, criterion_of, today_of, working_day
from cadres.web.permissions import account, permission_needed
from reports.charts import LineChart, chart_of_days
from reports.commune.figures import commune_on, kin_of, past_of

ROSTERS_SHOWN = 6


@permission_needed("cadres.view_official")
@require_safe
def commune_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The commune of the key on the day of the page; 404 on a day on which it does not lie in the account's scope."""
    user, day, criterion = account(request), working_day(request), criterion_of(request)
    unit = fetch_or_404(Unit.objects.prefetch_related("versions"), user, pk=pk)
    version = lying_in_scope(user, day).communes().with_above(day).filter(unit=unit).first()
    if version is None:
        raise Http404("Vào ngày này đơn vị chưa có, hoặc không thuộc phạm vi được giao.")
    lens = Lens.of(user, day, now=today_of(request), units=[unit.pk])
    commune = commune_on(unit, lens, user=user, criterion=criterion)
    return render(
        request,
        "reports/commune.html",
        {
            "title": version.name,
            "version": version,
            "is_in_force": version.is_in_force(day),
            "zone": "" if commune.facts is None else zone_told(commune.facts.zone),
            "commune": commune,
            "where": {"xa": version.code},
            "chart": _chart(request, commune.course),
            "past": past_of(unit, None if units_given(user) is None else day),
            "kin": kin_of(unit),
            "rosters": _rosters(user, unit) if user.has_perm("cadres.view_importbatch") else [],
            "findings": _findings(lens) if user.has_perm("cadres.view_setaside") else [],
            "dated": dated(request),
        },
    )


def _rosters(user: User, unit: Unit) -> list[ImportBatch]:
    """The last rosters that were sent for the commune alone, the latest first."""
    return list(visible_to(ImportBatch.objects.filter(unit=unit), user).order_by("-created_at")[:ROSTERS_SHOWN])


def _findings(lens: Lens) -> list[tuple[Severity, int, str]]:
    """How many findings of each severity the review of the data has here; without those of which there are none."""
    found = review(lens).by_severity
    return [(severity, found[severity], TAGS[severity]) for severity in Severity if found[severity]]


def _chart(request: HttpRequest, course: list[tuple[date, Rate]]) -> LineChart:
    """The rates as a line; each point leads to this page on its day."""
    criterion = criterion_of(request)
    return chart_of_days(
        [(day, rate.percent) for day, rate in course],
        lambda day: request.path + query_string({DAY: day, CRITERION: criterion.code}),
    )
