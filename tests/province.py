"""A small province, whose figures can be counted by hand.

On 31/12/2015, judged by R2004 (cadres) and R2012 (civil servants). Bản Phố (zone III) is relaxed by its zone, Thanh
Bình (zone II) by decision is not, thị trấn Bắc Hà (zone I) is not. `?`: not on record; `*`: waived;
`not`: not compliant; `open`: undetermined.

| district  | commune    | zone | name            | sex | born | group | post   | edu  | prof | pol | it | verdict   |
|-----------|------------|------|-----------------|-----|------|-------|--------|------|------|-----|----|-----------|
| Bắc Hà    | Bản Phố    | III  | Giàng A Sử      | M   | 1985 | Mông  | BT_DU  | THPT | SC   | TC  |    | compliant |
| Bắc Hà    | Bản Phố    | III  | Vàng Thị Mỷ     | F   | 1984 | Mông  | CT_HPN | THCS | SC   | ?   |    | open      |
| Bắc Hà    | Bản Phố    | III  | Nguyễn Văn Hùng | M   | 1970 | Kinh  | VP_TK  | THPT | TC   |     | A  | compliant |
| Bắc Hà    | TT Bắc Hà  | I    | Lý Thị Lan      | F   | 1960 | Tày   | BT_DU  | THPT | SC   | TC  |    | not       |
| Bắc Hà    | TT Bắc Hà  | I    | Hoàng Văn Páo   | M   | 1950 | Tày   | TCA    | THCS | SC   |     |    | not       |
| Bắc Hà    | TT Bắc Hà  | I    | Trần Thị Ánh    | F   | 1990 | Kinh  | VP_TK  | THPT | TC   |     | ?  | open      |
| M. Khương | Thanh Bình | II   | Lù Seo Dơ       | M   | 1975 | ?     | BT_DU  | THPT | SC*  | TC  |    | compliant |
| M. Khương | Thanh Bình | II   | Thào A Chín     | ?   | ?    | Mông  | TCA    | THPT | TC   |     |    | compliant |

Beside them Sùng A Páo, non-specialist in Bản Phố, is in no total. So:

| all                | 4 compliant, 2 not, 2 undetermined of 8: 50,0 % |
| Bắc Hà             | 2 compliant, 2 not, 2 undetermined of 6: 33,3 % |
| Mường Khương       | 2 compliant of 2: 100,0 %                       |
| zone I / II / III  | 0 of 3 / 2 of 2 / 2 of 3                        |
| cadres             | 2 compliant, 1 not, 1 undetermined of 4         |
| civil servants     | 2 compliant, 1 not, 1 undetermined of 4         |
"""

from datetime import date

from cadres.models import Official, UnitVersion
from cadres.periods import PartialDate, Precision
from tests.builders import (
    begin_data,
    it_is,
    make_appointment,
    make_official,
    make_qualification,
    make_relaxation,
    make_waiver,
    make_zone,
    position_of,
)

DAY = date(2015, 12, 31)
DATA_BEGIN = date(2014, 12, 31)
POLITICAL = {"political_theory": "TC"}
BAN_PHO, BAC_HA_TOWN, THANH_BINH = "02866", "02839", "02779"

# Name, commune, sex, year of birth, ethnic group, position; and what is on record, by dimension.
PEOPLE = (
    ("Giàng A Sử", BAN_PHO, "M", 1985, "08", "BT_DU", {"education": "THPT", "professional": "SC", **POLITICAL}),
    ("Vàng Thị Mỷ", BAN_PHO, "F", 1984, "08", "CT_HPN", {"education": "THCS", "professional": "SC"}),
    ("Nguyễn Văn Hùng", BAN_PHO, "M", 1970, "01", "VP_TK", {"education": "THPT", "professional": "TC", "it": "A"}),
    ("Lý Thị Lan", BAC_HA_TOWN, "F", 1960, "02", "BT_DU", {"education": "THPT", "professional": "SC", **POLITICAL}),
    ("Hoàng Văn Páo", BAC_HA_TOWN, "M", 1950, "02", "TCA", {"education": "THCS", "professional": "SC"}),
    ("Trần Thị Ánh", BAC_HA_TOWN, "F", 1990, "01", "VP_TK", {"education": "THPT", "professional": "TC"}),
    ("Lù Seo Dơ", THANH_BINH, "M", 1975, "", "BT_DU", {"education": "THPT", "professional": "SC", **POLITICAL}),
    ("Thào A Chín", THANH_BINH, "", None, "08", "TCA", {"education": "THPT", "professional": "TC"}),
    ("Sùng A Páo", BAN_PHO, "M", 1980, "08", "KCT", {"education": "THPT"}),
)


def build() -> dict[str, Official]:
    """Write the province; needs the reference data. Returns its people by name."""
    it_is(DATA_BEGIN)
    for code, zone in ((BAN_PHO, 3), (BAC_HA_TOWN, 1), (THANH_BINH, 2)):
        commune = UnitVersion.objects.as_of(DAY).get(code=code).unit
        begin_data(commune, DATA_BEGIN)
        make_zone(commune, zone)
        if code == THANH_BINH:
            make_relaxation(commune, False)
    people: dict[str, Official] = {}
    for name, commune, sex, born, ethnic, position, levels in PEOPLE:
        birth = PartialDate(date(born, 1, 1), Precision.YEAR) if born else None
        people[name] = make_official(name, sex=sex, birth=birth, ethnic=ethnic)
        unit = UnitVersion.objects.as_of(DAY).get(code=commune).unit
        make_appointment(people[name], position_of(position), unit)
        for dimension, level in levels.items():
            make_qualification(people[name], dimension, level)
    make_waiver(people["Lù Seo Dơ"], "professional")
    return people


def people() -> dict[str, Official]:
    """The people of a province that is there, by name: for the tests that begin in a clone of it."""
    return {official.full_name: official for official in Official.objects.filter(full_name__in=[p[0] for p in PEOPLE])}
