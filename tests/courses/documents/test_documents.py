"""Papers out: who stands on them and in which order, how they are laid out, and templates of somebody else's."""

import re
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO
from multiprocessing import get_context

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl import load_workbook

from cadres import roles
from cadres.models import Sex, UnitVersion
from cadres.periods import PartialDate, Precision
from courses.documents import contents, papers_of_class, papers_of_person, papers_of_units, rendering, word_templates
from courses.documents.default_templates import default_template
from courses.documents.kinds import COLUMNS, SESSIONS_A_SHEET, Kind
from courses.documents.letterhead import day_in_words, decision_number, file_name, listed, spelt_out
from courses.documents.people import natural_order
from courses.documents.samples import SAMPLES, bare, sample
from courses.documents.word_templates import check_template, keep_template, word_document
from courses.documents.wording import Content, in_words
from courses.documents.workbooks import SHEETS, workbook
from courses.models import (
    Attendance,
    Certificate,
    ClassFunding,
    Commitment,
    DocumentTemplate,
    Enrolment,
    NeedCampaign,
    PlanLine,
    Programme,
    Repayment,
    SupportNorm,
    TrainingClass,
    TrainingPlan,
)
from courses.obligations.commitments import repayment
from tests.builders import (
    make_appointment,
    make_class,
    make_commune,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    make_sending_decision,
    make_session,
    make_unit,
    make_version,
    position_of,
)
from tests.conftest import DAY, client_of, make_user, unit_of
from tests.trained_province import fund

pytestmark = pytest.mark.django_db
State = Enrolment.State
BAC_HA, MUONG_KHUONG = "02851", "02779"  # a commune of each
# The papers of a class that name its people, for all who see them.
FOR_OFFICERS = (
    *(Kind.SENDING_DECISION, Kind.SUMMONS, Kind.CLASS_LIST),
    *(Kind.ATTENDANCE, Kind.RESULTS, Kind.CERTIFICATES),
)


@pytest.fixture(autouse=True)
def own_uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def school():
    return make_institution("Trường Chính trị tỉnh", head="Nguyễn Văn Hiệu")


@pytest.fixture
def training_class(school):
    programme = make_programme(title="Bồi dưỡng quản lý nhà nước", kind=Programme.Kind.CERTIFICATE, hours=40)
    return make_class(programme, institution=school, place=unit_of("085"), venue="Hội trường huyện")


def sit(training_class, name, *, commune=BAC_HA, position="VP_TK", state=State.ATTENDING, **columns):
    """Somebody in the class, with a post in a commune."""
    official = make_official(name, sex=Sex.MALE, birth=PartialDate(date(1980, 1, 5)), ethnic="01")
    make_appointment(official, position_of(position), unit_of(commune))
    return make_enrolment(official, training_class, state, **columns)


def open_word(content: bytes):
    return Document(BytesIO(content))


def lines_of(document) -> list[str]:
    """The text of the paragraphs and of the cells, in the order of the page."""
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def names_in(document, names) -> list[str]:
    """Those of the names that stand in the tables, as they come."""
    return [text for text in lines_of(document) if text in names]


def rows_of(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2016, 1, 5), "ngày 05 tháng 01 năm 2016"),
        (date(2016, 2, 9), "ngày 09 tháng 02 năm 2016"),
        (date(2016, 3, 10), "ngày 10 tháng 3 năm 2016"),
        (date(2016, 7, 6), "ngày 06 tháng 7 năm 2016"),
        (date(2016, 12, 31), "ngày 31 tháng 12 năm 2016"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_leading_zero(day, words):
    assert day_in_words(day) == words


def test_a_day_that_is_not_known_leaves_room_to_write_it():
    assert re.fullmatch("ngày\u00a0+tháng\u00a0+năm 2016", day_in_words(None, year=2016))


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("NĐ 18/2010/NĐ-CP", "Nghị định số 18/2010/NĐ-CP"),
        ("Nghị định 18/2010/NĐ-CP", "Nghị định số 18/2010/NĐ-CP"),
        ("QĐ số 45/QĐ-SNV ngày 01/3/2016", "Quyết định số 45/QĐ-SNV ngày 01/3/2016"),
        ("Kết luận của Giám đốc", "Kết luận của Giám đốc"),
    ],
)
def test_texts_of_law_are_named_without_abbreviation(text, spelt):
    assert spelt_out(text) == spelt


def test_a_number_gets_its_sign_once():
    assert [decision_number("125"), decision_number("125/QĐ-UBND")] == ["125/QĐ-SNV", "125/QĐ-UBND"]


def test_words_are_listed_as_in_a_sentence():
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["", "a", "a và b", "a, b và c"]


def test_file_names_are_ascii():
    assert file_name("Quyết định", "125/QĐ-SNV", "") == "quyet-dinh-125-qd-snv"


def test_numbers_inside_text_are_sorted_by_their_size():
    assert sorted(["10", "9", "B2", "B10", "1/2015"], key=natural_order) == ["1/2015", "9", "10", "B2", "B10"]


def test_what_goes_into_word_is_text_in_our_notation():
    tree = {"a": 1_250_000, "b": Decimal("8.50"), "c": date(2015, 2, 1), "d": None, "e": ["x\x00\x0b<y>"], "f": True}
    assert in_words(tree) == {"a": "1.250.000", "b": "8,5", "c": "01/02/2015", "d": "", "e": ["x<y>"], "f": True}


# ---------------------------------------------------------------- who stands where


def test_people_are_ordered_by_district_commune_position_and_vietnamese_name(training_class, province_staff):
    # Mường Khương (083) before Bắc Hà (085); in a commune the chairman first; then by given name: Ánh, Ban, Bàn, Đức
    for name, commune, position in (
        ("Lù Seo Đức", BAC_HA, "VP_TK"),
        ("Lù Seo Bàn", BAC_HA, "VP_TK"),
        ("Lù Seo Ban", BAC_HA, "VP_TK"),
        ("Giàng Thị Ánh", BAC_HA, "VP_TK"),
        ("Vàng A Vụ", BAC_HA, "CT_UBND"),
        ("Sùng A Út", MUONG_KHUONG, "VP_TK"),
    ):
        sit(training_class, name, commune=commune, position=position)
    content = contents.class_list(training_class, user=province_staff, day=DAY)

    wanted = ["Sùng A Út", "Vàng A Vụ", "Giàng Thị Ánh", "Lù Seo Ban", "Lù Seo Bàn", "Lù Seo Đức"]
    assert [line["ho_ten"] for line in content.data["danh_sach"]] == wanted
    assert names_in(open_word(word_document(content)), wanted) == wanted
    sheet = load_workbook(BytesIO(workbook(content))).active
    assert [row[1] for row in rows_of(sheet) if row[1] in wanted] == wanted


@pytest.mark.parametrize(
    ("first_day", "commune"),
    [
        (date(2015, 2, 28), "Xã Cũ"),
        (date(2015, 3, 1), "Xã Cũ"),
        (date(2015, 3, 2), "Xã Mới"),
        (date(2015, 3, 3), "Xã Mới"),
    ],
)
def test_the_unit_is_that_of_the_day_the_class_starts(first_day, commune, province_staff):
    """Transferred on 2 March 2015: whoever starts that day stands with the new commune."""
    district = make_unit(UnitVersion.Kind.DISTRICT, name="Huyện Thử")
    old, new = make_commune(parent=district, name="Xã Cũ"), make_commune(parent=district, name="Xã Mới")
    official = make_official("Lý A Sì")
    make_appointment(official, position_of("VP_TK"), old, end_date=date(2015, 3, 1))
    make_appointment(official, position_of("VP_TK"), new, start_date=date(2015, 3, 2))
    training_class = make_class(start_date=first_day, end_date=date(2015, 4, 1))
    make_enrolment(official, training_class)

    data = contents.class_list(training_class, user=province_staff, day=DAY).data

    assert [(line["xa"], line["huyen"]) for line in data["danh_sach"]] == [(commune, "Huyện Thử")]


def test_the_unit_has_the_name_of_the_day_the_class_starts(province_staff):
    district = make_unit(UnitVersion.Kind.DISTRICT, name="Huyện Thử")
    commune = make_commune(parent=district, name="Xã Tên Cũ", end_date=date(2015, 3, 1))
    make_version(commune, parent=district, name="Xã Tên Mới", start_date=date(2015, 3, 2))
    official = make_official()
    make_appointment(official, position_of("VP_TK"), commune)
    training_class = make_class(start_date=date(2015, 3, 2))
    make_enrolment(official, training_class)

    data = contents.class_list(training_class, user=province_staff, day=DAY).data

    assert data["danh_sach"][0]["xa"] == "Xã Tên Mới"


def test_who_left_the_post_before_the_class_stands_with_the_post_held_before(training_class, province_staff):
    official = make_official("Lý A Sì")
    make_appointment(official, position_of("VP_TK"), unit_of(BAC_HA), end_date=date(2014, 12, 31))
    make_enrolment(official, training_class)

    data = contents.class_list(training_class, user=province_staff, day=DAY).data

    assert data["danh_sach"][0]["huyen"] == "Huyện Bắc Hà"


def test_who_never_held_a_post_stands_last_and_without_one(training_class, province_staff):
    make_enrolment(make_official("An Không Chức"), training_class)
    sit(training_class, "Vàng A Vụ")

    people = contents.class_list(training_class, user=province_staff, day=DAY).data["danh_sach"]

    assert [(person["ho_ten"], person["chuc_danh"]) for person in people] == [
        ("Vàng A Vụ", position_of("VP_TK").title),
        ("An Không Chức", ""),
    ]


def test_the_birth_stands_in_the_column_of_the_sex(training_class, province_staff):
    births = ((Sex.MALE, "Lù A Nam"), (Sex.FEMALE, "Lù Thị Nữ"), ("", "Lù Seo Rõ"))
    for sex, name in births:
        official = make_official(name, sex=sex, birth=PartialDate(date(1979, 1, 1), Precision.YEAR))
        make_appointment(official, position_of("VP_TK"), unit_of(BAC_HA))
        make_enrolment(official, training_class)

    people = in_words(contents.class_list(training_class, user=province_staff, day=DAY).data)["danh_sach"]

    assert {person["ho_ten"]: (person["sinh_nam"], person["sinh_nu"], person["ghi_chu"]) for person in people} == {
        "Lù A Nam": ("1979", "", ""),
        "Lù Thị Nữ": ("", "1979", ""),
        "Lù Seo Rõ": ("", "", "Sinh 1979"),
    }


@pytest.mark.parametrize(
    ("state", "is_listed"),
    [
        (State.WAITING, False),
        (State.NOMINATED, False),
        (State.REJECTED, False),
        (State.WITHDRAWN, False),
        (State.APPROVED, True),
        (State.DECIDED, True),
        (State.ATTENDING, True),
        (State.COMPLETED, True),
        (State.FAILED, True),
        (State.ABSENT, True),
    ],
)
def test_the_class_list_holds_who_was_approved_and_did_not_leave(state, is_listed, training_class, province_staff):
    sit(training_class, "Lý A Sì", state=state)
    sit(training_class, "Vàng A Vụ")

    people = contents.class_list(training_class, user=province_staff, day=DAY).data["danh_sach"]

    assert ("Lý A Sì" in [person["ho_ten"] for person in people]) == is_listed


# ---------------------------------------------------------------- the decision


@pytest.fixture
def decision(training_class):
    decision = make_sending_decision(training_class, signed_on=date(2015, 2, 5))
    decision.number, decision.signer, decision.signer_post = "125", "Trần Văn Ký", "Phó Giám đốc Sở Nội vụ"
    decision.save()
    return decision


def decision_of(training_class, decision, user):
    return contents.sending_decision(training_class, decision, user=user, day=DAY)


def test_the_decision_names_number_day_signer_law_and_people(training_class, decision, province_staff):
    sit(training_class, "Lý A Sì", decision=decision)
    sit(training_class, "Vàng A Vụ", state=State.WITHDRAWN, decision=decision)
    training_class.decision = "QĐ 45/QĐ-SNV ngày 01/02/2015"
    training_class.save()
    ClassFunding.objects.create(training_class=training_class, source="local", committed=5_000_000)

    content = decision_of(training_class, decision, province_staff)
    text = "\n".join(lines_of(open_word(word_document(content))))

    assert content.stem == f"quyet-dinh-cu-di-hoc-125-qd-snv-{training_class.code.lower()}"
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "UBND TỈNH LÀO CAI",
        "SỞ NỘI VỤ",
        "Số: 125/QĐ-SNV",
        "Lào Cai, ngày 05 tháng 02 năm 2015",
        "Căn cứ Luật Cán bộ, công chức ngày 13 tháng 11 năm 2008;",
        "Căn cứ Nghị định số 18/2010/NĐ-CP ngày 05 tháng 3 năm 2010 của Chính phủ về đào tạo, bồi dưỡng công chức;",
        "Căn cứ Quyết định số 45/QĐ-SNV ngày 01 tháng 02 năm 2015 của Giám đốc Sở Nội vụ tỉnh Lào Cai về việc mở lớp "
        "Bồi dưỡng quản lý nhà nước;",
        "Xét đề nghị của Phòng Nội vụ huyện Bắc Hà.",
        "Cử 2 cán bộ, công chức cấp xã",
        "từ ngày 02/03/2015 đến ngày 06/03/2015 (40 tiết)",
        "do ngân sách địa phương bảo đảm",
        "Trần Văn Ký",
        "(Kèm theo Quyết định số 125/QĐ-SNV ngày 05 tháng 02 năm 2015 của Giám đốc Sở Nội vụ tỉnh Lào Cai)",
        "Vàng A Vụ",  # sent, and withdrawn later
    ):
        assert words in text
    assert "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC" in text
    assert "DỰ THẢO" not in text
    assert "{" not in text


@pytest.mark.parametrize(("kind", "is_asked"), [(Programme.Kind.DEGREE, True), (Programme.Kind.CERTIFICATE, False)])
def test_only_studies_for_a_degree_ask_for_a_commitment(kind, is_asked, province_staff):
    training_class = make_class(make_programme(kind=kind))
    enrolment = sit(training_class, "Lý A Sì")

    content = decision_of(training_class, enrolment.decision, province_staff)
    text = "\n".join(lines_of(open_word(word_document(content))))

    assert ("gấp 2 lần thời gian đào tạo" in text) == is_asked


def test_the_draft_has_no_number_and_holds_who_is_approved(training_class, province_staff):
    sit(training_class, "Lý A Sì", state=State.APPROVED)
    sit(training_class, "Vàng A Vụ", state=State.NOMINATED)

    content = contents.draft_decision(training_class, user=province_staff, day=DAY)
    text = "\n".join(lines_of(open_word(word_document(content))))

    assert "DỰ THẢO" in text
    assert re.search(r"Số: \u00a0+/QĐ-SNV", text)
    assert re.search("Lào Cai, ngày\u00a0+tháng\u00a0+năm 2015", text)
    assert "Lý A Sì" in text
    assert "Vàng A Vụ" not in text
    assert content.stem.startswith("du-thao-")


def test_a_draft_without_anybody_approved_is_refused(training_class, province_staff):
    with pytest.raises(ValidationError, match="chưa có người nào đã duyệt"):
        contents.draft_decision(training_class, user=province_staff, day=DAY)


def test_the_plan_is_among_the_texts_that_a_decision_rests_on(training_class, decision, province_staff):
    plan = make_plan(state=TrainingPlan.State.APPROVED, decision_number="12/QĐ-UBND", decision_date=date(2015, 1, 9))
    training_class.plan_line = plan.lines.get()
    training_class.save()
    sit(training_class, "Lý A Sì", decision=decision)

    basis = decision_of(training_class, decision, province_staff).data["can_cu"]

    approved = "Quyết định số 12/QĐ-UBND ngày 09 tháng 01 năm 2015 của Ủy ban nhân dân tỉnh Lào Cai"
    assert f"{approved} về việc phê duyệt Kế hoạch 2015" in basis


# ---------------------------------------------------------------- layout (Nghị định 30/2020/NĐ-CP)


@pytest.mark.parametrize("kind", Kind)
def test_pages_are_a4_with_the_margins_and_type_of_the_decree(kind):
    document = open_word(rendering.render(default_template(kind), sample(kind)).document)
    fonts = document.styles["Normal"].element.rPr.rFonts

    assert set(fonts.attrib.values()) == {"Times New Roman"}
    assert document.styles["Normal"].font.size in (Pt(13), Pt(14))
    for section in document.sections:
        assert sorted((round(section.page_width.mm), round(section.page_height.mm))) == [210, 297]
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 20 <= round(section.bottom_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert section.first_page_header.paragraphs == [] or not section.first_page_header.paragraphs[0].text


@pytest.mark.parametrize("kind", [kind for kind, columns in COLUMNS.items() if columns])
def test_tables_fit_between_the_margins_and_repeat_their_heads(kind):
    document = open_word(rendering.render(default_template(kind), sample(kind)).document)
    framed = [table for table in document.tables if "w:tblHeader" in table._tbl.xml]
    lies = any(section.orientation == WD_ORIENT.LANDSCAPE for section in document.sections)

    assert framed
    for table in framed:
        assert sum(column.width.mm for column in table.columns) <= (253 if lies else 161)


def test_the_head_of_a_decision_is_typed_as_the_decree_says():
    document = open_word(
        rendering.render(default_template(Kind.SENDING_DECISION), sample(Kind.SENDING_DECISION)).document
    )
    cells = [paragraph for cell in document.tables[0].rows[0].cells for paragraph in cell.paragraphs]
    by_text = {paragraph.text: paragraph.runs[0] for paragraph in cells if paragraph.runs}

    def looks(text):
        run = by_text[text]
        return run.font.size.pt, bool(run.bold), bool(run.italic)

    assert looks("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") == (12, True, False)
    assert looks("Độc lập - Tự do - Hạnh phúc") == (13, True, False)
    assert looks("UBND TỈNH LÀO CAI") == (12, False, False)
    assert looks("SỞ NỘI VỤ") == (12, True, False)
    assert looks("Lào Cai, ngày 06 tháng 7 năm 2016") == (13, False, True)
    recipients = next(
        paragraph
        for table in document.tables
        for cell in table.rows[0].cells
        for paragraph in cell.paragraphs
        if paragraph.text == "Nơi nhận:"
    )
    assert (recipients.runs[0].font.size.pt, recipients.runs[0].bold, recipients.runs[0].italic) == (12, True, True)


@pytest.mark.parametrize("kind", SHEETS)
def test_workbooks_are_set_up_to_be_printed(kind):
    book = load_workbook(BytesIO(workbook(Content(kind, SAMPLES[kind], "x"))))
    for sheet in book:
        assert sheet.page_setup.paperSize == int(sheet.PAPERSIZE_A4)
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.HeaderFooter.differentFirst  # Nghị định 30/2020/NĐ-CP: the first page bears no number
        assert (sheet.oddHeader.center.text, sheet.firstHeader.center.text) == ("&P", None)
        assert sheet.print_title_rows
        assert sheet.page_margins.left == pytest.approx(30 / 25.4, abs=0.01)
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.value is None or cell.font.name == "Times New Roman"


def test_who_signs_a_workbook_stands_on_no_page_without_two_of_the_list():
    """Pages are counted by the heights of the rows, as narrow and as wide as programs differ in them."""
    room = (210 - 20 - 20) / 25.4 * 72  # points of A4 lying between its margins
    (paper,) = SAMPLES[Kind.ATTENDANCE]["cac_to"]
    for people in (2, 3, *range(12, 17), 21, *range(33, 38)):
        rows = [paper["danh_sach"][0] | {"stt": number} for number in range(1, people + 1)]
        data = SAMPLES[Kind.ATTENDANCE] | {"cac_to": [paper | {"danh_sach": rows}]}
        sheet = load_workbook(BytesIO(workbook(Content(Kind.ATTENDANCE, data, "x")))).active
        heights = {row: sheet.row_dimensions[row].height or 15 for row in range(1, sheet.max_row + 1)}
        listed = [row for row in heights if isinstance(sheet.cell(row, 1).value, int)]
        titles = heights[listed[0] - 1]
        for factor in (1, 1.02, 1.04):
            pages, left = [[]], room * factor
            for row, height in heights.items():
                if height > left:
                    pages.append([])
                    left = room * factor - titles
                pages[-1].append(row)
                left -= height
            signed = set(pages[-1])
            assert len(signed & set(listed)) >= min(2, people), (people, factor)
            assert set(range(listed[-1] + 1, sheet.max_row + 1)) <= signed, (people, factor)


def test_a_sheet_that_fills_its_page_is_followed_by_no_empty_one():
    (paper,) = SAMPLES[Kind.ATTENDANCE]["cac_to"]
    content = Content(Kind.ATTENDANCE, SAMPLES[Kind.ATTENDANCE] | {"cac_to": [paper, paper]}, "x")
    made = Document(BytesIO(word_document(content)))
    assert [part.get(qn("w:type")) for part in made.element.body.iter(qn("w:br"))].count("page") == 0
    assert [bool(part.paragraph_format.page_break_before) for part in made.paragraphs].count(True) == 1


def test_workbooks_hold_dates_and_numbers_as_such(training_class, province_staff):
    sit(training_class, "Lý A Sì", state=State.COMPLETED, mark=Decimal("8.5"), grade=Enrolment.Grade.EXCELLENT)
    sheet = load_workbook(BytesIO(workbook(contents.results(training_class, user=province_staff, day=DAY)))).active

    (row,) = (row for row in sheet.iter_rows() if row[1].value == "Lý A Sì")

    assert [cell.value for cell in row][:3] == [1, "Lý A Sì", row[2].value]
    assert row[2].value.date() == date(1980, 1, 5)
    assert row[2].number_format == "dd/mm/yyyy"
    assert row[7].value == 8.5
    assert row[8].value == "Giỏi"


def test_a_name_that_begins_like_a_formula_stays_text(training_class, province_staff):
    sit(training_class, '=HYPERLINK("http://xấu";"Lý")')
    content = contents.class_list(training_class, user=province_staff, day=DAY)

    sheet = load_workbook(BytesIO(workbook(content))).active
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("="))

    assert cell.data_type == "s"


def test_markup_in_a_name_stays_text(training_class, province_staff):
    name = "Lý <w:br/> & {{ 7*7 }} Sì"
    sit(training_class, name)

    document = open_word(word_document(contents.class_list(training_class, user=province_staff, day=DAY)))

    assert name in lines_of(document)


# ---------------------------------------------------------------- attendance, results, register, plan


def test_an_attendance_sheet_has_ten_sessions_and_everybody(training_class, province_staff):
    for day in range(2, 7):
        for hour in (8, 14):
            make_session(training_class, date(2015, 3, day), hour=hour)
    more = [make_session(training_class, date(2015, 3, day), hour=18) for day in range(2, 7)]
    cancelled = make_session(training_class, date(2015, 3, 8), is_cancelled=True)
    first, _second = sit(training_class, "Lý A Sì"), sit(training_class, "Vàng A Vụ")
    Attendance.objects.create(session=more[0], enrolment=first, mark=Attendance.Mark.EXCUSED)

    content = contents.attendance(training_class, user=province_staff, day=DAY)
    sheets = content.data["cac_to"]

    assert [sum(bool(session) for session in sheet["cac_buoi"]) for sheet in sheets] == [10, 5]
    assert sheets[0]["cac_buoi"][:3] == ["02/03\nsáng", "02/03\nchiều", "02/03\ntối"]
    assert sheets[0]["danh_sach"][0]["cac_dau"][:4] == ["", "", "P", ""]
    assert f"{cancelled.day:%d/%m}" not in str(sheets)
    document = open_word(word_document(content))
    assert names_in(document, ["Lý A Sì", "Vàng A Vụ"]) == ["Lý A Sì", "Vàng A Vụ"] * 2
    ends_of_lines = [part for part in document.element.body.iter(qn("w:br")) if part.get(qn("w:type")) is None]
    assert len(ends_of_lines) == 15  # between the day and the hour of each session
    assert load_workbook(BytesIO(workbook(content))).sheetnames == ["Tờ 1", "Tờ 2"]


def test_a_blank_attendance_sheet_has_no_marks_and_needs_no_sessions(training_class, province_staff):
    enrolment = sit(training_class, "Lý A Sì")
    session = make_session(training_class)
    Attendance.objects.create(session=session, enrolment=enrolment, mark=Attendance.Mark.PRESENT)
    blank = contents.attendance(training_class, user=province_staff, day=DAY, is_blank=True).data

    assert blank["cac_to"][0]["danh_sach"][0]["cac_dau"] == [""] * SESSIONS_A_SHEET
    assert blank["cac_to"][0]["cac_buoi"][0] == "02/03\nsáng"

    session.delete()
    assert (
        contents.attendance(training_class, user=province_staff, day=DAY).data["cac_to"][0]["cac_buoi"]
        == [""] * SESSIONS_A_SHEET
    )


def test_results_say_how_many_finished_and_how_often_somebody_was_missing(training_class, province_staff):
    finished = sit(training_class, "Lý A Sì", state=State.COMPLETED, grade=Enrolment.Grade.GOOD, mark=Decimal("7.25"))
    sit(training_class, "Vàng A Vụ", state=State.FAILED, mark=Decimal(4))
    sit(training_class, "Chưa Vào Học", state=State.DECIDED)
    for hour, mark in ((8, "excused"), (14, "unexcused"), (18, "late")):
        session = make_session(training_class, hour=hour)
        Attendance.objects.create(session=session, enrolment=finished, mark=mark)

    data = in_words(contents.results(training_class, user=province_staff, day=DAY).data)

    assert [
        tuple(person[key] for key in ("ho_ten", "so_buoi_vang", "diem", "xep_loai", "ket_qua"))
        for person in data["danh_sach"]
    ] == [("Lý A Sì", "2", "7,25", "Khá", "Hoàn thành"), ("Vàng A Vụ", "0", "4", "", "Không đạt")]
    assert data["tong_ket"] == "Danh sách có 2 người: hoàn thành 1, không đạt 1./."
    assert data["co_quan"] == "TRƯỜNG CHÍNH TRỊ TỈNH"
    assert data["nguoi_dung_dau"] == "Nguyễn Văn Hiệu"


def certify(enrolment, book_entry, *, institution=None, issued_on=date(2015, 3, 20), **columns):
    return Certificate.objects.create(
        enrolment=enrolment,
        institution=institution or enrolment.training_class.institution,
        number=f"CC-{book_entry}",
        book_entry=book_entry,
        issued_on=issued_on,
        signer="Nguyễn Văn Hiệu",
        **columns,
    )


def test_the_register_runs_by_the_numbers_of_the_book_and_keeps_what_was_withdrawn(training_class, province_staff):
    entries = {"10": "Lý A Sì", "9": "Vàng A Vụ", "2": "Giàng A Dơ"}
    for book_entry, name in entries.items():
        enrolment = sit(training_class, name, state=State.COMPLETED)
        withdrawn = {"withdrawn_on": date(2015, 4, 1), "withdrawn_because": "ghi sai"} if book_entry == "9" else {}
        certify(enrolment, book_entry, **withdrawn)

    content = contents.class_certificates(training_class, user=province_staff, day=DAY)
    lines = content.data["cac_nhom"][0]["danh_sach"]

    assert [(line["stt"], line["so_vao_so"], line["ho_ten"]) for line in lines] == [
        (1, "2", "Giàng A Dơ"),
        (2, "9", "Vàng A Vụ"),
        (3, "10", "Lý A Sì"),
    ]
    assert lines[1]["ghi_chu"] == "Thu hồi 01/04/2015: ghi sai"
    assert content.data["tong_ket"] == "Sổ có 3 dòng, trong đó 1 dòng đã thu hồi./."
    assert names_in(open_word(word_document(content)), list(entries.values())) == ["Giàng A Dơ", "Vàng A Vụ", "Lý A Sì"]


@pytest.mark.parametrize("year", [2014, 2015, 2016])
def test_the_register_of_a_year_holds_the_entries_of_that_year(year, training_class, school, province_staff):
    for issued_on in (date(2014, 12, 31), date(2015, 1, 1), date(2015, 12, 31), date(2016, 1, 1)):
        certify(sit(training_class, "Lý A Sì", state=State.COMPLETED), f"{issued_on:%d%m%Y}", issued_on=issued_on)

    content = contents.certificate_register(year=year, institution=school, user=province_staff, day=DAY)

    days = [line["ngay_cap"] for group in content.data["cac_nhom"] for line in group["danh_sach"]]
    assert {day.year for day in days} == {year}
    assert len(days) == (2 if year == 2015 else 1)
    assert content.data["dong_phu"] == [f"Năm {year}", "Trường Chính trị tỉnh"]


def test_the_register_of_all_institutions_names_each(training_class, province_staff):
    other = make_institution("Trung tâm huyện")
    certify(sit(training_class, "Lý A Sì", state=State.COMPLETED), "1")
    certify(sit(training_class, "Vàng A Vụ", state=State.COMPLETED), "1", institution=other)

    content = contents.certificate_register(year=2015, institution=None, user=province_staff, day=DAY)

    assert [(group["ten"], group["danh_sach"][0]["stt"]) for group in content.data["cac_nhom"]] == [
        ("Trung tâm huyện", 1),
        ("Trường Chính trị tỉnh", 2),
    ]
    assert "Trung tâm huyện" in lines_of(open_word(word_document(content)))


def make_plan(*, year=2015, **columns):
    plan = TrainingPlan.objects.create(year=year, title=f"Kế hoạch {year}", budget_local=500_000_000, **columns)
    PlanLine.objects.create(
        plan=plan,
        programme=make_programme(title="Bồi dưỡng quản lý nhà nước", hours=41),
        class_count=3,
        seats=40,
        months="quý II",
        place=unit_of("085"),
        target_group="Công chức cấp xã",
        cost_local=120_000_000,
        cost_central=30_500_000,
    )
    return plan


def test_the_plan_adds_up_by_kind_and_in_all():
    plan = make_plan()
    PlanLine.objects.create(
        plan=plan, programme=make_programme(kind=Programme.Kind.DEGREE), seats=20, cost_other=7_000_000
    )

    content = contents.plan(plan, day=DAY)

    assert [group["ten"] for group in content.data["cac_nhom"]] == [
        "I. Đào tạo: 1 lớp, 20 học viên, 7.000.000 đồng",
        "II. Bồi dưỡng: 3 lớp, 120 học viên, 150.500.000 đồng",
    ]
    assert content.data["tong"] == {
        "so_lop": 4,
        "tong_hoc_vien": 140,
        "kinh_phi_trung_uong": 30_500_000,
        "kinh_phi_dia_phuong": 120_000_000,
        "kinh_phi_khac": 7_000_000,
    }
    line = content.data["cac_nhom"][1]["danh_sach"][0]
    assert (line["so_ngay"], line["dia_diem"]) == (6, "Huyện Bắc Hà")
    assert content.data["dong_phu"] == ["(Dự thảo)"]
    assert "157.500.000" in content.data["tong_ket"]
    sheet = load_workbook(BytesIO(workbook(content))).active
    (total,) = (row for row in rows_of(sheet) if row[1] == "Tổng cộng")
    assert total[10:13] == [30_500_000, 120_000_000, 7_000_000]
    assert "Tổng cộng" in lines_of(open_word(word_document(content)))


def test_an_approved_plan_names_its_decision():
    plan = make_plan(state=TrainingPlan.State.APPROVED, decision_number="12/QĐ-UBND", decision_date=date(2015, 1, 9))

    assert contents.plan(plan, day=DAY).data["dong_phu"] == [
        "(Kèm theo Quyết định số 12/QĐ-UBND ngày 09 tháng 01 năm 2015)"
    ]


# ---------------------------------------------------------------- templates


def edited(kind: Kind, old: str, new: str) -> bytes:
    """The product's template with one text replaced, as somebody would in Word."""
    document = open_word(default_template(kind))
    places = [*document.paragraphs]
    for table in document.tables:
        places += [paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs]
    found = [run for paragraph in places for run in paragraph.runs if old in run.text]
    assert found, f"no {old} in the template"
    found[0].text = found[0].text.replace(old, new)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def shape(value):
    """The tags of a tree of words, without what they say."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value and isinstance(value[0], dict) else []
    return ""


def test_the_samples_offer_the_tags_that_papers_have(training_class, province_staff):
    make_session(training_class)
    sent = sit(training_class, "Lý A Sì", state=State.COMPLETED)
    certify(sent, "1")
    training_class.quotas.create(district=unit_of("085"), seats=5)
    fund(training_class, 0, 5_000_000)
    SupportNorm.objects.create(content="Tiền ăn", amount=50_000, measure="day", decision="NQ 1")
    degree = make_class(make_programme(kind=Programme.Kind.DEGREE), institution=training_class.institution)
    promised = Commitment.objects.create(enrolment=sit(degree, "Vàng A Vụ"), signed_on=DAY, months=10, cost=700)
    commitment_of = repayment(promised, case=Repayment.Case.QUIT, on=DAY).as_json()
    campaign = NeedCampaign.objects.create(year=2016, title="Đợt 1", opens_on=DAY, closes_on=DAY)
    submission = campaign.submissions.create(district=unit_of("085"), deadline=DAY)
    submission.needs.create(official=sent.official, programme=training_class.programme, reason="thiếu")
    open_class = make_class(state=TrainingClass.State.OPEN)
    sit(open_class, "Giàng A Dơ", state=State.NOMINATED)
    made = (
        papers_of_units.registration(submission, day=DAY),
        papers_of_units.proposal(open_class, unit_of("085"), user=province_staff, day=DAY),
        papers_of_class.opening(training_class, day=DAY),
        papers_of_class.summons(training_class, user=province_staff, day=DAY),
        papers_of_class.recognition(training_class, user=province_staff, day=DAY),
        papers_of_class.certificate_sheets(training_class, user=province_staff),
        papers_of_class.support_list(training_class, user=province_staff, day=DAY),
        papers_of_class.settlement(training_class, day=DAY),
        papers_of_person.commitments(degree, user=province_staff),
        papers_of_person.repayment_decision(promised, commitment_of, on=DAY, decision="", day=DAY),
        papers_of_person.transcript(sent.official, user=province_staff, day=DAY),
        decision_of(training_class, sent.decision, province_staff),
        contents.class_list(training_class, user=province_staff, day=DAY),
        contents.attendance(training_class, user=province_staff, day=DAY),
        contents.results(training_class, user=province_staff, day=DAY),
        contents.class_certificates(training_class, user=province_staff, day=DAY),
        contents.plan(make_plan(), day=DAY),
    )

    assert {content.kind: shape(in_words(content.data)) for content in made} == {
        kind: shape(in_words(words)) for kind, words in SAMPLES.items()
    }


@pytest.mark.parametrize("kind", Kind)
def test_the_product_s_own_templates_pass_the_check(kind):
    """Run on the spot, as ours are: the process in which a stranger's is run takes longer to begin than to answer."""
    template, words = default_template(kind), sample(kind)
    word_templates._check_file(template)
    assert rendering.render(template, words, bare(words)).state == rendering.MADE


def test_a_template_of_the_province_is_used_until_it_is_taken_back(training_class, province_staff):
    sit(training_class, "Lý A Sì")
    client = client_of(province_staff)
    mine = edited(Kind.CLASS_LIST, "NGƯỜI LẬP BIỂU", "CHUYÊN VIÊN THEO DÕI")
    replace = reverse("courses:document-template-replace", args=[Kind.CLASS_LIST])
    paper = reverse("courses:class-document", args=[training_class.pk, Kind.CLASS_LIST, "docx"])

    answer = client.post(replace, {"file": SimpleUploadedFile("mẫu.docx", mine)})

    assert answer.status_code == 302
    text = "\n".join(lines_of(open_word(client.get(paper).content)))
    assert "CHUYÊN VIÊN THEO DÕI" in text
    assert "Lý A Sì" in text
    own = client.get(reverse("courses:document-template-file", args=[Kind.CLASS_LIST])).content
    assert own == mine
    original = client.get(reverse("courses:document-template-file", args=[Kind.CLASS_LIST]) + "?goc=1").content
    assert original == default_template(Kind.CLASS_LIST)

    client.post(reverse("courses:document-template-reset", args=[Kind.CLASS_LIST]))
    assert "NGƯỜI LẬP BIỂU" in "\n".join(lines_of(open_word(client.get(paper).content)))
    assert not DocumentTemplate.objects.exists()


def test_a_replaced_or_dropped_template_leaves_no_file_behind(settings, django_capture_on_commit_callbacks):
    user = make_user("so-noi-vu-2", roles.PROVINCE_STAFF)
    with django_capture_on_commit_callbacks(execute=True):
        keep_template(Kind.PLAN, default_template(Kind.PLAN), by=user)
        keep_template(Kind.PLAN, edited(Kind.PLAN, "NGƯỜI LẬP BIỂU", "NGƯỜI LẬP"), by=user)

    assert len(list(settings.MEDIA_ROOT.rglob("*.docx"))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client_of(user).post(reverse("courses:document-template-reset", args=[Kind.PLAN]))
    assert list(settings.MEDIA_ROOT.rglob("*.docx")) == []


@pytest.fixture(scope="module")
def one_process() -> Iterator[Callable[..., rendering.Answer]]:
    """As `render_in_process`, with its limits, for many templates in turn: to start it takes most of a test."""
    limits = rendering.MEGABYTES, rendering.SECONDS
    with ProcessPoolExecutor(1, get_context("spawn"), rendering.limit, limits) as process:
        yield lambda *question: process.submit(rendering.render, *question).result()


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{{ so_dien_thoai }}", "không có thẻ “so_dien_thoai”"),
        ("{{ lop.hoc_phi }}", "không có thẻ “lop.hoc_phi”"),
        ("{{ ''.__class__ }}", "lệnh không được phép"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "lệnh không được phép"),
        ("{{ lop.__init__.__globals__ }}", "lệnh không được phép"),
        ("{{ ''['__cla' ~ 'ss__'] }}", "lệnh không được phép"),
        ("{{ danh_sach.clear() }}", "lệnh không được phép"),
        ("{{ danh_sach.append(1) }}", "lệnh không được phép"),
        ("{{ lipsum.__globals__ }}", "không có thẻ “lipsum”"),
        ("{{ cycler.__init__.__globals__.os }}", "không được phép"),
        ("{% for x in range(99999999) %}{% endfor %}", "lệnh không được phép"),
        ("{{ 'a' * 9999999999 }}", "lệnh không được phép"),
        ("{{ 9 ** 9 ** 9 }}", "lệnh không được phép"),
        ("{{ '%9999999999d' % 1 }}", "lệnh không được phép"),
        ("{{ lop.ten.ljust(9999999999) }}", "lệnh không được phép"),
        ("{{ lop.ten|center(9999999999) }}", "lệnh không được phép (|center)"),
        ("{{ '<w:p/>'|safe }}", "lệnh không được phép (|safe)"),
        ("{{ lop.ten|tojson }}", "lệnh không được phép (|tojson)"),
        ("{% set x = 'a' %}{{ x }}", "lệnh không được phép"),
        ("{% macro x() %}a{% endmacro %}", "lệnh không được phép"),
        ("{{ lop.ten", "có thẻ viết sai"),
        ("{% for nguoi in danh_sach %}", "có thẻ viết sai"),
        ("{% include 'x' %}", "không dùng được"),
        ("{{ lop.ten|khong_co }}", "có thẻ viết sai"),
        ("{{ danh_sach[0].ho_ten }}", "không có thẻ"),  # a list may be empty
    ],
)
def test_a_template_that_does_harm_or_does_not_work_is_refused_with_the_reason(tag, said, one_process, monkeypatch):
    monkeypatch.setattr(rendering, "render_in_process", one_process)
    template = edited(Kind.CLASS_LIST, "NGƯỜI LẬP BIỂU", tag)

    with pytest.raises(ValidationError, match=re.escape(said)):
        check_template(Kind.CLASS_LIST, template)


def test_a_template_that_reckons_for_hours_is_refused(monkeypatch):
    monkeypatch.setattr(rendering, "SECONDS", 2)
    numbers = repr([1] * 999)
    loops = "".join(f"{{% for {name} in {numbers} %}}" for name in "xyz")
    template = edited(Kind.CLASS_LIST, "NGƯỜI LẬP BIỂU", loops + "." + "{% endfor %}" * 3)

    with pytest.raises(ValidationError, match="chạy quá lâu hoặc tạo ra văn bản quá lớn"):
        check_template(Kind.CLASS_LIST, template)


def test_a_template_without_a_tag_for_data_is_refused():
    document = Document()
    document.add_paragraph("Danh sách học viên lớp bồi dưỡng")
    document.add_paragraph("{% if 1 < 2 %}Kính gửi{% endif %}")
    stream = BytesIO()
    document.save(stream)

    with pytest.raises(ValidationError, match="không có thẻ dữ liệu nào"):
        check_template(Kind.CLASS_LIST, stream.getvalue())


def test_a_template_whose_commands_tear_the_table_apart_is_refused():
    template = edited(Kind.CLASS_LIST, "{%tr endfor %}", "{% endfor %}")

    with pytest.raises(ValidationError, match="không dùng được"):
        check_template(Kind.CLASS_LIST, template)


def archive(**parts: bytes) -> bytes:
    """A docx with parts beside those of Word; `_` in a name stands for `/`."""
    stream = BytesIO(default_template(Kind.CLASS_LIST))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as docx:
        for name, content in parts.items():
            docx.writestr(name.replace("_", "/"), content)
    return stream.getvalue()


EXTERNAL = b'<R><Relationship Id="r" Type="http://x/image" Target="http://x/a.png" TargetMode="External"/></R>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "không phải là văn bản Word"),
        (b"PK\x03\x04 half", "không phải là văn bản Word"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "không phải là văn bản Word"),
        (lambda: default_template(Kind.PLAN)[:4000], "không phải là văn bản Word"),
        (lambda: archive(**{"word_vbaProject.bin": b"x"}), "macro"),
        (lambda: archive(**{"word_embeddings_a.bin": b"x"}), "macro hoặc tệp nhúng"),
        (lambda: archive(**{"word_x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "không phải do Word lưu"),
        (lambda: archive(**{"word_x.rels": EXTERNAL}), "từ nơi khác"),
        (lambda: archive(**{"word_bomb.xml": b"a" * (40 * 2**20)}), "quá lớn"),
        (lambda: b"PK\x03\x04" + b"x" * (5 * 2**20), "quá lớn"),
    ],
)
def test_a_file_that_is_no_harmless_word_document_is_refused(content, said):
    with pytest.raises(ValidationError, match=said):
        check_template(Kind.CLASS_LIST, content() if callable(content) else content)


def test_a_refused_template_leaves_the_one_in_use(province_staff):
    client = client_of(province_staff)
    replace = reverse("courses:document-template-replace", args=[Kind.CLASS_LIST])
    client.post(replace, {"file": SimpleUploadedFile("a.docx", default_template(Kind.CLASS_LIST))})

    bad = edited(Kind.CLASS_LIST, "NGƯỜI LẬP BIỂU", "{{ luong }}")
    answer = client.post(replace, {"file": SimpleUploadedFile("b.docx", bad)})

    assert answer.status_code == 400
    assert "không có thẻ “luong”" in answer.content.decode()
    assert DocumentTemplate.objects.get().file.read() == default_template(Kind.CLASS_LIST)


@pytest.mark.parametrize("damage", ["gone", "broken"])
def test_a_template_that_no_longer_does_is_named_with_the_remedy(damage, training_class, province_staff):
    sit(training_class, "Lý A Sì")
    own = keep_template(Kind.CLASS_LIST, default_template(Kind.CLASS_LIST), by=province_staff)
    if damage == "gone":
        own.file.storage.delete(own.file.name)
    else:
        with own.file.storage.open(own.file.name, "wb") as file:
            file.write(b"PK")
    paper = reverse("courses:class-document", args=[training_class.pk, Kind.CLASS_LIST, "docx"])

    answer = client_of(province_staff).get(paper)

    assert answer.status_code == 400
    assert "dùng lại mẫu gốc" in answer.content.decode()
    assert client_of(province_staff).get(paper.replace("docx", "xlsx")).status_code == 200


# ---------------------------------------------------------------- pages


def page_of(training_class) -> str:
    return reverse("courses:class-documents", args=[training_class.pk])


def test_the_page_says_why_a_paper_cannot_be_printed_yet(training_class, province_staff):
    shown = client_of(province_staff).get(page_of(training_class)).content.decode()

    assert "Chưa có người nào được duyệt vào lớp." in shown
    assert "bảng có từ khi lớp khai giảng" in shown
    assert re.findall(r"([a-z-]+)\.(?:docx|xlsx)", shown) == ["quyet-dinh-mo-lop"]  # its draft names nobody


def test_everything_that_the_page_offers_can_be_downloaded(training_class, province_staff):
    make_session(training_class)
    certify(sit(training_class, "Lý A Sì", state=State.COMPLETED), "1")
    sit(training_class, "Vàng A Vụ", state=State.APPROVED)
    client = client_of(province_staff)

    links = re.findall(
        r'href="(/dao-tao/lop/[^"]+\.(?:docx|xlsx)[^"]*)"', client.get(page_of(training_class)).content.decode()
    )

    assert len(links) == 20
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.(docx|xlsx)"', answer["Content-Disposition"])
        assert answer.content.startswith(b"PK")


def test_an_officer_s_papers_hold_the_own_people_and_say_so(training_class, district_officer, decision):
    sit(training_class, "Lý A Sì", decision=decision, state=State.COMPLETED)
    sit(training_class, "Sùng A Út", commune=MUONG_KHUONG, decision=decision, state=State.COMPLETED)
    for enrolment in training_class.enrolments.all():
        certify(enrolment, f"{enrolment.pk}")
    client = client_of(district_officer)

    for kind in FOR_OFFICERS:
        query = f"?quyet_dinh={decision.pk}" if kind == Kind.SENDING_DECISION else ""
        for file_type in ("docx", "xlsx"):
            answer = client.get(reverse("courses:class-document", args=[training_class.pk, kind, file_type]) + query)
            text = unpacked(answer.content)
            assert "Lý A Sì" in text
            assert "Sùng A Út" not in text
            assert "(trích: danh sách của huyện Bắc Hà, 1 trong 2 dòng)" in text
    register = client.get(reverse("courses:certificate-register", args=["docx"]) + "?nam=2015").content
    assert "Lý A Sì" in unpacked(register)
    assert "Sùng A Út" not in unpacked(register)
    assert "Trích 1 dòng" in unpacked(register)


def test_a_paper_with_own_people_only_is_the_same_for_the_officer_as_for_sonoivu(
    training_class, district_officer, province_staff, decision
):
    enrolment = sit(training_class, "Lý A Sì", decision=decision, state=State.COMPLETED)
    certify(enrolment, "1")
    for kind in FOR_OFFICERS:
        query = f"?quyet_dinh={decision.pk}" if kind == Kind.SENDING_DECISION else ""
        path = reverse("courses:class-document", args=[training_class.pk, kind, "docx"]) + query
        own, whole = (unpacked(client_of(user).get(path).content) for user in (district_officer, province_staff))
        assert "trích" not in own
        assert own == whole


def test_an_extract_of_a_decision_names_all_districts_that_proposed(training_class, district_officer, decision):
    sit(training_class, "Lý A Sì", decision=decision)
    sit(training_class, "Sùng A Út", commune=MUONG_KHUONG, decision=decision)
    data = contents.sending_decision(training_class, decision, user=district_officer, day=DAY).data
    assert data["noi_de_nghi"] == "Phòng Nội vụ huyện Mường Khương và huyện Bắc Hà"
    assert (data["so_nguoi"], data["so_trong_danh_sach"]) == (2, 1)


def test_a_paper_of_two_levels_names_the_communes_and_has_no_column_of_districts(school, province_staff, decision):
    two_levels = date(2025, 7, 1)
    training_class = make_class(
        make_programme(title="Chuyển đổi số"),
        institution=school,
        start_date=date(2025, 9, 8),
        end_date=date(2025, 9, 12),
        place=unit_of("15", two_levels),
    )
    for name, code in (("Lý A Sì", "02839"), ("Sùng A Út", "02647")):
        official = make_official(name)
        unit = unit_of(code, two_levels)
        make_appointment(official, position_of("BT_DU"), unit, start_date=two_levels)
        make_enrolment(official, training_class, State.ATTENDING, decision=decision)
    content = contents.sending_decision(training_class, decision, user=province_staff, day=two_levels)
    assert content.data["noi_de_nghi"] == "Ủy ban nhân dân phường Lào Cai và xã Bắc Hà"
    text = "\n".join(lines_of(open_word(word_document(content))))
    assert "Xã Bắc Hà" in text
    assert "uyện" not in text
    sheet = load_workbook(BytesIO(workbook(content))).active
    assert not any("uyện" in str(cell) for row in rows_of(sheet) for cell in row)


def unpacked(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return unescape("".join(parts.read(name).decode(errors="replace") for name in parts.namelist()))


def test_an_institution_prints_its_own_classes_only(training_class, school):
    user = make_user("truong", roles.TRAINING_INSTITUTION)
    school.accounts.create(user=user)
    sit(training_class, "Lý A Sì")
    foreign = make_class(institution=make_institution("Trường khác"))
    sit(foreign, "Vàng A Vụ")
    client = client_of(user)

    own_paper = client.get(reverse("courses:class-document", args=[training_class.pk, Kind.CLASS_LIST, "docx"]))
    assert "Lý A Sì" in unpacked(own_paper.content)
    assert "danh sách của" not in unpacked(own_paper.content)
    assert client.get(page_of(foreign)).status_code == 404
    assert client.get(reverse("courses:class-document", args=[foreign.pk, Kind.CLASS_LIST, "docx"])).status_code == 404
    assert (
        client.get(
            reverse("courses:certificate-register", args=["xlsx"]) + f"?co_so={foreign.institution.code}"
        ).status_code
        == 404
    )


def test_drafts_are_for_those_who_decide(training_class, district_officer, leader, province_staff):
    sit(training_class, "Lý A Sì", state=State.APPROVED)
    draft = reverse("courses:class-document", args=[training_class.pk, Kind.SENDING_DECISION, "docx"])

    assert [client_of(user).get(draft).status_code for user in (province_staff, leader, district_officer)] == [
        200,
        403,
        403,
    ]
    assert "Dự thảo" not in client_of(district_officer).get(page_of(training_class)).content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "danh-sach-lop.pdf",
        "ke-hoach.docx",
        "khong-co.docx",
        "quyet-dinh-cu-di-hoc.docx?quyet_dinh=999999",
    ],
)
def test_a_paper_that_there_is_not_is_not_found(path, training_class, province_staff):
    sit(training_class, "Lý A Sì")
    assert client_of(province_staff).get(page_of(training_class) + path).status_code == 404


@pytest.mark.parametrize("query", ["?quyet_dinh=x", "?quyet_dinh=٣", "?quyet_dinh=99999999999999999999"])
def test_a_number_that_is_none_is_a_bad_request(query, training_class, province_staff):
    sit(training_class, "Lý A Sì")
    answer = client_of(province_staff).get(f"{page_of(training_class)}quyet-dinh-cu-di-hoc.docx{query}")
    assert answer.status_code == 400


def test_another_class_s_decision_is_not_found(training_class, province_staff):
    other = make_class()
    enrolment = sit(other, "Lý A Sì")
    sit(training_class, "Vàng A Vụ")
    path = f"{page_of(training_class)}quyet-dinh-cu-di-hoc.docx?quyet_dinh={enrolment.decision_id}"
    assert client_of(province_staff).get(path).status_code == 404


def test_the_register_needs_entries(province_staff, school):
    client = client_of(province_staff)
    answer = client.get(reverse("courses:certificate-register", args=["docx"]) + f"?nam=2015&co_so={school.code}")
    assert answer.status_code == 400
    assert "chưa có chứng chỉ nào" in answer.content.decode()


@pytest.mark.parametrize(
    "kind", [Kind.CLASS_LIST, Kind.ATTENDANCE, Kind.RESULTS, Kind.CERTIFICATES, Kind.SENDING_DECISION]
)
def test_queries_do_not_grow_with_the_people(kind, training_class, decision, province_staff):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            query = f"?quyet_dinh={decision.pk}"
            answer = client.get(f"{page_of(training_class)}{kind}.xlsx{query}")
            assert answer.status_code == 200
        return len(captured)

    client = client_of(province_staff)
    make_session(training_class)
    certify(sit(training_class, "Lý A Sì", state=State.COMPLETED, decision=decision), "1")
    few = queries()
    for number in range(2, 12):
        commune = BAC_HA if number % 2 else MUONG_KHUONG
        enrolment = sit(training_class, f"Lý A Sì {number}", state=State.COMPLETED, decision=decision, commune=commune)
        certify(enrolment, str(number))
        make_session(training_class, date(2015, 3, number + 1))

    assert queries() == few <= 19
    with CaptureQueriesContext(connection) as captured:
        client.get(page_of(training_class))
    assert len(captured) <= 14
