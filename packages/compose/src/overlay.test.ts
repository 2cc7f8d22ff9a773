import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import {
  compose,
  env,
  healthy,
  network,
  overlay,
  patch,
  publish,
  replace,
  reset,
  secret,
  service,
  swarm,
} from './index.ts'

const backend = network('backend', { internal: true })
const db = service('db', {
  image: 'db:1.0',
  networks: [backend],
  healthcheck: { test: 'true' },
})
const app = service('app', {
  image: 'app:1.0',
  user: '1000:1000',
  read_only: false,
  restart: 'no',
  init: false,
  deploy: { resources: { limits: { memory: '4G' } } },
  logging: { driver: 'journald' },
  ports: [publish(8080, 80)],
  environment: { LEVEL: 'info', DEBUG: '0' },
  networks: [backend],
  depends_on: [healthy(db)],
})
const base = compose('compose.yaml', [app])

const made = (...sources: Parameters<typeof stack>[1]) => {
  const { artifacts, secrets, findings } = synthesize(stack('shop', sources))
  return {
    secrets,
    findings,
    files: Object.fromEntries(artifacts.map(({ path, text }) => [path, text])),
  }
}
const written = (...services: Parameters<typeof overlay>[2]) =>
  made(base, overlay('compose.override.yaml', base, services)).files['compose.override.yaml']

describe('an overlay', () => {
  it('has the keys that were written: no name and no defaults', () => {
    expect(
      written(patch(app, { command: ['sleep', 'infinity'], environment: { DEBUG: '1' } })),
    ).toMatchInlineSnapshot(`
      "# Made by erlmcp from stack.ts. Do not edit:
      # change that file and run \`npx erlmcp synth\`.
      services:
        app:
          command:
            - sleep
            - infinity
          environment:
            DEBUG: '1'
      "
    `)
  })

  it('resets and replaces keys of its base', () => {
    const dev = patch(app, {
      ports: replace([publish(9000, 80)]),
      environment: { DEBUG: reset },
      deploy: { resources: { limits: { memory: reset } } },
      logging: reset,
      depends_on: replace([]),
    })
    expect(written(dev)).toMatchInlineSnapshot(`
      "# Made by erlmcp from stack.ts. Do not edit:
      # change that file and run \`npx erlmcp synth\`.
      services:
        app:
          depends_on: !override {}
          environment:
            DEBUG: !reset null
          ports: !override
            - host_ip: '127.0.0.1'
              target: 80
              published: 9000
          deploy:
            resources:
              limits:
                memory: !reset null
          logging: !reset null
      "
    `)
  })

  it('puts no tag on what replaces anyhow, which Compose would take for text', () => {
    const text = written(patch(app, { read_only: replace(true), cpu_shares: replace(5) }))
    expect(text).toContain('read_only: true\n')
    expect(text).toContain('cpu_shares: 5\n')
    expect(text).not.toContain('!override')
  })

  it('has a service that its base does not have as a whole one', () => {
    const mail = service('mail', {
      image: 'axllent/mailpit:v1.27',
      networks: [backend, network('edge')],
    })
    const text = written(patch(app, { depends_on: [healthy(mail)] }), mail)
    expect(text).toContain('restart: unless-stopped')
    expect(text).toContain('mail:\n        condition: service_healthy')
    // The base has the backend.
    expect(text).toMatch(/\nnetworks:\n {2}edge: \{\}\n$/)
  })

  it('leaves out what Compose would refuse to see twice', () => {
    expect(
      written(patch(app, { security_opt: ['no-new-privileges=true', 'label=disable'], tty: true })),
    ).toContain('security_opt:\n      - label=disable\n')
  })

  it('is laid over an overlay', () => {
    const dev = overlay('dev.yaml', base, [
      patch(app, { ports: [publish(9000, 81)] }),
      service('mail', { image: 'axllent/mailpit:v1.27' }),
    ])
    const debug = overlay('debug.yaml', dev, [
      patch('mail', { tty: true }),
      patch(app, { ports: [publish(9000, 82)] }),
    ])
    const { files, findings } = made(base, dev, debug)
    expect(files['debug.yaml']).toContain('  mail:\n    tty: true\n')
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { rule: 'compose/port-published-twice', document: 'debug.yaml' },
    ])
  })

  it('is beside its base: paths, variables and secrets', () => {
    const prod = compose('deploy/compose.yaml', [app])
    const key = secret('key')
    const over = overlay('overlays/dev.yaml', prod, [
      patch(app, { secrets: [key], ports: [publish(env('PORT', 81), 81)] }),
    ])
    const { files, secrets } = made(prod, over)
    expect(Object.keys(files)).toEqual([
      'deploy/.env.example',
      'deploy/compose.yaml',
      'deploy/secrets/.gitignore',
      'overlays/dev.yaml',
    ])
    expect(secrets).toMatchObject([{ path: 'deploy/secrets/key', readers: [1000] }])
  })
})

describe('an overlay is judged with its base', () => {
  const found = (...services: Parameters<typeof overlay>[2]) =>
    made(base, overlay('compose.override.yaml', base, services)).findings.filter(
      ({ document }) => document === 'compose.override.yaml',
    )

  it('and says nothing that the base alone has', () => {
    expect(found(patch(app, { tty: true }))).toEqual([])
  })

  it('and says what the two make together, at the line of the patch', () => {
    expect(found(patch(app, { read_only: true, privileged: true }))).toMatchObject([
      { rule: 'compose/privileged', file: import.meta.filename },
    ])
    expect(found(patch(app, { ports: [publish(8080, 81)] }))).toMatchObject([
      { rule: 'compose/port-published-twice' },
    ])
  })

  it('and says what it resets and the base does not have', () => {
    expect(found(patch(app, { environment: { DEBUGG: reset } }))).toMatchObject([
      {
        rule: 'compose/reset-without-effect',
        message: expect.stringContaining('services.app.environment.DEBUGG'),
      },
    ])
  })
})

describe('refused, with the way out', () => {
  it.each([
    [
      'a whole service of the base',
      () => written(service('app', { image: 'app:2.0' })),
      /patch\(app, \{ … \}\)/,
    ],
    [
      'a service that the base does not have',
      () => written(patch('ap', { tty: true })),
      /Did you mean 'app'/,
    ],
    [
      'two patches of one service',
      () => written(patch(app, { tty: true }), patch(app, {})),
      /one patch/,
    ],
    ['a key that no service has', () => patch(app, { ttyy: true } as never), /`tty`/],
    ['a value of another form', () => written(patch(app, { ports: [reset] as never })), /ports/],
    [
      'a patch in a whole file',
      () => compose('compose.yaml', [patch(app, {})] as never),
      /overlay/,
    ],
    [
      'a whole file in the place of an override file',
      () => compose('docker-compose.override.yml', [app]),
      /overlay\('docker-compose\.override\.yml'/,
    ],
    [
      'an overlay of a stack file',
      () => made(overlay('b.yaml', swarm('stack.yaml', [app]), [])),
      /swarm\('b\.yaml', \[change/,
    ],
    ['an overlay of nothing', () => overlay('b.yaml', undefined as never, []), /expected a base/],
    [
      'an overlay of a missing file',
      () => made(overlay('b.yaml', 'compose.yaml', [])),
      /compose\.yaml is missing/,
    ],
    ['a name', () => overlay('b.yaml', base, [], { name: 'b' } as never), /name/],
  ])('%s', (_name, make, message) => {
    expect(make).toThrow(message)
  })
})
