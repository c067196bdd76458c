"""Whom another day can find otherwise: nobody is left out whose post or verdict is another one then."""

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

import cadres
from cadres.evaluation import judged
from cadres.models import (
    AcceptedField,
    Dimension,
    Official,
    RosterDay,
    Standard,
    UnitRelaxation,
    UnitSuccession,
)
from cadres.turning import OF_A_PERSON, OF_NO_PERSON, concerned
from tests.builders import criterion_of, position_of
from tests.conftest import rolled_back, unit_of
from tests.province import BAN_PHO, DAY, THANH_BINH
from tests.reports.test_invented_provinces import DAYS, invent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

A_DAY = timedelta(days=1)


def otherwise_on(day: date) -> frozenset[int] | None:
    """Who is concerned on the day, beside the day before it."""
    return concerned([day - A_DAY, day])[day]


def test_whatever_begins_or_has_ended_on_a_day_concerns_its_person_or_everybody():
    AcceptedField.objects.create(
        position=position_of("TCA"), dimension=Dimension.objects.get(code="professional"), field_of_study="Kế toán"
    )
    UnitRelaxation.objects.get_or_create(unit=unit_of(THANH_BINH), defaults={"is_relaxed": False})
    assert [otherwise_on(DAY + A_DAY * days) for days in range(4)] == [frozenset()] * 4
    for model in (*OF_A_PERSON, *OF_NO_PERSON):
        row = model.objects.order_by("pk").first()
        whom = frozenset({row.official_id}) if model in OF_A_PERSON else None
        with rolled_back():
            model.objects.filter(pk=row.pk).update(start_date=DAY + A_DAY, end_date=DAY + A_DAY * 2)
            found = [otherwise_on(DAY + A_DAY * days) for days in range(5)]
            assert found == [frozenset(), whom, frozenset(), whom, frozenset()], model
            assert concerned([DAY, DAY + A_DAY * 3]) == {DAY + A_DAY * 3: whom}, model


@pytest.mark.parametrize("what", ["a first roster", "a merger", "a transition that ended"])
def test_what_has_one_day_only_concerns_everybody_on_that_day(what):
    if what == "a first roster":
        RosterDay.objects.filter(unit=unit_of(BAN_PHO)).delete()
        RosterDay.objects.create(unit=unit_of(BAN_PHO), day=DAY)
    elif what == "a merger":
        UnitSuccession.objects.create(predecessor=unit_of(BAN_PHO), successor=unit_of(THANH_BINH), effective_on=DAY)
    else:
        Standard.objects.filter(pk=Standard.objects.first().pk).update(transition_until=DAY - A_DAY)
    assert [otherwise_on(DAY + A_DAY * days) for days in (-1, 0, 1)] == [frozenset(), None, frozenset()]


def test_a_later_roster_of_a_commune_concerns_nobody():
    RosterDay.objects.create(unit=unit_of(BAN_PHO), day=DAY)
    assert otherwise_on(DAY) == frozenset()


def test_every_table_that_the_verdict_finds_in_force_is_looked_at():
    page = (Path(cadres.__file__).parent / "verdict.sql").read_text(encoding="utf-8")
    in_force = set(re.findall(r"\{(\w+) in force\}", page)) - {"x", "appointment"}  # it is given the appointments
    tables = {table for table, alias in re.findall(r"(cadres_\w+) AS \"?(\w+)\"?", page) if alias in in_force}
    looked_at = {model._meta.db_table for model in (*OF_A_PERSON, *OF_NO_PERSON)}
    assert looked_at == tables | {"cadres_appointment", "cadres_standard"}  # Rulebook.standards_on picks the standards


@pytest.mark.parametrize("seed", range(4))
def test_whoever_is_not_concerned_has_the_same_post_and_verdict(seed):
    random = Random(seed)
    invent(random)
    days = sorted({day + A_DAY * step for day in DAYS for step in (-1, 0, 1, 40)})
    told = {day: {post["official_id"]: post for post in judged(day, criterion=criterion_of()).values()} for day in days}
    alike = 0
    for since, until in pairwise(days):
        whom = concerned([since, until])[until]
        if whom is not None:
            others = set(Official.objects.values_list("pk", flat=True)) - whom
            alike += len(others)
            for key in others:
                assert told[since].get(key) == told[until].get(key), (seed, since, until, key)
    assert alike
