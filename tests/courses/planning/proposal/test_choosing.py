"""The choice of classes beside all choices that there are, on instances small enough to try each."""

from dataclasses import replace
from itertools import product
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.planning.proposal.choosing import Choice, Group, Infeasible, NothingFound, Problem, best, greedy

COURSES, PLACES = (1, 2, 3), (11, 12)
BUNDLES = [frozenset(bundle) for bundle in ((1,), (2,), (3,), (1, 2), (2, 3))]


def can_be_held(seats: dict[tuple[int, int], int], problem: Problem) -> bool:
    """Whether the seats of each course can be parted into classes: some at home, the others at the province."""

    def fits(number: int) -> bool:
        return number == 0 or number >= problem.fewest * ceil(number / problem.most)

    for course in COURSES:
        at = [seats.get((course, place), 0) for place in PLACES]
        if not any(
            all(fits(home) for home in homes) and fits(sum(at) - sum(homes))
            for homes in product(*(range(number + 1) for number in at))
        ):
            return False
    return True


def by_trying(problem: Problem) -> int:
    """The most people that any choice makes compliant; -1 where there is none."""
    ways = [
        [sent for sent in product(*(range(group.people + 1) for _ in group.bundles)) if sum(sent) <= group.people]
        for group in problem.groups
    ]
    most = -1
    for chosen in product(*ways):
        seats: dict[tuple[int, int], int] = {}
        for group, sent in zip(problem.groups, chosen, strict=True):
            for bundle, number in zip(group.bundles, sent, strict=True):
                for course in bundle:
                    seats[course, group.place] = seats.get((course, group.place), 0) + number
        cost = sum(problem.prices[course] * number for (course, _), number in seats.items())
        given_to = {place: sum(n for (_, home), n in seats.items() if home == place) for place in PLACES}
        enough = all(given_to[place] >= number for place, number in problem.least.items())
        people = sum(map(sum, chosen))
        if cost <= problem.budget and enough and people > most and can_be_held(seats, problem):
            most = people
    return most


def check(choice: Choice, problem: Problem) -> None:
    """That a choice keeps to the budget, the people there are, the seats, and the sizes of classes."""
    people = {group.key: group.people for group in problem.groups}
    for key, there_are in people.items():
        assert sum(number for (of, _), number in choice.sent.items() if of == key) <= there_are
    wanted: dict[tuple[int, int], int] = {}
    home = {group.key: group.place for group in problem.groups}
    for (key, bundle), number in choice.sent.items():
        for course in bundle:
            wanted[course, home[key]] = wanted.get((course, home[key]), 0) + number
    seated: dict[tuple[int, int], int] = {}
    for (course, _, place), number in choice.seats.items():
        seated[course, place] = seated.get((course, place), 0) + number
    assert {key: number for key, number in wanted.items() if number} == seated
    for (course, place), classes in choice.classes.items():
        number = sum(n for (one, at, _), n in choice.seats.items() if (one, at) == (course, place))
        assert problem.fewest * classes <= number <= problem.most * classes
    assert choice.cost == sum(problem.prices[course] * number for (course, _, _), number in choice.seats.items())
    assert choice.cost <= problem.budget


groups = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        st.integers(0, 4),
        st.lists(st.sampled_from(BUNDLES), min_size=1, max_size=2, unique=True),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(groups=groups, prices=st.tuples(*[st.integers(1, 9)] * 3), budget=st.integers(1, 60), fewest=st.integers(1, 3))
def test_nothing_that_can_be_tried_makes_more_people_compliant(groups, prices, budget, fewest):
    problem = Problem(
        [Group(key, place, people, tuple(bundles)) for key, (place, people, bundles) in enumerate(groups)],
        dict(zip(COURSES, prices, strict=True)),
        budget,
        fewest,
        2 * fewest,
    )
    found = best(problem)
    check(found, problem)
    assert found.is_proved or not found.sent
    assert found.people == by_trying(problem)
    by_hand = greedy(problem)
    check(by_hand, problem)
    assert by_hand.people <= found.people


@pytest.mark.parametrize(("budget", "people"), [(39, 0), (40, 4), (49, 4), (50, 5), (100, 10), (1000, 10)])
def test_a_class_is_held_from_its_fewest_people_on_and_ten_are_two_classes(budget, people):
    """Ten people of one place at 10 đồng, four to eight a class."""
    problem = Problem([Group(0, 11, 10, (frozenset({1}),))], {1: 10}, budget, 4, 8)
    found = best(problem)
    check(found, problem)
    assert found.people == people
    assert found.classes == ({} if not people else {(1, 11): ceil(people / 8)})


def test_those_of_two_places_who_are_too_few_alone_learn_together_at_the_province():
    problem = Problem([Group(0, 11, 3, (frozenset({1}),)), Group(1, 12, 3, (frozenset({1}),))], {1: 10}, 60, 5, 10)
    assert best(problem).classes == {(1, None): 1}
    assert greedy(problem).people == 0


def test_of_two_who_cost_the_same_the_one_registered_goes():
    first, second = Group(0, 11, 4, (frozenset({1}),), 0), Group(1, 11, 4, (frozenset({1}),), 4)
    for choice in (
        best(Problem([first, second], {1: 10}, 40, 4, 8)),
        greedy(Problem([first, second], {1: 10}, 40, 4, 8)),
    ):
        assert choice.sent == {(1, frozenset({1})): 4}


def test_a_unit_gets_its_least_seats_or_nothing_is_proposed():
    cheap, dear = Group(0, 11, 8, (frozenset({1}),)), Group(1, 12, 8, (frozenset({2}),))
    problem = Problem([cheap, dear], {1: 10, 2: 20}, 80, 4, 8)
    assert best(problem).people == 8
    fair = Problem([cheap, dear], {1: 10, 2: 20}, 120, 4, 8, {12: 4})
    assert best(fair).sent == {(0, frozenset({1})): 4, (1, frozenset({2})): 4}
    for least in ({12: 5}, {13: 1}):
        with pytest.raises(Infeasible):
            best(Problem([cheap, dear], {1: 10, 2: 20}, 80, 4, 8, least))
    with pytest.raises(Infeasible):
        best(Problem([], {}, 80, 4, 8, {12: 1}))
    assert best(Problem([], {}, 80, 4, 8)).people == 0


def test_where_the_time_is_up_it_is_the_choice_by_hand_with_what_might_be_had():
    groups = [Group(key, PLACES[key % 2], 7, (frozenset({1}), frozenset({2, 3}))) for key in range(200)]
    problem = Problem(groups, {1: 7, 2: 3, 3: 4}, 1001, 4, 8)
    found = best(problem, seconds=0.0)
    check(found, problem)
    assert found.people == greedy(problem).people
    assert (found.bound or 0) >= best(problem).people
    assert not found.is_proved
    with pytest.raises(NothingFound):
        best(replace(problem, least={12: 4}), seconds=0.0)


def test_the_same_problem_has_the_same_answer():
    problem = Problem(
        [Group(key, PLACES[key % 2], 7, (frozenset({1}), frozenset({2, 3}))) for key in range(6)],
        {1: 7, 2: 3, 3: 4},
        150,
        4,
        8,
    )
    assert best(problem, seed=3) == best(problem, seed=3)
