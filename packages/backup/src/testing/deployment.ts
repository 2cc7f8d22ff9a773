import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { compose, mount, network, service, volume } from '@erlmcp/compose'
import { postgres, redis } from '@erlmcp/compose/services'
import { stack, synthesize } from '@erlmcp/core'
import type { Deployment } from '@erlmcp/docker'
import { initSecrets } from '@erlmcp/secrets/run'
import { type Header, pack } from 'tar-stream'
import {
  allFiles,
  allKeys,
  keysOfAllKinds,
  oddDatabase,
  oddFiles,
  rowsOfAllKinds,
  rowsOfOddDatabase,
} from './odd-data.ts'

const backend = network('backend', { internal: true })
const db = postgres('db', { database: 'shop', networks: [backend] })
const cache = redis('cache', { networks: [backend] })

/** Writes all the time to one volume, and to another that may get lost. */
const app = service('app', {
  image: 'redis:8-trixie',
  user: '0:0',
  entrypoint: ['sh', '-c'],
  command: ['while :; do date >/scratch/now 2>/dev/null; sleep 0.05; done'],
  networks: [backend],
  healthcheck: { test: ['CMD', 'true'], interval: '60s', start_interval: '1s', start_period: '5s' },
  volumes: [
    mount(volume('files'), '/files'),
    mount(volume('scratch', { 'x-no-backup': 'it is made again' }), '/scratch'),
    { type: 'tmpfs', target: '/run' },
  ],
})
const report = service('report', {
  image: 'redis:8-trixie',
  user: '1000:1000',
  profiles: ['report'],
  volumes: [mount(volume('reports'), '/reports')],
  healthcheck: { disable: true },
})

interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Project {
  readonly name: string
  exec(
    service: string,
    argv: readonly string[],
    options?: { readonly input?: string },
  ): Promise<Finished>
}

/** What the tests of an engine have: a package does not depend on that. */
export interface Engine<Its extends Project> {
  composeProject(directory: string): Its
  must(
    argv: readonly [string, ...string[]],
    options?: { readonly input?: string },
  ): Promise<Finished>
}

/** A deployment with databases and files, in a folder of its own. */
export interface Shop<Its extends Project = Project> {
  readonly directory: string
  readonly project: Its
  /** For the functions that are tested. */
  readonly deployment: Deployment
  sql(text: string, database?: string): Promise<string>
  /** A script in Redis. */
  lua(script: string): Promise<string>
  /** A script of root in the volume `files`. */
  inFiles(script: string, input?: string): Promise<string>
  /** All that it has, as other tools read it. */
  all(): Promise<{ readonly rows: string; readonly keys: string; readonly files: string }>
}

/** One that is not started yet, with its secrets. */
export async function shop<Its extends Project>(engine: Engine<Its>): Promise<Shop<Its>> {
  // Below the home directory: not every engine mounts from the system's temporary one.
  const parent = join(homedir(), '.cache')
  mkdirSync(parent, { recursive: true })
  const directory = mkdtempSync(join(parent, 'erlmcp-backup-'))
  const sources = [compose('compose.yaml', [app, report, db, cache])]
  const { artifacts, secrets } = synthesize(stack('shop', sources))
  for (const { path, text } of artifacts) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
  await initSecrets(directory, secrets)
  const project = engine.composeProject(directory)
  const deployment = { root: directory, file: 'compose.yaml', project: project.name }
  return { directory, project, deployment, ...asking(project, engine.must) }
}

function asking(
  project: Project,
  must: Engine<Project>['must'],
): Pick<Shop, 'sql' | 'lua' | 'inFiles' | 'all'> {
  const reply = ({ code, stdout, stderr }: Finished): string => {
    if (code !== 0) throw new Error(stderr)
    return stdout
  }
  const sql: Shop['sql'] = async (text, database = 'shop') => {
    const psql = ['psql', '--no-psqlrc', '-qAt', '-v', 'ON_ERROR_STOP=1', '-U', 'shop']
    const words = ['env', `PGDATABASE=${database}`, ...psql]
    return reply(await project.exec('db', words, { input: text }))
  }
  const lua: Shop['lua'] = async (script) => {
    const command = 'REDISCLI_AUTH=$(cat /run/secrets/cache-password) redis-cli --eval /dev/stdin'
    return reply(await project.exec('cache', ['sh', '-c', command], { input: script })).trim()
  }
  const inFiles: Shop['inFiles'] = async (script, input = '') => {
    const words = ['run', '--rm', '--interactive', '--network', 'none', '--user', '0:0']
    const volume = ['--volume', `${project.name}_files:/volume`, '--workdir', '/volume']
    const shell = ['--entrypoint', 'sh', 'redis:8-trixie', '-c', script]
    return reply(await must(['docker', ...words, ...volume, ...shell], { input }))
  }
  const dump = ['pg_dumpall', '-U', 'shop', '--no-role-passwords', '--quote-all-identifiers']
  const all: Shop['all'] = async () => ({
    // The token is another one in each dump.
    rows: reply(await project.exec('db', dump)).replaceAll(/^\\(un)?restrict .*$/gm, ''),
    keys: await lua(allKeys),
    files: await inFiles(allFiles),
  })
  return { sql, lua, inFiles, all }
}

/** Fills it with all kinds of rows, keys and files. */
export async function fill({ sql, lua, inFiles }: Shop): Promise<void> {
  await sql(rowsOfAllKinds)
  await sql(rowsOfOddDatabase, oddDatabase)
  if ((await lua(keysOfAllKinds)) !== 'done') throw new Error('Redis has not all of its keys')
  await inFiles(oddFiles)
  await inFiles('exec tar --extract --xattrs --xattrs-include="user.*"', await withAttribute())
}

/** An archive of a file with an extended attribute, for which the image has no other tool. */
async function withAttribute(): Promise<string> {
  const archive = pack()
  const pax = { 'SCHILY.xattr.user.note': 'of a user' }
  archive.entry({ name: 'noted', mode: 0o640, pax } as Header, 'x')
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('latin1')
}

export const forget = (directory: string) => rmSync(directory, { recursive: true, force: true })
