import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { ComposeFile, Service } from '../document.ts'
import { printCompose } from '../print.ts'
import { mergeFiles, mergeServices } from './merge.ts'
import { replace, reset } from './tag.ts'

const folder = mkdtempSync(join(tmpdir(), 'erlmcp-merge-'))
afterAll(() => rmSync(folder, { recursive: true }))
for (const name of ['a', 'b', 'c', 'd']) {
  writeFileSync(join(folder, `${name}.env`), `FROM_${name.toUpperCase()}=1\n`)
  writeFileSync(join(folder, `${name}.labels`), `from.${name}=1\n`)
}

/** What `docker compose config` makes of the files. */
function config(...files: readonly ComposeFile[]): unknown {
  const names = files.flatMap((file, index) => {
    writeFileSync(join(folder, `${index}.yaml`), printCompose(file))
    return ['-f', `${index}.yaml`]
  })
  const { status, stdout, stderr } = spawnSync(
    'docker',
    ['compose', ...names, '--profile', '*', 'config', '--format', 'json'],
    { cwd: folder, encoding: 'utf8' },
  )
  return status === 0 ? JSON.parse(stdout) : { refused: stderr.replace(/\d\.yaml/g, 'file') }
}

const name = fc.constantFrom('a', 'b', 'c', 'd')
const some = <Item>(item: fc.Arbitrary<Item>) =>
  fc.uniqueArray(item, { maxLength: 3, selector: (one) => JSON.stringify(one) })
const texts = some(name)
const value = fc.constantFrom('1', 'two', '')
/** A list of `NAME=value`, or the mapping. */
const pairs = fc.oneof(
  fc
    .uniqueArray(fc.tuple(name, value), { maxLength: 3, selector: ([key]) => key })
    .map((all) => all.map((pair) => pair.join('='))),
  fc.dictionary(name, fc.oneof(value, fc.constantFrom(1, true))),
)
const strings = fc.oneof(name, texts)
const bool = fc.boolean()
const addresses = some(fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3'))
// A list has one form: which of two forms of one port wins is an accident.
const ports = fc.oneof(
  some(fc.constantFrom('8080:80', '127.0.0.1:8080:80', '8080-8081:80-81', '80', '53:53/udp')),
  some(
    fc.record(
      {
        target: fc.constantFrom(80, 81),
        published: fc.constantFrom(8080, 8081, '8080'),
        host_ip: fc.constantFrom('127.0.0.1', '0.0.0.0'),
      },
      { requiredKeys: ['target'] },
    ),
  ),
)
const mount = fc.oneof(
  fc.constantFrom('data:/a', 'more:/a:ro', './c:/b', '/d'),
  fc.record(
    {
      type: fc.constant('volume' as const),
      source: name,
      target: fc.constantFrom('/a', '/b'),
      read_only: bool,
    },
    { requiredKeys: ['type', 'source', 'target'] },
  ),
)
const grant = fc.oneof(
  name,
  fc.record(
    { source: name, target: fc.constantFrom('a', '/run/secrets/b', '/x') },
    { requiredKeys: ['source'] },
  ),
)
const other = fc.constantFrom('other', 'another')

/** A value for keys of a service, of every way of joining. */
const keys = {
  annotations: pairs,
  attach: bool,
  build: fc.oneof(
    fc.constantFrom('.', './a'),
    fc.record(
      {
        context: fc.constantFrom('.', './a'),
        target: name,
        args: pairs,
        labels: pairs,
        tags: texts,
        additional_contexts: fc.dictionary(name, fc.constant('./x')),
        extra_hosts: fc.constantFrom(['h=192.0.2.1'], ['h=192.0.2.1', 'i=192.0.2.2']),
        no_cache: bool,
        cache_from: texts,
      },
      { requiredKeys: [] },
    ),
  ),
  cap_add: some(fc.constantFrom('CHOWN', 'KILL', 'SETUID')),
  cap_drop: some(fc.constantFrom('ALL', 'KILL')),
  command: fc.oneof(fc.constantFrom('run', null), texts),
  configs: some(grant),
  cpu_shares: fc.constantFrom(10, 20),
  depends_on: fc.oneof(
    some(other),
    fc.dictionary(
      other,
      fc.record(
        {
          condition: fc.constantFrom('service_started' as const, 'service_healthy' as const),
          restart: bool,
        },
        { requiredKeys: ['condition'] },
      ),
    ),
  ),
  deploy: fc.record(
    {
      labels: pairs,
      replicas: fc.constantFrom(1, 2),
      resources: fc.record({
        limits: fc.record(
          {
            memory: fc.constantFrom('1G', '2G'),
            pids: fc.constantFrom(1, 2),
            cpus: fc.constantFrom('1', '2'),
          },
          { requiredKeys: [] },
        ),
      }),
      placement: fc.record({ constraints: texts }),
    },
    { requiredKeys: [] },
  ),
  develop: fc.record({
    watch: some(
      fc.record({ path: fc.constantFrom('./a', './b'), action: fc.constant('rebuild' as const) }),
    ),
  }),
  devices: some(fc.constantFrom('/dev/a:/dev/x', '/dev/b:/dev/x', '/dev/c')),
  dns: fc.oneof(fc.constant('192.0.2.9'), addresses),
  dns_opt: texts,
  dns_search: strings,
  entrypoint: fc.oneof(fc.constantFrom('sh', null), texts),
  env_file: fc.oneof(
    fc.constantFrom('a.env', './b.env'),
    some(fc.constantFrom('a.env', 'c.env', { path: 'd.env', required: false })),
  ),
  environment: pairs,
  expose: some(fc.constantFrom('80', 81, '9000-9001')),
  external_links: texts,
  extra_hosts: fc.oneof(
    fc.dictionary(name, fc.constantFrom('192.0.2.1', '192.0.2.2')),
    some(fc.constantFrom('a=192.0.2.1', 'b=192.0.2.2')),
  ),
  group_add: some(fc.constantFrom('1', '2', 'mail')),
  healthcheck: fc.record(
    {
      test: fc.constantFrom('true', ['CMD', 'true'], ['CMD-SHELL', 'false']),
      interval: fc.constantFrom('1s', '2s'),
      retries: fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  ),
  hostname: name,
  init: bool,
  label_file: fc.oneof(fc.constant('a.labels'), some(fc.constantFrom('a.labels', 'b.labels'))),
  labels: pairs,
  links: some(fc.constantFrom('other', 'other:o', 'another')),
  logging: fc.record(
    {
      driver: fc.constantFrom('json-file', 'journald'),
      options: fc.dictionary(fc.constantFrom('max-size', 'tag'), value),
    },
    { requiredKeys: [] },
  ),
  mem_limit: fc.constantFrom('1G', 1000000),
  networks: fc.oneof(
    texts,
    fc.dictionary(
      name,
      fc.oneof(
        fc.constant(null),
        fc.record({ aliases: texts, priority: fc.constantFrom(1, 2) }, { requiredKeys: [] }),
      ),
    ),
  ),
  pids_limit: fc.constantFrom(5, 6),
  ports,
  post_start: some(
    fc.record({ command: fc.constantFrom('a', ['b']), user: name }, { requiredKeys: ['command'] }),
  ),
  privileged: bool,
  profiles: texts,
  pull_policy: fc.constantFrom('always', 'never'),
  read_only: bool,
  restart: fc.constantFrom('no', 'always'),
  secrets: some(grant),
  security_opt: some(fc.constantFrom('no-new-privileges=true', 'label=disable')),
  shm_size: fc.constantFrom('64M', '1M'),
  stop_grace_period: fc.constantFrom('1s', '2s'),
  storage_opt: fc.dictionary(name, value),
  sysctls: pairs,
  tmpfs: fc.oneof(fc.constant('/tmp'), some(fc.constantFrom('/tmp', '/tmp:size=64m', '/run'))),
  tty: bool,
  ulimits: fc.dictionary(
    fc.constantFrom('nofile', 'nproc'),
    fc.oneof(
      fc.constantFrom(1, 2),
      fc.record({ soft: fc.constant(1), hard: fc.constantFrom(2, 3) }),
    ),
  ),
  user: name,
  volumes: some(mount),
  working_dir: fc.constantFrom('/a', '/b'),
  'x-own': fc.oneof(texts, fc.dictionary(name, value), value),
}

const definition = fc.record(
  { labels: pairs, driver_opts: fc.dictionary(name, value), name },
  { requiredKeys: [] },
)
const pool = fc.record(
  {
    subnet: fc.constantFrom('10.1.0.0/16', '10.2.0.0/16'),
    gateway: fc.constantFrom('10.1.0.1', '10.2.0.2'),
  },
  { requiredKeys: ['subnet'] },
)
const pools = fc.uniqueArray(pool, { minLength: 1, maxLength: 2, selector: ({ subnet }) => subnet })
const sections = fc.record({
  networks: fc.dictionary(
    name,
    fc.oneof(
      fc.constant(null),
      definition,
      fc.record({ internal: bool, ipam: fc.record({ config: pools }) }),
    ),
  ),
  volumes: fc.dictionary(name, fc.oneof(fc.constant(null), definition)),
  'x-top': fc.dictionary(name, value),
})

/** Definitions of everything that a generated service may name. */
const all = <Value>(one: (name: string) => Value) =>
  Object.fromEntries(['a', 'b', 'c', 'd'].map((key) => [key, one(key)]))
const frame: ComposeFile = {
  name: 'frame',
  services: { other: { image: 'a:1' }, another: { image: 'a:1' } },
  networks: all(() => null),
  volumes: { ...all(() => null), data: null, more: null },
  secrets: all((key) => ({ file: `./${key}` })),
  configs: all((key) => ({ file: `./${key}` })),
}

const file = (services: ComposeFile['services'], rest: object = {}): ComposeFile => ({
  ...frame,
  services: { ...frame.services, ...services },
  ...rest,
})

/** Two ways to say one service: a file and an overlay for Compose to join, and what we make of them. */
interface Asked {
  readonly name: string
  readonly files: readonly [Service, Service]
}

/**
 * Each pair is a service of its own, all in one call; a call that is refused is asked in halves.
 *
 * @returns how many were refused by Compose, and by Compose for what we make of them
 */
function compare(asked: readonly Asked[], theirsOf: typeof joined, oursOf: typeof joined): number {
  const [theirs, ours] = [theirsOf, oursOf].map((make) => attempt(() => config(...make(asked))))
  if (!isRefused(theirs) && !isRefused(ours)) {
    expect(ours).toEqual(theirs)
    return 0
  }
  if (asked.length > 1) {
    const halves = [asked.slice(0, asked.length >> 1), asked.slice(asked.length >> 1)]
    return halves.reduce((refused, half) => refused + compare(half, theirsOf, oursOf), 0)
  }
  if (isRefused(theirs) !== isRefused(ours))
    expect({ asked, ours }).toEqual({ asked, ours: theirs })
  return 1
}

const services = (asked: readonly Asked[], make: (files: Asked['files']) => object) =>
  Object.fromEntries(asked.map(({ name, files }) => [name, make(files)])) as Readonly<
    Record<string, Service>
  >
const joined = (asked: readonly Asked[]): readonly ComposeFile[] => [
  file(services(asked, ([base]) => base)),
  { services: services(asked, ([, overlay]) => overlay) },
]
const merged: typeof joined = (asked) => {
  const [base, overlay] = joined(asked)
  return [mergeFiles(base!, overlay!).file]
}

// Lists that Compose appends, and refuses with an item twice.
const appended = /^(external_links|group_add|security_opt)$/
const repeats = (first: unknown, second: unknown) =>
  (first as unknown[]).some((item) => (second as unknown[]).includes(item))

// Keys of which a service that has many of them would be refused for another reason.
const apart =
  /^(x-own|mem_limit|pids_limit|container_name|deploy|external_links|group_add|security_opt|depends_on|links)$/
const together = Object.fromEntries(Object.entries(keys).filter(([key]) => !apart.test(key)))
const written = fc.record(together as never, { requiredKeys: [] }) as fc.Arbitrary<Service>
const pairsOfServices = (seed: number) =>
  fc.sample(fc.tuple(written, written), { numRuns: 25, seed }).map(([base, overlay], index) => ({
    name: `s${index}`,
    files: [{ ...base, image: 'a:1' }, overlay] as const,
  }))

describeEngine('files that docker compose merges', () => {
  test('docker compose merges each key of a service alike', () => {
    const asked = Object.entries(keys).flatMap(([key, values]) =>
      fc
        .sample(fc.tuple<[unknown, unknown]>(values, values), { numRuns: 10, seed: 9 })
        .filter(([first, second]) => !appended.test(key) || !repeats(first, second))
        .map(([first, second], index) => ({
          name: `${key.replace('-', '')}_${index}`,
          files: [{ image: 'a:1', [key]: first }, { [key]: second }] as Asked['files'],
        })),
    )
    expect(compare(asked, joined, merged)).toBeLessThan(asked.length / 20)
  })

  test('docker compose merges networks, volumes and extensions of a file alike', () => {
    for (const [first, second] of fc.sample(fc.tuple(sections, sections), {
      numRuns: 8,
      seed: 3,
    })) {
      const base = file(
        { s: { image: 'a:1' } },
        {
          ...first,
          networks: { ...frame.networks, ...first.networks },
          volumes: { ...frame.volumes, ...first.volumes },
        },
      )
      const overlay = second as ComposeFile
      expect(config(mergeFiles(base, overlay).file)).toEqual(config(base, overlay))
    }
  })

  test('docker compose reads !reset and !override alike, at every depth', () => {
    const coins = fc.sample(fc.nat(5), { numRuns: 9000, seed: 8 })[Symbol.iterator]()
    const asked = pairsOfServices(4).map(({ name, files: [base, overlay] }) => ({
      name,
      files: [base, withTags(overlay, coins)] as Asked['files'],
    }))
    expect(compare(asked, joined, merged)).toBeLessThan(asked.length / 2)
  })

  test('docker compose extends a service alike', () => {
    const extended: typeof joined = (asked) => [
      file({
        ...Object.fromEntries(asked.map(({ name, files: [base] }) => [`${name}-base`, base])),
        ...Object.fromEntries(
          asked.map(({ name, files: [, child] }) => [
            name,
            { ...child, extends: { service: `${name}-base` } },
          ]),
        ),
      }),
    ]
    const flat: typeof joined = (asked) => [
      file({
        ...Object.fromEntries(asked.map(({ name, files: [base] }) => [`${name}-base`, base])),
        ...services(asked, ([base, child]) => mergeServices(base, child)),
      }),
    ]
    const asked = pairsOfServices(5)
    expect(compare(asked, extended, flat)).toBeLessThan(asked.length / 2)
  })
})

const isRefused = (result: unknown) =>
  typeof result === 'object' && result !== null && 'refused' in result

function attempt(make: () => unknown): unknown {
  try {
    return make()
  } catch (error) {
    return { refused: String(error) }
  }
}

/** The same data with a tag on some of its keys, not within lists. */
function withTags(node: object, coins: Iterator<number>): object {
  return Object.fromEntries(
    Object.entries(node).map(([key, one]) => {
      const coin = coins.next().value
      if (coin === 0) return [key, reset]
      // Compose takes a tagged number for text.
      if (coin === 1 && typeof one === 'object' && one !== null) return [key, replace(one)]
      const isNode = typeof one === 'object' && one !== null && !Array.isArray(one)
      return [key, isNode ? withTags(one, coins) : one]
    }),
  )
}
