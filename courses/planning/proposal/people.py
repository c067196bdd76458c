"""Who could be sent in a year so that they meet the standard: what each lacks, and which courses bring all of it.

Left out, and counted: who studies something already, who cannot be told for want of data, whom no set of programmes
makes compliant, and against whom a bar stands (courses.enrolment.rules), such as to retire before having served.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from cadres.evaluation import Supposed
from cadres.models import Appointment, Criterion, Position
from courses.enrolment.rules import BARS, Terms, with_rules
from courses.models import DistrictSubmission, Programme, RegisteredNeed, TrainingClass
from courses.needs.computed import Closing, closing_programmes, lacking_posts
from courses.planning.costs import Norms, estimate
from courses.planning.proposal.choosing import Group
from courses.under_way import under_way

FIRST_MONTH, STUDY_DAYS_A_WEEK = 3, 5
MOST_STUDY_DAYS = 180  # of one person in a year, all courses together
MOST_BUNDLES = 12  # of one person: the cheapest ones
MOST_LOOKED_AT = 200  # ways of one person to begin with, the shortest: a catalogue may offer very many
KEY_POST, REGISTERED, URGENT = 1, 2, 4  # what weighs between two who cost the same

Bundle = frozenset[int]  # keys of programmes that together bring all that somebody lacks


@dataclass(frozen=True)
class Sendable:
    """The people who could be sent, those alike together: `groups`, each key → `officials`, who goes first first.

    `left_out`: why others who are not compliant could not be (in words) → people.
    """

    groups: list[Group]
    officials: Mapping[int, Sequence[int]]
    programmes: Mapping[int, Programme]
    left_out: Mapping[str, int]
    closing: Closing


STUDY, NO_DATA, NO_PROGRAMME, BARRED, NO_NORM = (
    "đang học, đã cử học",
    "hồ sơ còn thiếu dữ liệu",
    "chưa có chương trình bù đủ",
    "không đủ điều kiện cử (nghỉ hưu, điều kiện đầu vào)",
    "chương trình chưa có định mức chi",
)


def run_of(programme: Programme, year: int, day: date) -> TrainingClass:
    """A class of the programme as it could be held in the year, not written: from March on, or from the day if that is
    later; five study days a week."""
    start = max(date(year, FIRST_MONTH, 1), day)
    days = -(-programme.days * 7 // STUDY_DAYS_A_WEEK)
    return TrainingClass(programme=programme, start_date=start, end_date=start + timedelta(days=days - 1))


def sendable(
    year: int,
    day: date,
    *,
    criterion: Criterion,
    norms: Norms,
    appointments: QuerySet[Appointment] | None = None,
    by_zone: bool = False,
) -> Sendable:
    """Who of the appointments (None: all) could be sent in the year, by what is on record on the day.

    `by_zone`: people of several zones are not alike. Two queries for each programme that somebody lacks, however many
    people there are.
    """
    closing = closing_programmes(day, criterion=criterion, finished=Supposed())
    posts: Any = lacking_posts(
        day,
        criterion=criterion,
        appointments=appointments,
        rulebook=closing.rulebook,
        finished=closing.finished,
        everybody=True,
    )
    columns = ("official_id", "position_id", "district_id", "zone", "not_met", "unknown", "position__subgroup")
    left_out: dict[str, int] = defaultdict(int)
    studying = set(under_way(day).values_list("official", flat=True))
    options: dict[int, tuple[Any, list[Bundle]]] = {}
    for post in posts.order_by("official_id").values_list(*columns, named=True):
        if post.official_id in studying:
            left_out[STUDY] += 1
        elif post.unknown & closing.counted_levels:
            left_out[NO_DATA] += 1
        elif not (bundles := bundles_of(post, closing)):
            left_out[NO_PROGRAMME] += 1
        else:
            options[post.official_id] = post, bundles
    programmes = {offer.programme.pk: offer.programme for offers in closing.offers.values() for offer in offers}
    wanted = {key for _, bundles in options.values() for bundle in bundles for key in bundle}
    priced = {key for key in wanted if norms.per_trainee_day(programmes[key]) is not None}
    may_go = {key: _against_whom_no_bar_stands(programmes[key], year, closing, options) for key in priced}
    weights = _registered(year, options)
    alike: dict[Any, list[int]] = defaultdict(list)
    for official, (post, bundles) in options.items():
        if not (priced_only := [bundle for bundle in bundles if bundle <= priced]):
            left_out[NO_NORM] += 1
            continue
        possible = [bundle for bundle in priced_only if all(official in may_go[key] for key in bundle)]
        if not possible:
            left_out[BARRED] += 1
            continue
        prices = {bundle: sum(estimate(programmes[key], 1, norms) for key in bundle) for bundle in possible}
        cheapest = sorted(possible, key=lambda bundle: (prices[bundle], sorted(bundle)))[:MOST_BUNDLES]
        weight = weights.get(official, 0) + (KEY_POST if post.position__subgroup == Position.Subgroup.KEY else 0)
        alike[post.district_id, tuple(cheapest), weight, post.zone if by_zone else None].append(official)
    groups, officials = [], {}
    for number, ((place, bundles, weight, zone), people) in enumerate(alike.items()):
        groups.append(Group(number, place, len(people), bundles, weight, zone))
        officials[number] = people
    return Sendable(groups, officials, programmes, dict(left_out), closing)


def bundles_of(post: Any, closing: Closing) -> list[Bundle]:
    """The sets of programmes that bring all that a post lacks: one for each dimension, within a year's study days.

    Of very many the MOST_LOOKED_AT with the fewest study days, taken dimension by dimension.
    """
    days = {frozenset[int](): 0}
    for dimension, required in closing.lacking(post):
        found = closing.all(post.position_id, dimension.code, required.rank)
        longer = {
            bundle | {programme.pk}: number + (0 if programme.pk in bundle else programme.days)
            for bundle, number in days.items()
            for programme in found
        }
        within = [bundle for bundle, number in longer.items() if number <= MOST_STUDY_DAYS]
        within.sort(key=lambda bundle: (longer[bundle], sorted(bundle)))
        days = {bundle: longer[bundle] for bundle in within[:MOST_LOOKED_AT]}
    return sorted(days, key=sorted)


def _against_whom_no_bar_stands(
    programme: Programme, year: int, closing: Closing, officials: Iterable[int]
) -> set[int]:
    """The keys of those who may go to a class of the programme in the year."""
    terms = Terms.of(run_of(programme, year, closing.day), closing.day, closing.rulebook)
    free = without_bars(officials, terms, criterion=closing.criterion)
    return set(free.filter(closing.closed_by(programme)).values_list("official", flat=True))


def without_bars(officials: Iterable[int], terms: Terms, *, criterion: Criterion) -> QuerySet[Any]:
    """The posts of those officials against whom no bar stands."""
    own = Appointment.objects.filter(official__in=list(officials))
    posts = with_rules(own, terms, criterion=criterion, rules=BARS)
    return posts.filter(**{rule.column: False for rule in BARS})


def accepted_needs(year: int) -> QuerySet[RegisteredNeed]:
    """What units have registered for the year and the province has accepted."""
    return RegisteredNeed.objects.filter(
        submission__campaign__year=year, submission__state=DistrictSubmission.State.ACCEPTED
    )


def _registered(year: int, officials: Iterable[int]) -> dict[int, int]:
    """Official → what it weighs that a unit has registered the person for the year, and the province accepted it."""
    rows = accepted_needs(year).filter(official__in=list(officials))
    urgent = RegisteredNeed.Priority.URGENT
    found: dict[int, int] = {}
    for official, priority in rows.values_list("official", "priority"):
        found[official] = max(found.get(official, 0), URGENT if priority == urgent else REGISTERED)
    return found
