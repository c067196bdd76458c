-- The second wall: what a request may read is asked of the database too. Whatever SQL comes from the web process finds
-- no person but those of the account for which the process has begun a request, and proved that it did.
--
-- A proof is an HMAC-SHA256 over what is claimed and the number of the session; its key is known to the web process
-- (of SECRET_KEY) and to the owner, not to SQL of the web process. So a setting that somebody makes up opens nothing.
CREATE SCHEMA IF NOT EXISTS walls;

CREATE TABLE IF NOT EXISTS walls.key (inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);

CREATE OR REPLACE FUNCTION walls.mac(message text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(sha256(outer_pad || sha256(inner_pad || convert_to(message || ' ' || pg_backend_pid(), 'UTF8'))), 'hex')
    FROM walls.key
$$;

-- What every account holds today: the one place that reads it.
CREATE OR REPLACE VIEW walls.held AS
    SELECT user_id AS account, role, unit_id AS unit
    FROM cadres_rolegrant JOIN cadres_user ON cadres_user.id = user_id
    WHERE is_active AND start_date <= current_date AND (end_date IS NULL OR end_date >= current_date);

-- A request is entered: how far the account reaches. `how` is empty, or 'wide': it sees everybody, for what has to look
-- beyond its units; or 'taking back': that too, and what is otherwise only added may go again (cadres/walls.py). psql
-- would take “begin” in the place of its name for that of a body, and a dump could not be read.
CREATE OR REPLACE FUNCTION walls.enter(account bigint, how text, proof text) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    given bigint[];
    below bigint[];
    whole bigint[];
    partly bigint[];
    schools bigint[];
    told text;
    wide boolean;
    administrator boolean := EXISTS (
        SELECT FROM walls.held WHERE held.account = enter.account AND role = %(administrator)s);
BEGIN
    IF proof IS DISTINCT FROM walls.mac(concat_ws(' ', 'enter', account, how)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this is no proof of that account';
    END IF;
    wide := how IN ('wide', 'taking back') OR EXISTS (
        SELECT FROM walls.held WHERE held.account = enter.account AND role = ANY(%(wide)s));
    IF NOT wide THEN
        given := ARRAY(SELECT unit FROM walls.held WHERE held.account = enter.account AND unit IS NOT NULL);
        below := given || ARRAY(SELECT unit_id FROM cadres_unitversion WHERE parent_id = ANY(given));
        -- Units that lie in the scope all their life, and those that do for a part of it.
        SELECT array_agg(unit_id) FILTER (WHERE is_whole), array_agg(unit_id) FILTER (WHERE NOT is_whole)
        INTO whole, partly FROM (
            SELECT unit_id, bool_and(unit_id = ANY(given) OR coalesce(parent_id = ANY(below), false)
                                     OR coalesce(cluster_id = ANY(given), false)) AS is_whole
            FROM cadres_unitversion
            WHERE unit_id IN (SELECT unit_id FROM cadres_unitversion
                              WHERE unit_id = ANY(given) OR parent_id = ANY(below) OR cluster_id = ANY(given))
            GROUP BY unit_id) AS units;
        schools := ARRAY(SELECT institution_id FROM courses_institutionaccount
                         WHERE user_id IN (SELECT held.account FROM walls.held
                                           WHERE held.account = enter.account AND role = %(institution)s)
                             AND start_date <= current_date
                             AND (end_date IS NULL OR end_date >= current_date));
    END IF;
    told := jsonb_build_object('account', account, 'how', how, 'wide', wide,
        'administrator', administrator, 'below', below::text, 'given', given::text,
        'whole', coalesce(whole, '{}')::text, 'partly', coalesce(partly, '{}')::text,
        'all', (coalesce(whole, '{}') || coalesce(partly, '{}'))::text, 'schools', coalesce(schools, '{}')::text);
    PERFORM set_config('walls.told', told, false), set_config('walls.proof', walls.mac('told ' || told), false);
END $$;

-- What an account is signed in by, which nobody reads in its table: the hash of its password, the key of its telephone.
-- For whoever proves to be the web process, at the moment when it compares.
CREATE OR REPLACE FUNCTION walls.secret(name text, account bigint, proof text) RETURNS text LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF proof IS DISTINCT FROM walls.mac(concat_ws(' ', name, account)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this is no proof that the secret may be had';
    END IF;
    RETURN CASE name
        WHEN 'password' THEN (SELECT password FROM cadres_user WHERE id = account)
        WHEN 'key' THEN (SELECT key FROM otp_totp_totpdevice WHERE user_id = account AND confirmed ORDER BY id LIMIT 1)
    END;
END $$;

-- What has been told and proved, NULL where nothing has: policies read it here and nowhere else, once a query.
CREATE OR REPLACE FUNCTION walls.told() RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE told text := current_setting('walls.told', true);
BEGIN
    IF told <> '' AND current_setting('walls.proof', true) = walls.mac('told ' || told) THEN
        RETURN told::jsonb;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION walls.is_wide() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((walls.told() ->> 'wide')::boolean, false)
$$;

CREATE OR REPLACE FUNCTION walls.account() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT (walls.told() ->> 'account')::bigint
$$;

CREATE OR REPLACE FUNCTION walls.keys(name text) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(walls.told() ->> name, '{}')::bigint[]
$$;

-- The people of the account: who ever held a post in one of its units while that lay in its scope, and who is or was
-- in a class of its institutions. A view of the owner's, which no policy holds back, and which says no more than that.
CREATE OR REPLACE VIEW walls.people AS
    SELECT official_id FROM cadres_appointment
    WHERE unit_id = ANY((SELECT walls.keys('whole'))::bigint[])
    UNION ALL
    SELECT official_id FROM cadres_appointment AS post
    WHERE unit_id = ANY((SELECT walls.keys('partly'))::bigint[]) AND EXISTS (
        SELECT FROM cadres_unitversion AS version
        WHERE version.unit_id = post.unit_id
            AND (version.unit_id = ANY((SELECT walls.keys('given'))::bigint[])
                 OR version.parent_id = ANY((SELECT walls.keys('below'))::bigint[])
                 OR version.cluster_id = ANY((SELECT walls.keys('given'))::bigint[]))
            AND version.start_date <= coalesce(post.end_date, 'infinity')
            AND coalesce(version.end_date, 'infinity') >= post.start_date)
    UNION ALL
    SELECT official_id FROM courses_enrolment
    WHERE training_class_id IN (SELECT id FROM courses_trainingclass
                                WHERE institution_id = ANY((SELECT walls.keys('schools'))::bigint[]));

-- The keys of those people as ranges, for policies to ask once a query: a function of the owner's, since where the view
-- stood in their place every table of a query had to be planned with all of it, which took longer than the query.
--
-- Each table of a query asks anew. So the answer is kept in the session, beside the snapshot that it is of: while that
-- says the same nobody has committed anything, and of a transaction that has written itself nothing is kept. It is
-- kept for the proof of the account, and under a seal of its own: ranges that somebody makes up open nothing.
CREATE OR REPLACE FUNCTION walls.ranges_of_people() RETURNS int8multirange LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    asked text := concat_ws(' ', 'people', pg_current_snapshot(), current_setting('walls.proof', true), '');
    seal text := split_part(current_setting('walls.people', true), ' ', 1);
    kept text := split_part(current_setting('walls.people', true), ' ', 2);
    found int8multirange;
BEGIN
    IF pg_current_xact_id_if_assigned() IS NULL AND seal = walls.mac(asked || kept) THEN
        RETURN kept;
    END IF;
    found := (SELECT coalesce(range_agg(int8range(official_id, official_id, '[]')), '{}') FROM walls.people);
    IF pg_current_xact_id_if_assigned() IS NULL AND walls.told() IS NOT NULL THEN
        PERFORM set_config('walls.people', concat_ws(' ', walls.mac(asked || found::text), found), false);
    END IF;
    RETURN found;
END $$;
