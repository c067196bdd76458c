"""Django database engine of the project: PostgreSQL, and where no server is named an embedded one started on first use.

ENGINE is "lao_cai_training.postgres". With the key CLUSTER (a folder) in the database settings the engine keeps a
server of its own there (server.py); without it, it is django.db.backends.postgresql and nothing more.
"""

from pathlib import Path
from typing import Any

import psycopg2
from django.core.exceptions import ImproperlyConfigured
from psycopg2.extensions import parse_dsn

from lao_cai_training.postgres.server import DATABASE

# Of every connection: compiling costs more than it saves on the queries here; the data lie in memory or on an SSD, so
# that an index may be read as readily as a table. A roster of thousands passes its rows to the history in memory. What
# is planned to be asked again (cadres/kept_plans.py, triggers) is planned once, not first five times on trial.
SESSION = "-c jit=off -c random_page_cost=1.1 -c work_mem=32MB -c plan_cache_mode=force_generic_plan"


def database_settings(url: str, cluster: Path, time_zone: str) -> dict[str, Any]:
    """Django's settings of the database behind `url`, or where that is empty of the embedded one in folder `cluster`.

    `url` is what libpq understands: postgres://user:password@host:port/name?sslmode=require. Raises
    ImproperlyConfigured with a Vietnamese line.
    """
    settings = {
        "ENGINE": "lao_cai_training.postgres",
        "CONN_MAX_AGE": 600,  # seconds: a new connection costs more than most queries, and has no plans yet
        "CONN_HEALTH_CHECKS": True,
        "TIME_ZONE": time_zone,
        "OPTIONS": {"options": SESSION},
    }
    if not url:
        return settings | {"NAME": DATABASE, "CLUSTER": cluster}
    try:
        parts = parse_dsn(url)
        name = parts.pop("dbname")
    except (psycopg2.ProgrammingError, KeyError) as error:
        raise ImproperlyConfigured(
            "DATABASE_URL không đúng dạng postgres://người_dùng:mật_khẩu@máy_chủ:cổng/tên_cơ_sở_dữ_liệu"
        ) from error
    options = settings["OPTIONS"] | parts
    options["options"] = f"{SESSION} {parts.get('options', '')}".strip()
    return settings | {
        "NAME": name,
        **{key.upper(): options.pop(key, "") for key in ("user", "password", "host", "port")},
        "OPTIONS": options,
    }
