"""Rows of another district in every field of every form that an officer is handed: nothing is said about them.

The forms are those of the pages that tests/test_access.py opens, as the officer.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction

from cadres.web.form_tokens import FIELD
from tests.forms import SentPage
from tests.tables import rows_written

LEFT_ALONE = {FIELD, "csrfmiddlewaretoken"}
IS_KEY = re.compile(r"[0-9]{1,9}")
# Rows about the person of the other district, each with the columns by which it is known.
FOREIGN_PEOPLE = {
    "cadres_official": "id",
    "cadres_officialidentifier": "official_id",
    "cadres_appointment": "official_id",
    "cadres_qualification": "official_id",
    "cadres_waiver": "official_id",
    "cadres_setaside": "official_id",
    "courses_enrolment": "official_id",
    "courses_registeredneed": "official_id",
}


def tell_nothing(address: str, forms: Iterable[SentPage], foreign: dict[str, Any], secrets: Iterable[str]) -> None:
    """Send each form with every key of a foreign row that it takes: no such row is changed, no secret is shown."""
    for form in forms:
        before, written = rows_of(foreign), written_about_people()
        for changes in with_foreign_keys(form, {name: str(row.pk) for name, row in foreign.items()}):
            with transaction.atomic():
                answer = form.send(changes)
                shown = b"" if answer.streaming else answer.content
                assert answer.status_code < 500, f"{address} with {changes}"
                written_now = written_about_people()
                if written_now != written:
                    assert rows_of(foreign) == before, f"{address} with {changes} changed a foreign row"
                written = written_now
                for secret in secrets:
                    assert secret not in shown.decode(errors="replace"), f"{address} with {changes} told {secret}"
                transaction.set_rollback(True)


def rows_of(foreign: dict[str, Any]) -> dict[str, list[Any]]:
    """All that is known about the person of the other district, and of its roster."""
    with connection.cursor() as cursor:
        found = {}
        for table, column in FOREIGN_PEOPLE.items():
            cursor.execute(
                f'SELECT t::text FROM {table} AS t WHERE t."{column}" = %s ORDER BY 1', [foreign["official"].pk]
            )
            found[table] = cursor.fetchall()
        cursor.execute("SELECT state, problem FROM cadres_importbatch WHERE id = %s", [foreign["importbatch"].pk])
        found["cadres_importbatch"] = cursor.fetchall()
    return found


def written_about_people() -> list[int]:
    """How many rows were written in the tables that `rows_of` reads, also those that were taken back."""
    written = rows_written()
    return [written.get(table, 0) for table in (*FOREIGN_PEOPLE, "cadres_importbatch")]


def with_foreign_keys(form: SentPage, keys: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The form sent with the key of a foreign row in one field after the other, and in all at once.

    Which row a field means is told by its name, else the person's key is tried.
    """
    in_all = {}
    for name, values in form.fields.items():
        if name in LEFT_ALONE or not any(IS_KEY.fullmatch(value) for value in values) or name.endswith("_FORMS"):
            continue
        stem = re.sub(r"^(initial-)?(\w+-\d+-)?", "", name)
        foreign = keys.get(stem) or keys["unit" if "unit" in stem or "place" in stem else "official"]
        in_all[name] = foreign
        if stem in keys:
            yield {name: foreign}
    choices = {
        field.name: keys["unit"]
        for field in form.form.inputs
        if field.tag == "select" and field.name and ("unit" in field.name or "place" in field.name)
    }
    ticked = dict.fromkeys(("chon", "_selected_action", "official", "into", "other"), keys["official"])
    yield {**in_all, **choices, **ticked}
