"""Which unit a text of a roster names: a group row, the name of a sheet, a title, a footer.

Rosters write a commune in many ways: `UBND xã Bản Phố`, `2.1. Xã Bản Phố (KV III): 22 người`, `Đơn vị: Bản Phố`,
`Bản Phố (huyện Bắc Hà)`, `DS BẢN PHỐ (2)`. What stands around the name is taken off; what is left is looked up. A text
that says it is a unit's and whose name nobody knows is told as such, for its people must not be counted elsewhere.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from cadres.models import UnitVersion
from cadres.roster.dictionaries import KIND_WORD, Dictionaries, UnitEntry, split_kind
from cadres.text import APOSTROPHES, fold, nfc

Kind = UnitVersion.Kind

# What a row begins with: `I.`, `(III)`, `II/`, `2.1.`, `1.2)`, `a)`, `B -`, `*`, `+`, `•`.
ORDER = re.compile(
    r"^(?:\(\s*(?:[IVXLC]{1,7}|[A-Za-zĐđ]|\d{1,3}(?:\.\d{1,3})*)\s*\)\s*[.:/–-]*"
    r"|\[\s*(?:[IVXLC]{1,7}|\d{1,3})\s*\]\s*"
    r"|(?:[IVXLC]{1,7}|[ivx]{1,5}|[A-HĐa-hđ]|\d{1,3}(?:\.\d{1,3})*)\s*[.)\]:/–—-]+"
    r"|(?:[IVXLC]{1,7}|\d{1,3}(?:\.\d{1,3})*)(?=\s+(?:x|p|tt|ubnd|đảng|đơn|thị|uỷ|ủy)[^\W\d_]*)"
    r"|[*+•●▪■◦○§►»>·–—‒-]+)\s*",
    re.IGNORECASE,
)
PEOPLE = r"(?:người|ng|đ\s*/?\s*c|đồng chí|cán bộ|cbcc|cb|cc|công chức|trường hợp)"
# How many people the text says there are. Of years and of posts allowed (`biên chế 22`) it says nothing.
HEAD_COUNT = re.compile(
    rf"\(\s*(?:tổng(?:\s*số)?|có|gồm|cộng)?\s*[:=]?\s*(\d{{1,3}})\s*(?:{PEOPLE}\b\.?)?(?:\s*[,;.:]\s*[^)]*|\s+trong[^)]*)?\)"
    rf"|\s*[:=–—-]\s*(?:có\s+|gồm\s+|tổng(?:\s*số)?\s*:?\s*)?(\d{{1,3}})(?!\s*\d|/)\s*(?:{PEOPLE}\b.*)?$"
    rf"|\s+(?:có|gồm|tổng(?:\s*số)?|cộng)\s*[:=]?\s*(\d{{1,3}})\s*(?:{PEOPLE}\b.*)?$"
    rf"|\s+(\d{{1,3}})\s*{PEOPLE}\b.*$",
    re.IGNORECASE,
)
# What a text says of a unit behind its name, folded: zone, class, posts allowed, year.
REMARK = re.compile(
    r"[\s(,;:–-]*\b(?:(?:thuoc |la )?(?:xa |phuong )?(?:khu vuc|kv|vung|loai|hang) ?:? ?(?:i{1,3}|iv|\d)"
    r"|(?:xa )?(?:dbkk|dac biet kho khan|bien gioi|vung cao|nong thon moi|ntm)(?: (?:i{1,3}|\d))?"
    r"|(?:bien che|dinh bien|chi tieu)(?: duoc)?(?: giao)?\W*\d*(?: nguoi| bien che)?"
    r"|(?:nam |thang )?(?:\d{1,2} ?[/.-] ?){0,2}\d{4}|tinh den.*|den ngay.*|gom|co|nhu sau|cu|tiep(?: theo)?)"
    r"\s*[)\].:;,=–-]*\s*$"
)
COPY = re.compile(r"\s*(?:\(\s*\d{1,2}\s*\)|[-\s]\s*\d{1,2})\s*$")  # a sheet's: `Bản Phố (2)`
NUMBER = re.compile(r"^\d{1,5}\s+")  # `02866 Bản Phố`
TAIL = re.compile(r"[\s.,;:=(/–—-]+$")
# What stands before the name of a unit, folded: labels, offices, and what lists are called.
BEFORE_NAME = re.compile(
    r"^(?:(?:ten |thuoc )?(?:don vi|co quan|dia ban|dia phuong|noi lam viec)"
    r"(?: (?:cong tac|hanh chinh|truc thuoc|co so|lam viec))?"
    r"|(?:xa|phuong|thi tran)(?:[,/ ]+(?:xa|phuong|thi tran))*(?=\s*[:=])"
    r"|ubnd|ub|uy ban(?: nhan dan)?|hdnd|hoi dong nhan dan|(?:ub)?mttq(?: viet nam| vn)?|mat tran to quoc"
    r"|dang (?:uy|bo)|chi bo|cap uy|ban chap hanh|bch"
    r"|trich ngang|danh sach|ds|bieu|bang|so|tong hop|thong ke|so luong|chat luong|doi ngu|bao cao"
    r"|(?:nhung )?nguoi hoat dong(?: khong chuyen trach)?|(?:khong |ban )?chuyen trach"
    r"|can bo|cong chuc|cb\s*,?\s*cc|cbcc|cbccvc|cb|vien chuc|lanh dao|khoi|cac|cua|tai|va|co quan|thuc hien|cong tac"
    r"|sheet|trang|pl|phu luc)(?=[\s:.,&+/_–-]|$)[\s:.,=&+/_–-]*"
)
# After the word for a kind of unit these are no name: `xã hội`, `xã, phường`, `xã loại 1`.
NO_NAME = re.compile(
    r"^(?:hội|đội|viên|cấp|phường|thị trấn|thị xã|xã|và|loại|năm|thuộc|trên|này|cũ|mới|theo|để|trong|tỉnh|huyện"
    r"|chủ tịch|bí thư|trưởng|phó|hđnd|ubnd|mttq|thường trực)\b",
    re.IGNORECASE,
)
# Only these say without a name known that a unit is meant. (`Xa` is a family name as well.)
KIND_IN_FULL = re.compile(
    r"^(?:xã|phường|thị trấn|tt\.|x\.|p\.|(?-i:xa\s)|(?:xa|phuong|thi tran)(?=[\x00-\x7f]*$))\s*:?\s*", re.IGNORECASE
)
LABEL = re.compile(r"^(?:tên\s+)?(?:đơn vị|địa bàn|địa phương|nơi công tác)(?!\s+tính)[^:]{0,20}:\s*", re.IGNORECASE)
NAME_LIKE = re.compile(r"^[^\W\d_]+(?:[\s'’-]+[^\W\d_]+){0,4}$")
ABBREVIATED = (
    (re.compile(r"(?<![^\W_])(?:T\.?\s?Tr(?:ấn)?\.?|TT\.)\s+(?=\S)", re.IGNORECASE), "thị trấn "),
    (re.compile(r"(?<![^\W_])X\.\s*(?=[^\W\d_]{2})", re.IGNORECASE), "xã "),
    (re.compile(r"(?<![^\W_])H\.\s*(?=[^\W\d_]{2})", re.IGNORECASE), "huyện "),
)
GLUED_KIND = re.compile(r"^(?:xa|phuong|thitran|tt)(?=.{3})")
WORD = re.compile(r"[a-z]+")
APART = re.compile(r"\s*[,;(/]\s*|\s+[-–—]\s+")
MAX_NAME = 120  # characters; a longer text is a sentence
SHEET_NAME = 31  # characters that Excel keeps of the name of a sheet


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """The commune or district that a text names, as far as it does.

    `commune` is a name to look up on the day; where `is_known` is False, the whole text. `is_whole`: the text names the
    unit and nothing else; otherwise it only mentions it.
    """

    commune: str = ""
    district: str = ""
    is_known: bool = True
    is_whole: bool = True


@dataclass(slots=True)
class UnitNames:
    """Finds the units that texts name, with the dictionaries of one file."""

    dictionaries: Dictionaries
    _found: dict[str, NamedUnit | None] = field(default_factory=dict)

    def named(self, text: str) -> NamedUnit | None:
        """The unit that a text names, whatever stands around the name; None where it names none."""
        if text not in self._found:
            self._found[text] = self._named(text) if len(text) <= MAX_NAME else self._mentioned(text)
        return self._found[text]

    def of_sheet(self, name: str, district: str = "") -> NamedUnit | None:
        """The commune that a sheet of a list of the district is named after.

        `Bắc Hà` alone is the district as well, and means nothing.
        """
        text = nfc(name.replace("_", " "))
        if len(name) >= SHEET_NAME and district and (cut_off := self._cut_off(text, district)):
            return cut_off
        found = None
        for attempt in (text, COPY.sub("", text)):
            bare = bare_name(attempt)
            if not split_kind(bare)[0] and self._is_district(bare):
                return None
            found = self.named(attempt)
            if found and found.commune and found.is_known:
                return found
        if within := self._within(text):
            return within
        if len(name) >= SHEET_NAME - 1 and (whole := self._cut_off(text, district)):
            return whole
        return found

    def _named(self, text: str) -> NamedUnit | None:
        bare = bare_name(text)
        whole = (APOSTROPHES.sub("", nfc(text)), bare_name(text, keeps_label=True), bare, NUMBER.sub("", bare))
        for attempt in dict.fromkeys(whole):
            if found := self._whole(attempt):
                return found
        mentioned = self._mentioned(text)
        if mentioned and mentioned.commune:
            return mentioned
        labelled = bare_name(text, keeps_label=True)
        for said in (bare, labelled, bare_name(text, keeps_label=True, keeps_order=True)):
            if (kind := KIND_IN_FULL.match(said)) or (kind := LABEL.match(said)):
                name = TAIL.sub("", APART.split(said[kind.end() :])[0]).strip()
                if NAME_LIKE.match(name) and name[0].isupper() and not NO_NAME.match(name):
                    return NamedUnit(nfc(text), is_known=False)
        return mentioned

    def _whole(self, text: str) -> NamedUnit | None:
        """The unit whose name is the text, with or without that of its district behind it."""
        if not text or not text[0].isalpha():
            return None
        kind, _ = split_kind(text)
        if kind == Kind.PROVINCE:
            return None
        if kind == Kind.DISTRICT:
            return NamedUnit(district=text) if self.dictionaries.named_units(text, None, communes=False) else None
        if self._is_commune(text):
            return NamedUnit(text)
        name, *rest = (part.strip(" ).") for part in APART.split(text))
        if rest and self._is_commune(name):
            district = next((part for part in rest if self._is_district(part)), "")
            if district or (len(rest) == 1 and not any(map(str.isalpha, rest[0]))):
                return NamedUnit(name, district)
        return None

    def _is_commune(self, text: str) -> bool:
        """Whether a commune is called so. A name alone must have its marks right: `Văn hóa` is not Vạn Hoà."""
        named = self.dictionaries.named_units(text, None, communes=True)
        if not named or split_kind(text)[0] or text.isascii():
            return bool(named)
        return any(_marked(text) == _marked(unit.bare_name) for unit in named) or not any(
            unit.folded_bare_name.replace(" ", "") == fold(text).replace(" ", "") for unit in named
        )

    def _is_district(self, text: str) -> bool:
        return bool(text) and bool(self.dictionaries.named_units(text, None, communes=False))

    def _mentioned(self, text: str) -> NamedUnit | None:
        """The unit that a longer text names in full. Of several communes it is not known which is meant."""
        for pattern, word in ABBREVIATED:
            text = pattern.sub(word, text)
        units = self.dictionaries.units_in(text)
        communes = {unit.name for unit in units if unit.kind in UnitVersion.COMMUNE_KINDS}
        districts = {unit.name for unit in units if unit.kind == Kind.DISTRICT}
        district = districts.pop() if len(districts) == 1 else ""
        if len(communes) == 1:
            return NamedUnit(communes.pop(), district, is_whole=False)
        if communes:
            return NamedUnit(nfc(text), is_known=False, is_whole=False)
        return NamedUnit(district=district, is_whole=False) if district else None

    def _within(self, text: str) -> NamedUnit | None:
        """The commune whose name of two words or more stands somewhere in the text: `CBCC-Bản Phố`, `XaBanPho`."""
        words = f" {' '.join(WORD.findall(fold(text)))} "
        names = {
            unit.bare_name for unit in self._communes()
            if f" {unit.folded_bare_name} " in words and " " in unit.bare_name and not self._is_district(unit.bare_name)
        }  # fmt: skip
        longest = [name for name in names if not any(name != other and name in other for other in names)]
        if not longest and " " not in text:
            glued = GLUED_KIND.sub("", fold(text))
            longest = [glued] if self.dictionaries.named_units(glued, None, communes=True) else []
        return NamedUnit(longest[0]) if len(longest) == 1 else None

    def _cut_off(self, text: str, district: str) -> NamedUnit | None:
        """The commune whose name Excel has cut off: `Danh sách cán bộ công chức xã Bản P`."""
        bare = fold(bare_name(text))
        kind = KIND_WORD.match(bare)
        start = bare[kind.end() :] if kind else bare
        if not start:
            return None
        districts = {unit.pk for unit in self.dictionaries.named_units(district, None, communes=False)}
        names = {
            unit.bare_name for unit in self._communes()
            if unit.folded_bare_name.startswith(start) and (not districts or unit.parent in districts)
        }  # fmt: skip
        return NamedUnit(names.pop()) if len(names) == 1 else None

    def _communes(self) -> list[UnitEntry]:
        return [unit for unit in self.dictionaries.units if unit.kind in UnitVersion.COMMUNE_KINDS]


def bare_name(text: str, *, keeps_label: bool = False, keeps_order: bool = False) -> str:
    """What is left of a text that names a unit: without order mark, label, office, head count and remark.

    With `keeps_label`, label and office stay, with `keeps_order` the mark: what looks like one may begin a name.

    >>> bare_name("2.1. UBND xã Bản Phố (KV III): 22 người")
    'xã Bản Phố'
    """
    if len(text) > MAX_NAME:
        return text
    text = APOSTROPHES.sub("", nfc(text))
    text = HEAD_COUNT.sub("", text if keeps_order else without_order(text))
    while True:
        before = text
        folded = fold(text)
        if len(folded) == len(text):  # else a letter of another script is in it
            if found := REMARK.search(folded):
                text = text[: found.start()]
                folded = folded[: found.start()]
            if not keeps_label and (found := BEFORE_NAME.match(folded)):
                text = without_order(text[found.end() :])
        text = TAIL.sub("", text.strip())
        if text == before:
            return text


def _marked(text: str) -> list[str]:
    """The letters and marks of a name, wherever in a syllable the tone is put: `Hoà`, `Hòa`."""
    return sorted(unicodedata.normalize("NFD", text.lower().replace(" ", "").replace("y", "i")))


def order_of(text: str) -> str:
    """What a text is counted by: `II.` of `II. Xã Cốc Ly`; '' where by nothing."""
    found = ORDER.match(text)
    return found[0] if found and found.end() < len(text) else ""


def without_order(text: str) -> str:
    """The text without what counts it: `II. Xã Cốc Ly`, `(III)`, `*`. Behind another mark `X.` is a xã, no number."""
    begun = text
    while (found := ORDER.match(text)) and found.end() < len(text):
        if text is not begun and found[0].upper().startswith(("X.", "P.")):
            break
        text = text[found.end() :]
    return text


def head_count(text: str) -> int | None:
    """How many people a group row says it has: `XÃ BẢN PHỐ (22 người)`, `= 22`."""
    found = HEAD_COUNT.search(text)
    return next(int(number) for number in found.groups() if number) if found else None
