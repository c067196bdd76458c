"""The steps of a class, each on a page that says what will happen: opened, started, ended, reopened, cancelled."""

from django.http import HttpRequest, HttpResponse

from cadres.web.day import acting_day
from cadres.web.permissions import account, permission_needed
from courses.class_pages import change, class_of, page_of
from courses.classes import cancel_class, end_class, open_class, reopen_class, start_class
from courses.classes.forms import CancelForm
from courses.classes.views.classes import counts_of
from courses.forms import ConfirmForm
from courses.models import Enrolment
from courses.seats import seats_of


@permission_needed("courses.change_trainingclass")
def class_open(request: HttpRequest, pk: int) -> HttpResponse:
    training_class = class_of(request, pk)
    seats = seats_of(training_class)
    given = sum(quota for quota, _ in seats.by_district.values())

    def write() -> str:
        open_class(training_class, by=account(request))
        return f"Đã mở đăng ký lớp {training_class.code}: các đơn vị cử người được từ bây giờ."

    rule = (
        f"{given} trong {training_class.seats} chỗ đã giao cho các đơn vị, {seats.reserve} chỗ dự phòng của tỉnh."
        if seats.has_quotas
        else "Lớp chưa có chỉ tiêu của đơn vị nào: ai được cử trước thì có chỗ trước."
    )
    until = training_class.enrol_until
    deadline = f"Hạn đăng ký: {until:%d/%m/%Y}." if until else "Lớp không đặt hạn đăng ký."
    return change(
        request,
        ConfirmForm(request.POST or None),
        write,
        training_class=training_class,
        title="Mở đăng ký",
        action="Mở đăng ký cho các đơn vị",
        back=page_of(training_class),
        lead=f"Các đơn vị sẽ thấy lớp và cử người của mình. {rule} {deadline}",
    )


@permission_needed("courses.change_trainingclass")
def class_start(request: HttpRequest, pk: int) -> HttpResponse:
    training_class, day = class_of(request, pk), acting_day(request)
    people = {row["state"]: row["people"] for row in counts_of(training_class)}
    decided = people.get(Enrolment.State.DECIDED, 0)
    others = sum(people.get(state, 0) for state in Enrolment.BEFORE_CLASS) - decided

    def write() -> str:
        started = start_class(training_class, day=day, by=account(request))
        left = f"; {started.rejected} người chưa có quyết định ra khỏi danh sách" if started.rejected else ""
        return f"Đã khai giảng lớp {training_class.code} với {started.attending} người{left}."

    lead = f"{decided} người có quyết định cử đi học sẽ vào học."
    if others:
        lead += f" {others} người còn chờ hoặc chưa có quyết định sẽ ra khỏi danh sách."
    return change(
        request,
        ConfirmForm(request.POST or None),
        write,
        training_class=training_class,
        title="Khai giảng",
        action=f"Khai giảng với {decided} người",
        back=page_of(training_class),
        lead=lead,
        is_final=True,
    )


@permission_needed("courses.change_trainingclass")
def class_end(request: HttpRequest, pk: int) -> HttpResponse:
    training_class, day = class_of(request, pk), acting_day(request)

    def write() -> str:
        end_class(training_class, day=day, by=account(request))
        return f"Đã bế giảng lớp {training_class.code}. Lượt học hoàn thành được tính vào báo cáo."

    return change(
        request,
        ConfirmForm(request.POST or None),
        write,
        training_class=training_class,
        title="Bế giảng",
        action="Bế giảng",
        back=page_of(training_class),
        lead="Từ đây kết quả của lớp được tính vào báo cáo. Chưa cấp chứng chỉ thì còn mở lại được.",
    )


@permission_needed("courses.change_trainingclass")
def class_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    training_class = class_of(request, pk)

    def write() -> str:
        reopen_class(training_class, by=account(request))
        return f"Đã mở lại lớp {training_class.code} để sửa kết quả."

    return change(
        request,
        ConfirmForm(request.POST or None),
        write,
        training_class=training_class,
        title="Mở lại lớp",
        action="Mở lại để sửa kết quả",
        back=page_of(training_class),
        lead="Lớp trở lại tình trạng đang học; kết quả tạm thời không có trong báo cáo cho đến khi bế giảng lại.",
    )


@permission_needed("courses.change_trainingclass")
def class_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    training_class, day = class_of(request, pk), acting_day(request)
    seats = seats_of(training_class)

    def write() -> str:
        people = cancel_class(training_class, reason=form.cleaned_data["reason"], day=day, by=account(request))
        told = f"; {people} người ra khỏi lớp và được cử lớp khác" if people else ""
        return f"Đã hủy lớp {training_class.code}{told}."

    form = CancelForm(request.POST or None)
    people = seats.taken + seats.waiting
    return change(
        request,
        form,
        write,
        training_class=training_class,
        title="Hủy lớp",
        action="Hủy lớp",
        back=page_of(training_class),
        lead=(
            f"{people} người đang có tên trong lớp sẽ ra khỏi lớp; các buổi học chưa diễn ra bị hủy."
            if people
            else "Lớp chưa có ai; các buổi học đã xếp bị hủy."
        ),
        is_final=True,
    )
