"""Colours and notes for single cells of an .xlsx or .xlsm that is somebody else's: all the rest stays byte for byte.

Opening a workbook with a library and saving it again loses what the library does not know: the stored values of
formulas, macros, charts, printer settings. So only the parts that carry a mark are changed, and in them only the text
at the mark: the style number of the cell, one style more, one note more. No XML parser writes anything here.

Marks that an earlier round left are taken away first, so that a file sent, mended and sent again shows what is wrong
now. A cell that was marked then loses its fill; notes of others stay.
"""

import posixpath
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from shutil import copyfileobj
from typing import IO
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape, unescape
from zipfile import ZIP64_LIMIT, ZIP_DEFLATED, BadZipFile, ZipFile

from cadres.roster.cell_names import letters_of

TITLE = "[Kết quả kiểm tra danh sách]"  # the first line of every note of ours: by it they are found again
AUTHOR = "Kiểm tra danh sách"

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
NO_RELATIONSHIPS = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{PACKAGE}"/>'
NO_COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
)
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# The boxes in which the notes are shown are described in VML, a format that Excel kept for this alone.
SHAPE_KIND = "_x0000_t202"
SHAPE_KIND_XML = (
    f'<v:shapetype id="{SHAPE_KIND}" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
VML_MARK = "urn:schemas-microsoft-com:vml"
VML_NAMESPACES = (
    f'xmlns:v="{VML_MARK}"',
    'xmlns:o="urn:schemas-microsoft-com:office:office"',
    'xmlns:x="urn:schemas-microsoft-com:office:excel"',
)
NO_SHAPES = (
    f"<xml {' '.join(VML_NAMESPACES)}>"
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
SHAPES_IN_BLOCK = 1024  # shape numbers are given out in blocks of this size, named in <o:idmap>
# What stands after <legacyDrawing> in a worksheet (ECMA-376 part 1, 18.3.1.99).
AFTER_DRAWING = {
    "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
}  # fmt: skip

CHUNK = 2**20
ROWS_BEGIN = re.compile(rb"<(?P<name>(?:[\w.\-]+:)?sheetData)\b(?P<attributes>[^>]*?)(?P<empty>/?)>")
ROWS_END = re.compile(rb"</(?:[\w.\-]+:)?sheetData\s*>")
# Another encoding than UTF-8, entities, or text that looks like tags and is none.
NOT_PLAIN = re.compile(r"""\A\ufeff?<\?xml[^>]*encoding=["'](?!utf-8)|<!DOCTYPE|<!\[CDATA\[""", re.IGNORECASE)
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
SHAPE = re.compile(r"<((?:\w+:)?)shape\b.*?</\1shape\s*>", re.DOTALL)
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Place = tuple[int, int]  # row and column, both counted from 0


class UnmarkableWorkbookError(Exception):
    """The package is no .xlsx, or is written in a way that is not safely edited as text."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a cell is to bear: a fill (RRGGBB) and the lines of a note."""

    colour: str
    lines: tuple[str, ...]

    @property
    def note(self) -> str:
        return ILLEGAL.sub("", "\n".join((TITLE, *self.lines)))


def mark_workbook(
    content: bytes, marks: Mapping[str, Mapping[Place, Mark]], colours: Iterable[str], stream: IO[bytes]
) -> None:
    """Write the workbook with the marks, given by the sheet's name.

    A mark inside a merged range goes to its top left cell, which is the one that shows; where several meet, the colour
    that comes first in `colours` wins. `colours` are all that are ever used, so that earlier marks are recognised.
    Raises UnmarkableWorkbookError; nothing has been written then.
    """
    ranking = list(colours)
    try:
        with ZipFile(BytesIO(content)) as archive:
            package = _Package(archive)
            sheets = _sheet_paths(package)
            styles_path = _styles_path(package)
            styles = _Styles(package.read(styles_path), ranking)
            for name, path in sheets.items():
                _mark_sheet(package, path, marks.get(name, {}), styles, ranking)
            result = BytesIO()
            package.save(result, styles_path, styles)
    except (BadZipFile, KeyError, ValueError, IndexError, ExpatError) as error:
        raise UnmarkableWorkbookError(str(error)) from error
    stream.write(result.getbuffer())


@dataclass(slots=True)
class _Package:
    """The parts of a zip package, with those that were changed."""

    archive: ZipFile
    changed: dict[str, str] = field(default_factory=dict)
    rewritten: dict[str, Iterator[str]] = field(default_factory=dict)  # sheets, made when they are written

    def __contains__(self, path: str) -> bool:
        return path in self.changed or path in self.archive.NameToInfo

    def read(self, path: str) -> str:
        """The text of a part. Raises ValueError where it is not plain XML in UTF-8."""
        return self.changed[path] if path in self.changed else _plain(self.archive.read(path))

    def pieces(self, path: str) -> Iterator[str]:
        """A worksheet in pieces: all up to its rows, rows by about a megabyte (none cut), all after its rows."""
        with self.archive.open(path) as part:
            text = b""
            while not (begin := ROWS_BEGIN.search(text)):
                text += _next_chunk(part)
            name = begin["name"]
            yield _plain(text[: begin.start()] + b"<" + name + begin["attributes"] + b">")
            text = text[begin.end() :]
            if begin["empty"]:
                yield _plain(b"</" + name + b">" + text + part.read())
                return
            end_of_row = b"</" + name.replace(b"sheetData", b"row") + b">"
            while not (end := ROWS_END.search(text)):
                cut = text.rfind(end_of_row) + len(end_of_row)
                if cut >= len(end_of_row):
                    yield _plain(text[:cut])
                    text = text[cut:]
                text += _next_chunk(part)
            yield _plain(text[: end.start()])
            yield _plain(text[end.start() :] + part.read())

    def change(self, path: str, text: str) -> None:
        self.changed[path] = text

    def unused(self, pattern: str) -> str:
        """A path for a new part: the pattern with the first number that is free."""
        number = 1
        while (path := pattern.format(number)) in self:
            number += 1
        return path

    def save(self, stream: IO[bytes], styles_path: str, styles: "_Styles") -> None:
        """Write all parts, the styles last: which are needed shows when the sheets are written."""
        with ZipFile(stream, "w", ZIP_DEFLATED) as target:
            for info in self.archive.NameToInfo.values():
                path = info.filename
                if path in self.rewritten:
                    with target.open(path, "w", force_zip64=info.file_size > ZIP64_LIMIT // 2) as copy:
                        for piece in self.rewritten[path]:
                            copy.write(piece.encode())
                elif path not in self.changed and path != styles_path:
                    with self.archive.open(info) as source, target.open(path, "w") as copy:
                        copyfileobj(source, copy)
            for path, text in self.changed.items():
                target.writestr(path, text)
            target.writestr(styles_path, styles.xml())


def _next_chunk(part: IO[bytes]) -> bytes:
    if chunk := part.read(CHUNK):
        return chunk
    raise ValueError("sheetData")


def _plain(content: bytes) -> str:
    """The text of (a piece of) a part. Raises ValueError where it is not UTF-8 or is more than plain XML."""
    text = content.decode()  # UnicodeDecodeError is a ValueError
    if NOT_PLAIN.search(text) or (
        "<!--" in text and VML_MARK not in text
    ):  # VML may hold comments; it is only added to
        raise ValueError("XML")
    return text


# Text of XML


@lru_cache(maxsize=100)
def _element(name: str) -> re.Pattern[str]:
    """An element by its name with prefix; the groups are `attributes` and `inner` (None where it is empty)."""
    return re.compile(rf"<{name}\b(?P<attributes>[^>]*?)(?:/>|>(?P<inner>.*?)</{name}\s*>)", re.DOTALL)


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf"(?<![\w:]){name}\s*=\s*([\"'])(.*?)\1", attributes, re.DOTALL)
    return unescape(found[2], {"&quot;": '"', "&apos;": "'"}) if found else ""


def _with_attribute(attributes: str, name: str, value: object) -> str:
    bare = re.sub(rf"\s+{name}\s*=\s*(?:\"[^\"]*\"|'[^']*')", "", attributes).rstrip()
    return f'{bare} {name}="{value}"'


def _prefix(xml: str, root: str) -> str:
    """The namespace prefix with its colon that the part uses for its own elements, mostly ''."""
    found = re.search(rf"<((?:[\w.\-]+:)?){root}\b([^>]*)>", xml)
    if not found or f'"{MAIN}"' not in found[2].replace("'", '"'):  # another dialect (Strict Open XML)
        raise ValueError(root)
    return found[1]


def _place(reference: str) -> Place:
    found = REFERENCE.fullmatch(reference)
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _reference(place: Place) -> str:
    return f"{letters_of(place[1])}{place[0] + 1}"


# Relationships between parts


@dataclass(slots=True)
class _Relationships:
    """What a part refers to: (kind, path) by identifier; the kind is the last word of the type."""

    package: _Package
    part: str

    @property
    def path(self) -> str:
        folder, name = posixpath.split(self.part)
        return f"{folder}/_rels/{name}.rels".lstrip("/")

    def _xml(self) -> str:
        return self.package.read(self.path) if self.path in self.package else NO_RELATIONSHIPS

    def targets(self) -> dict[str, tuple[str, str]]:
        found = {}
        for tag in re.findall(r"<(?:\w+:)?Relationship\b([^>]*)>", self._xml()):
            target = posixpath.join(posixpath.dirname(self.part), _attribute(tag, "Target"))
            kind = posixpath.basename(_attribute(tag, "Type"))
            found[_attribute(tag, "Id")] = kind, posixpath.normpath(target).lstrip("/")
        return found

    def path_of(self, kind: str) -> str:
        return next((path for found, path in self.targets().values() if found == kind), "")

    def add(self, kind: str, path: str) -> str:
        """Returns the new identifier."""
        known = self.targets()
        identifier = next(name for number in range(1, len(known) + 2) if (name := f"rIdNote{number}") not in known)
        xml = self._xml()
        prefix = re.search(r"<((?:\w+:)?)Relationships\b", xml)[1]  # type: ignore[index]
        tag = f'<{prefix}Relationship Id="{identifier}" Type="{OFFICE}/{kind}" Target="/{path}"/>'
        self.package.change(self.path, _appended(xml, f"{prefix}Relationships", tag))
        return identifier


def _appended(xml: str, name: str, added: str) -> str:
    """The text with something added at the end inside the first element of the name."""
    found = _element(name).search(xml)
    if not found:
        raise ValueError(name)
    inner = (found["inner"] or "") + added
    return f"{xml[: found.start()]}<{name}{found['attributes']}>{inner}</{name}>{xml[found.end() :]}"


def _sheet_paths(package: _Package) -> dict[str, str]:
    workbook = package.read("xl/workbook.xml")
    targets = _Relationships(package, "xl/workbook.xml").targets()
    paths = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b([^>]*)>", workbook):
        kind, path = targets[_attribute(tag, r"\w+:id")]
        if kind == "worksheet":
            paths[_attribute(tag, "name")] = path
    return paths


def _styles_path(package: _Package) -> str:
    return _Relationships(package, "xl/workbook.xml").path_of("styles")


def _declare_type(package: _Package, *, path: str = "", ending: str = "", kind: str) -> None:
    """Say in the package's list what a new part is: by its path or by its ending."""
    types = package.read("[Content_Types].xml")
    if ending and re.search(rf"Extension\s*=\s*[\"']{ending}[\"']", types, re.IGNORECASE):
        return
    tag = f'<Default Extension="{ending}"' if ending else f'<Override PartName="/{path}"'
    package.change("[Content_Types].xml", _appended(types, "Types", f'{tag} ContentType="{kind}"/>'))


# Styles


class _Styles:
    """The cell styles of a workbook, and their coloured twins: all else of a style stays (font, format, border)."""

    def __init__(self, xml: str, colours: list[str]) -> None:
        self._before = xml
        self._prefix = prefix = _prefix(xml, "styleSheet")
        fills, formats = _element(f"{prefix}fills").search(xml), _element(f"{prefix}cellXfs").search(xml)
        if not fills or not formats:
            raise ValueError("styles")
        self._fills = [found[0] for found in _element(f"{prefix}fill").finditer(fills["inner"] or "")]
        self._formats = [found[0] for found in _element(f"{prefix}xf").finditer(formats["inner"] or "")]
        self._colours = colours
        self._fill_of: dict[str, int] = {}
        self._made: dict[tuple[int, str], int] = {}

    def coloured(self, style: int, colour: str) -> int:
        """The number of the style's twin with the fill; with '' the twin without one."""
        if (style, colour) not in self._made:
            found = _element(f"{self._prefix}xf").fullmatch(self._formats[style])
            if not found:
                raise ValueError("xf")
            attributes = _with_attribute(found["attributes"], "fillId", self._fill(colour) if colour else 0)
            attributes = _with_attribute(attributes, "applyFill", 1)
            self._made[style, colour] = len(self._formats)
            self._formats.append(self._tag("xf", attributes, found["inner"]))
        return self._made[style, colour]

    def is_coloured(self, style: int) -> bool:
        """Whether the style bears one of our colours."""
        fill = self._fills[int(_attribute(self._formats[style], "fillId") or 0)]
        return any(f"{colour}" in fill.upper() for colour in self._colours)

    def _fill(self, colour: str) -> int:
        if colour not in self._fill_of:
            self._fill_of[colour] = len(self._fills)
            inner = self._tag("fgColor", f' rgb="FF{colour}"') + self._tag("bgColor", ' indexed="64"')
            self._fills.append(self._tag("fill", "", self._tag("patternFill", ' patternType="solid"', inner)))
        return self._fill_of[colour]

    def _tag(self, name: str, attributes: str, inner: str | None = None) -> str:
        opened = f"<{self._prefix}{name}{attributes}"
        return f"{opened}/>" if inner is None else f"{opened}>{inner}</{self._prefix}{name}>"

    def xml(self) -> str:
        xml = self._before
        for name, parts in (("fills", self._fills), ("cellXfs", self._formats)):
            found = _element(f"{self._prefix}{name}").search(xml)
            if found:
                attributes = _with_attribute(found["attributes"], "count", len(parts))
                xml = xml[: found.start()] + self._tag(name, attributes, "".join(parts)) + xml[found.end() :]
        return xml


# A sheet


def _mark_sheet(
    package: _Package, path: str, wanted: Mapping[Place, Mark], styles: _Styles, ranking: list[str]
) -> None:
    relationships = _Relationships(package, path)
    comments_path = relationships.path_of("comments")
    comments = package.read(comments_path) if comments_path else NO_COMMENTS
    comments, earlier, left = _without_earlier(comments)
    if not wanted and not earlier:
        return
    head, tail = _ends(package.pieces(path))
    prefix = _prefix(head, "worksheet")
    marks = _to_top_left(wanted, _merged(tail, prefix), ranking)

    drawing = _element(f"{prefix}legacyDrawing").search(tail)
    drawing_path = relationships.targets()[_attribute(drawing["attributes"], r"\w+:id")][1] if drawing else ""
    shapes = package.read(drawing_path) if drawing_path else NO_SHAPES
    shapes = _with_boxes(shapes, removed=earlier - left, added=sorted(marks.keys() - left))
    if not comments_path:
        comments_path = package.unused("xl/comments{}.xml")
        relationships.add("comments", comments_path)
        _declare_type(package, path=comments_path, kind=COMMENTS_TYPE)
    if not drawing_path:
        drawing_path = package.unused("xl/drawings/vmlDrawing{}.vml")
        identifier = relationships.add("vmlDrawing", drawing_path)
        _declare_type(package, ending="vml", kind=DRAWING_TYPE)
        tag = f'<{prefix}legacyDrawing xmlns:note="{OFFICE}" note:id="{identifier}"/>'
        at = _place_for_drawing(head, tail, prefix)
        tail = tail[:at] + tag + tail[at:]
    package.change(comments_path, _with_notes(comments, {place: mark.note for place, mark in marks.items()}))
    package.change(drawing_path, shapes)
    colours = dict.fromkeys(earlier, "") | {place: mark.colour for place, mark in marks.items()}
    package.rewritten[path] = _Recolouring(head, tail, prefix, colours, styles).applied(package.pieces(path))


def _ends(pieces: Iterator[str]) -> tuple[str, str]:
    """The first and the last piece."""
    return next(pieces), deque(pieces, maxlen=1)[0]


def _merged(xml: str, prefix: str) -> list[tuple[Place, Place]]:
    ranges = []
    for tag in re.findall(rf"<{prefix}mergeCell\b([^>]*)>", xml):
        first, _, last = _attribute(tag, "ref").partition(":")
        ranges.append((_place(first), _place(last or first)))
    return ranges


def _to_top_left(
    marks: Mapping[Place, Mark], merged: list[tuple[Place, Place]], ranking: list[str]
) -> dict[Place, Mark]:
    """Marks inside merged ranges moved to the cell that shows, joined where several meet."""
    places = sorted(marks)
    moved = {}
    for (top, left), (bottom, right) in merged:
        for row, column in places[bisect_left(places, (top, left)) : bisect_left(places, (bottom, right + 1))]:
            if left <= column <= right:
                moved[row, column] = top, left
    found: dict[Place, Mark] = {}
    for place in places:
        mark, target = marks[place], moved.get(place, place)
        if other := found.get(target):
            colour = min(other.colour, mark.colour, key=ranking.index)
            mark = Mark(colour, tuple(dict.fromkeys((*other.lines, *mark.lines))))
        found[target] = mark
    return found


class _Recolouring:
    """The cells of one sheet given other styles, and cells made where there was none.

    `colours`: the new fill by row and column, '' for none. All else in the rows stays as it is written.
    """

    def __init__(self, head: str, tail: str, prefix: str, colours: Mapping[Place, str], styles: _Styles) -> None:
        self._head, self._tail, self._prefix, self._styles = head, tail, prefix, styles
        self._rows: dict[int, dict[int, str]] = {}
        for (row, column), colour in sorted(colours.items()):
            self._rows.setdefault(row, {})[column] = colour
        self._column_styles = _column_styles(head, prefix)

    def applied(self, pieces: Iterator[str]) -> Iterator[str]:
        """The pieces of the sheet (_Package.pieces) with the cells recoloured, the head and tail as they are here."""
        pending = deque(self._rows)
        next(pieces)
        yield self._head
        before, piece = -1, ""
        for following in pieces:  # the last piece is the tail
            if pending and piece:
                numbered = list(self._numbered("row", piece, _row_number, before))
                before = numbered[-1][0] if numbered else before
                piece = _edited(piece, numbered, pending, self._row)
            yield piece
            piece = following
        yield "".join(self._row(row, None) for row in pending)
        yield self._tail

    def _numbered(
        self, name: str, inner: str, number: Callable[[str], int], before: int = -1
    ) -> Iterator[tuple[int, re.Match[str]]]:
        """The elements with their index; one that does not say where it stands follows the one before."""
        index = before
        for found in _element(f"{self._prefix}{name}").finditer(inner):
            reference = _attribute(found["attributes"], "r")
            index = number(reference) if reference else index + 1
            yield index, found

    def _row(self, row: int, found: re.Match[str] | None) -> str:
        attributes, inner = (found["attributes"], found["inner"] or "") if found else (f' r="{row + 1}"', "")
        has_style = _attribute(attributes, "customFormat") in ("1", "true")
        of_row = _attribute(attributes, "s") if has_style else ""
        colours = self._rows[row]

        def cell(column: int, found: re.Match[str] | None) -> str:
            colour = colours[column]
            if found:
                style = int(_attribute(found["attributes"], "s") or 0)
                if not colour and not self._styles.is_coloured(style):
                    return found[0]
                attributes = _with_attribute(found["attributes"], "s", self._styles.coloured(style, colour))
                return f"<{self._prefix}c{attributes}{found[0][found.end('attributes') - found.start() :]}"
            if not colour:
                return ""
            style = self._styles.coloured(int(of_row or self._column_styles.get(column, 0)), colour)
            return f'<{self._prefix}c r="{_reference((row, column))}" s="{style}"/>'

        pending = deque(colours)
        inner = _edited(inner, self._numbered("c", inner, lambda reference: _place(reference)[1]), pending, cell)
        inner += "".join(cell(column, None) for column in pending)
        # The span of columns is a mere hint, and may not hold any more.
        attributes = re.sub(r"\s+spans\s*=\s*(?:\"[^\"]*\"|'[^']*')", "", attributes)
        return f"<{self._prefix}row{attributes}>{inner}</{self._prefix}row>"


def _row_number(reference: str) -> int:
    return int(reference) - 1


def _edited(
    inner: str,
    elements: Iterable[tuple[int, re.Match[str]]],
    pending: deque[int],
    edit: Callable[[int, re.Match[str] | None], str],
) -> str:
    """The text with the pending elements edited, as far as they stand in it or before its last.

    `edit` is given None for an element that is not there; it is put in order. What comes behind stays pending.
    """
    parts, position = [], 0
    for index, found in elements:
        if not pending:
            break
        if index < pending[0]:
            continue
        parts.append(inner[position : found.start()])
        position = found.start()
        while pending and pending[0] < index:
            parts.append(edit(pending.popleft(), None))
        if pending and pending[0] == index:
            parts.append(edit(pending.popleft(), found))
            position = found.end()
    return "".join([*parts, inner[position:]])


def _column_styles(head: str, prefix: str) -> dict[int, int]:
    """Column → the style of its cells that are not there."""
    styles = {}
    for tag in re.findall(rf"<{prefix}col\b([^>]*)>", head):
        if style := _attribute(tag, "style"):
            for column in range(int(_attribute(tag, "min")), min(int(_attribute(tag, "max")), 16_384) + 1):
                styles[column - 1] = int(style)
    return styles


def _place_for_drawing(head: str, tail: str, prefix: str) -> int:
    """Where in the text behind the rows <legacyDrawing> belongs: the parts of a worksheet have an order."""
    children: list[tuple[str, int]] = []
    depth = 0
    parser = ParserCreate()

    def opened(name: str, _: object) -> None:
        nonlocal depth
        if depth == 1:
            children.append((name.removeprefix(prefix), parser.CurrentByteIndex))
        depth += 1

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        if depth == 0:
            children.append((name, parser.CurrentByteIndex))

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    before, after = head.encode(), tail.encode()
    parser.Parse(before + after, True)
    places = [(name, index - len(before)) for name, index in children if index >= len(before)]
    last = max(
        (number for number, (name, _) in enumerate(places[:-1]) if name not in AFTER_DRAWING and ":" not in name),
        default=-1,
    )
    return len(after[: places[last + 1][1]].decode())


# Notes


def _texts(comment: str) -> Iterator[re.Match[str]]:
    return re.finditer(r"<(?:\w+:)?t\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?t\s*>)", comment, re.DOTALL)


def _without_earlier(xml: str) -> tuple[str, set[Place], set[Place]]:
    """The notes without ours; the cells that bore one of ours, and the cells that still bear somebody's."""
    prefix = _prefix(xml, "comments")
    ours: set[Place] = set()
    others: set[Place] = set()

    def cleaned(found: re.Match[str]) -> str:
        place = _place(_attribute(found["attributes"], "ref"))
        text = unescape("".join(part[1] or "" for part in _texts(found["inner"] or "")))
        if TITLE not in text:
            others.add(place)
            return found[0]
        ours.add(place)
        before = text.partition(TITLE)[0].rstrip()
        if not before:
            return ""
        others.add(place)
        text = f"<{prefix}text>{_run(prefix, before)}</{prefix}text>"
        return f"<{prefix}comment{found['attributes']}>{text}</{prefix}comment>"

    return _element(f"{prefix}comment").sub(cleaned, xml), ours, others


def _with_notes(xml: str, notes: Mapping[Place, str]) -> str:
    """The notes with ours: below the text of a note that is there, else as a new one."""
    prefix = _prefix(xml, "comments")
    remaining = dict(notes)

    def extended(found: re.Match[str]) -> str:
        note = remaining.pop(_place(_attribute(found["attributes"], "ref")), "")
        if not note:
            return found[0]
        return _appended(found[0], f"{prefix}text", _run(prefix, f"\n{note}"))

    xml = _element(f"{prefix}comment").sub(extended, xml)
    if not remaining:
        return xml
    authors = _element(f"{prefix}authors").search(xml)
    number = len(_element(f"{prefix}author").findall(authors["inner"] or "")) if authors else 0
    xml = _appended(xml, f"{prefix}authors", f"<{prefix}author>{escape(AUTHOR)}</{prefix}author>")
    added = "".join(
        f'<{prefix}comment ref="{_reference(place)}" authorId="{number}">'
        f"<{prefix}text>{_run(prefix, note)}</{prefix}text></{prefix}comment>"
        for place, note in sorted(remaining.items())
    )
    return _appended(xml, f"{prefix}commentList", added)


def _run(prefix: str, text: str) -> str:
    return f'<{prefix}r><{prefix}t xml:space="preserve">{escape(text)}</{prefix}t></{prefix}r>'


def _with_boxes(xml: str, *, removed: set[Place], added: list[Place]) -> str:
    """The shapes of a sheet with a box for every new note and without those of the notes taken away."""

    def kept(found: re.Match[str]) -> str:
        places = [re.search(rf"<(?:\w+:)?{name}>\s*(\d+)\s*<", found[0]) for name in ("Row", "Column")]
        return "" if tuple(int(place[1]) for place in places if place) in removed else found[0]

    if removed:
        xml = SHAPE.sub(kept, xml)
    first = max((int(number) for number in re.findall(r"_x0000_s(\d+)", xml)), default=SHAPES_IN_BLOCK) + 1
    boxes = "".join(_box(first + number, place) for number, place in enumerate(added))
    if f'id="{SHAPE_KIND}"' not in xml:
        boxes = SHAPE_KIND_XML + boxes
    if not all(namespace in xml for namespace in VML_NAMESPACES):  # written with other prefixes
        boxes = re.sub(r"<(v:shape(?:type)?)\b", rf"<\1 {' '.join(VML_NAMESPACES)}", boxes)
    blocks = range(first // SHAPES_IN_BLOCK, (first + len(added)) // SHAPES_IN_BLOCK + 1)

    def with_blocks(found: re.Match[str]) -> str:
        known = {int(number) for number in re.findall(r"\d+", found[2])}
        return f"{found[1]}{','.join(map(str, sorted(known | set(blocks))))}{found[3]}"

    xml = re.sub(r"(<(?:\w+:)?idmap\b[^>]*data=\")([\d,\s]*)(\")", with_blocks, xml, count=1)
    end = xml.rindex("</xml>")
    return xml[:end] + boxes + xml[end:]


def _box(number: int, place: Place) -> str:
    row, column = place
    return (
        f'<v:shape id="_x0000_s{number}" type="#{SHAPE_KIND}" fillcolor="#ffffe1" o:insetmode="auto" '
        'style="position:absolute;margin-left:60pt;margin-top:2pt;width:260pt;height:100pt;visibility:hidden">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )
