"""The login of the web process, which owns nothing, and what it may (roles.sql, policies.sql).

Migrations, commands and tests work as the owner of the database. The rights are granted by `migrate`, and so by
`setup` and `restore`.
"""

import logging

from django.conf import settings
from django.db import OperationalError, connection, connections, transaction

from lao_cai_training.postgres import database_settings
from lao_cai_training.postgres.server import ROLES, WEB

logger = logging.getLogger(__name__)

GRANTED = "lao_cai_web, lao_cai_wide, lao_cai_scoped, lao_cai_institution"


def grant_web_role(*, create: bool = False) -> bool:
    """Let the web process work on every table there is; on a server without its roles, make them if `create`.

    False where there are no such roles: the web process can then only sign in as the owner.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not has_roles():
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            (may_create,) = cursor.fetchone()
            if not (create and may_create):
                return False
            cursor.execute(ROLES.read_text())
        for grant in (
            f"GRANT USAGE ON SCHEMA public TO {GRANTED}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {GRANTED}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {GRANTED}",
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {GRANTED}",
            # The history is written by triggers of the owner's; whoever works on the site can only read it.
            "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA history FROM PUBLIC",  # a restored one is as PostgreSQL makes it
            f"GRANT USAGE ON SCHEMA history TO {GRANTED}",
            f"GRANT SELECT ON history.act, history.change, history.visit TO {GRANTED}",
            f"GRANT EXECUTE ON FUNCTION history.record_visit, history.bears_from, history.differs TO {GRANTED}",
        ):
            cursor.execute(grant)
    return True


def has_roles() -> bool:
    """Whether the server has the roles of roles.sql, and this one may become them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) = 4 FROM pg_roles WHERE rolname = ANY(%s) AND pg_has_role(current_user, oid, 'MEMBER')",
            [GRANTED.split(", ")],
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
