import { stack, synthesize } from '@erlmcp/core'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import * as api from './index.ts'
import { rules } from './lint/rules.gen.ts'
import { resolve } from './model/resolve.ts'
import { service as serviceSchema } from './schema/service.ts'
import { typescriptOf } from './values/typescript-of.ts'

const { compose, interpolate, isInterpolation, service } = api

/** Code in a hint: between backticks, two where it has one itself. */
function codeIn(hint: string): string[] {
  return [...hint.matchAll(/``\s(.+?)\s``|`([^`]+)`/g)].map(
    ([, double, single]) => (double ?? single)!,
  )
}

/** The value of code that has the package's exports in scope, as a `stack.ts` has. */
function run(code: string): unknown {
  return new Function(...Object.keys(api), `return (${code})`)(...Object.values(api))
}

// What rules say where they know more than their own help.
const hints = rules.flatMap((rule) => {
  const document = {
    path: 'compose.yaml',
    format: api.composeFormat,
    data: {
      ...rule.bad,
      [api.DIALECT]: rule.bad[api.DIALECT] ?? { name: 'compose' as const, changes: [] },
    },
  }
  const around = { documents: [], exists: () => 'none' as const, isSecret: () => false }
  const violations = [...rule.check(document, around)]
  return [rule.hint, ...violations.flatMap(({ hint }) => hint ?? [])].map(
    (hint) => [rule.id, hint] as const,
  )
})
const fragments = hints.flatMap(([id, hint]) => codeIn(hint).map((code) => [id, code] as const))

const isEntry = (code: string) => /^[a-z_]+: /.test(code)
const isCall = (code: string) => /^[a-z]\w*(\(|`)/i.test(code)

describe('a hint is TypeScript', () => {
  test.each(hints)('%s: %s', (_id, hint) => {
    // `$$` and `${NAME:-x}` are a compose file's: there a dollar is a dollar.
    // A shell's variable is a shell's in both.
    expect(hint.replace(/interpolate`[^`]*`|\["CMD-SHELL",.*\]/g, '')).not.toMatch(/\$\$|\$\{/)
  })

  test.each(fragments.filter(([, code]) => isEntry(code) || isCall(code)))(
    '%s: %s runs',
    (_id, code) => {
      expect(run(isEntry(code) ? `{ ${code} }` : code)).toBeDefined()
    },
  )

  const entries = fragments.filter(
    ([, code]) => isEntry(code) && code.split(':')[0]! in serviceSchema.keys,
  )
  test.each(entries)('%s: a service accepts %s, which has the described effect', (id, code) => {
    const spec = run(`{ image: 'app:1.0', ${code} }`) as api.ServiceSpec
    const { diagnostics, artifacts } = synthesize(
      stack('shop', [compose('compose.yaml', [service('app', spec)])]),
    )
    expect(diagnostics.filter(({ rule, severity }) => rule === id || severity === 'error')).toEqual(
      [],
    )
    const printed = parse(artifacts.find(({ path }) => path === 'compose.yaml')!.text).services.app
    for (const [key, value] of Object.entries(spec)) {
      const meant = isInterpolation(value) ? resolveParts(value) : value
      expect(resolved(printed[key])).toEqual(meant)
    }
  })

  test('there are such hints', () => {
    expect(entries.length).toBeGreaterThan(8)
  })
})

/** What the container gets: defaults for variables, one dollar for two. */
function resolved(value: unknown): unknown {
  if (typeof value === 'string') return resolve(value)
  return Array.isArray(value) ? value.map(resolved) : value
}

function resolveParts({ parts }: api.Interpolation): string {
  return parts.map((part) => (typeof part === 'string' ? part : String(part.operand))).join('')
}

describe('a variable in Compose syntax is translated to TypeScript', () => {
  test.each([
    ['${UID:-1000}', "env('UID', 1000)"],
    ['$UID', "env('UID')"],
    ['${DOMAIN:?the name}', "required('DOMAIN', 'the name')"],
    ['${DEBUG:+--verbose}', "whenSet('DEBUG', '--verbose')"],
    ['redis:${TAG:-8-trixie}', "interpolate`redis:${env('TAG', '8-trixie')}`"],
    ['no variable', undefined],
    ['5$', undefined],
    ['${A:-${B}}', undefined],
  ])('%s', (text, code) => {
    expect(typescriptOf(text)).toBe(code)
  })

  test('and means the same', () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,5}$/)
    const operand = fc.stringMatching(/^[a-z0-9 :/.'\\`"-]{1,8}$/)
    const variable = fc.oneof(
      fc.tuple(name, operand).map(([key, text]) => `\${${key}:-${text}}`),
      fc.tuple(name, operand).map(([key, text]) => `\${${key}:?${text}}`),
      fc.tuple(name, operand).map(([key, text]) => `\${${key}:+${text}}`),
    )
    const literal = fc.stringMatching(/^[a-z:/.`'\\ -]{0,8}$/)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(literal, variable), { minLength: 1, maxLength: 3 }),
        (parts) => {
          const text = parts.flat().join('')
          const value = run(typescriptOf(text)!) as api.Interpolation
          const { artifacts } = synthesize(
            stack('shop', [
              compose('compose.yaml', [
                service('app', { image: 'a:1', hostname: interpolate`${value}` }),
              ]),
            ]),
          )
          expect(
            parse(artifacts.find(({ path }) => path === 'compose.yaml')!.text).services.app
              .hostname,
          ).toBe(text)
        },
      ),
      { numRuns: rounds(200) },
    )
  })
})

describe("a variable in a compose file's words is found, whatever its key", () => {
  const found = (spec: object) => {
    const app = service('app', { image: 'app:1.0', ...spec } as api.ServiceSpec)
    const { diagnostics } = synthesize(stack('shop', [compose('compose.yaml', [app])]))
    return diagnostics.filter(({ rule }) => rule === 'compose/variable-literal')
  }

  test.each([
    [
      'user',
      { user: '${UID:-1000}:${GID:-1000}' },
      "interpolate`${env('UID', 1000)}:${env('GID', 1000)}`",
    ],
    ['user', { user: '$UID' }, "env('UID')"],
    ['hostname', { hostname: 'host-${NAME}' }, "interpolate`host-${env('NAME')}`"],
    ['extra_hosts', { extra_hosts: { db: '${DB_IP}' } }, "required('DB_IP', 'set DB_IP')"],
    ['build args', { build: { context: '.', args: { V: '${V:-1}' } } }, "env('V', 1)"],
    [
      'networks',
      { networks: [api.network('edge', { name: '${NET:-edge}' })] },
      "env('NET', 'edge')",
    ],
    [
      'driver options',
      { volumes: [api.mount(api.volume('d', { driver_opts: { device: '${DIR}' } }), '/d')] },
      "env('DIR')",
    ],
    [
      'a mount',
      { volumes: [api.mount('./${DIR:-data}', '/data')] },
      "interpolate`./${env('DIR', 'data')}`",
    ],
    ['env_file', { env_file: ['./${STAGE}.env'] }, "interpolate`./${env('STAGE')}.env`"],
    [
      'deploy',
      { deploy: { placement: { constraints: ['node.labels.zone == ${ZONE}'] } } },
      "interpolate`node.labels.zone == ${required('ZONE', 'set ZONE')}`",
    ],
    ['working_dir', { working_dir: '/srv/$APP' }, "interpolate`/srv/${env('APP')}`"],
    ['tmpfs', { tmpfs: ['/run/${UID}'] }, "interpolate`/run/${env('UID')}`"],
  ])('%s is an error', (_key, spec, code) => {
    expect(found(spec)).toMatchObject([{ severity: 'error', hint: expect.stringContaining(code) }])
  })

  test.each([
    ['environment', { environment: { LEVEL: '${LEVEL:-info}' } }],
    ['labels', { labels: { 'traefik.http.routers.a.rule': 'Host(`${DOMAIN}`)' } }],
    ['a command without a shell', { command: ['serve', '--port', '${PORT:-80}'] }],
    ['a healthcheck without a shell', { healthcheck: { test: ['CMD', 'curl', 'http://${HOST}'] } }],
  ])('%s is a warning: the program may replace it', (_key, spec) => {
    expect(found(spec)).toMatchObject([{ severity: 'warning' }])
  })

  test.each([
    [
      'a command',
      { command: ['sh', '-c', 'exec redis-server --requirepass "$$(cat /run/secrets/pw)"'] },
    ],
    ['a healthcheck', { healthcheck: { test: 'redis-cli -a $${PASSWORD} ping' } }],
  ])('dollars doubled as in a compose file are an error: %s', (_key, spec) => {
    expect(found(spec)).toMatchObject([
      { severity: 'error', hint: expect.stringMatching(/write one, ".*[^$]\$[({]/) },
    ])
  })

  test.each([
    ['a shell variable in a shell', { command: ['sh', '-c', 'echo ${HOME:-/} $$ > /tmp/pid.$$'] }],
    [
      'one in a healthcheck of a shell',
      { healthcheck: { test: ['CMD-SHELL', 'test -n "$HOSTNAME"'] } },
    ],
    ['a price', { environment: { PRICE: '5$', REGEX: '^a$|b$' } }],
    [
      'a password in driver options',
      { volumes: [api.mount(api.volume('d', { driver_opts: { o: 'password=pa$word' } }), '/d')] },
    ],
    [
      'a configuration with variables of its own',
      { configs: [api.config('c', { content: 'proxy_pass ${upstream};' })] },
    ],
    ['a hash of a password', { labels: { auth: 'me:$apr1$abc$def' } }],
    ['an extension', { 'x-own': '${X}' }],
  ])('%s is left alone', (_what, spec) => {
    expect(found(spec)).toEqual([])
  })
})

describe('a hint for invalid text has the variable', () => {
  test.each([
    [
      'a port',
      () => service('a', { image: 'a:1', ports: ['${PORT:-8080}:80' as never] }),
      "interpolate`${env('PORT', 8080)}:80`",
    ],
    [
      'a mount',
      () => service('a', { image: 'a:1', volumes: ['${DATA:-./data}:/data' as never] }),
      "interpolate`${env('DATA', './data')}:/data`",
    ],
    [
      'an image',
      () => service('a', { image: 'app:${TAG:-1.0}' }),
      "interpolate`app:${env('TAG', '1.0')}`",
    ],
    [
      'a container name',
      () => service('a', { image: 'a:1', container_name: '${NAME}' }),
      "required('NAME', 'set NAME')",
    ],
    [
      'a size',
      () => service('a', { image: 'a:1', mem_limit: '${MEM:-1G}' as never }),
      "env('MEM', '1G')",
    ],
    [
      'a name of the project',
      () => compose('compose.yaml', [], { name: '${PROJECT:-shop}' }),
      "env('PROJECT', 'shop')",
    ],
  ])('%s', (_what, make, code) => {
    const all = () => {
      const value = make()
      const sources = 'documents' in value ? [value] : [compose('compose.yaml', [value])]
      const { diagnostics } = synthesize(stack('shop', sources))
      throw new Error(diagnostics.map(({ hint }) => hint).join('\n'))
    }
    expect(all).toThrow(code)
  })
})
