import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readContents } from './contents.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp-contents-'))
  writeFileSync(join(folder, 'compose.yaml'), '')
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const data = (source: string, target: string) => ({ type: 'volume', source, target })
const db = { image: 'postgres:17', volumes: [data('db', '/var/lib/postgresql/data')] }
const cache = { command: ['redis-server', '--save', ''], volumes: [data('cache', '/data')] }
const app = { image: 'shop:1.0', volumes: [data('files', '/files')] }
const named = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { name: `shop_${name}` }]))

interface Engine {
  readonly services?: Readonly<Record<string, object>>
  readonly volumes?: Readonly<Record<string, object>>
  /** Services with a container. Default: all. */
  readonly running?: readonly string[]
  /** Volumes of the engine. Default: all. */
  readonly known?: readonly string[]
}

/** Asks a docker which knows of a project `shop`. */
function contents(engine: Engine = {}) {
  const services = engine.services ?? { db, cache, app }
  const volumes = engine.volumes ?? named('db', 'cache', 'files')
  const running = engine.running ?? Object.keys(services)
  const known = engine.known ?? Object.keys(volumes).map((name) => `shop_${name}`)
  const containers = running.map((service, at) => ({
    ...{ Id: `id-${service}`, Name: `/shop-${service}-${at}`, Image: 'sha256:0a' },
    State: { Running: true },
    Config: {
      ...{ Image: `${service}:1`, User: '999' },
      Labels: { 'com.docker.compose.service': service },
    },
  }))
  const answers = {
    compose: JSON.stringify({ name: 'shop', services, volumes }),
    ps: running.join('\n'),
    inspect: JSON.stringify(containers),
    volume: known.join('\n'),
  }
  for (const [verb, answer] of Object.entries(answers)) {
    writeFileSync(join(folder, `${verb}.answer`), answer)
  }
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\ncat "${folder}/$1.answer"\n`)
  chmodSync(join(folder, 'docker'), 0o755)
  return readContents({ root: folder, file: 'compose.yaml' })
}

describe('what a deployment has to keep', () => {
  test('is a PostgreSQL, a Redis and the other volumes, by their names on the engine', async () => {
    expect(await contents()).toMatchObject({
      project: 'shop',
      postgres: [{ service: 'db', container: 'id-db', image: 'db:1', data: 'shop_db' }],
      redis: [{ service: 'cache', container: 'id-cache', user: '999', data: 'shop_cache' }],
      volumes: [{ volume: 'files', name: 'shop_files' }],
      omitted: [],
    })
  })

  test.each<[string, object, boolean]>([
    ['a Redis by its image', { image: 'redis:8', volumes: cache.volumes }, true],
    ['one of a registry', { image: 'registry:5000/redis@sha256:0a', volumes: cache.volumes }, true],
    ['what only has its name in it', { image: 'redis-ui:1', volumes: cache.volumes }, false],
    ['its image with another program', { ...cache, image: 'redis:8', command: ['sh'] }, false],
    ['one without a volume', { image: 'redis:8' }, false],
  ])('%s', async (_, service, isRedis) => {
    const { redis } = await contents({ services: { cache: service }, volumes: named('cache') })
    expect(redis).toHaveLength(isRedis ? 1 : 0)
  })

  const secrets = [{ source: 'password' }]
  test.each<[string, object, string | undefined]>([
    ['its one secret', { secrets }, '/run/secrets/password'],
    ['where that lies', { secrets: [{ source: 'a', target: '/keys/a' }] }, '/keys/a'],
    [
      'the one that its settings name',
      { secrets, environment: { POSTGRES_PASSWORD_FILE: '/run/secrets/x' } },
      '/run/secrets/x',
    ],
    [
      'of several the one in its command',
      { secrets: [...secrets, { source: 'b' }], command: ['-c', 'x=/run/secrets/b'] },
      '/run/secrets/b',
    ],
    ['of several none', { secrets: [...secrets, { source: 'b' }] }, undefined],
  ])('a password is in %s', async (_, more, file) => {
    const services = { db: { ...db, ...more } }
    const { postgres } = await contents({ services, volumes: named('db') })
    expect(postgres[0]!.passwordFile).toBe(file)
  })

  test('what is not in it is listed, with the reason', async () => {
    const mounts = [
      { type: 'bind', source: '/srv', target: '/srv' },
      { type: 'volume', target: '/tmp/x' },
      { type: 'tmpfs', target: '/run' },
    ]
    const { omitted, volumes } = await contents({
      services: {
        app: { ...app, volumes: [...app.volumes, ...mounts] },
        report: { profiles: ['report'], volumes: [data('reports', '/reports')] },
      },
      volumes: {
        ...named('files', 'reports'),
        scratch: { name: 'shop_scratch', 'x-no-backup': 'it is made again' },
      },
      ...{ running: ['app'], known: ['shop_files', 'shop_scratch'] },
    })
    expect(volumes).toEqual([{ volume: 'files', name: 'shop_files' }])
    expect(omitted).toEqual([
      { item: 'app:/srv', reason: 'directory of the host' },
      { item: 'app:/tmp/x', reason: 'unnamed volume' },
      { item: 'reports', reason: 'missing: its profile was never started' },
      { item: 'scratch', reason: 'it is made again' },
    ])
  })
})

describe('what cannot be saved is refused', () => {
  test.each<[string, Engine, string]>([
    ['no project', { running: [] }, 'no container of the project shop on this engine'],
    ['a volume that is not there', { known: ['shop_db', 'shop_cache'] }, 'no volume shop_files'],
    ['nor that of a server', { known: ['shop_cache', 'shop_files'] }, 'no volume shop_db'],
    ['a server that was never started', { running: ['app', 'cache'] }, 'db has no container'],
    ['two servers of one volume', { running: ['db', 'db', 'cache'] }, 'db has 2 containers'],
    [
      'a volume that is left out for no reason',
      { volumes: { ...named('db', 'cache'), files: { name: 'shop_files', 'x-no-backup': ' ' } } },
      'x-no-backup of the volume files: expected a reason',
    ],
  ])('%s', async (_, engine, words) => {
    await expect(contents(engine)).rejects.toThrow(words)
  })

  test('no compose file', async () => {
    rmSync(join(folder, 'compose.yaml'))
    await expect(contents()).rejects.toThrow('compose file not found: compose.yaml')
  })
})
