#!/bin/sh
# Flags alone, and names of Traefik's own commands, are given to traefik.
set -e

if [ "${1#-}" != "$1" ]; then
  set -- traefik "$@"
elif traefik "$1" --help >/dev/null 2>&1; then
  set -- traefik "$@"
fi

exec "$@"
