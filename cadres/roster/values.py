"""A person row becomes what it states about one person: dates with their precision, levels, posts, the commune.

Nothing is invented: a blank or a word that no dictionary knows stays unknown. What was repaired, dropped or refused is
an issue with a Vietnamese message; an issue of severity `error` rejects the row.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from cadres.periods import PartialDate
from cadres.roster.columns import DATES, DEGREES, JOINED, TEXTS
from cadres.roster.communes import CommuneFinder
from cadres.roster.dates import OLDEST, DateReader, ImpossibleDateError
from cadres.roster.dictionaries import Dictionaries, UnitEntry
from cadres.roster.levels import STILL_STUDYING, STUDY_MODES, LevelReader, ReadLevel, grade_of
from cadres.roster.positions import UNKNOWN
from cadres.roster.reading import LOST, Cell
from cadres.roster.rows import BLANK, RawRow, RowCells, cell_text, is_ticked, mark_of
from cadres.roster.statements import ERROR, INFO, MAX_LENGTHS, WARNING, Statement
from cadres.text import fold, match_key

YOUNGEST = 15  # years; the age on the roster's day below which a birth cannot be meant
TERM = re.compile(r"^(\d{4})\s*[-–]\s*(\d{4})$")
# Beside a post, `Chức vụ Đảng: Đảng ủy viên` is no further post.
COMMITTEE_MEMBER = re.compile(
    r"^(?:duv|uv ?(?:bch|btv)\b.*|(?:bch|btv)\b.*|uy vien\b.*|(?:dang|chi|huyen|thi|tinh) uy(?: vien)?"
    r"|ban (?:thuong vu|chap hanh)\b.*)$"
)
BETWEEN_DIGITS = re.compile(r"[\s.'’\-]")
IDENTIFIER = re.compile(r"[0-9]{8,12}")


@dataclass(slots=True)
class Understanding:
    """How rows of one file are understood: the dictionaries, the day, and the units the file may speak of.

    `allowed` is the set of unit keys the import is limited to (None: no limit); `home` is the unit given by hand.
    """

    dictionaries: Dictionaries
    day: date
    allowed: set[int] | None = None
    home: UnitEntry | None = None
    _communes: CommuneFinder = field(init=False)
    _levels: LevelReader = field(init=False)
    _dates: DateReader = field(init=False)
    _dimensions: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._communes = CommuneFinder(self.dictionaries, self.day, self.allowed, self.home)
        self._levels = LevelReader(self.dictionaries)
        self._dates = DateReader(self.day)
        self._dimensions = sorted(self.dictionaries.dimensions)

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

    def _name(self, stated: Statement, row: RowCells) -> None:
        texts = row.texts
        name = texts.get("full_name", "")
        if "family_name" in texts or "given_name" in texts:
            family, given = texts.get("family_name", ""), texts.get("given_name", "")
            if given or not name:
                name = f"{family} {given}".strip()
            if not given and "full_name" not in texts:
                stated.add(ERROR, "missing_name", "given_name", "Thiếu tên. Hãy điền đủ họ, tên đệm và tên.")
        stated.full_name = name
        stated.folded_name = fold(name)
        if not name:
            stated.add(ERROR, "missing_name", "full_name", "Dòng này không có họ tên. Hãy điền họ và tên.")
        elif len(name) > MAX_LENGTHS["full_name"]:
            stated.add(ERROR, "too_long", "full_name", "Họ tên dài quá 100 ký tự. Hãy kiểm tra lại ô này.")

    def _birth(self, stated: Statement, row: RowCells) -> None:
        ticked = {column.level for column, cell in row.marks if column.field == "sex" and is_ticked(cell)}
        births = {column.sex for column in row.births}
        if text := row.texts.get("sex"):
            stated.sex = self.dictionaries.value("sex", text)
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
            return
        if "birth_date" not in row.texts:
            return
        if births and mark_of(row.texts["birth_date"]):
            return  # only a mark for the sex
        stated.birth = self._date(stated, row, "birth_date", is_birth=True)
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

    def _date(self, stated: Statement, row: RowCells, name: str, *, is_birth: bool = False) -> PartialDate | None:
        cell = row.cells.get(name)
        if cell is None:
            return None
        found = self._dates.read(cell, is_birth=is_birth)
        if isinstance(found, PartialDate):
            return found
        text = row.texts[name]
        if found is ImpossibleDateError:
            stated.add(ERROR, "invalid_date", name, f"“{text}” không phải là ngày có thật. Hãy sửa lại ngày.")
        elif is_birth:
            stated.add(
                ERROR, "invalid_date", name,
                f"“{text}” không đọc được là ngày. Hãy ghi ngày/tháng/năm, tháng/năm hoặc năm.",
            )  # fmt: skip
        else:
            stated.add(
                WARNING, "unknown_value", name,
                f"“{text}” không đọc được là ngày nên để trống. Hãy ghi ngày/tháng/năm nếu cần.",
            )  # fmt: skip
        return None

    def _identifier(self, stated: Statement, row: RowCells) -> None:
        if "national_id" not in row.texts:
            return
        digits = row.texts["national_id"]
        if not (digits.isascii() and digits.isdigit()):
            digits = BETWEEN_DIGITS.sub("", digits)
        if not IDENTIFIER.fullmatch(digits):
            stated.add(
                WARNING, "invalid_identifier", "national_id",
                "Số định danh không có 9 hoặc 12 chữ số nên không ghi. Hãy kiểm tra lại và định dạng cột là Văn bản.",
            )  # fmt: skip
            return
        if len(digits) in (8, 10, 11):
            repaired = digits.zfill(9 if len(digits) == 8 else 12)
            stated.add(
                WARNING, "repaired_identifier", "national_id",
                f"Số định danh thiếu số 0 ở đầu, đã sửa {digits} thành {repaired}. Hãy định dạng cột là Văn bản.",
            )  # fmt: skip
            digits = repaired
        stated.identifier = digits
        if len(digits) == 12:
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
        found = self.dictionaries.posts.read(text) if text else UNKNOWN
        stated.positions, stated.term = found.codes, found.term
        if text and not found.codes:
            stated.add(ERROR, "unknown_position", "position", self._unknown_position(text), value=text)
        for told in further:
            others = self.dictionaries.posts.read(told).codes
            stated.positions = list(dict.fromkeys([*stated.positions, *others]))
            if not others:
                stated.add(
                    WARNING, "unknown_position", "concurrent_position",
                    f"{self._unknown_position(told)} Chức danh kiêm nhiệm này không được ghi.", value=told,
                )  # fmt: skip
        for position in (self.dictionaries.positions[code] for code in stated.positions):
            if position.has_ended(self.day):
                stated.add(
                    ERROR, "ended_position", "position",
                    f"Chức danh {position.title} không còn sau ngày {position.end_date:%d/%m/%Y}, số liệu của tệp đến "
                    f"{self.day:%d/%m/%Y}. Hãy kiểm tra ngày số liệu, hoặc ghi chức danh đang có.",
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
        if "appointed_on" in row.texts and (term := TERM.match(row.texts["appointed_on"])):
            stated.term = f"{term[1]}-{term[2]}"
        else:
            stated.appointed = self._date(stated, row, "appointed_on") or self._since(found.since)

    @staticmethod
    def _further_posts(row: RowCells) -> list[str]:
        """What the columns of concurrent posts say, cell by cell; a seat on the Party committee is another field."""
        told = row.texts.get("concurrent_position", "").split(JOINED["concurrent_position"])
        seats = [text for text in told if COMMITTEE_MEMBER.match(fold(text))]
        if seats:
            row.texts.setdefault("party_committee", ", ".join(seats))
        return [text for text in told if text and text not in seats and mark_of(text) is not False]

    def _unknown_position(self, text: str) -> str:
        if code := self.dictionaries.posts.suggest(text):
            title = self.dictionaries.positions[code].title
            return (
                f"Chưa hiểu chức danh “{text}”. Có phải {title}? Hãy chọn một lần ở trang “Tệp gồm những gì”, hoặc sửa "
                "trong tệp theo danh mục chức danh."
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
        elif joined := self._date(stated, row, "party_joined_on"):
            stated.is_party_member, stated.party_joined = True, joined

    def _levels_of(self, stated: Statement, row: RowCells) -> None:
        for dimension in self._dimensions:
            text = row.texts.get(dimension)
            if text is None:
                continue
            if dimension == "education":
                text = grade_of(row.cells[dimension])
            found = self._levels.read(dimension, text)
            if found.level is None:
                stated.add(
                    WARNING, "unknown_level", dimension,
                    f"“{text}” không có trong danh mục trình độ của cột này nên để trống. Hãy sửa theo danh mục.",
                )  # fmt: skip
                continue
            stated.levels[dimension] = found.level.code
            if dimension == DEGREES:
                stated.field_of_study, stated.study_mode = found.field_of_study, found.study_mode
        for column, cell in row.marks:
            if column.field in self.dictionaries.dimensions:
                self._mark(stated, column.field, column.level, cell)
        if "field_of_study" in row.texts:
            stated.field_of_study = self._text(stated, row, "field_of_study")
        if mode := self._text(stated, row, "study_mode"):
            stated.study_mode = STUDY_MODES.get(match_key(mode), mode)

    def _mark(self, stated: Statement, dimension: str, level: str, cell: Cell) -> None:
        """A cell below a level: a mark means the level; another level of the ladder written there means that one."""
        if not is_ticked(cell):
            return
        text = cell_text(cell)
        if STILL_STUDYING.search(text):
            stated.add(WARNING, "unknown_level", dimension, f"“{text}”: chưa có trình độ này nên để trống.", value=text)
            return
        found = self._levels.read(dimension, text) if not mark_of(text) else ReadLevel(None)
        entry = found.level or self.dictionaries.levels.get((dimension, level))
        held = self.dictionaries.levels.get((dimension, stated.levels.get(dimension, "")))
        if entry is None or (held is not None and held.rank >= entry.rank):
            return
        stated.levels[dimension] = entry.code
        if dimension == DEGREES:
            is_field = not found.level and not mark_of(text) and isinstance(cell, str)
            stated.field_of_study, stated.study_mode = found.field_of_study, found.study_mode
            if is_field:  # some write it instead of an x
                stated.field_of_study = self._fitting(stated, "field_of_study", text)
