"""The units of one day in those of another, on an invented district that is reorganised twice."""

from datetime import date, timedelta

import pytest

from cadres.correspondence import NOWHERE, Correspondence, comparable_units
from cadres.models import Appointment, Unit, UnitSuccession, UnitVersion
from tests.builders import begin_data, make_appointment, make_commune, make_official, make_unit, position_of

pytestmark = pytest.mark.django_db

OLD, FIRST_CHANGE, BETWEEN, SECOND_CHANGE = date(2015, 12, 31), date(2018, 7, 1), date(2019, 1, 1), date(2025, 7, 1)
NEW = date(2026, 1, 1)
A_DAY = timedelta(days=1)


@pytest.fixture
def units(db) -> dict[str, Unit]:
    """Huyện D1 with A, B, C, X; huyện D2 with E. In 2018 B is merged into A, which goes on, and X is split into Y
    and Z. In 2025 both districts end, A and C become P, E and Y become Q, Z becomes R; N, out of nothing, opens."""
    province = make_unit(UnitVersion.Kind.PROVINCE, code="P9", name="Tỉnh Thử")
    periods = {
        **{code: {"end_date": SECOND_CHANGE - A_DAY} for code in "ACE"},
        **{code: {"end_date": FIRST_CHANGE - A_DAY} for code in "BX"},
        **{code: {"start_date": FIRST_CHANGE, "end_date": SECOND_CHANGE - A_DAY} for code in "YZ"},
    }
    districts = {
        code: make_unit(
            UnitVersion.Kind.DISTRICT, parent=province, code=code, name=f"Huyện {code}", end_date=SECOND_CHANGE - A_DAY
        )
        for code in ("D1", "D2")
    }
    found = {
        code: make_commune(
            parent=districts["D2" if code == "E" else "D1"],
            code=code,
            name=f"Xã {code}",
            data_begin=OLD,
            **periods[code],
        )
        for code in "ABCEXYZ"
    }
    found |= {
        code: make_commune(
            parent=province, code=code, name=f"Xã {code}", data_begin=SECOND_CHANGE, start_date=SECOND_CHANGE
        )
        for code in "NPQR"
    }
    for old, new, on in (
        ("B", "A", FIRST_CHANGE), ("X", "Y", FIRST_CHANGE), ("X", "Z", FIRST_CHANGE), ("A", "P", SECOND_CHANGE),
        ("C", "P", SECOND_CHANGE), ("E", "Q", SECOND_CHANGE), ("Y", "Q", SECOND_CHANGE), ("Z", "R", SECOND_CHANGE),
    ):  # fmt: skip
        UnitSuccession.objects.create(predecessor=found[old], successor=found[new], effective_on=on)
    return found


def placed(units: dict[str, Unit], day: date, then: date, *, above: bool = False) -> dict[str, str]:
    """Code of a unit of `then` → code of its place among the units of the day."""
    places = Correspondence(day).places(then, above=above)
    return {code: place.code for code, unit in units.items() if (place := places.of(unit.pk))}


def notes(day: date, then: date) -> dict[str, str]:
    """Code of a place of the invented communes → what is said of it, where anything is."""
    places = Correspondence(day).places(then)
    return {place.code: place.note for place in places if place.note and place.code[0].isalpha()}


def test_forward_a_unit_goes_where_its_successions_lead_and_one_that_was_split_to_all_of_them(units):
    assert placed(units, NEW, OLD) == {"A": "P", "B": "P", "C": "P", "E": "Q", "X": "Q+R"}
    assert placed(units, NEW, BETWEEN) == {"A": "P", "C": "P", "E": "Q", "Y": "Q", "Z": "R"}
    assert placed(units, BETWEEN, OLD) == {"A": "A", "B": "A", "C": "C", "E": "E", "X": "Y+Z"}
    assert notes(NEW, OLD) == {"Q+R": "Xã X đã chia tách: không chia người cho từng đơn vị"}
    assert placed(units, FIRST_CHANGE - A_DAY, OLD)["B"] == "B"  # the day before
    assert placed(units, FIRST_CHANGE, OLD)["B"] == "A"


def test_backward_only_the_set_of_former_communes_that_became_one(units):
    assert placed(units, OLD, NEW) == {"N": NOWHERE, "P": "A+B+C", "Q": "E+X", "R": "X"}
    assert placed(units, OLD, BETWEEN) == {"A": "A+B", "C": "C", "E": "E", "Y": "X", "Z": "X"}
    assert placed(units, FIRST_CHANGE - A_DAY, FIRST_CHANGE)["A"] == "A+B"  # the day before
    assert placed(units, FIRST_CHANGE, BETWEEN)["A"] == "A"
    assert notes(OLD, BETWEEN) == {"A+B": "ngày 01/01/2019 là Xã A"}  # Y and Z are X whole
    assert notes(OLD, NEW) == {
        "A+B+C": "ngày 01/01/2026 là Xã P",
        "E+X": "ngày 01/01/2026 là Xã Q; Xã X chỉ một phần",
        "X": "ngày 01/01/2026 là Xã R; Xã X chỉ một phần",
    }


def test_the_units_above_are_those_above_on_the_day(units):
    assert set(placed(units, NEW, OLD, above=True).values()) == {"P9"}
    assert placed(units, OLD, NEW, above=True) == {"N": NOWHERE, "P": "D1", "Q": "D1+D2", "R": "D1"}
    place = Correspondence(OLD).places(NEW).of(units["P"].pk)
    assert (place.name, place.above_code, place.above_name) == ("Xã A, Xã B, Xã C", "D1", "Huyện D1")
    assert place.units == {units[code].pk for code in "ABC"}


def test_who_asks_for_some_units_of_a_day_gets_those_that_lie_wholly_among_them(units):
    old, new = Correspondence(OLD), Correspondence(NEW)
    keys = {unit.pk: code for code, unit in units.items()}

    def within(correspondence, codes, then):
        return {keys[unit] for unit in correspondence.units_within([units[code].pk for code in codes], then)}

    assert within(old, "ABC", NEW) == {"P"}
    assert within(old, "AB", NEW) == set()
    assert within(old, "EX", NEW) == {"Q", "R"}
    assert within(new, "PQ", OLD) == {"A", "B", "C", "E"}


def test_sql_finds_the_same_places_of_one_day_and_of_days_of_their_own(units):
    for code, start, end in (("X", OLD, FIRST_CHANGE - A_DAY), ("Y", FIRST_CHANGE, None), ("N", SECOND_CHANGE, None)):
        make_appointment(make_official(code), position_of("BT_DU"), units[code], start_date=start, end_date=end)
    posts = Appointment.objects.order_by("start_date")
    places = Correspondence(BETWEEN).places_of_any_day()
    numbers = posts.annotate(place=places.column("unit", "start_date")).values_list("place", flat=True)
    assert [places.numbered(number).code for number in numbers] == ["Y+Z", "Y", NOWHERE]
    numbers = posts.annotate(place=places.column("unit", "end_date")).values_list("place", flat=True)
    assert [number and places.numbered(number).code for number in numbers] == ["Y+Z", None, None]
    assert places.numbers_of(["Y+Z", "Q"]) == [numbers[0]]
    of_a_day = Correspondence(BETWEEN).places(OLD)
    assert of_a_day.numbered(posts.annotate(place=of_a_day.column("unit")).first().place).code == "Y+Z"


def test_successions_in_a_circle_come_to_an_end(units):
    UnitSuccession.objects.create(predecessor=units["A"], successor=units["B"], effective_on=FIRST_CHANGE)
    assert placed(units, BETWEEN, OLD)["B"] == "A"


def test_two_days_are_compared_in_units_that_were_merged_or_split_as_a_whole(units):
    def compared(before, after):
        keys = set(comparable_units(before, after))
        return "".join(sorted(code for code, unit in units.items() if unit.pk in keys))

    assert compared(OLD, BETWEEN) == compared(BETWEEN, OLD) == "ABCEXYZ"
    assert compared(OLD, NEW) == "ABCEPQRX"  # nobody knew N before
    assert compared(OLD - A_DAY, NEW) == ""
    units["B"].roster_days.all().delete()  # then nobody knows of all of P who was there
    assert compared(OLD, NEW) == "EQRX"
    begin_data(units["B"], OLD + A_DAY)
    assert compared(OLD + A_DAY, NEW) == "ABCEPQRX"
    units["R"].roster_days.all().delete()  # X became Q, of which E is a part too, and R: they are one whole
    assert compared(OLD, BETWEEN) == "CEXYZ"
    assert compared(BETWEEN, NEW) == "ACEPQY"
