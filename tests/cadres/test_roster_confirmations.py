"""A row that says nothing new is told without comparing field by field; what is new of it in any field is compared."""

from datetime import date

import pytest

from cadres.models import Official
from cadres.roster.batch import import_file, plan_of, read_file
from cadres.roster.confirmations import Confirmations
from cadres.roster.people import Outcome, Stored
from tests.cadres.workbooks import flat

pytestmark = pytest.mark.django_db

DAY = date(2015, 12, 31)
PERSON = {
    "Họ và tên": "Giàng A Sử", "Số CMND": "063111220", "Tôn giáo": "Tin lành", "Ngày bổ nhiệm": "01/07/2011",
    "Trình độ học vấn": "12/12", "Trình độ chuyên môn": "Đại học", "Chuyên ngành": "Luật",
    "Hình thức đào tạo": "Chính quy", "Lý luận chính trị": "Trung cấp", "Tin học": "A", "Ngày vào Đảng": "19/05/2006",
}  # fmt: skip
BLANKS = (None, dict.fromkeys(PERSON.keys() - {"Họ và tên", "Số CMND"}), {"Chức danh": None})
NEWS = {
    "Họ và tên": "Giàng A Sứ", "Số CMND": "010079000001", "Ngày sinh": "06/08/1979", "Giới tính": "Nữ",
    "Dân tộc": "Tày", "Tôn giáo": "Công giáo", "Chức danh": "Phó Chủ tịch UBND", "Xã": "Tả Củ Tỷ",
    "Ngày bổ nhiệm": "02/07/2011", "Nhiệm kỳ": "2011-2016", "Trình độ học vấn": "9/12",
    "Trình độ chuyên môn": "Thạc sĩ", "Chuyên ngành": "Kinh tế", "Hình thức đào tạo": "Tại chức",
    "Lý luận chính trị": "Cao cấp", "Tin học": "B", "Ngoại ngữ": "B", "Ngày vào Đảng": "Không",
}  # fmt: skip


def confirms(**said: str | None) -> bool:
    """Whether a row that says this besides what is known of the person says nothing new."""
    plan = plan_of(read_file("b.xlsx", flat(PERSON | said)))
    stored = Stored(DAY)
    (key,) = stored.read(Official.objects.values_list("pk", flat=True))
    confirmations = Confirmations(stored, plan.dictionaries)
    confirmations.read([key])
    told = confirmations.says_nothing_new(key, plan.matches[0].stated)
    (row,) = [row for window in plan.windows() for row in window]
    assert not told or (row.outcome == Outcome.UNCHANGED and not row.stated.findings)
    return told


def test_only_a_row_that_says_nothing_new_in_any_field_is_told_to_say_nothing_new(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    lower = {"Lý luận chính trị": "Sơ cấp"}  # is held as well then, and yet not written
    import_file(read_file("a.xlsx", flat(PERSON | lower, title="Tính đến 31/12/2014")), by=None)
    import_file(read_file("a.xlsx", flat(PERSON)), by=None)
    assert not confirms(**lower)
    for blank in BLANKS:
        assert confirms(**blank or {}), blank
    for title, value in NEWS.items():
        assert not confirms(**{title: value}), title
