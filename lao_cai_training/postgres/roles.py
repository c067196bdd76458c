"""The role that the web process takes on: it reads and writes rows, and can change no table (roles.sql).

Migrations, commands and tests work as the owner of the database. What the web role may is granted by `migrate`, and so
by `setup`.
"""

import logging

from django.conf import settings
from django.db import OperationalError, connection, connections, transaction
from psycopg2.sql import SQL, Identifier

logger = logging.getLogger(__name__)


def grant_web_role(*, create: bool = False) -> bool:
    """Let the web role work on every table there is; on a server without that role, make it if `create`.

    False where there is no such role, or none is wanted: the web process then stays what DATABASE_URL makes it.
    """
    if not settings.WEB_ROLE:
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        if not _may_take_on_web_role():
            cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
            (may_create,) = cursor.fetchone()
            if not (create and may_create):
                return False
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.WEB_ROLE])
            if not cursor.fetchone():
                cursor.execute(_with_role("CREATE ROLE {role} NOLOGIN"))
            cursor.execute(_with_role("GRANT {role} TO CURRENT_USER"))
        for grant in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
            # The history is written by triggers of the owner's; whoever works on the site can only read it.
            "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA history FROM PUBLIC",  # a restored one is as PostgreSQL makes it
            "GRANT USAGE ON SCHEMA history TO {role}",
            "GRANT SELECT ON history.act, history.change, history.visit TO {role}",
            "GRANT EXECUTE ON FUNCTION history.record_visit, history.bears_from, history.differs TO {role}",
        ):
            cursor.execute(_with_role(grant))
    return True


def take_on_web_role() -> None:
    """From now on every connection of this process is the web role; for the web process, before its first request.

    On a server not prepared with roles.sql the process stays what DATABASE_URL makes it, and says so in the log.
    """
    if not settings.WEB_ROLE:
        return
    try:
        prepared = _may_take_on_web_role()
    except OperationalError:
        prepared = True  # no server yet: better no page at all than one with the owner's privileges
    finally:
        connection.close()
    if prepared:
        connections.settings[connection.alias]["OPTIONS"]["assume_role"] = settings.WEB_ROLE
    else:
        logger.warning(
            "Máy chủ PostgreSQL chưa có vai trò %s: trang web chạy với quyền của chủ cơ sở dữ liệu. "
            "Chạy lao_cai_training/postgres/roles.sql rồi python manage.py setup.",
            settings.WEB_ROLE,
        )


def _may_take_on_web_role() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(current_user, oid, 'MEMBER')",
            [settings.WEB_ROLE],
        )
        return cursor.fetchone() is not None


def _with_role(statement: str) -> SQL:
    return SQL(statement).format(role=Identifier(settings.WEB_ROLE))
