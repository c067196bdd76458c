"""The demonstration of the present: the 99 communes in which both provinces went on from 1/7/2025, with their posts.

People are drawn in the 319 communes of 2024 with the posts of that time. The reorganisation of 1/7/2025 carries them
over as it would carry anybody (cadres.reorganisation), each takes one of the posts of 2025, and since then some have
left and some have come. Nothing here is a figure that anybody reported.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from cadres import registry, reorganisation
from cadres.clusters import make_clusters
from cadres.correspondence import Correspondence
from cadres.demonstration.accounts import accounts, write_accounts
from cadres.demonstration.careers import AGES, AGES_ELSEWHERE, WOMEN, WOMEN_ELSEWHERE, Person, Post, Seat
from cadres.demonstration.names import draw_name
from cadres.demonstration.places import ETHNIC_SHARES, Place
from cadres.demonstration.planned import write_planned_posts
from cadres.demonstration.records import write_people
from cadres.demonstration.studies import FIELDS, FIELDS_ELSEWHERE, INSTITUTIONS, OF_LAW
from cadres.evaluation import judged
from cadres.history import act
from cadres.history.triggers import unrecorded
from cadres.models import (
    Act,
    Appointment,
    Criterion,
    Level,
    Official,
    Position,
    Qualification,
    RosterDay,
    Sex,
    UnitSuccession,
    UnitVersion,
    UnitZone,
    Zone,
)
from cadres.periods import PartialDate
from cadres.posts import left_behind, primary_posts
from cadres.registry.rows import Proof
from cadres.text import fold
from cadres.zones import Line, settle, write

JOINED = date(2025, 7, 1)
EVE = JOINED - timedelta(days=1)
FIRST_ROSTER = date(2024, 12, 31)
YEAR_END = date(2025, 12, 31)
COMMUNES = 99
OUTSIDE = ("04279", "04252", "04273", "04543")  # phường Văn Phú, Yên Bái, Nam Cường, Âu Lâu: in no zone from 2026 on
ZONES_OF_2026 = {Zone.I: 12, Zone.II: 36, Zone.III: 47}  # QĐ 2752/QĐ-UBND ngày 31/12/2025; which communes is invented
INVENTED = "Số liệu minh họa: khu vực giả định, không theo quyết định nào"
YEN_BAI_SHARES = {"01": 46, "02": 20, "09": 11, "08": 11, "03": 7, "06": 2, "25": 2}
UPLANDS = {"083", "084", "085", "088", "082", "137", "139"}  # most of whose communes are in zone III

# Posts of a commune of 2024, and how likely each was filled.
OF_2024 = {
    **{"BT_DU": 1, "PBT_DU": 0.35, "CT_UBND": 1, "PCT_UBND": 0.9, "PCT_HDND": 0.8, "CT_MTTQ": 0.85},
    **{"BT_DOAN": 0.7, "CT_HPN": 0.75, "CT_HND": 0.65, "CT_HCCB": 0.5, "CHT_QS": 0.85},
    **{"VP_TK": 1, "DC_XD": 1, "TC_KT": 0.95, "TP_HT": 0.9, "VH_XH": 1},
}
SECOND_OF_2024 = {"VP_TK": 0.35, "DC_XD": 0.45, "TC_KT": 0.2, "TP_HT": 0.25, "VH_XH": 0.45}
LEADERS = ("BT_DU", "CT_UBND", "PBT_DU", "PCT_UBND", "PCT_HDND")
MASS = ("CT_MTTQ", "BT_DOAN", "CT_HPN", "CT_HND", "CT_HCCB")
LEFT_IN_2025 = {
    "leader": 0.2,
    "mass": 0.3,
    "staff": 0.16,
}  # who left office when the communes were joined (NĐ 178/2024)
# Posts of a commune of 2025 that leaders of before take, in the order in which they are filled.
HEADS = (
    *("BT_DU", "CT_UBND", "PBT_DU", "PCT_HDND", "PCT_UBND", "PCT_UBND", "CVP_DU", "TB_XDD", "CN_UBKT"),
    *("TP_KT", "TP_VHXH", "CVP", "GD_HCC", "PTP_KT", "PTP_VHXH", "PCVP", "PGD_HCC", "PTB_XDD", "PCN_UBKT"),
)
ROOM_FOR_DEPUTIES = 4  # of the front's
SPECIALISTS = {
    "VP_TK": ("CV_VP", "CV_HCC", "CV_NV", "CV_KHCN"),
    "DC_XD": ("CV_TNMT", "CV_XD", "CV_NN", "CV_GT", "CV_CTH"),
    "TC_KT": ("CV_TC", "CV_KH"),
    "TP_HT": ("CV_TP", "CV_HCC"),
    "VH_XH": ("CV_VH", "CV_GDDT", "CV_LD", "CV_YT", "CV_TT", "CV_DTTG"),
}
OTHER_LEADERS = ("CV_DU", "CV_VP", "CV_NV", "CV_NN")  # who found no post at the head
FORCES = ("CHT_QS", "PCHT_QS", "TL_QS")

# Dimension → level → share of leaders, of the heads of mass organisations, of staff.
LEVELS: dict[str, dict[str, tuple[float, float, float]]] = {
    "education": {"THPT": (99, 97, 99), "THCS": (1, 3, 1)},
    "professional": {"THS": (8, 2, 4), "DH": (83, 74, 77), "CD": (3, 6, 8), "TC": (6, 18, 11)},
    "political_theory": {"CN": (2, 0, 0), "CC": (40, 9, 2), "TC": (55, 78, 47), "SC": (3, 9, 27), "CHUA": (0, 4, 24)},
    "state_management": {"CVC": (26, 3, 3), "CV": (60, 48, 62), "CS": (10, 20, 19), "CHUA": (4, 29, 16)},
    "it": {"A": (60, 55, 62), "B": (32, 25, 33), "KHONG": (8, 20, 5)},
    "defence_security": {"D4": (45, 70, 60), "D3": (50, 10, 3), "CHUA": (5, 20, 37)},
    "ethnic_language": {"CC": (20, 14, 14), "GT": (50, 50, 44), "KHONG": (30, 36, 42)},
}
NOT_ON_FILE = {"education": 0.004, "professional": 0.008, "political_theory": 0.015, "state_management": 0.03}
NOT_ON_FILE |= {"it": 0.15, "defence_security": 0.3, "ethnic_language": 0.4}
APPOINTED = "QĐ bố trí cán bộ (minh họa)"
LEAVING, COMING = 70, 90  # people, since 2025
INSURED_WITHIN = 210  # days: who is recruited is insured by then (records.py)
RATE_BETWEEN = (15, 85)  # per cent, so that the pages have something of everything

ACCOUNTS = accounts(
    ("xa-bac-ha", "UBND xã Bắc Hà", "02839"),
    ("phuong-sa-pa", "UBND phường Sa Pa", "03006"),
    ("phuong-yen-bai", "UBND phường Yên Bái", "04252"),
    ("cum-bac-ha", "Chuyên viên phụ trách cụm Bắc Hà", "Cụm Bắc Hà"),
)


def last_roster(now: date) -> date:
    """The end of the last quarter that is over: as of then the communes have sent what they have."""
    first_month = (now.month - 1) // 3 * 3 + 1
    return max(date(now.year, first_month, 1) - timedelta(days=1), YEAR_END)


def build(
    *,
    now: date,
    seed: int = 2026,
    most: int | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> None:
    """Fill a database that has the reference data and no officials; all of it or nothing. `now`: the clock's day.

    `most`: so many people at the most in a commune of 2024 (for tests); None: as many as there were.
    `progress` is told each step in Vietnamese. The same seed and day make the same people. Raises RuntimeError where
    somebody is already in the registry, or what comes out is not a province in which every commune has a rate.
    """
    if Official.objects.exists():
        raise RuntimeError("Cơ sở dữ liệu đã có cán bộ, công chức: không tạo tỉnh minh họa.")
    with transaction.atomic():
        province = Today(Random(seed), now, most, progress)
        with unrecorded():
            places = province.build_before()
        province.reorganise()  # in the history, so that its page shows that it was done
        with unrecorded():
            province.build_since(places)


@dataclass(frozen=True)
class Held:
    """A post on 1/7/2025 as it came from before: its key, code of the position, and the degree of its holder (rank)."""

    post: int
    position: str
    rank: int


class Today:
    def __init__(self, random: Random, now: date, most: int | None, progress: Callable[[str], None]) -> None:
        self.random = random
        self.now = now
        self.most = most
        self.progress = progress
        self.names: set[tuple[str, int]] = set()
        self.levels = {
            (level.dimension.code, level.code): level for level in Level.objects.select_related("dimension").all()
        }

    def build_before(self) -> list[Place]:
        """The people of 2024, in the communes of both provinces; returns these."""
        self.progress("Nạp đơn vị của Yên Bái cũ")
        known = reorganisation.KNOWN["yen-bai"]
        reorganisation.load_former(reorganisation.of_known(known), title=known.name, by=None)
        self.progress("Tạo người ở 319 xã cũ của hai tỉnh")
        places = self._places()
        alone = self._alone()
        drawn = [person for place in places for person in self._people_of(place, alone)]
        people = write_people(self.random, drawn, with_cccd=True)
        self._write_levels(people, FIRST_ROSTER)
        RosterDay.objects.bulk_create(RosterDay(unit_id=place.unit_id, day=FIRST_ROSTER) for place in places)
        self._analyze()
        return places

    def reorganise(self) -> None:
        """The communes are joined, and everybody takes one of the posts of 2025: two acts."""
        self.progress("Sắp xếp đơn vị ngày 01/07/2025")
        plan = reorganisation.plan(reorganisation.on_record(JOINED), JOINED)
        reorganisation.carry_out(plan, by=None)
        self.progress("Bố trí chức danh của chính quyền hai cấp")
        with act(Act.Kind.BULK, reason=APPOINTED):
            self._appoint()

    def build_since(self, places: list[Place]) -> None:
        """What has happened since: zones, clusters, who came and left, rosters, accounts."""
        self._list_zones(places)
        self._gather()
        self._come_and_leave()
        RosterDay.objects.bulk_create(
            RosterDay(unit_id=commune.unit_id, day=day)
            for commune in self._communes()
            for day in sorted({YEAR_END, last_roster(self.now)})
        )
        write_planned_posts(self.now.year, day=YEAR_END, term="2026-2031", end_date=date(2031, 6, 30))
        self._write_accounts()
        self._analyze()
        self.progress("Kiểm tra 99 xã, phường")
        self._check()

    def _analyze(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or what follows would be planned for empty tables

    def _communes(self) -> list[UnitVersion]:
        return list(UnitVersion.objects.as_of(JOINED).communes().order_by("code"))

    # ------------------------------------------------------------ before

    def _places(self) -> list[Place]:
        """The communes of the eve with invented zones, written from the decision of 2021 on; wards are in none."""
        districts = UnitVersion.objects.as_of(EVE).filter(kind=UnitVersion.Kind.DISTRICT)
        code_of = {version.unit_id: version.code for version in districts}
        places, zones = [], []
        for version in UnitVersion.objects.as_of(EVE).communes().order_by("code"):
            district = code_of[version.parent_id or 0]
            if version.kind == UnitVersion.Kind.WARD:
                zone = Zone.OUTSIDE
            else:
                zone = Zone(self.random.choices((1, 2, 3), (15, 15, 70) if district in UPLANDS else (55, 15, 30))[0])
            schooling = {Zone.OUTSIDE: 0.5, Zone.I: 0.3, Zone.II: 0, Zone.III: -0.4}[zone]
            shares = ETHNIC_SHARES.get(district, YEN_BAI_SHARES)
            start = max(version.start_date, date(2021, 6, 4))
            places.append(Place(version, district, [(zone, start, None)], schooling, dict(shares)))
            zones.append(
                UnitZone(
                    unit_id=version.unit_id,
                    zone=zone,
                    start_date=start,
                    end_date=date(2025, 12, 31),
                    decision=INVENTED,
                )
            )
        UnitZone.objects.bulk_create(zones)
        return places

    def _alone(self) -> set[int]:
        """The communes that no other joins on 1/7/2025: the larger ones."""
        followed = UnitSuccession.objects.filter(effective_on=JOINED)
        several = followed.values("successor").annotate(many=Count("pk")).filter(many__gt=1).values("successor")
        joining = set(followed.filter(successor__in=several).values_list("predecessor", flat=True))
        return {version.unit_id for version in UnitVersion.objects.as_of(EVE).communes()} - joining

    def _people_of(self, place: Place, alone: Collection[int]) -> Iterator[Person]:
        seats = [code for code, chance in OF_2024.items() if self.random.random() < chance]
        for _ in range(3 if place.unit_id in alone else 1):
            seats += [code for code, chance in SECOND_OF_2024.items() if self.random.random() < chance]
        if self.most is not None:
            seats = self.random.sample(seats, min(self.most, len(seats)))
        for code in seats:
            start = date(2012, 1, 1) + timedelta(days=self.random.randrange(365 * 12))
            person = self._person(place, code, start)
            post = Post(Seat(place, code), start)
            if self.random.random() < LEFT_IN_2025[kind_of(code)]:
                post.end = EVE
                is_old = person.age_on(EVE) >= 53
                post.reason = Appointment.EndReason.RETIRED if is_old else Appointment.EndReason.RESIGNED
            person.posts.append(post)
            yield person

    def _person(self, place: Place, position: str, start: date) -> Person:
        """Somebody who took up a post on the day, still of working age in 2025."""
        is_woman = self.random.random() < WOMEN.get(position, WOMEN_ELSEWHERE + 0.12)
        youngest, oldest = AGES.get(position, AGES_ELSEWHERE)
        age = self.random.triangular(youngest, oldest, youngest + (oldest - youngest) / 3)
        birth = max(start - timedelta(days=int(age * 365.25)), date(1966 + 4 * is_woman, 1, 15))
        birth += timedelta(days=self.random.randrange(300))
        ethnic_group = self.random.choices(list(place.shares), list(place.shares.values()))[0]
        name = draw_name(self.random, ethnic_group, is_woman)
        while (fold(name), birth.year) in self.names:
            name = draw_name(self.random, ethnic_group, is_woman)
        self.names.add((fold(name), birth.year))
        return Person(name, Sex.FEMALE if is_woman else Sex.MALE, birth, ethnic_group)

    def _write_levels(self, people: dict[int, Person], as_of: date) -> None:
        registry.record_qualifications(
            [proof for official, person in people.items() for proof in self._proofs(official, person, as_of)], by=None
        )

    def _proofs(self, official: int, person: Person, as_of: date) -> Iterator[Proof]:
        position = person.posts[0].seat.position
        column = ("leader", "mass", "staff").index(kind_of(position))
        # One advantage for all dimensions: who is strong in one tends to be so in others.
        ahead = 2 ** (person.posts[0].seat.place.schooling + self.random.gauss(0, 0.5))
        for dimension, shares in LEVELS.items():
            if self.random.random() < NOT_ON_FILE[dimension]:
                continue
            weights = [row[column] * ahead ** (2 - number) for number, row in enumerate(shares.values())]
            code = self.random.choices(list(shares), weights)[0]
            level = self.levels[dimension, code]
            if level.rank == 0:
                yield Proof(official, level.pk, as_of, origin=Qualification.Origin.ROSTER)
                continue
            earliest = person.birth.year + {"education": 18, "professional": 22}.get(dimension, 26)
            year = self.random.randint(min(earliest, as_of.year - 1), as_of.year - 1)
            awarded = date(year, self.random.randint(1, 12), self.random.randint(1, 28))
            field = self.random.choice(FIELDS.get(position, FIELDS_ELSEWHERE)) if dimension == "professional" else ""
            schools = INSTITUTIONS.get((dimension, code), ("Trường Chính trị tỉnh",))
            yield Proof(
                official,
                level.pk,
                as_of,
                PartialDate(awarded),
                field,
                self.random.choice(("Chính quy", "Vừa làm vừa học")) if field else "",
                self.random.choice(OF_LAW.get(code, schools) if field == "Luật" else schools),
                f"{code}{self.random.randrange(10**6):06d}",
                Qualification.Origin.ROSTER,
            )

    # ------------------------------------------------------------ 1 July 2025

    def _appoint(self) -> None:
        """Everybody takes a post of 2025 in the commune that follows the own one."""
        ranks = dict(
            Qualification.objects.filter(level__dimension__code="professional", is_error=False).values_list(
                "official", "level__rank"
            )
        )
        by_unit: dict[int, list[Held]] = defaultdict(list)
        held = primary_posts(JOINED).order_by("unit", "pk")
        for post, official, unit, position in held.values_list("pk", "official", "unit", "position__code"):
            by_unit[unit].append(Held(post, position, ranks.get(official, 0)))
        positions = {position.code: position.pk for position in Position.objects.as_of(JOINED)}
        taken = {
            one.post: positions[code]
            for people in by_unit.values()
            for one, code in self._seated(people)
            if code != one.position
        }
        registry.follow_positions(taken, day=JOINED, decision=APPOINTED, by=None)

    def _seated(self, people: list[Held]) -> Iterator[tuple[Held, str]]:
        """Each of the people of one commune with the code of the post that they take."""
        leaders = [one for one in people if one.position in LEADERS]
        leaders.sort(key=lambda one: (-(one.rank >= 4), LEADERS.index(one.position), one.post))
        seats = iter(HEADS)
        for one in leaders:
            yield one, next(seats, "") or self.random.choice(OTHER_LEADERS)
        mass = sorted((one for one in people if one.position in MASS), key=lambda one: MASS.index(one.position))
        for number, one in enumerate(mass):
            is_head = number == 0 and one.position == "CT_MTTQ"
            code = "CT_MTTQ" if is_head else "PCT_MTTQ" if number <= ROOM_FOR_DEPUTIES else "CV_DU"
            yield one, code
        forces = [one for one in people if one.position == "CHT_QS"]
        for number, one in enumerate(forces):
            yield one, FORCES[min(number, len(FORCES) - 1)]
        for code, posts in SPECIALISTS.items():
            for number, one in enumerate(one for one in people if one.position == code):
                yield one, posts[number % len(posts)]

    def _list_zones(self, places: list[Place]) -> None:
        """The list of 2026–2030: so many communes a zone as the decision names, which ones by their former ones."""
        of_former = {place.unit_id: int(place.zones[0][0]) for place in places}
        communes = {commune.code: commune for commune in self._communes()}
        before: dict[int, list[int]] = defaultdict(list)
        links = UnitVersion.objects.filter(unit__successions__effective_on=JOINED, end_date=EVE)
        for former, successor in links.values_list("unit", "unit__successions__successor"):
            before[successor].append(of_former.get(former, 3))
        ordered = sorted(
            (commune for code, commune in communes.items() if code not in OUTSIDE),
            key=lambda commune: (sum(found := before[commune.unit_id] or [2]) / len(found), commune.code),
        )
        lines, first = [], 0
        for zone, number in ZONES_OF_2026.items():
            for commune in ordered[first : first + number]:
                lines.append(Line(commune.unit_id, commune.code, commune.name, zone, ""))
            first += number
        listed = settle(lines, date(2026, 1, 1), date(2030, 12, 31), decision=INVENTED, is_whole=True)
        write(listed, by=None)

    def _gather(self) -> None:
        """Clusters after the former districts, as a province may keep them."""
        communes: dict[str, list[int]] = defaultdict(list)
        for unit, district in Correspondence(JOINED).former_districts().items():
            communes[f"Cụm {district.name.split(maxsplit=1)[1].removeprefix('phố ').removeprefix('xã ')}"].append(unit)
        make_clusters(communes, day=JOINED, decision="Số liệu minh họa: cụm giả định", by=None)

    # ------------------------------------------------------------ since then

    def _come_and_leave(self) -> None:
        """Some have retired or moved to the province since; some were recruited."""
        settled = JOINED + timedelta(days=30)
        span = (self.now - settled).days
        staff: list[Any] = list(
            primary_posts(JOINED)
            .filter(position__code__startswith="CV_")
            .order_by("pk")
            .values_list("pk", "unit", "position__code", named=True)
        )
        for post in Appointment.objects.filter(
            pk__in=[one.pk for one in self.random.sample(staff, min(LEAVING, len(staff)))]
        ):
            reason = self.random.choice((Appointment.EndReason.RETIRED, Appointment.EndReason.TRANSFERRED))
            last = settled + timedelta(days=self.random.randrange(span))
            registry.end_appointment(post, end_date=last, reason=reason, by=None)
        communes = {commune.unit_id: commune for commune in self._communes()}
        newcomers = []
        for post in self.random.sample(staff, min(COMING, len(staff))):
            start = settled + timedelta(days=self.random.randrange(span - INSURED_WITHIN))
            place = Place(communes[post.unit], "", [], 0.6, dict(YEN_BAI_SHARES))
            person = self._person(place, "VP_TK", start)
            person.posts.append(Post(Seat(place, post.position__code), start))
            newcomers.append(person)
        self._write_levels(write_people(self.random, newcomers, with_cccd=True), self.now)

    def _write_accounts(self) -> None:
        versions = UnitVersion.objects.as_of(self.now).select_related("unit")
        units = {key: version.unit for version in versions for key in (version.code, version.name)}
        write_accounts(ACCOUNTS, units)

    def _check(self) -> None:
        """Raises RuntimeError where a commune has no rate, somebody was left behind, or the rate is out of the way."""
        criterion = Criterion.objects.get(code="FULL")
        verdicts: dict[int, list[str]] = defaultdict(list)
        posts = judged(self.now, criterion=criterion).filter(verdict__isnull=False)
        for unit, verdict in posts.values_list("unit", "verdict"):
            verdicts[unit].append(verdict or "")
        if len(verdicts) != COMMUNES:
            raise RuntimeError(f"Có {len(verdicts)} xã, phường có số liệu, phải là {COMMUNES}.")
        if behind := left_behind(self.now).count():
            raise RuntimeError(f"Còn {behind} người ở đơn vị, chức danh đã hết hiệu lực.")
        everybody = [verdict for found in verdicts.values() for verdict in found]
        rate = 100 * everybody.count("compliant") / len(everybody)
        if not RATE_BETWEEN[0] <= rate <= RATE_BETWEEN[1]:
            raise RuntimeError(f"Tỷ lệ đạt chuẩn là {rate:.1f} %.")


def kind_of(position: str) -> str:
    """How a post of 2024 is drawn: leader, mass or staff."""
    return "leader" if position in LEADERS else "mass" if position in MASS else "staff"
