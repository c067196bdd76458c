"""What the process proves to the database, and what it is given for that: secrets of accounts, which no SQL reads.

A proof is made of SECRET_KEY, over what is claimed and the number of the session (lao_cai_training/postgres/walls.sql).
"""

import hashlib
import hmac
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.db.models import CharField, F, Func, Model, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.query_utils import DeferredAttribute
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

STANDS = """
SELECT to_regprocedure('walls.enter(bigint,text,text)') IS NOT NULL
    AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'lao_cai_wide' AND pg_has_role(session_user, oid, 'MEMBER'))
"""

_stands: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()  # what each open connection has answered


@cache
def key(secret: str) -> bytes:
    """What the proofs are made with: of SECRET_KEY, and known to the owner of the database (walls.key)."""
    return hashlib.sha256(f"lao_cai_training walls {secret}".encode()).digest()


def proof_of(claim: str) -> str:
    """That this process claims it, in the open session."""
    message = f"{claim} {connection.connection.info.backend_pid}"
    return hmac.digest(key(settings.SECRET_KEY), message.encode(), "sha256").hex()


def is_broken() -> bool:
    """Whether the connection can be asked nothing more: an error in its transaction, or it is closed."""
    opened = connection.connection
    return opened is None or opened.closed or opened.get_transaction_status() == TRANSACTION_STATUS_INERROR


def can_be_asked() -> bool:
    """Whether the walls stand in this database, and the connection is one that can be asked."""
    connection.ensure_connection()
    opened = connection.connection
    if is_broken():
        return False
    if opened not in _stands:
        with connection.wrap_database_errors, opened.cursor() as cursor:
            cursor.execute(STANDS)
            _stands[opened] = cursor.fetchone() == (True,)
    return _stands[opened]


def secret(column: str, account: int) -> Combinable:
    """The secret of the account that lies in that column ("password", or "key" of a telephone), for a query that is
    made at once: from a function that asks for a proof, since the login of the site may not read the column."""
    if not can_be_asked():
        return Coalesce(F(column), Value(""), output_field=CharField())
    told = (Value(column), Value(account), Value(proof_of(f"{column} {account}")))
    return Func(*told, function="walls.secret", output_field=CharField())


class _AskedFor(DeferredAttribute):
    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if instance.__dict__.get(name) is None and instance.pk is not None:
            rows = type(instance)._base_manager.filter(pk=instance.pk)
            instance.__dict__[name] = rows.values_list(secret(name, instance.pk), flat=True).first()
        return instance.__dict__.get(name)

    def __set__(self, instance: Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SecretField(CharField):
    """A text of an account that no query reads along: it is asked for when it is needed."""

    descriptor_class = _AskedFor

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        return "NULL", ()

    def deconstruct(self) -> Any:
        """In the migrations, which the owner runs, a CharField like others."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
