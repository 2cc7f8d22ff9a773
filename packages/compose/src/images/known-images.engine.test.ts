import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseImageReference, stack, synthesize } from '@erlmcp/core'
import {
  type ComposeProject,
  composeProject,
  describeEngine,
  ensureImages,
  must,
  standInLabel,
} from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compose, reference, type ServiceSpec, type ServiceValue, service } from '../index.ts'
import { factsOf as factsOfImage } from './known-images.ts'

/** An image that is made here: what its entrypoint does is in the fixture. */
interface StandIn {
  /** Its reference behind `stand-in/`: the table knows it as a copy of the official one. */
  readonly image: string
  /** Folders of the image that belong to its user. */
  readonly folders?: readonly string[]
  /** Whether its program stays root. */
  readonly staysRoot?: true
  /** What a working service of it needs besides. */
  readonly spec?: Partial<ServiceSpec>
}

const program = (image: string, more: Partial<StandIn> = {}): StandIn => ({ image, ...more })

// The program itself runs.
const programs: readonly StandIn[] = [
  program('library/redis:8.0.1', { folders: ['/data'] }),
  program('valkey/valkey:8.1', { folders: ['/data'] }),
  program('library/memcached:1.6'),
  program('library/nginx:1.29', { folders: ['/var/cache/nginx'], staysRoot: true }),
  program('library/httpd:2.4', { staysRoot: true }),
  program('library/wordpress:6.8-apache', { folders: ['/var/www/html'], staysRoot: true }),
  program('library/caddy:2.10', { staysRoot: true }),
  program('library/eclipse-mosquitto:2.0', { folders: ['/mosquitto/data', '/mosquitto/log'] }),
  program('library/mariadb:11.8', { folders: ['/var/lib/mysql'] }),
]

// Their entrypoint runs, and then nothing of theirs.
const entrypoints: readonly StandIn[] = [
  program('library/mysql:8.4', { folders: ['/var/lib/mysql', '/var/run/mysqld'] }),
  program('library/mongo:8.0', { folders: ['/data/db', '/data/configdb'] }),
  program('library/cassandra:5.0', {
    folders: ['/etc/cassandra', '/var/lib/cassandra', '/var/log/cassandra'],
  }),
  program('library/couchdb:3.5', { folders: ['/opt/couchdb/etc/local.d', '/opt/couchdb/data'] }),
  program('library/zookeeper:3.9', { folders: ['/data', '/datalog', '/logs', '/conf'] }),
  program('library/influxdb:2.7', { folders: ['/var/lib/influxdb2', '/etc/influxdb2'] }),
  program('clickhouse/clickhouse-server:25.8', {
    folders: [
      '/var/lib/clickhouse',
      '/var/log/clickhouse-server',
      '/etc/clickhouse-server/users.d',
    ],
  }),
  program('library/ghost:6', { folders: ['/var/lib/ghost/content'] }),
  program('hashicorp/consul:1.21', { folders: ['/consul/data', '/consul/config'] }),
  program('hashicorp/vault:1.20', { folders: ['/vault/config', '/vault/logs', '/vault/file'] }),
  program('library/telegraf:1.36'),
  program('library/nextcloud:32', { folders: ['/var/www/html', '/usr/local/etc/php/conf.d'] }),
  program('linuxserver/plex:1.42', { folders: ['/config'], staysRoot: true }),
  program('library/elasticsearch:9.1.0', { folders: ['/usr/share/elasticsearch/config'] }),
  program('keycloak/keycloak:26.0', { folders: ['/opt/keycloak/lib'] }),
  program('apache/kafka:4.1.0', { folders: ['/opt/kafka/config'] }),
  program('library/solr:9.10', { folders: ['/var/solr'] }),
  program('library/varnish:8.0', { folders: ['/var/lib/varnish'] }),
  program('coredns/coredns:1.12'),
  program('dpage/pgadmin4:9', { folders: ['/pgadmin4'] }),
  program('grafana/grafana:12.1.0', { folders: ['/var/lib/grafana'] }),
  program('grafana/loki:3.5', { folders: ['/loki'] }),
  program('n8nio/n8n:1.110', { folders: ['/home/node/.n8n'] }),
]

const standIns = [...programs, ...entrypoints]
// Images whose official Dockerfile declares these as volumes, which a read-only root leaves writable.
const volumes: Readonly<Record<string, readonly string[]>> = {
  redis: ['/data'],
  valkey: ['/data'],
  wordpress: ['/var/www/html'],
  'eclipse-mosquitto': ['/mosquitto/data', '/mosquitto/log'],
  mariadb: ['/var/lib/mysql'],
  mysql: ['/var/lib/mysql'],
  mongo: ['/data/db', '/data/configdb'],
  influxdb: ['/var/lib/influxdb2', '/etc/influxdb2'],
  ghost: ['/var/lib/ghost/content'],
  consul: ['/consul/data'],
  solr: ['/var/solr'],
}

const nameOf = ({ image }: StandIn) => /([^/]+):/.exec(image)![1]!
const tagOf = ({ image }: StandIn) => `stand-in.invalid/${image}`
const factsOf = (one: StandIn) => factsOfImage(parseImageReference(tagOf(one)))!
const numbersOf = (one: StandIn) => factsOf(one).user ?? factsOf(one).stepsDownTo ?? '0:0'
const fixture = resolve(import.meta.dirname, '../../fixtures/known-images')

/** One build of all targets, which share the base. */
function bakeFile(): string {
  const target = Object.fromEntries(
    standIns.map((one) => [
      nameOf(one),
      {
        context: fixture,
        target: factsOf(one).user === undefined ? 'root' : 'user',
        tags: [tagOf(one)],
        labels: { [standInLabel]: 'true' },
        args: {
          IMAGE: nameOf(one) === 'eclipse-mosquitto' ? 'mosquitto' : nameOf(one),
          USER_NUMBER: numbersOf(one) === '0:0' ? '911:911' : numbersOf(one),
          FOLDERS: (one.folders ?? []).join(' '),
        },
      },
    ]),
  )
  return JSON.stringify({ target, group: { default: { targets: Object.keys(target) } } })
}

const directory = mkdtempSync(join(tmpdir(), 'known-images-'))

function projectOf(folder: string, services: readonly ServiceValue[]): ComposeProject {
  const cwd = mkdtempSync(join(directory, folder))
  const { artifacts } = synthesize(stack('known', [compose('compose.yaml', services)]))
  writeFileSync(join(cwd, 'compose.yaml'), artifacts[0]!.text)
  return composeProject(cwd)
}

const serviceOf = (one: StandIn, more: Partial<ServiceSpec> = {}) =>
  service(nameOf(one), {
    image: reference(tagOf(one)),
    volumes: [...(volumes[nameOf(one)] ?? [])] as never,
    network_mode: 'none',
    ...more,
  })

describeEngine('services of known images, with nothing but the defaults', () => {
  let project: ComposeProject

  beforeAll(async () => {
    await ensureImages(['debian:trixie-slim'])
    const file = join(directory, 'bake.json')
    writeFileSync(file, bakeFile())
    await must(['docker', 'buildx', 'bake', '--load', '--file', file], {
      timeout: 600_000,
      env: { BUILDX_BAKE_ENTITLEMENTS_FS: '0' },
    })
    project = projectOf(
      'default',
      standIns.map((one) => serviceOf(one)),
    )
  }, 900_000)
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it('all become healthy', () => project.up({ wait: true, timeout: 180_000 }), 200_000)

  it.each(standIns.map((one) => [one.image, one] as const))(
    '%s runs as the user of the table',
    async (_image, one) => {
      if (one.staysRoot) return
      const script = 'for p in /proc/[0-9]*; do echo "$(cat $p/comm) $(stat -c %u:%g $p)"; done'
      const { stdout } = await project.exec(nameOf(one), ['sh', '-c', script])
      const running = stdout
        .split('\n')
        .filter((line) => !/^(?:docker-init|sh|cat|stat) /.test(line))
      expect(running.join('\n')).toMatch(new RegExp(` ${numbersOf(one).split(':')[0]}:`))
    },
  )

  it('all stop at once: the init may pass the signal on', async () => {
    const before = Date.now()
    await must(['docker', 'compose', '--project-name', project.name, 'stop'], {
      timeout: 120_000,
      cwd: project.directory,
    })
    expect(Date.now() - before).toBeLessThan(25_000)
  }, 150_000)
})
