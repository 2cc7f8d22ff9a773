#!/bin/sh
# reaper.sh RUN: reads names of compose projects until its input ends, then removes all that belongs to them
# and everything labelled with the run. The pipe closes however its writer dies, kill -9 included.
labels="dev.erlmcp.run=$1"
while read -r project; do
  labels="$labels com.docker.compose.project=$project"
done

# remove LABEL: fails when there was nothing.
remove() {
  found=1
  for kind in 'ps -aq:rm -f -v' 'network ls -q:network rm' 'volume ls -q:volume rm -f' 'image ls -q:image rm -f'; do
    # shellcheck disable=SC2086 # both are words of a command
    ids=$(docker ${kind%%:*} --filter "label=$1" | sort -u)
    [ -n "$ids" ] || continue
    found=0
    # shellcheck disable=SC2086
    docker ${kind##*:} $ids
  done
  return $found
}

# A command that outlived its writer may still be creating: until two rounds find nothing, a minute at most.
quiet=0 rounds=0
while [ $quiet -lt 2 ] && [ $rounds -lt 30 ]; do
  [ $rounds -eq 0 ] || sleep 2
  quiet=$((quiet + 1)) rounds=$((rounds + 1))
  for label in $labels; do
    if remove "$label"; then quiet=0; fi
  done
done
