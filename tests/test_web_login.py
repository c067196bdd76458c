"""What the login of the web process can do with SQL of any kind: nothing that the application would not do for it.

The connections here are real ones of that login, as an attacker has them who can slip SQL into a request.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import connection
from psycopg2.extensions import make_dsn

from lao_cai_training.postgres.server import WEB, cluster_in


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


@pytest.fixture
def web(own_database) -> Iterator[Any]:
    with signed_in() as cursor:
        yield cursor


def is_refused(cursor: Any, statement: str) -> bool:
    """Whether the database refuses the statement for want of a right."""
    try:
        cursor.execute(statement)
    except psycopg2.Error as error:
        return isinstance(error, psycopg2.errors.InsufficientPrivilege)
    return False


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


def test_no_way_leads_from_the_web_login_to_what_owns_the_tables(web):
    for role in ("NONE", "lao_cai_wide", "lao_cai_scoped", "lao_cai_institution", "lao_cai_web"):
        web.execute(f"SET ROLE {role}")
        assert [statement for statement in OWNERS if not is_refused(web, statement)] == [], role
        web.execute("RESET ROLE; RESET SESSION AUTHORIZATION")
        web.execute("SELECT session_user, current_user")
        assert web.fetchone() == (WEB, WEB)
