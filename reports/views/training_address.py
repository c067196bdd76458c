"""The addresses of the training reports: period, kind, district and groups, read and written.

The words: tu, den (first and last day of the period), loai (kind of programme), huyen (district), don_vi (the day whose
units divide the turns), and in the lists one filter for each grouping (FILTER_OF), with several values between commas
where a figure means several groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from cadres.correspondence import Correspondence
from cadres.models import User
from cadres.web.addresses import query_string
from cadres.web.day import parse_day, working_day
from cadres.web.permissions import account
from cadres.web.units import UNITS_ON, units_day
from courses.access import enrolments_counted_for
from courses.models import Enrolment, Programme
from reports.training import turns
from reports.views.rates import DISTRICT

FROM, TO, KIND = "tu", "den", "loai"
# The filter of the lists that shows one group of a grouping.
FILTER_OF = {
    "kind": KIND,
    "result": "ket_qua",
    "group": "nhom",
    "subgroup": "phan_nhom",
    "position": "chuc_danh",
    "subject": "linh_vuc",
    "district": DISTRICT,
    "commune": "xa",
    "zone": "khu_vuc",
    "sex": "gioi_tinh",
    "ethnic": "dan_toc",
    "year": "nam",
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for, of the turns that the account sees."""

    user: User
    start: date
    end: date
    kind: str | None
    units: Correspondence | None = None  # of the day whose units are asked for

    @cached_property
    def enrolments(self) -> QuerySet[Enrolment] | None:
        """The scope; None is everything. Looked up once, since a page asks for figures of it four or five times, and
        each would find out anew who is in it."""
        if self.user.sees_every_unit:
            return None
        keys = turns(self.start, self.end, kind=self.kind, enrolments=enrolments_counted_for(self.user))
        return Enrolment.objects.filter(pk__in=list(keys.order_by().values_list("pk", flat=True)))

    @property
    def period(self) -> dict[str, str]:
        """The period, the kind and the day of the units, as every address of the report carries them."""
        more = {KIND: self.kind or "", UNITS_ON: self.units.day.isoformat() if self.units else ""}
        return {
            FROM: self.start.isoformat(),
            TO: self.end.isoformat(),
            **{key: word for key, word in more.items() if word},
        }

    def turns(self) -> QuerySet[Enrolment]:
        return turns(self.start, self.end, kind=self.kind, enrolments=self.enrolments)


def asked_for(request: HttpRequest) -> Asked:
    """Period and kind of the address; the period is the year up to the working day where it names none."""
    text = request.GET.get(TO)
    end = parse_day(text) if text else working_day(request)
    text = request.GET.get(FROM)
    start = parse_day(text) if text else date(end.year, 1, 1)
    if start > end:
        raise BadRequest(f"Ngày đầu kỳ {start:%d/%m/%Y} ở sau ngày cuối kỳ {end:%d/%m/%Y}. Hãy chọn lại kỳ báo cáo.")
    kind = request.GET.get(KIND) or None
    if kind and kind not in Programme.Kind.values:
        raise BadRequest(f"Không có loại hình “{kind}”. Hãy chọn lại ở trang Kết quả đào tạo.")
    day = units_day(request)
    return Asked(account(request), start, end, kind, Correspondence(day) if day else None)


def groups_asked(request: HttpRequest) -> dict[str, list[str]]:
    """Grouping → keys of groups, of each filter of the address but the kind, which is the whole report's."""
    return {
        by: request.GET[word].split(",") for by, word in FILTER_OF.items() if by != "kind" and request.GET.get(word)
    }


def address(name: str, within: Mapping[str, str], **where: str) -> str:
    return reverse(name) + query_string({**within, **where})


def turns_address(within: Mapping[str, str], **where: str) -> str:
    """The list of the turns of a figure."""
    return address("reports:training-turns", within, **where)
