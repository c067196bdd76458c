"""The pages of the texts of standards, as an officer of Sở walks through them; leaders and districts read."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from cadres import roles
from cadres.models import Dimension, Level, Official, Requirement, Standard, StandardChange, User
from cadres.models.standards import MOST_LEVELS
from reports.publications import publish
from reports.rates import rate_on, rates_by
from tests import province
from tests.builders import criterion_of, dimension_of, level_of, make_requirement, make_standard, position_of
from tests.conftest import client_of, make_user
from tests.forms import form_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

DAY = province.DAY
AT = {"ngay": DAY.isoformat()}


@pytest.fixture(autouse=True)
def people() -> dict[str, Official]:
    return province.people()


@pytest.fixture
def text() -> Standard:
    return Standard.objects.get(code="R2004")


@pytest.fixture
def second(db) -> User:
    return make_user("so-noi-vu-2", roles.PROVINCE_STAFF)


def page(client: Client, name: str, *keys: int, **query: str) -> str:
    response = client.get(reverse(f"cadres:{name}", args=keys), {**AT, **query})
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def chosen(position: str, dimension: str, minimum: str, relaxed: str = "", article: str = "") -> dict[str, Any]:
    key = f"{position_of(position).pk}-{dimension_of(dimension).pk}"
    levels = {
        name: level_of(dimension, code).pk if code else "" for name, code in (("muc", minimum), ("giam", relaxed))
    }
    return {f"{name}-{key}": pk for name, pk in levels.items()} | {f"dieu-{key}": article}


def send(client: Client, name: str, text: Standard | None, /, *, query: str = "", **typed: Any) -> Any:
    """Fill in the page of a change and send it; follow to what comes of it."""
    address = reverse(f"cadres:{name}", args=[text.pk] if text else []) + f"?ngay={DAY}{query}"
    form = form_on(client, address, "reason")
    return client.post(address, form.filled(**{"table": None, "reason": "Theo văn bản", **typed}), follow=True)


def decide(client: Client, change: StandardChange, deed: str, **typed: Any) -> Any:
    address = reverse("cadres:standard-change", args=[change.pk])
    form = form_on(client, address)
    response = client.post(address, form.filled(viec=deed, **typed), follow=True)
    change.refresh_from_db()
    return response


def shown(response: Any) -> str:
    return " ".join(response.content.decode().split())


# ---------------------------------------------------------------- read


def test_the_page_of_a_text_shows_its_grid_on_the_day_with_articles_amendments_and_local_rules(leader, text):
    make_requirement(text, position_of("BT_DU"), "it", "A", article="Điều 7", start_date=date(2015, 7, 1))
    rules = make_standard(over=text)
    make_requirement(rules, position_of("CT_HPN"), "professional", "TC")
    client = client_of(leader)
    now = page(client, "standard-detail", text.pk)
    assert "Bí thư Đảng ủy" in now
    assert 'Trung cấp <span class="quiet">(Sơ cấp)</span>' in now
    assert "Điều 7" in now
    assert "từ 01/07/2015" in now
    assert "vận dụng</span>" in now
    assert "gốc: Sơ cấp" in now
    assert "Sửa đổi từ ngày…" not in now  # a leader reads
    before = page(client, "standard-detail", text.pk, ngay="2015-06-30")
    assert "Điều 7" not in before
    later = page(client, "standard-detail", text.pk, ngay="2024-01-01")
    assert "Ngày 01/01/2024 văn bản hết hiệu lực" in later
    of_rules = page(client, "standard-detail", rules.pk)
    assert "ô được đánh dấu khác văn bản gốc" in of_rules
    assert "Bí thư Đảng ủy" in of_rules
    everything = page(client, "standard-list")
    assert text.name in everything
    assert rules.name in everything
    definition = " ".join(client.get(reverse("reports:definition"), AT).content.decode().split())
    assert "Điều 7" in definition


def test_a_district_reads_what_is_prepared_but_not_the_names_of_others(province_staff, district_officer, text):
    send(client_of(province_staff), "standard-correct", text, **chosen("BT_DU", "education", ""))
    change = StandardChange.objects.get()
    theirs = page(client_of(district_officer), "standard-change", change.pk)
    assert "Theo văn bản" in theirs
    assert "Thực hiện" not in theirs
    assert "foretold" not in theirs


# ---------------------------------------------------------------- changed


def test_an_officer_amends_a_cell_sees_the_effect_and_carries_it_out(province_staff, text):
    client = client_of(province_staff)
    response = send(
        client, "standard-amend", text, day="2015-07-01", decision="QĐ 5/2015",
        **chosen("BT_DU", "professional", "TC"),
    )  # fmt: skip
    effect = shown(response)
    assert "Giàng A Sử" in effect
    assert "50,0 % → <strong>37,5 %</strong>" in effect
    assert rate_on(DAY, criterion=criterion_of()).compliant == 4
    change = StandardChange.objects.get()
    assert change.rows[0]["before"]["relaxed"] == level_of("professional", "SC").pk
    told = shown(decide(client, change, "thuc_hien"))
    assert "Đã thực hiện: Sửa đổi" in told
    assert "từ 01/07/2015" in told
    assert rate_on(DAY, criterion=criterion_of()).compliant == 3


def test_a_second_account_of_the_province_is_told_and_confirms(province_staff, second, text):
    publish(day=DAY, criterion=criterion_of(), decision="BC 1", on=date(2016, 2, 1), by=None)
    maker, other = client_of(province_staff), client_of(second)
    effect = shown(send(maker, "standard-correct", text, **chosen("BT_DU", "professional", "TC")))
    assert "Số liệu đã công bố" in effect
    assert "phải do người thứ hai của Sở Nội vụ xác nhận" in effect
    change = StandardChange.objects.get()
    decide(maker, change, "thuc_hien")
    assert change.state == "waiting"
    assert "chờ tài khoản này xác nhận" not in page(maker, "standard-list")
    assert "Xác nhận, thực hiện" not in page(maker, "standard-change", change.pk)
    assert "người thứ hai của Sở" in shown(decide(maker, change, "xac_nhan"))
    assert "chờ tài khoản này xác nhận" in page(other, "standard-list")
    home = other.get(reverse("reports:home"), AT).content.decode()
    assert "thay đổi văn bản tiêu chuẩn chờ xác nhận" in home
    assert "Hãy ghi lý do không xác nhận" in shown(decide(other, change, "khong"))
    decide(other, change, "xac_nhan", answer="Đúng")
    assert (change.state, change.decided_by) == ("done", second)
    assert rate_on(DAY, criterion=criterion_of()).compliant == 3


def test_one_who_is_alone_says_why(province_staff, text):
    publish(day=DAY, criterion=criterion_of(), decision="BC 1", on=date(2016, 2, 1), by=None)
    client = client_of(province_staff)
    alone = shown(send(client, "standard-correct", text, **chosen("BT_DU", "professional", "TC")))
    assert "hãy ghi lý do thực hiện một mình" in alone
    change = StandardChange.objects.get()
    assert "Hãy ghi vì sao" in shown(decide(client, change, "thuc_hien"))
    decide(client, change, "thuc_hien", answer="Chỉ có một cán bộ")
    assert change.is_alone
    assert "một mình thực hiện" in page(client, "standard-detail", text.pk)


def test_what_is_wrong_in_the_grid_is_said_at_its_cell(province_staff, text):
    client = client_of(province_staff)
    typed = {"day": "2015-07-01", "decision": "QĐ"}
    higher = shown(send(client, "standard-amend", text, **typed, **chosen("BT_DU", "professional", "TC", "DH")))
    assert "Bí thư Đảng ủy, trình độ chuyên môn: mức giảm cao hơn mức tối thiểu" in higher
    only_relaxed = shown(send(client, "standard-amend", text, **typed, **chosen("BT_DU", "professional", "", "SC")))
    assert "có mức giảm mà chưa có mức tối thiểu" in only_relaxed
    nothing = shown(send(client, "standard-amend", text, **typed))
    assert "Chưa sửa ô nào" in nothing
    assert not StandardChange.objects.exists()


def test_an_amendment_from_a_day_on_which_the_text_says_something_else_is_shown_that_day_first(province_staff, text):
    make_requirement(text, position_of("BT_DU"), "it", "A", start_date=date(2016, 1, 1))
    client = client_of(province_staff)
    response = send(
        client, "standard-amend", text, day="2016-02-01", decision="QĐ", **chosen("BT_DU", "education", "THCS")
    )
    assert "Vào ngày này văn bản nói khác lưới đã mở" in shown(response)
    assert not StandardChange.objects.exists()


def test_a_text_is_copied_edited_and_follows_the_old_one(province_staff, text):
    client = client_of(province_staff)
    send(
        client, "standard-copy", text, code="R2015", name="Quyết định mới", legal_basis="QĐ 9",
        start_date="2015-07-01", **chosen("BT_DU", "professional", "TC"),
    )  # fmt: skip
    decide(client, StandardChange.objects.get(), "thuc_hien")
    made = Standard.objects.get(code="R2015")
    text.refresh_from_db()
    assert (text.end_date, made.end_date) == (date(2015, 6, 30), date(2023, 7, 31))
    assert made.requirements.count() == text.requirements.count()
    assert rate_on(DAY, criterion=criterion_of()).compliant == 3
    assert rate_on(date(2015, 6, 30), criterion=criterion_of()).compliant == 4
    send(client, "standard-remove", made)
    gone = shown(decide(client, StandardChange.objects.first(), "thuc_hien"))
    assert "Đã thực hiện: Gỡ văn bản lập nhầm" in gone
    assert "Yêu cầu vào ngày 31/12/2015" in gone  # of the old text, which goes on
    assert rate_on(DAY, criterion=criterion_of()).compliant == 4


def test_local_rules_are_made_marked_amended_and_ended(province_staff, text):
    client = client_of(province_staff)
    send(
        client, "standard-local", text, code="VD", name="Vận dụng của tỉnh", legal_basis="QĐ 2",
        start_date="2015-01-01", **chosen("BT_DU", "professional", "SC"),
    )  # fmt: skip
    decide(client, StandardChange.objects.get(), "thuc_hien")
    rules = Standard.objects.get(code="VD")
    assert [line.minimum.code for line in rules.requirements.all()] == ["SC"]
    assert rate_on(DAY, criterion=criterion_of()).compliant == 5
    assert page(client, "standard-amend", rules.pk).count('class="local"') == 1
    send(client, "standard-amend", rules, day="2015-07-01", decision="QĐ 3", **chosen("BT_DU", "professional", ""))
    decide(client, StandardChange.objects.first(), "thuc_hien")
    assert rate_on(DAY, criterion=criterion_of()).compliant == 4
    send(client, "standard-end", rules, day="2015-12-31")
    decide(client, StandardChange.objects.first(), "thuc_hien")
    assert "hết hiệu lực" in page(client, "standard-detail", rules.pk, ngay="2016-01-01")


def test_a_text_of_which_nothing_is_there_is_entered(province_staff):
    client = client_of(province_staff)
    Requirement.objects.filter(standard__position_group="civil_servant").delete()
    Standard.objects.filter(position_group="civil_servant").delete()
    response = send(
        client, "standard-add", None, query="&nhom=civil_servant&mat=professional", code="CC", name="Văn bản công chức",
        legal_basis="TT", start_date="2012-01-01", **chosen("TCA", "professional", "TC"),
    )  # fmt: skip
    assert "Thào A Chín" in shown(response)
    decide(client, StandardChange.objects.get(), "thuc_hien")
    assert Standard.objects.get(code="CC").position_group == "civil_servant"


# ---------------------------------------------------------------- from a workbook


def workbook(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("yeu-cau.xlsx", stream.getvalue())


TITLES = ("Văn bản", "Chức danh", "Mặt tiêu chuẩn", "Mức tối thiểu", "Mức tối thiểu (xã được giảm)")


def test_cells_come_from_a_workbook_like_the_one_that_goes_out(province_staff, text):
    client = client_of(province_staff)
    out = client.get(reverse("cadres:standard-file", args=[text.pk]), {**AT, "tep": "xlsx"}).content
    rows = list(load_workbook(BytesIO(out)).active.iter_rows(values_only=True))
    titles = next(row for row in rows if TITLES[0] in row)
    assert set(TITLES) <= set(titles)
    table = workbook(TITLES, ("R2004", "BT_DU", "professional", "TC", "TC"), ("R2004", "BT_DU", "it", "A", "A"))
    effect = shown(send(client, "standard-amend", text, day="2015-07-01", decision="QĐ", table=table))
    assert "Giàng A Sử" in effect
    assert [(row["before"] is None) for row in StandardChange.objects.get().rows] == [False, True]


def test_each_row_of_a_workbook_that_is_wrong_is_refused_with_its_number(province_staff, text):
    wrong = [
        (("R2012", "BT_DU", "it", "A", "A"), "văn bản “R2012” không phải văn bản này (R2004)"),
        (("R2004", "VP_TK", "it", "A", "A"), "Văn phòng - thống kê không thuộc nhóm chức danh của văn bản"),
        (("R2004", "BT_DU", "it", "THPT", "A"), "Mặt tiêu chuẩn “it” không có mức mang mã “THPT”."),
        (("R2004", "BT_DU", "it", "A", "B"), "mức giảm cao hơn mức tối thiểu"),
        (("R2004", "BT_DU", "la", "A", "A"), "Không có mặt tiêu chuẩn mang mã “la”."),
        (("R2004", "", "it", "A", "A"), "thiếu chức danh hoặc mặt tiêu chuẩn"),
        (("R2004", "BT_DU", "it", "", "A"), "thiếu mức tối thiểu"),
    ]
    table = workbook(TITLES, *(row for row, _ in wrong))
    told = shown(send(client_of(province_staff), "standard-amend", text, day="2015-07-01", decision="QĐ", table=table))
    for number, (_, why) in enumerate(wrong, 2):
        assert f"Dòng {number}: {why}" in told
    assert not StandardChange.objects.exists()


# ---------------------------------------------------------------- a new dimension


def test_a_dimension_added_on_screen_is_asked_for_recorded_judged_and_listed(province_staff, text, people):
    client = client_of(province_staff)
    address = reverse("cadres:dimension-add")
    form = form_on(client, address)
    typed = {"name": "Kỹ năng số", "code": "digital", "levels": "CB: Cơ bản\nNC: Nâng cao"}
    assert "Kỹ năng số" in shown(client.post(address, form.filled(**typed), follow=True))
    made = Dimension.objects.get(code="digital")
    assert [(level.code, level.rank) for level in made.levels.order_by("rank")] == [("KHONG", 0), ("CB", 1), ("NC", 2)]
    send(
        client, "standard-amend", text, query="&mat=digital", day="2015-07-01", decision="QĐ",
        **chosen("BT_DU", "digital", "CB"),
    )  # fmt: skip
    decide(client, StandardChange.objects.get(), "thuc_hien")
    su = people["Giàng A Sử"]
    recording = client.get(reverse("cadres:qualification-add", args=[su.pk]), AT).content.decode()
    assert "Nâng cao" in recording
    own = " ".join(client.get(reverse("cadres:official-detail", args=[su.pk]), AT).content.decode().split())
    assert "Kỹ năng số" in own
    lacking = client.get(reverse("cadres:official-list"), {**AT, "thieu": "digital"})
    assert lacking.status_code == 200
    by_dimension = {group.code: group.rate.total for group in rates_by("dimension", day=DAY, criterion=criterion_of())}
    assert by_dimension["digital"] == 3
    page(client, "dimension-list")


def test_a_dimension_that_cannot_be_is_refused_in_words(province_staff):
    client = client_of(province_staff)
    address = reverse("cadres:dimension-add")
    before = Level.objects.count()
    plain = {"name": "Kỹ năng số", "code": "digital", "levels": "CB: Cơ bản"}
    for typed, why in (
        ({"code": "it"}, "Mã này đã có"),
        ({"name": "TIN HỌC"}, "Đã có mặt tiêu chuẩn này"),
        ({"code": "kỹ năng"}, "Mã chỉ gồm chữ không dấu"),
        ({"levels": "Cơ bản"}, "hãy viết mã"),
        ({"levels": "CB: Cơ bản\nCB: Nâng cao"}, "Mã của các mức phải khác nhau"),
        ({"levels": "CB: Không có"}, "Tên của các mức phải khác nhau"),
        ({"levels": "\n".join(f"M{n}: Mức {n}" for n in range(MOST_LEVELS))}, "nhiều hơn 62 mức"),
    ):
        assert why in shown(client.post(address, form_on(client, address).filled(**plain | typed))), typed
    assert Level.objects.count() == before
