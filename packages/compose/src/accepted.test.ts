import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  attach,
  type BuiltServiceSpec,
  type ComposeOptions,
  completed,
  compose,
  env,
  healthy,
  interpolate,
  mount,
  required,
  type ServiceSpec,
  secret,
  service,
  serviceNamed,
} from './index.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp-accepted-'))
  mkdirSync(join(root, 'data'))
  writeFileSync(join(root, 'Dockerfile'), 'FROM scratch\n')
  writeFileSync(join(root, 'common.yaml'), 'services: { db: { image: "db:1" } }\n')
})
afterAll(() => rmSync(root, { recursive: true }))

const build = { context: '.', dockerfile: 'Dockerfile' }
const from = (name: string) => secret(name, { environment: name.toUpperCase() })

const db = serviceNamed('db')

const modes = [
  'cached',
  'delegated',
  'consistent',
  'z',
  'Z',
  'ro',
  'rw',
  'ro,z',
  'nocopy',
  'rw,rslave',
  'cached,ro',
]

type Accepted = readonly [string, () => ServiceSpec | BuiltServiceSpec, ComposeOptions?]
const accepted: readonly Accepted[] = [
  [
    'a build secret from the environment',
    () => ({ image: 'a:1', build: { ...build, secrets: [from('token')] } }),
  ],
  [
    'a build secret that secrets init makes',
    () => ({ image: 'a:1', build: { ...build, secrets: [secret('key')] } }),
  ],
  [
    'one that is used in its own way',
    () => ({
      image: 'a:1',
      build: { ...build, secrets: [attach(secret('key'), { target: 'k' })] },
    }),
  ],
  [
    'a build secret of the operator, outside the project',
    () => ({ image: 'a:1', build: { ...build, secrets: [secret('npmrc', { file: '~/.npmrc' })] } }),
  ],
  [
    'one at a path of the machine',
    () => ({
      image: 'a:1',
      build: { ...build, secrets: [secret('npmrc', { file: '/run/npmrc' })] },
    }),
  ],
  [
    'one beside the project',
    () => ({ image: 'a:1', build: { ...build, secrets: [secret('npmrc', { file: '../npmrc' })] } }),
  ],
  [
    'one at a path of the environment',
    () => ({
      image: 'a:1',
      build: { ...build, secrets: [secret('npmrc', { file: env('NPMRC', './.npmrc') })] },
    }),
  ],
  [
    'a secret at a path of the environment',
    () => ({
      image: 'a:1',
      user: '1:1',
      secrets: [secret('key', { file: required('KEY', 'its file') })],
    }),
  ],
  [
    'a dependency of an included file',
    () => ({ image: 'a:1', depends_on: [db] }),
    { include: ['common.yaml'] },
  ],
  [
    'a healthy one',
    () => ({ image: 'a:1', depends_on: [healthy(db, { restart: true })] }),
    { include: ['common.yaml'] },
  ],
  [
    'a completed one',
    () => ({ image: 'a:1', depends_on: [completed(db)] }),
    { include: ['common.yaml'] },
  ],
  [
    "the network of an included file's service",
    () => ({ image: 'a:1', network_mode: db }),
    { include: ['common.yaml'] },
  ],
  ['its processes', () => ({ image: 'a:1', pid: db, ipc: db }), { include: ['common.yaml'] }],
  [
    'its volumes',
    () => ({ image: 'a:1', volumes_from: [{ service: db, mode: 'ro' }] }),
    { include: ['common.yaml'] },
  ],
  [
    'a link to it',
    () => ({ image: 'a:1', links: [{ service: db, alias: 'database' }] }),
    { include: ['common.yaml'] },
  ],
  [
    'a mount of an image',
    () => ({
      image: 'a:1',
      volumes: [{ type: 'image', source: 'b:1', target: '/b', image: { subpath: 'x' } }],
    }),
  ],
  [
    'a mount of a bind, long',
    () => ({ image: 'a:1', volumes: [{ type: 'bind', source: './data', target: '/b' }] }),
  ],
  [
    'a mount of a volume without a name',
    () => ({ image: 'a:1', volumes: [{ type: 'volume', target: '/b' }] }),
  ],
  [
    'a mount of a pipe',
    () => ({
      image: 'a:1',
      volumes: [
        {
          type: 'npipe',
          source: '\\\\.\\pipe\\docker_engine',
          target: '\\\\.\\pipe\\docker_engine',
        },
      ],
    }),
  ],
  ...modes.map(
    (mode): Accepted => [
      `a mount with :${mode}`,
      () => ({ image: 'a:1', volumes: [`./data:/data:${mode}`] }),
    ],
  ),
  ["an image name of one's own beside build", () => ({ image: 'app', build })],
  ['one with a registry', () => ({ image: 'registry.example:5000/team/app', build })],
  ['one with latest', () => ({ image: 'app:latest', build })],
  ['variables from .env', () => ({ image: 'a:1', env_file: ['.env'] })],
  ['from one file', () => ({ image: 'a:1', env_file: './.env' })],
  [
    'from a file that may be missing',
    () => ({ image: 'a:1', env_file: [{ path: 'other.env', required: false }] }),
  ],
  [
    'a bind whose default is not on this machine',
    () => ({ image: 'a:1', volumes: [mount(env('MEDIA', './media'), '/media')] }),
  ],
  [
    'one of a variable, short',
    () => ({ image: 'a:1', volumes: [interpolate`${env('MEDIA', './media')}:/media:ro`] }),
  ],
  [
    'a bind that the engine shall make',
    () => ({
      image: 'a:1',
      volumes: [mount('./media', '/media', { bind: { create_host_path: true } })],
    }),
  ],
  ['a provider', () => ({ provider: { type: 'model', options: { model: 'ai/smollm2' } } })],
]

test.each(accepted.map(([name, ...rest]) => [name, rest] as const))(
  '%s is accepted',
  (_name, [spec, options = {}]) => {
    const app = service('app', spec() as BuiltServiceSpec)
    const { diagnostics } = synthesize(stack('shop', [compose('compose.yaml', [app], options)]), {
      root,
    })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  },
)

test('an operator provides a secret that cannot be generated', () => {
  const token = secret('npm-token', { make: 'operator' })
  const app = service('app', { image: 'app', build: { ...build, secrets: [token] } })
  const { diagnostics, secrets, artifacts } = synthesize(
    stack('shop', [compose('compose.yaml', [app])]),
    { root },
  )
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(secrets).toEqual([])
  // git ignores what the operator puts there.
  expect(artifacts.map(({ path }) => path)).toContain('secrets/.gitignore')
  expect(artifacts.find(({ path }) => path === 'compose.yaml')!.text).toContain(
    'file: ./secrets/npm-token',
  )
})

test('secrets init creates the secret of a build', () => {
  const app = service('app', { image: 'app', build: { ...build, secrets: [secret('key')] } })
  const { secrets } = synthesize(stack('shop', [compose('compose.yaml', [app])]), { root })
  expect(secrets).toMatchObject([{ path: 'secrets/key', readers: [] }])
})

test('a provider has neither defaults nor diagnostics of a container', () => {
  const model = service('model', { provider: { type: 'model', options: { model: 'ai/smollm2' } } })
  const { diagnostics, artifacts } = synthesize(stack('shop', [compose('compose.yaml', [model])]))
  expect(diagnostics).toEqual([])
  expect(artifacts[0]!.text).toContain('services:\n  model:\n    provider:\n      type: model\n')
})

test.each([
  ['${X}:80', interpolate`${env('X', 8080)}:80`, '127.0.0.1:${X:-8080}:80'],
  ['${X}:80/tcp', interpolate`${env('X', 8080)}:80/tcp`, '127.0.0.1:${X:-8080}:80/tcp'],
  ['8080:${X}', interpolate`8080:${env('X', 80)}`, '127.0.0.1:8080:${X:-80}'],
  ['a port with an address', interpolate`${env('IP', '0.0.0.0')}:80:80`, '${IP:-0.0.0.0}:80:80'],
  ['a port that is a variable', interpolate`${env('PORTS', '80:80')}`, '${PORTS:-80:80}'],
])('a port with variables is on loopback, unless it has an address: %s', (_name, port, text) => {
  const app = service('app', { image: 'a:1', ports: [port] })
  const { artifacts } = synthesize(stack('shop', [compose('compose.yaml', [app])]))
  expect(artifacts.map((one) => one.text).join()).toContain(text)
})
