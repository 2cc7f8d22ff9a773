/** Everything that PostgreSQL has, in kinds that are easily lost. */
export const rowsOfAllKinds = String.raw`
CREATE ROLE shop_app LOGIN PASSWORD 'a password of its own' CONNECTION LIMIT 7;
CREATE ROLE "odd ""role'" NOLOGIN;
COMMENT ON ROLE shop_app IS E'it''s the "app"\nof two lines \\ and more';
GRANT "odd ""role'" TO shop_app WITH ADMIN OPTION;
GRANT pg_read_all_data TO shop_app;
ALTER ROLE shop_app SET search_path = "$user", public;
ALTER ROLE shop_app SET application_name = 'it''s; \gexec';
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE SCHEMA sales AUTHORIZATION shop_app;
CREATE TABLE sales.item (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name citext NOT NULL, price numeric(12, 4), at timestamptz, raw bytea, tags text[], doc jsonb,
  feeling mood, ratio double precision, twice numeric GENERATED ALWAYS AS (price * 2) STORED
);
ALTER TABLE sales.item OWNER TO shop_app;
INSERT INTO sales.item (name, price, at, raw, tags, doc, feeling, ratio)
SELECT E'näme\t' || n || E'\n\\.', n * 1.0001, timestamptz '2026-11-27 04:00+02' + n * interval '1 s',
  decode(repeat(md5(n::text), 4), 'hex'), ARRAY['a,b', '"', NULL, n::text], jsonb_build_object('n', n, 'é', NULL),
  (ARRAY['sad', 'happy'])[1 + n % 2]::mood, 1.0 / n FROM generate_series(1, 4000) n;
INSERT INTO sales.item (name, ratio) VALUES ('', 'NaN'), ('NULL', '-Infinity'), ('\N', 1e-300);
CREATE TABLE public."we""ird.ta ble" (erlmcp_row int PRIMARY KEY, "select" text, parent int REFERENCES public."we""ird.ta ble");
INSERT INTO public."we""ird.ta ble" VALUES (1, 'a', NULL), (2, NULL, 1);
CREATE TABLE part (k int, v text) PARTITION BY RANGE (k);
CREATE TABLE part_low PARTITION OF part FOR VALUES FROM (0) TO (500);
CREATE TABLE part_high PARTITION OF part FOR VALUES FROM (500) TO (2000);
INSERT INTO part SELECT n, repeat('x', n) FROM generate_series(1, 1500) n;
CREATE UNLOGGED TABLE fast AS SELECT n FROM generate_series(1, 300) n;
CREATE TABLE empty ();
CREATE SEQUENCE down INCREMENT -3 START -1 MINVALUE -100000 CYCLE;
SELECT nextval('down') FROM generate_series(1, 77);
CREATE SEQUENCE untouched START 5;
CREATE MATERIALIZED VIEW sums AS SELECT feeling, count(*) FROM sales.item GROUP BY feeling;
CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql AS $f$ SELECT upper(t) $f$;
CREATE INDEX ON sales.item (shout(name::text));
ALTER TABLE sales.item ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON sales.item TO shop_app USING (price > 0);
CREATE PUBLICATION all_of_it FOR ALL TABLES;
SELECT count(lo_from_bytea(0, decode(repeat(md5(n::text), 300 * n), 'hex'))) FROM generate_series(1, 20) n;
BEGIN;
SELECT lo_open(lo_create(424242), 131072) AS fd \gset
SELECT lo_lseek(:fd, 1000000, 0), lowrite(:fd, 'behind a hole');
COMMIT;
ALTER LARGE OBJECT 424242 OWNER TO shop_app;
CREATE DATABASE "two ""words'=1" OWNER shop_app TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' CONNECTION LIMIT 9;
ALTER DATABASE "two ""words'=1" SET work_mem = '7MB';
ALTER ROLE shop_app IN DATABASE "two ""words'=1" SET DateStyle = 'German, DMY';
REVOKE CONNECT ON DATABASE "two ""words'=1" FROM PUBLIC;
GRANT CONNECT ON DATABASE "two ""words'=1" TO "odd ""role'" WITH GRANT OPTION;
COMMENT ON DATABASE "two ""words'=1" IS E'a :"db" with \\ and ''quotes''';
`

/** A database whose name is hard to say. */
export const oddDatabase = `two "words'=1`
export const rowsOfOddDatabase =
  'CREATE TABLE lonely AS SELECT md5(n::text) AS value FROM generate_series(1, 700) n;'

/** Every kind of key, in two databases; some expire soon, some late. */
export const keysOfAllKinds = `
for i = 1, 3000 do redis.call('set', 'key:' .. i, string.rep('v' .. i, i % 50)) end
for i = 1, 500 do redis.call('set', 'late:' .. i, i, 'EX', 86400 + i) end
for i = 1, 200 do redis.call('set', 'soon:' .. i, i, 'EX', 5) end
redis.call('set', 'bin' .. string.char(0, 255, 10, 13, 34), string.char(0, 1, 2, 254, 255))
redis.call('set', '', 'the empty key')
for i = 1, 600 do
  redis.call('hset', 'hash', 'f' .. i, i)
  redis.call('zadd', 'zset', i / 3, 'm' .. i)
  redis.call('rpush', 'list', string.rep('x', i))
  redis.call('sadd', 'set', 's' .. i)
  redis.call('xadd', 'stream', i .. '-1', 'field', 'value ' .. i)
end
redis.call('sadd', 'ints', 1, 2, 3)
redis.call('pfadd', 'hll', 'a', 'b')
redis.call('xgroup', 'create', 'stream', 'group', '10-1')
redis.call('xreadgroup', 'group', 'group', 'me', 'count', 5, 'streams', 'stream', '>')
redis.call('xtrim', 'stream', 'maxlen', 400)
redis.call('select', 5)
for i = 1, 100 do redis.call('set', 'five:' .. i, i) end
return 'done'
`

/** All keys that do not expire soon, with type, value and time, in one text. */
export const allKeys = `
local out = {}
for _, db in ipairs({0, 5}) do
  redis.call('select', db)
  local keys = redis.call('keys', '*')
  table.sort(keys)
  for _, key in ipairs(keys) do
    local kind = redis.call('type', key).ok
    local value
    if kind == 'string' then value = {redis.call('get', key)}
    elseif kind == 'list' then value = redis.call('lrange', key, 0, -1)
    elseif kind == 'zset' then value = redis.call('zrange', key, 0, -1, 'withscores')
    elseif kind == 'set' then value = redis.call('smembers', key); table.sort(value)
    elseif kind == 'hash' then
      local fields = redis.call('hkeys', key); table.sort(fields); value = {}
      for _, f in ipairs(fields) do table.insert(value, f .. '=' .. redis.call('hget', key, f)) end
    else
      value = {cjson.encode(redis.call('xrange', key, '-', '+')), cjson.encode(redis.call('xinfo', 'groups', key)),
        cjson.encode(redis.call('xpending', key, 'group')), redis.call('xinfo', 'stream', key)[8]}
    end
    if string.sub(key, 1, 5) ~= 'soon:' then
      table.insert(out, db .. ' ' .. key .. ' ' .. kind .. ' ' .. redis.call('pexpiretime', key) .. ' ' ..
        redis.sha1hex(table.concat(value, ',')))
    end
  end
end
return #out .. ' ' .. redis.sha1hex(table.concat(out, '|'))
`

/** Files with names, owners, modes and kinds that are easily lost. Runs as root in the volume. */
export const oddFiles = `set -eu
mkdir -p 'a folder' -- '-n' deep/er; chmod 1777 'a folder'; chmod 2750 deep
printf 'one' >'a folder/with
a newline'; printf 'two' >'--help'; : >empty
printf '\\000\\377\\001' >"$(printf 'raw\\377byte')"
dd if=/dev/urandom of=deep/er/big bs=64k count=40 2>/dev/null; truncate -s 3000000 deep/sparse
printf x >secret; chmod 0000 secret; chown 12345:54321 secret
printf '#!/bin/sh' >suid; chmod 4755 suid; printf late >old; touch -d '2001-02-03 04:05:06.789012345 UTC' old
ln -s '../out of here' link; ln old hard; mkfifo pipe; mkdir .hidden; printf h >.hidden/h
long=$(printf 'x%.0s' $(seq 200)); mkdir "$long"; printf l >"$long/$long"
printf 'é\\n' >"ünï-\\$(x) 'q' \\"d\\""
chown 1000:1000 . ; chmod 0751 .
`

/** All files of a volume but the time of its root, which a swap of what is in it changes. */
export const allFiles = `stat -c '%a %u:%g' .
find . -mindepth 1 -printf '%P %y %m %U:%G %s %n %l %T@\\0' | sort -z | tr '\\0' '|'
find . -type f -print0 | sort -z | xargs -0 sha256sum
tar --create --xattrs --format=posix noted | grep -ac SCHILY.xattr.user.note=of`
