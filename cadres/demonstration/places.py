"""The communes of 2015 as the demonstration sees them: invented zones and sizes, and who lives there.

The published zone lists of 2012–2015 could not be obtained, so zones are drawn, and the rows say so.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from cadres.models import UnitVersion

# Shares of ethnic groups among the officials of each district (codes of ethnic_groups.csv); rough, after the
# population of old Lào Cai.
ETHNIC_SHARES = {
    "080": {"01": 66, "02": 12, "25": 8, "09": 7, "08": 3, "07": 3, "06": 1},
    "082": {"08": 29, "09": 26, "25": 19, "01": 16, "35": 7, "02": 3},
    "083": {"08": 40, "07": 25, "01": 14, "09": 6, "25": 5, "02": 4, "40": 3, "49": 3},
    "084": {"08": 72, "07": 12, "01": 11, "40": 3, "38": 2},
    "085": {"08": 43, "02": 13, "07": 12, "01": 13, "09": 11, "40": 5, "38": 3},
    "086": {"01": 56, "09": 14, "02": 11, "07": 7, "08": 6, "25": 5, "40": 1},
    "087": {"02": 36, "01": 27, "09": 23, "08": 9, "07": 5},
    "088": {"08": 48, "09": 25, "01": 15, "02": 6, "25": 4, "40": 2},
    "089": {"02": 47, "01": 18, "09": 15, "08": 13, "25": 3, "03": 2, "06": 2},
}
# Chances of zone I, II, III for the communes of a district. Townships are in zone I; wards in I or in none.
ZONE_CHANCES = {
    "080": (60, 40, 0),
    "082": (14, 25, 61),
    "083": (12, 20, 68),
    "084": (8, 15, 77),
    "085": (10, 22, 68),
    "086": (58, 30, 12),
    "087": (26, 40, 34),
    "088": (10, 26, 64),
    "089": (26, 40, 34),
}
# Lowland zones draw officials from further away; in zone III the commune's own people hold the posts.
MAJORITY_WEIGHT = {None: 1.2, 1: 1.2, 2: 1.0, 3: 0.7}
ZONES_BEGIN = date(2012, 1, 1)
ZONES_REVIEWED = date(2014, 1, 1)
ZONE_DECISION = "Số liệu minh họa: khu vực giả định, không theo quyết định nào"
CLASS_DECISION = "Số liệu minh họa: loại xã giả định, không theo quyết định nào"


@dataclass(eq=False)
class Place:
    """A commune with what the demonstration invents for it. `zones` are (zone, first, last day), in order."""

    version: UnitVersion
    district_code: str
    zones: list[tuple[int, date, date | None]]
    schooling: float  # log-odds by which its people are better or worse schooled than the province
    shares: dict[str, float] = field(repr=False)

    @property
    def unit_id(self) -> int:
        return self.version.unit_id

    @property
    def zone(self) -> int | None:
        return self.zones[-1][0] if self.zones else None

    @property
    def is_ward(self) -> bool:
        return self.version.kind == UnitVersion.Kind.WARD


# Log-odds against the province's mean, chosen so that zones II and III stay behind although their minimum is lower.
SCHOOLING_BY_ZONE = {None: 0.6, 1: 0.5, 2: -0.3, 3: -0.75}


def draw_places(random: Random, day: date) -> list[Place]:
    """A place for each commune, ward and township of the day, in order of code."""
    districts = UnitVersion.objects.as_of(day).filter(kind=UnitVersion.Kind.DISTRICT).order_by("code")
    code_of: dict[int | None, str] = {version.unit_id: version.code for version in districts}
    schooling_of = {unit_id: random.gauss(0, 0.12) for unit_id in code_of}
    places = []
    for version in UnitVersion.objects.as_of(day).filter(kind__in=UnitVersion.COMMUNE_KINDS).order_by("code"):
        district_code = code_of[version.parent_id]
        zones = _draw_zones(random, version, district_code)
        zone = zones[-1][0] if zones else None
        shares = {
            group: share * (MAJORITY_WEIGHT[zone] if group == "01" else 1)
            for group, share in ETHNIC_SHARES[district_code].items()
        }
        schooling = schooling_of[version.parent_id] + SCHOOLING_BY_ZONE[zone] + random.gauss(0, 0.15)
        places.append(Place(version, district_code, zones, schooling, shares))
    return places


def _draw_zones(random: Random, version: UnitVersion, district_code: str) -> list[tuple[int, date, date | None]]:
    if version.kind == UnitVersion.Kind.WARD:
        return [(1, ZONES_BEGIN, None)] if random.random() < 0.4 else []
    if version.kind == UnitVersion.Kind.TOWNSHIP:
        return [(1, ZONES_BEGIN, None)]
    zone = random.choices((1, 2, 3), ZONE_CHANCES[district_code])[0]
    if zone < 3 and random.random() < 0.08:  # came out of a harder zone when the list was reviewed
        return [(zone + 1, ZONES_BEGIN, ZONES_REVIEWED - timedelta(days=1)), (zone, ZONES_REVIEWED, None)]
    return [(zone, ZONES_BEGIN, None)]
