"""What a unit registers of that which a programme's target or a regulation asks its people beside the standard."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.day import acting_day, criterion_of
from cadres.web.lists import FILE, Column, Columns
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from cadres.web.ticks import Ticks, Way
from courses.models import DistrictSubmission, RegisteredNeed
from courses.needs.asked import AskedNeed
from courses.needs.campaigns import own_appointments, register_needs
from courses.needs.views.asked import AskedSelection
from courses.needs.views.campaigns import submission_of
from courses.needs.views.registering import page_of_act

Priority = RegisteredNeed.Priority


class AskedSelectionOfDistrict(AskedSelection):
    """What is asked of one unit's people, from which it registers."""

    BAR = ("xa", "loai", "chuong_trinh")


@dataclass(frozen=True)
class AskedRow:
    """One thing asked of a person in the list, and what is registered of it."""

    post: Any
    need: AskedNeed
    there: RegisteredNeed | None

    @property
    def key(self) -> str:
        """OFFICIAL-PROGRAMME."""
        return f"{self.need.official_id}-{self.need.programme.pk if self.need.programme else ''}"

    @property
    def may_be_ticked(self) -> bool:
        return self.there is None and self.need.programme is not None

    @property
    def priority(self) -> Priority:
        return Priority(self.there.priority if self.there else self.need.priority)


COLUMNS = (
    Column("", "Họ và tên", cell=lambda row: row.post.official.full_name),
    Column("", "Chức danh", is_shown=False, cell=lambda row: str(row.post.position)),
    Column("", "Đơn vị", is_shown=False, cell=lambda row: row.post.commune_name),
    Column("", "Theo văn bản", cell=lambda row: f"{row.need.kind.name}: {'; '.join(row.need.sources)}"),
    Column("", "Chương trình", cell=lambda row: str(row.need.programme or "chưa có chương trình")),
    Column("", "Ưu tiên", cell=lambda row: row.priority.label),
)


def ticked_asked(request: HttpRequest, row: DistrictSubmission) -> Ticks:
    """The needs ticked: OFFICIAL-PROGRAMME."""
    return Ticks(request, f"submission-asked-{row.pk}")


def asked_of_unit(request: HttpRequest, row: Any) -> dict[str, Any] | HttpResponse:
    """What is asked of the unit's people, with what is registered of it; POST keeps what is ticked."""
    user, day = account(request), acting_day(request)
    selection = AskedSelectionOfDistrict(request.GET, user=user, day=day, criterion=criterion_of(request))
    columns, ticks = Columns(request, COLUMNS), ticked_asked(request, row)
    own = own_appointments(row, day, user)
    posts = selection.posts(selection.appointments().filter(pk__in=own.values("pk")))
    if request.method == "POST":
        registering = reverse("courses:submission-register-asked", args=[row.campaign_id, row.pk]) + kept(request)
        return ticks.answer(
            everything=lambda: [line.key for line in _rows(row, selection.everybody(posts)) if line.may_be_ticked],
            acts={"dang_ky": Way(registering)},
            filters=selection.sent(),
        )
    if FILE in request.GET:
        return columns.file(
            request,
            _rows(row, selection.everybody(posts)),
            title=f"NHU CẦU THEO CHƯƠNG TRÌNH, QUY ĐỊNH: {row.district_name.upper()}",
            notes=[f"{row.campaign}; tính ngày {day:%d/%m/%Y}.", *(text for text, _ in selection.chips())],
            stem=f"nhu-cau-theo-quy-dinh-{row.pk}",
        )
    page, found = selection.page(request, selection.urgency(), posts)
    rows = _rows(row, found)
    ticks.show(line.key for line in rows if line.may_be_ticked)
    return {"selection": selection, "page": page, "rows": rows, "ticks": ticks, "heads": columns.heads()}


def _rows(row: DistrictSubmission, found: list[tuple[Any, list[Any]]]) -> list[AskedRow]:
    """A row for each thing asked, beside what is registered of it."""
    needs = row.needs.filter(official__in=[post.official_id for post, _ in found])
    there = {(need.official_id, need.programme_id): need for need in needs}
    return [
        AskedRow(
            post,
            need,
            next((there[key] for item in need.programmes if (key := (post.official_id, item.pk)) in there), None),
        )
        for post, asked in found
        for need in asked
    ]


@permission_needed("courses.add_registeredneed")
def submission_register_asked(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """What registering those ticked will do; a POST registers them."""
    row = submission_of(request, campaign_pk, submission_pk, "courses.add_registeredneed")
    user, day, ticks = account(request), acting_day(request), ticked_asked(request, row)

    def plan() -> Plan:
        selection = AskedSelectionOfDistrict(QueryDict(), user=user, day=day, criterion=criterion_of(request))
        officials = {key_of(key.partition("-")[0]) for key in ticks.keys} - {None}
        posts = selection.posts(own_appointments(row, day, user).filter(official__in=officials))
        found = {line.key: line for line in _rows(row, selection.everybody(posts))}
        return Plan([_line(found[key]) for key in ticks.keys if key in found], of=found)

    def write(shown: Plan, _: Any) -> str:
        lines = [shown.of[str(line.key)] for line in shown.done]
        entries = [
            (line.post.official, line.need.programme, int(line.priority), line.need.reason[:200]) for line in lines
        ]
        written = register_needs(row, entries, day=day, by=user)
        ticks.clear()
        return f"Đã đăng ký {len(written)} nhu cầu."

    return page_of_act(
        request,
        row,
        lambda request, **page: act(request, plan, write, **page),
        title=f"Đăng ký nhu cầu theo chương trình, quy định: {row.district_name}",
        verb="Đăng ký",
    )


def _line(row: AskedRow) -> Line:
    name, place = str(row.post.official), f"{row.post.position} · {row.post.commune_name}"
    if row.there:
        return Line(row.key, name, place, why_not=f"{row.need.reason}: đã đăng ký")
    return Line(row.key, name, place, f"{row.need.programme}, {row.priority.label.lower()} ({row.need.reason})")
