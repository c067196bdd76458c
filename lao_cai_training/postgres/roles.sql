-- The roles that the application needs on a PostgreSQL server (14 or later): run by a superuser on a new server, and
-- again after an update; what is there already stays.
--     psql -U postgres -f lao_cai_training/postgres/roles.sql -f lao_cai_training/postgres/database.sql
-- and then give the two that sign in a password:  psql -U postgres -c '\password lao_cai' -c '\password lao_cai_web'
-- The embedded server is prepared by the same files. Keep an empty line after each statement, and none within: the
-- server that reads them in single-user mode takes that as its end.
-- `lao_cai` owns the database: migrations, commands and tests (which make databases of their own). No superuser.
-- `lao_cai_web` is what the web process signs in as. It owns nothing, and what it becomes for a request it does not
-- inherit: `lao_cai_wide` for accounts that see every unit, `lao_cai_scoped` for those that see the people of their
-- units or classes (policies.py).
DO $$ DECLARE wanted name;
BEGIN
    FOREACH wanted IN ARRAY '{lao_cai,lao_cai_web,lao_cai_wide,lao_cai_scoped}'::name[] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I', wanted);
        END IF;
    END LOOP;
END $$;

ALTER ROLE lao_cai LOGIN CREATEDB;

ALTER ROLE lao_cai_web LOGIN NOINHERIT;

GRANT lao_cai_wide, lao_cai_scoped TO lao_cai_web;

GRANT lao_cai_web, lao_cai_wide, lao_cai_scoped TO lao_cai;

-- What one connection of the site asks is nothing for another to read.
ALTER ROLE lao_cai_web SET track_activities = off;

