"""The second wall where the first is gone: a mistake in the scope of the pages shows and changes nobody else's people.

What the pages ask for the scope of an account (its units, the institutions of an account) is patched to say that it has
none; then every address is opened and sent as each limited role, with foreign rows. The database knows
better.
"""

import sys
from typing import Any

import pytest
from django.urls import reverse

from cadres.access import units_given
from cadres.models import Appointment, Official, OfficialIdentifier, Qualification, User, Waiver
from courses.models import Certificate, Enrolment, Institution
from tests.builders import make_appointment, make_official
from tests.conftest import unit_of
from tests.test_access import FOREIGN_NAME, FOREIGN_NUMBER, ROUTES, TABLE, answer, path_of, tables, world

__all__ = ["tables", "world"]

# Units are no people, and everybody may know which decision a zone comes from.
OF_UNITS = ("admin:cadres_unit", "cadres:zone-period")
# There the decision on a commune's zone stands beside its people; the world of the tests names it by the number.
WITH_DECISIONS = ("reports:commune",)
ADDRESSES = [address for address in TABLE if address in ROUTES and not address.startswith(OF_UNITS)]
STRANGER, STRANGER_NUMBER = "Giàng Thị Xa", "063111333"


@pytest.fixture
def no_scope(monkeypatch):
    monkeypatch.setattr(User, "sees_every_unit", property(lambda user: True))
    for module in list(sys.modules.values()):
        if getattr(module, "units_given", None) is units_given:
            monkeypatch.setattr(module, "units_given", lambda user, permission="": None)
    for module in ("courses.access", "courses.classes.views.selection"):
        monkeypatch.setattr(f"{module}.institutions_of", lambda user: Institution.objects.all())


@pytest.fixture
def stranger(db, world) -> Official:
    """Somebody of another district who is in no class."""
    official = make_official(STRANGER)
    make_appointment(official, world.own["position"], unit_of("02779"))
    OfficialIdentifier.objects.create(official=official, kind="CMND", number=STRANGER_NUMBER)
    return official


def everything_about(official: Official) -> list[Any]:
    """The rows about the person, as they are."""
    tables = (Appointment, OfficialIdentifier, Qualification, Waiver, Enrolment)
    rows = [list(table.objects.filter(official=official).order_by("pk").values()) for table in tables]
    certificates = Certificate.objects.filter(enrolment__official=official)
    return [*rows, list(certificates.order_by("pk").values()), list(Official.objects.filter(pk=official.pk).values())]


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_the_scope_of_the_pages_nothing_foreign_is_shown_or_changed(address, world, no_scope, stranger):
    foreign, secrets = world.foreign["official"], (STRANGER, STRANGER_NUMBER)
    of_strangers = world.own | world.foreign | {"official": stranger}
    before = everything_about(foreign), everything_about(stranger)
    for account, rows, hidden in (
        ("officer", world.foreign, (*secrets, FOREIGN_NAME, FOREIGN_NUMBER)),
        ("officer", world.own, (*secrets, FOREIGN_NAME, FOREIGN_NUMBER)),
        ("institution", of_strangers, secrets),
    ):
        if TABLE[address]["foreign" if rows is world.foreign else "own"] == "-":
            continue
        path = path_of(address, rows)
        for method in ("get", "post"):
            _, shown = answer(world.client(account), method, path)
            for secret in set(hidden) - ({FOREIGN_NUMBER} if address in WITH_DECISIONS else set()):
                assert secret not in shown, f"{method} {path} shows {secret} to {account}"
    assert (everything_about(foreign), everything_about(stranger)) == before


def test_the_patch_takes_the_scope_of_the_pages_away(db, world, no_scope, monkeypatch):
    """Or the tests above would try nothing: without the wall, the foreign person is shown."""
    page = reverse("cadres:official-detail", args=[world.foreign["official"].pk])
    assert world.client("officer").get(page).status_code == 404
    monkeypatch.setattr("cadres.walls.can_be_asked", lambda: False)
    assert FOREIGN_NAME in world.client("officer").get(page).content.decode()
