"""The commune a row belongs to on the day of the roster, by its name, its code, or what stands around the row."""

import re
from dataclasses import dataclass, field
from datetime import date

from cadres.models import UnitVersion
from cadres.roster.dictionaries import Dictionaries, UnitEntry
from cadres.text import first_named, fold

# `Bản Phố (Bắc Hà)`, `Bản Phố - Bắc Hà`, `xã Bản Phố, H. Bắc Hà`
WITH_DISTRICT = re.compile(
    r"^(?P<name>[^(,/–]+?)\s*(?:\(\s*(?P<brackets>[^()]+?)\s*\)|(?:[,/–]|\s-\s)\s*(?P<behind>[^(),/]+))$"
)
ABOUT_COMMUNE = re.compile(r"^(?:kv|khu vuc|vung|xa (?:loai|kv|khu vuc|vung|bien gioi)|loai|dbkk|dac biet kho khan)\b")


@dataclass(slots=True)
class CommuneFinder:
    """Which units a file may speak of: `allowed` (None: any), and `home`, the unit given by hand."""

    dictionaries: Dictionaries
    day: date
    allowed: set[int] | None = None
    home: UnitEntry | None = None
    _found: dict[tuple[str, str, str], UnitEntry | tuple[str, str, str]] = field(default_factory=dict)

    def find(self, district: str, commune: str, code: str) -> UnitEntry | tuple[str, str, str]:
        """The commune of the day, or what is wrong: (issue code, field, message). Looked up once for equal texts."""
        key = (district, commune, code)
        if key not in self._found:
            self._found[key] = self._sought(*key)
        return self._found[key]

    def _sought(self, district: str, commune: str, code: str) -> UnitEntry | tuple[str, str, str]:
        if (told := WITH_DISTRICT.match(commune)) and not self.dictionaries.named_units(commune, None, communes=True):
            beside = told["brackets"] or told["behind"]
            if self._is_district_of(district, beside):
                return self._sought(district or beside, told["name"], code)
            if ABOUT_COMMUNE.match(fold(beside)):
                return self._sought(district, told["name"], code)
        parents: set[int] | None = None
        if district:
            named = self.dictionaries.named_units(district, self.day, communes=False)
            if not named:
                # Of a commune that has ended too, its successor is what helps.
                if ended := self._ended(district, "", communes=False):
                    return self._ended(commune, code, communes=True) or ended
                return (
                    "unknown_district",
                    "district",
                    f"Không có huyện nào tên “{district}” vào ngày {self._day_text}.",
                )
            parents = {unit.pk for unit in named}
        if not commune and not code:
            if self.home and self.home.kind in ("commune", "ward", "township"):
                return self.home
            return (
                "missing_commune", "commune",
                "Không biết người này thuộc xã nào. Hãy thêm cột Xã hoặc dòng tên xã phía trên.",
            )  # fmt: skip
        if code:
            named = [unit for unit in self.dictionaries.units if unit.code == code and unit.is_in_force(self.day)]
        else:
            named = []
        named = named or self.dictionaries.named_units(commune, self.day, communes=True) or self._mentioned(commune)
        in_district = [unit for unit in named if parents is None or unit.parent in parents]
        if not in_district:
            if not named and (ended := self._ended(commune, code, communes=True, parents=parents)):
                return ended
            where = f" thuộc {district}" if district else ""
            return (
                "unknown_commune", "commune",
                f"Không có đơn vị cấp xã nào tên “{commune}”{where} vào ngày {self._day_text}. "
                "Hãy kiểm tra tên xã.",
            )  # fmt: skip
        inside = [unit for unit in in_district if self.allowed is None or unit.pk in self.allowed]
        if not inside:
            return (
                "outside_unit", "commune",
                f"“{commune or code}” không thuộc đơn vị được nhập. Hãy gửi dòng này cho đơn vị quản lý xã đó.",
            )  # fmt: skip
        if len(inside) > 1:
            return (
                "ambiguous_commune", "commune",
                f"Có nhiều xã tên “{commune}” ở các huyện khác nhau. Hãy thêm cột Huyện hoặc chọn huyện khi nhập.",
            )  # fmt: skip
        return inside[0]

    def _is_district_of(self, district: str, text: str) -> bool:
        """Whether a text names a district of the day: the one that the row names, where it names one."""
        named = {unit.pk for unit in self.dictionaries.named_units(text, self.day, communes=False)}
        if not district:
            return bool(named)
        return bool(named & {unit.pk for unit in self.dictionaries.named_units(district, self.day, communes=False)})

    def _ended(
        self, name: str, code: str, *, communes: bool, parents: set[int] | None = None
    ) -> tuple[str, str, str] | None:
        """That the unit named is no more on the day, and what it went to; None where there never was such a unit."""
        ended = self.dictionaries.ended_units(name, code, self.day, communes=communes) if name or code else []
        if not (ended := [unit for unit in ended if parents is None or unit.parent in parents]):
            return None
        last = max(unit.end_date for unit in ended if unit.end_date)
        gone = [unit for unit in ended if unit.end_date == last]
        told = f"{gone[0].name} đã kết thúc hoạt động sau ngày {last:%d/%m/%Y}"
        if not communes:
            return "ended_unit", "district", f"{told}. Hãy kiểm tra ngày số liệu, hoặc bỏ tên huyện trong tệp."
        successors = {new: None for unit in gone for new in self.dictionaries.successors_of(unit, self.day)}
        now = f", nay thuộc {first_named([*successors], 'đơn vị khác')}. Hãy ghi tên đơn vị mới" if successors else ""
        return "ended_unit", "commune", f"{told}{now or '. Hãy ghi tên đơn vị của ngày số liệu'}."

    def _mentioned(self, text: str) -> list[UnitEntry]:
        """The communes of the day that a longer text names in full: `UBND xã Bản Phố`, `Xã Bản Phố, huyện Bắc Hà`."""
        found = [unit for unit in self.dictionaries.units_in(text) if unit.is_in_force(self.day)]
        districts = {unit.pk for unit in found if unit.kind == UnitVersion.Kind.DISTRICT}
        communes = [unit for unit in found if unit.kind in UnitVersion.COMMUNE_KINDS]
        return [unit for unit in communes if not districts or unit.parent in districts]

    @property
    def _day_text(self) -> str:
        return f"{self.day:%d/%m/}{self.day.year}"
