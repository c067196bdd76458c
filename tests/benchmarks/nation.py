"""A country's worth of officials for the benchmarks: 220,000 people in 3,321 communes, about 1.02 million records.

Everything is invented and comes from one seed. It is written by INSERT … SELECT over generate_series, since what is
measured is reading; the shape (several records a person, revoked and mistaken ones, dates in the future of the day
asked for, zones, relaxations, waivers, fields of study) is that of a real registry.
"""

import random
from functools import partial

from django.db import connection, transaction
from django.db.models import CharField, QuerySet, TextField

from cadres.models import Appointment, Official, UnitVersion
from cadres.text import fold, match_key, nfc, sort_key
from courses.models import Institution

OFFICIALS = 220_000
COMMUNES = 3_321
DISTRICTS = 300
# Template → officials, communes, districts.
SIZES = {"small": (3_631, 164, 9), "nation": (OFFICIALS, COMMUNES, DISTRICTS)}
NAMES = 4_000

FAMILIES = ("Giàng", "Vàng", "Thào", "Sùng", "Lù", "Tẩn", "Phàn", "Chảo", "Lý", "Hoàng", "Nguyễn", "Trần", "Đặng")
MIDDLES = ("Văn", "Thị", "A", "Seo", "Thanh", "Quốc", "Láo", "Minh", "Đức", "Ngọc")
GIVENS = ("Dơ", "Mỷ", "Sử", "Chín", "Chứ", "Páo", "Lan", "Hương", "Hùng", "Hải", "Oanh", "Ơn", "Ân", "Ánh", "Đào", "Êm")

FIELDS_OF_STUDY = ("Luật", "Kế toán", "Nông nghiệp", "Quản trị văn phòng", "")

# code of the dimension, share of people with a record, share of those with a second, older and lower one,
# and the codes of the levels from which the record is drawn.
LADDERS = (
    ("education", 0.97, 0.08, ("TH", "THCS", "THPT", "THPT", "THPT")),
    ("professional", 0.93, 0.25, ("CDT", "SC", "TC", "TC", "CD", "DH")),
    ("political_theory", 0.80, 0.15, ("CHUA", "SC", "TC", "TC", "CC")),
    ("state_management", 0.55, 0.05, ("CHUA", "CV", "CVC")),
    ("it", 0.75, 0.10, ("KHONG", "A", "A", "B")),
    ("ethnic_language", 0.22, 0.00, ("GT", "CC")),
)


@transaction.atomic
def build(officials: int = OFFICIALS, communes: int = COMMUNES, districts: int = DISTRICTS, seed: int = 7) -> None:
    """Fill an empty registry that has the reference data. Rosters are as of 31/12/2014 and 31/12/2015."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [seed / 100])
        _write_units(cursor, communes, districts)
        _write_names(cursor, seed)
        _write_officials(cursor, officials, communes)
        _write_qualifications(cursor)
        _write_rules(cursor)


@transaction.atomic
def build_training(turns: int, seed: int = 7) -> None:
    """Add classes of 2010–2015 with so many completed turns, spread evenly over the people of `build`.

    One more in twenty has failed. Each class has money from two sources; where its programme raises a level, each
    completed turn has a certificate and the qualification that came of it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(%s)", [seed / 100])
        _write_classes(cursor, turns)
        _write_certificates(cursor)


def analyse() -> None:
    """Give the planner its statistics and the visibility map, as autovacuum does on a server that has run a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _settle(*size: int) -> None:
    build(*size)
    analyse()


# As tests/databases.py has them: template → the one that it begins as, and what is written into it.
TEMPLATES = {name: ("reference", partial(_settle, *size)) for name, size in SIZES.items()}


def of_district(number: int) -> QuerySet[Appointment]:
    """The posts in the communes of one of the districts."""
    district = UnitVersion.objects.get(code=f"N{number:05}").unit
    return Appointment.objects.filter(unit__versions__parent=district)


def _write_units(cursor, communes: int, districts: int) -> None:
    cursor.execute(
        """
        CREATE TEMPORARY TABLE made_unit ON COMMIT DROP AS
        SELECT n, nextval(pg_get_serial_sequence('cadres_unit', 'id')) AS id,
               CASE WHEN n = 0 THEN 'province' WHEN n <= %(districts)s THEN 'district' ELSE 'commune' END AS kind
        FROM generate_series(0, %(communes)s + %(districts)s) AS n;

        INSERT INTO cadres_unit (id) SELECT id FROM made_unit;

        INSERT INTO cadres_unitversion (unit_id, code, name, kind, parent_id, start_date, decision)
        SELECT id, 'N' || lpad(n::text, 5, '0'),
               CASE kind WHEN 'province' THEN 'Tỉnh thử' WHEN 'district' THEN 'Huyện ' || n ELSE 'Xã ' || n END,
               kind,
               (SELECT parent.id FROM made_unit AS parent
                WHERE parent.n = CASE made.kind WHEN 'province' THEN -1 WHEN 'district' THEN 0
                                                ELSE 1 + made.n %% %(districts)s END),
               '0001-01-01', ''
        FROM made_unit AS made;

        INSERT INTO cadres_unitzone (unit_id, zone, origin, decision, start_date)
        SELECT id, 1 + n %% 3, 'decision', '', '2013-01-01' FROM made_unit WHERE kind = 'commune' AND n %% 10 <> 0;

        INSERT INTO cadres_unitrelaxation (unit_id, is_relaxed, decision, start_date)
        SELECT id, n %% 2 = 0, 'QĐ thử', '2014-06-01' FROM made_unit WHERE kind = 'commune' AND n %% 12 = 0;

        INSERT INTO cadres_rosterday (unit_id, day)
        SELECT id, day FROM made_unit, unnest(ARRAY['2014-12-31', '2015-12-31']::date[]) AS day
        WHERE kind = 'commune';
        """,
        {"communes": communes, "districts": districts},
    )


def _write_names(cursor, seed: int) -> None:
    choose = random.Random(seed)
    names = [f"{choose.choice(FAMILIES)} {choose.choice(MIDDLES)} {choose.choice(GIVENS)}" for _ in range(NAMES)]
    cursor.execute(
        """
        CREATE TEMPORARY TABLE made_name ON COMMIT DROP AS
        SELECT n, full_name, folded, ordering
        FROM unnest(%s, %s, %s) WITH ORDINALITY AS name (full_name, folded, ordering, n)
        """,
        [[nfc(name) for name in names], [fold(name) for name in names], [sort_key(name) for name in names]],
    )


# What is invented of an official; every other text is empty, whichever there are.
INVENTED = ("full_name", "folded_name", "name_order", "sex", "birth_precision")


def _write_officials(cursor, officials: int, communes: int) -> None:
    texts = [
        column.column
        for column in Official._meta.concrete_fields
        if isinstance(column, CharField | TextField) and column.name not in INVENTED
    ]
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE made_official ON COMMIT DROP AS
        SELECT n, nextval(pg_get_serial_sequence('cadres_official', 'id')) AS id,
               1 + floor(random() * %(names)s)::int AS name, random() AS chance
        FROM generate_series(0, %(officials)s - 1) AS n;

        INSERT INTO cadres_official (
            id, full_name, folded_name, name_order, sex, birth_date, birth_precision, ethnic_group_id,
            is_party_member, {", ".join(texts)})
        SELECT made.id, full_name, folded, ordering,
               CASE WHEN chance < 0.02 THEN '' WHEN chance < 0.35 THEN 'F' ELSE 'M' END,
               DATE '1955-01-01' + floor(chance * 13500)::int, CASE WHEN made.n %% 20 = 0 THEN 'year' ELSE 'day' END,
               CASE WHEN made.n %% 50 = 0 THEN NULL ELSE
                   (SELECT id FROM cadres_ethnicgroup WHERE code = lpad((1 + made.n %% 20)::text, 2, '0')) END,
               made.n %% 3 <> 0, {", ".join(["''"] * len(texts))}
        FROM made_official AS made JOIN made_name ON made_name.n = made.name;

        CREATE TEMPORARY TABLE made_commune ON COMMIT DROP AS
        SELECT id, row_number() OVER (ORDER BY n) - 1 AS place FROM made_unit WHERE kind = 'commune';

        CREATE TEMPORARY TABLE made_position ON COMMIT DROP AS
        SELECT id, row_number() OVER (ORDER BY "order") - 1 AS place
        FROM cadres_position WHERE "group" <> 'non_specialist';

        INSERT INTO cadres_appointment (
            official_id, position_id, unit_id, is_primary, start_date, stated_start_precision, term, end_reason,
            decision)
        SELECT made.id, made_position.id, made_commune.id, true, DATE '2010-01-01' + floor(chance * 2000)::int,
               '', '', '', ''
        FROM made_official AS made
        JOIN made_commune ON made_commune.place = made.n * %(communes)s::bigint / %(officials)s
        JOIN made_position ON made_position.place = made.n %% 18;

        -- one person in twenty has left, one in fifty holds a second post
        UPDATE cadres_appointment SET end_date = start_date + 1500, end_reason = 'retired'
        WHERE id %% 20 = 0 AND official_id IN (SELECT id FROM made_official);
        INSERT INTO cadres_appointment (
            official_id, position_id, unit_id, is_primary, start_date, stated_start_precision, term, end_reason,
            decision)
        SELECT official_id, (SELECT id FROM made_position WHERE place = 2), unit_id, false, start_date, '', '', '', ''
        FROM cadres_appointment
        WHERE id %% 50 = 1 AND position_id = (SELECT id FROM made_position WHERE place = 4);
        """,
        {"officials": officials, "communes": communes, "names": NAMES},
    )


def _write_qualifications(cursor) -> None:
    """Draw the records dimension by dimension, and write them person by person, as rosters bring them."""
    cursor.execute(
        "CREATE TEMPORARY TABLE made_record (official_id bigint, level_id bigint, awarded date, fate float, field text)"
        " ON COMMIT DROP"
    )
    for dimension, share, again, codes in LADDERS:
        cursor.execute(
            """
            INSERT INTO made_record
            SELECT drawn.official_id, level.id, awarded, fate, CASE WHEN %(with_field)s THEN field ELSE '' END
            FROM (
                SELECT made.id AS official_id, random() AS fate,
                       DATE '2003-01-01' + floor(random() * 4900)::int AS awarded,
                       (%(codes)s)[1 + floor(random() * array_length(%(codes)s, 1))::int] AS code,
                       (%(fields)s)[1 + floor(random() * array_length(%(fields)s, 1))::int] AS field
                FROM (SELECT id, random() AS known, random() AS again FROM made_official) AS made,
                     generate_series(1, CASE WHEN made.again < %(again)s THEN 2 ELSE 1 END)
                WHERE known < %(share)s
            ) AS drawn
            JOIN cadres_dimension AS dimension ON dimension.code = %(dimension)s
            JOIN cadres_level AS level ON level.dimension_id = dimension.id AND level.code = drawn.code
            """,
            {
                "dimension": dimension,
                "share": share,
                "again": again,
                "codes": list(codes),
                "fields": list(FIELDS_OF_STUDY),
                "with_field": dimension == "professional",
            },
        )
    cursor.execute(
        """
        INSERT INTO cadres_qualification (
            official_id, level_id, start_date, end_date, awarded_on, awarded_precision, field_of_study, field_key,
            study_mode, institution, number, origin, is_error, note)
        SELECT official_id, level_id, awarded, CASE WHEN fate < 0.01 THEN awarded + 900 END, awarded, 'day',
               field, key, '', 'Trường thử', '', 'roster', fate > 0.995, ''
        FROM made_record JOIN unnest(%s, %s) AS keys (name, key) ON name = field
        ORDER BY official_id
        """,
        [list(FIELDS_OF_STUDY), [match_key(field) for field in FIELDS_OF_STUDY]],
    )


def _write_rules(cursor) -> None:
    """A field-of-study rule for three positions, and a waiver for one person in a hundred."""
    cursor.execute(
        """
        INSERT INTO cadres_acceptedfield (position_id, dimension_id, field_of_study, field_key, start_date)
        SELECT position.id, dimension.id, field, key, '0001-01-01'
        FROM cadres_position AS position, cadres_dimension AS dimension, unnest(%s, %s) AS accepted (field, key)
        WHERE position.code IN ('TC_KT', 'TP_HT', 'VP_TK') AND dimension.code = 'professional';

        INSERT INTO cadres_waiver (official_id, dimension_id, reason, decision, start_date, end_date)
        SELECT made.id, dimension.id, 'thử', 'QĐ thử', '2015-01-01', '2016-12-31'
        FROM made_official AS made, cadres_dimension AS dimension
        WHERE made.n %% 100 = 0 AND dimension.code = 'political_theory';
        """,
        [list(FIELDS_OF_STUDY[:2]), [match_key(field) for field in FIELDS_OF_STUDY[:2]]],
    )


IN_A_CLASS = 42


def _write_classes(cursor, turns: int) -> None:
    Institution.objects.create(code="N-TRUONG", name="Trường thử", head="Người ký")
    cursor.execute(
        """
        CREATE TEMPORARY TABLE made_class ON COMMIT DROP AS
        SELECT n, nextval(pg_get_serial_sequence('courses_trainingclass', 'id')) AS id, programme.id AS programme_id,
               raises_to_id, start_date, LEAST(start_date + 2 + length, DATE '2015-12-20') AS end_date
        FROM (SELECT n, DATE '2010-02-01' + floor(random() * 2100)::int AS start_date,
                     floor(random() * 120)::int AS length
              FROM generate_series(0, ((%(turns)s * 20 + 18) / 19 - 1) / %(size)s) AS n) AS drawn
        JOIN (SELECT id, raises_to_id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS programmes
              FROM courses_programme) AS programme ON place = n %% programmes;

        INSERT INTO courses_trainingclass (id, code, programme_id, institution_id, place_id, venue, form, start_date,
            end_date, seats, decision, state, state_reason)
        SELECT made.id, 'N' || lpad(made.n::text, 6, '0'), programme_id,
               (SELECT id FROM courses_institution WHERE code = 'N-TRUONG'),
               (SELECT unit_id FROM cadres_unitversion WHERE code = 'N00000'), '', 'full_time', start_date, end_date,
               %(size)s, '', 'ended', ''
        FROM made_class AS made;

        INSERT INTO courses_classfunding (training_class_id, source, committed, spent, settled_on, document)
        SELECT id, source, 90000000, 1000000 * (10 + n %% 60), end_date, ''
        FROM made_class, unnest(ARRAY['central', 'local']) AS source;

        CREATE TEMPORARY TABLE somebody ON COMMIT DROP AS
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM cadres_official;

        INSERT INTO courses_enrolment (training_class_id, official_id, state, queued_at, is_from_reserve,
            withdrawal_reason, grade, note)
        SELECT made.id, somebody.id, CASE WHEN k %% 20 = 0 THEN 'failed' ELSE 'completed' END, start_date, false,
               '', '', ''
        FROM generate_series(0, (%(turns)s * 20 + 18) / 19 - 1) AS k
        JOIN made_class AS made ON made.n = k / %(size)s
        JOIN somebody ON place = k * 7919::bigint %% %(people)s;
        """,
        {"turns": turns, "size": IN_A_CLASS, "people": Official.objects.count()},
    )


def _write_certificates(cursor) -> None:
    cursor.execute(
        """
        CREATE TEMPORARY TABLE made_certificate ON COMMIT DROP AS
        SELECT enrolment.id AS enrolment_id, official_id, raises_to_id, made.end_date + 10 AS issued_on,
               nextval(pg_get_serial_sequence('cadres_qualification', 'id')) AS qualification_id
        FROM courses_enrolment AS enrolment JOIN made_class AS made ON made.id = training_class_id
        WHERE state = 'completed' AND raises_to_id IS NOT NULL;

        INSERT INTO cadres_qualification (id, official_id, level_id, start_date, awarded_on, awarded_precision,
            field_of_study, field_key, study_mode, institution, number, origin, is_error, note)
        SELECT qualification_id, official_id, raises_to_id, issued_on, issued_on, 'day', '', '', '', 'Trường thử',
               qualification_id::text, 'course', false, ''
        FROM made_certificate ORDER BY official_id;

        INSERT INTO courses_certificate (enrolment_id, institution_id, number, book_entry, issued_on, signer,
            qualification_id, withdrawn_because)
        SELECT enrolment_id, (SELECT id FROM courses_institution WHERE code = 'N-TRUONG'), qualification_id::text,
               qualification_id::text, issued_on, 'Người ký', qualification_id, ''
        FROM made_certificate;
        """
    )
