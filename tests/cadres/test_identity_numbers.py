"""Identity numbers: whole for the roles that need them, for the others the last three digits, wherever they stand."""

import re
from collections.abc import Iterable, Iterator

import pytest

from cadres import registry, roles
from cadres.models import User
from cadres.roster.batch import read_file, stage
from cadres.roster.workbook_out import roster_rows
from tests.cadres.workbooks import flat
from tests.conftest import DAY, client_of, make_user, rolled_back
from tests.test_access import TABLE, World, answer, make_world, path_of

pytestmark = pytest.mark.django_db

NUMBER, IN_A_ROSTER = "071555888", "071555999"
MASKED = "••••••888"
OF_PEOPLE = re.compile("admin:cadres_(official|appointment|qualification|waiver)_")  # of the lists of the admin


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The world of the access table, with numbers that stand nowhere else."""
    with django_db_blocker.unblock(), rolled_back():
        world = make_world()
        world.own["identifier"].number = NUMBER
        registry.correct_identifier(world.own["identifier"], reason="Ghi nhầm", by=None)
        roster = flat({"Họ và tên": "Vàng Seo Em", "Số CMND": IN_A_ROSTER})
        world.own["importbatch"] = stage(read_file("cmnd.xlsx", roster, as_of=DAY, unit_code="085", by=None), by=None)
        yield world


def whole_numbers(user: User, world: World, addresses: Iterable[str]) -> set[str]:
    """The addresses that show a whole number to the account, on the page or in its file."""
    client = client_of(user)
    found = set()
    for address in addresses:
        path = path_of(address, world.own)
        status, shown = answer(client, "get", path)
        if "tep=xlsx" in shown:
            shown += answer(client, "get", f"{path}?tep=xlsx")[1]
        if status == "200" and (NUMBER in shown or IN_A_ROSTER in shown):
            found.add(address)
    return found


def test_who_keeps_the_registry_sees_whole_numbers_and_who_does_not_need_them_nowhere(world):
    registrar = make_user("giu-ho-so", roles.REGISTRY_STAFF)
    opened = [
        address
        for address, cells in TABLE.items()
        if cells["province"].startswith("200/") and (OF_PEOPLE.match(address) or not address.startswith("admin:"))
    ]
    found = whole_numbers(registrar, world, opened)

    assert found >= {
        "cadres:official-detail",
        "cadres:official-history",
        "cadres:official-export",
        "cadres:roster-export",
        "cadres:identifier-edit",
        "cadres:import-batch",
        "cadres:import-reading",
        "cadres:import-file-kept",
        "admin:cadres_official_change",
    }
    for role in (roles.LEADER, roles.TRAINING_STAFF, roles.APPROVER):
        assert whole_numbers(make_user(f"chi-{role.replace('_', '-')}", role), world, found) == set(), role


def test_the_last_digits_are_shown_with_the_reason(world):
    detail = path_of("cadres:official-detail", world.own)

    shown = client_of(world.accounts["leader"]).get(detail).content.decode()

    assert MASKED in shown
    assert "chỉ thấy ba số cuối" in shown
    for whole in ("province", "officer"):
        page = client_of(world.accounts[whole]).get(detail).content.decode()
        assert NUMBER in page
        assert "chỉ thấy ba số cuối" not in page


def test_whoever_may_write_a_number_sees_it_whole():
    for role in roles.LABELS:
        may = roles.permissions_of(frozenset((role,)))
        writes = {f"cadres.{action}_officialidentifier" for action in ("add", "change", "delete")} & may
        assert not writes or "cadres.reveal_officialidentifier" in may, role


def test_a_command_hands_out_whole_numbers(world):
    texts = [text for row in roster_rows(DAY, world.own["official"].appointments.all()) for text in row]
    assert NUMBER in texts


def test_a_file_with_masked_numbers_changes_nothing_when_it_comes_back(world):
    path = path_of("cadres:roster-export", world.own)
    exported = client_of(world.accounts["leader"]).get(path).content

    read = read_file("xuat.xlsx", exported, as_of=DAY, unit_code="", by=None)

    batch = stage(read, by=None)
    assert (batch.summary["created"], batch.summary["updated"], batch.summary["rejected"]) == (0, 0, 0)
