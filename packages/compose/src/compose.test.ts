import { stack, synthesize, textFile } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import {
  attach,
  completed,
  compose,
  config,
  env,
  healthy,
  interpolate,
  mount,
  network,
  override,
  publish,
  random,
  required,
  secret,
  service,
  swarm,
  volume,
} from './index.ts'

const backend = network('backend', { internal: true })
const password = secret('db-password', { make: random({ bytes: 24 }) })
const db = service('db', {
  image: interpolate`postgres:${env('POSTGRES_TAG', '17-trixie')}`,
  user: '999:999',
  environment: { POSTGRES_PASSWORD_FILE: '/run/secrets/db-password' },
  networks: [attach(backend, { aliases: ['postgres'] })],
  secrets: [password],
  volumes: [mount(volume('db-data'), '/var/lib/postgresql/data')],
  healthcheck: { test: ['CMD-SHELL', 'psql -c "select $$1$$"'], interval: '10s' },
})
const migrate = service('migrate', { image: 'app:1.0', depends_on: [healthy(db)] })
const app = service('app', {
  build: {
    image: 'app:1.0',
    build: { context: '.', dockerfile: 'Dockerfile', target: 'runtime' },
    user: '1000:1000',
    writable: ['/opt/app/log'],
  },
  networks: [network('edge'), backend],
  depends_on: [healthy(db), completed(migrate)],
  secrets: [password],
  ports: [
    publish(env('APP_PORT', 8080, { description: 'Port for clients' }), 8080),
    '0.0.0.0:81:81',
  ],
  environment: { PRICE: '5$', DOMAIN: required('DOMAIN', 'the name of the site') },
  volumes: [mount(textFile('config/app.conf', 'a=1\n'), '/etc/app.conf', { read_only: true })],
  configs: [attach(config('motd', { content: 'hello ${name}' }), { target: '/etc/motd' })],
})

const made = (...sources: Parameters<typeof stack>[1]) => {
  const { artifacts, secrets } = synthesize(stack('shop', sources))
  return { secrets, files: Object.fromEntries(artifacts.map(({ path, text }) => [path, text])) }
}

describe('compose', () => {
  it('prints a stack with all that its services use', () => {
    const { files, secrets } = made(compose('docker-compose.yml', [app]))
    expect(files).toMatchSnapshot()
    expect(secrets).toMatchObject([
      {
        path: 'secrets/db-password',
        recipe: { kind: 'random', bytes: 24, encoding: 'hex' },
        readers: [999, 1000],
      },
    ])
  })

  it('builds an image with the arguments that the environment gives', () => {
    const build = { context: '.', dockerfile: 'Dockerfile', target: 'runtime' }
    const revision = { default: 'none', description: 'The commit' }
    const args = { REVISION: revision, FLAVOUR: '$5' }
    const built = service('app', {
      build: { image: 'app:1.0', build: { ...build, args }, user: '1:1', writable: [] },
    })
    const { files } = made(compose('compose.yaml', [built]))
    expect(files['compose.yaml']).toContain(
      '      args:\n        REVISION: ${REVISION:-none}\n        FLAVOUR: $$5\n',
    )
    expect(files['.env.example']).toContain(
      '# The commit\n# used by compose.yaml (service app)\nREVISION=none\n',
    )
    // A swarm does not build.
    expect(made(swarm('swarm.yaml', [built])).files['.env.example']).toBeUndefined()
  })

  it('says which variables a stack finds in the shell alone', () => {
    const web = service('web', { image: 'web:1.0', ports: [publish(env('PORT', 80), 80)] })
    const { files } = made(compose('compose.yaml', [web]), swarm('swarm.yaml', [web]))
    expect(files['.env.example']).toContain(
      '# used by compose.yaml (service web), swarm.yaml (service web, exported by the shell)\n',
    )
  })

  it('names the project after the stack and the variant of the file', () => {
    const { files } = made(
      compose('compose.yaml', [db]),
      compose('docker-compose.prod.yml', [db]),
      compose('compose.EU west$.yaml', [db]),
      compose('other.yaml', [db], { name: 'mine' }),
    )
    const names = Object.entries(files).map(([path, text]) => [
      path,
      /^name: (.*)$/m.exec(text)?.[1],
    ])
    expect(Object.fromEntries(names)).toMatchObject({
      'compose.yaml': 'shop',
      'docker-compose.prod.yml': 'shop-prod',
      'compose.EU west$.yaml': 'shop-eu-west-',
      'other.yaml': 'mine',
    })
  })

  it('leaves a default where its key is written', () => {
    const open = override(app, {
      read_only: false,
      cap_drop: [],
      init: false,
      deploy: { resources: { limits: { memory: '2G' } } },
    })
    const text = made(compose('compose.yaml', [open])).files['compose.yaml']
    expect(text).toContain('read_only: false')
    expect(text).toContain('cap_drop: []')
    expect(text).toContain('memory: 2G')
    expect(text?.split('\n  db:')[0]).not.toContain('tmpfs')
  })

  it('says a limit in both places where Compose has two', () => {
    const small = service('small', { image: 'a:1', mem_limit: '1G', cpus: 0.5, pids_limit: 9 })
    const text = made(compose('compose.yaml', [small])).files['compose.yaml']
    expect(text).toContain(
      "limits:\n          cpus: '0.5'\n          memory: 1G\n          pids: 9\n",
    )
  })

  it('refuses two different values of one name, and says where both are', () => {
    const other = network('backend')
    const twice = service('web', { image: 'web:1.0', networks: [other], depends_on: [db] })
    expect(() => made(compose('compose.yaml', [twice]))).toThrow(
      /compose\.test\.ts:\d+:\d+: two different networks of one file are named backend; the other is at .*compose\.test\.ts:\d+/,
    )
    expect(() =>
      made(compose('compose.yaml', [app, override(db, { image: 'postgres:18' })])),
    ).toThrow('two different services of one file are named db')
  })

  it('takes the same network twice when both calls say the same', () => {
    const one = service('one', { image: 'a:1', networks: [network('edge')] })
    const two = service('two', { image: 'a:1', networks: [network('edge')] })
    expect(made(compose('compose.yaml', [one, two])).files['compose.yaml']).toContain('edge: {}')
  })

  it('refuses a variable in an ordinary template', () => {
    expect(() => `redis:${env('TAG')}`).toThrow('interpolate`')
  })
})
