"""Which forms there are: what each is called, what it is about, who may have it, and what makes it.

The codes stand in addresses and on the command line.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import IO, Any

from django.db.models import QuerySet

from cadres.models import Appointment, Criterion, Unit
from courses.documents.wording import DEPARTMENT, Issuer
from courses.models import Certificate, Enrolment
from reports.forms import of_people, of_training
from reports.forms.layout import Form, Told, to_nobody
from reports.forms.of_people import Asked
from reports.forms.of_training import AskedOfPeriod
from reports.forms.pdf import pdf
from reports.forms.source import counted_again, source_of
from reports.forms.workbook import workbook
from reports.training import SOURCE, Money, training, turns

PDF, EXCEL = "pdf", "xlsx"
WRITERS: dict[str, Callable[[Form, IO[bytes], Told], None]] = {EXCEL: workbook, PDF: pdf}
# Rows that are written while somebody waits, about a second; what has more is written by a process (long_files.py).
IN_REQUEST = {EXCEL: 5_000, PDF: 2_000}


@dataclass(frozen=True)
class Wanted:
    """What is asked for, by a page or the command: a day, or a period that ends on it; which posts, turns and
    certificates, and what that is called; `unit`, where they are those of one, or else `is_of_all` where they are
    those of the province; whether money is told; the day of the paper."""

    day: date
    start: date
    appointments: QuerySet[Appointment] | None
    scope: str
    criterion: Criterion
    made_on: date
    certificates: QuerySet[Certificate]
    turns_within: dict[str, Any]  # of reports.training.turns
    sees_money: bool = True
    issuer: Issuer = DEPARTMENT
    unit: Unit | None = None
    is_of_all: bool = False

    @property
    def of_day(self) -> Asked:
        source = (
            source_of(self.day, self.unit, made_on=self.made_on)
            if self.unit or self.is_of_all
            else counted_again(self.made_on)
        )
        return Asked(self.day, self.appointments, self.scope, self.made_on, source)

    @property
    def of_period(self) -> AskedOfPeriod:
        counted: QuerySet[Enrolment] = turns(self.start, self.day, **self.turns_within)
        return AskedOfPeriod(
            self.start,
            self.day,
            counted,
            self.certificates.filter(issued_on__range=(self.start, self.day)),
            self._money() if self.sees_money else None,
            self.scope,
            self.made_on,
        )

    def _money(self) -> Money:
        return training(self.start, self.day, by=SOURCE, **self.turns_within).whole.money


@dataclass(frozen=True)
class Kind:
    """A form: code, mark or short name, what it holds, and the permissions that it takes; it is of a day, else of a
    period, or of the year of the day."""

    code: str
    name: str
    title: str
    make: Callable[[Wanted], Form]
    permissions: tuple[str, ...] = ("cadres.view_official",)
    of_period: bool = False
    is_of_year: bool = False


IN_PERIOD = ("cadres.view_official", "courses.view_enrolment")
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "so-luong-chat-luong-chuc-danh",
            "Số lượng, chất lượng theo chức danh",
            "Số lượng, chất lượng cán bộ, công chức cấp xã, mỗi chức danh một dòng",
            lambda asked: of_people.by_position(asked.of_day),
        ),
        Kind(
            "so-luong-chat-luong-don-vi",
            "Số lượng, chất lượng theo đơn vị",
            "Số lượng, chất lượng cán bộ, công chức cấp xã, mỗi xã một dòng",
            lambda asked: of_people.by_unit(asked.of_day),
        ),
        Kind(
            "02-cl-cbccx",
            "Mẫu số 02/CL.CBCCX",
            "Thống kê chất lượng cán bộ, công chức cấp xã, từng người",
            lambda asked: of_people.quality_list(asked.of_day),
        ),
        Kind(
            "bm04",
            "BM04/BNV",
            "Danh sách và tiền lương cán bộ, công chức cấp xã; lương, phụ cấp để trống",
            lambda asked: of_people.pay_list(asked.of_day),
        ),
        Kind(
            "trich-ngang",
            "Danh sách trích ngang",
            "Mỗi người một dòng: quê quán, ngày vào Đảng, trình độ, chức vụ",
            lambda asked: of_people.extract_list(asked.of_day),
        ),
        Kind(
            "nhu-cau",
            "Nhu cầu đào tạo, bồi dưỡng",
            "Số người chưa đạt mức của chức danh, theo từng mặt",
            lambda asked: of_people.needs(asked.of_day, criterion=asked.criterion),
        ),
        Kind(
            "mau-so-1",
            "Mẫu số 1",
            "Tổng hợp kết quả đào tạo, bồi dưỡng cán bộ, công chức trong nước",
            lambda asked: of_training.results(asked.of_period),
            IN_PERIOD,
            of_period=True,
        ),
        Kind(
            "10-btctw",
            "Biểu 10-BTCTW",
            "Thống kê kết quả đào tạo, bồi dưỡng cán bộ",
            lambda asked: of_training.party_results(asked.of_period),
            IN_PERIOD,
            of_period=True,
        ),
        Kind(
            "so-chung-chi",
            "Sổ cấp văn bằng, chứng chỉ",
            "Văn bằng, chứng chỉ cấp trong kỳ, cả đã thu hồi",
            lambda asked: of_training.register(asked.of_period),
            ("courses.view_certificate",),
            of_period=True,
        ),
        Kind(
            "ke-hoach",
            "Kế hoạch đào tạo, bồi dưỡng năm",
            "Các dòng của kế hoạch năm, cả các lần điều chỉnh",
            lambda asked: of_training.plan(asked.day.year, made_on=asked.made_on),
            ("courses.view_trainingplan",),
            is_of_year=True,
        ),
    )
}


def form_of(kind: Kind, wanted: Wanted) -> Form:
    """The form that is asked for, with the head and the signer of who issues it. Raises ValidationError where there is
    nothing that it could be of."""
    form, issuer = kind.make(wanted), wanted.issuer
    return replace(
        form,
        above=issuer.above,
        issuer=issuer.name,
        place=issuer.place,
        signers=(form.signers[0], issuer.head or form.signers[1]),
    )


def is_long(form: Form, file_type: str) -> bool:
    """Whether to write the file takes longer than one waits for a page."""
    return len(form.rows) > IN_REQUEST[file_type]


def file_of(form: Form, file_type: str, told: Told = to_nobody) -> bytes:
    """The form as a file of that type (a key of WRITERS)."""
    out = BytesIO()
    WRITERS[file_type](form, out, told)
    return out.getvalue()
