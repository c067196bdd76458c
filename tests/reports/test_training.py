"""The report of training: counted by hand on the small province, and by the naive implementation on invented ones.

The figures expected are those of tests/trained_province.py.
"""

from collections.abc import Iterable
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from cadres import registry
from cadres.correspondence import Correspondence
from cadres.models import Official, Unit
from courses.models import Enrolment, Programme, SubjectArea, TrainingClass
from reports.training import TRAINING_BY, TRAINING_GROUPINGS, InPlaces, Money, in_group, training, turns
from tests import province, trained_province
from tests.builders import (
    make_appointment,
    make_class,
    make_commune,
    make_enrolment,
    make_official,
    make_programme,
    position_of,
)
from tests.conftest import rolled_back, unit_of
from tests.province import BAC_HA_TOWN, BAN_PHO, THANH_BINH
from tests.reports import naive_training
from tests.reports.test_invented_provinces import DAYS, invent
from tests.trained_province import ABSENT, COMPLETED, FAILED, FROM, TO, fund, run_class

pytestmark = pytest.mark.usefixtures("province_database")


@pytest.fixture
def people(db) -> dict[str, Official]:
    return province.people()


@pytest.fixture
def classes(people) -> dict[str, TrainingClass]:
    return trained_province.build(people)


def unit_of_2025(name: str) -> Unit:
    return Unit.objects.get(versions__name=name, versions__start_date=date(2025, 7, 1))


def counts_by(by: str, **choices) -> dict[str, tuple[int, int, int]]:
    """Code of the group → turns, persons, money of all sources."""
    groups = training(FROM, TO, by=by, **choices).groups
    return {group.code: (group.figures.turns, group.figures.persons, group.figures.money.total) for group in groups}


# ---------------------------------------------------------------- counted by hand


def test_turns_in_the_units_of_another_day_and_once_the_people_went_there(classes, people):
    """In 2025 Bản Phố and thị trấn Bắc Hà are xã Bắc Hà, Thanh Bình is in xã Mường Khương, and there are no districts.
    Dơ, in 2025 already in Mường Khương, is told in Thanh Bình again, beside the other communes that became it."""
    own = counts_by("district")
    units = Correspondence(date(2025, 7, 1))
    here = {name: unit_of_2025(name).versions.get().code for name in ("Xã Bắc Hà", "Xã Mường Khương")}
    assert counts_by("commune", units=units) == {here["Xã Mường Khương"]: own["083"], here["Xã Bắc Hà"]: own["085"]}
    assert [turned for turned, _, _ in counts_by("district", units=units).values()] == [9]
    some = InPlaces(units, "commune", [here["Xã Mường Khương"]])
    assert training(FROM, TO, by="kind", places=some).whole.money == Money(local=67, central=33)
    former = counts_by("commune", units=Correspondence(date(2009, 1, 1)))
    assert former == counts_by("commune")
    registry.transfer(
        people["Lù Seo Dơ"], position_of("BT_DU"), unit_of_2025("Xã Mường Khương"), start_date=date(2025, 7, 1), by=None
    )
    run_class(make_programme(), date(2025, 8, 4), date(2025, 8, 8), completed=[people["Lù Seo Dơ"]], money=(0, 5))
    back = training(FROM, date(2025, 12, 31), by="commune", units=Correspondence(date(2015, 12, 31))).groups
    told = {group.code: group.figures.turns for group in back}
    whole = next(code for code in told if "+" in code)
    assert (told[THANH_BINH], told[whole], THANH_BINH in whole.split("+")) == (1, 1, True)
    assert "là Xã Mường Khương" in next(group.note for group in back if group.code == whole)


def test_turns_persons_and_money_of_the_whole(classes):
    whole = training(FROM, TO, by="kind").whole
    assert (whole.turns, whole.persons) == (9, 7)
    assert whole.money == Money(central=1100, local=628)
    assert (whole.degree, whole.certificate, whole.workshop) == (3, 6, 0)


EXPECTED = {
    "kind": {"degree": (3, 3, 1390), "certificate": (6, 6, 331), "workshop": (0, 0, 7)},
    "result": {
        "professional:TC": (1, 1, 90), "professional:DH": (2, 2, 1300), "it:A": (3, 3, 31),
        "certificate": (3, 3, 300), "workshop": (0, 0, 7),
    },
    "group": {"cadre": (4, 3, 950), "civil_servant": (4, 3, 761), "non_specialist": (1, 1, 10)},
    "subgroup": {"key": (4, 3, 950), "professional": (4, 3, 761), "non_specialist": (1, 1, 10)},
    "position": {"BT_DU": (4, 3, 950), "TCA": (1, 1, 90), "VP_TK": (3, 2, 671), "KCT": (1, 1, 10)},
    "subject": {"CM": (3, 3, 1390), "KNLD": (3, 3, 300), "TH": (3, 3, 31), "XDD": (0, 0, 7)},
    "district": {"083": (1, 1, 100), "085": (8, 6, 1621)},
    "commune": {THANH_BINH: (1, 1, 100), BAC_HA_TOWN: (3, 3, 200), BAN_PHO: (5, 3, 1421)},
    "zone": {"1": (3, 3, 200), "2": (1, 1, 100), "3": (5, 3, 1421)},
    "sex": {"M": (7, 5, 1611), "F": (2, 2, 110)},
    "ethnic": {"01": (3, 2, 671), "02": (2, 2, 190), "08": (3, 2, 760), "unknown": (1, 1, 100)},
    "year": {"2014": (3, 3, 1390), "2015": (6, 6, 338)},
    "source": {"central": (0, 0, 1100), "local": (0, 0, 628)},
}  # fmt: skip


def test_figures_by_every_grouping_in_the_order_in_which_they_are_shown(classes):
    assert set(EXPECTED) == set(TRAINING_BY)
    for by, expected in EXPECTED.items():
        assert list(counts_by(by).items()) == list(expected.items()), by


def test_money_of_people_adds_up_with_that_of_classes_nobody_completed(classes):
    """The 31 đồng of the IT class are 21 for two civil servants and 10 for one other (20,67 and 10,33 rounded)."""
    report = training(FROM, TO, by="group")
    assert report.unshared == Money(local=7)
    assert sum(group.figures.money.total for group in report.groups) + 7 == report.whole.money.total
    assert training(FROM, TO, by="kind").unshared == Money()


def test_highlights_are_those_of_the_summary_of_the_province(classes):
    highlights = training(FROM, TO, by="kind").highlights
    assert (highlights.university, highlights.intermediate) == (2, 1)
    assert (highlights.key_certificates, highlights.servant_certificates) == (3, 2)


def test_intermediate_political_theory_is_among_the_intermediate_and_each_person_once(classes, people):
    """Somebody else and whoever has the professional TC of `classes` already: one person more, though two turns."""
    theory = make_programme("political_theory:TC", kind=Programme.Kind.DEGREE)
    (has_one,) = Enrolment.objects.filter(
        training_class__programme__raises_to__code="TC",
        training_class__programme__raises_to__dimension__code="professional",
        state=Enrolment.State.COMPLETED,
    ).values_list("official", flat=True)
    other = next(person for person in people.values() if person.pk != has_one)
    both = [Official.objects.get(pk=has_one), other]
    run_class(theory, date(2015, 3, 2), date(2015, 9, 4), completed=both, money=(4, 0))

    assert training(FROM, TO, by="kind").highlights.intermediate == 2


def test_report_of_one_kind(classes):
    report = training(FROM, TO, by="year", kind=Programme.Kind.DEGREE)
    assert (report.whole.turns, report.whole.persons, report.whole.money.total) == (3, 3, 1390)
    assert counts_by("year", kind=Programme.Kind.DEGREE) == {"2014": (3, 3, 1390)}


def test_report_of_a_unit_shares_the_money_of_its_classes(classes):
    """Of law 1.300, of agri 90, of lead two thirds (66,67 + 133,33 → 67 + 133), of it all: nothing of party."""
    whole = training(FROM, TO, by="kind", unit=unit_of("085")).whole
    assert (whole.turns, whole.persons) == (8, 6)
    assert whole.money == Money(central=1067, local=300 + 90 + 133 + 31)
    assert training(FROM, TO, by="kind", unit=unit_of(BAC_HA_TOWN)).whole.turns == 3
    province_of_lao_cai = unit_of("10")
    assert training(FROM, TO, by="kind", unit=province_of_lao_cai).whole.turns == 9


def test_half_a_dong_is_rounded_up(people):
    first, second = people["Giàng A Sử"], people["Lù Seo Dơ"]
    run_class(make_programme(), date(2015, 3, 2), date(2015, 3, 6), completed=[first, second], money=(0, 5))
    assert counts_by("district") == {"083": (1, 1, 3), "085": (1, 1, 3)}
    assert training(FROM, TO, by="kind", unit=unit_of("083")).whole.money == Money(local=3)


def test_turns_of_given_enrolments_only(classes, people):
    own = Enrolment.objects.filter(official=people["Giàng A Sử"])
    report = training(FROM, TO, by="kind", enrolments=own)
    assert (report.whole.turns, report.whole.persons) == (2, 1)
    assert report.whole.money == Money(central=500 + 33, local=150 + 67)


# ---------------------------------------------------------------- rules with days


@pytest.mark.parametrize(
    ("start", "end", "turns_counted"),
    [
        (date(2015, 3, 7), TO, 3),
        (date(2015, 3, 6), TO, 6),
        (FROM, date(2015, 3, 5), 3),
        (FROM, date(2015, 3, 6), 6),
        (date(2015, 3, 6), date(2015, 3, 6), 3),
    ],
)
def test_a_class_counts_by_the_day_it_ended(classes, start, end, turns_counted):
    assert training(start, end, by="kind").whole.turns == turns_counted


@pytest.mark.parametrize(
    ("starts", "commune", "position"),
    [
        (date(2014, 6, 30), BAN_PHO, "BT_DU"),
        (date(2014, 7, 1), THANH_BINH, "CT_UBND"),
        (date(2014, 7, 2), THANH_BINH, "CT_UBND"),
    ],
)
def test_a_turn_belongs_to_the_post_of_the_day_its_class_started(people, starts, commune, position):
    official = people["Giàng A Sử"]
    registry.transfer(official, position_of("CT_UBND"), unit_of(THANH_BINH), start_date=date(2014, 7, 1), by=None)
    run_class(make_programme(), starts, date(2014, 9, 1), completed=[official])
    assert list(counts_by("commune")) == [commune]
    assert list(counts_by("position")) == [position]


def test_who_held_no_post_then_is_a_group_of_its_own(people):
    newcomer = make_official("Cư Seo Vần")
    make_appointment(newcomer, position_of("VP_TK"), unit_of(BAN_PHO), start_date=date(2015, 6, 1))
    run_class(make_programme(), date(2015, 3, 2), date(2015, 3, 6), completed=[newcomer], money=(0, 10))
    for by in ("group", "subgroup", "position", "district", "commune", "zone"):
        assert counts_by(by) == {"unknown": (1, 1, 10)}, by
    assert training(FROM, TO, by="kind", unit=unit_of("085")).whole.turns == 0


def test_concurrent_post_does_not_count_a_turn_twice(people):
    official = people["Giàng A Sử"]
    make_appointment(official, position_of("CT_HDND"), unit_of(BAN_PHO), is_primary=False)
    run_class(make_programme(), date(2015, 3, 2), date(2015, 3, 6), completed=[official])
    assert counts_by("position") == {"BT_DU": (1, 1, 0)}


@pytest.mark.parametrize("state", [state for state in TrainingClass.State if state != TrainingClass.State.ENDED])
def test_only_classes_that_ended_count(people, state):
    running = make_class(state=state)
    make_enrolment(people["Giàng A Sử"], running, COMPLETED)
    fund(running, 5, 5)
    report = training(FROM, TO, by="group")
    assert (report.whole.turns, report.whole.money, report.groups) == (0, Money(), [])


def test_two_units_that_bore_one_code_are_two_groups(people):
    """The code of a commune that ended in 2013 went to another in 2014."""
    old = make_commune(code="99001", end_date=date(2013, 12, 31))
    new = make_commune(code="99001", start_date=date(2014, 1, 1))
    for commune, day in ((old, date(2013, 5, 6)), (new, date(2015, 5, 4)), (new, date(2015, 6, 1))):
        official = make_official()
        make_appointment(official, position_of("BT_DU"), commune)
        run_class(make_programme(), day, day, completed=[official])
    groups = training(FROM, TO, by="commune").groups
    assert [(group.code, group.valid_from, group.figures.turns) for group in groups] == [
        ("99001", None, 1),
        ("99001", date(2014, 1, 1), 2),
    ]
    for group in groups:
        assert in_group(turns(FROM, TO), "commune", [group.key], end=TO).count() == group.figures.turns


# ---------------------------------------------------------------- the list behind a figure


def test_the_turns_of_a_group_are_as_many_as_its_figure(classes):
    newcomer = make_official("Cư Seo Vần")
    run_class(make_programme(), date(2015, 3, 2), date(2015, 3, 6), completed=[newcomer])
    for by in TRAINING_BY:
        if by == "source":
            continue
        for group in training(FROM, TO, by=by).groups:
            found = in_group(turns(FROM, TO), by, [group.key], end=TO)
            assert found.count() == group.figures.turns, (by, group)
            assert found.values("official").distinct().count() == group.figures.persons, (by, group)


def test_several_groups_at_once_and_groups_that_are_none(classes):
    found = in_group(turns(FROM, TO), "result", ["professional:DH", "professional:TC"], end=TO)
    assert found.count() == 3
    for by in ("result", "district", "year", "zone"):
        assert in_group(turns(FROM, TO), by, ["không có"], end=TO).count() == 0


# ---------------------------------------------------------------- against the naive implementation


def agree(
    rows: naive_training.Training,
    start: date,
    end: date,
    *,
    groupings: Iterable[str] = TRAINING_GROUPINGS,
    kind: str | None = None,
    unit: Unit | None = None,
    official: Official | None = None,
) -> None:
    """Compare everything that both say of the period."""
    choices: dict = {"unit": unit}
    is_counted = None
    if unit:
        is_counted = lambda turn: naive_training.lies_in(turn, unit.pk)  # noqa: E731
    if official:
        choices = {"enrolments": Enrolment.objects.filter(official=official)}
        is_counted = lambda turn: turn.enrolment.official_id == official.pk  # noqa: E731
    for by in groupings:
        whole, groups = naive_training.report(rows, start, end, by, kind=kind, is_counted=is_counted)
        report = training(start, end, by=by, kind=kind, **choices)
        for found, expected in [
            (report.whole, whole),
            *((group.figures, groups.pop(group.code)) for group in report.groups),
        ]:
            money = (found.money.central, found.money.local, found.money.other)
            assert (found.turns, found.persons, money) == (expected.turns, expected.persons, expected.money), by
        assert not groups, by


PERIODS = ((FROM, TO), (date(2014, 7, 1), date(2015, 3, 6)), (date(2015, 6, 2), TO))


def test_agrees_with_the_naive_report(classes, people):
    """Each grouping in each period, of each kind, of a unit and of somebody: every two of these together."""
    bac_ha, someone = unit_of("085"), people["Giàng A Sử"]
    chosen = [*({"kind": kind} for kind in (None, *Programme.Kind.values)), {"unit": bac_ha}, {"official": someone}]
    rows = naive_training.Training()
    for turn, by in enumerate(TRAINING_GROUPINGS):
        for place, choice in enumerate(chosen):
            agree(rows, *PERIODS[(turn + place) % len(PERIODS)], groupings=(by,), **choice)


def invent_classes(random: Random) -> None:
    """Eight classes whose days fall among those of the invented province."""
    programmes = [
        make_programme("professional:DH", kind=Programme.Kind.DEGREE, area="CM"),
        make_programme("it:A", area="TH"),
        make_programme(area="KNLD"),
        make_programme(kind=Programme.Kind.WORKSHOP),
    ]
    officials = list(Official.objects.all())
    for _ in range(8):
        start_date, end_date = sorted(random.choices(DAYS, k=2))
        run = make_class(
            random.choice(programmes),
            state=random.choice([TrainingClass.State.ENDED] * 4 + [TrainingClass.State.RUNNING]),
            start_date=start_date,
            end_date=end_date,
        )
        for official in random.sample(officials, random.randint(0, 6)):
            make_enrolment(official, run, random.choice([COMPLETED, COMPLETED, COMPLETED, FAILED, ABSENT]))
        fund(run, random.choice([0, 1, 50]), random.choice([0, 7, 1000]))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@example(seed=1792, days=[date(2016, 1, 3), date(2015, 12, 29)], kind="degree", scope="unit", first=0)
@example(seed=1792, days=[date(2016, 1, 3), date(2015, 12, 29)], kind="degree", scope="unit", first=1)
@given(
    seed=st.integers(0, 2**32),
    days=st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True),
    kind=st.sampled_from([None, None, *Programme.Kind.values]),
    scope=st.sampled_from(["everything", "unit", "official"]),
    first=st.sampled_from([0, 1]),
)
def test_sql_and_naive_agree_on_invented_classes(db, *, seed, days, kind, scope, first):
    """By every second grouping, beginning with the first or the second."""
    with rolled_back():
        random = Random(seed)
        invent(random)
        invent_classes(random)
        choices = {
            "everything": {},
            "unit": {"unit": Unit.objects.filter(versions__code__startswith="D").first()},
            "official": {"official": Official.objects.first()},
        }
        groupings = [*TRAINING_GROUPINGS][first::2]
        agree(naive_training.Training(), *sorted(days), groupings=groupings, kind=kind, **choices[scope])


def test_number_of_queries_does_not_grow(classes, people, django_assert_num_queries):
    def queries(by: str, most: int, **choices) -> None:
        with django_assert_num_queries(most):
            training(FROM, TO, by=by, **choices)

    for turn in range(2):
        queries("kind", 5)
        queries("district", 7)  # the units' names, and the money of classes that nobody completed
        queries("district", 7, unit=unit_of("085"))
        queries("source", 3)
        if turn == 0:
            subject = SubjectArea.objects.create(code="MOI", name="Mới")
            programme = make_programme(area=subject.code)
            for _ in range(5):
                run_class(programme, date(2015, 7, 1), date(2015, 7, 3), completed=[*people.values()], money=(9, 9))
