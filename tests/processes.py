"""Processes of their own that work on the database of a test: their rows are really committed, and they can be killed.

Such tests use the fixture `own_database`.
"""

import os

from django.conf import settings
from django.db import connection


def environment() -> dict[str, str]:
    """The environment of a process that works on the database of this test.

    It has the secret key of this one, whatever its DATA_DIR: the second wall of that database lets no other proof in.
    """
    values = connection.settings_dict
    place = f"{values['HOST'] or 'localhost'}:{values['PORT'] or 5432}"
    secret = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    address = f"postgres://{values['USER']}{secret}@{place}/{values['NAME']}"
    if str(values["HOST"]).startswith("/"):
        address = f"postgres://{values['USER']}{secret}@/{values['NAME']}?host={values['HOST']}&port={values['PORT']}"
    return os.environ | {"DATABASE_URL": address, "SECRET_KEY": settings.SECRET_KEY}
