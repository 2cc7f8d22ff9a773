#!/usr/bin/env bash
# The first start makes the database: password, user, database, /docker-entrypoint-initdb.d. While that
# goes on, a temporary server listens on the unix socket alone, so that no client connects to it.
set -Eeuo pipefail

die() {
  printf 'Error: %s\n' "$*" >&2
  exit 1
}

# NAME or NAME_FILE, never both.
from_file() {
  local name=$1 file_name=$1_FILE fallback=${2:-}
  local value=${!name:-} file=${!file_name:-}
  [[ -z $value || -z $file ]] || die "both $name and $file_name are set (but are exclusive)"
  if [[ -n $file ]]; then value=$(<"$file"); fi
  export "$name=${value:-$fallback}"
  unset "$file_name"
}

become_postgres() {
  mkdir -p "$PGDATA" /var/run/postgresql
  chmod 0700 "$PGDATA" || true
  chmod 3775 /var/run/postgresql || true
  [[ $(id -u) == 0 ]] || return 0
  find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
}

verify_password() {
  if [[ -z $POSTGRES_PASSWORD && ${POSTGRES_HOST_AUTH_METHOD:-} != trust ]]; then
    die 'Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD (or POSTGRES_PASSWORD_FILE) to a non-empty value.
       POSTGRES_HOST_AUTH_METHOD=trust allows all connections without a password: not recommended.'
  fi
}

make_cluster() {
  local -a arguments=()
  if [[ -n ${POSTGRES_INITDB_WALDIR:-} ]]; then arguments+=(--waldir "$POSTGRES_INITDB_WALDIR"); fi
  # The contract: POSTGRES_INITDB_ARGS is words of a shell, quotes included.
  eval "arguments+=($POSTGRES_INITDB_ARGS)"
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${arguments[@]}"
  local method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption)}
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

temporary_server() {
  if [[ ${1:-} == postgres ]]; then shift; fi
  local options
  printf -v options '%q ' "$@" -c listen_addresses= -p 5432
  NOTIFY_SOCKET='' PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -o "$options" -w start
}

# The name is part of the contract: init scripts that are sourced call it. Without POSTGRES_DB: no --dbname.
docker_process_sql() {
  PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" \
    ${POSTGRES_DB:+--dbname "$POSTGRES_DB"} "$@"
}

make_database() {
  local database=$POSTGRES_DB known
  local POSTGRES_DB=postgres
  known=$(docker_process_sql --set db="$database" --tuples-only --no-align \
    <<<"SELECT 1 FROM pg_database WHERE datname = :'db';")
  [[ -n $known ]] || docker_process_sql --set db="$database" <<<'CREATE DATABASE :"db";'
}

# An executable *.sh runs, another one is sourced and sees this shell's functions, as upstream has it.
run_init_files() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    printf '%s: %s\n' "$0" "$file"
    case $file in
      *.sh)
        if [[ -x $file ]]; then
          "$file"
        else
          # shellcheck source=/dev/null
          . "$file"
        fi
        ;;
      *.sql) docker_process_sql -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | docker_process_sql ;;
      *.sql.xz) xzcat "$file" | docker_process_sql ;;
      *.sql.zst) zstd -dc "$file" | docker_process_sql ;;
      *) printf '%s: ignoring %s\n' "$0" "$file" ;;
    esac
  done
}

initialize() {
  from_file POSTGRES_PASSWORD
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  from_file POSTGRES_INITDB_ARGS
  verify_password
  make_cluster
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  temporary_server "$@"
  make_database
  shopt -s nullglob
  run_init_files
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

if [[ ${1:-} == -* ]]; then set -- postgres "$@"; fi
if [[ ${1:-} == postgres ]]; then
  become_postgres "$@"
  if [[ ! -s $PGDATA/PG_VERSION ]]; then initialize "$@"; fi
fi
exec "$@"
