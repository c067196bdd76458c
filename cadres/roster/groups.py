"""Group rows: the communes, districts, posts and kinds of staff that stand above people, each within another."""

import re
from dataclasses import dataclass, field

from cadres.roster.dictionaries import Dictionaries
from cadres.roster.not_people import is_note, tells_of_leavers
from cadres.roster.rows import DeclaredTotal
from cadres.roster.unit_names import UnitNames, bare_name, head_count, order_of, without_order
from cadres.text import match_key

# What counts a row, alone in its cell: `II`, `(III)`, `II/`, `2.1.`, `a)`, `*`.
ORDER_MARK = re.compile(
    r"^(?:[(\[]?(?:[IVXLC]{1,7}|[A-Za-zĐđ]|\d{1,3}(?:\.\d{1,3})*)[.)\]:/–—-]*|[*+•●▪■◦○§►»>·–—-]+)$"
)
# Kinds of staff and bodies (match_key). Family names begin like them: Đặng, Đoàn, Bàn, Trương.
STAFF = re.compile(
    r"^(?:canbo|congchuc|cbcc|vienchuc|(?:nhung)?nguoihoatdong|(?:khong|ban)?chuientrach|khoi|lanhdao"
    r"|dang(?:ui|bo|vien|cong)|hdnd"
    r"|hoidong|ubnd|ub$|uibannhandan|mattran|ubmttq|mttq|doan(?:the|tn|thanhnien|xa|vien)"
    r"|hoi(?:lhpn|lienhiep|phunu|pn|nongdan|nd|ccb|cuuchien|chuthapdo|nguoicaotuoi|khuienhoc|dac)|cachoi|thuongtruc"
    r"|ban(?:chaphanh|chihui|thuongvu|cansu|kiemtra)|bch|capui|chucdanh|chucvu|nhom|bienche|hopdong|laodong"
    r"|tochuc|congan|quansu|vanphong"
    r"|cac(?:hoi|chucdanh|doanthe|phong|ban)|chuienmon|cantuien|tuiendung|lucluong|trongbienche|ngoaibienche"
    r"|nam$|nu$|luanchuien|khac$"
    r"|phong(?:kinhte|vanhoa|kt|vh)|trungtam(?:phucvu|hanhchinh|pvhcc|hcc)|banxaidung|uiban(?:kiemtra|mattran)|ubkt"
    r"|(?:cac)?coquan(?:dang|mattran|mttq|thammuu|chuienmon|chuientrach)"
    r"|dangcongtac|hienco|comat$|cap(?:xa|thon))"
)
COUNT = re.compile(r"(\d{1,3})(?: người)?")


@dataclass(frozen=True, slots=True)
class Group:
    """What a group row begins: a commune, a district, a position, a kind of staff (`B. Công chức`), or those who left.

    `name` of a commune that is not known is the text of the row. `style` is how such rows are marked in the sheet
    (`II.` as `I.`), `declared` the head count that the row states.
    """

    kind: str
    name: str
    district: str = ""
    style: str = ""
    declared: int | None = None
    inner: "Group | None" = None  # `1. Bí thư Đảng ủy xã Bản Phố`: the position within the commune


@dataclass(slots=True)
class OpenGroup:
    group: Group
    totals: list[DeclaredTotal] = field(default_factory=list)
    has_people: bool = False


class Groups:
    """The group rows above a person, outermost first: what they name, and their head counts.

    Which kind stands within which is told by the order of their first rows: a row of a kind that is open ends that
    group and all within it, any other begins a group within.
    """

    def __init__(self) -> None:
        self.open: list[OpenGroup] = []

    def begin(self, group: Group, total: DeclaredTotal | None = None) -> None:
        kinds = [known.group.kind for known in self.open]
        begun = OpenGroup(group, [total] if total else [])
        if group.kind in kinds:
            del self.open[kinds.index(group.kind) :]
        elif group.kind == "staff":  # `B. Công chức` ends a group of one position, and those who have left
            while self.open and self.open[-1].group.kind in ("position", "left"):
                self.open.pop()
        elif group.kind == "district":
            self.open.clear()
        self.open.append(begun)

    def enclose(self, group: Group) -> None:
        """Begin a group that holds whatever comes below: nothing above it is open any more."""
        self.open = [OpenGroup(group)]

    def add(self, *totals: DeclaredTotal) -> None:
        """Further totals of the innermost group."""
        self.open[-1].totals.extend(totals)

    def of(self, kind: str) -> Group | None:
        return next((known.group for known in self.open if known.group.kind == kind), None)

    def name_of(self, kind: str) -> str:
        group = self.of(kind)
        return group.name if group else ""

    @property
    def district(self) -> str:
        """The district that the commune's own row names, else that of its group."""
        commune = self.of("commune")
        return (commune.district if commune else "") or self.name_of("district")

    def count(self) -> None:
        for known in self.open:
            known.has_people = True
            for total in known.totals:
                total.counted += 1


@dataclass(slots=True)
class GroupReader:
    """Understands group rows, with the dictionaries of one file."""

    dictionaries: Dictionaries
    units: UnitNames

    def read(self, texts: list[str], groups: Groups) -> Group | None:
        """The group that a row begins; None where it is none. `texts` are the filled cells of the row.

        A row that names a unit which is not understood begins it all the same: its people are nobody else's.
        """
        words = list(dict.fromkeys(text for text in texts if not ORDER_MARK.match(text)))
        if not words:
            return None
        text = words[0] if len(words) == 1 else " ".join(words)
        style = style_of(texts)
        group = self._unit(words, text, style) or (self._other(text, style) if len(words) == 1 else None)
        if group is None and len(words) == 1:
            group = self._like_the_open(text, style, groups)
        if group is None:
            return None
        declared = head_count(text)
        if declared is None:  # `I | XÃ BẢN PHỐ | 22`
            place = texts.index(words[0])
            behind = [found for found in map(COUNT.fullmatch, texts[place + 1 :]) if found]
            declared = int(behind[0][1]) if len(behind) == 1 else None
        return Group(group.kind, group.name, group.district, style, declared, group.inner)

    def names_group(self, name: str) -> bool:
        """Whether a text in the place of a name is that of a unit, a post or a kind of staff."""
        found = self.units.named(name)
        return bool(
            (found and (found.is_whole or found.commune))
            or self._position(name)
            or STAFF.match(match_key(without_order(name)))
        )

    def _position(self, text: str) -> str:
        """The position that the text names, as written there without what counts the row or its people."""
        names = (without_order(text), bare_name(text, keeps_label=True), bare_name(text))
        return next((name for name in names if self.dictionaries.position(name)), "")

    def _unit(self, words: list[str], text: str, style: str) -> Group | None:
        found = self.units.named(text)
        if len(words) > 1 and not (found and found.is_whole):
            found = self.units.named(words[0])  # `II | UBND xã Cốc Ly | loại 1`
            if not found or not found.is_whole:
                return None
        if found is None:
            return None
        if not found.is_known and order_of(words[0]).startswith("X") and self._other(text, style):
            return None  # `X. Công chức`, the tenth
        if found.commune and found.is_whole:
            return Group("commune", found.commune, found.district, style)
        if found.commune:
            if is_note(text) and not found.is_known:
                return None
            position = self._position(text)
            inner = Group("position", position) if position else None
            return Group("commune", found.commune, found.district, style, inner=inner)
        return Group("district", found.district, style=style) if found.is_whole else None

    def _other(self, text: str, style: str) -> Group | None:
        if tells_of_leavers(text):
            return Group("left", text, style=style)
        if position := self._position(text):
            return Group("position", position, style=style)
        return Group("staff", text, style=style) if STAFF.match(match_key(without_order(text))) else None

    def _like_the_open(self, text: str, style: str, groups: Groups) -> Group | None:
        """A row marked as the communes of the sheet are (`III.` as `II. Xã Bản Phố`) names one that is not known."""
        commune = groups.of("commune")
        if commune is None or not style or commune.style != style or is_note(without_order(text)):
            return None
        return Group("commune", text, style=style)


def style_of(texts: list[str]) -> str:
    """How the row is marked: `roman`, `capital`, `letter`, `number`, `decimal` or `bullet`; '' where it is not."""
    first = texts[0]
    mark = first if ORDER_MARK.match(first) else order_of(first)
    mark = mark.strip(" .()[]:/–—-") or mark.strip()
    if not mark:
        return ""
    if re.fullmatch(r"[IVXLC]+", mark):
        return "roman"
    if mark.isdigit():
        return "number"
    if mark.isalpha():
        return "capital" if mark.isupper() else "letter"
    return "decimal" if mark[0].isdigit() else "bullet"
