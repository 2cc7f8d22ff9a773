#!/bin/sh
set -eu

# Flags alone, or a configuration file alone, mean the server.
if [ "${1#-}" != "${1:-}" ] || [ "${1%.conf}" != "${1:-}" ]; then
  set -- redis-server "$@"
fi

if [ "${1:-}" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    find . \! -user redis -exec chown redis '{}' +
    exec setpriv --reuid=redis --regid=redis --clear-groups "$0" "$@"
  fi
  # The official image is built with protected mode off; a configuration that names it is obeyed.
  case "$*" in
    *protected-mode*) ;;
    *)
      if [ ! -f "${2:-}" ] || ! grep -qi '^[[:space:]]*protected-mode' "$2"; then
        set -- "$@" --protected-mode no
      fi
      ;;
  esac
  if [ "$(umask)" = 0022 ]; then umask 0077; fi
fi
exec "$@"
