#!/bin/sh
# Flags alone are flags of haproxy, which runs as master and workers, in the foreground.
set -e

if [ "${1#-}" != "$1" ]; then
  set -- haproxy "$@"
fi
if [ "$1" = 'haproxy' ]; then
  shift
  set -- haproxy -W -db "$@"
fi

exec "$@"
