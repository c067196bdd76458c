"""Official forms: their numbers are those of the rates and of the training report, they add up, and both files of a
form come from one description (figures: tests/province.py, tests/trained_province.py)."""

import re
from datetime import date
from io import BytesIO, StringIO
from uuid import uuid4

import pypdfium2
import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from cadres.evaluation import AGE_BANDS
from cadres.history import act
from cadres.management.command import CommandFailed
from cadres.models import Act, Appointment, Official
from courses.models import Certificate
from reports.forms.catalogue import KINDS, Wanted, file_of, form_of
from reports.forms.layout import Column, Form, Row, heads_of
from reports.forms.of_people import AGES, PARTITIONS, STATISTICS
from reports.forms.pdf import TooWide
from reports.publications.publishing import publish, withdraw
from reports.rates import rates_by
from reports.training import turns
from tests import province, trained_province
from tests.builders import criterion_of, make_qualification
from tests.conftest import client_of, unit_of
from tests.province import BAN_PHO, DAY
from tests.reports.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

START = date(2010, 1, 1)


def wanted(**choices) -> Wanted:
    return Wanted(
        **{
            "day": DAY,
            "start": START,
            "appointments": None,
            "scope": "toàn tỉnh",
            "criterion": criterion_of(),
            "made_on": DAY,
            "certificates": Certificate.objects.all(),
            "turns_within": {},
        }
        | choices
    )


def form(code: str, **choices) -> Form:
    return form_of(KINDS[code], wanted(**choices))


def column(found: Form, *heads: str) -> int:
    (place,) = [place for place, one in enumerate(found.columns) if one.heads == heads]
    return place


def cells(found: Form, name: str) -> tuple:
    (row,) = [row for row in found.rows if row.cells[1] == name]
    return row.cells


def number(found: Form, name: str, *heads: str) -> int:
    return cells(found, name)[column(found, *heads)] or 0


@pytest.fixture
def trained():
    return trained_province.build(province.people())


# ---------------------------------------------------------------- numbers


def test_the_whole_and_every_group_are_those_of_the_rates():
    of_positions, of_units = form("so-luong-chat-luong-chuc-danh"), form("so-luong-chat-luong-don-vi")
    for found, by in ((of_positions, "position"), (of_units, "commune"), (of_units, "district")):
        groups = rates_by(by, day=DAY, criterion=criterion_of())
        assert groups
        for group in groups:
            assert number(found, group.name, "Tổng số") == group.rate.total, group.name
    women = {one.code: one.rate.total for one in rates_by("sex", day=DAY, criterion=criterion_of())}["F"]
    assert number(of_positions, "Tổng cộng", "Trong đó", "Nữ") == women == 3
    bands = {one.code: one.rate.total for one in rates_by("age", day=DAY, criterion=criterion_of())}
    for (name, *_), code in zip(AGES, AGE_BANDS, strict=True):
        assert number(of_positions, "Tổng cộng", "Độ tuổi", name) == bands.get(code, 0), name
    assert number(of_positions, "Tổng cộng", "Độ tuổi", "Chưa có số liệu") == bands["unknown"] == 1
    minority = [
        one for one in rates_by("ethnic", day=DAY, criterion=criterion_of()) if one.code not in ("01", "unknown")
    ]
    assert number(of_positions, "Tổng cộng", "Trong đó", "Dân tộc thiểu số") == sum(one.rate.total for one in minority)


def test_levels_are_counted_as_they_are_on_record():
    """Written down from tests/province.py; of two records of a dimension the higher one counts."""
    for level in ("THCS", "DUOI_TH"):
        make_qualification(province.people()["Giàng A Sử"], "education", level)
    found = form("so-luong-chat-luong-chuc-danh")

    def whole(*heads: str) -> int:
        return number(found, "Tổng cộng", *heads)

    assert [whole("Trình độ văn hóa", name) for name in ("THCS", "THPT", "Chưa có số liệu")] == [2, 6, 0]
    assert [whole("Trình độ chuyên môn", name) for name in ("Sơ cấp", "Trung cấp", "Đại học")] == [5, 3, 0]
    assert [whole("Lý luận chính trị", name) for name in ("Trung cấp", "Chưa có số liệu")] == [3, 5]
    assert whole("Tin học", "Chứng chỉ") == 1


@pytest.mark.parametrize("code", ["so-luong-chat-luong-chuc-danh", "so-luong-chat-luong-don-vi"])
def test_the_sums_of_the_statistics_agree_across_and_down(code):
    found = form(code)
    first = 3
    assert len(PARTITIONS) == 6
    for row in found.rows:
        for title in PARTITIONS:
            own = [row.cells[first + place] or 0 for place, mark in enumerate(STATISTICS) if mark.heads[0] == title]
            assert sum(own) == row.cells[2], (row.cells[1], title)
    groups = [row for row in found.rows[:-1] if row.is_total]
    details = [row for row in found.rows if not row.is_total]
    for place in range(2, len(found.columns)):
        down = found.rows[-1].cells[place] or 0
        assert sum(row.cells[place] or 0 for row in groups) == down
        assert sum(row.cells[place] or 0 for row in details) == down


def test_the_list_names_everybody_once_and_its_marks_add_up_to_the_last_row():
    found = form("02-cl-cbccx")
    people = [row.cells for row in found.rows if not row.is_bold]
    assert sorted(one[1] for one in people) == sorted(p[0] for p in province.PEOPLE if p[5] != "KCT")
    total = cells(found, "Tổng cộng: 8 người")
    for place in range(8, len(found.columns) - 1):
        if found.columns[place].is_lacking:
            assert {one[place] for one in people} == {""}
            assert total[place] is None
        else:
            assert sum(one[place] == "x" for one in people) == (total[place] or 0), found.columns[place].heads
    assert [found.numbered[place] for place, one in enumerate(found.columns) if one.is_lacking] == ["31", "32"]
    assert "Cột 31, 32: chưa có số liệu." in found.all_notes
    chin = cells(found, "Thào A Chín")
    assert (chin[2], chin[3], chin[-1]) == ("", "", "")  # neither sex nor birth is known
    assert cells(found, "Lý Thị Lan")[3] == "1960"


def test_the_pay_of_bm04_is_left_empty_and_said_to_be_lacking():
    found = form("bm04")
    assert [one.heads[0] for one in found.columns if one.is_lacking] == ["Mức lương hiện hưởng"] * 2 + ["Phụ cấp"] * 5
    assert found.all_notes == ["Cột 8, 9, 10, 11, 12, 13, 14: chưa có số liệu."]
    assert cells(found, "Giàng A Sử")[4:6] == ("Bí thư Đảng ủy", "Xã Bản Phố")
    assert cells(found, "Tổng số: 8 người")[2:4] == (4, 3)


def test_the_extract_has_a_row_a_person_with_the_levels_by_name():
    found = form("trich-ngang")
    assert len(found.rows) == 8
    assert cells(found, "Nguyễn Văn Hùng")[column(found, "Trình độ", "Chuyên môn")] == "Trung cấp"
    assert cells(found, "Vàng Thị Mỷ")[column(found, "Trình độ", "LLCT")] == ""


def test_needs_are_the_not_compliant_of_the_rates_by_position_and_dimension():
    found = form("nhu-cau")
    for group in rates_by("position", day=DAY, criterion=criterion_of()):
        told = cells(found, group.name)[2:5]
        assert tuple(cell or 0 for cell in told) == (
            group.rate.total,
            group.rate.not_compliant,
            group.rate.undetermined,
        )
    for group in rates_by("dimension", day=DAY, criterion=criterion_of()):
        heads = "Số người chưa đạt mức của chức danh", group.name
        assert number(found, "Tổng cộng", *heads) == group.rate.not_compliant, group.name


def test_a_unit_s_form_holds_its_people_only_and_a_day_without_data_nobody():
    own = Appointment.objects.filter(unit=unit_of(BAN_PHO))
    found = form("so-luong-chat-luong-don-vi", appointments=own)
    assert [(row.cells[1], row.cells[2]) for row in found.rows] == [
        ("Huyện Bắc Hà", 3),
        ("Xã Bản Phố", 3),
        ("Tổng cộng", 3),
    ]
    before = form("so-luong-chat-luong-chuc-danh", day=date(2009, 6, 1))
    assert [row.cells[1:3] for row in before.rows] == [("Tổng cộng", 0)]
    assert file_of(before, "pdf").startswith(b"%PDF")


# ---------------------------------------------------------------- training


def test_every_turn_stands_in_one_row_of_the_party_s_form_and_every_class_is_of_the_province_or_below(trained):
    found, counted = form("10-btctw"), turns(START, DAY).count()
    total = cells(found, "Tổng cộng")
    assert total[2] == total[7] == counted == 9
    details = [row.cells for row in found.rows if not row.is_total]
    assert sum(one[2] or 0 for one in details) == counted
    groups = [cells(found, name) for name in ("Đào tạo", "Bồi dưỡng")]
    assert sum(one[2] or 0 for one in groups) == counted
    for one in (*details, *groups, total):
        assert (one[9] or 0) + (one[10] or 0) == (one[8] or 0)
    assert total[8] == turns(START, DAY).values("training_class").distinct().count()


def test_the_register_names_every_certificate_of_the_period(trained):
    found = form("so-chung-chi")
    entries = [row for row in found.rows if not row.is_bold]
    assert len(entries) == Certificate.objects.filter(issued_on__range=(START, DAY)).count()
    assert found.notes == [f"Sổ có {len(entries)} dòng."]


# ---------------------------------------------------------------- from what it was counted


def doing():
    """What the test does next is an act of its own: the test itself is one transaction."""
    return act(Act.Kind.CORRECTION, test=uuid4().hex)


def source_told(**choices) -> str:
    return form("trich-ngang", **choices).lines[-1]


def test_a_form_says_whether_its_figures_are_those_that_were_published():
    again = "(Tính lại từ hồ sơ ngày 31/12/2015"
    assert source_told(is_of_all=True) == f"{again})"
    choices = {"day": DAY, "criterion": criterion_of(), "decision": "12/QĐ-UBND", "on": date(2016, 2, 1), "by": None}
    published = publish(**choices, decided_on=date(2016, 1, 15))
    told = source_told(is_of_all=True)
    assert told.startswith("(Theo số liệu công bố theo 12/QĐ-UBND ngày 15/01/2016;")
    # Another scope, another day, and posts of which nobody knows whose they are.
    assert source_told(unit=unit_of("085")) == source_told() == f"{again})"
    assert source_told(is_of_all=True, day=date(2015, 12, 30)) == f"{again})"
    with doing():
        make_qualification(Official.objects.get(full_name="Lý Thị Lan"), "professional", "TC", as_of=DAY)
    assert source_told(is_of_all=True) == (
        f"{again}; chức danh, trình độ trong hồ sơ đã thay đổi từ khi công bố số liệu theo 12/QĐ-UBND ngày 15/01/2016)"
    )
    withdraw(published, reason="sai", by=None)
    assert source_told(is_of_all=True) == f"{again})"


# ---------------------------------------------------------------- files


def test_both_files_of_a_form_say_the_same():
    found = form("so-luong-chat-luong-chuc-danh")
    sheet = load_workbook(BytesIO(file_of(found, "xlsx"))).active
    in_workbook = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    for row in found.rows:
        assert tuple(cell if cell != "" else None for cell in row.cells) in in_workbook, row.cells[1]
    document = pypdfium2.PdfDocument(file_of(found, "pdf"))
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SỞ NỘI VỤ", "Bí thư Đảng ủy", "Tổng cộng", "GIÁM ĐỐC"):
        assert words in " ".join(text.split())
    width, height = document[0].get_size()
    assert width > height


def test_the_titles_stand_on_every_page_and_no_signature_alone():
    for people in (*range(20, 34), 119):
        rows = [Row((number, f"Người {number}", "x")) for number in range(1, people + 1)]
        pages = pages_of(rows)
        assert all("Họ và tên" in page for page in pages)
        assert all(f"Người {number}" in pages[-1] for number in range(people - 2, people + 1)), people
        assert ["THỦ TRƯỞNG ĐƠN VỊ" in page for page in pages] == [False] * (len(pages) - 1) + [True]
        told = re.findall(r"Người (\d+)", " ".join(pages))
        assert [int(number) for number in told] == list(range(1, people + 1))


def test_a_heading_goes_to_the_rows_that_it_is_of():
    for before in range(20, 44):
        rows = [Row((number, f"Người {number}", "x")) for number in range(before)]
        pages = pages_of([*rows, Row(("I", "XÃ ĐẦU", ""), is_group=True), *rows])
        (page,) = [page for page in pages if "XÃ ĐẦU" in page]
        assert "Người 0" in page.partition("XÃ ĐẦU")[2], before


def pdf_of(form: Form) -> bytes:
    return file_of(form, "pdf")


def pages_of(rows: list[Row]) -> list[str]:
    columns = (Column(("STT",)), Column(("Họ và tên",), 60, "left"), Column(("Dấu", "có")))
    made = pdf_of(Form("thu", "Mẫu thử", "DANH SÁCH", ["dòng phụ"], columns, rows, DAY))
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made)]


def test_columns_that_would_not_fit_on_a3_come_closer_to_each_other():
    columns = (Column(("STT",)), Column(("Họ và tên",), 60, "left"), *[Column((f"C{at}",)) for at in range(35)])
    rows = [Row(("1", "Lý A", *["3.631"] * 35))]
    (page,) = pypdfium2.PdfDocument(pdf_of(Form("thu", "", "DANH SÁCH", [], columns, rows, DAY)))
    assert page.get_size()[0] > 1100  # points: A3
    with pytest.raises(TooWide):
        pdf_of(Form("thu", "", "DANH SÁCH", [], [*columns, Column(("Rộng",), 200)], [Row((*rows[0].cells, ""))], DAY))


def test_shared_titles_are_one_cell_and_the_last_reaches_down():
    heads = list(heads_of([Column(("A",)), Column(("B", "c", "d")), Column(("B", "c", "e")), Column(("B", "f"))]))
    assert [(one.text, one.row, one.column, one.rows, one.columns) for one in heads] == [
        ("A", 0, 0, 3, 1),
        ("B", 0, 1, 1, 3),
        ("c", 1, 1, 1, 2),
        ("f", 1, 3, 2, 1),
        ("d", 2, 1, 1, 1),
        ("e", 2, 2, 1, 1),
    ]


def test_queries_do_not_grow_with_the_people(django_assert_max_num_queries):
    for code in ("so-luong-chat-luong-don-vi", "02-cl-cbccx", "trich-ngang"):
        with django_assert_max_num_queries(3):
            form(code)


# ---------------------------------------------------------------- page and command


def test_every_form_is_to_be_had_from_the_page(province_staff):
    client = client_of(province_staff)
    page = text_of(client.get(f"/bieu-mau/?ngay={DAY}").content.decode())
    for code in KINDS.keys() - {"ke-hoach"}:
        assert KINDS[code].name in page
        for file_type in ("xlsx", "pdf"):
            response = client.get(f"/bieu-mau/{code}.{file_type}?ngay={DAY}")
            assert response.status_code == 200, (code, file_type)
            assert f'filename="{code}-' in response["Content-Disposition"]
        assert client.get(f"/bieu-mau/{code}.doc?ngay={DAY}").status_code == 404, code


def test_a_form_of_a_district_s_officer_holds_its_people_and_bears_its_head(district_officer):
    client = client_of(district_officer)
    response = client.get(f"/bieu-mau/trich-ngang.xlsx?ngay={DAY}")
    sheet = load_workbook(BytesIO(response.content)).active
    words = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "UBND HUYỆN BẮC HÀ" in words
    assert "PHÒNG NỘI VỤ" in words
    assert "TRƯỞNG PHÒNG" in words
    assert "Giàng A Sử" in words
    assert "Lù Seo Dơ" not in words
    assert client.get(f"/bieu-mau/trich-ngang.xlsx?ngay={DAY}&xa=02779").status_code == 400
    assert client.get(f"/bieu-mau/trich-ngang.xlsx?ngay={DAY}&huyen=083").status_code == 400


def test_a_year_without_a_plan_is_said(province_staff):
    response = client_of(province_staff).get(f"/bieu-mau/ke-hoach.pdf?ngay={DAY}")
    assert response.status_code == 400
    assert "Năm 2015 chưa có kế hoạch." in text_of(response.content.decode())


def test_the_command_writes_a_form_and_refuses_what_it_cannot(tmp_path):
    out = tmp_path / "bieu.pdf"
    call_command("form", "02-cl-cbccx", str(out), "--as-of", str(DAY), "--unit", "085", stdout=StringIO())
    text = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(out.read_bytes()))
    assert "Huyện Bắc Hà" in text
    assert "Giàng A Sử" in text
    assert "Lù Seo Dơ" not in text
    with pytest.raises(CommandFailed, match=r"đuôi \.xlsx hoặc \.pdf"):
        call_command("form", "bm04", str(tmp_path / "bieu.doc"))
    with pytest.raises(CommandFailed, match="Năm 2015 chưa có kế hoạch"):
        call_command("form", "ke-hoach", str(tmp_path / "a.xlsx"), "--as-of", str(DAY))
