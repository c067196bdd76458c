"""Files made to hurt: each is refused in one line that says what to do, or read, with little memory and in little time.

Every file here is made by the test itself. What strangers collected is read by `make torture`.
"""

import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import psutil
import pytest
import xlwt
from openpyxl import Workbook

from cadres.roster import reading
from cadres.roster.reading import OLE_MAGIC, UnreadableFileError, read_sheets
from tests.cadres.workbooks import content_of, layout_b

PROJECT = Path(__file__).parents[2]
MAX_MEGABYTES = 512
MAX_SECONDS = 30
MEGABYTE = 2**20

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
ODS = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    b'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    b'<table:table table:name="a">%s</table:table></office:spreadsheet></office:body></office:document-content>'
)
CELL = b'<c r="A1" t="inlineStr"><is><t>a</t></is></c>'


@pytest.fixture(scope="module")
def judged() -> Iterator[Callable[[bytes, Path], dict]]:
    """What comes of reading a file in a process of its own, which never may fail, hang or take too much."""
    command = [sys.executable, "-m", "tests.cadres.reading_probe"]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as probe:
        assert probe.stdin
        assert probe.stdout

        def judge(content: bytes, path: Path) -> dict:
            path.write_bytes(content)
            print(path, file=probe.stdin, flush=True)
            said = probe.stdout.readline()
            assert said.startswith("{"), said  # else how the reading failed
            result = json.loads(said)
            assert result["megabytes"] <= MAX_MEGABYTES
            assert result["seconds"] <= MAX_SECONDS
            assert "\n" not in result["refused"]
            assert not result["refused"] or (path.name in result["refused"] and "Hãy" in result["refused"])
            return result

        yield judge
        probe.stdin.close()


def xlsx(sheet: bytes | Iterator[bytes] = SHEET % b"", **parts: bytes | Iterator[bytes]) -> bytes:
    """A workbook of one sheet; the parts (by name under xl/, without .xml) may be so long that they come in pieces."""
    plain = Workbook()
    plain.active["A1"] = "x"
    stream = BytesIO()
    replaced = {"xl/worksheets/sheet1.xml": sheet} | {f"xl/{name}.xml": part for name, part in parts.items()}
    with ZipFile(BytesIO(content_of(plain))) as before, ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as after:
        for name in before.namelist():
            if name not in replaced:
                after.writestr(name, before.read(name))
        for name, part in replaced.items():
            write(after, name, part)
    return stream.getvalue()


def ods(table: bytes | Iterator[bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        head, tail = ODS.split(b"%s")
        write(archive, "content.xml", head + table + tail if isinstance(table, bytes) else pieces(head, table, tail))
    return stream.getvalue()


def write(archive: ZipFile, name: str, part: bytes | Iterator[bytes]) -> None:
    with archive.open(name, "w") as member:
        for piece in (part,) if isinstance(part, bytes) else part:
            member.write(piece)


def pieces(head: bytes, middle: Iterator[bytes], tail: bytes) -> Iterator[bytes]:
    yield head
    yield from middle
    yield tail


def many(megabytes: int, piece: bytes, around: bytes = b"%s") -> Iterator[bytes]:
    """A part of that size made of the piece again and again."""
    head, tail = around.split(b"%s")
    block = piece * (MEGABYTE // len(piece))
    return pieces(head, (block for _ in range(megabytes)), tail)


def xls(*cells: tuple[int, int, str]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row, column, text in cells:
        sheet.write(row, column, text)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_understated_size(content: bytes, name: str) -> bytes:
    """The archive with a directory that says the member is 100 bytes long."""
    with ZipFile(BytesIO(content)) as archive:
        size = archive.getinfo(name).file_size.to_bytes(4, "little")
    at = content.rindex(name.encode()) - 46  # the entry in the directory
    assert content[at + 24 : at + 28] == size
    return content[: at + 24] + (100).to_bytes(4, "little") + content[at + 28 :]


def strings(items: bytes = b"", promise: bytes = b"") -> bytes:
    return (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ' + promise + b">" + items + b"</sst>"
    )


def spreadsheet(table: bytes) -> bytes:
    """A workbook in the XML of Excel 2003 with one table."""
    return b"<?xml version='1.0'?><Workbook><Worksheet><Table>" + table + b"</Table></Worksheet></Workbook>"


def rows(count: int, row: bytes) -> bytes:
    return b"".join(row.replace(b"#", b"%d" % number) for number in range(1, count + 1))


BOMBS = {
    "a sheet of blanks": ("a.xlsx", lambda: xlsx(many(480, b" ", SHEET))),
    "a sheet of cells": ("a.xlsx", lambda: xlsx(many(30, b"<row><c><v>1</v></c></row>", SHEET))),
    "a sheet without a tag": ("a.xlsx", lambda: xlsx(many(100, b"a"))),
    "shared strings": ("a.xlsx", lambda: xlsx(sharedStrings=many(60, b"<si><t>aaaaaaaa</t></si>", strings(b"%s")))),
    "one shared string": ("a.xlsx", lambda: xlsx(sharedStrings=many(400, b"a", strings(b"<si><t>%s</t></si>")))),
    "styles": ("a.xlsx", lambda: xlsx(styles=many(300, b"<xf/>", b"<styleSheet><cellXfs>%s</cellXfs></styleSheet>"))),
    "fonts": ("a.xlsx", lambda: xlsx(styles=many(40, b'<font><name val=".VnTime"/>', b"<a><fonts>%s</fonts></a>"))),
    "a document of cells": ("a.ods", lambda: ods(many(20, b"<table:table-row><table:table-cell/></table:table-row>"))),
    "understated size": (
        "a.xlsx", lambda: with_understated_size(xlsx(many(50, b" ", SHEET)), "xl/worksheets/sheet1.xml")
    ),
    "a string used by many cells": (
        "a.xlsx",
        lambda: xlsx(
            SHEET % rows(300_000, b'<row r="#"><c r="A#" t="s"><v>0</v></c></row>'),
            sharedStrings=strings(b"<si><t>" + b"a" * 100_000 + b"</t></si>"),
        ),
    ),
    "a promise of strings": ("a.xlsx", lambda: xlsx(sharedStrings=strings(promise=b'uniqueCount="9999999999"'))),
    "a promise beyond numbers": ("a.xlsx", lambda: xlsx(sharedStrings=strings(promise=b"uniqueCount='999999999999'"))),
    "a cell in the far corner": ("a.xlsx", lambda: xlsx(SHEET % (CELL + b'<c r="XFD1048576"><v>1</v></c>'))),
    "a far corner spelled oddly": ("a.xlsx", lambda: xlsx(SHEET % b"<c  s='0'\n r =\t'XFD1048576'><v>1</v></c>")),
    "a far corner in another row": ("a.xlsx", lambda: xlsx(SHEET % b'<row r="1"><c r="Z999999"><v>1</v></c></row>')),
    "a row number without end": ("a.xlsx", lambda: xlsx(SHEET % b'<row r="99999999999999"><c><v>1</v></c></row>')),
    "a far corner of an .xls": ("a.xls", lambda: xls((0, 0, "a"), (65_535, 255, "b"))),
    "a far corner of an .ods": (
        "a.ods",
        lambda: ods(
            b'<table:table-row table:number-rows-repeated="1048576">'
            b'<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>a</text:p>'
            b"</table:table-cell></table:table-row>"
        ),
    ),
    "rows without end": ("a.ods", lambda: ods(b'<table:table-row table:number-rows-repeated="99999999999999999999"/>')),
    "tags within tags": ("a.xlsx", lambda: xlsx(many(8, b"<row <c <f ", SHEET))),
    "attributes without end": ("a.xlsx", lambda: xlsx(SHEET % (b"<row" + b' hidden="0"' * 400_000 + b"/>"))),
    "depth": ("a.xlsx", lambda: xlsx(many(8, b"<a>", SHEET))),
    "merged cells": (
        "a.xlsx",
        lambda: xlsx(b"<worksheet><mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 500_000 + b"</mergeCells></worksheet>"),
    ),
    "a page of cells": ("a.xls", lambda: b"<table>" + b"<tr><td>a<td>b" * (4 * MEGABYTE)),
    "a page of spans": ("a.xls", lambda: b"<table>" + b"<tr><td rowspan=65534 colspan=16384>" * (MEGABYTE // 2)),
    "rows below tall cells": (
        "a.xls", lambda: b"<table><tr>" + b"<td rowspan=65534>" * 16_000 + b"<tr><td>a" * MEGABYTE
    ),
    "tables within tables": ("a.xls", lambda: b"<table><tr><td>" * MEGABYTE),
    "tags that nobody ends": ("a.xls", lambda: b"<table><tr><td>" + b"<div><b>" * (MEGABYTE // 2)),
    "an attribute without end": ("a.xls", lambda: b"<table><tr><td style='" + b"display" * (4 * MEGABYTE)),
    "tags that only begin": ("a.xls", lambda: b"<table" * (4 * MEGABYTE)),
    "remarks that nobody ends": ("a.xls", lambda: b"<!--" * (4 * MEGABYTE) + b"<table><tr><td>"),
    "a page of worksheets": (
        "a.xls", lambda: b"<html>" + b"<x:ExcelWorksheet><x:Name>" * MEGABYTE + b"<table><tr><td>"
    ),
    "a page of one text": ("a.xls", lambda: b"<table><tr><td>" + b"a\n" * (5 * MEGABYTE)),
    "white space": ("a.xls", lambda: b"<table>" + b" \n" * (15 * MEGABYTE) + b"<tr><td>a<td>b</tr></table>"),
    "XML of cells": ("a.xls", lambda: spreadsheet(b"<Row>" + b"<Cell/>" * (8 * MEGABYTE) + b"</Row>")),
    "XML of rows": ("a.xls", lambda: spreadsheet(b"<Row/>" * (2 * MEGABYTE))),
    "XML of spans": (
        "a.xls", lambda: spreadsheet(b'<Row><Cell MergeDown="1048575" MergeAcross="16383"/></Row>' * (MEGABYTE // 2))
    ),
    "XML of blank rows": ("a.xls", lambda: spreadsheet(b'<Row Span="1000000"/>' * 9)),
    "XML of attributes": (
        "a.xls", lambda: spreadsheet(b"<Row" + b"".join(b" a%d='1'" % at for at in range(2**20)) + b"/>")
    ),
    "XML of depth": ("a.xls", lambda: spreadsheet(b"<a>" * (4 * MEGABYTE))),
    "XML of sheets": ("a.xls", lambda: spreadsheet(b"</Table></Worksheet><Worksheet><Table>" * MEGABYTE)),
    "an archive of parts": (
        "a.xls",
        lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n"
        + b"\n--a\nContent-Type: text/html\n\n<table><tr><td>a" * (MEGABYTE // 64)
    ),
    "an archive of archives": (
        "a.xls",
        lambda: b"MIME-Version: 1.0\n"
        + b"".join(b"Content-Type: multipart/related; boundary=a%d\n\n--a%d\n" % (at, at) for at in range(20_000)),
    ),
    "tabs": ("a.xls", lambda: b"\t" * (60 * MEGABYTE)),
    "commas": ("a.csv", lambda: b"," * (60 * MEGABYTE)),
    "lines": ("a.csv", lambda: b"\n" * (60 * MEGABYTE)),
    "different cells": ("a.csv", lambda: b"\n".join(b"%d" % number for number in range(1_400_000))),
}  # fmt: skip


# Other tests read this file too, and the text must stay what it is.
SECRET = b"a word that stands in no workbook"
ENTITIES = b"""<!DOCTYPE a [<!ENTITY file SYSTEM "file://%s"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;">]>"""


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_little(bomb, judged, tmp_path):
    name, make = BOMBS[bomb]
    judged(make(), tmp_path / name)


def test_more_than_the_limit_is_refused_without_being_unpacked(judged, tmp_path):
    assert "giải nén" in judged(xlsx(many(514, b" ", SHEET)), tmp_path / "a.xlsx")["refused"]


def test_a_cell_in_the_far_corner_tells_what_to_delete(judged, tmp_path):
    content = xlsx(SHEET % (CELL + b'<c r="XFD1048576"><v>1</v></c>'))
    assert "Hãy xóa các dòng, cột thừa" in judged(content, tmp_path / "a.xlsx")["refused"]


def test_nothing_goes_on_reading_a_file_that_was_refused_while_its_reason_is_kept(monkeypatch):
    monkeypatch.setattr(reading, "MAX_TEXTS", 10)
    content = b"<table>" + b"".join(b"<tr><td>%d</td></tr>" % number for number in range(100_000)) + b"</table>"
    with pytest.raises(UnreadableFileError, match="quá nhiều ô") as reason:
        read_sheets("a.xls", content)
    assert reason.traceback  # with all that was at work
    started = [process.as_dict(["cmdline"])["cmdline"] or [] for process in psutil.Process().children()]
    assert not [command for command in started if reading.MARKUP_READER in command]
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_a_million_blank_rows_are_no_rows(judged, tmp_path):
    xlsx_file, ods_file = tmp_path / "a.xlsx", tmp_path / "a.ods"
    for row in (b'<row r="#"/>', b'<row r="#" spans="1:9" hidden="1"><c r="A#" s="0"/><c r="B#" s="0"/></row>'):
        assert judged(xlsx(SHEET % (CELL + rows(1_048_576, row))), xlsx_file)["cells"] == 1
    # One forgotten blank in the last row is read as what it is.
    assert judged(xlsx(SHEET % (CELL + CELL.replace(b"A1", b"H1048576"))), xlsx_file)["cells"] == 2
    blank = b'<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    cell = b'<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    assert judged(ods(cell + blank + cell), ods_file)["cells"] == 2


@pytest.mark.parametrize("entity", ["file", "h", "unknown"])
def test_no_entity_is_expanded(entity, judged, tmp_path):
    (tmp_path / "secret").write_bytes(SECRET)
    head = ENTITIES % bytes(tmp_path / "secret")
    text = b"<t>&%s;</t>" % entity.encode()
    for content in (
        xlsx(head + SHEET % (b'<c r="A1" t="inlineStr"><is>%s</is></c>' % text)),
        xlsx(SHEET % b'<c r="A1" t="s"><v>0</v></c>', sharedStrings=head + strings(b"<si>%s</si>" % text)),
        xlsx(SHEET % CELL, styles=head + b"<styleSheet>&%s;</styleSheet>" % entity.encode()),
        head + spreadsheet(b"<Row><Cell><Data>&%s;</Data></Cell></Row>" % entity.encode()),
        head + b"<html><table><tr><td>&%s;<td>b</tr></table></html>" % entity.encode(),
    ):
        read = judged(content, tmp_path / "a.xlsx")
        assert read["cells"] <= 3
        assert all(len(text) < 100 and SECRET.decode() not in text for text in read["texts"])


def whole_files() -> dict[str, bytes]:
    names = ((row, 0, f"Giàng A {row}") for row in range(50))
    cell = b'<table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    return {"a.xlsx": layout_b(), "a.xls": xls(*names), "a.ods": ods((cell + b"</table:table-row>") * 50)}


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods"])
def test_a_file_cut_off_or_scratched_anywhere_is_refused_or_read(name):
    whole = whole_files()[name]
    assert read_sheets(name, whole)
    chance = random.Random(3)
    for _ in range(12):
        attempt(name, whole[: chance.randrange(8, len(whole))])
        scratched = bytearray(whole)
        for _ in range(5):
            scratched[chance.randrange(8, len(whole))] = chance.randrange(256)
        attempt(name, bytes(scratched))


def test_random_bytes_are_refused_or_read_whatever_they_are_called():
    chance = random.Random(4)
    for start in (b"", b"PK\x03\x04", OLE_MAGIC, b"PK\x05\x06", b"\xff\xfe", b"\xef\xbb\xbf"):
        for name in ("a.xlsx", "a.xls", "a.csv"):
            attempt(name, start + chance.randbytes(3000))


def attempt(name: str, content: bytes) -> None:
    """Read it or be told why not; any other exception fails the test."""
    try:
        read_sheets(name, content)
    except UnreadableFileError as error:
        assert "\n" not in str(error)  # noqa: PT017


def test_encrypted_files_of_every_kind_ask_for_the_password_to_be_taken_off():
    old = bytearray(xls((0, 0, "a")))
    first = old.index(bytes.fromhex("0908100000060500"))  # the first record of the workbook
    length = int.from_bytes(old[first + 2 : first + 4], "little")
    old[first + 4 + length : first + 6 + length] = bytes.fromhex("2f00")  # FILEPASS in place of the second
    new = OLE_MAGIC + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>',
        )
        archive.writestr("content.xml", b"\x01\x02")
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    zipped = bytearray(layout_b())
    zipped[zipped.rindex(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted member
    for name, content in (("a.xls", old), ("a.xlsx", new), ("b.ods", stream.getvalue()), ("c.xlsx", zipped)):
        with pytest.raises(UnreadableFileError, match="mật khẩu"):
            read_sheets(name, bytes(content))
