#!/bin/sh
# swarm.sh DIR COUNT NAME: Docker engines on one machine, each as if on a machine of its own: network, mounts,
# processes and host name in namespaces, joined by a bridge in a network of their own. Reads from its input:
#   lose N    engine N and all that it runs end at once, like a machine without power
#   back N    it starts again, with the data that it had
# When the input ends, however its writer died, the kernel ends all that runs in the namespaces; DIR goes, too.
set -eu

spaces='--net --mount --uts --pid --fork --kill-child --mount-proc'

# 192.0.2.0/24 is for documentation (RFC 5737): an unassigned network, and ours has no route out.
engine() {
  dir=$1 number=$2 name=$3
  until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
  ip link set lo up
  ip addr add "192.0.2.$number/24" dev eth0
  ip link set eth0 up
  hostname "engine$number"
  # Sockets, locks and states of an engine lie there, under names that all engines share.
  mount -t tmpfs tmpfs /run
  exec dockerd --host "unix://$dir/$number.sock" --data-root "$dir/$number" --cgroup-parent "/$name" \
    --no-new-privileges --log-level warn >>"$dir/$number.log" 2>&1
}

start() {
  # shellcheck disable=SC2086 # words
  unshare $spaces "$0" engine "$dir" "$1" "$name" </dev/null &
  eval "engine_$1=$!"
  # Not before it has left our network.
  until [ "$(readlink "/proc/$!/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
  ip link add "engine$1" type veth peer name eth0 netns "$!"
  ip link set "engine$1" master hub up
}

hub() {
  dir=$1 count=$2 name=$3
  ip link set lo up
  ip link add hub type bridge
  ip addr add 192.0.2.254/24 dev hub
  ip link set hub up
  number=1
  while [ "$number" -le "$count" ]; do
    start "$number"
    number=$((number + 1))
  done
  while read -r verb number; do
    case $verb in
      lose)
        eval "lost=\$engine_$number"
        # shellcheck disable=SC2154 # eval sets it
        kill -KILL "$lost"
        wait "$lost" || true
        ;;
      back) start "$number" ;;
    esac
  done
}

whole() {
  trap '' INT TERM HUP
  exec 3<&0
  # shellcheck disable=SC2086
  unshare $spaces "$0" hub "$@" <&3 &
  echo "$!" >"$1/hub.new"
  mv "$1/hub.new" "$1/hub.pid"
  wait "$!" || true
  # Containers that were killed leave the folders of their control groups.
  find /sys/fs/cgroup -depth -type d \( -name "$3" -o -path "*/$3/*" \) -exec rmdir {} \; 2>/dev/null || true
  rm -rf "$1"
}

case $1 in
  engine | hub) "$@" ;;
  *) whole "$@" ;;
esac
