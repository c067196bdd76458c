-- The verdict of a day: a row for every post that counts, with what is asked of it, what of that is met, and the
-- verdict. Explained in cadres/evaluation.py, which puts this page into querysets. Nothing of it is stored. (Before it
-- is asked, lines with an "if" that does not hold are left out, then comments.)
--
-- Given: %(day)s. %(standards)s, the keys of the standards that judge: for each group of positions one at the most, as
-- a rule the one in force; who asks what would be may name another. %(asked)s, the keys of the dimensions in which
-- they, local rules over them or supposed requirements ask for something on the day; what concerns others drops out.
-- %(counted)s, the keys of those of them on which the verdict depends: a criterion of the province may count some only.
-- `appointment`, a CTE put in after WITH: the rows of cadres_appointment, all of them or those of the people whom
-- somebody may see or asks for.
--
-- A person is a row of cadres_official, a post of cadres_appointment, a record of cadres_qualification. A standard is a
-- legal text, a row of cadres_standard; what it asks of one position in one dimension is a line, a row of
-- cadres_requirement. A local rule is the province's own over a standard (vận dụng; a row of cadres_standard too, with
-- its key as `over_id`): its lines say what differs. %(local)s, the keys of those in force on the day, one a standard
-- at the most.
--
-- Rows that are only supposed, to ask what would be, come as JSON: %(posts)s, %(requirements)s and %(waivers)s as an
-- array of objects with the columns named below, %(records)s as an object, key of the person → array of records. A
-- record or waiver is added to those on file; a post, one a person, stands in the place of the person's primary one; a
-- line in the place of that of the same standard (or local rule), position and dimension. They have no period and are
-- in force on the day; none of their columns is NULL. %(gone_posts)s and %(gone_records)s are arrays of the keys of
-- rows on file that are supposed not to be.
--
-- "if posts" at the end of a line: it is there only where posts are supposed, and so on; "if data", where every
-- supposed post also counts as a roster of its commune; "if local", where a local rule is in force. "if all" and "if
-- some" tell whether all posts are asked for, or some of them, and differ only in how fast they are.
--
-- `{x in force}` means that the period of x covers the day, both ends included: x.start_date <= %(day)s AND (x.end_date
-- IS NULL OR x.end_date >= %(day)s). By constraint there is on a day at the most one version, zone and decision on the
-- relaxation of a unit; one primary post of a person, and one waiver a dimension; one line of a standard a position and
-- dimension. A post or record that was wrong is kept, as `is_error`, and counts nowhere.
--
-- A SET OF LEVELS is a bigint in which every level of the dimensions asked has a bit of its own; there are 62 at the
-- most (MOST_LEVELS in cadres/models/standards.py keeps it so). Ranks order the levels of a dimension, no two alike: a
-- record of a level proves it and all below it. What is asked of a post is one level a dimension, its minimum. So asked
-- & reached is what is met, in one operation for all dimensions.
--
-- A filter on the rows of this page reaches the tables: `held_post`, `post`, `judged` and `overall` are each named once
-- and so become one query with it. One by person reads the posts and records of that person only, one by district those
-- of its communes. Only what is small, or needed whole, is put together before (MATERIALIZED).
WITH
supposed_post AS (SELECT * FROM json_to_recordset(%(posts)s) AS  -- if posts
    supposed (id bigint, official_id bigint, position_id bigint, unit_id bigint)),  -- if posts
-- The communes whose data have begun: there is a roster (the list of all posts of a commune on a day) of the day or an
-- earlier one. Otherwise a commune that has sent none would be in the figures with a few of its posts.
begun AS (
    SELECT unit_id FROM cadres_rosterday WHERE day <= %(day)s
    UNION ALL SELECT unit_id FROM supposed_post  -- if data
),
-- The posts that are held: of each person in `appointment` the primary one of the day, and all that are supposed.
held_post AS (
    SELECT appointment.id, appointment.official_id, appointment.position_id, appointment.unit_id
    FROM appointment WHERE appointment.is_primary AND {appointment in force} AND NOT appointment.is_error
        AND appointment.id <> ALL (%(gone_posts)s)  -- if gone_posts
        AND appointment.official_id NOT IN (SELECT official_id FROM supposed_post)  -- if posts
    UNION ALL SELECT id, official_id, position_id, unit_id FROM supposed_post  -- if posts
),
-- The communes in force whose data have begun, each with its facts, put together once for all posts. The district is
-- the unit above: a cluster of communes where the province has made one, else the parent by law. In some communes the
-- law asks for lower minimums (the relaxation): a decision on it prevails, also one against it; without one, communes
-- in zones II and III are relaxed.
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
-- The posts that count: those whose position is in force and whose commune is in `unit`. (The lines "if all" make an
-- inner join in odd words. Of a plain one PostgreSQL expects that posts drop out in the proportion in which positions
-- have ended; hardly one does, and where few are expected they are looked up one by one.)
post AS (
    SELECT held_post.id, held_post.official_id, held_post.position_id, position."group" AS position_group, unit.*
    FROM held_post
    LEFT  -- if all
    JOIN cadres_position AS position ON position.id = held_post.position_id AND {position in force}
    JOIN unit ON unit.unit_id = held_post.unit_id
    WHERE coalesce(position.id, 0) <> 0  -- if all
),
-- So far the posts. (Where no verdict is asked for, the page is cut at these words and ends in SELECT * FROM post.)
-- What follows judges them.

-- The levels of the dimensions asked, each with its bit.
level AS (
    SELECT id, dimension_id, bit,
           sum(bit) OVER (PARTITION BY dimension_id ORDER BY rank)::bigint AS proves,  -- itself and all below it
           sum(bit) OVER (PARTITION BY dimension_id)::bigint AS whole_dimension        -- all levels of its dimension
    FROM (SELECT id, dimension_id, rank, 1::bigint << (row_number() OVER (ORDER BY dimension_id, rank))::int - 1 AS bit
          FROM cadres_level WHERE dimension_id = ANY (%(asked)s)) AS numbered
),
-- The standards that judge. One that is named to ask what would be need not be in force on the day: only its lines in
-- force judge. (A line given no start of its own has 0001-01-01.)
standard AS (
    SELECT id AS standard_id, position_group, start_date AS standard_start, transition_until
    FROM cadres_standard WHERE id = ANY (%(standards)s)
),
supposed_requirement AS (SELECT * FROM json_to_recordset(%(requirements)s) AS supposed (  -- if requirements
    standard_id bigint, position_id bigint, dimension_id bigint,  -- if requirements
    minimum_id bigint, minimum_relaxed_id bigint)),  -- if requirements
-- What standards and local rules say on the day; what is supposed replaces the same line on file, if there is one.
said AS (
    SELECT standard_id, position_id, dimension_id, minimum_id, minimum_relaxed_id
    FROM cadres_requirement AS line WHERE {line in force}
        AND (standard_id, position_id, dimension_id) NOT IN  -- if requirements
            (SELECT standard_id, position_id, dimension_id FROM supposed_requirement)  -- if requirements
    UNION ALL SELECT * FROM supposed_requirement  -- if requirements
),
-- What the standards ask on the day. A line of a local rule counts as one of the standard that it is over: it replaces
-- that of the same position and dimension (whose NULL sorts last) or, if there is none, is added.
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
-- Together, what a standard asks of a position: its minimums, one level a dimension, and those in relaxed communes
-- (every line has both); the dimensions in which a field of study has to fit, and the fields that do, as
-- 'dimension:field'.
demand AS MATERIALIZED (
    SELECT requirement.standard_id, requirement.position_id,
           bit_or(minimum.bit) AS minimum, bit_or(relaxed.bit) AS relaxed,
           coalesce(bit_or(minimum.whole_dimension) FILTER (WHERE field_rule.fields IS NOT NULL), 0) AS with_field,
           (SELECT array_agg(field) FROM field_rule AS rule, unnest(rule.fields) AS field
            WHERE rule.position_id = requirement.position_id) AS fields
    FROM requirement
    JOIN level AS minimum ON minimum.id = requirement.minimum_id
    JOIN level AS relaxed ON relaxed.id = requirement.minimum_relaxed_id
    LEFT JOIN field_rule
        ON field_rule.position_id = requirement.position_id AND field_rule.dimension_id = requirement.dimension_id
    GROUP BY requirement.standard_id, requirement.position_id
),
-- The records that are only supposed, by the key of the person, and looked up by it: they may be of as many people as
-- there are posts, and going through all of them for each post would be quadratic.
supposed_record AS (SELECT %(records)s::jsonb AS by_person),  -- if records
-- The records that count on the day; field_key '' tells no field of study. Read by person, through the index; where all
-- posts are asked for, what they prove (but for fields of study) is read of all people in one go.
record AS NOT MATERIALIZED (
    SELECT qualification.official_id, qualification.level_id, qualification.field_key
    FROM cadres_qualification AS qualification WHERE {qualification in force} AND NOT qualification.is_error
        AND qualification.id <> ALL (%(gone_records)s)  -- if gone_records
    UNION ALL SELECT official.id, supposed.*  -- if records
    FROM cadres_official AS official CROSS JOIN jsonb_to_recordset(  -- if records
        (SELECT by_person FROM supposed_record) -> official.id::text  -- if records
    ) AS supposed (level_id bigint, field_key text)  -- if records
),
-- The levels once more, as arrays whose subscript is the key of a level. One of a dimension not asked has 0, the empty
-- set, or lies behind the end: it proves nothing. Reading an array for every record is faster than joining `level`, and
-- faster still where no element is NULL.
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
-- Every minimum asked of the post is in one of four sets, the first that fits: met; exempt, where it is waived;
-- unknown, where nothing is on record of the dimension, or where a record that reaches the minimum tells no field
-- though one has to fit; else not met. Where nothing is asked, `asked` and the four sets are NULL.
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
    LEFT JOIN LATERAL (  -- where the position asks for a field: what the records prove whose field fits, or is not told
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
               -- The levels that the records settle: all of a dimension with a record but, where a field has to fit,
               -- those that a record without a field would prove.
               coalesce(proof.on_record & ~(coalesce(by_field.unstated, 0) & demand.with_field), 0) AS known,
               coalesce(waiver.exempt, 0) AS exempt
    ) AS own
),
-- The levels of the dimensions that the criterion counts.
counted AS (
    SELECT coalesce(bit_or(bit), 0) AS levels FROM level WHERE dimension_id = ANY (%(counted)s)
),
-- Of what is asked in the counted dimensions the worst decides, exempt being as good as met. Where nothing is asked
-- there the verdict is NULL, and the post in no total. The four sets go on telling of all dimensions asked.
overall AS (
    SELECT *, CASE WHEN not_met & (SELECT levels FROM counted) <> 0 THEN 'not_compliant'
                   WHEN unknown & (SELECT levels FROM counted) <> 0 THEN 'undetermined'
                   WHEN asked & (SELECT levels FROM counted) <> 0 THEN 'compliant' END AS verdict
    FROM judged
)
-- In transition: not compliant, but with time until the day transition_until, because the person was in primary posts
-- of the group, in whatever commune, every day from the day before the standard came into force. That is told by the
-- posts on file, whatever is supposed. There is no transition where that start is unknown (0001-01-01) or still to
-- come, and none of a local rule's own: what it asks has the standard's.
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
