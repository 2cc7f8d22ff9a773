import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Diagnostic, parseImageReference, stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Service } from '../document.ts'
import {
  compose,
  env,
  interpolate,
  mount,
  reference,
  type ServiceSpec,
  secret,
  service,
} from '../index.ts'
import { resolve as resolveVariables } from '../model/resolve.ts'
import { findImageDefaults } from './find-defaults.ts'
import { factsOf, knownImages } from './known-images.ts'

function made(spec: ServiceSpec): { node: Service; diagnostics: readonly Diagnostic[] } {
  const app = service('app', spec)
  const { artifacts, diagnostics } = synthesize(stack('shop', [compose('compose.yaml', [app])]))
  const text = artifacts.find(({ path }) => path === 'compose.yaml')!.text
  return { node: parse(text).services.app, diagnostics }
}

const ids = (spec: ServiceSpec) => made(spec).diagnostics.map(({ rule }) => rule)
const findImageFacts = (image: string) => factsOf(parseImageReference(resolveVariables(image)))
const titleOf = (image: string) => findImageFacts(image)?.title

describe('the table of images', () => {
  it('has the images that are pulled most, each with the files that it is read from', () => {
    const repositories = knownImages.flatMap((facts) => facts.repositories)
    expect(repositories.length).toBeGreaterThan(150)
    expect(new Set(repositories).size).toBe(repositories.length)
    const tables = readdirSync(import.meta.dirname).filter((name) => !name.includes('test'))
    const text = tables.map((name) => readFileSync(`${import.meta.dirname}/${name}`, 'utf8')).join()
    // Images of one program share an entry's source.
    expect(text.match(/\/\/ https:\/\/\S+$/gm)!.length).toBeGreaterThan(knownImages.length * 0.9)
  })

  it.each([
    'redis:8.0.1',
    'docker.io/library/redis:8',
    'docker.io/redis:8',
    'index.docker.io/library/redis@sha256:abc',
    'public.ecr.aws/docker/library/redis:8-alpine',
    'mirror.gcr.io/library/redis:8',
    'registry.example.com/redis:8',
    'localhost:5000/redis:8',
    'registry.example.com/dockerhub/library/redis:8',
    'registry.example.com/docker-hub-proxy/redis:8',
    'gitlab.example.com/group/dependency_proxy/containers/redis:8',
    '${REGISTRY}/redis:8',
    '${REGISTRY:-docker.io}/library/redis:${TAG:-8}',
  ])('knows Redis as %s', (image) => expect(titleOf(image)).toBe('Redis'))

  it.each([
    ['acme/redis:8', undefined],
    ['ghcr.io/acme/redis:8', undefined],
    ['registry.example.com/acme/redis:8', undefined],
    ['dhi.io/redis:8', undefined],
    ['redis-commander:1', undefined],
    ['bitnami/redis:8.0', 'Bitnami'],
    ['docker.io/bitnami/kafka:4.0', 'Bitnami Java'],
    ['cgr.dev/chainguard/redis:8', 'Chainguard'],
    ['valkey/valkey:8.1-alpine', 'Valkey'],
    ['quay.io/prometheus/prometheus:v3.5.0', 'Prometheus'],
    ['docker.elastic.co/elasticsearch/elasticsearch:9.1.0', 'Elasticsearch'],
    ['lscr.io/linuxserver/plex:1.41', 'LinuxServer.io'],
    ['ghcr.io/linuxserver/plex:1.41', 'LinuxServer.io'],
    ['mcr.microsoft.com/mssql/server:2022-latest', 'Microsoft SQL Server'],
    ['quay.io/keycloak/keycloak:26.0', 'Keycloak'],
    ['', undefined],
  ])('takes %s for %s', (image, title) => expect(titleOf(image)).toBe(title))

  it.each([
    ['postgres:17-trixie', '/var/lib/postgresql/data', '999:999'],
    ['postgres:17-alpine', '/var/lib/postgresql/data', '70:70'],
    ['postgres:18.1', '/var/lib/postgresql', '999:999'],
    ['postgres:19beta1-alpine', '/var/lib/postgresql', '70:70'],
    ['pgvector/pgvector:pg18', '/var/lib/postgresql', '999:999'],
    ['redis:8-alpine', '/data', '999:1000'],
    ['rabbitmq:4.1-management-alpine', '/var/lib/rabbitmq', '100:101'],
  ])('knows by the tag of %s where its data is, and whose', (image, data, user) => {
    expect(findImageFacts(image)).toMatchObject({ data, stepsDownTo: user })
  })
})

// What a default must never cause.
const violations = new Set([
  'compose/known-image-stopped',
  'compose/read-only-path-written',
  'compose/tmpfs-without-exec',
  'compose/useless-capability',
  'compose/image-unknown',
  'compose/job-restarts',
  'compose/capability-too-strong',
])

// Facts that only rules read.
const prose = new Set([
  ...['title', 'repositories', 'variants'],
  ...['data', 'ports', 'health', 'hasHealthcheck', 'isDataStore'],
])
const tags = ['1', '18', '8-alpine', '2.8-apache', '3-fpm-alpine', '1-rootless', '27-dind']
const images = knownImages.flatMap(({ repositories }) =>
  repositories.map((repository) => repository.replace(/\*$/, 'some')),
)

it.each(images)('rendering knows of %s what defaults depend on', (repository) => {
  for (const tag of ['', ...tags, 'distroless', 'pg16', 'v1.16-1', '9.4', 'cli', 'unprivileged']) {
    const image = `${repository}:${tag}`
    const { variants: _, ...known } = findImageDefaults(image) ?? {}
    const facts = Object.entries(findImageFacts(image) ?? {}).filter(([fact]) => !prose.has(fact))
    const expected = facts.map(([fact, value]) => [
      fact,
      fact === 'writesRoot' && value !== undefined ? true : value,
    ])
    expect(known).toEqual(Object.fromEntries(expected))
  }
})

it.each(images)('the defaults of a service of %s suit it', (repository) => {
  const services = tags.flatMap((tag, index) =>
    [undefined, '1234:1234', 'root'].map((user) => {
      const image = reference(`${repository}:${tag}`)
      return service(`app${index}-${user?.at(0)}`, { image, ...(user !== undefined && { user }) })
    }),
  )
  const { diagnostics } = synthesize(stack('shop', [compose('compose.yaml', services)]))
  const found = diagnostics
    .filter(({ rule, severity }) => violations.has(rule) || severity === 'error')
    // An engine is privileged by its author alone.
    .filter(({ rule }) => rule !== 'compose/docker-in-docker-unprivileged')
    // SYS_PTRACE is what cAdvisor and Netdata are for.
    .filter(({ message }) => !message.includes('SYS_PTRACE'))
  expect(found.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([])
})

describe('a service of a known image', () => {
  it('keeps the capabilities that the entrypoint of redis uses', () => {
    const { node } = made({ image: 'redis:8.0.1' })
    expect(node.cap_drop).toEqual(['ALL'])
    expect(node.cap_add).toEqual([
      'CHOWN',
      'DAC_OVERRIDE',
      'FOWNER',
      'KILL',
      'SETGID',
      'SETUID',
      'SETPCAP',
    ])
    expect(node).toMatchObject({ read_only: true, init: true })
  })

  it('adds no capabilities where the author names its user', () => {
    expect(made({ image: 'redis:8.0.1', user: '999:999' }).node.cap_add).toBeUndefined()
  })

  it('adds the capability of a binary for every user', () => {
    const { node } = made({ image: 'caddy:2.10', user: '1000:1000' })
    expect(node.cap_add).toEqual(['NET_BIND_SERVICE'])
  })

  it('lets nginx write its cache, its pid, and what its templates become', () => {
    const paths = ({ tmpfs }: Service) => [tmpfs ?? []].flat().map((text) => text.split(':')[0])
    expect(paths(made({ image: 'nginx:1.29' }).node)).toEqual(['/tmp', '/var/cache/nginx', '/run'])
    const volumes = [mount('./templates', '/etc/nginx/templates', { read_only: true })]
    expect(paths(made({ image: 'nginx:1.29', volumes }).node)).toContain('/etc/nginx/conf.d')
    // The author's own stay, and what the image needs is added to them.
    const { node } = made({ image: 'nginx:1.29', tmpfs: ['/tmp', '/var/cache/nginx:size=1g'] })
    expect(node.tmpfs).toEqual(['/tmp', '/var/cache/nginx:size=1g', '/run:size=64m,mode=1777'])
  })

  it('reads the image behind a variable by its default', () => {
    const image = interpolate`redis:${env('TAG', '8-alpine')}`
    expect(made({ image }).node.cap_add).toContain('SETUID')
  })

  it('lets the user that it becomes read its secrets', () => {
    const db = service('db', { image: 'postgres:17', secrets: [secret('password')] })
    const { secrets, diagnostics } = synthesize(stack('shop', [compose('compose.yaml', [db])]))
    expect(secrets).toMatchObject([{ path: 'secrets/password', readers: [999] }])
    expect(diagnostics.map(({ rule }) => rule)).not.toContain('compose/secret-reader-unknown')
  })

  it('reports a volume where PostgreSQL 18 does not keep its data', () => {
    const volume = (target: `/${string}`) => [mount('./data', target)]
    const rule = 'compose/postgres-data-folder'
    const data = '/var/lib/postgresql/data'
    expect(ids({ image: 'postgres:18', volumes: volume(data) })).toContain(rule)
    expect(ids({ image: 'postgres:18', volumes: volume('/var/lib/postgresql') })).not.toContain(
      rule,
    )
    expect(ids({ image: 'postgres:17', volumes: volume(data) })).not.toContain(rule)
    // Below 18 the volume that the image declares covers the one above it.
    expect(ids({ image: 'postgres:17', volumes: volume('/var/lib/postgresql') })).toContain(
      'compose/data-in-no-volume',
    )
  })

  it('suggests the healthcheck of its image', () => {
    const { diagnostics } = made({ image: 'mariadb:11.8' })
    expect(diagnostics.find(({ rule }) => rule === 'compose/healthcheck-not-set')?.hint).toContain(
      'healthcheck.sh',
    )
  })

  it.each<[string, string, boolean]>([
    ['mysql:8.4', 'mysqladmin ping -h localhost', true],
    ['mysql:8.4', 'mysqladmin ping', true],
    ['mysql:8.4', 'mysqladmin ping -h 127.0.0.1', false],
    ['mysql:8.4', 'mysqladmin ping --host=127.0.0.1', false],
    ['mariadb:11.8', 'mariadb-admin ping', true],
    ['mariadb:11.8', 'healthcheck.sh --connect', false],
    ['mongo:8.0', 'mongosh --eval \'db.adminCommand("ping")\'', true],
    ['mongo:8.0', 'mongosh --host "$HOSTNAME" --eval 1', false],
    ['acme/mysql:1', 'mysqladmin ping', false],
  ])('%s: whether the server of the first start answers %s', (image, line, isFooled) => {
    const spec = { image: reference(image), healthcheck: { test: ['CMD-SHELL', line] as const } }
    const found = ids(spec).includes('compose/health-during-initialization')
    expect(found).toBe(isFooled)
  })
})

describe('a service of an unknown image', () => {
  const unknown = (spec: Partial<ServiceSpec>) =>
    made({ image: 'acme/app:1', ...spec }).diagnostics.filter(
      ({ rule }) => rule === 'compose/image-unknown',
    )

  it('gets one note with the way to find out what it needs', () => {
    const [found, ...more] = unknown({})
    expect(more).toEqual([])
    expect(found).toMatchObject({ severity: 'note' })
    expect(found?.message).toContain('app (acme/app:1)')
    expect(found?.hint).toContain('docker image inspect')
  })

  it('gets none where the author says what it needs', () => {
    expect(unknown({ user: '1000:1000' })).toEqual([])
    expect(unknown({ cap_drop: [], read_only: false })).toEqual([])
    expect(unknown({ cap_add: ['SETUID'] })).toEqual([])
    expect(unknown({ build: '.' })).toEqual([])
  })

  it('is one note for all of a file', () => {
    const services = ['a', 'b', 'c'].map((name) => service(name, { image: 'acme/app:1' }))
    const { diagnostics } = synthesize(stack('shop', [compose('compose.yaml', services)]))
    expect(diagnostics.filter(({ rule }) => rule === 'compose/image-unknown')).toHaveLength(1)
  })
})

// Names of the reader's own application.
const placeholder = /^(?:app|web|worker|node|a|text|chat|erlmcp|(?:ghcr\.io\/)?acme\/\S+)[:@]/

const root = resolve(import.meta.dirname, '../../..')
const docstrings = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /^[\w-]+\/src\/.*(?<!\.test)\.ts$/.test(file))
  .flatMap((file) =>
    [...readFileSync(resolve(root, file), 'utf8').matchAll(/@example([\s\S]*?)\*\//g)].flatMap(
      ([, text = '']) =>
        [...text.matchAll(/\bimage: '([^']+)'/g)].map(([, image]) => [image!, file] as const),
    ),
  )
  .filter(([image]) => /[:@]/.test(image) && !placeholder.test(image))

it('finds the images of docstrings', () => expect(docstrings.length).toBeGreaterThan(0))

it.each(docstrings)('the image %s in a docstring of %s is one that the defaults suit', (image) => {
  expect(titleOf(image), 'a known image').toBeDefined()
  expect(ids({ image: reference(image) }).filter((rule) => violations.has(rule))).toEqual([])
})
