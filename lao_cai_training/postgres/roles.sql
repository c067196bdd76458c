-- What the application needs on a PostgreSQL server (14 or later): run once by a superuser, for example
--     psql -U postgres -f lao_cai_training/postgres/roles.sql
-- and then give the owner a password:  psql -U postgres -c '\password lao_cai'
-- The embedded server is prepared by the same file. Keep an empty line after each statement: the server that reads it
-- in single-user mode takes that as its end.

-- The owner: migrations, commands and tests (which make a database of their own, hence CREATEDB). No superuser.
CREATE ROLE lao_cai LOGIN CREATEDB;

-- What the web process becomes on each connection: it reads and writes rows, and can change no table.
CREATE ROLE lao_cai_web NOLOGIN;

GRANT lao_cai_web TO lao_cai;

CREATE DATABASE lao_cai_training OWNER lao_cai ENCODING 'UTF8' TEMPLATE template0;

