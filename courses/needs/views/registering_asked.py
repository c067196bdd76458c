"""What a unit registers of that which a programme's target or a regulation asks its people beside the standard."""

from collections.abc import Sized
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cadres.models import Appointment
from cadres.web.acts import Line
from cadres.web.addresses import kept
from cadres.web.cells import in_full
from cadres.web.day import acting_day, criterion_of
from cadres.web.lists import Column
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay
from cadres.web.ticks import Ticks
from courses.models import DistrictSubmission, Programme, RegisteredNeed
from courses.needs.asked import AskedNeed
from courses.needs.campaigns import register_needs
from courses.needs.views.asked import AskedSelection
from courses.needs.views.campaigns import submission_of
from courses.needs.views.registering import page_of_registering
from courses.needs.views.to_register import (
    column_of_programme,
    list_to_register,
    of_first,
    registered,
    registered_as,
    told_of_programme,
)

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
    def programme(self) -> Programme | None:
        return self.need.programme

    @property
    def priority(self) -> Priority:
        return Priority(self.there.priority if self.there else self.need.priority)


def _told(row: Any) -> SafeString:
    need = row[1][0].need
    text = f"{need.kind.name}: {'; '.join(need.sources)}"
    late = format_html(' <span class="tag bad">quá hạn {}</span>', ngay(need.due)) if need.is_overdue else ""
    return format_html("{}{}", in_full(text), late)


def _priority(row: Any) -> SafeString | str:
    line = row[1][0]
    if line.there:
        return format_html('<span class="tag good">{}</span>', registered_as(line))
    return str(line.priority.label)


OF_NEED = (
    Column(
        "van_ban",
        "Theo văn bản",
        key=of_first(lambda line: (line.need.kind.name, line.need.sources)),
        cell=of_first(lambda line: f"{line.need.kind.name}: {'; '.join(line.need.sources)}"),
        page=_told,
        is_long=True,
    ),
    column_of_programme(of_first(lambda line: in_full(told_of_programme(line)))),
    Column(
        "uu_tien",
        "Ưu tiên",
        key=of_first(lambda line: (line.there is not None, line.priority)),
        cell=of_first(lambda line: registered_as(line) or line.priority.label),
        page=_priority,
    ),
)


def ticked_asked(request: HttpRequest, row: DistrictSubmission) -> Ticks:
    """The needs ticked: OFFICIAL-PROGRAMME."""
    return Ticks(request, f"submission-asked-{row.pk}")


def asked_of_unit(request: HttpRequest, row: Any, *, may_write: bool) -> dict[str, Any] | HttpResponse:
    """What is asked of the unit's people, with what is registered of it; POST keeps what is ticked."""
    user, day = account(request), acting_day(request)
    return list_to_register(
        request,
        row,
        AskedSelectionOfDistrict(request.GET, user=user, day=day, criterion=criterion_of(request)),
        ticked_asked(request, row),
        beside=lambda found: _with_registered(row, found),
        of_need=OF_NEED,
        registering=reverse("courses:submission-register-asked", args=[row.campaign_id, row.pk]) + kept(request),
        title="NHU CẦU THEO CHƯƠNG TRÌNH, QUY ĐỊNH",
        stem="nhu-cau-theo-quy-dinh",
        may_write=may_write,
        what="người phải học theo chương trình, quy định",
        nobody=f"Ngày {ngay(day)} không ai của đơn vị còn phải học theo chương trình, quy định.",
    )


def _with_registered(row: DistrictSubmission, found: list[tuple[Any, list[Any]]]) -> list[tuple[Any, list[Any]]]:
    """The posts with what is asked of each, beside what is registered of it."""
    registered_of = registered(row, found)
    return [(post, [AskedRow(post, need, registered_of(need)) for need in asked]) for post, asked in found]


@permission_needed("courses.add_registeredneed")
def submission_register_asked(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """What registering those ticked will do; a POST registers them."""
    row = submission_of(request, campaign_pk, submission_pk, "courses.add_registeredneed")
    user, day = account(request), acting_day(request)

    def found(own: QuerySet[Appointment]) -> dict[str, AskedRow]:
        selection = AskedSelectionOfDistrict(QueryDict(), user=user, day=day, criterion=criterion_of(request))
        asked = _with_registered(row, selection.everybody(selection.posts(own)))
        return {line.key: line for _, lines in asked for line in lines}

    def write(lines: list[AskedRow]) -> Sized:
        entries = [
            (line.post.official, line.need.programme, int(line.priority), line.need.reason[:200])
            for line in lines
            if line.need.programme
        ]
        return register_needs(row, entries, day=day, by=user)

    return page_of_registering(
        request,
        row,
        ticked_asked(request, row),
        found=found,
        line=_line,
        write=write,
        title="Đăng ký nhu cầu theo chương trình, quy định",
    )


def _line(row: AskedRow) -> Line:
    name, place = str(row.post.official), f"{row.post.position} · {row.post.commune_name}"
    if row.there:
        return Line(row.key, name, place, why_not=f"{row.need.reason}: đã đăng ký")
    return Line(row.key, name, place, f"{row.need.programme}, {row.priority.label.lower()} ({row.need.reason})")
