"""Which records people are to have: of what they study already, and of the plan's seats that no class has taken."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from functools import cached_property

from cadres.evaluation import SupposedRecord
from cadres.models import RetirementAge, UnitVersion
from cadres.retirement import with_retirement_day
from courses.models import DistrictSubmission, Programme, RegisteredNeed, TrainingClass, TrainingPlan
from courses.needs.computed import Closing, Need, lacking_posts, needs_of, urgency_order
from courses.planning.money import effective_lines
from courses.planning.proposal.people import run_of
from courses.proposed import Since, names_of
from courses.seats import taken_seats
from courses.under_way import raised_by_class, record_given

Submission = DistrictSubmission.State
A_DAY = timedelta(days=1)


class Source(Enum):
    """What a record is expected of, in the order in which the steps are taken."""

    CLASS = "a class that there is"
    PLAN = "a seat of the plan that somebody is named or registered for"
    SEAT = "a seat of the plan that nobody is named for"


@dataclass(frozen=True)
class Expected:
    """A record that somebody is to have from a day on. `of` says in words of which class or plan."""

    official_id: int
    programme: Programme
    from_day: date
    source: Source
    of: str

    @property
    def level_id(self) -> int:
        assert self.programme.raises_to_id is not None  # of nothing else is a record expected
        return self.programme.raises_to_id

    @property
    def dimension_id(self) -> int:
        assert self.programme.raises_to is not None
        return self.programme.raises_to.dimension_id

    @cached_property
    def record(self) -> SupposedRecord:
        """The record, not written, as the verdicts of the days from then on suppose it."""
        return record_given(self.official_id, self.level_id, self.programme.field_of_study, self.from_day)


@dataclass(frozen=True)
class Plan:
    """What plans give: the records of those who are to have a seat, and how many seats of which year nobody has."""

    records: tuple[Expected, ...]
    unnamed: dict[int, int]  # year → seats


def of_classes(day: date) -> list[Expected]:
    """What those are to have who study on the day something that raises a level: from the end of the class on.

    What has ended and waits for its result is there from the day after. Three queries.
    """
    of_day = raised_by_class(day)
    classes = TrainingClass.objects.select_related("programme__raises_to").in_bulk({key for _, key in of_day})
    return [
        Expected(
            official,
            taught.programme,
            max(taught.end_date, day + A_DAY),
            Source.CLASS,
            f"lớp {taught.code}, đến {taught.end_date:%d/%m/%Y}",
        )
        for official, taught in ((official, classes[key]) for official, key in of_day)
    ]


def of_plans(
    day: date,
    years: Collection[int],
    studying: Iterable[Expected],
    *,
    with_drafts: bool = False,
    closing: Closing | None = None,
    shares_province: bool = True,
) -> Plan:
    """What those are to have who get a seat by the plan of one of the years.

    A line first goes to those whom it was proposed for (courses.proposed), who are in office and have not the level: in
    its classes that have not begun and have room, then in its seats that no class has taken. Those left go to who is
    registered by a unit (accepted), the most urgent first, at home before elsewhere. With `closing`, seats left over
    go to those who lack what the programme gives, as the list of needs has them: whom it alone makes compliant first;
    those of a line in a unit to people of that unit, those at the province to everybody, or to nobody (not
    `shares_province`); to nobody who retires in that year. Who studies something of the dimension already, or has a
    seat, needs none. `with_drafts`: plans not approved yet, and what was sent to Sở and not accepted, count too.

    A planned class runs as long as its programme, from March of the plan's year (as the proposal of a plan has it) or
    from the day after, if that has passed. Seven queries and one a plan.
    """
    seating = _open_seats(day, years, with_drafts=with_drafts)
    seating.served = {(one.official_id, one.dimension_id) for one in studying}
    for line, official, since in names_of(seating.lines, day):
        if since == Since.WAITS:
            seating.give_named(line, official)
    accepted = [Submission.ACCEPTED, *([Submission.SUBMITTED] if with_drafts else [])]
    registered = RegisteredNeed.objects.filter(
        submission__state__in=accepted, submission__campaign__year__in=years
    ).order_by("submission__campaign__year", "priority", "official__name_order", "pk")
    columns = ("submission__campaign__year", "official", "programme", "submission__district")
    for year, official, programme, home in registered.values_list(*columns):
        everywhere = (home, None, *seating.open.get((year, programme), ()))
        seating.give(year, programme, official, everywhere, Source.PLAN)
    if closing is not None and seating.left():
        at_province = (None,) if shares_province else ()
        needs = _urgent_first(closing, list(RetirementAge.objects.order_by("start_date")))
        for year in sorted(years):
            for need in needs:
                if need.post.retires_on and need.post.retires_on <= date(year, 12, 31):
                    continue
                homes = (need.post.unit_id, need.post.district_id, *at_province)
                for programme in need.programmes:
                    seating.give(year, programme.pk, need.official_id, homes, Source.SEAT)
    return Plan(tuple(seating.records), seating.left())


@dataclass
class _Seating:
    """Who gets which seat. `open`: (year, programme) → place (None: the province) → seats; `lines`: line → where its
    seats are in `open`; `rooms`: line → its classes that have not begun, each with the seats that nobody has."""

    day: date
    open: dict[tuple[int, int], dict[int | None, int]]
    programmes: dict[int, Programme]
    lines: dict[int, tuple[int, int, int | None]] = field(default_factory=dict)
    rooms: dict[int, list[tuple[TrainingClass, int]]] = field(default_factory=lambda: defaultdict(list))
    served: set[tuple[int, int]] = field(default_factory=set)  # official, dimension
    records: list[Expected] = field(default_factory=list)

    def give_named(self, line: int, official: int) -> None:
        """A seat of the line to somebody whom it was proposed for, in a class of it or where no class has taken it."""
        year, key, place = self.lines[line]
        for at, (taught, room) in enumerate(self.rooms[line]):
            if room > 0 and self._serve(key, official, taught.end_date, Source.PLAN, f"{year}, lớp {taught.code}"):
                self.rooms[line][at] = taught, room - 1
                return
        self.give(year, key, official, (place,), Source.PLAN)

    def give(self, year: int, key: int, official: int, homes: Iterable[int | None], source: Source) -> None:
        """A seat of the programme in the first of these places that has one, unless the person is served."""
        places = self.open.get((year, key), {})
        place = next((home for home in homes if places.get(home)), NOWHERE)
        if place == NOWHERE:
            return
        run = run_of(self.programmes[key], year, self.day + A_DAY)
        if self._serve(key, official, run.end_date, source, str(year)):
            places[place] -= 1

    def _serve(self, key: int, official: int, from_day: date, source: Source, of: str) -> bool:
        """Expect a record of the programme for the person; False for who is served already."""
        programme = self.programmes[key]
        assert programme.raises_to is not None  # of the lines that were read
        if (served := (official, programme.raises_to.dimension_id)) in self.served:
            return False
        self.served.add(served)
        told = f"kế hoạch năm {of}: {programme.title}"
        self.records.append(Expected(official, programme, from_day, source, told))
        return True

    def left(self) -> dict[int, int]:
        """Year → seats that are still open, of years that have any."""
        found: dict[int, int] = defaultdict(int)
        for (year, _), places in sorted(self.open.items()):
            found[year] += sum(places.values())
        return {year: seats for year, seats in found.items() if seats}


NOWHERE = -1  # no key of a unit


def _open_seats(day: date, years: Collection[int], *, with_drafts: bool) -> _Seating:
    """The seats of the lines of these years' plans that raise a level, less those that classes of them have taken."""
    plans = TrainingPlan.objects.filter(year__in=years)
    if not with_drafts:
        plans = plans.filter(state=TrainingPlan.State.APPROVED)
    province = UnitVersion.objects.province_on(day)
    seating = _Seating(day, {}, {})
    seats: dict[int, int] = {}  # line → those that no class of it has taken
    for plan in plans:
        for line in effective_lines(plan).select_related("programme__raises_to"):
            if line.programme.raises_to_id is not None:
                seating.programmes[line.programme_id] = line.programme
                place = None if province and line.place_id == province.unit_id else line.place_id
                seating.lines[line.pk] = plan.year, line.programme_id, place
                seats[line.pk] = line.trainees
    living = TrainingClass.objects.filter(plan_line__in=seats).exclude(state=TrainingClass.State.CANCELLED)
    classes = list(living.order_by("start_date", "pk"))
    given = taken_seats(taught.pk for taught in classes) if classes else {}
    for taught in classes:
        assert taught.plan_line_id is not None  # of those lines
        seats[taught.plan_line_id] -= taught.seats
        if taught.state not in TrainingClass.AT_WORK:
            seating.rooms[taught.plan_line_id].append((taught, taught.seats - given.get(taught.pk, (0, 0))[0]))
    for key, (year, programme, place) in seating.lines.items():
        places = seating.open.setdefault((year, programme), {})
        places[place] = places.get(place, 0) + max(seats[key], 0)
    return seating


def _urgent_first(closing: Closing, ladder: Sequence[RetirementAge]) -> list[Need]:
    """What everybody lacks, as the list of needs has them, the most urgent first; one query."""
    posts = lacking_posts(
        closing.day,
        criterion=closing.criterion,
        rulebook=closing.rulebook,
        finished=closing.finished,
        everybody=True,
    )
    columns = ("pk", "official_id", "position_id", "unit_id", "district_id", "held", "not_met", "unknown", "retires_on")
    rows = with_retirement_day(posts, ladder).order_by(*urgency_order(closing)).values_list(*columns, named=True)
    return needs_of(rows, closing)
