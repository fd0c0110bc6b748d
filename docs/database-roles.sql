-- Two roles with least privilege: one that changes the schema, one that works. Run it connected to the app's database as
-- somebody who may create roles; then give each a password (\password cynthia_migrator) or another way to log in.
-- The grants are in database-grants.sql, to be run after each migration.

CREATE ROLE cynthia_migrator LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE cynthia_runtime LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO cynthia_migrator;
GRANT USAGE ON SCHEMA public TO cynthia_runtime;
