"""Which records people are to have: of what they study already, and of the plan where it is known who is to come."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cadres.models import Qualification
from cadres.text import match_key
from courses.models import DistrictSubmission, Programme, RegisteredNeed, TrainingPlan
from courses.planning.money import effective_lines, living_classes
from courses.planning.proposal.people import run_of
from courses.under_way import under_way

Submission = DistrictSubmission.State
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Expected:
    """A record that somebody is to have from a day on: by the end of a class that there is, or of one that is planned.

    `of` says in words of which class or plan.
    """

    official_id: int
    level_id: int
    field_key: str
    from_day: date
    is_planned: bool
    of: str

    def as_record(self) -> Qualification:
        return Qualification(
            official_id=self.official_id, level_id=self.level_id, field_key=self.field_key, start_date=self.from_day
        )


@dataclass(frozen=True)
class Plan:
    """What plans give: the records of those who are registered, and how many seats nobody is named for."""

    records: tuple[Expected, ...]
    unnamed: dict[int, int]  # year → seats


def of_classes(day: date) -> list[Expected]:
    """What those are to have who study on the day something that raises a level: from the end of the class on.

    What has ended and waits for its result is there from the day after. One query.
    """
    rows: Any = under_way(day).filter(training_class__programme__raises_to__isnull=False)
    return [
        Expected(
            row.official_id,
            row.training_class.programme.raises_to_id,
            match_key(row.training_class.programme.field_of_study),
            max(row.training_class.end_date, day + A_DAY),
            is_planned=False,
            of=f"lớp {row.training_class.code}, đến {row.training_class.end_date:%d/%m/%Y}",
        )
        for row in rows.select_related("training_class__programme").order_by("training_class__end_date", "pk")
    ]


def of_plans(day: date, years: Collection[int], studying: Iterable[Expected], *, with_drafts: bool = False) -> Plan:
    """What those are to have who are registered for a programme of the plan of one of the years.

    A seat of a line that no class of it has taken yet goes to who is registered by a unit (accepted), the most urgent
    first, as long as there are seats; who is registered and studies the like already needs none. Seats beyond are
    `unnamed`. `with_drafts`: plans that are not approved and what was sent to Sở and not accepted count too.

    A planned class runs as long as its programme, from March of the plan's year (as the proposal of a plan has it) or
    from the day after, if that has passed. Three queries, two a plan and one a line.
    """
    plans = TrainingPlan.objects.filter(year__in=years)
    if not with_drafts:
        plans = plans.filter(state=TrainingPlan.State.APPROVED)
    seats: dict[tuple[int, Programme], int] = defaultdict(int)
    for plan in plans:
        for line in effective_lines(plan).select_related("programme__raises_to"):
            if line.programme.raises_to_id is not None:
                taken = sum(living_classes(line).values_list("seats", flat=True))
                seats[plan.year, line.programme] += max(line.trainees - taken, 0)
    accepted = [Submission.ACCEPTED, *([Submission.SUBMITTED] if with_drafts else [])]
    registered = RegisteredNeed.objects.filter(
        submission__state__in=accepted, submission__campaign__year__in=years
    ).order_by("submission__campaign__year", "priority", "official__name_order", "pk")
    has = {(one.official_id, one.level_id) for one in studying}
    records = []
    by_key = {(year, programme.pk): programme for year, programme in seats}
    for year, official, key in registered.values_list("submission__campaign__year", "official", "programme"):
        programme = by_key.get((year, key))
        if programme is None or not seats[year, programme] or (official, programme.raises_to_id) in has:
            continue
        assert programme.raises_to_id is not None  # of the lines that were read
        seats[year, programme] -= 1
        has.add((official, programme.raises_to_id))
        run = run_of(programme, year)
        late = max(day + A_DAY - run.start_date, timedelta())
        records.append(
            Expected(
                official,
                programme.raises_to_id,
                match_key(programme.field_of_study),
                run.end_date + late,
                is_planned=True,
                of=f"kế hoạch năm {year}: {programme.title}",
            )
        )
    unnamed: dict[int, int] = defaultdict(int)
    for (year, _), left in seats.items():
        unnamed[year] += left
    return Plan(tuple(records), {year: left for year, left in sorted(unnamed.items()) if left})
