"""The history is written by the database: whoever writes, however, about which table; and it cannot be unwritten."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from cadres import registry
from cadres.bulk import insert_rows, reserve_keys, update_rows
from cadres.history import act, signed
from cadres.history.requests import PERSON_PAGES
from cadres.history.triggers import recorded_tables, unrecorded
from cadres.models import Act, Change, EthnicGroup, Official, User, Visit
from cadres.walls import for_nobody
from lao_cai_training.postgres.roles import grant_web_role
from tests.builders import make_official
from tests.conftest import client_of

# Tables of which no history is kept, and why.
EXCEPTED = {
    "auth_group": "rights are those of the roles, in the source",
    "auth_group_permissions": "as auth_group",
    "auth_permission": "made by migrations",
    "cadres_importeffect": "what was told of a file before it was written; kept with its import",
    "cadres_importprogress": "how far a process has come; gone with it",
    "cadres_importrow": "what a file says, kept as it was read, with the values before",
    "cadres_keptform": "what could not be written, for a day or two",
    "cadres_missingofficial": "kept with its import; the posts it ends are recorded",
    "cadres_publishedgroup": "written once with its publication and never changed: itself a record",
    "cadres_publishedpost": "as cadres_publishedgroup; thousands of rows a publication",
    "axes_accessattempt": "wrong passwords, for a day; the log of visits keeps that there was one",
    "axes_accessattemptexpiration": "as axes_accessattempt",
    "axes_accessfailurelog": "as axes_accessattempt",
    "axes_accesslog": "as axes_accessattempt",
    "cadres_reminder": "that a mail was sent on a day; what it said is computed",
    "cadres_session": "sessions",
    "otp_static_staticdevice": "recovery codes; that there are some is a column of the account",
    "otp_static_statictoken": "as otp_static_staticdevice",
    "otp_totp_totpdevice": "secrets; that there is one is a column of the account",
    "cadres_sentform": "one-time tokens, for a day or two",
    "courses_feedbackcode": "who answers must not be found out by when a code was used",
    "courses_feedbacksheet": "as courses_feedbackcode; written once and never changed",
    "courses_feedbackscore": "as courses_feedbacksheet",
    "django_admin_log": "is itself a log, superseded by the history",
    "django_content_type": "made by migrations",
}


@pytest.fixture
def person(db) -> Official:
    return make_official("Lý Thị Mây")


def changes_of(table: type) -> list[tuple[str, dict | None, dict | None]]:
    rows = Change.objects.filter(table_name=table._meta.db_table).order_by("pk")
    return [(change.operation, change.before, change.after) for change in rows]


def last(table: type = Official) -> Change:
    return Change.objects.filter(table_name=table._meta.db_table).order_by("-pk")[0]


def test_every_table_that_work_changes_is_recorded(db):
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    assert recorded_tables() | EXCEPTED.keys() == tables
    assert not recorded_tables() & EXCEPTED.keys()


def test_a_recorded_table_is_known_by_the_key_id(db):
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    assert {models[table]._meta.pk.column for table in recorded_tables()} == {"id"}


def test_a_save_keeps_what_was_and_what_became(person):
    person.full_name = "Lý Thị Mai"
    registry.record_facts(person, by=None)
    change = last()
    assert (change.operation, change.key, change.person_id) == ("U", person.pk, person.pk)
    assert change.before["full_name"] == "Lý Thị Mây"
    assert change.after["full_name"] == "Lý Thị Mai"


def test_a_row_of_a_person_is_filed_under_the_person(person):
    identifier = registry.issue_identifier(
        person, kind="CCCD", number="010185000123", start_date=person.changed_at.date(), by=None
    )
    change = last(type(identifier))
    assert (change.person_id, change.key, change.operation) == (person.pk, identifier.pk, "I")


def test_what_is_saved_unchanged_or_only_at_another_time_is_no_change(person):
    count = Change.objects.count()
    registry.record_facts(person, by=None)
    Official.objects.filter(pk=person.pk).update(changed_at=person.changed_at.replace(year=2001))
    assert Change.objects.count() == count


def test_copied_updated_in_bulk_and_deleted_rows_are_recorded_one_by_one(db):
    keys = reserve_keys(EthnicGroup, 2)
    with transaction.atomic():
        insert_rows(
            EthnicGroup,
            ("id", "code", "name", "other_names"),
            [(keys[0], "Z1", "Một", "{}"), (keys[1], "Z2", "Hai", "{}")],
        )
        update_rows(EthnicGroup, ("id", "name"), [(keys[0], "Ba"), (keys[1], "Hai")])
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM cadres_ethnicgroup WHERE code = 'Z2'")
    told = [(change.operation, change.key) for change in Change.objects.filter(key__in=keys).order_by("pk")
            if change.table_name == "cadres_ethnicgroup"]  # fmt: skip
    assert told == [("I", keys[0]), ("I", keys[1]), ("U", keys[0]), ("D", keys[1])]


def test_what_is_rolled_back_leaves_nothing(person):
    count = Change.objects.count(), Act.objects.count()
    with transaction.atomic():
        person.full_name = "Khác"
        registry.record_facts(person, by=None)
        transaction.set_rollback(True)
    assert (Change.objects.count(), Act.objects.count()) == count
    registry.record_facts(person, by=None)
    assert last().act.pk == Act.objects.latest("pk").pk


def test_a_password_is_told_as_changed_and_never_kept(db):
    user = User.objects.create_user("can-bo", password="mật khẩu một")
    user.set_password("mật khẩu hai")
    user.save()
    (_, _, made), (_, before, after) = changes_of(User)[-2:]
    assert "password" not in made
    assert "password" not in before
    assert after["password"] == "đã đổi"
    assert "last_login" not in made


def test_a_sign_in_alone_does_not_change_an_account(province_staff):
    count = Change.objects.count()
    client_of(province_staff)
    assert Change.objects.count() == count


# ---------------------------------------------------------------- who and why


def test_the_account_in_by_is_in_the_history(person, province_staff):
    registry.record_facts(person, by=province_staff)
    with act(Act.Kind.CORRECTION, reason="theo giấy khai sinh"):
        person.full_name = "Lý Thị Mai"
        registry.record_facts(person, by=province_staff)
    entry = last().act
    assert (entry.user, entry.kind, entry.reason) == (province_staff, "correction", "theo giấy khai sinh")
    assert entry.context["username"] == "so-noi-vu"
    person.full_name = "Lý Thị Mơ"
    registry.record_facts(person, by=None)
    assert last().act.user is None, "what was told within is forgotten after"


def test_an_act_that_fails_leaves_no_name_behind(person, province_staff):
    @signed
    def fails(*, by: User) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    with pytest.raises(DatabaseError):
        fails(by=province_staff)
    person.full_name = "Lý Thị Mơ"
    registry.record_facts(person, by=None)
    assert last().act.user is None


def test_one_transaction_under_one_name_is_one_act(person, province_staff, district_officer):
    with transaction.atomic():
        for name in ("Một", "Hai"):
            person.full_name = name
            registry.record_facts(person, by=province_staff)
        person.full_name = "Ba"
        registry.record_facts(person, by=district_officer)
    third, second, first = Change.objects.filter(table_name="cadres_official").order_by("-pk")[:3]
    assert first.act_id == second.act_id != third.act_id


def test_a_request_names_its_account(person, province_staff):
    response = client_of(province_staff).post(
        reverse("cadres:identifier-add", args=[person.pk]),
        {"kind": "CCCD", "number": "010185000123", "start_date": "2015-01-02"},
    )
    assert response.status_code == 302
    entry = Act.objects.latest("pk")
    assert (entry.user, entry.kind) == (province_staff, "request")
    assert entry.context["path"].endswith("/so-dinh-danh/them/")


# ---------------------------------------------------------------- what the role of the web process may


@pytest.fixture
def as_web_role(db):
    if not grant_web_role():
        pytest.skip("this server has no role for the web process")
    with for_nobody(), connection.cursor() as cursor:
        yield cursor


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history.change SET person = NULL",
        "DELETE FROM history.change",
        "TRUNCATE history.change",
        "INSERT INTO history.change (act_id, table_name, key, operation) VALUES (1, 'x', 1, 'I')",
        "UPDATE history.act SET user_id = NULL",
        "DELETE FROM history.act",
        "INSERT INTO history.act (kind, reason, context) VALUES ('', '', '{}')",
        "DELETE FROM history.visit",
        "INSERT INTO history.visit (username, kind, path, address) VALUES ('', '', '', '')",
        "DROP TABLE history.change",
        "ALTER TABLE cadres_official DISABLE TRIGGER history_update",
        "DROP TRIGGER history_update ON cadres_official",
        "SET session_replication_role = replica",
        "SELECT history.act_under_way()",
        "SELECT history.record_table('cadres_importrow', '', '', '', '', '')",
        "SELECT nextval('history.change_id_seq')",
    ],
)
def test_the_web_role_can_neither_change_nor_delete_a_line_of_history(person, as_web_role, statement):
    with pytest.raises(DatabaseError, match=r"denied|must be owner"):
        as_web_role.execute(statement)


def test_what_the_web_role_writes_is_recorded(person, as_web_role):
    person.full_name = "Lý Thị Mai"
    registry.record_facts(person, by=None)
    assert last().after["full_name"] == "Lý Thị Mai"


@pytest.mark.parametrize("table", ["act", "change", "visit"])
def test_even_the_owner_is_stopped_from_rewriting_the_history(db, table):
    for statement in (
        f"DELETE FROM history.{table}",
        f"TRUNCATE history.{table}",
        f"UPDATE history.{table} SET at = now()",
    ):
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_recorded_table_cannot_be_emptied_past_the_history(db):
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE cadres_official CASCADE")


def test_invented_data_are_written_without_history_and_what_follows_with_it(person):
    count = Change.objects.count()
    with unrecorded():
        Official.objects.filter(pk=person.pk).update(note="bịa")
    assert Change.objects.count() == count
    Official.objects.filter(pk=person.pk).update(note="thật")
    assert Change.objects.count() == count + 1


# ---------------------------------------------------------------- visits


def test_who_signs_in_is_refused_and_leaves_is_kept(province_staff, client):
    address = reverse("admin:login")
    client.post(address, {"username": "so-noi-vu", "password": "sai"})
    client.post(address, {"username": "so-noi-vu", "password": "mật khẩu thử"})
    client.post(reverse("admin:logout"))
    told = [(visit.kind, visit.username, visit.user) for visit in Visit.objects.order_by("pk")]
    assert told == [
        ("refused", "so-noi-vu", None),
        ("sign_in", "so-noi-vu", province_staff),
        ("sign_out", "so-noi-vu", province_staff),
    ]
    assert "sai" not in str(list(Visit.objects.values()))


def test_a_person_looked_at_is_one_line_an_account_and_day(person, province_staff, leader):
    page = reverse("cadres:official-detail", args=[person.pk])
    for user in (province_staff, province_staff, leader):
        assert client_of(user).get(page).status_code == 200
    assert [(visit.kind, visit.user, visit.person) for visit in Visit.objects.order_by("pk")] == [
        ("person", province_staff, person),
        ("person", leader, person),
    ]


def test_a_person_who_may_not_be_seen_is_not_told_as_seen(person, foreign_officer):
    assert client_of(foreign_officer).get(reverse("cadres:official-detail", args=[person.pk])).status_code == 404
    assert not Visit.objects.exists()


def test_people_taken_out_as_a_file_are_told_with_the_address(person, province_staff):
    client_of(province_staff).get(reverse("cadres:official-export"), {"q": "may"})
    visit = Visit.objects.get()
    assert (visit.kind, visit.user) == ("export", province_staff)
    assert visit.path.endswith("?q=may")


def test_the_pages_of_one_person_are_named_as_the_addresses_are():
    for name, part in PERSON_PAGES.items():
        assert reverse(name, kwargs={part: 1}).count("1") == 1
