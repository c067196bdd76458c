"""Forms in a real browser: clicked twice, sent after the session has ended, filled in by two at a time."""

from playwright.sync_api import Page, Route, expect

from cadres.models import Official, Unit, UnitVersion, UnitZone, User
from courses.models import Enrolment, TrainingClass
from tests.browser.conftest import PASSWORD, PHONE, sign_in
from tests.builders import (
    make_appointment,
    make_class,
    make_enrolment,
    make_institution,
    make_official,
    position_of,
)
from tests.conftest import unit_of

ADD = "/can-bo/them/?ngay=2015-12-31"


def fill_in_somebody(page: Page, name: str) -> None:
    """“Thêm người”, up to the button: what the post asks for is known to be lacking."""
    page.goto(ADD)
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Đơn vị cấp xã").select_option(str(unit_of("02851").pk))
    page.get_by_label("Chức danh:", exact=True).select_option(str(position_of("CT_UBND").pk))
    page.get_by_role("button", name="Thêm người").click()
    page.get_by_label("Đã biết, vẫn bổ nhiệm").check()
    page.get_by_label("Lý do vẫn bổ nhiệm").fill("Chưa có người khác")


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def sign_in_again(page: Page, username: str) -> None:
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def test_a_double_click_adds_one_person(page, cast):
    sign_in(page, cast["officer"])
    fill_in_somebody(page, "Sùng A Mới")

    page.get_by_role("button", name="Thêm người").dblclick()

    expect(page.get_by_text("Sùng A Mới: đã thêm, với chức danh đầu tiên.")).to_be_visible()
    assert Official.objects.count() == 1


def test_a_form_under_way_says_so_and_goes_out_once(page, cast):
    sent: list[Route] = []

    def answer(way: Route) -> None:
        if way.request.method == "POST":
            sent.append(way)
            way.fulfill(status=204)  # by which the page stays as it is
        else:
            way.continue_()

    sign_in(page, cast["officer"])
    page.route("**/can-bo/them/**", answer)
    page.goto("/can-bo/them/")
    form = page.locator("form.form")
    button = form.locator("button[type=submit]")
    button.focus()
    page.keyboard.press("Enter")

    expect(button).to_have_text("Đang xử lý…")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_be_focused()
    expect(form).to_have_attribute("aria-busy", "true")
    page.keyboard.press("Enter")
    expect(button).to_have_text("Đang xử lý…")
    assert len(sent) == 1


def test_going_back_and_sending_once_more_adds_nobody(page, cast):
    sign_in(page, cast["officer"])
    fill_in_somebody(page, "Sùng A Mới")
    page.get_by_role("button", name="Thêm người").click()
    expect(page.get_by_text("Sùng A Mới: đã thêm")).to_be_visible()

    page.go_back()
    page.get_by_label("Đã biết, vẫn bổ nhiệm").check()
    page.get_by_label("Lý do vẫn bổ nhiệm").fill("Chưa có người khác")
    page.get_by_role("button", name="Thêm người").click()

    expect(page.get_by_text("Biểu mẫu này được gửi hai lần; chỉ lần đầu được ghi.")).to_be_visible()
    assert Official.objects.count() == 1


def test_a_filled_form_survives_the_end_of_the_session(page, cast):
    sign_in(page, cast["officer"])
    fill_in_somebody(page, "Sùng A Mới")
    end_session(page)
    page.get_by_role("button", name="Thêm người").click()

    expect(page.get_by_text("những gì đã nhập vẫn còn")).to_be_visible()
    sign_in_again(page, cast["officer"].username)

    expect(page.get_by_text("biểu mẫu bạn vừa gửi chưa được ghi")).to_be_visible()
    expect(page.get_by_label("Họ và tên")).to_have_value("Sùng A Mới")
    expect(page.get_by_label("Chức danh:", exact=True)).to_have_value(str(position_of("CT_UBND").pk))
    assert Official.objects.count() == 0
    page.get_by_role("button", name="Thêm người").click()
    expect(page.get_by_text("Sùng A Mới: đã thêm")).to_be_visible()


def test_another_account_does_not_find_it(page, cast):
    sign_in(page, cast["officer"])
    fill_in_somebody(page, "Sùng A Mới")
    end_session(page)
    page.get_by_role("button", name="Thêm người").click()
    sign_in_again(page, cast["province"].username)

    expect(page.get_by_label("Họ và tên")).to_have_value("")


def test_a_grid_of_results_survives_the_end_of_the_session(page, cast):
    training_class = make_class(institution=make_institution("Trường Chính trị", user=cast["institution"]))
    for name in ("Giàng A Sử", "Lý Thị Lan"):
        make_enrolment(make_official(name), training_class)
    sign_in(page, cast["institution"])
    page.goto(f"/dao-tao/lop/{training_class.pk}/ket-qua/?ngay=2015-12-31")
    page.get_by_label("Điểm của Lý Thị Lan").fill("9")
    page.get_by_label("Điểm của Lý Thị Lan").press("Enter")
    page.get_by_label("Xếp loại của Lý Thị Lan").select_option("average")
    page.get_by_label("Ghi chú về Giàng A Sử").fill("Nghỉ 1 buổi")
    end_session(page)
    page.get_by_role("button", name="Lưu kết quả").click()
    sign_in_again(page, cast["institution"].username)

    expect(page.get_by_text("biểu mẫu bạn vừa gửi chưa được ghi")).to_be_visible()
    expect(page.get_by_label("Điểm của Lý Thị Lan")).to_have_value("9")
    expect(page.get_by_label("Kết quả của Lý Thị Lan")).to_have_value("completed")
    expect(page.get_by_label("Xếp loại của Lý Thị Lan")).to_have_value("average")
    expect(page.get_by_label("Ghi chú về Giàng A Sử")).to_have_value("Nghỉ 1 buổi")
    page.get_by_label("Kết quả của Giàng A Sử").select_option("failed")
    page.get_by_role("button", name="Lưu kết quả").click()
    expect(page.get_by_text("Đã ghi kết quả của 2 người.")).to_be_visible()
    rows = Enrolment.objects.order_by("official__name_order").values_list("state", "mark", "grade", "note")
    assert list(rows) == [("completed", 9, "average", ""), ("failed", None, "", "Nghỉ 1 buổi")]


def test_rows_added_to_a_table_of_the_admin_survive_the_end_of_the_session(page, cast):
    unit: Unit = unit_of("02851")
    had = UnitZone.objects.filter(unit=unit).count()
    sign_in(page, cast["province"])
    page.goto(f"/quan-tri/cadres/unit/{unit.pk}/change/")
    page.locator("#zones-group .add-row a").click()
    page.locator(f"#id_zones-{had}-zone").select_option("3")
    page.locator(f"#id_zones-{had}-decision").fill("QĐ 7")
    page.locator(f"#id_zones-{had}-start_date").fill("01/01/2014")
    expect(page.locator(f"#zones-{had}").get_by_role("button", name="Mở lịch")).to_have_count(2)
    page.locator("#id_versions-0-decision").fill("NQ 9")
    end_session(page)
    page.get_by_role("button", name="Ghi", exact=True).click()
    sign_in_again(page, cast["province"].username)

    expect(page.get_by_text("biểu mẫu bạn vừa gửi chưa được ghi")).to_be_visible()
    expect(page.locator("#id_versions-0-decision")).to_have_value("NQ 9")
    expect(page.locator(f"#id_zones-{had}-decision")).to_have_value("QĐ 7")
    expect(page.locator(f"#id_zones-{had}-zone")).to_have_value("3")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert UnitZone.objects.filter(unit=unit, decision="QĐ 7").count() == 1
    assert UnitVersion.objects.filter(unit=unit, decision="NQ 9").count() == 1


def test_a_form_opened_before_signing_in_again_in_another_window_is_not_lost(page, cast):
    """Today's page of the forged form: the token against forged requests changes with every sign-in."""
    sign_in(page, cast["officer"])
    fill_in_somebody(page, "Sùng A Mới")
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Đăng xuất").click()
    sign_in_again(other, cast["officer"].username)
    other.wait_for_url("**/")

    page.get_by_role("button", name="Thêm người").click()

    expect(page.get_by_text("biểu mẫu bạn vừa gửi chưa được ghi")).to_be_visible()
    expect(page.get_by_label("Họ và tên")).to_have_value("Sùng A Mới")


def window_of(page: Page, user: User) -> Page:
    """Another browser, in which the account is signed in."""
    browser = page.context.browser
    assert browser is not None
    other = browser.new_context(base_url=page.url.split("/can-bo")[0], locale="vi-VN").new_page()
    sign_in(other, user)
    return other


def test_two_windows_on_one_person_lose_nothing(page, cast):
    official = make_official("Vàng Seo Quen")
    make_appointment(official, position_of("CT_UBND"), unit_of("02851"))
    sign_in(page, cast["province"])
    page.goto(f"/can-bo/{official.pk}/sua/")
    district = window_of(page, cast["officer"])
    district.goto(f"/can-bo/{official.pk}/sua/")

    page.get_by_label("Ghi chú").fill("của Sở")
    page.get_by_label("Tôn giáo").fill("Tin Lành")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("đã lưu thông tin")).to_be_visible()
    district.get_by_label("Ghi chú").fill("của huyện")
    district.get_by_label("Ngày tuyển dụng").fill("2005")
    district.get_by_role("button", name="Lưu").click()

    expect(district.get_by_text("Vừa có người khác sửa ô này.")).to_be_visible()
    expect(district.get_by_text("so-noi-vu đã ghi lúc")).to_be_visible()
    district.set_viewport_size(PHONE)
    assert district.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    district.get_by_label("của Sở").check()
    district.get_by_role("button", name="Lưu").click()
    expect(district.get_by_text("Trong lúc đó người khác đã sửa")).to_be_visible()

    official.refresh_from_db()
    assert (official.note, official.religion, official.recruited_on.year) == ("của Sở", "Tin Lành", 2005)
    district.context.close()


def test_seats_set_to_sixty_stay_sixty(page, cast):
    training_class = make_class(seats=50, state=TrainingClass.State.OPEN)
    sign_in(page, cast["province"])
    address = f"/dao-tao/lop/{training_class.pk}/sua/"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    page.get_by_label("Số chỗ").fill("60")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/lop/*/")
    other.get_by_label("Nơi học").fill("Hội trường B")
    other.get_by_role("button", name="Lưu").click()

    expect(other.get_by_text("Trong lúc đó người khác đã sửa")).to_be_visible()
    training_class.refresh_from_db()
    assert (training_class.seats, training_class.venue) == (60, "Hội trường B")
