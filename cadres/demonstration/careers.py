"""Posts and the people who held them from 2010 to 2015: elections, recruitment, promotions, transfers, departures.

The years are lived through event by event, so that every post has a history and every departure a reason; only then
are studies looked at (studies.py). Dates of elections and congresses follow the terms of that time.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import count
from random import Random

from cadres.demonstration.names import draw_name
from cadres.demonstration.places import Place
from cadres.models import Appointment, Sex
from cadres.periods import PartialDate, Precision
from cadres.text import fold

BEGIN = date(2010, 1, 1)
END = date(2015, 12, 31)
# The days of the rosters that brought the people in; the first is where the province's data begin.
ROSTER_DAYS = tuple(date(year, 12, 31) for year in (2012, 2013, 2014, 2015))
Reason = Appointment.EndReason

# Elections and congresses: position → (first day, last day, term). The first of each chose those in post on BEGIN.
_PARTY = (
    (date(2005, 4, 1), date(2005, 8, 31), "2005-2010"),
    (date(2010, 3, 15), date(2010, 7, 31), "2010-2015"),
    (date(2015, 2, 1), date(2015, 6, 30), "2015-2020"),
)
_COUNCIL = (
    (date(2004, 5, 10), date(2004, 7, 15), "2004-2011"),
    (date(2011, 6, 6), date(2011, 7, 20), "2011-2016"),
)
ELECTIONS = {
    "BT_DU": _PARTY,
    "PBT_DU": _PARTY,
    "CT_HDND": _COUNCIL,
    "PCT_HDND": _COUNCIL,
    "CT_UBND": _COUNCIL,
    "PCT_UBND": _COUNCIL,
    "CT_MTTQ": (
        (date(2008, 10, 1), date(2009, 3, 31), "2009-2014"),
        (date(2013, 10, 1), date(2014, 3, 31), "2014-2019"),
    ),
    "BT_DOAN": (
        (date(2007, 2, 1), date(2007, 6, 30), "2007-2012"),
        (date(2012, 2, 1), date(2012, 6, 30), "2012-2017"),
    ),
    "CT_HPN": (
        (date(2006, 2, 1), date(2006, 6, 30), "2006-2011"),
        (date(2011, 2, 1), date(2011, 6, 30), "2011-2016"),
    ),
    "CT_HND": (
        (date(2007, 9, 1), date(2007, 12, 31), "2007-2012"),
        (date(2012, 8, 1), date(2012, 12, 20), "2012-2017"),
    ),
    "CT_HCCB": (
        (date(2006, 11, 1), date(2007, 3, 31), "2007-2012"),
        (date(2011, 11, 1), date(2012, 3, 31), "2012-2017"),
    ),
}
# Who is moved up into a post: holders of these posts in the same commune.
PROMOTED_FROM = {
    "BT_DU": ("PBT_DU", "CT_UBND", "CT_HDND"),
    "PBT_DU": ("CT_MTTQ", "PCT_UBND", "PCT_HDND"),
    "CT_HDND": ("PCT_HDND", "PBT_DU"),
    "PCT_HDND": ("CT_MTTQ", "CT_HND", "VP_TK"),
    "CT_UBND": ("PCT_UBND", "PBT_DU"),
    "PCT_UBND": ("VP_TK", "DC_XD", "TC_KT", "BT_DOAN"),
    "CT_MTTQ": ("CT_HND", "CT_HPN", "CT_HCCB"),
    "CT_HND": ("BT_DOAN",),
}
# Share of women and age (youngest, oldest) when a post is taken up.
WOMEN = {"CT_HPN": 1.0, "TC_KT": 0.55, "VH_XH": 0.45, "VP_TK": 0.42, "TP_HT": 0.35, "BT_DOAN": 0.3, "CT_MTTQ": 0.2}
WOMEN |= {"CHT_QS": 0.0, "TCA": 0.0, "CT_HCCB": 0.02, "KCT": 0.3}
WOMEN_ELSEWHERE = 0.13
AGES = {"BT_DOAN": (21, 29), "CT_HCCB": (45, 57), "CT_MTTQ": (35, 55), "CT_HPN": (25, 47), "CT_HND": (29, 53)}
AGES |= {"BT_DU": (35, 56), "PBT_DU": (31, 54), "CT_HDND": (34, 56), "PCT_HDND": (29, 52), "CT_UBND": (32, 54)}
AGES |= {"PCT_UBND": (28, 51), "TCA": (24, 47), "CHT_QS": (23, 43), "KCT": (20, 50)}
AGES_ELSEWHERE = (21, 39)

# A year's chance to leave office for each reason, besides age and elections.
LEAVING = {Reason.TRANSFERRED: 0.011, Reason.RESIGNED: 0.006, Reason.DISCIPLINED: 0.0025, Reason.DIED: 0.0015}
REELECTED = 0.86
RETIREMENT_AGE = {Sex.MALE: 60, Sex.FEMALE: 55}  # Bộ luật Lao động 2012, in force through the years lived here

# Posts beside the 18 that each commune has once; the quota of NĐ 92/2009/NĐ-CP allows 21 to 25 people.
ONCE = (
    *("BT_DU", "PBT_DU", "CT_HDND", "PCT_HDND", "CT_UBND", "PCT_UBND"),
    *("CT_MTTQ", "BT_DOAN", "CT_HPN", "CT_HND", "CT_HCCB"),
    *("TCA", "CHT_QS", "VP_TK", "DC_XD", "TC_KT", "TP_HT", "VH_XH"),
)
START_FORGOTTEN = 0.1  # of the posts taken up before 2010, of which the first roster knows the month or year only
SECOND_CHANCES = {"VH_XH": 0.97, "DC_XD": 0.93, "TC_KT": 0.86, "PCT_UBND": 0.68, "TP_HT": 0.62, "VP_TK": 0.58}


@dataclass(eq=False)
class Post:
    """One appointment in the making. `also` is the code of a post held concurrently for the same time, or "".

    `stated` is the start as the first roster gives it where it does not know the day: the post counts from there on.
    """

    seat: "Seat"
    start: date
    term: str = ""
    end: date | None = None
    reason: str = ""
    also: str = ""
    stated: PartialDate | None = None

    @property
    def counts_from(self) -> date:
        return ROSTER_DAYS[0] if self.stated else self.start


@dataclass(eq=False)
class Person:
    name: str
    sex: str
    birth: date
    ethnic_group: str
    posts: list[Post] = field(default_factory=list)

    @property
    def joined(self) -> date:
        return self.posts[0].start

    def position_on(self, day: date) -> str:
        """The code of the position that the registry shows for the day; "" where it shows none."""
        held = (post for post in self.posts if post.counts_from <= day and (post.end is None or post.end >= day))
        return next((post.seat.position for post in held), "")

    def age_on(self, day: date) -> int:
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


@dataclass(eq=False)
class Seat:
    """One chair: a position in a commune, taken by one person after another."""

    place: Place
    position: str
    also: str = ""
    is_second: bool = False
    holder: Person | None = None


class Careers:
    """The years 2010–2015 of a province with `officials` people in cadre and civil-servant posts at the end."""

    def __init__(self, random: Random, places: list[Place], officials: int) -> None:
        self.random = random
        self.places = places
        self.officials = officials
        self.people: list[Person] = []
        self.seats: list[Seat] = []
        self._names: set[tuple[str, int, str]] = set()
        self._seats_in: dict[tuple[str, str], list[Seat]] = defaultdict(list)
        self._events: list[tuple[date, int, Callable[[date], None]]] = []
        self._order = count()

    def live(self) -> list[Person]:
        """Live through the years; returns everybody who ever held a post, in order of entry."""
        self._set_up_seats()
        for seat in self.seats:
            self._fill_at_the_beginning(seat)
        for place in self.places:
            self._call_elections(place)
        while self._events and self._events[0][0] < END:
            day, _, event = heapq.heappop(self._events)
            event(day)
        self._meet_the_number()
        self._employ_non_specialists()
        self._forget_some_starts()
        return self.people

    # Seats

    def _set_up_seats(self) -> None:
        """Chairs for some more people than will be there at the end: about one in a hundred is always vacant."""
        for place in self.places:
            positions = [code for code in ONCE if not (code == "TCA" and place.is_ward)]
            also: dict[str, str] = {}
            if self.random.random() < 0.16:  # the secretary also presides over the council
                positions.remove("CT_HDND")
                also["BT_DU"] = "CT_HDND"
            if self.random.random() < 0.5:
                also["CT_UBND"] = "PBT_DU"
            self.seats += [Seat(place, code, also.get(code, "")) for code in positions]
            self.seats += [
                Seat(place, code, is_second=True)
                for code, chance in SECOND_CHANCES.items()
                if self.random.random() < chance
            ]
        wanted = self.officials * 101 // 100
        while len(self.seats) < wanted:
            self.seats.append(Seat(self.random.choice(self.places), "VP_TK", is_second=True))
        while len(self.seats) > wanted:
            self.seats.remove(self.random.choice([seat for seat in self.seats if seat.is_second]))
        for seat in self.seats:
            self._seats_in[seat.place.version.code, seat.position].append(seat)
            self._seats_in[seat.place.district_code, seat.position].append(seat)

    def _call_elections(self, place: Place) -> None:
        """All posts that one body elects are elected on one day in a commune."""
        days: dict[tuple[date, date], date] = {}
        for position, elections in ELECTIONS.items():
            for seat in self._seats_in[place.version.code, position]:
                for first, last, term in elections[1:]:
                    if (first, last) not in days:
                        days[first, last] = self._day_between(first, last)
                    self._plan(days[first, last], partial(self._elect, seat, term))

    # What happens to people

    def _fill_at_the_beginning(self, seat: Seat) -> None:
        if self.random.random() < 0.02:
            self._plan(self._day_between(BEGIN, BEGIN + timedelta(days=300)), partial(self._fill_if_vacant, seat))
            return
        elections = ELECTIONS.get(seat.position)
        if elections:
            first, last, term = elections[0]
            elected = self._day_between(first, last)
            start = elected if self.random.random() < 0.7 else self._day_between(elected, date(2009, 12, 20))
        else:
            term = ""
            start = max(self._day_between(date(1998, 1, 1), date(2009, 12, 20)) for _ in range(2))
        self._take(self._newcomer(seat, start), seat, start, term)

    def _elect(self, seat: Seat, term: str, day: date) -> None:
        holder = seat.holder
        if holder is None:
            self._fill(seat, day, term)
            return
        post = holder.posts[-1]
        if post.start > day - timedelta(days=60):
            return  # chosen weeks before; the congress confirms it
        too_old = holder.age_on(day) >= RETIREMENT_AGE[Sex(holder.sex)] - 3
        if seat.position == "BT_DOAN":
            too_old = holder.age_on(day) > 33
        if not too_old and self.random.random() < REELECTED:
            post.end = day - timedelta(days=1)
            self._take(holder, seat, day, term)
            return
        self._vacate(holder, day - timedelta(days=1), Reason.NOT_REELECTED)
        self._fill(seat, day, term)

    def _leave(self, person: Person, reason: str, day: date) -> None:
        if person.posts[-1].end is None:
            seat = person.posts[-1].seat
            self._vacate(person, day, reason)
            self._plan(day + timedelta(days=self.random.randint(1, 150)), partial(self._fill_if_vacant, seat))

    def _fill_if_vacant(self, seat: Seat, day: date) -> None:
        if seat.holder is None:
            self._fill(seat, day)

    def _fill(self, seat: Seat, day: date, term: str = "") -> None:
        """Somebody is promoted in the commune, moved within the district, or new."""
        candidate = self._candidate(seat, day)
        if candidate is None:
            candidate = self._newcomer(seat, day)
        else:
            left = candidate.posts[-1].seat
            self._vacate(candidate, day - timedelta(days=1), Reason.TRANSFERRED)
            self._plan(day + timedelta(days=self.random.randint(5, 120)), partial(self._fill_if_vacant, left))
        self._take(candidate, seat, day, term or self._term_on(seat.position, day))

    def _candidate(self, seat: Seat, day: date) -> Person | None:
        lot = self.random.random()
        if lot < 0.45:
            commune = seat.place.version.code
            seats = [s for code in PROMOTED_FROM.get(seat.position, ()) for s in self._seats_in[commune, code]]
        elif lot < 0.53:
            seats = self._seats_in[seat.place.district_code, seat.position]
        else:
            return None
        holders = [s.holder for s in seats if s.holder and s is not seat]
        settled = [p for p in holders if p.posts[-1].start < day - timedelta(days=365) and p.age_on(day) < 53]
        return self.random.choice(settled) if settled else None

    def _take(self, person: Person, seat: Seat, day: date, term: str) -> None:
        seat.holder = person
        person.posts.append(Post(seat, day, term, also=seat.also))

    def _vacate(self, person: Person, last_day: date, reason: str) -> None:
        post = person.posts[-1]
        post.end, post.reason = max(last_day, post.start), reason
        post.seat.holder = None

    def _newcomer(self, seat: Seat, day: date) -> Person:
        position = seat.position
        is_woman = self.random.random() < WOMEN.get(position, WOMEN_ELSEWHERE)
        youngest, oldest = AGES.get(position, AGES_ELSEWHERE)
        age = self.random.triangular(youngest, oldest, (youngest + oldest) / 2)
        birth = day - timedelta(days=int(age * 365.25))
        shares = seat.place.shares
        ethnic_group = self.random.choices(list(shares), list(shares.values()))[0]
        name = draw_name(self.random, ethnic_group, is_woman)
        # Namesakes of one year are told apart by their commune; within a district there are none.
        while (key := (fold(name), birth.year, seat.place.district_code)) in self._names:
            name = draw_name(self.random, ethnic_group, is_woman)
        self._names.add(key)
        person = Person(name, Sex.FEMALE if is_woman else Sex.MALE, birth, ethnic_group)
        self.people.append(person)
        self._plan_departure(person, day)
        return person

    def _plan_departure(self, person: Person, day: date) -> None:
        years = RETIREMENT_AGE[Sex(person.sex)]
        month = date(person.birth.year + years, person.birth.month, 1) + timedelta(days=32)
        retirement = month.replace(day=1) - timedelta(days=1)  # the last day of the month of the birthday
        leaving = max(day, BEGIN) + timedelta(days=30 + int(self.random.expovariate(sum(LEAVING.values()) / 365)))
        if retirement <= leaving:
            self._plan(max(retirement, day + timedelta(days=30)), partial(self._leave, person, Reason.RETIRED))
        else:
            reason = self.random.choices(list(LEAVING), list(LEAVING.values()))[0]
            self._plan(leaving, partial(self._leave, person, reason))

    # The end

    def _meet_the_number(self) -> None:
        """Recruitment late in 2015 goes on, or has not taken place, until the number of people in post is right."""
        holders = [seat for seat in self.seats if seat.holder]
        latest = sorted(
            (seat for seat in holders if seat.holder and len(seat.holder.posts) == 1),
            key=lambda seat: seat.holder.joined if seat.holder else BEGIN,
        )
        for seat in latest[len(latest) - max(0, len(holders) - self.officials) :]:
            self.people.remove(seat.holder)  # type: ignore[arg-type]
            seat.holder = None
        vacant = [seat for seat in self.seats if seat.holder is None]
        for seat in self.random.sample(vacant, max(0, self.officials - len(holders))):
            left = max((post.end for post in self._held(seat) if post.end), default=BEGIN)
            first = max(left + timedelta(days=1), date(2015, 11, 2))
            day = self._day_between(min(first, END), END)
            self._take(self._newcomer(seat, day), seat, day, self._term_on(seat.position, day))

    def _held(self, seat: Seat) -> Iterator[Post]:
        return (post for person in self.people for post in person.posts if post.seat is seat)

    def _employ_non_specialists(self) -> None:
        """People outside the two groups: in the registry, in no rate."""
        for place in self.random.sample(self.places, len(self.places) // 3):
            for _ in range(self.random.randint(1, 3)):
                seat = Seat(place, "KCT")
                start = self._day_between(date(2010, 2, 1), date(2015, 10, 31))
                self._take(self._newcomer(seat, start), seat, start, "")

    def _forget_some_starts(self) -> None:
        for person in self.people:
            for post in person.posts:
                lasted = post.end is None or post.end > ROSTER_DAYS[0]
                if post.start < BEGIN and lasted and self.random.random() < START_FORGOTTEN:
                    by_year = self.random.random() < 0.5
                    month = 1 if by_year else post.start.month
                    precision = Precision.YEAR if by_year else Precision.MONTH
                    post.stated = PartialDate(date(post.start.year, month, 1), precision)

    # Days

    def _plan(self, day: date, event: Callable[[date], None]) -> None:
        heapq.heappush(self._events, (day, next(self._order), event))

    def _day_between(self, first: date, last: date) -> date:
        """A weekday from first to last, where there is one."""
        day = first + timedelta(days=self.random.randrange((last - first).days + 1))
        return day - timedelta(days=min(max(day.weekday() - 4, 0), (day - first).days))

    def _term_on(self, position: str, day: date) -> str:
        return next((term for first, _, term in reversed(ELECTIONS.get(position, ())) if first <= day), "")
