import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Service } from '../document.ts'
import {
  completed,
  compose,
  config,
  mount,
  network,
  publish,
  type ServiceSpec,
  secret,
  service,
  volume,
} from '../index.ts'

/** Every key of a service that is not an extension. */
type SpecKey = keyof { [Key in keyof Service as Key extends `x-${string}` ? never : Key]: true }

/** Every default of a service, and whether it is in a printed one. */
const defaults = {
  init: ({ init }: Service) => init === true,
  cap_drop: ({ cap_drop: dropped }: Service) => String(dropped) === 'ALL',
  security_opt: ({ security_opt: options }: Service) =>
    options?.includes('no-new-privileges=true') === true,
  read_only: ({ read_only: readOnly }: Service) => readOnly === true,
  tmpfs: ({ tmpfs }: Service) => String(tmpfs).includes('/tmp:size=64m,mode=1777'),
  restart: ({ restart }: Service) => restart === 'unless-stopped',
  cpus: ({ deploy }: Service) => deploy?.resources?.limits?.cpus === '1',
  memory: ({ deploy }: Service) => deploy?.resources?.limits?.memory === '512M',
  pids: ({ deploy }: Service) => deploy?.resources?.limits?.pids === 512,
  logging: ({ logging }: Service) => logging?.driver === 'json-file',
  stop_grace_period: ({ stop_grace_period: period }: Service) => period === '30s',
}
type Default = keyof typeof defaults

/** A value of a key, the defaults that it replaces, and the rule that reports it. */
interface Case {
  readonly spec: Omit<ServiceSpec, 'image'> & { readonly image?: ServiceSpec['image'] }
  readonly yields?: readonly Default[]
  readonly rule?: string
}

const harmless = (spec: Case['spec']): Case[] => [{ spec }]
const other = service('other', { image: 'acme/other:1', user: '1:1' })
const edge = network('edge')
const linux: Default[] = ['init', 'cap_drop', 'security_opt', 'read_only', 'tmpfs', 'pids']
const root: Default[] = ['read_only', 'tmpfs']

/** Each key of a service with the defaults that it replaces; all others must hold. */
const decisions: Record<SpecKey, Case[]> = {
  annotations: harmless({ annotations: { a: 'b' } }),
  attach: harmless({ attach: false }),
  blkio_config: harmless({ blkio_config: { weight: 300 } }),
  build: harmless({ build: '.' }),
  cap_add: [
    ...harmless({ cap_add: ['NET_RAW'], user: '0:0' }),
    { spec: { cap_add: ['ALL'] }, yields: ['cap_drop'] },
    { spec: { cap_add: ['NET_RAW'], user: '1:1' }, rule: 'compose/useless-capability' },
  ],
  cap_drop: [{ spec: { cap_drop: ['NET_RAW'] }, yields: ['cap_drop'] }],
  cgroup: harmless({ cgroup: 'private' }),
  cgroup_parent: harmless({ cgroup_parent: 'm-executor' }),
  command: [
    ...harmless({ command: ['serve'] }),
    { spec: { command: ['/sbin/init'] }, yields: ['init'] },
    { spec: { command: ['/lib/systemd/systemd'] }, yields: ['init'] },
    { spec: { command: ['redis-server', '--maxmemory', '1gb'] }, yields: ['memory'] },
    { spec: { command: 'java -Xmx2g -jar app.jar' }, yields: ['memory'] },
    { spec: { command: ['postgres', '-c', 'shared_buffers=1GB'] }, yields: ['memory'] },
    { spec: { command: ['alembic', 'upgrade', 'head'] }, rule: 'compose/job-restarts' },
  ],
  configs: [
    { spec: { configs: [config('motd', { content: 'hi' })] }, yields: root },
    { spec: { configs: [config('level', { environment: 'LEVEL' })] }, yields: root },
    ...harmless({ configs: [config('file', { file: './motd' })] }),
  ],
  container_name: harmless({ container_name: 'one' }),
  cpu_count: harmless({ cpu_count: 2 }),
  cpu_percent: harmless({ cpu_percent: 50 }),
  // The engine: "Conflicting options: Nano CPUs and CPU Period cannot both be set".
  cpu_period: [{ spec: { cpu_period: 100000 }, yields: ['cpus'] }],
  cpu_quota: [{ spec: { cpu_quota: 50000 }, yields: ['cpus'] }],
  cpu_rt_period: harmless({ cpu_rt_period: 1400 }),
  cpu_rt_runtime: harmless({ cpu_rt_runtime: 400 }),
  cpu_shares: harmless({ cpu_shares: 512 }),
  cpus: [{ spec: { cpus: 0.5 }, yields: ['cpus'] }],
  cpuset: harmless({ cpuset: '0' }),
  credential_spec: [
    { spec: { credential_spec: { file: 'spec.json' } as never }, yields: linux },
    { spec: { credential_spec: { config: config('gmsa', { file: './g.json' }) } }, yields: linux },
  ],
  depends_on: harmless({ depends_on: [other] }),
  deploy: [
    ...harmless({ deploy: { replicas: 2 } }),
    { spec: { deploy: { mode: 'replicated-job' } }, yields: ['restart'] },
    { spec: { deploy: { restart_policy: { condition: 'on-failure' } } }, yields: ['restart'] },
    { spec: { deploy: { resources: { limits: { cpus: 2 } } } }, yields: ['cpus'] },
    { spec: { deploy: { resources: { reservations: { memory: '2G' } } } }, yields: ['memory'] },
    { spec: { deploy: { resources: { reservations: { cpus: 2 } } } }, yields: ['cpus'] },
  ],
  develop: [
    ...harmless({ develop: { watch: [{ action: 'rebuild', path: './src' }] } }),
    {
      spec: { develop: { watch: [{ action: 'sync', path: './src', target: '/src' }] } },
      yields: root,
    },
    {
      spec: { develop: { watch: [{ action: 'sync+restart', path: './src', target: '/src' }] } },
      yields: root,
    },
    {
      spec: {
        read_only: true,
        develop: { watch: [{ action: 'sync', path: './src', target: '/src' }] },
      },
      rule: 'compose/watch-sync-on-read-only-root',
    },
    {
      spec: { develop: { watch: [{ action: 'sync', path: './src' }] } },
      yields: root,
      rule: 'compose/watch-target-missing',
    },
  ],
  device_cgroup_rules: harmless({ device_cgroup_rules: ['c 1:3 mr'] }),
  devices: harmless({ devices: ['/dev/ttyUSB0:/dev/ttyUSB0:rwm'] }),
  dns: harmless({ dns: '192.0.2.1' }),
  dns_opt: harmless({ dns_opt: ['use-vc'] }),
  dns_search: harmless({ dns_search: 'example.com' }),
  domainname: harmless({ domainname: 'example.com' }),
  entrypoint: [
    ...harmless({ entrypoint: ['/run.sh'] }),
    { spec: { entrypoint: ['/init'] }, yields: ['init'] },
    { spec: { entrypoint: ['/usr/bin/tini', '--', '/run.sh'] }, yields: ['init'] },
    { spec: { entrypoint: 'java -jar app.jar' } },
  ],
  env_file: harmless({ env_file: [{ path: '.env', required: false }] }),
  environment: [
    ...harmless({ environment: { MODE: 'test' } }),
    { spec: { environment: { JAVA_OPTS: '-Xms256m -Xmx2g' } }, yields: ['memory'] },
    { spec: { environment: ['NODE_OPTIONS=--max-old-space-size=4096'] }, yields: ['memory'] },
    { spec: { environment: { ERL_FLAGS: '+MMscs 1024' } }, yields: ['memory'] },
    {
      spec: { environment: { LOG_DIR: '/var/log/app' } },
      rule: 'compose/read-only-path-written',
    },
  ],
  expose: harmless({ expose: [80] }),
  extends: harmless({}), // merging is its own: see the tests of extends
  external_links: harmless({ external_links: ['one'] }),
  extra_hosts: harmless({ extra_hosts: { one: '192.0.2.1' } }),
  gpus: harmless({ gpus: 'all' }),
  group_add: harmless({ group_add: [1] }),
  healthcheck: harmless({ healthcheck: { test: ['CMD', 'true'] } }),
  hostname: harmless({ hostname: 'one' }),
  image: [
    ...harmless({ image: 'acme/app:2' }),
    { spec: { image: 'elasticsearch:9.1.0' }, yields: [...root, 'memory'] },
    { spec: { image: 'lscr.io/linuxserver/nginx:1.28.0' }, yields: [...root, 'init'] },
    { spec: { image: 'flyway/flyway:11.0' }, yields: [...root, 'restart'] },
    { spec: { image: 'hashicorp/vault:1.20' }, yields: [...root, 'security_opt'] },
  ],
  init: [{ spec: { init: false }, yields: ['init'] }],
  ipc: harmless({ ipc: 'private' }),
  isolation: [
    ...harmless({ isolation: 'default' }),
    { spec: { isolation: 'hyperv' }, yields: linux },
  ],
  label_file: harmless({ label_file: './labels' }),
  labels: harmless({ labels: { a: 'b' } }),
  links: harmless({ links: [other] }),
  logging: [{ spec: { logging: { driver: 'journald' } }, yields: ['logging'] }],
  mac_address: harmless({ mac_address: '02:42:ac:11:00:02' }),
  mem_limit: [{ spec: { mem_limit: '1G' }, yields: ['memory'] }],
  // The engine: "Minimum memory limit can not be less than memory reservation limit".
  mem_reservation: [
    ...harmless({ mem_reservation: '256M' }),
    { spec: { mem_reservation: '1G' }, yields: ['memory'] },
  ],
  mem_swappiness: harmless({ mem_swappiness: 10 }),
  // The engine: "Minimum memoryswap limit should be larger than memory limit".
  memswap_limit: [
    ...harmless({ memswap_limit: '1G' }),
    ...harmless({ memswap_limit: -1 }),
    { spec: { memswap_limit: '256M' }, yields: ['memory'] },
  ],
  models: harmless({}),
  network_mode: [
    ...harmless({ network_mode: 'host' }),
    {
      spec: { network_mode: 'host', ports: [publish(8080, 80)] },
      rule: 'compose/port-without-effect',
    },
  ],
  networks: [
    ...harmless({ networks: [edge] }),
    {
      spec: { networks: [network('inside', { internal: true })], ports: [publish(8080, 80)] },
      rule: 'compose/port-without-effect',
    },
  ],
  oom_kill_disable: harmless({ oom_kill_disable: true }),
  oom_score_adj: harmless({ oom_score_adj: 100 }),
  pid: [
    { spec: { pid: 'host' }, yields: ['init'] },
    { spec: { pid: other }, yields: ['init'] },
  ],
  pids_limit: [{ spec: { pids_limit: 9 }, yields: ['pids'] }],
  platform: [
    ...harmless({ platform: 'linux/arm64' }),
    { spec: { platform: 'windows/amd64' }, yields: linux },
  ],
  ports: harmless({ ports: [publish(8080, 80)] }),
  post_start: [
    ...harmless({ post_start: [{ command: ['true'] }] }),
    ...harmless({ user: '1:1', post_start: [{ command: ['chown', '1', '/d'], user: 'root' }] }),
  ],
  pre_start: harmless({ pre_start: [{ command: ['true'] }] }),
  pre_stop: [
    ...harmless({ pre_stop: [{ command: ['true'] }] }),
    ...harmless({ user: '1:1', pre_stop: [{ command: ['chown', '1', '/d'], user: '0:0' }] }),
  ],
  privileged: [
    ...harmless({ privileged: false }),
    { spec: { privileged: true }, yields: ['cap_drop', 'security_opt'] },
  ],
  profiles: [
    ...harmless({ profiles: ['dev'] }),
    {
      spec: { depends_on: [service('dev', { image: 'acme/dev:1', profiles: ['dev'] })] },
      rule: 'compose/profile-leaves-out-service',
    },
    {
      spec: { network_mode: service('dev', { image: 'acme/dev:1', profiles: ['dev'] }) },
      rule: 'compose/profile-leaves-out-service',
    },
  ],
  provider: [
    {
      spec: { provider: { type: 'model' } },
      yields: Object.keys(defaults) as Default[],
    },
  ],
  pull_policy: harmless({ pull_policy: 'missing' }),
  pull_refresh_after: harmless({ pull_refresh_after: '24h' }),
  read_only: [{ spec: { read_only: false }, yields: root }],
  restart: [
    { spec: { restart: 'always' }, yields: ['restart'] },
    {
      spec: {
        depends_on: [completed(service('migrate', { image: 'acme/app:1', restart: 'always' }))],
      },
      rule: 'compose/job-restarts',
    },
  ],
  runtime: [
    ...harmless({ runtime: 'nvidia' }),
    { spec: { runtime: 'sysbox-runc' }, yields: ['init'] },
  ],
  scale: harmless({ scale: 2 }),
  secrets: [
    ...harmless({ user: '1:1', secrets: [secret('key')] }),
    { spec: { secrets: [secret('key', { environment: 'KEY' })] }, yields: root },
  ],
  security_opt: [{ spec: { security_opt: ['label=disable'] }, yields: ['security_opt'] }],
  // What is in it counts as memory of the container.
  shm_size: [...harmless({ shm_size: '128M' }), { spec: { shm_size: '1G' }, yields: ['memory'] }],
  stdin_open: harmless({ stdin_open: true }),
  stop_grace_period: [{ spec: { stop_grace_period: '1m' }, yields: ['stop_grace_period'] }],
  stop_signal: [
    ...harmless({ stop_signal: 'SIGINT' }),
    { spec: { stop_signal: 'SIGRTMIN+3' }, yields: ['init'] },
  ],
  storage_opt: harmless({ storage_opt: { size: '1G' } }),
  sysctls: harmless({ sysctls: { 'net.core.somaxconn': 1024 } }),
  tmpfs: [
    { spec: { tmpfs: ['/run'] }, yields: ['tmpfs'] },
    {
      spec: { image: 'sonarqube:25.9.0', tmpfs: ['/tmp'] },
      yields: ['tmpfs', 'memory'],
      rule: 'compose/tmpfs-without-exec',
    },
  ],
  tty: harmless({ tty: true }),
  ulimits: harmless({ ulimits: { nofile: 1024 } }),
  use_api_socket: [{ spec: { use_api_socket: true }, yields: root }],
  user: [...harmless({ user: '1000:1000' }), ...harmless({ user: 'root' })],
  userns_mode: harmless({ userns_mode: 'host' }),
  uts: harmless({ uts: 'host' }),
  volumes: [
    ...harmless({ volumes: [mount(volume('data'), '/data')] }),
    { spec: { volumes: [mount(volume('data'), '/tmp')] }, yields: ['tmpfs'] },
  ],
  volumes_from: harmless({ volumes_from: [other] }),
  working_dir: harmless({ working_dir: '/srv' }),
}

/** A service as it is printed, and the ids of what the rules say of its file. */
function print(spec: Case['spec']): { readonly node: Service; readonly rules: Set<string> } {
  const { image = 'acme/app:1', ...rest } = spec
  const app = service('app', { ...(!spec.provider && !spec.build && { image }), ...rest })
  const { artifacts, diagnostics } = synthesize(stack('shop', [compose('compose.yaml', [app])]))
  const file = parse(artifacts.find(({ path }) => path === 'compose.yaml')!.text)
  return { node: file.services.app, rules: new Set(diagnostics.map(({ rule }) => rule)) }
}

const cases = Object.entries(decisions).flatMap(([key, list]) =>
  list.map((one) => [key, JSON.stringify(one.spec).slice(0, 90), one] as const),
)

it.each(cases)('every default knows %s: %s', (_key, _spec, { spec, yields = [], rule }) => {
  const { node, rules } = print(spec)
  const held = Object.entries(defaults).filter(([, holds]) => holds(node))
  const expected = Object.keys(defaults).filter((name) => !yields.includes(name as Default))
  expect(held.map(([name]) => name)).toEqual(expected)
  if (rule !== undefined) expect(rules).toContain(rule)
})

const schema = resolve(import.meta.dirname, '../../../../../shared/spec/compose-spec.json')

it.runIf(existsSync(schema))('has a decision for every key of the specification', () => {
  const { definitions, $defs = definitions } = JSON.parse(readFileSync(schema, 'utf8'))
  const keys = Object.keys($defs.service.properties)
  expect(keys.filter((key) => !(key in decisions))).toEqual([])
})

it.each([
  ['a root hook', { user: '1:1', post_start: [{ command: ['chown', '1', '/d'], user: 'root' }] }],
  ['root itself', { user: 'root' }],
] satisfies [string, Case['spec']][])('keeps the rights over files of %s', (_, spec) => {
  const { node, rules } = print(spec)
  expect(node.cap_add).toEqual(expect.arrayContaining(['CHOWN', 'DAC_OVERRIDE', 'FOWNER']))
  expect(rules).not.toContain('compose/useless-capability')
})

it('adds what an image needs to the capabilities that were added by name', () => {
  const { node } = print({ image: 'redis:8.0.1', cap_add: ['SYS_NICE'] })
  expect(node.cap_add).toEqual(expect.arrayContaining(['SYS_NICE', 'SETUID', 'SETGID', 'CHOWN']))
})

it.each<[string, string, Case['spec']]>([
  ['2816M', 'a heap of 2G', { environment: { JAVA_OPTS: '-Xmx2g' } }],
  ['1536M', 'a heap of Node', { command: ['node', '--max-old-space-size=1024', 'app.js'] }],
  ['768M', 'what a cache may hold', { command: ['redis-server', '--maxmemory', '512mb'] }],
  ['1536M', 'shared buffers', { command: 'postgres -c shared_buffers=1GB' }],
  ['1536M', 'a buffer pool', { command: ['--innodb-buffer-pool-size=1G'] }],
  ['1536M', 'a super carrier of Erlang', { environment: { ERL_ZFLAGS: '+MMscs 1024' } }],
  ['1536M', 'a soft limit of Go', { environment: { GOMEMLIMIT: '1GiB' } }],
  ['512M', 'a share of the limit', { environment: { JAVA_OPTS: '-XX:MaxRAMPercentage=75.0' } }],
  ['512M', 'a small heap', { environment: { JAVA_OPTS: '-Xmx256m' } }],
  ['1280M', 'shared memory', { shm_size: '1G' }],
  ['2G', 'what is reserved', { mem_reservation: '2G' }],
  ['256M', 'the swap that it may have', { memswap_limit: '256M' }],
])('has a limit of %s for %s', (limit, _, spec) => {
  expect(print(spec).node.deploy?.resources?.limits?.memory).toBe(limit)
})

it('reports a limit below the memory that the program is configured to use', () => {
  const environment = { ES_JAVA_OPTS: '-Xms1g -Xmx1g' }
  const { rules } = print({ mem_limit: '1G', environment })
  expect(rules).toContain('compose/memory-below-demand')
  expect(print({ mem_limit: '2G', environment }).rules).not.toContain('compose/memory-below-demand')
})
