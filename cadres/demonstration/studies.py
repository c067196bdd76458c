"""What the people of the demonstration have learnt: dated degrees, certificates and stated levels.

Each person has one latent advantage (the commune's schooling, the generation, luck), so that who is strong in one
dimension tends to be so in others. Levels held on entering office are drawn from it; the years in office add more.
Whether anybody meets a standard is not looked at here.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cadres.demonstration.careers import BEGIN, END, Person
from cadres.periods import PartialDate, Precision

# Ways to go on: dimension → the levels one may hold, lowest first (codes of levels.csv).
LADDERS = {
    "education": ("DUOI_TH", "TH", "THCS", "THPT"),
    "professional": ("CDT", "SC", "TC", "CD", "DH", "THS"),
    "political_theory": ("CHUA", "SC", "TC", "CC", "CN"),
    "state_management": ("CHUA", "CS", "CV"),
    "it": ("KHONG", "A", "B", "C", "TC"),
    "foreign_language": ("KHONG", "A", "B", "C"),
    "ethnic_language": ("KHONG", "GT", "CC"),
    "position_training": ("CHUA", "CC"),
    "defence_security": ("CHUA", "D5", "D4"),
}

# Log-odds of holding more than each level of the ladder on entering office, for the average commune.
HEAD, DEPUTY, MASS, STAFF, FORCE = "head", "deputy", "mass", "staff", "force"
ODDS: dict[str, dict[str, tuple[float, ...]]] = {
    "education": {
        HEAD: (7, 5, 1.9),
        DEPUTY: (6, 4, 1.3),
        MASS: (5, 3, 0.3),
        STAFF: (9, 7, 2.7),
        FORCE: (6, 4, 0.9),
    },
    "professional": {
        HEAD: (0.6, -0.3, -3.4, -3.7, -6),
        DEPUTY: (0.1, -0.6, -3.5, -3.8, -6),
        MASS: (-1.1, -1.4, -4.0, -4.3, -7),
        STAFF: (1.2, 0.3, -2.7, -3.0, -6),
        FORCE: (-0.5, -1.2, -3.6, -4.0, -7),
    },
    "political_theory": {
        HEAD: (1.9, 0.0, -2.9, -6),
        DEPUTY: (1.1, -0.8, -3.6, -7),
        MASS: (-0.5, -1.9, -5, -8),
        STAFF: (-0.5, -2.2, -6, -9),
    },
    "state_management": {HEAD: (0.6, -0.4), DEPUTY: (0.2, -0.8), MASS: (-1.2, -2.4), STAFF: (0.0, -0.9)},
    "it": {HEAD: (-0.5, -1.3, -5, -6), MASS: (-1.1, -2.0, -6, -7), STAFF: (-0.85, -1.6, -4.5, -5)},
    "foreign_language": {HEAD: (-1.8, -2.8, -6), MASS: (-2.2, -3.2, -7), STAFF: (-0.9, -1.7, -5)},
    "ethnic_language": {HEAD: (0.4, -1.6), MASS: (0.2, -1.9), STAFF: (0.2, -1.5)},
    "position_training": {HEAD: (-0.5,), MASS: (-0.7,), STAFF: (-0.6,)},
    "defence_security": {HEAD: (0.8, 0.2), MASS: (-0.2, -1.0), STAFF: (-0.4, -1.4)},
}
KIND_OF = {"TCA": FORCE, "CHT_QS": FORCE, "KCT": MASS, "PCT_HDND": DEPUTY, "PCT_UBND": DEPUTY}
KIND_OF |= dict.fromkeys(("BT_DU", "PBT_DU", "CT_HDND", "CT_UBND"), HEAD)
KIND_OF |= dict.fromkeys(("CT_MTTQ", "BT_DOAN", "CT_HPN", "CT_HND", "CT_HCCB"), MASS)

# Share of people about whom the files say nothing in a dimension; a blank is unknown, never "none".
NOT_ON_FILE = {"education": 0.014, "professional": 0.016, "political_theory": 0.024, "it": 0.035}
NOT_ON_FILE |= {"state_management": 0.1, "foreign_language": 0.3, "ethnic_language": 0.35}
NOT_ON_FILE |= {"position_training": 0.3, "defence_security": 0.4}
# A year's chance, in office, to go one step up without being asked to by a standard. Degrees are another matter: the
# province sends a number of people each year (Province).
FURTHER_STUDY = {"political_theory": 0.02, "state_management": 0.06, "it": 0.025, "foreign_language": 0.02}
FURTHER_STUDY |= {"ethnic_language": 0.03, "position_training": 0.1, "defence_security": 0.08}
# Who has to reach a minimum often goes further at once: (dimension, minimum) → shares of the level aimed at.
LEVEL_AIMED_AT = {
    ("professional", "SC"): {"TC": 1},
    ("political_theory", "SC"): {"SC": 60, "TC": 40},
    ("education", "THCS"): {"THCS": 40, "THPT": 60},
    ("it", "A"): {"A": 60, "B": 40},
}

# Months that it takes; whoever learns in office held a post when they began.
MONTHS = {
    ("professional", "TC"): 17,
    ("professional", "CD"): 25,
    ("professional", "DH"): 25,
    ("education", "THCS"): 13,
    ("education", "THPT"): 16,
    ("political_theory", "TC"): 8,
    ("political_theory", "CC"): 11,
}
MONTHS_ELSEWHERE = 3

FIELDS = {
    "DC_XD": ("Quản lý đất đai", "Địa chính", "Xây dựng", "Nông nghiệp", "Lâm nghiệp"),
    "TC_KT": ("Kế toán", "Kế toán", "Tài chính - ngân hàng", "Kinh tế nông nghiệp"),
    "TP_HT": ("Luật", "Luật", "Luật", "Hành chính"),
    "VP_TK": ("Hành chính", "Văn thư lưu trữ", "Luật", "Công nghệ thông tin", "Thống kê"),
    "VH_XH": ("Quản lý văn hóa", "Công tác xã hội", "Sư phạm", "Lao động xã hội"),
    "CHT_QS": ("Quân sự cơ sở",),
    "TCA": ("Công an", "Luật", "Quân sự cơ sở"),
}
FIELDS_ELSEWHERE = ("Nông nghiệp", "Lâm nghiệp", "Luật", "Hành chính", "Kinh tế nông nghiệp", "Kế toán", "Thú y")
INSTITUTIONS = {
    ("professional", "SC"): ("Trung tâm Dạy nghề huyện", "Trường Trung cấp nghề Lào Cai"),
    ("professional", "TC"): ("Trường Trung học Kinh tế - Kỹ thuật Lào Cai",),
    ("professional", "CD"): ("Trường Cao đẳng Cộng đồng Lào Cai", "Trường Cao đẳng Sư phạm Lào Cai"),
    ("professional", "DH"): ("Đại học Nông Lâm Thái Nguyên", "Đại học Thái Nguyên"),
    ("professional", "THS"): ("Đại học Thái Nguyên", "Học viện Hành chính Quốc gia"),
    ("political_theory", "SC"): ("Trung tâm Bồi dưỡng chính trị huyện",),
    ("political_theory", "TC"): ("Trường Chính trị tỉnh Lào Cai",),
    ("political_theory", "CC"): ("Học viện Chính trị khu vực I",),
    ("political_theory", "CN"): ("Học viện Chính trị - Hành chính Quốc gia Hồ Chí Minh",),
}
OF_LAW = {"TC": ("Trường Trung cấp Luật Thái Nguyên",), "DH": ("Đại học Luật Hà Nội",)}
BY_DIMENSION = {
    "education": ("Trung tâm Giáo dục thường xuyên huyện", "Trường Phổ thông dân tộc nội trú huyện"),
    "state_management": ("Trường Chính trị tỉnh Lào Cai",),
    "it": ("Trung tâm Tin học - Ngoại ngữ tỉnh Lào Cai", "Trường Cao đẳng Cộng đồng Lào Cai"),
    "foreign_language": ("Trung tâm Tin học - Ngoại ngữ tỉnh Lào Cai",),
    "ethnic_language": ("Trung tâm Giáo dục thường xuyên tỉnh Lào Cai",),
    "position_training": ("Trường Chính trị tỉnh Lào Cai",),
    "defence_security": ("Ban Chỉ huy Quân sự huyện",),
}


@dataclass(frozen=True)
class Award:
    """A level reached. `awarded` is the date as stated; None where only the level is known."""

    dimension: str
    level: str
    awarded: PartialDate | None = None
    field_of_study: str = ""
    study_mode: str = ""
    institution: str = ""
    number: str = ""

    def awarded_after(self, day: date) -> bool:
        """Whether it may be of the day or later; what is only stated was there before."""
        return self.awarded is not None and self.awarded.last_day >= day


class Studies:
    """Draws awards; no two people get the same set of levels and dates."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._seen: set[frozenset[tuple[str, str, PartialDate | None]]] = set()

    def of(self, person: Person) -> list[Award]:
        """Everything the person learnt up to the end of 2015 without being sent to by the yearly plan."""
        while True:
            awards = list(self._draw(person))
            if self._is_new(awards):
                return awards

    def aim(self, dimension: str, minimum: str) -> str:
        """The level that somebody aims at who has to reach a minimum."""
        chances = LEVEL_AIMED_AT.get((dimension, minimum), {minimum: 1})
        return self.random.choices(list(chances), list(chances.values()))[0]

    def graduate(self, person: Person, awards: list[Award], dimension: str, level: str, year: int) -> Award:
        """One more award in the year; it is added to the person's `awards`. The person could have begun in time."""
        while True:
            day = self._day_in(year)
            if not could_study(person, dimension, level, day):
                day = date(year, 12, 28)
            award = self._award(person.position_on(day), dimension, level, PartialDate(day), in_office=True)
            if self._is_new([*awards, award]):
                awards.append(award)
                return award

    def _is_new(self, awards: list[Award]) -> bool:
        signature = frozenset((award.dimension, award.level, award.awarded) for award in awards)
        if signature in self._seen:
            return False
        self._seen.add(signature)
        return True

    # Levels

    def _draw(self, person: Person) -> Iterator[Award]:
        position = person.posts[0].seat.position
        luck = person.posts[0].seat.place.schooling + self.random.gauss(0, 0.6)
        for dimension, ladder in LADDERS.items():
            if self.random.random() < NOT_ON_FILE.get(dimension, 0):
                continue
            steps = self._steps_on_entry(person, position, dimension, luck)
            yield from self._earlier(person, position, dimension, steps)
            chance = FURTHER_STUDY.get(dimension, 0)
            for year in range(max(BEGIN.year, person.joined.year + 1), END.year + 1):
                if steps + 1 < len(ladder) and self.random.random() < chance:
                    day = self._day_in(year)
                    if could_study(person, dimension, ladder[steps + 1], day):
                        steps += 1
                        yield self._award(position, dimension, ladder[steps], PartialDate(day), in_office=True)

    def _steps_on_entry(self, person: Person, position: str, dimension: str, luck: float) -> int:
        """How many steps of the ladder the person had climbed on entering office (before 2012: by then)."""
        by_kind = ODDS[dimension]
        odds = by_kind.get(KIND_OF.get(position, STAFF)) or by_kind[MASS]
        generation = max(-0.6, min(0.6, (person.birth.year - 1972) / 25))
        demanded = 0.6 if person.joined.year >= 2012 and dimension in ("education", "professional", "it") else 0.0
        lot = self.random.random()
        return sum(lot < 1 / (1 + math.exp(-(step + luck + generation + demanded))) for step in odds)

    def _earlier(self, person: Person, position: str, dimension: str, steps: int) -> Iterator[Award]:
        """The record of the highest level on entry and, for every other person, of the one below it."""
        ladder = LADDERS[dimension]
        if steps == 0:
            yield Award(dimension, ladder[0])  # the files say that there is none
            return
        day = self._day_before_entry(person, dimension)
        if steps >= 2 and dimension != "education" and self.random.random() < 0.5:
            earlier = day - timedelta(days=self.random.randint(500, 2500))
            yield self._award(position, dimension, ladder[steps - 1], self._as_filed(earlier), in_office=False)
        awarded = None if self.random.random() < 0.06 else self._as_filed(day)
        yield self._award(position, dimension, ladder[steps], awarded, in_office=False)

    def _award(
        self, position: str, dimension: str, level: str, awarded: PartialDate | None, *, in_office: bool
    ) -> Award:
        choose, chance = self.random.choice, self.random.random
        study_mode, field_of_study = "", ""
        if dimension == "professional":
            field_of_study = choose(FIELDS.get(position, FIELDS_ELSEWHERE))
            part_time = chance() < (0.8 if in_office else 0.35)
            study_mode = choose(("Vừa làm vừa học", "Vừa làm vừa học", "Từ xa")) if part_time else "Chính quy"
        elif dimension == "political_theory":
            study_mode = choose(("Tập trung", "Không tập trung", "Không tập trung"))
        elif dimension == "education" and in_office:
            study_mode = "Bổ túc"
        institutions = INSTITUTIONS.get((dimension, level)) or BY_DIMENSION.get(dimension, ("",))
        if field_of_study == "Luật":
            institutions = OF_LAW.get(level, institutions)
        return Award(
            dimension,
            level,
            awarded,
            field_of_study,
            study_mode,
            institution=choose(institutions) if chance() < 0.8 else "",
            number=f"{level}{self.random.randrange(10**6):06d}" if awarded and chance() < 0.6 else "",
        )

    # Days

    def _day_before_entry(self, person: Person, dimension: str) -> date:
        """A likely day for an award held on entry, or by the end of 2011 for those who came before."""
        latest = max(person.joined, date(2011, 12, 31)) - timedelta(days=self.random.randint(1, 90))
        age = {"education": 18, "professional": 21, "political_theory": 25}.get(dimension, 23)
        earliest = person.birth + timedelta(days=int((age + self.random.random()) * 365.25))
        if dimension == "it":
            earliest = max(earliest, date(2001, 6, 1))
        span = {"education": 1500, "professional": 4500}.get(dimension, 6500)
        last = min(latest, earliest + timedelta(days=span))
        first = min(earliest, last - timedelta(days=300))
        return first + timedelta(days=self.random.randrange((last - first).days))

    def _as_filed(self, day: date) -> PartialDate:
        """The date as the file states it: older ones are often known to the year or month only."""
        lot = self.random.random()
        by_year, by_month = (0.5, 0.65) if day.year < 2000 else (0.2, 0.35) if day.year < 2010 else (0.0, 0.07)
        if lot < by_year:
            return PartialDate(date(day.year, 1, 1), Precision.YEAR)
        if lot < by_month:
            return PartialDate(day.replace(day=1), Precision.MONTH)
        return PartialDate(day - timedelta(days=max(day.weekday() - 4, 0)))

    def _day_in(self, year: int) -> date:
        """A weekday of the year; courses end mostly before the summer and at the end of the year."""
        month = self.random.choices(range(1, 13), (3, 2, 5, 7, 9, 13, 12, 8, 8, 9, 11, 13))[0]
        day = date(year, month, self.random.randint(3, 28))
        return day - timedelta(days=max(day.weekday() - 4, 0))


def could_study(person: Person, dimension: str, level: str, day: date) -> bool:
    """Whether the person held a post on the day of an award, and on the day on which they must have begun."""
    return bool(person.position_on(day) and person.position_on(day - months_of(dimension, level)))


def months_of(dimension: str, level: str) -> timedelta:
    """How long one studies for a level in office, at most."""
    return timedelta(days=30 * MONTHS.get((dimension, level), MONTHS_ELSEWHERE))
