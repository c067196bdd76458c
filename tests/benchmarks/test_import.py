"""Preview and commit of a roster of 3,600 rows, beside an ordinary django-import-export resource on the same file, and
beside the limit: the fastest reader on the same cells, and COPY of the same final rows into the same tables.

The ordinary resource does less: it writes people and their posts, and looks up four foreign keys a row, but leaves
identifiers, qualifications, matching and history aside. What is compared is the work in the process, not its start.
"""

import statistics
import time
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import DateWidget, ForeignKeyWidget
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from tablib import Dataset

from cadres.models import (
    Appointment,
    EthnicGroup,
    ImportBatch,
    ImportRow,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    Qualification,
    RosterDay,
    UnitVersion,
    UnitZone,
)
from cadres.roster.batch import commit, read_file, stage
from cadres.roster.foretelling import foretell_batch
from cadres.text import fold, sort_key
from tests.conftest import rolled_back

ROWS = 3_600
FASTER = 15  # times, at least
ROUNDS = 3  # of ours the middle one counts; the ordinary one takes a minute, whatever the processor does meanwhile
MOST_QUERIES = 60
MOST_OF_COMMIT = 1.5  # times what writing costs, at most, that the effect of writing may cost
# The tables that an import fills; each row refers only to tables before its own, or to itself.
FILLED = (ImportBatch, Official, OfficialIdentifier, Appointment, Qualification, UnitZone, RosterDay, ImportRow)


class OrdinaryResource(ModelResource):
    """What one writes after an hour with the manual of django-import-export."""

    full_name = Field("full_name", "Họ và tên")
    birth_date = Field("birth_date", "Ngày sinh", DateWidget("%d/%m/%Y"))
    religion = Field("religion", "Tôn giáo")
    ethnic_group = Field("ethnic_group", "Dân tộc", ForeignKeyWidget(EthnicGroup, "name"))
    unit = Field("unit_version", "Mã xã", ForeignKeyWidget(UnitVersion, "code"))
    position = Field("position", "Chức danh", ForeignKeyWidget(Position, "title"))
    education = Field("education", "Trình độ học vấn", ForeignKeyWidget(Level, "name"))

    class Meta:
        model = Official
        fields = ("full_name", "birth_date", "religion", "ethnic_group", "unit", "position", "education")
        import_id_fields = ("full_name", "birth_date")

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        instance.birth_precision = "day"
        instance.folded_name, instance.name_order = fold(instance.full_name), sort_key(instance.full_name)

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        Appointment.objects.create(
            official=instance,
            position=instance.position,
            unit_id=instance.unit_version.unit_id,
            start_date="2015-12-31",
        )


class OfTheDay(ForeignKeyWidget):
    """Codes and names are used again; the ordinary lookup takes the one of the day."""

    def get_queryset(self, value: Any, row: Any, *args: Any, **kwargs: Any) -> Any:
        if self.model is UnitVersion:
            return UnitVersion.objects.as_of("2015-12-31")
        return Level.objects.filter(dimension__code="education")


OrdinaryResource.fields["unit"].widget = OfTheDay(UnitVersion, "code")
OrdinaryResource.fields["education"].widget = OfTheDay(Level, "name")


def dataset_of(content: bytes) -> Dataset:
    header, *rows = load_workbook(BytesIO(content), read_only=True).active.values
    dataset = Dataset(headers=list(header))
    for row in rows:
        dataset.append(["" if value is None else value for value in row])
    return dataset


def measured(work: Callable[[], Any]) -> tuple[Any, float, int]:
    """The result of the work, its seconds and its queries."""
    asked = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    begin = time.perf_counter()
    with connection.execute_wrapper(count):
        result = work()
    return result, time.perf_counter() - begin, asked


def seconds_of_import(content: bytes) -> tuple[float, float, float, float, int, int]:
    """Of preview, effect, commit and the foreign keys at the end of its transaction; queries of preview and commit."""
    batch, preview, preview_queries = measured(lambda: stage(read_file("a.xlsx", content), by=None))
    _, foretelling, _ = measured(lambda: foretell_batch(batch, by=None))
    _, writing, commit_queries = measured(lambda: commit(batch, by=None))
    _, checking, _ = measured(connection.check_constraints)
    return preview, foretelling, writing, checking, preview_queries, commit_queries


def seconds_of_reading(content: bytes) -> float:
    """The fastest reader, and nothing made of what it reads."""
    begin = time.perf_counter()
    workbook = CalamineWorkbook.from_filelike(BytesIO(content))
    for index in range(len(workbook.sheet_names)):
        workbook.get_sheet_by_index(index).to_python()
    return time.perf_counter() - begin


def seconds_of_copying() -> float:
    """COPY of all rows that the tables hold, after they were taken out: constraints and indexes do their work again."""
    with connection.cursor() as cursor:
        texts = []
        for table in FILLED:
            texts.append(StringIO())
            cursor.copy_expert(f"COPY {table._meta.db_table} TO STDOUT", texts[-1])
            texts[-1].seek(0)
        for table in reversed(FILLED):
            cursor.execute(f"DELETE FROM {table._meta.db_table}")
        begin = time.perf_counter()
        for table, text in zip(FILLED, texts, strict=True):
            cursor.copy_expert(f"COPY {table._meta.db_table} FROM STDIN", text)
        return time.perf_counter() - begin


@pytest.mark.django_db
def test_import_is_fifteen_times_faster_than_an_ordinary_resource(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    call_command("generate_roster", str(tmp_path / "a.xlsx"), officials=ROWS, stderr=StringIO())
    content = (tmp_path / "a.xlsx").read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    with transaction.atomic():
        dataset = dataset_of(content)
        resource = OrdinaryResource()
        _, slow_preview, slow_preview_queries = measured(
            lambda: resource.import_data(dataset_of(content), dry_run=True, raise_errors=True)
        )
        _, slow_commit, slow_commit_queries = measured(
            lambda: resource.import_data(dataset, dry_run=False, raise_errors=True)
        )
        assert Official.objects.count() == ROWS
        transaction.set_rollback(True)

    rounds = []
    for _ in range(ROUNDS - 1):
        with rolled_back():
            rounds.append(seconds_of_import(content))
    rounds.append(seconds_of_import(content))  # stays
    *seconds, preview_queries, commit_queries = zip(*rounds, strict=True)
    preview, foretelling, writing, checking = map(statistics.median, seconds)
    preview_queries, commit_queries = max(preview_queries), max(commit_queries)
    assert Official.objects.count() == ROWS
    assert Qualification.objects.count() > ROWS
    again, same_preview, _ = measured(lambda: stage(read_file("a.xlsx", content), by=None))
    _, same_writing, _ = measured(lambda: commit(again, by=None))

    again.delete()  # what the first import left is measured
    reading, copying = seconds_of_reading(content), seconds_of_copying()

    print(f"\n{ROWS:,} rows".ljust(25) + f"{'seconds':>9}{'queries':>9}{'ratio':>8}")
    for name, seconds, queries, slow in (
        ("preview, ordinary", slow_preview, slow_preview_queries, 0),
        ("preview", preview, preview_queries, slow_preview),
        ("commit, ordinary", slow_commit, slow_commit_queries, 0),
        ("commit", writing, commit_queries, slow_commit),
        ("effect, apart", foretelling, 0, 0),
        ("preview, unchanged", same_preview, 0, 0),
        ("commit, unchanged", same_writing, 0, 0),
    ):
        ratio = f"{slow / seconds:7.1f}×" if slow else ""
        print(f"{name:24}{seconds:9.2f}{queries or '':>9}{ratio}")
    ours, limit = preview + writing, reading + copying
    print(f"limit: reading {reading:.2f} s + COPY {copying:.2f} s = {limit:.2f} s; ours is {ours / limit:.1f} times it")
    print(f"unchanged: {(same_preview + same_writing) / ours:.2f} of the first import")
    print(
        f"the effect costs {foretelling / (writing + checking):.2f} of the commit with {checking:.2f} s of foreign keys"
    )
    assert foretelling <= (writing + checking) * MOST_OF_COMMIT
    assert same_preview + same_writing < ours
    assert max(preview_queries, commit_queries) < MOST_QUERIES
    assert slow_preview / preview >= FASTER
    assert slow_commit / writing >= FASTER
