"""Tables that other software calls .xls: HTML, Excel's XML of 2003, web archives, text with tabs. Each is a roster."""

import base64
import quopri
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from cadres.roster.batch import read_file
from cadres.roster.reading import OLE_MAGIC, UnreadableFileError, read_sheets
from cadres.text import text_of_formula
from tests.cadres.test_roster_reading import cp1258

TITLE = "Tính đến 31/12/2015"
HEAD = ["STT", "Họ và tên", "Năm sinh", "Chức danh", "Xã", "Số CMND"]
PEOPLE = [
    ["1", "Giàng A Dơ", "1979", "Chủ tịch UBND", "Xã Bản Phố", "063914612"],
    ["2", "Vàng Thị Mỷ", "08/1981", "Văn hóa - xã hội", "Xã Bản Phố", "010181000001"],
]
ROWS = [[TITLE], HEAD, *PEOPLE]
EXCEL = "urn:schemas-microsoft-com:office:spreadsheet"


def rows_of_html(*rows: list[str], cell: str = "td", ended: bool = True) -> str:
    end, end_row = (f"</{cell}>", "</tr>") if ended else ("", "")
    return "\n".join("<tr>" + "".join(f"<{cell}>{text}{end}" for text in row) + end_row for row in rows)


def table(*rows: list[str], **options) -> str:
    return f"<table border=1>{rows_of_html(*rows, **options)}</table>"


def page(body: str, charset: str = "", head: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<html><head>{meta}{head}</head><body>{body}</body></html>"


def as_entities(text: str) -> bytes:
    return text.encode("ascii", "xmlcharrefreplace")


WORKSHEETS = (
    "<!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets>{}"
    "</x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]-->"
)
WORKSHEET = "<x:ExcelWorksheet><x:Name>{}</x:Name>{}</x:ExcelWorksheet>"
STYLED = '<td class=xl24 style=\'mso-number-format:"\\@"\'><font face="Times New Roman"><b>'

HTML = {
    "a page with its charset": page(table(*ROWS), "utf-8").encode(),
    "a table and nothing else": table(*ROWS).encode(),
    "rows without a table": rows_of_html(*ROWS).encode(),
    "a byte order mark before it": b"\xef\xbb\xbf" + table(*ROWS).encode(),
    "UTF-16 with a mark": page(table(*ROWS)).encode("utf-16"),
    "UTF-8 declared as Latin": page(table(*ROWS), "iso-8859-1").encode(),
    "Windows-1258": cp1258(page(table(*ROWS), "windows-1258")),
    "letters as numbers": as_entities(page(table(*ROWS))),
    "capital tags, unquoted": page(table(*ROWS)).replace("table", "TABLE").replace("td>", "TD>").encode(),
    "cells that nobody ended": table(*ROWS, ended=False).encode(),
    "heads of columns": f"<table>{rows_of_html([TITLE], HEAD, cell='th')}{rows_of_html(*PEOPLE)}</table>".encode(),
    "XHTML": b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://a/b.dtd">'
    + page(table(*ROWS)).encode(),
    "white space, breaks and no-break spaces": table(*ROWS)
    .replace("<td>", "<td>&nbsp;\n\t").replace("</td>", "\n<br></td>").encode(),
    "styled as Excel does": page(
        table(*ROWS).replace("<tr>", "<tr height=20>").replace("<td>", STYLED).replace("</td>", "</b></font></td>"),
        head="<style>td { mso-number-format:General } .xl24 { color:red }</style><title>Danh sách</title>"
        + WORKSHEETS.format(WORKSHEET.format("Danh sách", "")),
    ).encode(),
    "a script, a remark and a menu beside it": page(
        "<script>document.write('<table><tr><td>x</td></tr></table>')</script>"
        "<!-- <table><tr><td>y</td></tr></table> -->"
        + table(*ROWS)
    ).encode(),
    "sections of a table": page(
        f"<table><colgroup><col width=9></colgroup><thead>{rows_of_html([TITLE], HEAD)}</thead><tbody>"
        f"{rows_of_html(*PEOPLE)}</tbody></table>"
    ).encode(),
    "a title above the table": page(f"<h3>{TITLE}</h3>{table(*ROWS[1:])}").encode(),
    "a caption": page(f"<table><caption>{TITLE}</caption>{rows_of_html(*ROWS[1:])}</table>").encode(),
    "a table within a table": page(f"<table><tr><td>{table(*ROWS)}</td></tr></table>").encode(),
    "identifiers as formulas": table(
        *ROWS[:2], *([*row[:-1], f"=&quot;{row[-1]}&quot;"] for row in PEOPLE)
    ).encode(),
    "long numbers as a narrow column shows them": table(*ROWS[:3], PEOPLE[1]).replace(
        "<td>010181000001", '<td x:num="010181000001">1.02E+10'
    ).encode(),
    "two tables that Excel shows below one another": page(f"{table(*ROWS[:3])}<br>{table(PEOPLE[1])}").encode(),
    "spans without end": page(table(*ROWS)).replace("<td>", '<td rowspan="0" colspan="x">').encode(),
}  # fmt: skip


def filled(sheet) -> list[list[str]]:
    """The rows that are not blank, without blank cells at their ends."""
    rows = [[str(cell) for cell in row] for row in sheet.rows if row]
    return [row[: max(at for at, cell in enumerate(row) if cell) + 1] for row in rows]


@pytest.mark.parametrize("kind", HTML)
def test_a_table_of_a_web_page_is_a_sheet(kind):
    (sheet,) = read_sheets("danh-sach.xls", HTML[kind])
    assert filled(sheet) == ROWS


@pytest.mark.parametrize("name", ["a.htm", "a.csv", "a.txt", "a.xlsx", "a.xml", "a"])
def test_what_a_file_is_tells_its_content_and_not_its_name(name):
    for content in (HTML["a table and nothing else"], XML["as Excel writes it"], archive(("a.htm", table(*ROWS)))):
        (sheet,) = read_sheets(name, content)
        assert filled(sheet) == ROWS


def test_spans_of_a_web_page_are_merged_cells_and_hidden_rows_are_hidden():
    (sheet,) = read_sheets(
        "a.xls",
        "<table><tr><td rowspan=2>TT<td rowspan=2>Họ và tên<td colspan=2>Năm sinh<td rowspan=2>Xã</tr>"
        "<tr><td>Nam<td>Nữ</tr><tr style='display : none'><td>1<td>Giàng A Dơ<td>1979<td><td rowspan=9>Bản Phố</tr>"
        "<tr><td>2<td>Vàng Thị Mỷ<td><td>1981</tr></table>".encode(),
    )
    assert sheet.rows == [
        ["TT", "Họ và tên", "Năm sinh", "", "Xã"],
        ["", "", "Nam", "Nữ"],
        ["1", "Giàng A Dơ", "1979", "", "Bản Phố"],
        ["2", "Vàng Thị Mỷ", "", "1981"],
    ]
    assert sheet.merged == [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4), (2, 4, 3, 4)]
    assert sheet.hidden_rows == {2}


def test_a_page_that_names_a_worksheet_for_each_table_is_as_many_sheets():
    names = WORKSHEETS.format(
        WORKSHEET.format("Xã Bản Phố", "") + WORKSHEET.format("Tr&#7843;", "<x:Visible>SheetHidden</x:Visible>")
    )
    first, second = read_sheets("a.xls", page(table(*ROWS) + table(HEAD), head=names).encode())
    assert [(first.name, first.is_hidden), (second.name, second.is_hidden)] == [("Xã Bản Phố", False), ("Trả", True)]
    assert filled(first) == ROWS


def test_a_page_in_an_old_encoding_is_turned_into_unicode():
    tcvn3 = {"Họ và tên": "Hä vµ tªn", "Nguyễn Văn Thuỷ": "NguyÔn V¨n Thuû", "Phạm Thị Hường": "Ph¹m ThÞ H\u00ad¬ng"}
    content = page(table(*([text] for text in tcvn3.values())), "windows-1252").encode("cp1252")
    (sheet,) = read_sheets("a.xls", content)
    assert [row[0] for row in sheet.rows][:2] == list(tcvn3)[:2]
    assert sheet.converted == "TCVN3"


# XML


def xml(*rows: str, name: str = "Danh sách", head: str = "", options: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="{EXCEL}" xmlns:ss="{EXCEL}"'
        f' xmlns:html="http://www.w3.org/TR/REC-html40">{head}<Worksheet ss:Name="{name}">'
        f"<Table>{''.join(rows)}</Table>"
        f'<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">{options}</WorksheetOptions></Worksheet>'
        "</Workbook>"
    ).encode()


def xml_row(*values: str, kind: str = "String", row: str = "") -> str:
    cells = (f'<Cell><Data ss:Type="{kind}">{value}</Data></Cell>' for value in values)
    return f"<Row {row}>{''.join(cells)}</Row>"


PLAIN_XML = xml(*(xml_row(*row) for row in ROWS))
XML = {
    "as Excel writes it": PLAIN_XML,
    "a byte order mark before it": b"\xef\xbb\xbf" + PLAIN_XML,
    "UTF-16": PLAIN_XML.decode().replace('"1.0"?>', '"1.0" encoding="UTF-16"?>', 1).encode("utf-16"),
    "Windows-1258": cp1258(PLAIN_XML.decode().replace('"1.0"?>', '"1.0" encoding="windows-1258"?>', 1)),
    "letters as numbers": as_entities(PLAIN_XML.decode()),
    "names with a prefix": PLAIN_XML.decode()
    .replace("<W", "<ss:W").replace("</W", "</ss:W").replace("<Table", "<ss:Table").replace("</Table", "</ss:Table")
    .replace("<Row", "<ss:Row").replace("</Row", "</ss:Row").replace("<Cell", "<ss:Cell").replace("</Cell", "</ss:Cell")
    .replace("<Data", "<ss:Data").replace("</Data", "</ss:Data").encode(),
    "attributes without a prefix": PLAIN_XML.replace(b"ss:Type", b"Type").replace(b"ss:Name", b"Name"),
    "a namespace of our own": PLAIN_XML.replace(EXCEL.encode(), b"urn:another"),
    "text in parts": PLAIN_XML.replace(b"Gi", b"<html:B>Gi</html:B>").replace(
        b'<Data ss:Type="String">1<',
        b'<ss:Data ss:Type="String"><html:Font html:Size="9">1</html:Font></ss:Data><!-- <',
    ).replace(b"<!-- </Data>", b""),
    "a remark at a cell": PLAIN_XML.replace(
        b"</Data></Cell>", b'</Data><Comment ss:Author="A"><ss:Data>see <B>there</B></ss:Data></Comment></Cell>'
    ),
    "styles, sizes and names above": xml(
        "<Column ss:Width='30'/>", *(xml_row(*row) for row in ROWS),
        head='<Styles><Style ss:ID="s1"><Font ss:FontName="Arial"/></Style></Styles><Names/>',
    ),
    "identifiers as formulas": xml(
        *(xml_row(*row) for row in ROWS[:2]),
        *(xml_row(*row[:-1], f"=&quot;{row[-1]}&quot;") for row in PEOPLE),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", XML)
def test_a_workbook_in_the_xml_of_2003_is_read(kind):
    (sheet,) = read_sheets("danh-sach.xls", XML[kind])
    assert filled(sheet) == ROWS
    assert sheet.name == "Danh sách"


def test_cells_of_xml_keep_type_place_merge_and_what_is_hidden():
    content = xml(
        '<Row ss:Index="3"><Cell ss:MergeDown="1"><Data ss:Type="String">TT</Data></Cell>'
        '<Cell ss:MergeAcross="1"><Data ss:Type="String">Năm sinh</Data></Cell></Row>',
        '<Row><Cell ss:Index="2"><Data ss:Type="String">Nam</Data></Cell>'
        '<Cell><Data ss:Type="String">Nữ</Data></Cell></Row>',
        '<Row ss:Hidden="1"><Cell><Data ss:Type="Number">1</Data></Cell><Cell ss:Index="4" ss:Formula="=1+1"/>'
        '<Cell><Data ss:Type="DateTime">2015-12-31T00:00:00.000</Data></Cell>'
        '<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>',
        '<Row ss:Span="2"/><Row><Cell><Data ss:Type="String">cuối</Data></Cell></Row>',
    )
    (sheet,) = read_sheets("a.xls", content)
    assert sheet.rows == [
        [], [], ["TT", "Năm sinh", ""], ["", "Nam", "Nữ"], [1.0, "", "", "", date(2015, 12, 31), True, "#N/A"],
        [], [], [], ["cuối"],
    ]  # fmt: skip
    assert (sheet.merged, sheet.hidden_rows) == ([(2, 0, 3, 0), (2, 1, 2, 2)], {4})
    assert sheet.formulas_without_value == 1


def test_a_hidden_sheet_of_xml_is_hidden_and_its_old_fonts_are_told():
    font = '<Styles><Style ss:ID="s2"><Font ss:FontName=".VnTime"/></Style></Styles>'
    cell = '<Row><Cell ss:StyleID="s2"><Data ss:Type="String">Lý ThÞ Hä</Data></Cell></Row>'
    (sheet,) = read_sheets("a.xls", xml(cell, head=font, options="<Visible>SheetHidden</Visible>"))
    assert sheet.is_hidden
    assert sheet.rows == [["Lý Thị Họ"]]


# Web archives


def archive(*parts: tuple[str, str], encoding: str = "quoted-printable") -> bytes:
    """An .mht of parts (address, HTML)."""
    pieces = [
        b'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary="----=_P"\r\n'
    ]
    for address, html in parts:
        body = base64.encodebytes(html.encode()) if encoding == "base64" else quopri.encodestring(html.encode())
        head = f"Content-Location: {address}\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Type: text/html"
        pieces.append(b"\r\n------=_P\r\n" + head.encode() + b"\r\n\r\n" + body)
    return b"".join([*pieces, b"\r\n------=_P--\r\n"])


SOURCE = '<x:WorksheetSource HRef="a.files/sheet00{}.htm"/>'
FRAMES = page(
    "<p>Trình duyệt này không mở được</p>",
    head=WORKSHEETS.format(
        WORKSHEET.format("Bản Phố", SOURCE.format(1))
        + WORKSHEET.format("Cũ", SOURCE.format(2) + "<x:Visible>SheetHidden</x:Visible>")
    ),
)


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_a_web_archive_holds_the_sheets_that_its_first_part_names(encoding):
    parts = [("file:///C:/1/a.htm", FRAMES), ("file:///C:/1/a.files/sheet001.htm", page(table(*ROWS), "utf-8"))]
    parts += [
        ("file:///C:/1/a.files/sheet002.htm", page(table(HEAD))),
        ("file:///C:/1/tabstrip.htm", page(table(["x"]))),
    ]
    first, second = read_sheets("a.xls", archive(*parts, encoding=encoding))
    assert (first.name, filled(first), second.name, second.is_hidden) == ("Bản Phố", ROWS, "Cũ", True)


def test_a_web_archive_of_one_page_is_that_page():
    (sheet,) = read_sheets("a.mht", archive(("file:///a.htm", page(table(*ROWS), "utf-8"))))
    assert filled(sheet) == ROWS


# Text


TAB = "".join("\t".join(row) + "\r\n" for row in ROWS)
TEXTS = {
    "UTF-8": TAB.encode(),
    "UTF-8 with a mark": TAB.encode("utf-8-sig"),
    "UTF-16 with a mark, as Excel's Unicode text": TAB.encode("utf-16"),
    "UTF-16 without": TAB.encode("utf-16-le"),
    "Windows-1258": cp1258(TAB),
    "commas": TAB.replace("\t", ",").encode(),
    "semicolons": TAB.replace("\t", ";").encode(),
    "lines as on a Mac": TAB.replace("\r\n", "\r").encode(),
    "identifiers as formulas": "".join(
        "\t".join(f'"=""{cell}"""' if cell.startswith("0") else cell for cell in row) + "\n" for row in ROWS
    ).encode(),
    "identifiers as bare formulas": "".join(
        "\t".join(f'="{cell}"' if cell.startswith("0") else cell for cell in row) + "\n" for row in ROWS
    ).encode(),
    "fields filled up with NUL": TAB.replace("\t", "\0\0\t").encode(),
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", ["danh-sach.xls", "a.xlsx", "a.txt", "a", "a.tsv"])
def test_text_with_columns_is_read_whatever_it_is_called(kind, name):
    (sheet,) = read_sheets(name, TEXTS[kind])
    assert filled(sheet) == ROWS


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="063914612"', "063914612"), ('= "063914612"', "063914612"), ('=T("063914612")', "063914612"),
        ('="ông ""Dơ"""', 'ông "Dơ"'), ('=""', ""), ("063914612", "063914612"), ("=1+1", "=1+1"),
        ('="063"&"914"', '="063"&"914"'), ('="063', '="063'), ('"063"', '"063"'), ("=", "="),
    ],
)  # fmt: skip
def test_a_formula_of_a_text_alone_is_that_text(cell, text):
    assert text_of_formula(cell) == text


# What is no roster, or made to hurt


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


BAD = {
    "a page without a table": (page("<h1>Phiên làm việc đã hết hạn</h1>").encode(), "không có bảng"),
    "a page cut off within a row": (page(table(*ROWS)).encode()[:-60], "hỏng"),
    "XML cut off": (PLAIN_XML[:-200], "hỏng"),
    "another XML": (b'<?xml version="1.0"?><a><b>1</b></a>', "không có bảng"),
    "XML that declares an entity": (
        PLAIN_XML.replace(b"<Workbook", b'<!DOCTYPE a [<!ENTITY x "y">]><Workbook', 1), "hỏng",
    ),
    "rows out of order": (xml('<Row ss:Index="5"/>', '<Row ss:Index="2"/>'), "hỏng"),
    "cells out of order": (xml('<Row><Cell ss:Index="5"/><Cell ss:Index="2"/></Row>'), "hỏng"),
    "a row beyond the last": (xml('<Row ss:Index="1048577"/>'), "hỏng"),
    "a column beyond the last": (xml('<Row><Cell ss:Index="16385"/></Row>'), "quá nhiều ô"),
    "an archive without a table": (archive(("a.htm", page("x"))), "không có bảng"),
    "an archive without a part": (b"MIME-Version: 1.0\r\n\r\n", "không có bảng"),
    "wide cells": (("<table>" + "<tr>" + "<td colspan=9999>" * 2).encode() + b"</tr></table>", "quá nhiều ô"),
}  # fmt: skip


OTHERS = {
    "a PDF": (b"%PDF-1.4 ...", "tệp PDF"),
    "a text of Word": (b"{\\rtf1\\ansi{\\fonttbl{\\f0;;;}{\\f1;;;}}", "văn bản Word"),
    "an old paper of Word": (OLE_MAGIC + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "văn bản Word"),
    "a paper of Word": (zipped({"[Content_Types].xml": b"", "word/document.xml": b"<a/>"}), "văn bản Word"),
    "a .rar": (b"Rar!\x1a\x07\x00", ".rar"),
    "a .7z": (b"7z\xbc\xaf\x27\x1c", ".7z"),
    "a photograph": (b"\xff\xd8\xff\xe0\0\x10JFIF", "ảnh"),
}
BAD |= OTHERS


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_table_is_refused_in_one_line_that_says_what_to_do(kind):
    content, says = BAD[kind]
    with pytest.raises(UnreadableFileError) as caught:
        read_sheets("a.xls", content)
    message = str(caught.value)
    assert says in message
    assert "a.xls" in message
    assert "Hãy" in message
    assert "\n" not in message


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [(f"{kind}.xls", content) for kind, content in (HTML | XML | TEXTS).items()],
)
def test_people_of_such_files_are_understood(name, content):
    file = read_file(name, content, unit_code="085")
    assert [(stated.full_name, stated.identifier, stated.issues) for stated in file.statements] == [
        ("Giàng A Dơ", "063914612", []), ("Vàng Thị Mỷ", "010181000001", []),
    ]  # fmt: skip
    assert file.day == date(2015, 12, 31)


# A CSV with a NUL


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["csv", "txt", "xls"])
def test_a_nul_within_a_name_rejects_its_row_and_no_other(ending):
    text = "\n".join(",".join(row) for row in ROWS).replace("Giàng A", "Giàng\0A")
    file = read_file(f"a.{ending}", text.encode(), unit_code="085")
    wrong, right = file.statements
    assert [(issue.severity, issue.field) for issue in wrong.issues] == [("error", "full_name")]
    assert "Hãy" in wrong.issues[0].message
    assert not right.issues
