-- The history: what was changed, by whom, when, why. Written by triggers of the owner's, whoever writes and however
-- (screen, COPY, bulk, command, psql); the role of the web process reads it and can add to it only by changing rows.
CREATE SCHEMA history;

-- One act: what one transaction changed under one context. `context` is what the process says of itself (who, by
-- which address or command, why) and may be empty; `db_role` is what PostgreSQL knows.
CREATE TABLE history.act (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    txid bigint NOT NULL DEFAULT txid_current(),
    db_role name NOT NULL DEFAULT session_user,
    user_id bigint,
    kind text NOT NULL,
    reason text NOT NULL,
    context jsonb NOT NULL
);
CREATE INDEX act_at ON history.act (at);
CREATE INDEX act_txid ON history.act (txid);
CREATE INDEX act_user ON history.act (user_id, id);
CREATE INDEX act_kind ON history.act (kind, id);

-- One row changed: of which table, about which person, as part of which other row (its parent).
CREATE TABLE history.change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    act_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    table_name text NOT NULL,
    key bigint NOT NULL,
    person bigint,
    parent_table text,
    parent bigint,
    operation "char" NOT NULL, -- I inserted, U updated, D deleted
    before jsonb,
    after jsonb
);
CREATE INDEX change_act ON history.change (act_id);
CREATE INDEX change_row ON history.change (key); -- of few tables each; the names of tables would double its cost
CREATE INDEX change_person ON history.change (person) WHERE person IS NOT NULL;
CREATE INDEX change_gone ON history.change (table_name, key) WHERE operation = 'D';
CREATE INDEX change_parent ON history.change (parent, parent_table) WHERE parent IS NOT NULL;

-- Who came in, who was refused, what of people was taken out or looked at (a person's page once an account and day).
CREATE TABLE history.visit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    day date NOT NULL DEFAULT current_date,
    db_role name NOT NULL DEFAULT session_user,
    user_id bigint,
    username text NOT NULL,
    kind text NOT NULL,
    person bigint,
    path text NOT NULL,
    address text NOT NULL
);
CREATE INDEX visit_at ON history.visit (at);
CREATE INDEX visit_user ON history.visit (user_id, id);
CREATE INDEX visit_kind ON history.visit (kind, id);
CREATE INDEX visit_person ON history.visit (person, id) WHERE person IS NOT NULL;
CREATE UNIQUE INDEX visit_once_a_day ON history.visit (user_id, person, day) WHERE kind = 'person';

-- The act under way: the one of this transaction with this context. Found by the transaction's number, not by a
-- setting, for any session can set any setting; and by the time, for numbers begin anew on another server.
CREATE FUNCTION history.act_under_way() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told jsonb := coalesce(nullif(current_setting('app.context', true), ''), '{}')::jsonb;
    found bigint;
BEGIN
    SELECT id INTO found FROM history.act
    WHERE txid = txid_current() AND act.at >= now() AND context = told ORDER BY id DESC LIMIT 1;
    IF found IS NULL THEN
        INSERT INTO history.act (user_id, kind, reason, context)
        VALUES ((told ->> 'user')::bigint, coalesce(told ->> 'kind', ''), coalesce(told ->> 'reason', ''), told)
        RETURNING id INTO found;
    END IF;
    RETURN found;
END $$;

-- Arguments of the three triggers: the column with the person, the table and the column of the parent, columns whose
-- value is secret (that it changed is kept, what it is is not), columns that are left out; an empty text for none.
-- Taking columns out of a row costs as much as writing it: where none are named nothing is taken out.
CREATE FUNCTION history.record_insert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE untold text[] := array_remove(string_to_array(concat_ws(',', TG_ARGV[3], TG_ARGV[4]), ','), '');
BEGIN
    INSERT INTO history.change (act_id, table_name, key, person, parent_table, parent, operation, after)
    SELECT (SELECT history.act_under_way()), TG_TABLE_NAME, id, (made ->> TG_ARGV[0])::bigint,
        nullif(TG_ARGV[1], ''), (made ->> TG_ARGV[2])::bigint, 'I', made - untold
    FROM (SELECT id, to_jsonb(n) AS made FROM new_rows n OFFSET 0) AS rows;
    RETURN NULL;
END $$;

CREATE FUNCTION history.record_delete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE untold text[] := array_remove(string_to_array(concat_ws(',', TG_ARGV[3], TG_ARGV[4]), ','), '');
BEGIN
    INSERT INTO history.change (act_id, table_name, key, person, parent_table, parent, operation, before)
    SELECT (SELECT history.act_under_way()), TG_TABLE_NAME, (gone ->> 'id')::bigint, (gone ->> TG_ARGV[0])::bigint,
        nullif(TG_ARGV[1], ''), (gone ->> TG_ARGV[2])::bigint, 'D', gone - untold
    FROM (SELECT to_jsonb(o) AS gone FROM old_rows o OFFSET 0) AS rows;
    RETURN NULL;
END $$;

-- Only rows that differ, and in more than the moment of change and what is left out. Keys never change.
CREATE FUNCTION history.record_update() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    secret text[] := string_to_array(TG_ARGV[3], ',');
    left_out text[] := string_to_array(TG_ARGV[4], ',');
BEGIN
    INSERT INTO history.change (act_id, table_name, key, person, parent_table, parent, operation, before, after)
    SELECT (SELECT history.act_under_way()), TG_TABLE_NAME, (became ->> 'id')::bigint, (became ->> TG_ARGV[0])::bigint,
        nullif(TG_ARGV[1], ''), (became ->> TG_ARGV[2])::bigint, 'U', was - secret,
        (became - secret) || coalesce((
            SELECT jsonb_object_agg(name, 'đã đổi') FROM unnest(secret) AS name
            WHERE was -> name IS DISTINCT FROM became -> name), '{}')
    FROM (
        SELECT to_jsonb(o) - 'changed_at' - left_out AS was, to_jsonb(n) - 'changed_at' - left_out AS became
        FROM old_rows o JOIN new_rows n USING (id) WHERE o.* IS DISTINCT FROM n.* OFFSET 0) AS rows
    WHERE was <> became;
    RETURN NULL;
END $$;

-- TRUNCATE tells no trigger which rows go.
CREATE FUNCTION history.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: the history would not tell it', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON history.act EXECUTE FUNCTION history.refuse();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON history.change EXECUTE FUNCTION history.refuse();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON history.visit EXECUTE FUNCTION history.refuse();

CREATE FUNCTION history.record_table(name text, person text, parent_table text, parent text, secret text, left_out text)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE told text := format('(%L, %L, %L, %L, %L)', person, parent_table, parent, secret, left_out);
BEGIN
    EXECUTE format('CREATE TRIGGER history_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows'
        ' FOR EACH STATEMENT EXECUTE FUNCTION history.record_insert%s', name, told);
    EXECUTE format('CREATE TRIGGER history_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows'
        ' FOR EACH STATEMENT EXECUTE FUNCTION history.record_delete%s', name, told);
    EXECUTE format('CREATE TRIGGER history_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS old_rows'
        ' NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION history.record_update%s', name, told);
    EXECUTE format('CREATE TRIGGER history_truncate BEFORE TRUNCATE ON %I EXECUTE FUNCTION history.refuse()', name);
END $$;

CREATE FUNCTION history.record_visit(
    user_id bigint, username text, kind text, person bigint, path text, address text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO history.visit (user_id, username, kind, person, path, address) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA history FROM PUBLIC;
