-- The first start of the database: Branchwise owns a database and is nothing more in the server, not its superuser.
\set password `cat /run/secrets/database_password`
CREATE ROLE branchwise LOGIN PASSWORD :'password';
CREATE DATABASE branchwise OWNER branchwise;
REVOKE ALL ON DATABASE branchwise FROM PUBLIC;
