"""The login of the web process, which owns nothing, what it may, and the second wall (roles.sql, policies.py).

Migrations, commands and tests work as the owner of the database. The rights are granted and the wall is put up by
`migrate`, and so by `setup` and `restore`.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, connections, transaction
from psycopg2.sql import SQL, Identifier

from cadres import proofs, roles, walls
from lao_cai_training.postgres import database_settings, policies
from lao_cai_training.postgres.server import ROLES, WEB

logger = logging.getLogger(__name__)

AT_WORK = f"{walls.WIDE}, {walls.SCOPED}"  # what the web process becomes for a request
WALLS = Path(__file__).parent / "walls.sql"


def grant_web_role(*, create: bool = False) -> bool:
    """Let the web process work on every table there is, behind the wall; on a server without its roles, make them if
    `create`.

    False where there are no such roles: the web process can then only sign in as the owner, and no wall stands.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not has_roles():
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            (may_create,) = cursor.fetchone()
            if not (create and may_create):
                return False
            cursor.execute(ROLES.read_text())
        named = {"institution": roles.TRAINING_INSTITUTION, "administrator": roles.ADMINISTRATOR}
        cursor.execute(WALLS.read_text(), named | {"wide": sorted(roles.SEES_EVERY_UNIT)})
        _keep_key(cursor)
        _put_up(cursor)
        for grant in _grants(cursor):
            cursor.execute(grant)
    return True


def take_down_walls() -> None:
    """Before tables are changed: what hangs on their columns goes, and `grant_web_role` puts it up again.

    Until then the web process sees nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS walls CASCADE")


def _keep_key(cursor: Any) -> None:
    """What the proofs of the web process are checked with, where it is another one."""
    key = proofs.key(settings.SECRET_KEY).ljust(64, b"\0")
    pads = [bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C)]
    cursor.execute("SELECT FROM walls.key WHERE inner_pad = %s AND outer_pad = %s", pads)
    if not cursor.fetchone():
        cursor.execute("DELETE FROM walls.key")
        cursor.execute("INSERT INTO walls.key (inner_pad, outer_pad) VALUES (%s, %s)", pads)


def _put_up(cursor: Any) -> None:
    """The policies, where others or none are there: nobody may be reading the table meanwhile."""
    cursor.execute(
        "SELECT obj_description('walls'::regnamespace), (SELECT count(*) FROM pg_policies WHERE policyname = ANY(%s))",
        [[walls.WIDE, walls.SCOPED]],
    )
    if cursor.fetchone() != (policies.digest(), 2 * len(policies.tables())):
        for statement in policies.statements():
            cursor.execute(statement)
        cursor.execute("COMMENT ON SCHEMA walls IS %s", [policies.digest()])


def _grants(cursor: Any) -> Iterator[Any]:
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {WEB}, {AT_WORK}"
    yield f"GRANT USAGE ON SCHEMA public TO {WEB}, {AT_WORK}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {AT_WORK}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WEB}, {AT_WORK}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {AT_WORK}"
    yield f"REVOKE UPDATE, DELETE ON {', '.join(policies.ONLY_INSERTED)} FROM {AT_WORK}"
    # By itself the login looks after accounts and sessions, and sees no table with people.
    cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')")
    for (table,) in cursor.fetchall():
        if f"public.{table}" not in policies.tables():
            yield SQL("GRANT SELECT ON {} TO {}").format(Identifier(table), Identifier(WEB))
        if table.startswith(policies.BY_ITSELF):
            yield SQL("GRANT INSERT, UPDATE, DELETE ON {} TO {}").format(Identifier(table), Identifier(WEB))
    yield f"GRANT UPDATE (last_login) ON cadres_user TO {WEB}"
    for (table, secret), readers in policies.SECRETS.items():
        cursor.execute(
            "SELECT attname FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attname <> %s",
            [table, secret],
        )
        others = SQL(", ").join(Identifier(name) for (name,) in cursor.fetchall())
        yield SQL("REVOKE SELECT ON {} FROM {}").format(Identifier(table), SQL(f"{WEB}, {AT_WORK}"))
        yield SQL("GRANT SELECT ({}) ON {} TO {}").format(others, Identifier(table), SQL(readers))
    for statement, table in policies.WITH_A_CODE:
        yield f"GRANT {statement} ON {table} TO {WEB}"
    # The history is written by triggers of the owner's; whoever works on the site can only read it.
    # A restored one is as PostgreSQL makes it, and one of an earlier version may be granted what is no more.
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA history, walls FROM PUBLIC, {WEB}, {AT_WORK}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA history, walls FROM {WEB}, {AT_WORK}"
    yield f"GRANT USAGE ON SCHEMA history, walls TO {WEB}, {AT_WORK}"
    yield f"GRANT SELECT ON history.act, history.change, history.visit TO {AT_WORK}"
    yield f"GRANT EXECUTE ON FUNCTION history.record_visit, history.bears_from, history.differs TO {WEB}, {AT_WORK}"
    yield f"GRANT EXECUTE ON FUNCTION history.row_that_came TO {AT_WORK}"
    yield f"GRANT EXECUTE ON FUNCTION walls.enter TO {WEB}"
    yield f"GRANT EXECUTE ON FUNCTION walls.secret TO {WEB}, {AT_WORK}"
    told = "walls.told, walls.is_wide, walls.account, walls.keys, walls.ranges_of_people"
    yield f"GRANT EXECUTE ON FUNCTION {told} TO {AT_WORK}"
    yield f"GRANT SELECT ON walls.people TO {AT_WORK}"


def has_roles() -> bool:
    """Whether the server has the roles of roles.sql, and this one may become them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) = 3 FROM pg_roles WHERE rolname = ANY(%s) AND pg_has_role(current_user, oid, 'MEMBER')",
            [[WEB, walls.WIDE, walls.SCOPED]],
        )
        return bool(cursor.fetchone()[0])


def sign_in_as_web() -> None:
    """From now on every connection of this process is made by its own login; for the web process, before its first
    request.

    On a server of which only the owner's address is known the process stays the owner, and says so in the log.
    """
    own = connections.settings[connection.alias]
    if settings.WEB_DATABASE_URL:
        own.pop("CLUSTER", None)
        own.update(database_settings(settings.WEB_DATABASE_URL, settings.DATA_DIR, settings.TIME_ZONE))
    elif "CLUSTER" in own:
        own["ROLE"] = WEB
    connections.close_all()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_has_role(session_user, datdba, 'MEMBER') FROM pg_database WHERE datname = current_database()"
            )
            is_owner = cursor.fetchone() == (True,)
    except OperationalError:
        is_owner = False  # no server yet
    finally:
        connection.close()
    if is_owner:
        logger.warning(
            "Trang web đăng nhập cơ sở dữ liệu bằng quyền của chủ: đặt biến WEB_DATABASE_URL là địa chỉ của vai trò "
            "%s (README, mục “On a real server”).",
            WEB,
        )
