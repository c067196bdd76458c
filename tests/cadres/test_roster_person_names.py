"""Names of people: what stands around a name never reaches it, and what is no name is none."""

import pytest

from cadres.roster.batch import read_file
from cadres.roster.names import clean_name
from cadres.roster.statements import Statement
from cadres.text import nfc
from tests.cadres.workbooks import flat


@pytest.mark.parametrize(
    "text",
    [
        "Giàng Seo An", "Đ/c Giàng Seo An", "đ/c: Giàng Seo An", "Đ/C. Giàng Seo An", "ĐC. Giàng Seo An",
        "đ.c Giàng Seo An", "(Đ/c) Giàng Seo An", "Đồng chí Giàng Seo An", "đồng chí: Giàng Seo An",
        "Ông Giàng Seo An", "Ông: Giàng Seo An", "Ô. Giàng Seo An", "(Ông) Giàng Seo An", "Đ/c Ông Giàng Seo An",
        "Ông/Bà Giàng Seo An", "Ông (bà) Giàng Seo An", "Mr. Giàng Seo An", "Anh: Giàng Seo An",
        "1. Giàng Seo An", "12) Giàng Seo An", "1 Giàng Seo An", "a) Giàng Seo An", "a. Giàng Seo An",
        "I. Giàng Seo An", "- Giàng Seo An",
        "+ Giàng Seo An", "* Giàng Seo An", "Giàng Seo An*", "Giàng Seo An (*)", "Giàng Seo An (1)", "Giàng Seo An¹",
        "Giàng Seo An.", "Giàng Seo An,", '"Giàng Seo An"', "(Giàng Seo An)", "[Giàng Seo An]", "Giàng  Seo   An ",
    ],
)  # fmt: skip
def test_what_somebody_is_called_and_signs_are_taken_off_without_a_word(text):
    found = clean_name(nfc(text))
    assert (found.text, found.notes, found.is_name) == ("Giàng Seo An", (), True)


@pytest.mark.parametrize(
    ("text", "note", "has_left"),
    [
        ("Giàng Seo Hờ (nghỉ hưu 01/2016)", "nghỉ hưu 01/2016", True), ("Giàng Seo Hờ (nghỉ việc)", "nghỉ việc", True),
        ("Giàng Seo Hờ - đã chuyển công tác", "đã chuyển công tác", True), ("Giàng Seo Hờ (đã mất", "đã mất", True),
        ("Giàng Seo Hờ - Bí thư", "Bí thư", False), ("Giàng Seo Hờ – Bí thư", "Bí thư", False),
        ("Giàng Seo Hờ- Bí thư", "Bí thư", False), ("Giàng Seo Hờ, Bí thư", "Bí thư", False),
        ("Giàng Seo Hờ; Bí thư", "Bí thư", False), ("Giàng Seo Hờ (ĐBHĐND)", "ĐBHĐND", False),
        ("Giàng Seo Hờ [tập sự]", "tập sự", False), ("Giàng Seo Hờ - ho@laocai.gov.vn", "ho@laocai.gov.vn", False),
        ("ThS. Giàng Seo Hờ", "ThS", False), ("Đ/c BS. Giàng Seo Hờ", "BS", False),
        ("Giàng Seo Hờ/Lý A Dơ", "Lý A Dơ", False), ("Đ/c Giàng Seo Hờ (PBT)", "PBT", False),
    ],
)  # fmt: skip
def test_what_is_noted_beside_a_name_is_left_out_and_told(text, note, has_left):
    found = clean_name(text)
    assert (found.text, found.notes, found.is_name, found.has_left) == ("Giàng Seo Hờ", (note,), True, has_left)


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Giàng Seo An (nam)", "M"), ("Lù Thị An (Nữ)", "F"), ("Ông Giàng Seo An", "M"), ("Bà Lù Thị An", "F"),
        ("B. Lù Thị An", "F"), ("Chị: Lù Thị An", "F"), ("Đ/c Giàng Seo An", ""), ("Bà Lù Thị An (nam)", ""),
    ],
)  # fmt: skip
def test_what_stands_beside_a_name_may_tell_the_sex(text, sex):
    assert (clean_name(text).sex, clean_name(text).notes) == (sex, ())


@pytest.mark.parametrize(
    "name",
    [
        "Anh Văn Chị", "Lò Văn Ông", "Ngô Thị Bà", "Bàn Thị Ba", "Đoàn Chí An", "Đồng Văn Chí",
        "V. A Páo", "Lý A Dơ", "H'Hen Niê", "Y-Bham Niê", "Giàng A. Dơ", "GIÀNG SEO AN", "giàng seo an",
        "NguyỄn Văn An",
        "Thào Seo Lử", "Phàn Lở Mẩy", "Tẩn Láo Ú", "Pờ Xe Sừ", "Hảng A Xà", "Má A Đề", "Chảo Ông Sài", "Vừ Mí Sò",
    ],
)  # fmt: skip
def test_a_name_is_left_as_it_is(name):
    found = clean_name(name)
    assert (found.text, found.notes, found.sex, found.is_name) == (name, (), "", True)


@pytest.mark.parametrize(
    "text",
    [
        "Gi\u00c3 ng Seo Th\u00e1\u00bb", "Gi\u00c3 ng Seo Tha", "Nguy\u00e1\u00bb\u2026n V\u00c4\u0192n An",
        "Nguy?n V?n An", "Nguy\ufffdn Văn An",
        "NguyÔn V¨n An", "NguyÔn An", "Nguyeãn Vaên An", "an@laocai.gov.vn", "Nguy3n Văn An", "12345", "Giàng_Seo_An",
        "Giàñg Seo An", "Giàng Seo An = Lý", "Иван Петров", "阮文安", "#REF!", "Giàng Seo $n",
    ],
)  # fmt: skip
def test_what_cannot_be_a_name_is_told_from_one(text):
    found = clean_name(nfc(text))
    assert not found.is_name or found.notes


@pytest.mark.parametrize(
    "text",
    [
        "Gi\u00e0ng Seo Ga\u200b", "\ufeffGi\u00e0ng Seo Ga", "Gi\u00e0ng\u00a0Seo\u2003Ga",
        "\u202eGi\u00e0ng Seo Ga\u202c",
        "Gi\u00e0\u00adng Seo Ga", "Gi\u00e0ng\u2028Seo Ga", "Gia\u0300ng Seo Ga", "Gi\u0430\u0300ng Seo G\u0430",
        "\u2066Gi\u00e0ng\u2069 S\u0435o Ga", "Gi\u00e0ng Se\u03bf Ga", "G\u0456\u00e0ng Seo Ga",
        "\uff27\uff49\u00e0ng Seo Ga",
        "Giàng\tSeo\nGa", "Gi\u2060\u00e0ng Seo Ga\u200e",
    ],
)  # fmt: skip
def test_marks_that_nobody_sees_and_letters_that_only_look_like_ours_do_not_reach_a_name(text):
    assert clean_name(nfc(text)).text == "Giàng Seo Ga"


@pytest.mark.parametrize(
    ("text", "name"), [("\u00d0\u1eb7ng V\u0103n", "Đặng Văn"), ("Nguye\u0303\u0302n", "Nguyễn"), ("МГУ", "МГУ")]
)
def test_letters_that_look_like_ours_are_ours(text, name):
    assert nfc(text) == name


def stated(**cells) -> Statement:
    (statement,) = read_file("a.xlsx", flat(cells)).statements
    return statement


@pytest.mark.django_db
class TestOfRows:
    @pytest.mark.parametrize(
        ("cells", "found"),
        [
            ({"Họ và tên": "Giàng"}, [("error", "half_name", "full_name")]),
            ({"Họ và tên": "Ông Bảo"}, [("error", "half_name", "full_name")]),
            (
                {"Họ và tên": "Đ/c An (nghỉ hưu)"},
                [("error", "half_name", "full_name"), ("warning", "name_note", "full_name")],
            ),
            ({"Họ và tên": None, "Họ đệm": "Giàng Seo"}, [("error", "half_name", "given_name")]),
            ({"Họ và tên": None, "Họ đệm": None, "Tên": "An"}, [("error", "half_name", "family_name")]),
            ({"Họ và tên": "Nguyá»n Văn"}, [("error", "not_a_name", "full_name")]),
            ({"Họ và tên": "Giàng Seo An (PBT)"}, [("info", "name_note", "full_name")]),
            ({"Họ và tên": "Giàng Seo An (nghỉ hưu)"}, [("warning", "name_note", "full_name")]),
            ({"Họ và tên": "Giàng Seo An 2"}, [("warning", "doubtful_name", "full_name")]),
            ({"Họ và tên": "Giàng " * 30}, [("error", "too_long", "full_name")]),
            ({"Họ và tên": None, "Họ đệm": "Giàng Seo", "Tên": "An"}, []),
            ({"Họ và tên": "Đ/c Giàng Seo An"}, []),
        ],
    )  # fmt: skip
    def test_a_name_that_is_none_is_an_error_and_what_was_left_out_is_told(self, cells, found):
        issues = [(issue.severity, issue.code, issue.field) for issue in stated(**cells).issues]
        assert issues == found

    @pytest.mark.parametrize(
        ("name", "sex", "told"),
        [("Bà Lù Thị An", None, "F"), ("Giàng Seo An (nam)", None, "M"), ("Bà Lù Thị An", "Nam", "M")],
    )
    def test_the_column_of_sexes_goes_before_what_a_name_says(self, name, sex, told):
        statement = stated(**{"Họ và tên": name, "Giới tính": sex})
        disagree = [issue.code for issue in statement.issues]
        assert (statement.sex, disagree) == (told, ["sex_disagrees"] if sex else [])
