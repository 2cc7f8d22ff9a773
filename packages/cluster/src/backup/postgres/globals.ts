/**
 * Roles of the server as a script for psql. One that exists where it runs is left as it is, with
 * its password: the owner's is the secret of that deployment, not of the one that was saved.
 */
export const rolesQuery = `
WITH role AS (
  SELECT *, concat_ws(' ',
    CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
    CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
    CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
    CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
    CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
    CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
    CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END,
    'CONNECTION LIMIT ' || rolconnlimit,
    'PASSWORD ' || quote_literal(rolpassword),
    'VALID UNTIL ' || quote_literal(rolvaliduntil)) AS attributes
  FROM pg_authid WHERE rolname !~ '^pg_'
)
SELECT format(E'SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = %L) AS fresh \\\\gset\\n\\\\if :fresh\\n%s\\\\endif',
  rolname, format(E'CREATE ROLE %I WITH %s;\\n', rolname, attributes) ||
    coalesce(format(E'COMMENT ON ROLE %I IS %L;\\n', rolname, shobj_description(oid, 'pg_authid')), '') ||
    coalesce((SELECT string_agg(format(E'ALTER ROLE %I SET %s;\\n', rolname, setting), '') FROM (
      SELECT format('%I TO %s', split_part(entry, '=', 1), CASE
        WHEN split_part(entry, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries',
          'session_preload_libraries') THEN substr(entry, strpos(entry, '=') + 1)
        ELSE quote_literal(substr(entry, strpos(entry, '=') + 1)) END) AS setting
      FROM pg_db_role_setting s, unnest(s.setconfig) AS entry
      WHERE s.setrole = role.oid AND s.setdatabase = 0) AS settings), ''))
FROM role ORDER BY rolname;
SELECT format('GRANT %I TO %I', of.rolname, member.rolname) ||
  CASE WHEN to_jsonb(m) ? 'inherit_option'
    THEN format(' WITH ADMIN %s, INHERIT %s, SET %s', to_jsonb(m)->>'admin_option',
      to_jsonb(m)->>'inherit_option', to_jsonb(m)->>'set_option')
    WHEN m.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END || ';'
FROM pg_auth_members m JOIN pg_roles of ON of.oid = m.roleid JOIN pg_roles member ON member.oid = m.member
WHERE member.rolname !~ '^pg_' ORDER BY 1;
`

/** The current database as a script for psql that makes it empty, under the name in `:"db"`. */
export const definitionQuery = `
WITH db AS (SELECT d.*, to_jsonb(d) AS j FROM pg_database d WHERE datname = current_database())
SELECT 'CREATE DATABASE :"db" TEMPLATE template0 ENCODING ' || quote_literal(pg_encoding_to_char(encoding))
  || ' LC_COLLATE ' || quote_literal(datcollate) || ' LC_CTYPE ' || quote_literal(datctype)
  || CASE j->>'datlocprovider' WHEN 'c' THEN ' LOCALE_PROVIDER libc'
    WHEN 'i' THEN ' LOCALE_PROVIDER icu ICU_LOCALE ' || quote_literal(coalesce(j->>'datlocale', j->>'daticulocale'))
      || coalesce(' ICU_RULES ' || quote_literal(j->>'daticurules'), '')
    WHEN 'b' THEN ' LOCALE_PROVIDER builtin BUILTIN_LOCALE ' || quote_literal(j->>'datlocale')
    ELSE '' END
  || ' CONNECTION LIMIT ' || datconnlimit || ';' FROM db
UNION ALL SELECT format('ALTER DATABASE :"db" OWNER TO %I;', pg_get_userbyid(datdba)) FROM db
UNION ALL SELECT format('COMMENT ON DATABASE :"db" IS %L;', shobj_description(oid, 'pg_database'))
  FROM db WHERE shobj_description(oid, 'pg_database') IS NOT NULL
UNION ALL SELECT format('ALTER %s DATABASE :"db" SET %I TO %s;',
  CASE WHEN s.setrole = 0 THEN '' ELSE format('ROLE %I IN', pg_get_userbyid(s.setrole)) END,
  split_part(entry, '=', 1), CASE
    WHEN split_part(entry, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries',
      'session_preload_libraries') THEN substr(entry, strpos(entry, '=') + 1)
    ELSE quote_literal(substr(entry, strpos(entry, '=') + 1)) END)
  FROM db, pg_db_role_setting s, unnest(s.setconfig) AS entry WHERE s.setdatabase = db.oid
UNION ALL SELECT 'REVOKE ALL ON DATABASE :"db" FROM PUBLIC;' FROM db WHERE datacl IS NOT NULL
UNION ALL SELECT format('GRANT %s ON DATABASE :"db" TO %s%s;', a.privilege_type,
  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM db, aclexplode(db.datacl) AS a WHERE a.grantee <> db.datdba;
`

export const tablespacesQuery = `
SELECT to_json(spcname) FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global');
`

/** Those that hold data, which a connection can be made to. */
export const databasesQuery = `
SELECT to_json(datname) FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname;
`
