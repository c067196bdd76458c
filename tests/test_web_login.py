"""What the login of the web process can do with SQL of any kind: nothing that the application would not do for it.

The connections here are real ones of that login, as an attacker has them who can slip SQL into a request.
"""

import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from psycopg2.extensions import make_dsn

from cadres import proofs, roles, walls
from cadres.models import Appointment, ImportBatch, Official, User
from cadres.roster.batch import Step, keep_file, read_batch
from cadres.sign_in.sessions import row_of
from courses.models import EnrolmentStep, Programme, TrainingClass
from lao_cai_training.postgres import policies
from lao_cai_training.postgres.server import WEB, cluster_in
from tests.cadres.sign_in.coming_in import PASSWORD, code_of, is_in, try_password
from tests.cadres.sign_in.test_second_factor import give_code, set_up
from tests.cadres.workbooks import flat
from tests.conftest import DAY, client_of, make_user, rolled_back, unit_of


@contextmanager
def signed_in() -> Iterator[Any]:
    """A cursor of the web process's login in the database of the test; every statement is a transaction."""
    own = connection.settings_dict
    if "CLUSTER" in own:
        dsn = make_dsn(**vars(cluster_in(Path(own["CLUSTER"])).address(WEB)), dbname=own["NAME"])
    elif settings.WEB_DATABASE_URL:
        dsn = make_dsn(settings.WEB_DATABASE_URL, dbname=own["NAME"])
    else:
        pytest.skip("the address of the web login is not known here (WEB_DATABASE_URL)")
    client = psycopg2.connect(dsn)
    client.autocommit = True
    try:
        yield client.cursor()
    finally:
        client.close()


@pytest.fixture(scope="module")
def site(django_db_setup, databases, django_db_blocker) -> Iterator[dict[str, User]]:
    """The small province with three accounts, committed: other connections see it."""
    with django_db_blocker.unblock(), databases.clone("province"):
        note_a_step()
        users = {
            "province": make_user("so-noi-vu", roles.PROVINCE_STAFF),
            "officer": make_user("bac-ha", roles.UNIT_OFFICER, "085"),
            "leader": make_user("lanh-dao", roles.LEADER),
            "institution": make_user("truong", roles.TRAINING_INSTITUTION),
            "new": make_user("can-bo-moi", roles.LEADER),
        }
        TOTPDevice.objects.create(user=users["officer"], key="00", name="Điện thoại")
        yield users


def note_a_step() -> None:
    """Somebody of huyện Bắc Hà was nominated for a class."""
    training_class = TrainingClass.objects.create(
        code="LOP-1",
        programme=Programme.objects.first(),
        place=unit_of("10"),
        start_date=DAY,
        end_date=DAY,
        seats=30,
    )
    person = Appointment.objects.filter(unit__versions__parent=unit_of("085")).first().official
    EnrolmentStep.objects.create(enrolment=training_class.enrolments.create(official=person, queued_at=timezone.now()))


@pytest.fixture
def web(site) -> Iterator[Any]:
    with signed_in() as cursor:
        yield cursor


def begin(cursor: Any, user: User, role: str) -> None:
    """As the web process does it, with the proof that it makes."""
    message = f"enter {user.pk}  {cursor.connection.info.backend_pid}"
    proof = hmac.digest(proofs.key(settings.SECRET_KEY), message.encode(), "sha256").hex()
    cursor.execute(f"RESET ROLE; SELECT walls.enter(%s, %s, %s); SET ROLE {role}", [user.pk, "", proof])


def seen(cursor: Any, table: str = "cadres_official") -> int:
    """How many rows of the table there are for it; none where it may not even ask."""
    try:
        cursor.execute(f"SELECT count(*) FROM {table}")
    except psycopg2.errors.InsufficientPrivilege:
        return 0
    return cursor.fetchone()[0]


def is_refused(cursor: Any, statement: str) -> bool:
    """Whether the database refuses the statement for want of a right."""
    try:
        cursor.execute(statement)
    except psycopg2.Error as error:
        return isinstance(error, psycopg2.errors.InsufficientPrivilege)
    return False


@pytest.fixture
def as_web(site) -> Iterator[None]:
    """This process, and so the site that it asks for pages, is signed in as the web process is."""
    if "CLUSTER" not in connection.settings_dict:
        pytest.skip("the address of the web login is not known here (WEB_DATABASE_URL)")
    connections.close_all()
    connection.settings_dict["ROLE"] = WEB
    try:
        yield
    finally:
        connections.close_all()
        del connection.settings_dict["ROLE"]


def test_the_site_works_as_that_login(as_web, site):
    """From the page before the sign-in to the one after it; a form that is sent too late is kept for its account."""
    pages = {
        "province": ("/", "/can-bo/", "/ty-le/?theo=district", "/dao-tao/lop/", "/nhat-ky/", "/cong-bo/"),
        "officer": ("/", "/can-bo/", "/ty-le/?theo=commune", "/dao-tao/lop/", "/nhap-danh-sach/", "/dao-tao/nhu-cau/"),
        "institution": ("/dao-tao/lop/", "/dao-tao/chung-chi/"),
    }
    anonymous = Client()
    assert anonymous.get("/").status_code == 302
    assert anonymous.get(reverse("admin:login")).status_code == 200
    for account, addresses in pages.items():
        browser = Client()
        sent = {"username": site[account].username, "password": "sai"}
        assert browser.post(reverse("admin:login"), sent).status_code == 200
        sent["password"] = "mật khẩu thử"
        assert browser.post(reverse("admin:login"), sent).status_code == 302
        assert {address: browser.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
        assert browser.post(reverse("admin:logout")).status_code in (200, 302)
        assert browser.get("/").status_code == 302


def test_what_is_read_of_the_sessions_signs_nobody_in(web, site):
    """Neither the key of a row, nor its data in a row whose key one knows."""
    client_of(site["province"])
    web.execute("SELECT session_key FROM cadres_session WHERE account_id = %s", [site["province"].pk])
    (found,) = web.fetchone()
    web.execute(
        "INSERT INTO cadres_session SELECT %s, session_data, expire_date, begun_at, seen_at, browser, address,"
        " account_id FROM cadres_session WHERE session_key = %s",
        [row_of("known"), found],
    )
    for tried in (found, "known"):
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = tried
        assert browser.get("/can-bo/").status_code == 302


# What owns the tables, or the machine, is out of reach however one goes about it.
OWNERS = (
    "SET ROLE lao_cai",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION lao_cai",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE TABLE public.mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE EXTENSION dblink",
    "CREATE ROLE mine SUPERUSER",
    "CREATE DATABASE mine",
    "ALTER ROLE lao_cai_web SUPERUSER",
    "ALTER ROLE lao_cai_web SET track_activities = on",
    "SET track_activities = on",
    "GRANT lao_cai TO lao_cai_web",
    "DROP TABLE public.cadres_official",
    "DROP SCHEMA history CASCADE",
    "TRUNCATE public.cadres_official",
    "ALTER TABLE public.cadres_official DISABLE TRIGGER ALL",
    "ALTER TABLE public.cadres_official DISABLE ROW LEVEL SECURITY",
    "CREATE TRIGGER mine BEFORE INSERT ON public.cadres_official EXECUTE FUNCTION history.refuse()",
    "SET session_replication_role = replica",
    "COPY public.cadres_position TO PROGRAM 'id'",
    "COPY public.cadres_position TO '/tmp/positions'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SELECT pg_reload_conf()",
    "SELECT passwd FROM pg_shadow",
    "UPDATE public.django_migrations SET name = name",
    "INSERT INTO public.django_migrations (app, name, applied) VALUES ('x', 'x', now())",
)


def test_somebody_sets_up_the_second_factor_and_comes_in_with_it_as_that_login(as_web, site):
    browser, again, telephone = Client(), Client(), Client()
    try_password(browser, site["institution"].username, PASSWORD)
    key, codes = set_up(browser)
    assert give_code(telephone, code_of(key, 1), site["institution"].username) == 302
    assert is_in(telephone)
    assert give_code(again, "wrong-reco-very", site["institution"].username) == 200
    time.sleep(1)  # as the page asks
    assert again.post(reverse("cadres:sign-in-code"), {"code": codes[0]}).status_code == 302
    assert is_in(again)
    off = again.post(reverse("cadres:second-factor-take-off"), {"password": PASSWORD})
    assert off.status_code == 302


def test_no_way_leads_from_the_web_login_to_what_owns_the_tables(web):
    for role in ("NONE", "lao_cai_wide", "lao_cai_scoped", "lao_cai_web"):
        web.execute(f"SET ROLE {role}")
        assert [statement for statement in OWNERS if not is_refused(web, statement)] == [], role
        web.execute("RESET ROLE; RESET SESSION AUTHORIZATION")
        web.execute("SELECT session_user, current_user")
        assert web.fetchone() == (WEB, WEB)


def test_without_a_proof_nobody_is_seen(web):
    assert Official.objects.count()
    for role in ("NONE", walls.WIDE, walls.SCOPED):
        web.execute(f"SET ROLE {role}")
        assert [table for table in policies.tables() if seen(web, table)] == [], role


MADE_UP = '{"account": 1, "wide": true, "whole": "{1,2,3}", "all": "{1,2,3}", "partly": "{}", "schools": "{1}"}'


def test_settings_that_are_made_up_open_nothing(web, site):
    """Neither of nothing, nor with the proof of an account that sees less, nor with one of another session."""
    with signed_in() as other:
        begin(other, site["province"], walls.WIDE)
        assert seen(other) == Official.objects.count()
        other.execute("SELECT current_setting('walls.told'), current_setting('walls.proof')")
        of_another_session = other.fetchone()
    begin(web, site["officer"], walls.SCOPED)
    web.execute("SELECT current_setting('walls.told'), current_setting('walls.proof')")
    told, proof = web.fetchone()
    widened = told.replace('"wide": false', '"wide": true')
    assert widened != told
    for claimed in ((MADE_UP, ""), (MADE_UP, "0" * 64), (MADE_UP, proof), (widened, proof), of_another_session):
        web.execute("SELECT set_config('walls.told', %s, false), set_config('walls.proof', %s, false)", claimed)
        for role in ("NONE", walls.WIDE, walls.SCOPED):
            web.execute(f"SET ROLE {role}")
            assert [table for table in policies.tables() if seen(web, table)] == [], (claimed, role)
    for statement in (
        f"SELECT walls.enter({site['province'].pk}, '', '')",
        f"SELECT walls.enter({site['province'].pk}, 'wide', '{proof}')",
        f"SELECT walls.mac('enter {site['province'].pk} ')",
        "SELECT * FROM walls.key",
        "SELECT * FROM walls.held",
        "UPDATE walls.key SET inner_pad = ''",
        "CREATE OR REPLACE FUNCTION walls.told() RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb'",
    ):
        web.execute("RESET ROLE")
        assert is_refused(web, statement), statement
    web.execute(f"SELECT prosrc FROM pg_proc WHERE prosrc LIKE '%%{proofs.key(settings.SECRET_KEY).hex()}%%'")
    assert web.fetchall() == []


def test_with_a_districts_proof_only_its_people_are_seen_and_changed(web, site):
    own = set(Appointment.objects.filter(unit__versions__parent=unit_of("085")).values_list("official", flat=True))
    assert 0 < len(own) < Official.objects.count()
    begin(web, site["officer"], walls.SCOPED)
    web.execute("SELECT id FROM cadres_official")
    assert {key for (key,) in web.fetchall()} == own
    for table in ("cadres_qualification", "cadres_officialidentifier", "cadres_appointment"):
        web.execute(f"SELECT count(*) FROM {table} WHERE official_id <> ALL(%s)", [list(own)])
        assert web.fetchone() == (0,), table
    foreign = Official.objects.exclude(pk__in=own).first().pk
    web.execute("UPDATE cadres_official SET full_name = 'Tên khác' WHERE id = %s", [foreign])
    assert web.rowcount == 0
    web.execute("DELETE FROM cadres_appointment WHERE official_id = %s", [foreign])
    assert web.rowcount == 0
    insert = f"INSERT INTO cadres_qualification (official_id, level_id, start_date) VALUES ({foreign}, 1, '2015-01-01')"
    assert is_refused(web, insert)
    web.execute(f"SET ROLE {walls.WIDE}")
    assert seen(web) == 0
    web.execute("SET ROLE lao_cai_scoped; SET row_security = off")
    assert is_refused(web, "SELECT full_name FROM cadres_official")


def people_of_session(cursor: Any) -> set[int]:
    """The keys of the people whom the policies take for those of the account."""
    cursor.execute("SELECT upper(one) - lower(one), lower(one) FROM unnest(walls.ranges_of_people()) AS one")
    return {first + step for many, first in cursor.fetchall() for step in range(many)}


def test_whose_people_is_kept_until_somebody_changes_it_and_cannot_be_made_up(web, site):
    person = Appointment.objects.exclude(unit__versions__parent=unit_of("085")).first().official_id
    begin(web, site["officer"], walls.SCOPED)
    own = people_of_session(web)
    web.execute("SELECT current_setting('walls.people')")
    (kept,) = web.fetchone()
    assert own
    assert person not in own
    assert people_of_session(web) == own
    seal = kept.split()[0]
    for made_up in (f"{seal} {{[{person},{person + 1})}}", f" {{[{person},{person + 1})}}"):
        web.execute("SELECT set_config('walls.people', %s, false)", [made_up])
        assert people_of_session(web) == own, made_up
    post = Appointment.objects.filter(unit__versions__parent=unit_of("085")).first()
    new = Appointment.objects.create(
        official_id=person, unit=post.unit, position=post.position, start_date=DAY, is_primary=False
    )
    try:
        assert people_of_session(web) == own | {person}
        web.execute("BEGIN; DELETE FROM cadres_appointment WHERE id = %s", [new.pk])
        assert people_of_session(web) == own  # of what the transaction itself has written nothing is kept
    finally:
        web.execute("ROLLBACK")
        new.delete()
    # What is kept is the account's own: whoever is told to be another finds nobody by it.
    assert people_of_session(web) == own
    web.execute("SELECT current_setting('walls.people'), current_setting('walls.told')")
    kept, told = web.fetchone()
    begin(web, site["new"], walls.SCOPED)
    web.execute("SELECT set_config('walls.people', %s, false), set_config('walls.told', %s, false)", [kept, told])
    assert people_of_session(web) == set()


def test_accounts_are_changed_by_administrators_and_secrets_seen_by_their_own(web, site):
    officer, other = site["officer"], site["institution"]
    for user, role in ((officer, walls.SCOPED), (site["leader"], walls.WIDE)):
        begin(web, user, role)
        for key, changed in ((other.pk, 0), (user.pk, 1)):
            web.execute("UPDATE cadres_user SET full_name = full_name WHERE id = %s", [key])
            assert web.rowcount == changed
        grant = f"INSERT INTO cadres_rolegrant (user_id, role, start_date) VALUES ({user.pk}, 'leader', '2015-01-01')"
        assert is_refused(web, grant)
        web.execute("UPDATE cadres_rolegrant SET role = 'leader', unit_id = NULL")
        assert web.rowcount == 0
        assert is_refused(web, f"INSERT INTO courses_institutionaccount SELECT 1, '2015-01-01', NULL, {user.pk}, 1")
        assert seen(web, "otp_totp_totpdevice") == (1 if user == officer else 0)
    web.execute("RESET ROLE")
    assert is_refused(web, "UPDATE cadres_user SET password = ''")
    begin(web, site["province"], walls.WIDE)
    web.execute("UPDATE cadres_user SET is_active = is_active WHERE id = %s", [other.pk])
    assert web.rowcount == 1


# Ways to what an account is signed in by: none leads there, not even to the own.
SECRETS = (
    "SELECT password FROM cadres_user",
    "SELECT * FROM cadres_user",
    "SELECT to_jsonb(u) FROM cadres_user u",
    "SELECT id FROM cadres_user WHERE password LIKE 'argon2%'",
    "SELECT id FROM cadres_user ORDER BY password",
    "UPDATE cadres_user SET full_name = password",
    "UPDATE cadres_user SET full_name = full_name RETURNING password",
    "DELETE FROM cadres_user WHERE password LIKE 'argon2%'",
    "CREATE TEMPORARY TABLE mine AS SELECT * FROM cadres_user",
    "SELECT walls.secret('password', {account}, '')",
    "SELECT walls.secret('password', {account}, '{of_the_key}')",
    "SELECT walls.secret('password', {other}, '{of_the_password}')",
    "SELECT key FROM otp_totp_totpdevice",
    "SELECT * FROM otp_totp_totpdevice",
    "UPDATE otp_totp_totpdevice SET name = key",
    "SELECT walls.secret('key', {account}, '{of_the_password}')",
)


def test_no_sql_of_the_site_reads_a_password_or_the_key_of_a_telephone(web, site):
    for account, role in (("officer", walls.SCOPED), ("province", walls.WIDE)):
        user, pid = site[account], web.connection.info.backend_pid
        key, password = (
            hmac.digest(proofs.key(settings.SECRET_KEY), f"{claim} {user.pk} {pid}".encode(), "sha256").hex()
            for claim in ("key", "password")
        )
        told = {"account": user.pk, "other": site["leader"].pk, "of_the_key": key, "of_the_password": password}
        for begun in (True, False):
            web.execute("RESET ROLE")
            if begun:
                begin(web, user, role)
            assert [one for one in SECRETS if not is_refused(web, one.format(**told))] == [], (account, begun)
        web.execute("SELECT walls.secret('password', %s, %s)", [user.pk, password])
        assert check_password(PASSWORD, web.fetchone()[0])
        web.execute("SELECT id, username, is_active FROM cadres_user")  # who there is, all may know


def test_passwords_are_given_and_changed_as_that_login(as_web, site):
    """An account is listed, read, given a one-time word, comes in by it and chooses a password; others stay out."""
    administrator, user = site["province"], site["new"]
    browser, own, elsewhere = Client(), Client(), Client()
    try_password(browser, administrator.username, PASSWORD)
    try_password(elsewhere, user.username, PASSWORD)
    for page in ("account-list", "sign-in-list"):
        assert browser.get(reverse(f"cadres:{page}")).status_code == 200
    assert browser.get(reverse("cadres:account-detail", args=[user.pk])).status_code == 200
    assert is_in(elsewhere)
    word = browser.post(reverse("cadres:account-word", args=[user.pk])).context["word"]
    assert not is_in(elsewhere)
    assert try_password(own, user.username, PASSWORD).status_code == 200
    assert try_password(own, user.username, word).status_code == 302
    sent = {"old_password": word, "new_password1": "bốn từ chẳng dính", "new_password2": "bốn từ chẳng dính"}
    assert own.get("/", follow=True).redirect_chain[-1][0].startswith(reverse("cadres:own-password"))
    assert own.post(reverse("cadres:own-password"), sent).status_code == 302
    assert is_in(own)
    assert try_password(Client(), user.username, "bốn từ chẳng dính").status_code == 302


# What is written once, and what only the database writes.
KEPT = (
    *(f"DELETE FROM history.{table}" for table in ("act", "change", "visit")),
    *(f"UPDATE history.{table} SET at = now()" for table in ("act", "change", "visit")),
    *(f"TRUNCATE history.{table}" for table in ("act", "change", "visit")),
    "INSERT INTO history.visit (username, kind, path, address) VALUES ('', '', '', '')",
    "SELECT nextval('history.change_id_seq')",
    *(f"DELETE FROM public.{table}" for table in policies.ONLY_INSERTED),
    *(f"UPDATE public.{table} SET id = id" for table in policies.ONLY_INSERTED),
    *(f"TRUNCATE public.{table}" for table in policies.ONLY_INSERTED),
)


def test_what_is_kept_for_ever_no_account_can_change(web, site):
    for account, role in (("officer", walls.SCOPED), ("province", walls.WIDE)):
        begin(web, site[account], role)
        assert [statement for statement in KEPT if not is_refused(web, statement)] == [], role
        for statement in ("DELETE FROM courses_enrolmentstep", "UPDATE courses_enrolmentstep SET note = 'x'"):
            assert seen(web, "courses_enrolmentstep") == 1
            web.execute(statement)
            assert web.rowcount == 0


def test_a_table_that_somebody_leaves_in_the_session_is_gone_with_the_next_request(web, site):
    begin(web, site["officer"], walls.SCOPED)
    web.execute("CREATE TEMPORARY TABLE cadres_official AS SELECT 1 AS id, 'Tên giả' AS full_name")
    assert seen(web) == 1
    web.execute(walls.AFRESH)
    begin(web, site["province"], walls.WIDE)
    assert seen(web) == Official.objects.count()


def test_while_a_roster_is_read_only_people_of_the_account_are_seen_and_all_when_it_is_compared(
    site, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    everybody, officer = Official.objects.count(), site["officer"]
    seen_then: dict[Step, int] = {}
    with walls.acting_as(officer), rolled_back():
        batch = keep_file("a.xlsx", flat({"Họ và tên": "Giàng A Dơ"}), by=officer, as_of=DAY)
        batch = read_batch(
            batch, by=officer, progress=lambda step, *_: seen_then.setdefault(step, Official.objects.count())
        )
        assert batch.state == ImportBatch.State.STAGED
    assert 0 < seen_then[Step.READING] < everybody == seen_then[Step.COMPARING]
