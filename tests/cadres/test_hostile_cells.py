"""Cells made to hurt: whatever stands in any cell of a roster, the file is read, and where not the row is told."""

import csv
from collections import Counter
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import Workbook

from cadres.models import ImportBatch
from cadres.roster.batch import accept_alarms, commit, read_file, report_of, stage
from cadres.roster.error_workbook import write_errors
from cadres.roster.reading import UnreadableFileError
from tests.cadres.workbooks import content_of, exported_titles

pytestmark = pytest.mark.django_db

DAY = date(2015, 12, 31)
FIRST_ROW = 3  # below the day and the titles
PLAIN = {
    "STT": "1", "Huyện": "Bắc Hà", "Xã": "Bản Phố", "Họ và tên": "Giàng A Dơ", "Giới tính": "Nam",
    "Ngày sinh": "05/08/1979", "Số định danh": "063914612", "Dân tộc": "Mông", "Chức danh": "Chủ tịch UBND",
}  # fmt: skip
HOSTILE = {
    "5,000 digits": "1" * 5_000,
    "5,000 digits behind a sign": "-" + "9" * 5_000,
    "5,000 digits with points": "1." * 2_500 + "1",
    "5,000 digits and a word": "1" * 5_000 + " người",
    "a date of 5,000 digits": "1" * 2_500 + "/" + "2" * 2_500,
    "a year of many digits": "05/08/" + "1" * 300,
    "a day that overflows": "99999999999/99999999999/9999",
    "the year 0": "01/01/0000",
    "powers": "²³¹",
    "Arabic digits": "٠٥/٠٨/١٩٧٩",
    "a digit in a circle": "①",
    "Roman and fractions": "Ⅻ½",
    "thirty thousand letters": "à" * 30_000,
    "a number without end": "1e999",
    "not a number": "nan",
    "a huge number": "1" + "0" * 400,
    "brackets without end": "(" * 3_000,
    "spaces without end": " " * 30_000 + "x",
    "separators without end": ";" * 3_000,
    "separators with words": "ĐH Luật, " * 3_000,
    "a terminal's commands": "\x1b[31m\x07",
    "marks without a letter": "\u0301" * 3_000,
    "a pair of halves": "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "directions turned round": "\u202e" + "abc",
    "markup": "<script>alert(1)</script>",
    "a formula": "=cmd|' /C calc'!A0",
    "the last of all letters": "\U0010ffff\uffff",
}  # fmt: skip


def as_csv(*rows: list[str]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows([["Tính đến 31/12/2015"], *rows])
    return text.getvalue().encode()


def taken_through(name: str, content: bytes) -> ImportBatch:
    """The file read, staged, marked and written."""
    read = read_file(name, content, as_of=DAY)
    batch = stage(read, by=None)
    write_errors(content, read.layout, report_of(batch)["issues"], BytesIO())
    return commit(accept_alarms(batch, [alarm["code"] for alarm in batch.summary["alarms"]], by=None), by=None)


@pytest.fixture(autouse=True)
def _uploads(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"


def groups(kinds: list[str], size: int) -> list[list[str]]:
    """Several kinds in one roster: to take one through costs more than its rows do."""
    return [kinds[at : at + size] for at in range(0, len(kinds), size)]


@pytest.mark.parametrize("kinds", groups(list(HOSTILE), 9), ids=", ".join)
def test_no_text_in_any_column_stops_a_roster(kinds):
    titles = exported_titles()
    rows = [PLAIN | {title: HOSTILE[kind]} for kind in kinds for title in titles]
    batch = taken_through(
        "a.csv", as_csv(titles, *([row.get(title, "") for title in titles] for row in [*rows, PLAIN]))
    )
    # Rows that are nobody's without a name or number may fall away; no other is lost.
    places = [number - FIRST_ROW for number in batch.rows.values_list("row_number", flat=True)]
    kept = Counter(kinds[place // len(titles)] for place in places if place < len(rows))
    assert {kind: kept[kind] for kind in kinds if kept[kind] < len(titles) - 1} == {}


# Lines of nothing but separators are a table of another delimiter.
@pytest.mark.parametrize(
    "kinds", groups([kind for kind in HOSTILE if not kind.startswith("separators")], 5), ids=", ".join
)
def test_no_text_around_the_people_stops_a_roster(kinds):
    frames = ("{}", "Tính đến 31/12/{}", "Cộng: {} người", "Xã {} ({} người)", "Tính đến hết năm {}")
    texts = [frame.format(HOSTILE[kind], HOSTILE[kind]) for kind in kinds for frame in frames]
    titles = list(PLAIN)
    person = list(PLAIN.values())
    rows = [[text] for text in texts] + [titles]
    for text in texts:
        rows += [[text], person, [text], [*[text] * len(titles)], [text, text], ["", text, "3"]]
    batch = taken_through("a.csv", as_csv(*rows))
    assert batch.summary["rows"] >= len(kinds)


def test_no_number_in_any_column_stops_a_roster():
    workbook = Workbook()
    titles = exported_titles()
    numbers = (1e308, -1e308, 1e22, 5e-324, 0.1, -1, 2.0**63, 1e15, 99999, 80_000, 0)
    for number in numbers:
        sheet: Any = workbook.create_sheet(str(number))
        sheet.append(["Tính đến 31/12/2015"])
        sheet.append(titles)
        for hurt in titles:
            sheet.append([number if title == hurt else PLAIN.get(title, "") for title in titles])
        sheet.append(["", "Cộng", number])
    batch = taken_through("a.xlsx", content_of(workbook))
    kept = Counter(batch.rows.values_list("sheet", flat=True))
    assert {number: kept[str(number)] for number in numbers if kept[str(number)] < len(titles) - 1} == {}


@pytest.mark.parametrize("day", ["99/99/9999", "00/00/0000", "31/12/" + "9" * 5_000, "²/²/²²²²", "٣١/١٢/٢٠١٥"])
def test_a_day_that_cannot_be_is_asked_for(day):
    content = as_csv(list(PLAIN), list(PLAIN.values())).replace(b"31/12/2015", day.encode())
    try:
        read_file("a.csv", content)
    except UnreadableFileError as error:
        assert "Hãy chọn ngày số liệu" in str(error)  # noqa: PT017
