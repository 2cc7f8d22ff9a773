import { UserError } from '@erlmcp/core'
import { docker, streamDocker } from '@erlmcp/docker'
import type { Server } from '../contents.ts'
import type { Progress } from '../progress.ts'
import type { SetWriter } from '../set/backup-set.ts'
import type { Part, SavedRedis } from '../set/manifest.ts'
import { parseKeyspace, type RedisFiles } from './keyspace.ts'
import { loadRdb } from './load-snapshot.ts'

/** Milliseconds after which writes resume, should this process be killed. */
const longestPause = 2000

/**
 * Saves a server with its own snapshot. Writes wait for some milliseconds, in which its keys are
 * counted. A second server then loads the snapshot, which proves it.
 */
export async function dumpRedis(
  server: Server,
  set: SetWriter,
  progress: Progress,
): Promise<SavedRedis> {
  const { service, image } = server
  const before = await takeSnapshot(server, progress)
  const { dir, dbfilename, version } = await readRedisFiles(server)
  const message = `copying the keys of ${service}`
  const dump: Part = await streamDocker(
    ['exec', server.container, 'cat', '--', `${dir}/${dbfilename}`],
    {
      label: message,
      consume: (output) => set.part(`${service}.rdb`, progress.watch(message, output)),
    },
  )
  progress.step(`loading the keys of ${service}`)
  const facts = await loadRdb({ image, dump: await set.read(dump), service })
  if (JSON.stringify(facts.keys) !== JSON.stringify(before)) {
    throw new UserError({
      message: `the snapshot of ${service} is not the expected one`,
      hint: 'Another snapshot was taken at the same time. Run the command again.',
      kind: 'environment',
    })
  }
  return { service, image, version, dump, ...facts }
}

/** Takes a snapshot, and counts its keys. */
async function takeSnapshot(server: Server, progress: Progress): Promise<Record<string, number>> {
  progress.step(`taking a snapshot of ${server.service}`)
  for (let turn = 0; ; turn += 1) {
    // Keys do not expire while writes are paused.
    const reply = await redis(server, [
      `CLIENT PAUSE ${longestPause} WRITE`,
      'INFO keyspace',
      'BGSAVE',
      'CLIENT UNPAUSE',
    ])
    if (reply.includes('Background saving started')) {
      await saved(server)
      return parseKeyspace(reply)
    }
    // Redis writes one file at a time.
    if (!/in progress|Another child|can't BGSAVE/i.test(reply) || turn === 600) {
      throw refusal(server, reply)
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function saved(server: Server): Promise<void> {
  for (;;) {
    const reply = await redis(server, ['INFO persistence'])
    if (/^rdb_bgsave_in_progress:0/m.test(reply)) {
      if (/^rdb_last_bgsave_status:ok/m.test(reply)) return
      throw refusal(server, 'its snapshot failed. Check the space of its volume')
    }
    if (!/^rdb_bgsave_in_progress:1/m.test(reply)) throw refusal(server, reply)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Reads where a running server stores its files. */
export async function readRedisFiles(server: Server): Promise<RedisFiles> {
  const names = ['dir', 'dbfilename', 'appenddirname', 'appendfilename'] as const
  const reply = await redis(server, [...names.map((name) => `CONFIG GET ${name}`), 'INFO server'])
  const lines = reply.split('\n').map((line) => line.replace(/\r$/, ''))
  const value = (name: string) => lines[lines.indexOf(name) + 1] ?? ''
  const version = /^redis_version:([\d.]+)/m.exec(reply)?.[1] ?? ''
  if (Number.parseInt(version, 10) >= 7) {
    const [dir, dbfilename, appenddirname, appendfilename] = names.map(value) as [
      string,
      string,
      string,
      string,
    ]
    return { dir, dbfilename, appenddirname, appendfilename, version }
  }
  throw version === ''
    ? refusal(server, reply)
    : new UserError({
        message: `${server.service}: expected Redis 7 or newer, got ${version}`,
        hint: 'Use a newer image.',
      })
}

/** Whether a server has a key. */
export async function hasKeys(server: Server): Promise<boolean> {
  return Object.keys(parseKeyspace(await redis(server, ['INFO keyspace']))).length > 0
}

// The password is read in the container. redis-cli exits 0 after an error.
const cli = `if [ -n "$1" ]; then REDISCLI_AUTH="$(cat "$1")"; export REDISCLI_AUTH; fi
exec redis-cli -h 127.0.0.1`

async function redis(server: Server, commands: readonly string[]): Promise<string> {
  const { container, service, passwordFile = '' } = server
  const words = ['exec', '--interactive', container, 'sh', '-c', cli, 'sh', passwordFile]
  const reply = await docker(words, {
    label: `redis-cli in ${service}`,
    input: `${commands.join('\n')}\n`,
  })
  if (/^(NOAUTH|WRONGPASS|NOPERM)/m.test(reply)) throw refusal(server, reply)
  return reply
}

function refusal({ service }: Server, reply: string): UserError {
  return new UserError({
    message: `Redis in ${service} gave an unexpected answer: ${reply.trim().split('\n')[0]}`,
    hint: 'Check that it accepts the password of its secret: erlmcp secrets check',
    kind: 'environment',
  })
}
