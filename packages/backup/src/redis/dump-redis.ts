import { UserError } from '@erlmcp/core'
import { docker, streamDocker } from '@erlmcp/docker'
import type { NewSet } from '../backup-set.ts'
import type { Server } from '../contents.ts'
import type { Part, SavedRedis } from '../manifest.ts'
import type { Progress } from '../progress.ts'
import { keysOf, type RedisPlace } from './keyspace.ts'
import { loadRdb } from './load-snapshot.ts'

/** Writes wait for this long at most, should nobody be there to end it. */
const longestPause = 2000

/**
 * Saves a server as of one moment: a snapshot of its own, whose numbers of keys are asked while
 * writes wait, for some milliseconds. It is then loaded by another server, which proves it.
 */
export async function dumpRedis(
  server: Server,
  set: NewSet,
  progress: Progress,
): Promise<SavedRedis> {
  const { service, image } = server
  const before = await snapshot(server, progress)
  const { dir, dbfilename, version } = await placeOf(server)
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
      message: `the snapshot of ${service} is not the one that was asked for`,
      hint: 'Another one was taken at the same time. Run it again.',
      kind: 'environment',
    })
  }
  return { service, image, version, dump, ...facts }
}

/** Takes a snapshot, and says how many keys were in it. */
async function snapshot(server: Server, progress: Progress): Promise<Record<string, number>> {
  progress.step(`taking a snapshot of ${server.service}`)
  for (let turn = 0; ; turn += 1) {
    // While writes wait nothing expires either.
    const said = await redis(server, [
      `CLIENT PAUSE ${longestPause} WRITE`,
      'INFO keyspace',
      'BGSAVE',
      'CLIENT UNPAUSE',
    ])
    if (said.includes('Background saving started')) {
      await saved(server)
      return keysOf(said)
    }
    // It is writing another file, and does one at a time.
    if (!/in progress|Another child|can't BGSAVE/i.test(said) || turn === 600) {
      throw refused(server, said)
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function saved(server: Server): Promise<void> {
  for (;;) {
    const said = await redis(server, ['INFO persistence'])
    if (/^rdb_bgsave_in_progress:0/m.test(said)) {
      if (/^rdb_last_bgsave_status:ok/m.test(said)) return
      throw refused(server, 'its snapshot failed; is its volume full?')
    }
    if (!/^rdb_bgsave_in_progress:1/m.test(said)) throw refused(server, said)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Where a server that runs keeps its files. */
export async function placeOf(server: Server): Promise<RedisPlace> {
  const names = ['dir', 'dbfilename', 'appenddirname', 'appendfilename'] as const
  const said = await redis(server, [...names.map((name) => `CONFIG GET ${name}`), 'INFO server'])
  const lines = said.split('\n').map((line) => line.replace(/\r$/, ''))
  const value = (name: string) => lines[lines.indexOf(name) + 1] ?? ''
  const version = /^redis_version:([\d.]+)/m.exec(said)?.[1] ?? ''
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
    ? refused(server, said)
    : new UserError({
        message: `${server.service} is Redis ${version}, and backups know version 7 and newer`,
        hint: 'An older one keeps its files otherwise. Take a newer image.',
      })
}

/** Whether a server has a key. */
export async function hasKeys(server: Server): Promise<boolean> {
  return Object.keys(keysOf(await redis(server, ['INFO keyspace']))).length > 0
}

// The password is read in the container; redis-cli ends with 0 after an error.
const cli = `if [ -n "$1" ]; then REDISCLI_AUTH="$(cat "$1")"; export REDISCLI_AUTH; fi
exec redis-cli -h 127.0.0.1`

async function redis(server: Server, commands: readonly string[]): Promise<string> {
  const { container, service, passwordFile = '' } = server
  const words = ['exec', '--interactive', container, 'sh', '-c', cli, 'sh', passwordFile]
  const said = await docker(words, {
    label: `redis-cli in ${service}`,
    input: `${commands.join('\n')}\n`,
  })
  if (/^(NOAUTH|WRONGPASS|NOPERM)/m.test(said)) throw refused(server, said)
  return said
}

function refused({ service }: Server, said: string): UserError {
  return new UserError({
    message: `Redis in ${service} does not answer as it should: ${said.trim().split('\n')[0]}`,
    hint: 'Does it accept the password in its secret?',
    kind: 'environment',
  })
}
