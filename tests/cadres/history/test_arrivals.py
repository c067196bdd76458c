"""The entry of a new row of a person does not repeat it: what it was is found where it stands, exactly, and by those
who may see it."""

from datetime import date

import pytest
from django.db import connection

from cadres import registry, walls
from cadres.history.taking_back import former_rows, take_back
from cadres.models import Act, Change, Official, Qualification
from tests import province
from tests.builders import make_official

pytestmark = pytest.mark.usefixtures("province_database")


def kept(change: Change) -> str | None:
    """What the entry itself holds, as no reader sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT after::text FROM history.change WHERE id = %s", [change.pk])
        (text,) = cursor.fetchone()
    return text


def came(row: Official | Qualification) -> Change:
    return Change.objects.get(table_name=row._meta.db_table, key=row.pk, operation="I")


@pytest.fixture
def person(db) -> Official:
    return make_official("Lý Thị Mây")


@pytest.fixture
def small_province(db) -> dict[str, Official]:
    return province.people()


def test_a_new_row_is_told_whole_though_its_entry_does_not_repeat_it(person):
    assert kept(came(person)) is None
    told = came(person).after
    assert (told["id"], told["full_name"], told["phone"]) == (person.pk, "Lý Thị Mây", "")
    assert told.keys() == {field.column for field in Official._meta.concrete_fields} - {"changed_at"}


def test_it_is_told_as_it_came_whatever_was_changed_since(person):
    first = came(person).after
    assert first["full_name"] == "Lý Thị Mây"
    for name in ("Lý Thị Mai", "Lý Thị Mơ"):
        person.full_name = name
        registry.record_facts(person, by=None)
    assert came(person).after == first
    Official.objects.filter(pk=person.pk).delete()
    assert came(person).after == first


def test_each_coming_of_a_row_is_told_with_its_own_columns(person):
    act = came(person).act
    old = Change.objects.filter(table_name="cadres_official", key=person.pk).earliest("pk")
    Official.objects.filter(pk=person.pk).update(note="một")
    Official.objects.filter(pk=person.pk).delete()
    Official.objects.create(pk=person.pk, full_name="Lý Thị Hai")
    comings = Change.objects.filter(table_name="cadres_official", key=person.pk, operation="I").order_by("pk")
    assert [one.after["full_name"] for one in comings] == ["Lý Thị Mây", "Lý Thị Hai"]
    assert old.act == act


def test_entries_of_before_keep_what_they_say(person):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO history.change (act_id, table_name, key, person, operation, after)"
            " VALUES (%s, 'cadres_official', %s, %s, 'I', '{\"id\": 1, \"full_name\": \"Như đã ghi\"}') RETURNING id",
            [came(person).act_id, person.pk, person.pk],
        )
        (key,) = cursor.fetchone()
    assert Change.objects.get(pk=key).after == {"id": 1, "full_name": "Như đã ghi"}


def test_of_a_record_the_entry_keeps_on_which_days_it_counts(small_province):
    record = Qualification.objects.filter(end_date=None).first()
    row = {name: getattr(record, name) for name in ("official_id", "level_id", "start_date", "origin")}
    again = Qualification.objects.create(**row | {"start_date": date(2014, 5, 1)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT after FROM history.change WHERE id = %s", [came(again).pk])
        assert cursor.fetchone()[0].replace(" ", "") == '{"end_date":null,"is_error":false,"start_date":"2014-05-01"}'
    assert came(again).after["level_id"] == record.level_id


def test_an_act_that_brought_people_is_taken_back(person):
    act = Act.objects.get(pk=came(person).act_id)
    assert [former.before for former in former_rows(act)] == [None] * len(former_rows(act))
    take_back(act, reason="nhập nhầm", by=None)
    assert not Official.objects.filter(pk=person.pk).exists()


def test_no_entry_tells_a_person_to_an_account_that_may_not_see_it(small_province, district_officer, province_staff):
    """The function is the owner's: asked for by key, past every page, it has to hold by itself."""
    made = Change.objects.filter(table_name="cadres_official", operation="I")
    entries = list(made.filter(person__in=Official.objects.all()).values_list("pk", "person"))
    for user, sees_all in ((district_officer, False), (province_staff, True)):
        with walls.acting_as(user), connection.cursor() as cursor:
            cursor.execute("SELECT official_id FROM walls.people")
            own = {key for (key,) in cursor.fetchall()}
            assert {person in own for _, person in entries} == ({False} if sees_all else {True, False})
            for entry, person in entries:
                cursor.execute("SELECT history.row_that_came(%s) IS NOT NULL", [entry])
                assert cursor.fetchone()[0] == (sees_all or person in own), (user.username, person)
