from django.db import migrations

# Whether a change of a row differs in a column on which a verdict hangs, beside those that tell when the row counts; the
# same columns of whatever table. And from which day on a change bears on verdicts: the earlier start of the row before and
# after; of a row that has none, from the beginning; of a change on which no verdict hangs never ('9' is after every day).
# That stands in the index beside the act, so that what has touched a day since is found there.
INDEX = """
CREATE FUNCTION history.differs(before jsonb, after jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT before -> 'official_id' IS DISTINCT FROM after -> 'official_id'
        OR before -> 'position_id' IS DISTINCT FROM after -> 'position_id'
        OR before -> 'unit_id' IS DISTINCT FROM after -> 'unit_id'
        OR before -> 'level_id' IS DISTINCT FROM after -> 'level_id'
        OR before -> 'field_key' IS DISTINCT FROM after -> 'field_key'
        OR before -> 'dimension_id' IS DISTINCT FROM after -> 'dimension_id'
        OR before -> 'kind' IS DISTINCT FROM after -> 'kind'
        OR before -> 'parent_id' IS DISTINCT FROM after -> 'parent_id'
        OR before -> 'zone' IS DISTINCT FROM after -> 'zone'
        OR before -> 'is_relaxed' IS DISTINCT FROM after -> 'is_relaxed'
        OR before -> 'group' IS DISTINCT FROM after -> 'group'
        OR before -> 'position_group' IS DISTINCT FROM after -> 'position_group'
        OR before -> 'over_id' IS DISTINCT FROM after -> 'over_id'
        OR before -> 'standard_id' IS DISTINCT FROM after -> 'standard_id'
        OR before -> 'minimum_id' IS DISTINCT FROM after -> 'minimum_id'
        OR before -> 'minimum_relaxed_id' IS DISTINCT FROM after -> 'minimum_relaxed_id'
        OR before -> 'rank' IS DISTINCT FROM after -> 'rank'
        OR before -> 'criterion_id' IS DISTINCT FROM after -> 'criterion_id'
$$;
CREATE FUNCTION history.bears_from(table_name text, before jsonb, after jsonb) RETURNS text LANGUAGE sql IMMUTABLE
PARALLEL SAFE AS $$
    SELECT CASE
        WHEN table_name NOT IN (
            'cadres_appointment', 'cadres_qualification', 'cadres_waiver', 'cadres_unitversion', 'cadres_unitzone',
            'cadres_unitrelaxation', 'cadres_rosterday', 'cadres_position', 'cadres_standard', 'cadres_requirement',
            'cadres_acceptedfield', 'cadres_level', 'cadres_criterion_dimensions') THEN '9'
        WHEN before IS NULL OR after IS NULL OR history.differs(before, after)
            OR before -> 'start_date' IS DISTINCT FROM after -> 'start_date'
            OR before -> 'end_date' IS DISTINCT FROM after -> 'end_date'
            OR before -> 'day' IS DISTINCT FROM after -> 'day'
            OR before -> 'is_primary' IS DISTINCT FROM after -> 'is_primary'
            OR before -> 'is_error' IS DISTINCT FROM after -> 'is_error'
        THEN coalesce(least(before ->> 'start_date', after ->> 'start_date'), '')
        ELSE '9' END
$$;
DROP INDEX history.change_act;
CREATE INDEX change_act ON history.change (act_id, history.bears_from(table_name, before, after));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cadres", "0012_removed_texts"),
    ]

    operations = [
        migrations.RunSQL(INDEX, migrations.RunSQL.noop),
    ]
