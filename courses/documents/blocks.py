"""Parts of a Word document laid out as Nghị định 30/2020/NĐ-CP, Phụ lục I asks, with tags in the places of the words.

All lengths are in millimetres, sizes of type in points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from courses.documents.kinds import Column
from courses.documents.letterhead import STATE_MOTTO, STATE_TITLE

FONT = "Times New Roman"
TITLE, BODY, SMALL, RECIPIENTS = 14, 13, 12, 11
LONG_SIDE, SHORT_SIDE = 297, 210
TOP = BOTTOM = 20
LEFT = 30
RIGHT = {WD_ORIENT.PORTRAIT: 20, WD_ORIENT.LANDSCAPE: 15}
HEADER_AT = 10  # the page number, from the edge of the paper
ISSUER_WIDTH = 62  # of the left block of the head on an upright page
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def new_document(title: str, *, landscape: bool) -> WordDocument:
    """An empty A4 document in Times New Roman 13, its pages numbered at the top from the second on."""
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    set_page(document.sections[0], landscape=landscape)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    for name in ("created", "modified"):  # those of the library's own file
        for element in properties._element.findall(qn(f"dcterms:{name}")):
            properties._element.remove(element)
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        relations.pop(key)
    return document


def set_page(section: Section, *, landscape: bool) -> None:
    """A4 with the margins of the decree; the number of the page on top, but not on the first."""
    orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.orientation = orientation
    section.page_width, section.page_height = (
        (Mm(LONG_SIDE), Mm(SHORT_SIDE)) if landscape else (Mm(SHORT_SIDE), Mm(LONG_SIDE))
    )
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT[orientation])
    section.header_distance = section.footer_distance = Mm(HEADER_AT)
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(number, "PAGE")


def width_of(section: Section) -> int:
    """The width of the text."""
    side = LONG_SIDE if section.orientation == WD_ORIENT.LANDSCAPE else SHORT_SIDE
    return side - LEFT - RIGHT[section.orientation]


def new_section(document: WordDocument, *, landscape: bool) -> Section:
    """A new page whose pages are counted anew: the list that goes with a decision."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    layout = document.paragraphs[-1].paragraph_format  # it ends the section before, and must not open a page of its own
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    set_page(section, landscape=landscape)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.append(start)
    return section


def write(
    place: WordDocument | _Cell,
    text: str,
    *,
    size: int = BODY,
    bold: bool = False,
    italic: bool = False,
    align: str = "left",
    before: int = 0,
    after: int = 0,
    indent: float = 0,
) -> Paragraph:
    """A paragraph. `before` and `after` are points, `indent` of the first line millimetres.

    What stands between ** and ** is bold.
    """
    paragraph = _next_paragraph(place)
    paragraph.alignment = ALIGN[align]
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    if indent:
        layout.first_line_indent = Mm(indent)
    if not text:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size)
    for position, part in enumerate(text.split("**")):
        if part:
            run = paragraph.add_run(part)
            run.font.size, run.bold, run.italic = Pt(size), bold or position % 2 == 1, italic
    return paragraph


def command(place: WordDocument | _Cell, text: str) -> None:
    """A paragraph that holds a command of the template, such as {%p for … %}; it is gone in the document."""
    write(place, text, size=SMALL)


def body_text(document: WordDocument, text: str, *, italic: bool = False) -> Paragraph:
    """A paragraph of running text: justified, its first line indented by 12,7 mm, 6 points apart."""
    return write(document, text, italic=italic, align="both", indent=12.7, after=6)


def rule(place: WordDocument | _Cell, *, width: int, within: int) -> None:
    """A line of that width in the middle of a place of the width `within`: below the motto, the issuer, the subject."""
    paragraph = _next_paragraph(place)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((within - width) / 2)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(4)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    _in_order(paragraph._p.get_or_add_pPr(), borders, before=("w:spacing", "w:ind", "w:jc", "w:rPr"))


def head(document: WordDocument, *, number: str = "", draft: str = "", of: str = "") -> None:
    """The head of a paper: who issues it on the left, the state and the day on the right.

    `number` is the line below the issuer (số, ký hiệu); where the condition `draft` is true, the paper says that it is
    one. `of` stands before the tags ("giay."), where they are those of one of several sheets.
    """
    width = width_of(document.sections[-1])
    left_width = round(width * ISSUER_WIDTH / 160)
    left, right = _side_by_side(document, left_width, width - left_width)
    command(left, f"{{%p if {of}co_quan_chu_quan %}}")
    write(left, f"{{{{ {of}co_quan_chu_quan }}}}", size=SMALL, align="center")
    command(left, "{%p endif %}")
    write(left, f"{{{{ {of}co_quan }}}}", size=SMALL, bold=True, align="center")
    rule(left, width=round(left_width * 0.4), within=left_width)
    if number:
        write(left, number, align="center", before=4)
    if draft:
        command(left, f"{{%p if {draft} %}}")
        write(left, "DỰ THẢO", size=SMALL, bold=True, align="center", before=4)
        command(left, "{%p endif %}")
    write(right, STATE_TITLE, size=SMALL, bold=True, align="center")
    write(right, STATE_MOTTO, bold=True, align="center")
    rule(right, width=57, within=width - left_width)  # as long as the motto above it
    write(right, f"{{{{ {of}noi_va_ngay }}}}", italic=True, align="center", before=4)


def motto(document: WordDocument, day: str) -> None:
    """The head of a paper that a person signs for oneself: the state in the middle, the day (a tag) on the right."""
    write(document, STATE_TITLE, size=BODY, bold=True, align="center")
    write(document, STATE_MOTTO, size=BODY + 1, bold=True, align="center")
    rule(document, width=62, within=width_of(document.sections[-1]))
    write(document, day, italic=True, align="right", before=6)


def titled(document: WordDocument) -> None:
    """The title of a list, with the lines below it."""
    write(document, "{{ tieu_de }}", bold=True, align="center", before=12)
    command(document, "{%p for dong in dong_phu %}")
    write(document, "{{ dong }}", align="center")
    command(document, "{%p endfor %}")
    command(document, "{%p if pham_vi %}")
    write(document, "{{ pham_vi }}", italic=True, align="center")
    command(document, "{%p endif %}")
    write(document, "", size=6)


def closing(document: WordDocument, text: str) -> None:
    """The line below a list that says how long it is; it stands on the page of the signatures."""
    write(document, text, italic=True, before=6).paragraph_format.keep_with_next = True


def signatures(document: WordDocument, left: str, right: str, *, names: tuple[str, str] = ("", "")) -> None:
    """Who signs below a list: two titles, room to sign, and the names where they are known."""
    width = width_of(document.sections[-1])
    write(document, "", size=8).paragraph_format.keep_with_next = True
    for cell, title, name in zip(
        _side_by_side(document, width // 2, width - width // 2), (left, right), names, strict=True
    ):
        write(cell, title, bold=True, align="center")
        write(cell, "(Ký, ghi rõ họ tên)", size=SMALL, italic=True, align="center", after=56)
        write(cell, name, bold=True, align="center")


def recipients(
    document: WordDocument,
    lines: Sequence[str],
    *,
    signer: Sequence[str],
    name: str,
    title: str = "Nơi nhận:",
    size: int = RECIPIENTS,
) -> None:
    """The end of a decision: who receives it on the left, who signs it on the right."""
    width = width_of(document.sections[-1])
    write(document, "", size=8).paragraph_format.keep_with_next = True
    left, right = _side_by_side(document, width // 2, width - width // 2)
    if title:
        write(left, title, size=SMALL, bold=True, italic=True)
    for line in lines:
        if line.startswith("{%p"):
            command(left, line)
        else:
            write(left, line, size=size)
    for line in signer:
        write(right, line, size=BODY, bold=True, align="center")
    write(right, "", after=52)
    write(right, name, size=BODY, bold=True, align="center")


@dataclass(frozen=True)
class Repeated:
    """A column that the template repeats before the last one, `count` times: for each session of a class.

    `head` and `body` are the loop and the tag in it: ("buoi in to.cac_buoi", "buoi").
    """

    width: int
    count: int
    head: tuple[str, str]
    body: tuple[str, str]


def list_table(
    document: WordDocument,
    columns: Sequence[Column],
    *,
    loop: str,
    row: str,
    size: int = BODY,
    group: str = "",
    repeated: Repeated | None = None,
    total: dict[str, str] | None = None,
) -> Table:
    """A table whose head is repeated on each page, with one row that a loop of the template repeats.

    Args:
        loop: "nguoi in danh_sach"; `row` is the name of one ("nguoi"), whose keys are those of the columns.
        group: "nhom in cac_nhom": an outer loop, with a line across the table where the group has a name (`ten`).
        total: what the last row holds, by the keys of the columns.
    """
    widths = [column.width for column in columns]
    if repeated:
        widths[-1:-1] = [repeated.width] * repeated.count
    table = document.add_table(rows=0, cols=len(widths))
    _lay_out(table, widths)
    _head_rows(table, columns, repeated, size)
    if group:
        _command_row(table, f"{{%tr for {group} %}}")
        _command_row(table, "{%tr if nhom.ten %}")
        _line_across(table, "{{ nhom.ten }}", size)
        _command_row(table, "{%tr endif %}")
    _command_row(table, f"{{%tr for {loop} %}}")
    body = _row(table, columns, [f"{{{{ {row}.{column.key} }}}}" for column in columns], size)
    if repeated:
        _repeat_cells(body, columns, repeated, repeated.body, size)
    _command_row(table, "{%tr endfor %}")
    if group:
        _command_row(table, "{%tr endfor %}")
    if total:
        _row(table, columns, [total.get(column.key, "") for column in columns], size, bold=True)
    return table


def page_break(document: WordDocument) -> None:
    """A new page. What stands before may fill its page to the last line: a break of its own paragraph would then come
    to stand on the next, and leave it empty."""
    write(document, "", size=1).paragraph_format.page_break_before = True


def as_bytes(document: WordDocument) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


# ---------------------------------------------------------------- tables


def _side_by_side(document: WordDocument, left_width: int, right_width: int) -> tuple[_Cell, _Cell]:
    """Two blocks without borders."""
    table = document.add_table(rows=1, cols=2)
    _lay_out(table, [left_width, right_width], framed=False)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    left, right = table.rows[0].cells
    left.width, right.width = Mm(left_width), Mm(right_width)
    return left, right


def _lay_out(table: Table, widths: Sequence[int], *, framed: bool = True) -> None:
    """Fixed widths; a frame of thin lines, or none and no space inside the cells."""
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    properties = table._tbl.tblPr
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = OxmlElement("w:tblBorders")
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single" if framed else "nil"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57" if framed else "0")  # twentieths of a point: 1 mm
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    _in_order(properties, borders, before=("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"))
    _in_order(properties, margins, before=("w:tblLook",))


def _head_rows(table: Table, columns: Sequence[Column], repeated: Repeated | None, size: int) -> None:
    """The titles, in two rows where some stand together below the title of their group."""
    has_groups = any(column.group for column in columns)
    rows = [table.add_row() for _ in range(2 if has_groups else 1)]
    place = 0
    for title, same in groupby(columns, key=lambda column: column.group):
        members = list(same)
        if title:
            _fill(rows[0].cells[place].merge(rows[0].cells[place + len(members) - 1]), title, size, "center", bold=True)
        for column in members:
            cell = rows[-1].cells[place]
            if has_groups and not title:
                cell = rows[0].cells[place].merge(cell)
            _fill(cell, column.title, size, "center", bold=True)
            place += 1
    if repeated:
        _repeat_cells(rows[0], columns, repeated, repeated.head, size, bold=True)
    for row in rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        _keep_together(row, height=8)


def _row(table: Table, columns: Sequence[Column], texts: Sequence[str], size: int, *, bold: bool = False) -> _Row:
    row = table.add_row()
    _keep_together(row)
    for cell, column, text in zip(row.cells, columns, texts, strict=False):
        cell.width = Mm(column.width)
        _fill(cell, text, size, column.align, bold=bold)
    return row


def _repeat_cells(
    row: _Row, columns: Sequence[Column], repeated: Repeated, loop: tuple[str, str], size: int, *, bold: bool = False
) -> None:
    """Put three cells before the last of the columns: the loop, what it repeats, and its end."""
    cells, last = row.cells, len(columns) - 1
    _fill(cells[last + 3], cells[last].text, size, "center" if bold else columns[-1].align, bold=bold)
    cells[last + 3].width = Mm(columns[-1].width)
    for cell, text in zip(
        cells[last:], (f"{{%tc for {loop[0]} %}}", f"{{{{ {loop[1]} }}}}", "{%tc endfor %}"), strict=False
    ):
        cell.width = Mm(repeated.width)
        _fill(cell, text, size, "center", bold=bold)
    for cell in cells[last + 4 :]:
        row._tr.remove(cell._tc)


def _command_row(table: Table, text: str) -> None:
    """A row that holds a command of the template; it is gone in the document."""
    _line_across(table, text, SMALL)


def _line_across(table: Table, text: str, size: int) -> None:
    """One cell as wide as the table, on the page of the row that follows."""
    row = table.add_row()
    cell = row.cells[0].merge(row.cells[-1])
    _fill(cell, text, size, "left", bold=True)
    cell.paragraphs[0].paragraph_format.keep_with_next = True


def _fill(cell: _Cell, text: str, size: int, align: str, *, bold: bool = False) -> None:
    """Write the cell anew, as one paragraph."""
    for paragraph in cell.paragraphs[1:]:
        cell._tc.remove(paragraph._p)
    for child in list(cell.paragraphs[0]._p):
        cell.paragraphs[0]._p.remove(child)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    write(cell, text, size=size, bold=bold, align=align, before=2, after=2)


def _keep_together(row: _Row, *, height: int = 7) -> None:
    """A row is not torn by the end of a page, and at least so high."""
    mark = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().insert(0, mark)
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    row.height = Mm(height)


# ---------------------------------------------------------------- paragraphs


def _next_paragraph(place: WordDocument | _Cell) -> Paragraph:
    """A new paragraph; in a fresh cell the one that it begins with."""
    if isinstance(place, _Cell):
        first = place.paragraphs[0]
        if len(place.paragraphs) == 1 and not first.runs and first._p.pPr is None:
            return first
    return place.add_paragraph()


def _field(paragraph: Paragraph, code: str) -> None:
    """A field that Word fills, such as the number of the page."""
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(BODY)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.set(qn("xml:space"), "preserve")
            element.text = text
        run._r.append(element)


def _in_order(parent: Any, child: Any, *, before: Sequence[str]) -> None:
    """Put a child in before those that must follow it: the order of elements is part of the format."""
    for name in before:
        found = parent.find(qn(name))
        if found is not None:
            found.addprevious(child)
            return
    parent.append(child)
