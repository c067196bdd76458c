-- What the history holds since a figure was published and bears on it: `shown` are the figures, each with the standards
-- that judge (and judged) it and the units within which it is looked at (NULL: everywhere); `place` those units and all
-- below them on the day. A row counts on the day where it is in force, held (a primary post, no error), and of a
-- standard or criterion that judges. Of a row that was changed only the columns on which a verdict hangs are looked at.
-- Later is also what was being written while the figure was published, and so is not in it.
WITH shown AS (
    SELECT * FROM jsonb_to_recordset(%(shown)s) AS
        shown (id bigint, day text, at timestamptz, txid bigint, snapshot text, roots bigint[], judging bigint[],
            criterion bigint)
),
bearing AS (SELECT key AS table_name, value AS columns FROM jsonb_each(%(bearing)s)),
place AS MATERIALIZED (
    SELECT DISTINCT shown.id AS publication_id, version.unit_id
    FROM shown
    JOIN cadres_unitversion AS version ON version.start_date <= shown.day::date
        AND (version.end_date IS NULL OR version.end_date >= shown.day::date)
    LEFT JOIN cadres_unitversion AS above ON above.unit_id = version.parent_id AND above.start_date <= shown.day::date
        AND (above.end_date IS NULL OR above.end_date >= shown.day::date)
    WHERE version.unit_id = ANY (shown.roots) OR version.parent_id = ANY (shown.roots)
        OR above.parent_id = ANY (shown.roots)
)
-- FROM here on, for each of the figures shown.
    FROM history.act JOIN history.change AS c ON c.act_id = act.id JOIN bearing ON bearing.table_name = c.table_name
    CROSS JOIN LATERAL (
        SELECT bool_or(
            coalesce(side.row ->> 'start_date', side.row ->> 'day', '') <= shown.day
            AND coalesce(side.row ->> 'end_date', '9') >= shown.day
            AND coalesce((side.row ->> 'is_primary')::boolean, true)
            AND NOT coalesce((side.row ->> 'is_error')::boolean, false)
            AND (side.row ->> 'standard_id' IS NULL OR (side.row ->> 'standard_id')::bigint = ANY (shown.judging))
            AND (side.row ->> 'criterion_id' IS NULL OR (side.row ->> 'criterion_id')::bigint = shown.criterion)
        ) AS counts
        FROM (VALUES (c.before), (c.after)) AS side (row) WHERE side.row IS NOT NULL
    ) AS of_the_day
    WHERE act.at > shown.at - interval '1 day'
        AND (act.at > shown.at OR act.txid <> shown.txid
            AND NOT txid_visible_in_snapshot(act.txid, shown.snapshot::txid_snapshot))
        AND of_the_day.counts
        AND (c.operation <> 'U' OR EXISTS (
            SELECT FROM jsonb_array_elements_text(bearing.columns) AS name
            WHERE c.before -> name IS DISTINCT FROM c.after -> name))
        AND (shown.roots IS NULL OR CASE
            WHEN c.person IS NULL THEN coalesce(c.after, c.before) ->> 'unit_id' IS NULL
                OR (coalesce(c.after, c.before) ->> 'unit_id')::bigint IN (
                    SELECT unit_id FROM place WHERE place.publication_id = shown.id)
            ELSE EXISTS (
                SELECT FROM cadres_publishedpost AS post JOIN place USING (publication_id, unit_id)
                WHERE post.publication_id = shown.id AND post.official_id = c.person)
                OR EXISTS (
                SELECT FROM cadres_appointment AS post JOIN place USING (unit_id)
                WHERE place.publication_id = shown.id AND post.official_id = c.person) END)
