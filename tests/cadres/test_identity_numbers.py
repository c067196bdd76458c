"""Identity numbers: whole for the roles that need them, for the others the last three digits, wherever they stand."""

from collections.abc import Iterator

import pytest

from cadres import roles
from cadres.models import User
from cadres.roster.batch import read_file, stage
from cadres.roster.workbook_out import roster_rows
from tests.conftest import DAY, client_of, make_user, rolled_back
from tests.test_access import OWN_NUMBER, WITH_NUMBERS, World, answer, make_world, path_of, shows_a_number

pytestmark = pytest.mark.django_db

MASKED = "••••••888"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), rolled_back():
        yield make_world()


def where_numbers_are_shown(user: User, world: World) -> set[str]:
    """The addresses that show a whole number to the account, on the page or in its file."""
    client, found = client_of(user), set()
    for address in WITH_NUMBERS:
        path = path_of(address, world.own)
        status, shown = answer(client, "get", path)
        if status == "200" and shows_a_number(client, path, shown):
            found.add(address)
    return found


def test_who_keeps_the_registry_sees_whole_numbers_and_who_does_not_need_them_nowhere(world):
    """Everywhere that they are shown: all other addresses are opened by tests/test_access.py."""
    assert where_numbers_are_shown(make_user("giu-ho-so", roles.REGISTRY_STAFF), world) == WITH_NUMBERS
    for role in (roles.LEADER, roles.TRAINING_STAFF, roles.APPROVER):
        assert where_numbers_are_shown(make_user(f"chi-{role.replace('_', '-')}", role), world) == set(), role


def test_the_last_digits_are_shown_with_the_reason(world):
    detail = path_of("cadres:official-detail", world.own)

    shown = client_of(world.accounts["leader"]).get(detail).content.decode()

    assert MASKED in shown
    assert "chỉ thấy ba số cuối" in shown
    for whole in ("province", "officer"):
        page = client_of(world.accounts[whole]).get(detail).content.decode()
        assert OWN_NUMBER in page
        assert "chỉ thấy ba số cuối" not in page


def test_whoever_may_write_a_number_sees_it_whole():
    for role in roles.LABELS:
        may = roles.permissions_of(frozenset((role,)))
        writes = {f"cadres.{action}_officialidentifier" for action in ("add", "change", "delete")} & may
        assert not writes or "cadres.reveal_officialidentifier" in may, role


def test_a_command_hands_out_whole_numbers(world):
    texts = [text for row in roster_rows(DAY, world.own["official"].appointments.all()) for text in row]
    assert OWN_NUMBER in texts


def test_a_file_with_masked_numbers_changes_nothing_when_it_comes_back(world):
    path = path_of("cadres:roster-export", world.own)
    exported = client_of(world.accounts["leader"]).get(path).content

    read = read_file("xuat.xlsx", exported, as_of=DAY, unit_code="", by=None)

    batch = stage(read, by=None)
    assert (batch.summary["created"], batch.summary["updated"], batch.summary["rejected"]) == (0, 0, 0)
