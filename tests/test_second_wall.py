"""The second wall where the first is gone: a mistake in the scope of the pages shows and changes nobody else's people.

What the pages ask for the scope of an account (its units, the institutions of an account) is patched to say that it has
none; then every address is opened and sent as each limited role, with foreign rows. The database knows
better.
"""

import sys
from types import ModuleType
from typing import Any

import pytest
from django.urls import reverse

from cadres.access import units_given
from cadres.models import Appointment, Official, OfficialIdentifier, Qualification, User, Waiver
from courses.models import Certificate, Enrolment, Institution
from tests.builders import make_appointment, make_official
from tests.conftest import unit_of
from tests.tables import rows_written
from tests.test_access import FOREIGN_NAME, FOREIGN_NUMBER, ROUTES, TABLE, path_of, read, refused_in_a_word, world

__all__ = ["refused_in_a_word", "world"]  # fixtures

# Units are no people, and everybody may know which decision a zone comes from.
OF_UNITS = ("admin:cadres_unit", "cadres:zone-period")
# There the decision on a commune's zone stands beside its people; the world of the tests names it by the number.
WITH_DECISIONS = ("reports:commune",)
STRANGER, STRANGER_NUMBER = "Giàng Thị Xa", "063111333"
OF_PEOPLE = (Appointment, OfficialIdentifier, Qualification, Waiver, Enrolment)  # the tables that name a person
REFUSED, NO_ROW = "403/403", "-"


def tried(address: str) -> list[tuple[str, str]]:
    """Account, and whose rows the address is opened with: all but what the role is refused whatever row it asks for,
    which it is before anything is looked up."""
    cells = TABLE[address]
    of_officer = [side for side in ("foreign", "own") if cells[side] != NO_ROW and cells["own"] != REFUSED]
    of_institution = ["strangers"] if cells["institution"] not in (NO_ROW, REFUSED) else []
    return [("officer", side) for side in of_officer] + [("institution", side) for side in of_institution]


ADDRESSES = [address for address in TABLE if address in ROUTES and not address.startswith(OF_UNITS) and tried(address)]


@pytest.fixture(scope="module")
def askers_of_scope() -> list[ModuleType]:
    """The modules that ask for the units of an account: with ROUTES every page has been imported."""
    return [module for module in list(sys.modules.values()) if getattr(module, "units_given", None) is units_given]


@pytest.fixture
def no_scope(monkeypatch, askers_of_scope):
    monkeypatch.setattr(User, "sees_every_unit", property(lambda user: True))
    for module in askers_of_scope:
        monkeypatch.setattr(module, "units_given", lambda user, permission="": None)
    for module in ("courses.access", "courses.classes.views.selection"):
        monkeypatch.setattr(f"{module}.institutions_of", lambda user: Institution.objects.all())


@pytest.fixture(scope="module")
def stranger(world) -> Official:
    """Somebody of another district who is in no class."""
    official = make_official(STRANGER)
    make_appointment(official, world.own["position"], unit_of("02779"))
    OfficialIdentifier.objects.create(official=official, kind="CMND", number=STRANGER_NUMBER)
    return official


@pytest.fixture(scope="module")
def known(world, stranger) -> dict[Official, list[Any]]:
    """The two of other districts, and the rows about each."""
    return {official: everything_about(official) for official in (world.foreign["official"], stranger)}


def everything_about(official: Official) -> list[Any]:
    """The rows about the person, as they are."""
    rows = [list(table.objects.filter(official=official).order_by("pk").values()) for table in OF_PEOPLE]
    certificates = Certificate.objects.filter(enrolment__official=official)
    return [*rows, list(certificates.order_by("pk").values()), list(Official.objects.filter(pk=official.pk).values())]


def written_of_people() -> list[int]:
    """How many rows were written in the tables that `everything_about` reads."""
    written = rows_written()
    return [written.get(table._meta.db_table, 0) for table in (*OF_PEOPLE, Certificate, Official)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_the_scope_of_the_pages_nothing_foreign_is_shown_or_changed(address, db, world, no_scope, known):
    *_, stranger = known
    sides = {"foreign": world.foreign, "own": world.own}
    sides["strangers"] = world.own | world.foreign | {"official": stranger}
    hidden = {"officer": {STRANGER, STRANGER_NUMBER, FOREIGN_NAME, FOREIGN_NUMBER}}
    hidden["institution"] = {STRANGER, STRANGER_NUMBER}
    before = written_of_people()
    for account, side in tried(address):
        path = path_of(address, sides[side])
        for method in ("get", "post"):
            _, shown = read(getattr(world.client(account), method)(path), path)
            for secret in hidden[account] - ({FOREIGN_NUMBER} if address in WITH_DECISIONS else set()):
                assert secret not in shown, f"{method} {path} shows {secret} to {account}"
    if written_of_people() != before:
        assert {official: everything_about(official) for official in known} == known


def test_the_patch_takes_the_scope_of_the_pages_away(db, world, no_scope, monkeypatch):
    """Or the tests above would try nothing: without the wall, the foreign person is shown."""
    page = reverse("cadres:official-detail", args=[world.foreign["official"].pk])
    assert world.client("officer").get(page).status_code == 404
    monkeypatch.setattr("cadres.walls.can_be_asked", lambda: False)
    assert FOREIGN_NAME in world.client("officer").get(page).content.decode()
