"""A level cell becomes a level of its dimension; a cell of degrees also tells the field and the mode of study."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cadres.roster.columns import DEGREES
from cadres.roster.dictionaries import Dictionaries, LevelEntry
from cadres.roster.reading import Cell
from cadres.roster.rows import cell_text, mark_of
from cadres.roster.statements import MAX_LENGTHS, MAX_WORDS
from cadres.text import fold, match_key

STUDY_MODES = {
    "chinhqui": "Chính quy", "cq": "Chính quy", "taptrung": "Chính quy", "taichuc": "Tại chức", "tc": "Tại chức",
    "vualamvuahoc": "Vừa làm vừa học", "vlvh": "Vừa làm vừa học", "tuxa": "Từ xa", "tx": "Từ xa",
    "chuientu": "Chuyên tu", "lienthong": "Liên thông", "lt": "Liên thông",
}  # fmt: skip
# Written right behind a level without a space: `ĐHTC Kế toán`, `CĐCQ`, `TCCQ`.
GLUED_MODE = re.compile(r"^(ĐH|CĐ|TC|ThS)(TC|CQ|TX|LT)$", re.IGNORECASE)
GLUED = re.compile(r"^((?:ĐH|CĐ|TC|ThS?)(?:TC|CQ)?)[.\-:]+(?=\S)", re.IGNORECASE)  # `ĐH.Luật`
GLUED_TEACHING = re.compile(r"^(ĐH|CĐ|TC)SP\b", re.IGNORECASE)
SEVERAL = re.compile(r"^0?[2-4]\s+(?:bằng\s+)?", re.IGNORECASE)  # `2 ĐH: Luật, Kinh tế`
NO_DEGREE = ("pho thong", "co so")  # behind `Trung học`
LONGEST_LEVEL = 6  # words: `Bác sĩ chuyên khoa 2`
LOWER = ("cao dang", "trung cap", "trung hoc", "so cap")  # behind a title: `Cử nhân cao đẳng`, `Dược sĩ trung cấp`
STILL_STUDYING = re.compile(
    r"\b(?:đang|theo học|đi học|dự kiến|chưa (?:tốt nghiệp|TN|có bằng|nhận bằng)|chờ bằng|năm thứ|năm [1-6])\b",
    re.IGNORECASE,
)
IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*")

# Where a further level may begin: a line, a number, a comma, `+`, `và`, a dash between blanks, not in `Toán-Lý`.
APART = re.compile(
    r"\s*\n\s*(?:\d{1,2}\s*[.)]|[-–+*•])?\s*|\s*[;,+&/]\s*|\s+(?:và|kiêm)\s+|\s+[-–]\s+"
    r"|(?:^|\s)\d{1,2}\s*[.)]\s*(?=\D)|^[-–+*•]\s*"
)
# A bare abbreviation behind a dash may be anything: `ĐH Luật - TC - 2010`, `TC Chăn nuôi - TS` (tại chức, thủy sản).
BEHIND_DASH = re.compile(r"[-–]\s*$")
NEVER_ALONE = {"ts", "cn"}

# What a cell of degrees says behind the level, besides the field.
PIECES = re.compile(r"(\s*[,;():/\n]\s*|\s+[-–]\s+|\s*–\s*)")
MODE_WORDS = re.compile(r"^(?:hệ|hình thức(?: đào tạo)?|loại hình(?: đào tạo)?|đào tạo)\s*:?\s*", re.IGNORECASE)
MODE_BEHIND = re.compile(r"\s+(?:hệ|hình thức)\s+(?P<mode>.+)$", re.IGNORECASE)
DAY_OF_AWARD = re.compile(r"\b(?:(?:ngày|tháng|cấp)\s*)*((?:\d{1,2}[/.]){1,2}(?:19|20)\d{2})\b", re.IGNORECASE)
AWARDED = re.compile(
    r"(?:^|\s+)(?:(?:tốt nghiệp|tn|cấp|ra trường|nhận bằng|năm|ngày|tháng)[.:]?\s*)*"
    r"(?P<date>(?:\d{1,2}[/.]){0,2}(?:19|20)\d{2})$",
    re.IGNORECASE,
)
YEARS_OF_STUDY = re.compile(r"(?:(?:khóa|khoá|k)\s*:?\s*)?(?:19|20)\d\d\s*[-–]\s*(?:19|20)\d\d", re.IGNORECASE)
GRADE_OF_DEGREE = re.compile(r"^(?:xếp\s+)?loại\s+\S.*$", re.IGNORECASE)
TRAILING = re.compile(r"\s*(?:[;,+&/\n]|\s[-–]|\b(?:và|kiêm)\b|(?:^|\s)\d{1,2}[.)])\s*$")
LEADING_MARKS = re.compile(r"^[\s\-–—:,./]+|[\s\-–—:,;/(]+$")

TONGUES = "anh|trung|nga|phap|hoa|nhat|han|duc"
# Which dimension a text speaks of, whatever its column; looked for in the folded text, the first that fits.
ABOUT = {
    "political_theory": re.compile(r"\b(?:ly luan|llct|[cts]cct|[cts]c ?ll|chinh tri)\b"),
    "state_management": re.compile(r"\b(?:quan ly (?:hanh chinh )?nha nuoc|qlnn|qlhcnn|chuyen vien|can su|cvc?c?)\b"),
    "ethnic_language": re.compile(
        r"\btieng (?:dan toc|dt|dtts|h?'?mong|dao|tay|thai|nung|giay|ha nhi|phu la|hmong|bo y|la chi)\b"
    ),
    "foreign_language": re.compile(
        rf"\b(?:ngoai ngu|tieng (?:{TONGUES})|(?:{TONGUES}) (?:van|ngu|[abc])|[abc] (?:{TONGUES})|toeic|ielts|toefl)\b"
    ),
    "it": re.compile(r"\b(?:tin hoc|tin|cntt|cong nghe thong tin|may tinh|ic3|mos)\b"),
    "defence_security": re.compile(r"\b(?:quoc phong|qp[ -]?an|doi tuong \d)\b"),
}
# Words of a cell that name its column again, or the paper, and say nothing of the level.
EMPTY_WORDS = {
    "education": r"lop|hoc|het|tot nghiep|tn|da|pho thong|pt|bo tuc|bt|btvh|van hoa|vh|gdtx|he|trinh do|bang",
    "political_theory": r"ly luan|chinh tri|llct|ll|ct|hanh chinh|hc|trinh do|bang|chung chi|da hoc|lop|tuong duong",
    "state_management": (
        r"boi duong|bd|bdqlnn|qlnn|quan ly|hanh chinh|nha nuoc|qlhcnn|ngach|chuong trinh|chung chi"
        r"|chung nhan|kien thuc|lop|trinh do|ve|cap|da qua|cho"
    ),
    "it": (
        r"tin hoc|tin|cntt|cong nghe thong tin|chung chi|cc|bang|trinh do|trinh|loai|ung dung|nganh|co(?! ban)|hoc"
        r"|may tinh"
    ),
    "foreign_language": (
        r"ngoai ngu|tieng|(?:anh|trung|nga|phap|hoa|nhat|han|duc)(?: van| ngu| quoc)?|chung chi|cc|bang|trinh do"
        r"|trinh|loai|nganh|co"
    ),
    "ethnic_language": r"tieng|dan toc|thieu so|dtts|dt|biet|noi|duoc|nghe|hieu|giao tiep|co|thong thao|thanh thao",
    "defence_security": r"quoc phong|an ninh|qp|an|boi duong|kien thuc|chung chi|lop|cho|da qua",
    "position_training": r"boi duong|bd|theo|chuc danh|da qua|lop",
}
EMPTY = {dimension: re.compile(rf"\b(?:{words})\b") for dimension, words in EMPTY_WORDS.items()}
EQUIVALENT = re.compile(r"\s*(?:\+|,|và|&|-|/|hoặc)?\s*(?:\(?\s*(?:tđ|tương đương)\s*\)?)\s*\.?$", re.IGNORECASE)
GRADE = re.compile(r"\b(\d{1,2})\s*/\s*(\d{1,2})\b", re.ASCII)
LANGUAGE = re.compile(r"\b(anh|trung(?! (?:cấp|học))|nga|pháp|hoa|nhật|hàn|đức)\b", re.IGNORECASE)
SPOKEN = re.compile(r"\btiếng\s+(?:dân tộc\s+)?(.+)$", re.IGNORECASE)
PAPER = re.compile(r"\b(?:chung chi|cc|chung nhan)\b")
SPEAKS = re.compile(r"\b(?:biet|noi|giao tiep|nghe|thong thao|thanh thao)\b")
LANGUAGES = {"foreign_language", "ethnic_language"}
# Theory is not a degree, though its levels are called alike; `Cử nhân chính trị` alone may be a degree of politics.
THEORY = re.compile(
    r"^(?:so cap|trung cap|cao cap|sc|tc|cc)\b.*\b(?:ly luan|llct|chinh tri|ct)\b|\b(?:llct|ly luan chinh tri)\b"
    r"|^[cts]cct\b"
)


def grade_of(cell: Cell) -> str:
    """An education cell as written: Excel turns `9/12` into 12 September (or 9 December), `12/12` into 12 December."""
    if isinstance(cell, datetime | date):
        if cell.day == 12:
            return f"{cell.month}/12"
        if cell.month == 12:
            return f"{cell.day}/12"
        if cell.day == 10:
            return f"{cell.month}/10"
        if cell.month == 10:
            return f"{cell.day}/10"
    return cell_text(cell)


@dataclass(frozen=True, slots=True)
class ReadLevel:
    """A level that a cell names, and what it says beside it; None where no level was found.

    `awarded` is the date of the paper, as written; the field of a language is the language.
    """

    level: LevelEntry | None
    field_of_study: str = ""
    study_mode: str = ""
    awarded: str = ""
    notes: tuple[str, ...] = ()  # what is not kept: years of study, how well somebody did


@dataclass(frozen=True, slots=True)
class ReadLevels:
    """All levels that a cell names, each of whatever dimension it is, and what of the cell was not understood."""

    found: tuple[ReadLevel, ...] = ()
    left: tuple[str, ...] = ()

    def best(self, dimension: str) -> ReadLevel:
        """The highest of the dimension, of equal ones the first."""
        of_it = [one for one in self.found if one.level and one.level.dimension == dimension]
        return max(of_it, key=lambda one: one.level.rank if one.level else 0, default=ReadLevel(None))


NOTHING = ReadLevel(None)


@dataclass(slots=True)
class LevelReader:
    """How level cells of one file are read; equal ones once."""

    dictionaries: Dictionaries
    _read: dict[tuple[str, str], ReadLevels] = field(default_factory=dict)

    def read(self, dimension: str, text: str) -> ReadLevels:
        """What a cell of the dimension's column says; its lines may stand below each other."""
        found = self._read.get((dimension, text))
        if found is None:
            found = self._read[dimension, text] = self._understood(dimension, text)
        return found

    def _understood(self, dimension: str, text: str) -> ReadLevels:
        """What somebody is still studying for is not held: `ĐH Luật (đang học)` states no level."""
        if len(text) > MAX_WORDS:
            return ReadLevels(left=(text[:MAX_WORDS],))
        in_one_line = " ".join(text.split())
        if level := self.dictionaries.level(dimension, in_one_line):
            return ReadLevels((ReadLevel(level, self._language(dimension, in_one_line)),))
        if dimension == DEGREES:
            read = next((read for read in map(self._degrees, (text, in_one_line)) if read.found), None)
            return read or ReadLevels(left=(in_one_line,))
        whole = self._single(dimension, in_one_line)
        if whole.level and not (dimension in LANGUAGES and APART.search(text)):
            return ReadLevels((whole,))
        if dimension == "education":
            return ReadLevels(left=(in_one_line,))
        several = self._several(dimension, text)
        if whole.level and several.left and not APART.search(in_one_line):
            return ReadLevels((whole,))  # its lines are those of a narrow column: `Chứng chỉ / A`
        return several

    def _several(self, dimension: str, text: str) -> ReadLevels:
        """`Anh B, Trung A`; `A tin học, B Anh văn`."""
        found, left = [], []
        for part in (part.strip() for part in APART.split(text)):
            if not part:
                continue
            one = self._single(dimension, part)
            if one.level is None:
                one = self._elsewhere(dimension, part)
            if one.level:
                found.append(one)
            else:
                left.append(part)
        return ReadLevels(tuple(found), tuple(left) if found else (" ".join(text.split()),))

    # one level

    def _single(self, dimension: str, text: str) -> ReadLevel:
        """A level of a dimension other than degrees, with words around it that say nothing more."""
        if STILL_STUDYING.search(text):
            return ReadLevel(None)
        if dated := AWARDED.search(text):
            one = self._single(dimension, text[: dated.start()].rstrip(" ,;(-–"))
            return replace(one, awarded=dated["date"]) if one.level else one
        level_of = self.dictionaries.level
        language = self._language(dimension, text)
        other = _is_about_another(dimension, fold(text))
        for candidate in (text, IN_BRACKETS.sub(" ", text), EQUIVALENT.sub("", text)):
            if (level := level_of(dimension, candidate)) and not other:
                return ReadLevel(level, language)
        if mark_of(text):
            return ReadLevel(level_of(dimension, "x"))
        if other and not (dimension in ABOUT and ABOUT[dimension].search(fold(text))):
            return ReadLevel(None)
        if dimension == "education" and (grade := GRADE.search(text)):
            return self._grade(text, grade)
        if dimension == "ethnic_language":
            return self._ethnic_language(text, language)
        bare = fold(EQUIVALENT.sub("", text).replace("(", " ").replace(")", " "))
        rest = EMPTY[dimension].sub(" ", bare) if dimension in EMPTY else bare
        rest = " ".join(rest.replace(" - ", " ").strip(" -:.,").split())
        level = level_of(dimension, rest) if rest and rest != bare else None
        if not rest and PAPER.search(bare):
            level = level_of(dimension, "Chứng chỉ")
        return ReadLevel(level if level and level.rank else None, language)

    def _grade(self, text: str, grade: re.Match[str]) -> ReadLevel:
        """`12/12 PT`, `THPT 12/12`: what stands beside the grade may say the same level or nothing."""
        level = self.dictionaries.level("education", f"{grade[1]}/{grade[2]}")
        beside = fold(text[: grade.start()] + " " + text[grade.end() :]).strip(" ()-:.,")
        named = self.dictionaries.level("education", beside.strip(" ()")) if beside else level
        rest = re.sub(r"\W", "", EMPTY["education"].sub("", beside))
        return ReadLevel(level if named == level or not rest else None)

    def _ethnic_language(self, text: str, language: str) -> ReadLevel:
        """A language that is named and nothing more is one that is spoken."""
        folded = fold(text)
        named = EMPTY["ethnic_language"].sub(" ", PAPER.sub(" ", folded))
        names = [name for name in re.split(r"\s*[,;/+&()]\s*|\s+va\s+|\s{2,}", named.strip(" -:.")) if name.strip()]
        if not all(self.dictionaries.ethnic_group(name.strip()) for name in names):
            return ReadLevel(None)
        has_paper = PAPER.search(folded)
        if not (names or has_paper or SPEAKS.search(folded)):
            return ReadLevel(None)
        level = self.dictionaries.level("ethnic_language", "Chứng chỉ" if has_paper else "Giao tiếp")
        return ReadLevel(level, language)

    def _language(self, dimension: str, text: str) -> str:
        """The language that a cell names: `Tiếng Anh`, `Tiếng Mông`; '' where it names none."""
        if dimension == "foreign_language" and (named := LANGUAGE.search(text)):
            return f"Tiếng {named[1].capitalize()}"
        code = ""
        if dimension == "ethnic_language" and (named := SPOKEN.search(text)):
            code = self.dictionaries.ethnic_group(named[1])
        elif dimension == "ethnic_language":  # `Mông`; the `Có` of `Có chứng chỉ` is not the people Co
            code = self.dictionaries.ethnic_keys.get(match_key(text), "")
        return f"Tiếng {self.dictionaries.ethnic_groups[code].name}" if code else ""

    def _elsewhere(self, dimension: str, text: str) -> ReadLevel:
        """What a cell says of another dimension than its column's: `Chứng chỉ A tin học` under Ngoại ngữ."""
        folded = fold(text)
        for other, about in ABOUT.items():
            if other != dimension and other in self.dictionaries.dimensions and about.search(folded):
                found = self._single(other, text)
                if found.level and found.level.rank:
                    return found
        return ReadLevel(None)

    # degrees

    def _degrees(self, text: str) -> ReadLevels:
        """The degrees of a cell, each with its field, mode and date; what follows a degree belongs to it."""
        starts = [(0, "")] + [(match.end(), match[0]) for match in APART.finditer(text)]
        ends = [match.start() for match in APART.finditer(text)] + [len(text)]
        records: list[tuple[int, ReadLevel | None]] = []  # where a record begins, and what it is if not a degree
        for (start, separator), end in zip(starts, ends, strict=True):
            part = text[start:end].strip()
            if not part:
                continue
            if records and self._names_again(part, records[-1][1]):
                continue
            if self._is_theory(part):
                records.append((start, self._elsewhere(DEGREES, part)))
            elif self._begins(part, separator if records else ""):
                records.append((start, None))
            elif (elsewhere := self._elsewhere(DEGREES, part)).level and not self._is_field(part, records):
                records.append((start, elsewhere))
            elif not records or records[-1][1] is not None or STILL_STUDYING.search(part):
                records.append((start, ReadLevel(None)))
        found, left = [], []
        for (start, other), end in zip(records, [start for start, _ in records[1:]] + [len(text)], strict=True):
            part = APART.sub(" ", text[start:end]) if other else text[start:end]
            part = TRAILING.sub("", part).strip()
            one = other if other is not None else self._degree(part)
            if one.level:
                found.append(one)
            elif part:
                left.append(part)
        return ReadLevels(tuple(found), tuple(left))

    @staticmethod
    def _names_again(part: str, before: ReadLevel | None) -> bool:
        """Whether a part only goes on naming what stands before it: `Trung cấp Lý luận CT - HC`."""
        empty = EMPTY.get(before.level.dimension) if before and before.level else None
        return empty is not None and not empty.sub("", fold(part)).strip(" -.")

    def _is_theory(self, part: str) -> bool:
        return bool(THEORY.search(fold(part))) and self._elsewhere(DEGREES, part).level is not None

    def _is_field(self, part: str, records: list[tuple[int, ReadLevel | None]]) -> bool:
        """Behind a degree a word such as `Tin học` or `Tiếng Anh` without a level of its own is its field."""
        is_behind_degree = bool(records) and records[-1][1] is None
        return is_behind_degree and not re.search(r"\b(?:chứng chỉ|cc|bằng|trình độ|[ABC])\b", part)

    def _begins(self, part: str, separator: str) -> bool:
        """Whether the part begins with a degree: first in a cell any, further on one that is no doubt one."""
        level, rest, mode = self._level_before(part)
        if level is None:
            return False
        if not separator:
            return True
        if level.rank == 0:
            return False
        is_bare = not rest and not mode
        key = match_key(part)
        return not (is_bare and (key in NEVER_ALONE or (key in STUDY_MODES and BEHIND_DASH.search(separator))))

    def _level_before(self, text: str) -> tuple[LevelEntry | None, str, str]:
        """The degree that a text begins with, what follows it, and a mode glued to it: `ĐHTC Kế toán`."""
        if level := self.dictionaries.level(DEGREES, text):
            return level, "", ""
        text = GLUED_TEACHING.sub(r"\1 sư phạm", GLUED.sub(r"\1 ", SEVERAL.sub("", text)))
        words = text.split()
        mode = ""
        if words and (glued := GLUED_MODE.match(words[0])):
            words[0], mode = glued[1], STUDY_MODES[match_key(glued[2])]
        for count in range(min(len(words), LONGEST_LEVEL), 0, -1):
            written = " ".join(words[:count])
            if level := self.dictionaries.level(DEGREES, written.split("(")[0].rstrip(" :.,-–")):
                bracket = written.find("(")
                rest = " ".join(words[count:]) if bracket < 0 else f"{written[bracket:]} {' '.join(words[count:])}"
                if fold(rest).startswith(NO_DEGREE):
                    break
                if fold(rest).startswith(LOWER) and (lower := self._level_before(rest))[0]:
                    return lower
                return level, rest, mode
        return None, "", ""

    @staticmethod
    def _mode_at_the_end(piece: str) -> tuple[str, str] | None:
        """`Luật VLVH` → (Vừa làm vừa học, `Luật`); abbreviations of two letters may be anything."""
        words = piece.split()
        for length in (4, 3, 2, 1):
            key = match_key(" ".join(words[-length:]))
            if len(key) > 2 and (mode := STUDY_MODES.get(key)) and len(words) > length:
                return mode, " ".join(words[:-length])
        return None

    def _degree(self, text: str) -> ReadLevel:
        """`ĐH Luật - Tại chức - 2010`, `TC Nông nghiệp 2008 (VLVH)`."""
        if STILL_STUDYING.search(text):
            return ReadLevel(None)
        text = " ".join(text.split())
        level, rest, mode = self._level_before(text)
        if level is None or (level.rank == 0 and rest):
            return ReadLevel(None)  # "none" with something behind it is not understood
        notes = [years[0] for years in YEARS_OF_STUDY.finditer(rest)]
        rest = YEARS_OF_STUDY.sub("", rest)
        day = DAY_OF_AWARD.search(rest)
        rest = rest if day is None else f"{rest[: day.start()].rstrip()} {rest[day.end() :].lstrip()}".strip()
        if not mode:
            words = rest.split()
            for length in (3, 2, 1):
                if known := STUDY_MODES.get(match_key(" ".join(words[:length]))):
                    mode, rest = known, " ".join(words[length:])
                    break
        awarded = day[1] if day else ""
        kept: list[str] = []
        pieces = PIECES.split(rest)
        for separator, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
            if not awarded and (dated := AWARDED.search(piece)):
                awarded, piece = dated["date"], piece[: dated.start()]  # noqa: PLW2901
            if not mode and (behind := MODE_BEHIND.search(piece)) and match_key(behind["mode"]) in STUDY_MODES:
                mode, piece = STUDY_MODES[match_key(behind["mode"])], piece[: behind.start()]  # noqa: PLW2901
            named = STUDY_MODES.get(match_key(MODE_WORDS.sub("", piece)))
            if not (named or mode) and (last := self._mode_at_the_end(piece)):
                mode, piece = last  # noqa: PLW2901
            if named and not mode:
                mode = named
            elif GRADE_OF_DEGREE.match(piece.strip()):
                notes.append(piece.strip())
            elif piece.strip() and not (named and named == mode):
                kept.append(separator + piece)
            elif separator.strip() == ")" or kept:
                kept.append(")" if separator.strip() == ")" and kept and "(" in "".join(kept) else "")
        field_of_study = _field("".join(kept))
        if len(field_of_study) > MAX_LENGTHS["field_of_study"]:
            return ReadLevel(None)
        return ReadLevel(level, field_of_study, mode, awarded, tuple(notes))


def _is_about_another(dimension: str, folded: str) -> bool:
    return any(other != dimension and about.search(folded) for other, about in ABOUT.items())


def _field(text: str) -> str:
    """A field of study without the marks that stood between it and what else the cell said."""
    text = LEADING_MARKS.sub("", " ".join(text.replace("( )", " ").replace("()", " ").split()))
    if text.startswith("(") and text.find(")") in (-1, len(text) - 1):
        text = text.strip("()")
    if text.count(")") > text.count("("):
        text = text.rstrip(")")
    if text.count("(") > text.count(")"):
        text += ")"
    return LEADING_MARKS.sub("", text)
