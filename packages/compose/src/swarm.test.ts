import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stack, synthesize, textFile } from '@erlmcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  attach,
  type ComposeFile,
  config,
  DIALECT,
  env,
  healthy,
  interpolate,
  mount,
  network,
  publish,
  required,
  secret,
  service,
  swarm,
  volume,
} from './index.ts'

const backend = network('backend', {
  driver: 'bridge',
  enable_ipv6: false,
  ipam: { config: [{ subnet: '10.9.0.0/24', gateway: '10.9.0.1' }] },
})
const db = service('db', {
  image: 'postgres:17-trixie',
  user: '999:999',
  container_name: 'db',
  networks: [attach(backend, { aliases: ['postgres'], priority: 3 })],
  secrets: [secret('password')],
  volumes: [mount(volume('data'), '/var/lib/postgresql/data', { volume: { nocopy: true } })],
  mem_limit: '1G',
  healthcheck: { test: ['CMD', 'pg_isready'], interval: '10s', start_interval: '1s', retries: 3 },
})
const app = service('app', {
  build: {
    image: 'app:1.0',
    build: { context: '.', dockerfile: 'Dockerfile', target: 'runtime' },
    user: '1000:1000',
    writable: ['/opt/app/log'],
  },
  networks: [backend],
  depends_on: [healthy(db)],
  restart: 'on-failure:3',
  environment: { PRICE: '5$', DOMAIN: env('DOMAIN', 'a.example'), VERBOSE: true },
  ports: [publish(env('APP_PORT', 8080), 8080, { mode: 'host' }), '0.0.0.0:81:81/udp'],
  profiles: ['web'],
  configs: [config('app-conf', { document: textFile('config/app.conf', 'a=1\n') })],
  deploy: { replicas: 2, endpoint_mode: 'dnsrr', resources: { limits: { cpus: 0.5 } } },
})

const made = synthesize(stack('shop', [swarm('docker-compose.swarm.yml', [app])]))
const text = made.artifacts.find(({ path }) => path === 'docker-compose.swarm.yml')!.text
const data = () => {
  const [first] = swarm('s.yml', [app]).documents({ stack: 'shop' })
  return first!.data as ComposeFile
}

describe('swarm', () => {
  it('prints a stack file', () => {
    expect(text).toMatchSnapshot()
  })

  it('says what it rewrote, dropped and refused', () => {
    const { name, changes } = data()[DIALECT]!
    expect(name).toBe('swarm')
    expect(changes.map(({ action, path }) => `${action} ${path.join('.')}`)).toMatchSnapshot()
  })

  const changesOf = (spec: object, options = {}) => {
    const web = service('web', { image: 'web:1.0', ...spec })
    const [first] = swarm('s.yml', [web], options).documents({ stack: 'shop' })
    const { services, [DIALECT]: dialect } = first!.data as ComposeFile
    const messages = dialect!.changes.map(({ message }) => message)
    return { web: services!.web!, messages: messages.filter((one) => !/security_opt/.test(one)) }
  }

  it.each<[string, object, object, string]>([
    ['its own name', {}, { name: 'mine' }, 'a stack gets its name from the command line'],
    ['options of a tmpfs', { tmpfs: ['/x:mode=0700,size=1m,noexec'] }, {}, 'mode=0700, noexec of'],
    ['a restart that varies', { restart: env('R', 'no') }, {}, 'cannot set restart by a variable'],
    [
      'a file that may be missing',
      { env_file: [{ path: 'a', required: false }] },
      {},
      'required of a',
    ],
    [
      'the name of a port',
      { ports: [publish(1, 1, { name: 'a' })] },
      {},
      'does not support the name of a port',
    ],
    [
      'options of address management',
      { networks: [network('n', { ipam: { options: { a: 'b' } } })] },
      {},
      'options of an IPAM driver',
    ],
  ])('says that a swarm loses %s', (_, spec, options, words) => {
    expect(changesOf(spec, options).messages.join('\n')).toContain(words)
  })

  it('rewrites values to the forms of the docker CLI', () => {
    const { web, messages } = changesOf({
      extra_hosts: { a: ['192.0.2.1', '192.0.2.2'] },
      deploy: { labels: { on: true } },
      tmpfs: [interpolate`${env('FOLDER', '/x')}:size=1m`],
    })
    expect(web.extra_hosts).toEqual(['a:192.0.2.1', 'a:192.0.2.2'])
    expect(web.deploy?.labels).toEqual({ on: 'true' })
    expect(web.volumes).toEqual([
      { type: 'tmpfs', target: '${FOLDER:-/x}', tmpfs: { size: 1024 ** 2 } },
    ])
    expect(messages).toEqual(['tmpfs is a mount of type tmpfs in a stack file'])
  })

  it('refuses a size in memory that is not a number', () => {
    const size = interpolate`/x:size=${env('SIZE', '64m')}`
    expect(() => changesOf({ tmpfs: [size] })).toThrow('expected a size, got ${SIZE:-64m}')
  })

  it('rejects a config with its content in the file', () => {
    const inline = service('a', { image: 'a:1', configs: [config('c', { content: 'x' })] })
    expect(() => [...swarm('s.yml', [inline]).documents({ stack: 's' })]).toThrow(
      'the config c has its content in `content`, which a stack file cannot have',
    )
  })

  it('refuses an interpolation that the docker CLI cannot read', () => {
    const nested = service('a', { image: 'a:1', environment: { A: env('A', env('B', 'x')) } })
    expect(() => [...swarm('s.yml', [nested]).documents({ stack: 's' })]).toThrow(
      'docker stack deploy cannot read ${A:-${B:-x}}',
    )
    const fine = service('a', { image: 'a:1', environment: { A: required('A', 'say it') } })
    expect([...swarm('s.yml', [fine]).documents({ stack: 's' })]).toHaveLength(2)
  })
})

const docker = (() => {
  try {
    execFileSync('docker', ['stack', 'config', '--help'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!docker)('docker stack config (skipped where there is no docker CLI)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-swarm-'))
  beforeAll(() => {
    for (const { path, text } of made.artifacts) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    writeFileSync(join(folder, 'secrets/password'), 'x')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('reads the stack file with the values of the author', () => {
    const output = execFileSync('docker', ['stack', 'config', '-c', 'docker-compose.swarm.yml'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    expect(output.replaceAll(folder, '')).toMatchSnapshot()
  })
})

it('makes a file of the stack a config, which every node gets', () => {
  const settings = textFile('config/redis.conf', 'appendonly yes\n', { comment: '#' })
  const script = { ...textFile('bin/run', '#!/bin/sh\n'), mode: 0o755 }
  const cache = service('cache', {
    image: 'redis:8-trixie',
    volumes: [
      mount(settings, '/etc/redis.conf', { read_only: true }),
      mount(script, '/run.sh'),
      mount(volume('data'), '/data'),
    ],
  })
  const { artifacts } = synthesize(stack('shop', [swarm('stack.yml', [cache])]))
  const file = parse(artifacts.find(({ path }) => path === 'stack.yml')!.text)
  expect(file.services.cache.configs).toEqual([
    { source: 'config-redis.conf', target: '/etc/redis.conf' },
    { source: 'bin-run', target: '/run.sh', mode: 0o555 },
  ])
  expect(file.configs).toEqual({
    'bin-run': { file: './bin/run' },
    'config-redis.conf': { file: './config/redis.conf' },
  })
  expect(JSON.stringify(file.services.cache.volumes)).not.toContain('bind')
  // The files come with the stack as before.
  expect(artifacts.map(({ path }) => path)).toEqual(['bin/run', 'config/redis.conf', 'stack.yml'])
})
