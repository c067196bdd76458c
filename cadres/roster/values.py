"""A person row becomes what it states about one person: dates with their precision, levels, posts, the commune.

Nothing is invented: a blank or a word that no dictionary knows stays unknown. What was repaired, dropped or refused is
an issue with a Vietnamese message; an issue of severity `error` rejects the row.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from cadres.periods import PartialDate, add_months
from cadres.roster.cell_names import letters_of
from cadres.roster.columns import DATE_FIELDS, DATES, DEGREES, JOINED, TEXTS
from cadres.roster.communes import CommuneFinder
from cadres.roster.dates import (
    OLDEST,
    DateReader,
    DoubtfulOrderError,
    ImpossibleDateError,
    stated_term,
    without_note,
)
from cadres.roster.dictionaries import Dictionaries, UnitEntry
from cadres.roster.identifiers import CCCD, read_number
from cadres.roster.levels import STILL_STUDYING, STUDY_MODES, LevelReader, ReadLevel, grade_of
from cadres.roster.names import CleanName, clean_name
from cadres.roster.positions import UNKNOWN, PositionReader, ReadPosition
from cadres.roster.reading import LOST, Cell
from cadres.roster.rows import BLANK, RawRow, RowCells, cell_text, is_ticked, mark_of
from cadres.roster.statements import ERROR, INFO, MAX_LENGTHS, WARNING, Statement, to_iso
from cadres.roster.unit_names import without_order
from cadres.text import fold, match_key

MOST_FOLLOWERS = 3  # of the titles that followed one that has ended, as a row tells them
YOUNGEST = 15  # years; the age on the roster's day below which a birth cannot be meant
# What stands in a column of concurrent posts and is none: seats in the Party, and the kind of staff.
COMMITTEE_MEMBER = re.compile(
    r"^(?:duv|uv ?(?:bch|btv)\b.*|(?:bch|btv)\b.*|uy vien\b.*|(?:dang|chi|huyen|thi|tinh) uy(?: vien)?"
    r"|(?:pho )?bi thu chi bo\b.*|ban (?:thuong vu|chap hanh)\b.*)$"
)
STAFF = re.compile(r"^(?:canbo|congchuc|canbocongchuc)(?:chuyentrach|chuyenmon|xa|capxa)*$")
# What stands in a column of the unit and is only a part of it, from 1/7/2025 on (NĐ 150/2025/NĐ-CP; match_key).
ROOM = re.compile(r"^(?:phong|vanphong|trungtam|banxaidung|tt(?:pv)?hcc|uibankiemtra|ubkt)")
PHONE_AS_NUMBER = re.compile(r"^[235789]\d{8}$")  # a cell that is a number has lost its 0
PARTY_AGE = 18  # full years (Điều lệ Đảng, Điều 1)
SEX_MARKED = re.compile(r"^(nam|nữ|trai|gái)\s*[:(\-–]\s*(?:[x1✓]|có)\s*\)?$", re.IGNORECASE)
# `Giới tính (1: Nam, 0: Nữ)`, `Nam: 1; Nữ: 0`: in a title.
SEX_NUMBERED = re.compile(
    r"(?P<number>\d)\s*[:=\-–.]?\s*(?P<named>nam|nữ)|(?P<sex>nam|nữ)\s*[:=\-–(]?\s*(?P<of>\d)", re.IGNORECASE
)


def date_texts(rows: Iterable[RawRow]) -> Iterator[str]:
    """Every text below a title of a date."""
    columns: dict[int, list[int]] = {}
    for row in rows:
        if id(row.header) not in columns:
            columns[id(row.header)] = [column.index for column in row.header.columns if column.field in DATE_FIELDS]
        for index in columns[id(row.header)]:
            if index < len(row.line) and isinstance(cell := row.line[index], str) and cell:
                yield cell


# What Excel (or LibreOffice) shows where a formula has no result, and where a column was too narrow to be copied.
ERROR_OF_A_CELL = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|##+)|Err:5\d\d")


def _about_error(raw: RawRow, index: int, text: str) -> str:
    return (
        f"Ô {letters_of(index)}{raw.row} hiện lỗi {text} nên không đọc được giá trị, coi như để trống. Hãy "
        "sửa công thức (hoặc nới rộng cột) hay gõ lại giá trị rồi gửi lại."
    )


@dataclass(slots=True)
class Understanding:
    """How rows of one file are understood: the dictionaries, the day, and the units the file may speak of.

    `allowed` is the set of unit keys the import is limited to (None: no limit); `home` is the unit given by hand.
    """

    dictionaries: Dictionaries
    day: date
    allowed: set[int] | None = None
    home: UnitEntry | None = None
    month_first: bool | None = False  # whether dates are written so; None: in doubt
    _communes: CommuneFinder = field(init=False)
    _posts: PositionReader = field(init=False)
    _levels: LevelReader = field(init=False)
    _dates: DateReader = field(init=False)
    _dimensions: list[str] = field(init=False)
    _dimension_names: dict[str, str] = field(init=False)
    _told_sex: str = ""  # beside the name or the birth of the row being read

    def __post_init__(self) -> None:
        self._communes = CommuneFinder(self.dictionaries, self.day, self.allowed, self.home)
        self._posts = self.dictionaries.posts.on(self.day)
        self._levels = LevelReader(self.dictionaries)
        self._dates = DateReader(self.day, self.month_first)
        self._dimensions = sorted(self.dictionaries.dimensions)
        self._dimension_names = {column.field: column.export or column.label for column in self.dictionaries.columns}

    def statement(self, raw: RawRow) -> Statement:
        """What the row states, with everything that was noticed on the way."""
        row = raw.read()
        stated = Statement(sheet=raw.sheet, row=raw.row, titles=raw.header.titles, raw=raw)
        for name in [name for name, text in row.texts.items() if not text[0].isalnum() and BLANK.match(text)]:
            del row.cells[name], row.texts[name]
        for name in [name for name, text in row.texts.items() if LOST in text]:
            stated.add(
                ERROR, "damaged_text", name, "Ô này có ký tự đã hỏng, không đọc được. Hãy gõ lại ô này rồi gửi lại."
            )
        for name in [name for name, text in row.texts.items() if text[0] in "#E" and ERROR_OF_A_CELL.fullmatch(text)]:
            self._leave_out_error(stated, row, raw, name)
        for column, cell in [mark for mark in row.marks if isinstance(mark[1], str) and mark[1][:1] in "#E"]:
            if ERROR_OF_A_CELL.fullmatch(str(cell)):
                row.marks.remove((column, cell))
                stated.add(WARNING, "error_cell", column.field, _about_error(raw, column.index, str(cell)))
        if raw.is_hidden:
            stated.add(INFO, "hidden_row", "row_number", "Dòng này bị ẩn trong tệp nhưng vẫn được đọc.")
        for name, text in row.leftover:
            stated.add(
                WARNING, "second_line", name,
                "Ô họ tên gộp nhiều dòng; chỉ dòng đầu được ghi ở cột này. Hãy ghi mỗi người một dòng.", value=text,
            )  # fmt: skip
        self._name(stated, row)
        self._birth(stated, row)
        self._identifier(stated, row)
        self._commune(stated, row, raw)
        self._posts_of(stated, row, raw)
        self._party(stated, row)
        self._person(stated, row)
        self._levels_of(stated, row)
        return stated

    def _leave_out_error(self, stated: Statement, row: RowCells, raw: RawRow, name: str) -> None:
        """An error of Excel is no value; the cell is named and counts as blank."""
        column = row.columns.get(name)
        index = column.index if column else next(index for index, field_name in raw.header.plain if field_name == name)
        row.births = [birth for birth in row.births if birth.index != index]
        stated.add(WARNING, "error_cell", name, _about_error(raw, index, row.texts[name]))
        del row.cells[name], row.texts[name]

    def _name(self, stated: Statement, row: RowCells) -> None:
        texts = row.texts
        name, field_name = texts.get("full_name", ""), "full_name"
        if "family_name" in texts or "given_name" in texts:
            family, given = texts.get("family_name", ""), texts.get("given_name", "")
            if given or not name:
                name = f"{family} {given}".strip()
            if not (family and given) and not texts.get("full_name"):
                missing, told = ("given_name", "tên") if family else ("family_name", "họ và tên đệm")
                stated.add(
                    ERROR, "half_name", missing, f"“{name}” chưa phải là họ tên đầy đủ: thiếu {told}. Hãy điền đủ.",
                    value=name,
                )  # fmt: skip
                field_name = ""
        found = clean_name(name)
        stated.full_name = found.text
        stated.folded_name = fold(found.text)
        self._told_sex = found.sex
        self._check_name(stated, found, name if field_name else "")
        for note in found.notes:
            stated.add(
                WARNING if found.has_left else INFO, "name_note", "full_name",
                f"“{note}” đứng cạnh họ tên nên không ghi vào họ tên. Hãy ghi vào cột riêng nếu cần lưu.",
            )  # fmt: skip

    @staticmethod
    def _check_name(stated: Statement, found: CleanName, text: str) -> None:
        """Refuse what cannot be a name; of one that was refused already (no text) nothing more is said."""
        if not found.text:
            stated.add(ERROR, "missing_name", "full_name", "Dòng này không có họ tên. Hãy điền họ và tên.")
        elif len(found.text) > MAX_LENGTHS["full_name"]:
            stated.add(ERROR, "too_long", "full_name", "Họ tên dài quá 100 ký tự. Hãy kiểm tra lại ô này.")
        elif not found.is_name and LOST not in found.text:  # of which was spoken already
            stated.add(
                ERROR, "not_a_name", "full_name",
                "Ô này có ký tự không thể là họ tên (lỗi phông chữ hoặc nhập nhầm). Hãy gõ lại họ tên.",
            )  # fmt: skip
        elif text and found.words < 2:
            stated.add(
                ERROR, "half_name", "full_name",
                f"“{text}” mới là họ hoặc tên. Hãy điền đủ họ, tên đệm và tên.",
            )  # fmt: skip
        elif found.has_number:
            stated.add(
                WARNING, "doubtful_name", "full_name", "Họ tên có chữ số; đã ghi như tệp. Hãy kiểm tra lại ô này."
            )

    def _birth(self, stated: Statement, row: RowCells) -> None:
        ticked = {column.level for column, cell in row.marks if column.field == "sex" and is_ticked(cell)}
        births = {column.sex for column in row.births}
        text = row.texts.get("sex")
        if text:
            column = row.columns.get("sex")
            stated.sex = self._sex_in(text, column.title if column else stated.titles.get("sex", ""))
        elif len(ticked or births) == 1:
            (stated.sex,) = ticked or births
        if (text or len(ticked) > 1) and not stated.sex:
            stated.add(
                WARNING, "unknown_value", "sex", "Giới tính không rõ, để trống. Hãy ghi Nam hoặc Nữ nếu cần sửa."
            )
        if len(births) > 1:
            stated.add(
                ERROR, "two_births", "birth_date", "Cả cột Nam và cột Nữ đều có ngày sinh. Hãy chỉ điền một cột."
            )
        elif "birth_date" in row.texts and not (births and mark_of(row.texts["birth_date"])):  # a mark for the sex
            stated.birth = self._date(stated, row, "birth_date", is_birth=True)
        if self._told_sex and stated.sex and self._told_sex != stated.sex:
            stated.add(
                WARNING, "sex_disagrees", "sex",
                "Giới tính ghi cạnh họ tên hoặc ngày sinh khác với cột giới tính; đã ghi theo cột giới tính.",
            )  # fmt: skip
        stated.sex = stated.sex or self._told_sex
        if stated.birth is None:
            return
        if stated.birth.first_day > self.day:
            stated.add(ERROR, "invalid_date", "birth_date", "Ngày sinh sau ngày số liệu. Hãy kiểm tra lại ngày sinh.")
        elif stated.birth.first_day.year < self.day.year - 120:
            stated.add(ERROR, "invalid_date", "birth_date", "Ngày sinh cách đây hơn 120 năm. Hãy kiểm tra lại.")
        elif not YOUNGEST <= self.day.year - stated.birth.first_day.year <= OLDEST:
            stated.add(
                WARNING, "doubtful_date", "birth_date", "Tuổi theo ngày sinh này khó có thể đúng; đã ghi như tệp."
            )

    def _sex_in(self, text: str, title: str) -> str:
        """The sex that a cell names: `Nam`, `Trai`, `Nam: x`; a number only where the title says what it means."""
        if sex := self.dictionaries.value("sex", text):
            return sex
        if named := SEX_MARKED.match(text):
            return self.dictionaries.value("sex", named[1])
        for meant in SEX_NUMBERED.finditer(title):
            if text.removesuffix(".0") in (meant["number"], meant["of"]):
                return self.dictionaries.value("sex", meant["named"] or meant["sex"])
        return ""

    def _date(self, stated: Statement, row: RowCells, name: str, *, is_birth: bool = False) -> PartialDate | None:
        """The date of a field where it can be true; what cannot is said and not written, of a birth it is an error."""
        cell = row.cells.get(name)
        if cell is None:
            return None
        if isinstance(cell, str):
            cell, note = without_note(row.texts[name])
            if note:
                self._note_beside_date(stated, name, note)
        found = self._dates.read(cell, is_birth=is_birth)
        if isinstance(found, PartialDate):
            if not is_birth and (wrong := self._cannot_be(stated, name, found)):
                stated.add(WARNING, "invalid_date", name, f"“{found}”: {wrong} nên không ghi. Hãy kiểm tra lại ngày.")
                return None
            return found
        text = row.texts[name]
        if found is DoubtfulOrderError:
            stated.add(
                ERROR, "date_order", name,
                f"“{text}”: tệp này có ngày ghi tháng trước ngày nên chưa đọc ngày nào. Hãy chọn thứ tự ngày, tháng "
                "của tệp ở trang xem trước, hoặc ghi ngày/tháng/năm trong cả tệp.",
            )  # fmt: skip
        elif is_birth:
            stated.add(
                ERROR, "invalid_date", name,
                f"“{text}” không phải là ngày có thật. Hãy sửa lại ngày."
                if found is ImpossibleDateError
                else f"“{text}” không đọc được là ngày. Hãy ghi ngày/tháng/năm, tháng/năm hoặc năm.",
            )  # fmt: skip
        elif found is ImpossibleDateError:
            stated.add(
                WARNING, "invalid_date", name,
                f"“{text}” không phải là ngày có thật nên không ghi. Hãy sửa lại ngày nếu cần.",
            )  # fmt: skip
        else:
            stated.add(
                WARNING, "unknown_value", name,
                f"“{text}” không đọc được là ngày nên để trống. Hãy ghi ngày/tháng/năm nếu cần.",
            )  # fmt: skip
        return None

    def _note_beside_date(self, stated: Statement, name: str, note: str) -> None:
        if name == "birth_date" and (sex := self.dictionaries.value("sex", note)) and note.lower() != "năm":
            self._told_sex = self._told_sex or sex
        elif name == "appointed_on" and (term := stated_term(note)):
            stated.term = term
        else:
            stated.add(INFO, "date_note", name, f"“{note}” đứng cạnh ngày nên không ghi.")

    def _cannot_be(self, stated: Statement, name: str, found: PartialDate) -> str:
        """Why a date of the person cannot be, '' where it can: it lies after the file's day, or comes too early."""
        if found.first_day > self.day:
            return "sau ngày số liệu"
        birth = stated.birth
        if birth is None or birth.first_day > self.day:
            return ""
        if found.last_day < birth.first_day:
            return "trước ngày sinh"
        if name.startswith("party_") and found.last_day < add_months(birth.first_day, 12 * PARTY_AGE):
            return f"khi chưa đủ {PARTY_AGE} tuổi"
        return ""

    def _identifier(self, stated: Statement, row: RowCells) -> None:
        text = row.texts.get("national_id")
        if text is None:
            return
        found = read_number(text)
        for other in found.others:
            stated.add(
                INFO, "identifier_note", "national_id", f"“{other}” đứng cạnh số định danh nên không ghi.", value=text
            )
        if found.is_invented:
            stated.add(
                WARNING, "invalid_identifier", "national_id",
                f"“{text}” không phải là số định danh có thật nên không ghi. Chưa rõ số thì hãy để trống.",
            )  # fmt: skip
        elif not found.number:
            stated.add(
                WARNING, "invalid_identifier", "national_id",
                "Excel đã làm tròn số định danh nên không ghi. Hãy định dạng cột là Văn bản rồi gõ lại số."
                if found.is_rounded
                else "Số định danh không có 9 hoặc 12 chữ số nên không ghi. Hãy kiểm tra lại và định dạng cột là Văn "
                "bản.",
            )  # fmt: skip
        if not found.number:
            return
        if found.is_repaired:
            stated.add(
                WARNING, "repaired_identifier", "national_id",
                f"Số định danh thiếu số 0 ở đầu, đã sửa {found.given} thành {found.number}. Hãy định dạng cột là Văn "
                "bản."
                if found.given
                else f"Số định danh có chữ lẫn vào số, đã sửa thành {found.number}. Hãy kiểm tra lại.",
            )  # fmt: skip
        stated.identifier = found.number
        if len(found.number) == CCCD:
            self._check_citizen_number(stated)

    def _check_citizen_number(self, stated: Statement) -> None:
        """CCCD: digit 4 is century and sex, digits 5 and 6 the year of birth (Luật Căn cước công dân, NĐ 137/2015)."""
        mark, year = int(stated.identifier[3]), int(stated.identifier[4:6])
        wrong = []
        if stated.sex and mark <= 3 and "MF"[mark % 2] != stated.sex:
            wrong.append("giới tính")
        if stated.birth and (1900 + 100 * (mark // 2) + year) != stated.birth.first_day.year:
            wrong.append("năm sinh")
        if wrong:
            stated.add(
                WARNING, "identifier_mismatch", "national_id",
                f"Số định danh không khớp với {' và '.join(wrong)} của dòng này; đã ghi như tệp. Hãy kiểm tra lại.",
            )  # fmt: skip

    def _commune(self, stated: Statement, row: RowCells, raw: RawRow) -> None:
        district = row.texts.get("district", raw.group_district)
        commune = row.texts.get("commune", raw.group_commune)
        found = self._communes.find(district, commune, row.texts.get("commune_code", ""))
        if "commune" in row.texts and ROOM.match(match_key(commune)):
            row.texts.setdefault("room", commune)
            if not isinstance(found, UnitEntry):  # `Đơn vị công tác` in a list of one commune
                commune = raw.group_commune
                found = self._communes.find(district, commune, row.texts.get("commune_code", ""))
        if isinstance(found, UnitEntry):
            stated.unit = found.pk
        else:
            problem, name, message = found
            stated.add(ERROR, problem, name, message, value=commune if name == "commune" else district)

    def _posts_of(self, stated: Statement, row: RowCells, raw: RawRow) -> None:
        text = row.texts.get("position", raw.group_position)
        further = self._further_posts(row)
        if not text and further:
            text = further.pop(0)
        found = self._post(text)
        if not found.codes and text:
            found = self._post_by_room(stated, text, row, raw, further)
        stated.positions, stated.term = found.codes, found.term
        if text and not found.codes:
            word = self._posts.unknown_part(text)
            stated.add(
                ERROR, "unknown_position", "position", self._unknown_position(word or text), value=text, word=word
            )
        for name, told in found.facts.items():  # a column of its own says it better
            row.texts.setdefault(name, told)
        for told in further:
            others = self._post(told)
            stated.positions = list(dict.fromkeys([*stated.positions, *others.codes]))
            for name, seat in others.facts.items():
                row.texts.setdefault(name, seat)
            if not others.codes:
                stated.add(
                    WARNING, "unknown_position", "concurrent_position",
                    f"{self._unknown_position(told)} Chức danh kiêm nhiệm này không được ghi.", value=told,
                )  # fmt: skip
        for position in (self.dictionaries.positions[code] for code in stated.positions):
            if position.has_ended(self.day):
                followed = self.dictionaries.followers_of(position)
                since = f"; người giữ đã chuyển sang {', '.join(followed[:MOST_FOLLOWERS])}" if followed else ""
                stated.add(
                    ERROR, "ended_position", "position",
                    f"Chức danh {position.title} không còn sau ngày {position.end_date:%d/%m/%Y}, số liệu của tệp đến "
                    f"{self.day:%d/%m/%Y}{since}. Hãy kiểm tra ngày số liệu, hoặc ghi chức danh đang có.",
                    value=text,
                )  # fmt: skip
        if found.is_acting:
            stated.add(
                INFO, "acting_post", "position",
                f"“{text}” được ghi là {self._titles(found.codes)}; quyền hay phụ trách không được lưu riêng.",
                value=text,
            )  # fmt: skip
        if found.office:
            stated.add(
                INFO, "post_left_out", "position",
                f"Trong “{text}” chỉ ghi {self._titles(found.codes)}; phần còn lại không phải chức danh cấp xã.",
                value=text,
            )  # fmt: skip
        if term := stated_term(row.texts.get("appointed_on", "")):
            stated.term = term
        else:
            stated.appointed = self._date(stated, row, "appointed_on") or self._since(found.since)
        if "term" in row.texts:
            stated.term = stated_term(row.texts["term"]) or self._text(stated, row, "term")

    def _post(self, text: str) -> ReadPosition:
        """What a cell names on the day. A post that has ended is named only where no post in force is meant."""
        for reader in (self._posts, self.dictionaries.posts.ended_by(self.day)) if text else ():
            if (found := reader.read(text)).codes:
                return found
        return UNKNOWN

    def _post_by_room(
        self, stated: Statement, text: str, row: RowCells, raw: RawRow, further: list[str]
    ) -> ReadPosition:
        """What a cell means that names no post by itself: `Trưởng phòng` of `Phòng Kinh tế`, in a column of its own or
        above the people; `Chuyên viên` beside its vị trí việc làm, which is then no further post."""
        said = [f"{text} {without_order(room)}" for room in (row.texts.get("room", ""), raw.group_staff) if room]
        if further and self._posts.says_nothing(text):
            said.append(further[0])
        for told in said:
            if (found := self._post(told)).codes:
                further[:] = [post for post in further if post != told]
                stated.add(INFO, "post_by_room", "position", f"“{told}” được ghi là {self._titles(found.codes)}.")
                return found
        return UNKNOWN

    @staticmethod
    def _further_posts(row: RowCells) -> list[str]:
        """What the columns of concurrent posts say, cell by cell; a seat in the Party, or its membership, is none."""
        told = row.texts.get("concurrent_position", "").split(JOINED["concurrent_position"])
        seats = [text for text in told if COMMITTEE_MEMBER.match(fold(text))]
        if seats:
            row.texts.setdefault("party_committee", ", ".join(seats))
        if any(mark_of(text) for text in told):  # `Đảng viên`
            row.texts.setdefault("party_joined_on", "x")
        return [
            text
            for text in told
            if text and text not in seats and mark_of(text) is None and not STAFF.match(match_key(text))
        ]

    def _unknown_position(self, text: str) -> str:
        if code := self._posts.suggest(text):
            title = self.dictionaries.positions[code].title
            return (
                f"Chưa hiểu chức danh “{text}”. Có phải {title}? Hãy chọn một lần ở trang “Tệp gồm những gì”, hoặc sửa "
                "trong tệp theo danh mục chức danh."
            )
        for position in (self.dictionaries.positions[code] for code in self.dictionaries.posts.read(text).codes):
            if not position.has_begun(self.day):
                return (
                    f"Chức danh {position.title} có từ ngày {position.start_date:%d/%m/%Y}, số liệu của tệp đến "
                    f"{self.day:%d/%m/%Y}. Hãy kiểm tra ngày số liệu, hoặc ghi chức danh của ngày đó."
                )
        return f"Không có chức danh nào được ghi là “{text}”. Hãy sửa theo danh mục chức danh."

    def _titles(self, codes: list[str]) -> str:
        return ", ".join(self.dictionaries.positions[code].title for code in codes)

    def _since(self, text: str) -> PartialDate | None:
        """The date that a position cell says behind the post: `từ 2011`."""
        found = self._dates.read(text, is_birth=False) if text else None
        return found if isinstance(found, PartialDate) else None

    def _person(self, stated: Statement, row: RowCells) -> None:
        if text := row.texts.get("ethnic_group"):
            stated.ethnic_group = self.dictionaries.ethnic_group(text)
            if not stated.ethnic_group:
                stated.add(
                    WARNING, "unknown_value", "ethnic_group",
                    f"Không có dân tộc “{text}” trong danh mục nên để trống.",
                )  # fmt: skip
        for column in TEXTS:
            text = self._of_tiers(row, column.field) if column.has_tiers else row.texts.get(column.field)
            if not text:
                continue
            if column.field == "phone":
                text = PHONE_AS_NUMBER.sub(r"0\g<0>", text)
            if column.if_marked and mark_of(text):
                stated.add(WARNING, "unknown_value", column.field, column.if_marked)
            elif text := self._fitting(stated, column.field, text):
                stated.facts[column.field] = text
        for column in DATES:
            if day := self._date(stated, row, column.field):
                stated.facts[column.field] = day
        if text := row.texts.get("zone"):
            zone = self.dictionaries.value("zone", text)
            stated.zone = int(zone) if zone else None
            if not zone:
                stated.add(WARNING, "unknown_value", "zone", f"“{text}” không phải khu vực I, II hay III nên để trống.")

    @staticmethod
    def _of_tiers(row: RowCells, name: str) -> str:
        """`xã, huyện`: the tiers whose columns are ticked; what is written there instead stands behind the tier."""
        text = row.texts.get(name, "")
        mark = mark_of(text) if text else False
        said = [] if mark is False else ["Có" if mark else text]
        for column, cell in row.marks:
            if column.field == name and is_ticked(cell):
                said.append(column.level if mark_of(text := cell_text(cell)) else f"{column.level}: {text}")
        return ", ".join(said)

    def _text(self, stated: Statement, row: RowCells, name: str) -> str:
        return self._fitting(stated, name, row.texts.get(name, ""))

    def _fitting(self, stated: Statement, name: str, text: str) -> str:
        if len(text) > MAX_LENGTHS.get(name, len(text)):
            stated.add(
                WARNING, "too_long", name, f"Nội dung dài quá {MAX_LENGTHS[name]} ký tự nên không ghi. Hãy rút gọn."
            )
            return ""
        return text

    def _party(self, stated: Statement, row: RowCells) -> None:
        if official := row.texts.get("party_official_on"):
            if mark_of(official) is not None:  # official since a day that is not said
                del row.texts["party_official_on"], row.cells["party_official_on"]
            stated.is_party_member = mark_of(official) is not False or None
        text = row.texts.get("party_joined_on")
        if text is None:
            return
        mark = mark_of(text)
        if mark is not None:
            stated.is_party_member = mark
            return
        stated.party_joined = self._date(stated, row, "party_joined_on")
        if stated.party_joined or stated.issues[-1].code == "invalid_date":  # a member, though not since that day
            stated.is_party_member = True

    def _levels_of(self, stated: Statement, row: RowCells) -> None:
        found: dict[str, list[ReadLevel]] = defaultdict(list)
        for dimension in self._dimensions:
            if (cell := row.cells.get(dimension)) is not None:
                text = grade_of(cell) if dimension == "education" else row.texts[dimension]
                self._read_levels(stated, dimension, row.lines.get(dimension, text), found)
        for column, cell in row.marks:
            if column.field in self.dictionaries.dimensions:
                self._mark(stated, column.field, column.level, cell, found)
        for dimension, read in found.items():
            if read:
                self._state(stated, dimension, read)
        if "field_of_study" in row.texts:
            stated.field_of_study = self._text(stated, row, "field_of_study")
        if mode := self._text(stated, row, "study_mode"):
            stated.study_mode = STUDY_MODES.get(match_key(mode), mode)

    def _read_levels(
        self, stated: Statement, dimension: str, text: str, found: dict[str, list[ReadLevel]], *, value: str = ""
    ) -> None:
        """The levels in a cell of the dimension's column; what of it is not understood is said."""
        read = self._levels.read(dimension, text)
        for one in read.found:
            assert one.level is not None
            found[one.level.dimension].append(one)
            if one.level.dimension != dimension:
                stated.add(
                    INFO, "read_elsewhere", dimension,
                    f"“{one.level.name}” được ghi vào {self._dimension_names[one.level.dimension]}.", value=value,
                )  # fmt: skip
        for note in (note for one in read.found for note in one.notes):
            stated.add(INFO, "level_note", dimension, f"“{note}” không được lưu.", value=value)
        for part in read.left:
            stated.add(
                WARNING, "unknown_level", dimension,
                f"“{part}” không có trong danh mục trình độ của cột này nên "
                f"{'không ghi' if read.found else 'để trống'}. Hãy sửa theo danh mục.", value=value,
            )  # fmt: skip

    def _state(self, stated: Statement, dimension: str, read: list[ReadLevel]) -> None:
        """The highest level of a dimension counts, of equal ones the first; each is recorded."""
        best = max(read, key=lambda one: one.level.rank if one.level else 0)
        assert best.level is not None
        stated.levels[dimension] = best.level.code
        if dimension == DEGREES:
            stated.field_of_study, stated.study_mode = best.field_of_study, best.study_mode
        for one in read:
            assert one.level is not None
            awarded = self._awarded(stated, dimension, one.awarded)
            says_more = awarded or (dimension != DEGREES and one.field_of_study)
            if (one is not best and one.level.rank > 0) or says_more:
                record = [dimension, one.level.code, one.field_of_study, one.study_mode, awarded]
                if record not in stated.further:
                    stated.further.append(record)

    def _awarded(self, stated: Statement, dimension: str, text: str) -> str:
        """The date of a paper as the database keeps it; what cannot be is said and not written."""
        found = self._dates.read(text, is_birth=False) if text else None
        if not isinstance(found, PartialDate):
            return ""
        if wrong := self._cannot_be(stated, "awarded_on", found):
            stated.add(WARNING, "invalid_date", dimension, f"“{found}”: {wrong} nên không ghi năm cấp bằng.")
            return ""
        return to_iso(found)

    def _mark(
        self, stated: Statement, dimension: str, level: str, cell: Cell, found: dict[str, list[ReadLevel]]
    ) -> None:
        """A cell below a level: a mark means the level; another level of the ladder written there means that one."""
        if not is_ticked(cell):
            return
        text = cell_text(cell)
        if STILL_STUDYING.search(text):
            stated.add(WARNING, "unknown_level", dimension, f"“{text}”: chưa có trình độ này nên để trống.", value=text)
            return
        if not mark_of(text) and self._levels.read(dimension, text).best(dimension).level:
            self._read_levels(stated, dimension, text, found, value=text)
            return
        entry = self.dictionaries.levels.get((dimension, level))
        if entry is None:
            return
        is_field = dimension == DEGREES and not mark_of(text) and isinstance(cell, str)  # written instead of an x
        one = ReadLevel(entry, self._fitting(stated, "field_of_study", text) if is_field else "")
        held = max((held.level.rank for held in found[dimension] if held.level), default=-1)
        if entry.rank > held:
            found[dimension].append(one)
