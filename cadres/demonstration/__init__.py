"""The demonstration province: invented people in the 164 communes of 2015, made of rows like any others.

People come first: they take up posts (careers), learn (studies) and are written as rows (records). Then each year from
2012 on sends some of those who lack one requirement to study, until the engine of cadres.evaluation finds as many
officials compliant as the province reported: 1,830 of 3,631 on 31/12/2015 and 41.9 % a year before (the two years
before those are not published and assumed). No rate is stored anywhere; whoever changes a record changes the figure.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from django.db import connection, transaction

from cadres import registry
from cadres.demonstration.accounts import accounts, write_accounts
from cadres.demonstration.careers import BEGIN, RETIREMENT_AGE, ROSTER_DAYS, Careers, Person
from cadres.demonstration.places import draw_places
from cadres.demonstration.planned import write_planned_posts
from cadres.demonstration.records import write_awards, write_classes, write_people, write_places
from cadres.demonstration.studies import (
    DEPUTY,
    HEAD,
    KIND_OF,
    LADDERS,
    MASS,
    STAFF,
    Award,
    Studies,
    could_study,
    months_of,
)
from cadres.evaluation import Rulebook, Verdict, judged
from cadres.history.triggers import unrecorded
from cadres.installation import set_demonstration_day
from cadres.models import (
    Criterion,
    Dimension,
    Level,
    Official,
    Qualification,
    Sex,
    UnitVersion,
)

OFFICIALS = 3631
COMPLIANT = 1830
SHARE_COMPLIANT = {2012: Decimal("0.270"), 2013: Decimal("0.343"), 2014: Decimal("0.419")}

PUBLISHER = "so-noi-vu"  # the account in whose name figures were published
ACCOUNTS = accounts(
    ("bac-ha", "Phòng Nội vụ huyện Bắc Hà", "085"),
    ("muong-khuong", "Phòng Nội vụ huyện Mường Khương", "083"),
    ("sa-pa", "Phòng Nội vụ huyện Sa Pa", "088"),
)
LAST_DAY = ROSTER_DAYS[-1]

# How likely somebody who lacks one requirement finishes it within the year, by zone of the commune.
CHANCE_BY_ZONE = {None: 1.5, 1: 1.7, 2: 1.1, 3: 0.65}
LAST_YEARS = 4  # before retirement, in which few are still sent to study
CHANCE_IN_LAST_YEARS = 0.15
SECOND_GAP_CLOSED = 0.14  # share of those who lack two or more requirements who reach one of them in a year
# What a person is sent to: the province's money went into degrees, and little into schooling.
CHANCE_BY_DIMENSION = {"education": 0.1, "political_theory": 1.0, "it": 1.0, "professional": 1.5}
CHANCE_OF_MASS = {"political_theory": 0.3}  # the heads of mass organisations seldom went to the political school

# How many took a degree in office each year: people who had less than TC, and people who had TC and no more.
DEGREES = {
    2010: {"TC": 375, "DH": 150},
    2011: {"TC": 395, "DH": 215},
    2012: {"TC": 425, "DH": 275},
    2013: {"TC": 320, "DH": 315},
    2014: {"TC": 205, "DH": 330},
    2015: {"TC": 105, "DH": 275},
}
FORCES = ("CHT_QS", "TCA")  # they take a TC of their own, whatever other they have
SHARE_CD = {HEAD: 0.2, DEPUTY: 0.2, MASS: 0.3}  # of those who go on from TC; the others go to a university
STEP_TC = LADDERS["professional"].index("TC")
SCHOOLING_NEEDED = {"TC": "THCS", "DH": "THPT"}
OLDEST = {"TC": 52, "DH": 50}  # in the year of the degree


def build(*, seed: int = 2015, progress: Callable[[str], None] = lambda message: None) -> None:
    """Fill a database that has the reference data and no officials; all of it or nothing.

    `progress` is told each step in Vietnamese. The same seed makes the same province. Raises RuntimeError where
    somebody is already in the registry, or where the engine does not find the figures of the province at the end.
    """
    if Official.objects.exists():
        raise RuntimeError("Cơ sở dữ liệu đã có cán bộ, công chức: không tạo tỉnh minh họa.")
    with transaction.atomic(), unrecorded():
        Province(Random(seed), progress).build()


@dataclass
class Judged:
    """One official as the engine sees him at the end of a year. `lacking`: dimension → code of the level required."""

    official_id: int
    position: str
    verdict: str
    lacking: dict[str, str]
    is_fully_known: bool


class Province:
    def __init__(self, random: Random, progress: Callable[[str], None]) -> None:
        self.random = random
        self.progress = progress
        self.studies = Studies(random)
        self.awards: dict[int, list[Award]] = {}
        self.people: dict[int, Person] = {}
        self.owed: Counter[str] = (
            Counter()
        )  # degrees for which a year had too few people: the next year makes up for it
        self.graduated: set[tuple[int, str]] = set()  # who took TC, and who DH or CD, in office
        self.full = Criterion.objects.get(code="FULL")
        levels = Level.objects.values_list("dimension__code", "rank", "code")
        self.level_codes = {(dimension, rank): code for dimension, rank, code in levels}

    def build(self) -> None:
        self.progress("Tạo người và quá trình công tác 2010–2015")
        places = draw_places(self.random, LAST_DAY)
        write_places(self.random, places)
        everybody = Careers(self.random, places, OFFICIALS).live()
        write_classes(places, everybody)
        # Who left before the first roster was never in the registry.
        in_registry = [p for p in everybody if p.posts[-1].end is None or p.posts[-1].end > ROSTER_DAYS[0]]
        self.people = write_people(self.random, in_registry)
        self.progress(f"Tạo văn bằng, chứng chỉ của {len(in_registry)} người")
        self.awards = {pk: self.studies.of(person) for pk, person in self.people.items()}
        for year in range(BEGIN.year, ROSTER_DAYS[0].year):
            for level, number in DEGREES[year].items():
                self._take_degrees(year, level, number, self.people)
        write_awards([(pk, self.people[pk], award) for pk, awards in self.awards.items() for award in awards])
        self._write_exceptions()
        set_demonstration_day(LAST_DAY, by=None)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the engine's queries would be planned for empty tables
        for day in ROSTER_DAYS:
            self.progress(f"Tạo kết quả học tập năm {day.year}")
            self._send_to_study(day)
        registry.drop_statements_overtaken(by=None)
        write_planned_posts(LAST_DAY.year, day=LAST_DAY, term="2016-2021", end_date=date(2021, 6, 30))
        self._write_accounts()
        self.progress("Kiểm tra tỷ lệ đạt chuẩn")
        self._check()

    def _judged(self, day: date) -> list[Judged]:
        """The engine's verdicts of the day on everybody who is in the total, in order of entry."""
        rulebook = Rulebook.load()
        dimensions, levels = rulebook.dimensions_asked(day), rulebook.level_sets(day)
        posts = judged(day, criterion=self.full, rulebook=rulebook).filter(verdict__isnull=False)
        found = []
        for post in posts.select_related("position").order_by("official_id"):
            lacking = {dimension.code: levels.level_in(post.not_met, dimension) for dimension in dimensions}
            found.append(
                Judged(
                    post.official_id,
                    post.position.code,
                    post.verdict or "",
                    {code: level.code for code, level in lacking.items() if level is not None},
                    not post.unknown,
                )
            )
        return found

    def _send_to_study(self, day: date) -> None:
        """The year's graduates: as many of those who lack one requirement as the year's figure asks for.

        Then the degrees that the province counts beside: to people who lack more than that, or who go on from TC; they
        change no verdict of the day.
        """
        judged = self._judged(day)
        compliant = sum(official.verdict == Verdict.COMPLIANT for official in judged)
        wanted = compliant_on(day, len(judged)) - compliant
        ways = {official.official_id: self._ways(official, day) for official in judged}
        one_short = [official for official in judged if len(official.lacking) == 1 and official.is_fully_known]
        able = [official for official in one_short if ways[official.official_id]]
        if not 0 <= wanted <= len(able):
            raise RuntimeError(f"{day:%d/%m/%Y}: cần {wanted} người đạt chuẩn thêm, có {len(able)} người có thể.")
        # A weighted draw: each waits a random time, shorter for the likelier, and the first are taken.
        waiting = {}
        for official in able:
            (dimension,) = ways[official.official_id]
            chance = self._chance(official.official_id, day) * chance_of(dimension, official.position)
            waiting[official.official_id] = self.random.expovariate(chance)
        graduates = sorted(waiting, key=lambda pk: waiting[pk])[:wanted]
        for official in judged:
            pk = official.official_id
            if len(official.lacking) > 1 and ways[pk]:
                likely = max(chance_of(way, official.position) for way in ways[pk])
                if self.random.random() < SECOND_GAP_CLOSED * likely * self._chance(pk, day):
                    graduates.append(pk)
        position = {official.official_id: official.position for official in judged}
        new = []
        for pk in graduates:
            chances = {way: chance_of(way, position[pk]) for way in sorted(ways[pk])}
            dimension = self.random.choices(list(chances), list(chances.values()))[0]
            award = self.studies.graduate(self.people[pk], self.awards[pk], dimension, ways[pk][dimension], day.year)
            new.append((pk, self.people[pk], award))
            if dimension == "professional":
                self.graduated.add((pk, award.level))
        sent = sum((award.dimension, award.level) == ("professional", "TC") for _, _, award in new)
        decisive = {official.official_id for official in one_short} | set(graduates)
        unsettled = {o.official_id for o in judged if "professional" in o.lacking or o.verdict == Verdict.UNDETERMINED}
        free = [pk for pk in self.people if pk not in decisive]
        new += self._take_degrees(day.year, "TC", max(DEGREES[day.year]["TC"] - sent, 0), free)
        settled = [pk for pk in self.people if pk not in unsettled]
        new += self._take_degrees(day.year, "DH", DEGREES[day.year]["DH"], settled)
        write_awards(new)

    def _ways(self, official: Judged, day: date) -> dict[str, str]:
        """The dimensions that the official lacks and can reach within the year, each with the level aimed at."""
        person, awards = self.people[official.official_id], self.awards[official.official_id]
        last = date(day.year, 12, 28)
        ways = {}
        for dimension, minimum in sorted(official.lacking.items()):
            level = self.studies.aim(dimension, minimum)
            begun = last - months_of(dimension, level)
            if dimension == "professional":
                is_admitted = has(awards, "education", SCHOOLING_NEEDED[level], begun)
            elif dimension == "education":  # not beside a degree
                is_admitted = not any(a.dimension == "professional" and a.awarded_after(begun) for a in awards)
            else:
                is_admitted = True
            if is_admitted and could_study(person, dimension, level, last):
                ways[dimension] = level
        return ways

    def _take_degrees(
        self, year: int, level: str, number: int, among: Iterable[int]
    ) -> list[tuple[int, Person, Award]]:
        """So many of these people take a degree in the year: TC after less, or DH (some CD) after TC."""
        last = date(year, 12, 28)
        begun = last - months_of("professional", level)
        waiting = {}
        for pk in among:
            person, awards = self.people[pk], self.awards[pk]
            held = [award for award in awards if award.dimension == "professional"]
            steps = max((LADDERS["professional"].index(award.level) for award in held), default=None)
            needed = SCHOOLING_NEEDED[level]
            if steps is None or person.age_on(last) > OLDEST[level] or not has(awards, "education", needed, begun):
                continue
            if level == "TC":
                is_next = steps < STEP_TC or (steps == STEP_TC and person.position_on(last) in FORCES)
            else:
                is_next = steps == STEP_TC and not any(award.awarded_after(begun) for award in held)
            if is_next and (pk, level) not in self.graduated and could_study(person, "professional", level, last):
                waiting[pk] = self.random.expovariate(self._chance(pk, last))
        wanted = number + self.owed[level]
        self.owed[level] = max(wanted - len(waiting), 0)
        new = []
        for pk in sorted(waiting, key=lambda pk: waiting[pk])[:wanted]:
            kind = KIND_OF.get(self.people[pk].position_on(last), STAFF)
            reached = "CD" if level == "DH" and self.random.random() < SHARE_CD.get(kind, 0) else level
            award = self.studies.graduate(self.people[pk], self.awards[pk], "professional", reached, year)
            self.graduated.add((pk, level))
            new.append((pk, self.people[pk], award))
        return new

    def _chance(self, pk: int, day: date) -> float:
        person = self.people[pk]
        near_retirement = person.age_on(day) >= RETIREMENT_AGE[Sex(person.sex)] - LAST_YEARS
        return CHANCE_BY_ZONE[person.posts[-1].seat.place.zone] * (CHANCE_IN_LAST_YEARS if near_retirement else 1)

    def _write_exceptions(self) -> None:
        """A few waivers near retirement, and records that were revoked or entered in error."""
        old = [
            pk
            for pk, person in self.people.items()
            if person.posts[-1].end is None and person.age_on(LAST_DAY) >= RETIREMENT_AGE[Sex(person.sex)] - 2
        ]
        professional = Dimension.objects.get(code="professional")
        untrained = Qualification.objects.filter(official__in=old, level__dimension=professional, level__rank=0)
        for number, official in enumerate(
            Official.objects.filter(pk__in=untrained.values("official")).order_by("pk")[:25]
        ):
            registry.waive(
                official,
                professional,
                start_date=date(2014, 3, 1),
                end_date=date(2016, 6, 30),
                reason="Còn dưới 5 năm công tác, không thuộc diện cử đi đào tạo",
                decision=f"QĐ số {1200 + number}/QĐ-UBND (minh họa)",
                by=None,
            )
        recent = Qualification.objects.filter(
            level__dimension=professional, level__code="TC", awarded_on__year__range=(2008, 2011), end_date=None
        )
        drawn = self.random.sample(list(recent.order_by("pk")), 7)
        reason = "Thu hồi theo kết luận kiểm tra văn bằng (minh họa)"
        for qualification in drawn[:4]:
            registry.revoke(qualification, on=date(2013, 5, 15), reason=reason, by=None)
        for qualification in drawn[4:]:
            registry.correct_as_error(qualification, reason="Nhập nhầm của người khác (minh họa)", by=None)

    def _write_accounts(self) -> None:
        versions = UnitVersion.objects.as_of(LAST_DAY).select_related("unit")
        units = {version.code: version.unit for version in versions}
        write_accounts(ACCOUNTS, units)

    def _check(self) -> None:
        """Raises RuntimeError where the engine does not find the province's figures."""
        for day in ROSTER_DAYS:
            judged = self._judged(day)
            compliant = sum(official.verdict == Verdict.COMPLIANT for official in judged)
            if compliant != compliant_on(day, len(judged)) or (day == LAST_DAY and len(judged) != OFFICIALS):
                raise RuntimeError(f"{day:%d/%m/%Y}: hệ thống tính được {compliant}/{len(judged)} người đạt chuẩn.")


def compliant_on(day: date, total: int) -> int:
    """How many of the total the province reported (or is assumed) to have been compliant at the end of a year."""
    return COMPLIANT if day == LAST_DAY else round(SHARE_COMPLIANT[day.year] * total)


def chance_of(dimension: str, position: str) -> float:
    """How likely somebody in the position is sent to study in the dimension, beside other people and dimensions."""
    mass = CHANCE_OF_MASS.get(dimension, 1) if KIND_OF.get(position) == MASS else 1
    return CHANCE_BY_DIMENSION[dimension] * mass


def has(awards: list[Award], dimension: str, level: str, day: date) -> bool:
    """Whether the awards reach the level before the day."""
    ladder = LADDERS[dimension]
    reaching = (a for a in awards if a.dimension == dimension and ladder.index(a.level) >= ladder.index(level))
    return any(not award.awarded_after(day) for award in reaching)
