"""The whole chain in a real browser: from what people lack, through a class, to a higher rate, and back.

Ten people of huyện Bắc Hà need the class. Nine lack tin học A only, so that it makes them compliant; Giàng A 9 lacks a
professional level besides. Giàng A 0 retires before the class ends: barred. The class has eight seats, so one waits.
"""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from cadres.models import Criterion, Official
from cadres.periods import PartialDate
from courses.models import Certificate, Enrolment, Institution, Programme, TrainingClass
from reports.rates import rate_on
from tests.browser.conftest import PHONE, WIDE, sign_in
from tests.builders import (
    begin_data,
    it_is,
    make_appointment,
    make_class,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    make_qualification,
    make_session,
    make_zone,
    position_of,
    the_clock_says,
)
from tests.conftest import unit_of
from tests.province import BAC_HA_TOWN

BEFORE, STARTS, ENDS, YEAR_END = date(2015, 11, 20), date(2015, 12, 7), date(2015, 12, 11), date(2015, 12, 31)
SEATS = 8
TAUGHT_BY = "Trường Chính trị tỉnh Lào Cai, cơ sở 2"


@pytest.fixture
def programme(cast) -> Programme:
    """What ten people of thị trấn Bắc Hà need, taught by the institution of the cast."""
    town = unit_of(BAC_HA_TOWN)
    it_is(date(2014, 12, 31))
    begin_data(town, date(2014, 12, 31))
    make_zone(town, 1)
    for number in range(10):
        born = date(1955, 6, 1) if number == 0 else date(1980, 1, 1 + number)
        official = make_official(f"Giàng A {number}", sex="M", birth=PartialDate(born), ethnic="08")
        make_appointment(official, position_of("VP_TK"), town)
        make_qualification(official, "education", "THPT")
        make_qualification(official, "professional", "SC" if number == 9 else "TC")
        make_qualification(official, "it", "KHONG")
    make_institution(TAUGHT_BY, user=cast["institution"])
    return make_programme("it:A", title="Ứng dụng công nghệ thông tin cơ bản", hours=8, targets=("VP_TK",))


@pytest.fixture
def training_class(programme) -> TrainingClass:
    training_class = make_class(
        programme,
        state="open",
        start_date=STARTS,
        end_date=ENDS,
        enrol_until=date(2015, 12, 1),
        seats=SEATS,
        institution=Institution.objects.get(name=TAUGHT_BY),
        place=unit_of("085"),
    )
    make_session(training_class, STARTS, hour=8)
    make_session(training_class, STARTS, hour=14)
    return training_class


def on(page: Page, day: date) -> None:
    """Work on that day, which has come, from the list of classes on: the day picked holds for the session."""
    the_clock_says(day)
    page.goto(f"/dao-tao/lop/?ngay={day}")


def open_class_page(page: Page, training_class: TrainingClass) -> None:
    """From the list of classes."""
    page.get_by_role("link", name=training_class.programme.title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ứng dụng công nghệ thông tin")


def compliant_on_the_home_page(page: Page) -> tuple[int, int]:
    page.goto(f"/?ngay={YEAR_END}")
    note = page.locator(".figure-note").first.inner_text()
    compliant, total = re.match(r"\s*([\d.]+)\s*/\s*([\d.]+) người", note).groups()
    engine = rate_on(YEAR_END, criterion=Criterion.objects.get(code="FULL"))
    assert (int(compliant), int(total)) == (engine.compliant, engine.total)
    return engine.compliant, engine.total


def states(training_class: TrainingClass) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in training_class.enrolments.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def officer_enrols(page: Page, training_class: TrainingClass) -> None:
    """Ten people need it: one cannot be ticked, nine are sent, the ninth waits."""
    on(page, BEFORE)
    open_class_page(page, training_class)
    page.get_by_role("link", name="Cử người đi học").click()
    expect(page.get_by_text("10 người, gấp nhất trước")).to_be_visible()
    barred = page.get_by_role("row").filter(has_text="Giàng A 0")
    expect(barred).to_contain_text("Nghỉ hưu trước khi phục vụ đủ")
    expect(barred.get_by_role("checkbox")).to_have_count(0)
    boxes = page.get_by_role("checkbox", name=re.compile("^Cử "))
    expect(boxes).to_have_count(9)
    for box in boxes.all():
        box.check()
    expect(page.get_by_text("1 người sẽ vào danh sách chờ")).to_be_visible()
    page.get_by_role("button", name="Cử 9 người").click()
    expect(page.get_by_text("8 người có chỗ và chờ Sở Nội vụ duyệt; 1 người vào danh sách chờ")).to_be_visible()
    expect(page.get_by_text(re.compile("người đạt chuẩn: tỷ lệ"))).to_be_visible()
    page.get_by_role("button", name="Cử 9 người").click()
    expect(page.get_by_text("Đã cử 8 người, chờ Sở Nội vụ duyệt")).to_be_visible()
    expect(page.get_by_text("1 người vào danh sách chờ")).to_be_visible()
    assert states(training_class) == {"nominated": 8, "waiting": 1}


def province_sends_and_starts(page: Page, training_class: TrainingClass) -> None:
    on(page, BEFORE)
    open_class_page(page, training_class)
    page.get_by_role("link", name="Duyệt, ra quyết định cử").click()
    boxes = page.get_by_role("checkbox", name=re.compile("^Chọn "))
    expect(boxes).to_have_count(9)  # eight people, and all of them at once
    for box in boxes.all():
        box.check()
    page.get_by_role("button", name="Duyệt 8 người", exact=True).click()
    page.get_by_role("button", name="Duyệt 8 người", exact=True).click()
    expect(page.get_by_text("Đã duyệt 8 người")).to_be_visible()
    page.get_by_role("link", name="Ra quyết định cử 8 người").click()
    page.get_by_label("Số quyết định").fill("125/QĐ-SNV")
    page.get_by_label(re.compile("^Người ký")).fill("Lê Văn Minh")
    page.get_by_label("Vì sao một mình vừa lập vừa phê duyệt").fill("Phòng chỉ có một người")
    page.get_by_role("button", name="Cử 8 người").click()
    expect(page.get_by_text("Quyết định số 125/QĐ-SNV cử 8 người đi học")).to_be_visible()
    on(page, STARTS)
    open_class_page(page, training_class)
    page.get_by_role("link", name="Khai giảng").click()
    page.get_by_label("Tôi đã kiểm tra").check()
    page.get_by_role("button", name="Khai giảng với 8 người").click()
    expect(page.get_by_text("Đã khai giảng lớp")).to_be_visible()


def institution_teaches(page: Page, training_class: TrainingClass) -> None:
    """All present but one who misses a session; seven complete, one fails."""
    on(page, STARTS)
    expect(page.get_by_role("link", name="Cán bộ, công chức")).to_have_count(0)
    open_class_page(page, training_class)
    page.get_by_role("link", name="Điểm danh").first.click()
    buttons = page.get_by_role("button", name=re.compile("^Tất cả có mặt"))
    expect(buttons.first).to_be_visible()
    for button in buttons.all():
        button.click()
    page.get_by_label(re.compile("^Giàng A 1, ")).first.select_option("P")
    page.get_by_role("button", name="Lưu điểm danh").click()
    expect(page.get_by_text(re.compile("Đã ghi"))).to_be_visible()
    page.get_by_role("link", name="Kết quả", exact=True).first.click()
    expect(page.get_by_role("button", name="Lưu kết quả")).to_be_visible()
    for number in range(1, 10):
        mark = page.get_by_label(f"Điểm của Giàng A {number}", exact=True)
        if mark.count():
            mark.fill("4" if number == 2 else "8,5")
            mark.press("Enter")
    page.get_by_role("button", name="Lưu kết quả").click()
    expect(page.get_by_text("Đã ghi kết quả của 8 người")).to_be_visible()
    assert states(training_class) == {"completed": 7, "failed": 1, "rejected": 1}


def province_ends(page: Page, training_class: TrainingClass) -> None:
    on(page, ENDS)
    open_class_page(page, training_class)
    page.get_by_role("link", name="Bế giảng").click()
    page.get_by_label("Tôi đã kiểm tra").check()
    page.get_by_role("button", name="Bế giảng").click()
    expect(page.get_by_text("Đã bế giảng lớp")).to_be_visible()


def institution_certifies(page: Page, training_class: TrainingClass, people: int = 7) -> None:
    on(page, ENDS)
    open_class_page(page, training_class)
    page.get_by_role("link", name="Cấp chứng chỉ").click()
    page.get_by_label("Đã đối chiếu danh sách").check()
    page.get_by_role("button", name=f"Cấp {people} chứng chỉ").click()
    expect(page.get_by_text(re.compile(f"Đã cấp {people} chứng chỉ"))).to_be_visible()
    assert Certificate.objects.filter(qualification__isnull=False).count() == people


def test_training_raises_the_rate_by_those_whom_it_made_compliant_and_a_result_taken_back_lowers_it(
    page, cast, training_class
):
    sign_in(page, cast["province"])
    assert compliant_on_the_home_page(page) == (0, 10)
    sign_in(page, cast["officer"])
    officer_enrols(page, training_class)
    sign_in(page, cast["province"])
    province_sends_and_starts(page, training_class)
    assert states(training_class) == {"attending": 8, "rejected": 1}
    sign_in(page, cast["institution"])
    institution_teaches(page, training_class)
    sign_in(page, cast["province"])
    province_ends(page, training_class)
    sign_in(page, cast["institution"])
    institution_certifies(page, training_class)

    # Who completed and lacked nothing else is compliant now: neither the one who failed, nor whoever lacks more.
    completed = Enrolment.objects.filter(state="completed").exclude(official__full_name="Giàng A 9")
    names = sorted(completed.values_list("official__full_name", flat=True))
    sign_in(page, cast["province"])
    assert compliant_on_the_home_page(page) == (len(names), 10)
    page.locator(".figure-note a").first.click()
    expect(page.get_by_role("row").first).to_be_visible()
    shown = page.locator("main").inner_text()
    assert [name for name in (f"Giàng A {number}" for number in range(10)) if name in shown] == names

    # The page of movements tells the same names, and the class that did it.
    page.goto(f"/ty-le/thay-doi/?tu={BEFORE}&ngay={YEAR_END}")
    moved = page.locator("main").inner_text()
    assert all(name in moved for name in names)
    assert training_class.code in moved

    # One result is taken back: one person fewer.
    official = Official.objects.get(full_name=names[0])
    page.get_by_role("link", name="Lớp học").first.click()
    open_class_page(page, training_class)
    page.get_by_role("link", name="Kết quả", exact=True).first.click()
    page.get_by_role("row").filter(has_text=official.full_name).get_by_role("link", name="Thu hồi").click()
    page.get_by_label(re.compile("ghi sai", re.IGNORECASE)).first.check()
    page.get_by_label("Lý do").fill("Nhập nhầm điểm của người khác")
    page.get_by_label("Đã đối chiếu đúng người").check()
    page.get_by_role("button", name=re.compile("^Thu hồi")).click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()
    assert compliant_on_the_home_page(page) == (len(names) - 1, 10)


def test_an_officer_nominates_on_a_phone(page, cast, training_class):
    page.set_viewport_size(PHONE)
    sign_in(page, cast["officer"])
    page.goto(f"/dao-tao/lop/{training_class.pk}/cu-nguoi/?ngay={BEFORE}")
    page.get_by_role("checkbox", name="Cử Giàng A 1").check()

    page.get_by_role("button", name="Cử 1 người").click()
    expect(page.get_by_text(re.compile("người đạt chuẩn: tỷ lệ"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Cử 1 người").click()

    expect(page.get_by_text("Đã cử 1 người, chờ Sở Nội vụ duyệt: Giàng A 1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(WIDE)


def test_the_grid_of_attendance_is_filled_by_the_keyboard(page, cast, training_class):

    officials = Official.objects.order_by("full_name")[1:4]
    for official in officials:
        make_enrolment(official, training_class, "attending")
    TrainingClass.objects.update(state="running")
    the_clock_says(STARTS)
    sign_in(page, cast["institution"])
    page.goto(f"/dao-tao/lop/{training_class.pk}/diem-danh/")
    page.get_by_label(re.compile("^Giàng A 1, ")).first.focus()
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("k")
    page.get_by_role("button", name="Lưu điểm danh").click()
    expect(page.get_by_text(re.compile("Đã ghi"))).to_be_visible()

    first, second = training_class.sessions.all()
    marks = {
        (item.enrolment.official.full_name, item.session): item.mark
        for item in first.attendance.select_related("enrolment__official", "session")
    } | {
        (item.enrolment.official.full_name, item.session): item.mark
        for item in second.attendance.select_related("enrolment__official", "session")
    }
    assert marks == {
        ("Giàng A 1", first): "present",
        ("Giàng A 2", first): "late",
        ("Giàng A 2", second): "unexcused",
    }
