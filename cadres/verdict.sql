-- The verdict of a day: a row for every post that counts, with what is asked of it, what of that is met, and the verdict.
-- In words: cadres/evaluation.py, which puts this page into querysets. Nothing of it is stored. (Comments are taken out
-- before the parameters are filled in.)
--
-- Given: %(day)s. %(standards)s, the keys of the standards that judge, one a position group at the most. %(asked)s, the
-- keys of the dimensions in which they ask for something. %(counted)s, the keys of those of them that the criterion
-- counts. `appointment`, a CTE put before this one: the rows of cadres_appointment, all or a scope of them.
--
-- %(records)s, %(waivers)s, %(posts)s, %(requirements)s are rows that are only supposed, to ask what would be, as JSON. A
-- record or waiver comes to those on file; a post or requirement stands in the place of the one on file. %(gone_posts)s
-- and %(gone_records)s are the keys of rows on file that are supposed not to be. A line that ends in "if posts" is there
-- only where posts are supposed, and so on; "if data", where the data of their communes are supposed to have begun; "if
-- local", where local rules over the standards are in force (%(local)s, their keys).
-- Likewise "if all" and "if some" tell whether all posts are asked for, or those of a scope or filter.
--
-- `{x in force}` means that the period of x covers the day, both ends included: x.start_date <= %(day)s AND
-- (x.end_date IS NULL OR x.end_date >= %(day)s). Constraints see to it that one row of a thing is in force on a day.
--
-- A SET OF LEVELS is a bigint in which every level of the dimensions asked has a bit of its own; there are 62 at the most
-- (MOST_LEVELS). What a person holds are the levels on record and all below them; what is asked of a post is one level a
-- dimension, its minimum. So asked & held, one operation for all dimensions at once, is what is met.
--
-- A filter put after this page (a district, a person) reaches the tables, since `post`, `judged` and `overall` are each
-- named once and so become one query with it.
WITH
supposed_post AS (SELECT * FROM json_to_recordset(%(posts)s) AS  -- if posts
    supposed (id bigint, official_id bigint, position_id bigint, unit_id bigint)),  -- if posts
-- The communes whose data have begun: a roster is known of the day or of one before. A supposed post may begin its
-- commune, also for the other posts there.
begun AS (
    SELECT unit_id FROM cadres_rosterday WHERE day <= %(day)s
    UNION ALL SELECT unit_id FROM supposed_post  -- if data
),
-- The post that each person holds: the primary one of the day, or the one supposed.
held_post AS (
    SELECT appointment.id, appointment.official_id, appointment.position_id, appointment.unit_id
    FROM appointment WHERE appointment.is_primary AND {appointment in force} AND NOT appointment.is_error
        AND appointment.id <> ALL (%(gone_posts)s)  -- if gone_posts
        AND appointment.official_id NOT IN (SELECT official_id FROM supposed_post)  -- if posts
    UNION ALL SELECT id, official_id, position_id, unit_id FROM supposed_post  -- if posts
),
-- The communes in force whose data have begun, each with its facts, put together once for all posts. A decision on the
-- relaxation prevails, also one against it; without one, zones II and III are relaxed.
unit AS MATERIALIZED (
    SELECT commune.unit_id, commune.code AS commune_code, commune.name AS commune_name,
           commune.start_date AS commune_valid_from, coalesce(commune.cluster_id, commune.parent_id) AS district_id,
           district.code AS district_code, district.name AS district_name, district.start_date AS district_valid_from,
           zone.zone,
           coalesce(relaxation.is_relaxed, zone.zone IN (2, 3), false) AS is_relaxed
    FROM cadres_unitversion AS commune
    LEFT JOIN cadres_unitversion AS district
        ON district.unit_id = coalesce(commune.cluster_id, commune.parent_id) AND {district in force}
    LEFT JOIN cadres_unitzone AS zone ON zone.unit_id = commune.unit_id AND {zone in force}
    LEFT JOIN cadres_unitrelaxation AS relaxation ON relaxation.unit_id = commune.unit_id AND {relaxation in force}
    WHERE {commune in force} AND commune.unit_id IN (SELECT unit_id FROM begun)
),
-- The posts that count: those whose position and unit are in force too. Each with the facts of its unit. (Of all posts of
-- a day hardly any is in a position that has ended, but of such a join PostgreSQL expects as few as of all positions, and
-- then looks the people up one by one: hence the odd words there.)
post AS (
    SELECT held_post.id, held_post.official_id, held_post.position_id, position."group" AS position_group, unit.*
    FROM held_post
    LEFT  -- if all
    JOIN cadres_position AS position ON position.id = held_post.position_id AND {position in force}
    JOIN unit ON unit.unit_id = held_post.unit_id
    WHERE coalesce(position.id, 0) <> 0  -- if all
),
-- So far the posts: who asks for no verdict takes the page up to here. What follows judges them.

-- The levels of the dimensions asked, each with its bit.
level AS (
    SELECT id, dimension_id, bit,
           sum(bit) OVER (PARTITION BY dimension_id ORDER BY rank)::bigint AS proves,  -- itself and all below it
           sum(bit) OVER (PARTITION BY dimension_id)::bigint AS whole_dimension        -- all levels of its dimension
    FROM (SELECT id, dimension_id, rank, 1::bigint << (row_number() OVER (ORDER BY dimension_id, rank))::int - 1 AS bit
          FROM cadres_level WHERE dimension_id = ANY (%(asked)s)) AS numbered
),
-- The standards that judge; one that was named may not have begun on the day.
standard AS (
    SELECT id AS standard_id, position_group, start_date AS standard_start, transition_until
    FROM cadres_standard WHERE id = ANY (%(standards)s)
),
-- A supposed requirement replaces that of the same text, position and dimension, if any.
supposed_requirement AS (SELECT * FROM json_to_recordset(%(requirements)s) AS supposed (  -- if requirements
    standard_id bigint, position_id bigint, dimension_id bigint,  -- if requirements
    minimum_id bigint, minimum_relaxed_id bigint)),  -- if requirements
said AS (
    SELECT standard_id, position_id, dimension_id, minimum_id, minimum_relaxed_id
    FROM cadres_requirement AS line WHERE {line in force}
        AND (standard_id, position_id, dimension_id) NOT IN  -- if requirements
            (SELECT standard_id, position_id, dimension_id FROM supposed_requirement)  -- if requirements
    UNION ALL SELECT * FROM supposed_requirement  -- if requirements
),
-- What the standards ask on the day. What a local rule over a standard says stands in the place of what that says.
requirement AS (
    SELECT
        DISTINCT ON (coalesce(rules.over_id, said.standard_id), said.position_id, said.dimension_id)  -- if local
        coalesce(rules.over_id,  -- if local
            said.standard_id
        )  -- if local
            AS standard_id, said.position_id, said.dimension_id, said.minimum_id, said.minimum_relaxed_id
    FROM said
    LEFT JOIN cadres_standard AS rules ON rules.id = said.standard_id AND rules.id = ANY (%(local)s)  -- if local
    WHERE said.standard_id = ANY (%(standards)s)
        OR rules.id IS NOT NULL  -- if local
    ORDER BY 1, 2, 3, rules.id  -- if local
),
-- The fields of study that fit a position in a dimension. Where none is in force, level alone judges.
field_rule AS (
    SELECT accepted.position_id, accepted.dimension_id,
           array_agg(accepted.dimension_id || ':' || accepted.field_key) AS fields
    FROM cadres_acceptedfield AS accepted WHERE {accepted in force}
    GROUP BY accepted.position_id, accepted.dimension_id
),
-- Together, what a standard asks of a position: its minimums, one level a dimension, and those where it is relaxed; the
-- dimensions in which a field of study has to fit, and the fields that do, as 'dimension:field'.
demand AS MATERIALIZED (
    SELECT requirement.standard_id, requirement.position_id,
           bit_or(minimum.bit) AS minimum, bit_or(relaxed.bit) AS relaxed,
           coalesce(bit_or(minimum.whole_dimension) FILTER (WHERE field_rule.fields IS NOT NULL), 0) AS with_field,
           (SELECT array_agg(field) FROM field_rule AS own, unnest(own.fields) AS field
            WHERE own.position_id = requirement.position_id) AS fields
    FROM requirement
    JOIN level AS minimum ON minimum.id = requirement.minimum_id
    JOIN level AS relaxed ON relaxed.id = requirement.minimum_relaxed_id
    LEFT JOIN field_rule
        ON field_rule.position_id = requirement.position_id AND field_rule.dimension_id = requirement.dimension_id
    GROUP BY requirement.standard_id, requirement.position_id
),
-- The records that are only supposed, by the key of the person, and looked up by it: they may be of as many people as
-- there are posts, and whoever goes through all of them for each post takes the square of that.
supposed_record AS (SELECT %(records)s::jsonb AS by_person),  -- if records
-- The records that count on the day. Read by person, through the index; of all people in one go where all are asked for.
record AS NOT MATERIALIZED (
    SELECT qualification.official_id, qualification.level_id, qualification.field_key
    FROM cadres_qualification AS qualification WHERE {qualification in force} AND NOT qualification.is_error
        AND qualification.id <> ALL (%(gone_records)s)  -- if gone_records
    UNION ALL SELECT official.id, supposed.*  -- if records
    FROM cadres_official AS official CROSS JOIN jsonb_to_recordset(  -- if records
        (SELECT by_person FROM supposed_record) -> official.id::text  -- if records
    ) AS supposed (level_id bigint, field_key text)  -- if records
),
-- The levels once more, as arrays whose subscript is the key of a level (0, the empty set: of a dimension not asked). For
-- every record an array is read faster than a table of forty rows is joined, and faster still where no element is NULL.
ladder AS (
    SELECT array_agg(coalesce(level.proves, 0) ORDER BY key) AS proves,
           array_agg(coalesce(level.whole_dimension, 0) ORDER BY key) AS whole_dimension,
           array_agg(coalesce(level.dimension_id, 0) ORDER BY key) AS dimension_id
    FROM generate_series(1, (SELECT max(id) FROM level)) AS key LEFT JOIN level ON level.id = key
),
-- Of each person the levels of the dimensions that are waived, whatever the post.
waiver AS MATERIALIZED (
    SELECT exempted.official_id, bit_or(level.whole_dimension) AS exempt
    FROM (SELECT waived.official_id, waived.dimension_id FROM cadres_waiver AS waived WHERE {waived in force}
          UNION ALL SELECT * FROM json_to_recordset(%(waivers)s) AS  -- if waivers
              supposed (official_id bigint, dimension_id bigint)  -- if waivers
         ) AS exempted JOIN level USING (dimension_id)
    GROUP BY exempted.official_id
),
-- Every minimum asked is in one of four sets, the first that fits: met; exempt; unknown, where nothing is on record of
-- the dimension, or where a record that reaches the minimum tells no field though one has to fit; else not met.
judged AS (
    SELECT post.*, standard.standard_id, standard.standard_start, standard.transition_until, own.asked, own.held,
           own.asked & own.reached AS met,
           own.asked & ~own.reached & own.exempt AS exempt,
           own.asked & ~own.reached & ~own.exempt & own.known AS not_met,
           own.asked & ~own.reached & ~own.exempt & ~own.known AS unknown
    FROM post
    LEFT JOIN standard ON standard.position_group = post.position_group
    LEFT JOIN demand ON demand.standard_id = standard.standard_id AND demand.position_id = post.position_id
    LEFT JOIN waiver ON waiver.official_id = post.official_id
    LEFT JOIN LATERAL (  -- what the records of the person prove
        SELECT
            record.official_id,  -- if all
            bit_or(((SELECT proves FROM ladder))[record.level_id]) AS held,
            bit_or(((SELECT whole_dimension FROM ladder))[record.level_id]) AS on_record
        FROM record
        WHERE record.official_id = post.official_id  -- if some
        GROUP BY record.official_id  -- if all
    ) AS proof
        ON true  -- if some
        ON proof.official_id = post.official_id  -- if all
    LEFT JOIN LATERAL (  -- what those prove whose field fits, or which tell none, where the position asks for a field
        SELECT bit_or(proves) FILTER (WHERE field_key <> '' AND field = ANY (demand.fields)) AS fitting,
               bit_or(proves) FILTER (WHERE field_key = '') AS unstated
        FROM (SELECT record.field_key, ((SELECT proves FROM ladder))[record.level_id] AS proves,
                     ((SELECT dimension_id FROM ladder))[record.level_id] || ':' || record.field_key AS field
              FROM record WHERE record.official_id = post.official_id) AS of_person
        WHERE demand.with_field <> 0
    ) AS by_field ON true
    CROSS JOIN LATERAL (
        SELECT CASE WHEN post.is_relaxed THEN demand.relaxed ELSE demand.minimum END AS asked,
               coalesce(proof.held, 0) AS held,
               -- What is held; where a field has to fit, only what records in such a field prove.
               coalesce(proof.held & ~demand.with_field, 0) | coalesce(by_field.fitting & demand.with_field, 0) AS reached,
               -- What is on record; where a field has to fit, less what a record without one would reach if it did.
               coalesce(proof.on_record & ~(coalesce(by_field.unstated, 0) & demand.with_field), 0) AS known,
               coalesce(waiver.exempt, 0) AS exempt
    ) AS own
),
counted AS (
    SELECT coalesce(bit_or(bit), 0) AS levels FROM level WHERE dimension_id = ANY (%(counted)s)
),
-- The worst of the dimensions that the criterion counts decides, exempt being as good as met. Where none of them is asked
-- of the post there is no verdict: it is in no total. The four sets go on telling of all dimensions.
overall AS (
    SELECT *, CASE WHEN not_met & (SELECT levels FROM counted) <> 0 THEN 'not_compliant'
                   WHEN unknown & (SELECT levels FROM counted) <> 0 THEN 'undetermined'
                   WHEN asked & (SELECT levels FROM counted) <> 0 THEN 'compliant' END AS verdict
    FROM judged
)
-- In transition: not compliant, but in primary posts of the group, wherever and really held, every day since the day before
-- the standard came into force. A standard of which no start is known (0001-01-01) has no such day.
SELECT overall.*,
       CASE WHEN verdict = 'not_compliant' AND transition_until >= %(day)s
                 AND standard_start > '0001-01-01' AND standard_start <= %(day)s
            THEN coalesce((
                SELECT range_agg(daterange(served.start_date, served.end_date, '[]'))
                       @> daterange(overall.standard_start - 1, %(day)s, '[]')
                FROM cadres_appointment AS served JOIN cadres_position AS position ON position.id = served.position_id
                WHERE served.official_id = overall.official_id AND served.is_primary AND NOT served.is_error
                  AND position."group" = overall.position_group), false)
            ELSE false END AS is_in_transition
FROM overall
