-- A new row of a person is kept where it stands: in its table until it is changed, then in the `before` of the next entry.
-- Its own entry says that it came, who brought it, when, about whom; its columns once more would double what a roster
-- costs. `after` keeps of it only what tells on which days it counts, where verdicts hang on it: what has touched a
-- published figure is asked of that (0013, reports/publications/since.sql). Arguments as of record_insert, and the columns
-- that are kept; these tables have no secrets.
CREATE FUNCTION history.record_arrival() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE kept text := (SELECT string_agg(format('%L, %I', name, name), ', ') FROM string_to_table(TG_ARGV[5], ',') AS name);
BEGIN
    EXECUTE format(
        'INSERT INTO history.change (act_id, table_name, key, person, parent_table, parent, operation, after)'
        ' SELECT (SELECT history.act_under_way()), $1, id, %s, nullif($2, ''''), %s, ''I'', %s FROM new_rows',
        coalesce(quote_ident(nullif(TG_ARGV[0], '')), 'NULL::bigint'),
        coalesce(quote_ident(nullif(TG_ARGV[2], '')), 'NULL::bigint'),
        CASE WHEN kept IS NULL THEN 'NULL::jsonb' ELSE format('jsonb_build_object(%s)', kept) END)
    USING TG_TABLE_NAME, TG_ARGV[1];
    RETURN NULL;
END $$;

-- The columns of a row as it was when it came, NULL where the caller may not see the entry: the policy of history.change
-- says the same of what is about a person (lao_cai_training/postgres/policies.py), but holds back no function of the
-- owner's, which this has to be, for of a row that has gone over to somebody else the next entry is not the caller's.
CREATE FUNCTION history.row_that_came(entry bigint) RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    came history.change;
    caller name := CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END;
    told jsonb;
BEGIN
    SELECT * INTO came FROM history.change WHERE id = entry AND operation = 'I' AND after -> 'id' IS NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF NOT pg_has_role(caller, current_user, 'USAGE') THEN
        IF NOT walls.is_wide() AND NOT EXISTS (SELECT FROM walls.people WHERE official_id = came.person) THEN
            RETURN NULL;
        END IF;
    END IF;
    SELECT before INTO told FROM history.change
    WHERE key = came.key AND table_name = came.table_name AND id > entry ORDER BY id LIMIT 1;
    IF NOT FOUND THEN
        EXECUTE format('SELECT to_jsonb(present) - ''changed_at'' FROM public.%I AS present WHERE id = $1', came.table_name)
        INTO told USING came.key;
    END IF;
    RETURN told;
END $$;
REVOKE ALL ON FUNCTION history.record_arrival, history.row_that_came FROM PUBLIC;
