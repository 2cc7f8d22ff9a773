import type { Readable } from 'node:stream'
import { UserError } from '@erlmcp/core'
import { docker } from '@erlmcp/docker'
import type { KeyFacts } from '../set/manifest.ts'
import { stagingName } from '../volume/volume-archive.ts'
import { parseKeyspace, type RedisFiles } from './keyspace.ts'

export interface Load {
  readonly image: string
  /** For messages. */
  readonly service: string
  readonly dump: Readable
  /** Where the files of a restore are written. Default: the snapshot is only validated. */
  readonly into?: {
    readonly volume: string
    readonly user: string
    readonly place: Omit<RedisFiles, 'version'>
  }
}

// A replica does not remove expired keys, so that the digest stays the same.
const script = `set -eu
umask 077
dir=$1 rdb=$2 append_dir=$3 append_file=$4
mkdir -p "$dir"
cat >"$dir/$rdb"
redis-check-rdb "$dir/$rdb" >/tmp/check 2>&1 || { tail -n 5 /tmp/check >&2; exit 1; }
cd "$dir"
docker-entrypoint.sh redis-server --port 0 --unixsocket /tmp/redis.sock --dir "$dir" --dbfilename "$rdb" \
  --save '' --appendonly no --appenddirname "$append_dir" --appendfilename "$append_file" \
  --replicaof 127.0.0.1 1 --enable-debug-command local >/tmp/log 2>&1 &
server=$!
ask() { redis-cli -s /tmp/redis.sock "$@"; }
until [ "$(ask ping 2>/dev/null)" = PONG ]; do
  kill -0 "$server" 2>/dev/null || { tail -n 5 /tmp/log >&2; exit 1; }
  sleep 0.1
done
ask info keyspace
echo "digest:$(ask debug digest)"
if [ "$5" = append ]; then
  [ "$(ask config set appendonly yes)" = OK ]
  while ask info persistence | grep -Eq '^aof_rewrite_(in_progress|scheduled):1'; do sleep 0.1; done
  ask info persistence | grep -q '^aof_last_bgrewrite_status:ok'
fi
ask shutdown nosave || true
wait "$server" || true
sync -f "$dir" 2>/dev/null || sync
echo loaded
`

/**
 * Loads a snapshot into a temporary server without a network, after `redis-check-rdb`. For a restore it
 * also writes the append-only files, which a server with `appendonly yes` reads instead of a
 * snapshot.
 *
 * @throws UserError for anything but a snapshot, and for one of a newer version
 */
export async function loadRdb({ image, service, dump, into }: Load): Promise<KeyFacts> {
  const limits = ['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--pids-limit', '128']
  const mounts = into
    ? ['--user', into.user, '--volume', `${into.volume}:/volume`]
    : ['--user', '65534:65534']
  const {
    dbfilename = 'dump.rdb',
    appenddirname = 'appendonlydir',
    appendfilename = 'appendonly.aof',
  } = into?.place ?? {}
  const words = [
    ...['run', '--interactive', '--rm', '--network', 'none', '--log-driver', 'none'],
    ...['--pull', 'never', ...limits, ...mounts, '--entrypoint', 'sh', image, '-c', script, 'sh'],
    ...[
      into ? `/volume/${stagingName}/new` : '/tmp/new',
      dbfilename,
      appenddirname,
      appendfilename,
    ],
    into ? 'append' : '-',
  ]
  const reply = await docker(words, { label: `loading the keys of ${service}`, input: dump })
  const digest = /^digest:([0-9a-f]{40})\s*$/m.exec(reply)?.[1]
  if (digest !== undefined && reply.includes('loaded'))
    return { keys: parseKeyspace(reply), digest }
  throw new UserError({
    message: `cannot load the keys of ${service}`,
    hint: reply.trim().split('\n').at(-1) || 'Redis printed no digest.',
    kind: 'environment',
  })
}

/** Lists how keys differ from those that were saved. */
export function compareKeys(saved: KeyFacts, found: KeyFacts): readonly string[] {
  const names = new Set([...Object.keys(saved.keys), ...Object.keys(found.keys)])
  const counts = [...names].filter((db) => saved.keys[db] !== found.keys[db])
  if (counts.length > 0) {
    return counts.map(
      (db) => `${db}: expected ${saved.keys[db] ?? 0} keys, got ${found.keys[db] ?? 0}`,
    )
  }
  return saved.digest === found.digest ? [] : ['the keys have other values']
}
