"""The grids of attendance and results with nothing but the keyboard, and on the phone."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, Route, expect

from cadres import roles
from cadres.models import User
from courses.models import Attendance, Enrolment, TrainingClass
from tests.browser.conftest import PHONE, sign_in
from tests.builders import make_class, make_enrolment, make_institution, make_official, make_session
from tests.conftest import make_user


@pytest.fixture
def account(site) -> User:
    return make_user("truong-chinh-tri", roles.TRAINING_INSTITUTION)


@pytest.fixture
def training_class(account) -> TrainingClass:
    training_class = make_class(institution=make_institution("Trường Chính trị tỉnh", user=account))
    for name in ("Giàng A Sử", "Lý Thị Lan", "Vàng Thị Mỷ"):
        make_enrolment(make_official(name), training_class)
    for day, hour in ((2, 8), (2, 14), (3, 8)):
        make_session(training_class, date(2015, 3, day), hour=hour)
    return training_class


def marks() -> list[tuple[str, int, str]]:
    """(name, day of the month, mark), in order."""
    rows = Attendance.objects.order_by("enrolment__official__name_order", "session")
    return [(row.enrolment.official.full_name, row.session.day.day, row.mark) for row in rows]


def open_grid(page: Page, account: User, training_class: TrainingClass, name: str) -> None:
    sign_in(page, account)
    page.goto(f"/dao-tao/lop/{training_class.pk}/{name}/?ngay=2015-12-31")


def test_what_was_filled_in_before_the_script_came_is_counted_too(page, account, training_class):
    sign_in(page, account)
    held: list[Route] = []

    def hold(way: Route) -> None:
        held.append(way)

    page.route("**/static/grid*.js", hold)
    with page.expect_request("**/static/grid*.js"):
        page.goto(f"/dao-tao/lop/{training_class.pk}/diem-danh/?ngay=2015-12-31", wait_until="commit")
    page.get_by_label("Lý Thị Lan, 02/03/2015 08:00").select_option("C")
    held[0].continue_()

    expect(page.get_by_text("1 ô chưa lưu.")).to_be_visible()


def test_attendance_with_the_keyboard(page, account, training_class):
    open_grid(page, account, training_class, "diem-danh")

    page.get_by_label("Lý Thị Lan, 02/03/2015 08:00").focus()
    for key in ("c", "ArrowRight", "k", "Enter", "p", "ArrowLeft", "m", "ArrowUp", "Delete", "C"):
        page.keyboard.press(key)
    expect(page.get_by_text("4 ô chưa lưu.")).to_be_visible()
    page.get_by_role("button", name="Lưu điểm danh").click()

    expect(page.get_by_text("Đã ghi 4 ô điểm danh.")).to_be_visible()
    assert marks() == [
        ("Lý Thị Lan", 2, "present"),
        ("Lý Thị Lan", 2, "unexcused"),
        ("Vàng Thị Mỷ", 2, "late"),
        ("Vàng Thị Mỷ", 2, "excused"),
    ]


def test_everybody_came_in_one_click_and_on_the_phone_one_session_is_shown(page, account, training_class):
    open_grid(page, account, training_class, "diem-danh")
    page.set_viewport_size(PHONE)

    expect(page.locator("tbody select:visible")).to_have_count(3)
    page.get_by_role("link", name="T2 02/03 chiều").click()
    page.get_by_role("button", name="Tất cả có mặt, chiều 02/03/2015").click()
    page.get_by_label("Vàng Thị Mỷ, 02/03/2015 14:00").select_option("P")
    page.get_by_role("button", name="Lưu điểm danh").click()

    expect(page.get_by_text("Đã ghi 3 ô điểm danh.")).to_be_visible()
    assert [mark for _, _, mark in marks()] == ["present", "excused", "present"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_results_with_the_keyboard(page, account, training_class):
    open_grid(page, account, training_class, "ket-qua")

    page.get_by_label("Điểm của Lý Thị Lan").focus()
    page.keyboard.type("7,5")
    page.keyboard.press("Enter")
    page.keyboard.type("4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")  # an empty text is left at once
    page.keyboard.press("v")
    expect(page.get_by_label("Xếp loại của Lý Thị Lan")).to_have_value("good")
    expect(page.get_by_label("Kết quả của Vàng Thị Mỷ")).to_have_value("failed")
    page.get_by_role("button", name="Lưu kết quả").click()

    expect(page.get_by_text("Đã ghi kết quả của 3 người.")).to_be_visible()
    rows = Enrolment.objects.order_by("official__name_order").values_list("state", "mark", "grade")
    assert list(rows) == [("completed", Decimal("7.5"), "good"), ("failed", Decimal(4), ""), ("absent", None, "")]


def test_a_new_mark_proposes_a_new_grade_and_another_result_takes_it_away(page, account, training_class):
    open_grid(page, account, training_class, "ket-qua")
    mark, grade = page.get_by_label("Điểm của Giàng A Sử"), page.get_by_label("Xếp loại của Giàng A Sử")

    for typed, proposed in (("9", "excellent"), ("5.5", "average"), ("7", "good")):
        mark.fill(typed)
        mark.press("Enter")
        expect(grade).to_have_value(proposed)
    grade.select_option("average")
    page.get_by_label("Ghi chú về Giàng A Sử").fill("Nghỉ 1 buổi")
    expect(grade).to_have_value("average")  # what was chosen stays
    page.get_by_label("Kết quả của Giàng A Sử").select_option("failed")
    expect(grade).to_have_value("")
    page.once("dialog", lambda dialog: dialog.accept())  # leaving with unsaved cells asks first
    page.goto("about:blank")
