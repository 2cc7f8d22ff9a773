import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import {
  type ComposeFile,
  compose,
  env,
  healthy,
  network,
  overlay,
  patch,
  printCompose,
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
  const { artifacts, secrets, diagnostics } = synthesize(stack('shop', sources))
  return {
    secrets,
    diagnostics,
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
    const { files, diagnostics } = made(base, dev, debug)
    expect(files['debug.yaml']).toContain('  mail:\n    tty: true\n')
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
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
    made(base, overlay('compose.override.yaml', base, services)).diagnostics.filter(
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
    ['what extends a value', () => patch(app, { extends: db }), /the keys that change/],
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

describe('an overlay is judged with what services extend', () => {
  const files = {
    'base.yml': `services:
  x: { extends: y, mem_limit: 4g, group_add: ["5"] }
  y: { image: "y:1", security_opt: ["no-new-privileges=true"] }
  self: { image: "y:1", extends: { file: base.yml, service: other } }
  other: { extends: self }
`,
    'hand.yml': `services:
  web: { extends: { file: limits.yml, service: web }, group_add: ["6"] }
`,
    'limits.yml': `services:
  web:
    image: "w:1"
    group_add: ["5"]
    deploy: { resources: { limits: { memory: 2g } } }
`,
    'all.yml':
      'include: [db/db.yml, { path: [mail.yml, mail2.yml] }]\nservices: { web: { image: "w:1" } }\n',
    'open.yml': 'include: ["${WHICH}.yml"]\nservices: { web: { image: "w:1" } }\n',
    'db/db.yml': 'services: { db: { image: "d:1", cap_drop: [ALL] } }\nvolumes: { data: {} }\n',
    'bad.yml': 'services:\n  web: { image: a\n x: [\n',
    'twice.yml': 'services: { web: { image: a, image: b } }\n',
    'null.yml': 'services: null\n',
    'list.yml': 'services: [web]\n',
    'shape.yml': 'services: { web: { image: a, ports: 5 } }\n',
    'key.yml': 'services: { web: { image: a, prots: [] } }\n',
    'none.yml': 'services: { web: null }\n',
    'tags.yml':
      'services: { web: { ports: !reset [], image: !reset null, environment: !override { A: 1 } } }\n',
    'two.yml': 'services: { web: { image: a } }\n---\nservices: { mail: { image: b } }\n',
    'mail.yml': 'services: { mail: { image: "m:1" } }\n',
    'mail2.yml': 'services: { mail: { tty: true } }\n',
  }
  const laid = (on: string | typeof base, ...services: Parameters<typeof overlay>[2]) => {
    const over = overlay('over.yaml', on, services)
    const read = (path: string) => files[path as keyof typeof files]
    const context = { stack: 'shop', read }
    const [document] = [...over.documents(context)]
    return printCompose(document!.data as ComposeFile)
  }
  const x = { extends: { file: 'base.yml', service: 'x' } } as const

  it('says once what both its base and the extended service say', () => {
    expect(laid(base, patch(app, x))).toContain(
      'security_opt: !override\n      - no-new-privileges=true\n',
    )
    expect(laid('hand.yml', patch('web', { group_add: ['5', '7'], ...x }))).toContain(
      "group_add: !override\n      - '5'\n      - '6'\n      - '7'\n",
    )
  })

  it('has a limit of the extended service where its base has it', () => {
    expect(laid(base, patch(app, x))).toContain('limits:\n          memory: 4g\n')
  })

  it('has its own limit where what its base extends has it', () => {
    expect(laid('hand.yml', patch('web', { mem_limit: '1g' }))).toContain('memory: 1g\n')
    expect(laid('hand.yml', patch('web', { pids_limit: 5 }))).toContain('pids: 5\n')
  })

  it('has a limit under deploy in the other place, too', () => {
    const limited = compose('compose.yaml', [service('a', { image: 'a:1', mem_limit: '1g' })])
    const more = { deploy: { resources: { limits: { memory: '2g' } } } } as const
    expect(laid(limited, patch('a', more))).toContain('mem_limit: 2g\n')
    expect(laid(limited, patch('a', { deploy: reset }))).not.toContain('mem_limit')
  })

  it('has the number of containers where its base has it', () => {
    const two = compose('compose.yaml', [service('a', { image: 'a:1', deploy: { replicas: 2 } })])
    expect(laid(two, patch('a', { scale: 3 }))).toContain('replicas: 3\n')
  })

  it('patches a service of a file that its base includes', () => {
    expect(laid('all.yml', patch('db', { tty: true }))).toContain('db:\n    tty: true\n')
    expect(laid('all.yml', patch('mail', { tty: true }))).toContain('mail:\n')
    expect(() => laid('all.yml', patch('dbb', { tty: true }))).toThrow(/Did you mean 'db'/)
  })

  it('patches a service that may be in an included file which cannot be read', () => {
    expect(laid('open.yml', patch('db', { tty: true }))).toContain('db:\n')
  })

  it.each([
    ['bad.yml', /bad\.yml: .* at line 3/],
    ['twice.yml', /twice\.yml: Map keys must be unique/],
    ['null.yml', /null\.yml: services: expected an object, got null/],
    ['list.yml', /list\.yml: services: expected an object, got a list/],
    ['shape.yml', /shape\.yml: services\.web\.ports: expected a list/],
    ['key.yml', /key\.yml: .*\n.*Did you mean `ports`/],
    ['none.yml', /none\.yml: services\.web: expected an object/],
  ])('is refused for a base that Compose refuses: %s', (file, message) => {
    expect(() => laid(file, patch('web', { tty: true }))).toThrow(message)
  })

  it('takes a base with tags, and one of two documents', () => {
    expect(laid('tags.yml', patch('web', { tty: true }))).toContain('tty: true')
    expect(laid('two.yml', patch('web', {}), patch('mail', { tty: true }))).toContain('mail:')
  })

  it('is refused for a service that extends itself', () => {
    const self = { extends: { file: 'base.yml', service: 'self' } }
    expect(() => laid(base, patch(app, self))).toThrow(
      /self of base\.yml extends itself: .*other of base\.yml, which extends self/,
    )
  })
})
