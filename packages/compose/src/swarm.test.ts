import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stack, synthesize, textFile } from '@erlmcp/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ComposeFile,
  config,
  DIALECT,
  env,
  healthy,
  mount,
  network,
  publish,
  required,
  secret,
  service,
  swarm,
  use,
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
  networks: [use(backend, { aliases: ['postgres'], priority: 3 })],
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
    expect(changes.map(({ how, path }) => `${how} ${path.join('.')}`)).toMatchSnapshot()
  })

  it('refuses a config whose text stands in the file', () => {
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

  it('reads the stack file, and reads in it what was said', () => {
    const output = execFileSync('docker', ['stack', 'config', '-c', 'docker-compose.swarm.yml'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    expect(output.replaceAll(folder, '')).toMatchSnapshot()
  })
})
