-- What the history holds since a figure was published and bears on it: `shown` are the figures, each with the standards
-- that judge (and judged) it and the units within which it is looked at (NULL: everywhere); `place` those units and all
-- below them on the day. A row counts on the day where it is in force, held (a primary post, no error), and of a
-- standard or criterion that judges. A change bears on the figure where the row counted before and no more after, or the
-- other way round, or counts as before with something else in a column on which a verdict hangs. So a post that ends
-- later changes nothing. Later is also what was being written while the figure was published, and so is not in it.
--
-- `{row counts}` means that the row, as the history has it, was there and counted on the day.
WITH shown AS (
    SELECT * FROM jsonb_to_recordset(%s) AS
        shown (id bigint, day text, at timestamptz, txid bigint, snapshot text, roots bigint[], judging bigint[],
            criterion bigint)
),
place AS MATERIALIZED (
    SELECT DISTINCT shown.id AS publication_id, version.unit_id
    FROM shown
    JOIN cadres_unitversion AS version ON version.start_date <= shown.day::date
        AND (version.end_date IS NULL OR version.end_date >= shown.day::date)
    LEFT JOIN cadres_unitversion AS above ON above.unit_id = version.parent_id AND above.start_date <= shown.day::date
        AND (above.end_date IS NULL OR above.end_date >= shown.day::date)
    WHERE version.unit_id = ANY (shown.roots) OR version.parent_id = ANY (shown.roots)
        OR above.parent_id = ANY (shown.roots) OR version.cluster_id = ANY (shown.roots)
)
-- FROM here on, for each of the figures shown.
    FROM history.change AS c JOIN history.act ON act.id = c.act_id
    WHERE c.act_id >= (SELECT min(id) FROM history.act AS later WHERE later.at > shown.at - interval '1 day')
        -- By the index, which holds from which day on a change bears on verdicts.
        AND history.bears_from(c.table_name, c.before, c.after) <= shown.day
        AND (act.at > shown.at OR act.txid <> shown.txid
            AND NOT txid_visible_in_snapshot(act.txid, shown.snapshot::txid_snapshot))
        AND ({c.before counts} <> {c.after counts} OR {c.before counts} AND history.differs(c.before, c.after))
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
