import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { rounds } from '@erlmcp/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compose, env, interpolate, service } from '../index.ts'
import { composeFormat } from '../print.ts'
import { dotenvFormat } from './dotenv.ts'
import type { Declaration } from './dotenv-document.ts'

const print = (...variables: Declaration[]) => dotenvFormat.print({ variables }, [])

describe('.env.example', () => {
  it('has the description, readers and default of each variable', () => {
    const merged = dotenvFormat.merge!(
      {
        variables: [
          { name: 'PORT', uses: ['compose.yaml'], defaults: ['8080'], description: 'For clients' },
          { name: 'DOMAIN', uses: ['compose.yaml'], required: 'say it' },
        ],
      },
      {
        variables: [
          { name: 'PORT', uses: ['prod.yaml'], defaults: ['8080'] },
          { name: 'LEVEL', uses: ['prod.yaml'], defaults: ['info'] },
          { name: 'LEVEL', uses: ['dev.yaml'], defaults: ['debug'] },
        ],
      },
    )
    expect(dotenvFormat.print(merged, ['Made.'])).toBe(`# Made.

# required: say it
# used by compose.yaml
DOMAIN=

# used by dev.yaml, prod.yaml
# defaults differ: debug, info
# LEVEL=

# For clients
# used by compose.yaml, prod.yaml
PORT=8080
`)
  })

  it('keeps a description of several lines in its comment', () => {
    expect(print({ name: 'A', uses: ['f'], description: 'one\nB=2' })).toBe(
      '# one\n# B=2\n# used by f\n# A=\n',
    )
  })
})

const parts = fc.constantFrom(
  '$',
  '"',
  "'",
  '\\',
  ' ',
  '#',
  '=',
  '`',
  '!',
  'a',
  '\\n',
  '${A}',
  '\t',
)
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(parts, { maxLength: 8 }).map((all) => all.join('')),
)
const named = (values: readonly string[]) =>
  Object.fromEntries(values.map((one, index) => [`V${index}`, one]))

// What `set -a; . ./.env; set +a` of a swarm's README puts into the environment.
const sourced = (dotenv: string): Record<string, string> => {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-env-'))
  try {
    writeFileSync(join(folder, '.env'), dotenv)
    const script = 'set -aeu; . ./.env; set +a; exec "$0" -p "JSON.stringify(process.env)"'
    const json = execFileSync('sh', ['-c', script, process.execPath], {
      cwd: folder,
      encoding: 'utf8',
    })
    const isOurs = ([name]: readonly [string, unknown]) => /^V\d+$/.test(name)
    return Object.fromEntries(Object.entries<string>(JSON.parse(json)).filter(isOurs))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('a shell that sources .env.example', () => {
  it('reads each default as a shell does that sources the file', () => {
    const texts = value.filter((text) => !text.includes('\0') && text.isWellFormed())
    fc.assert(
      fc.property(fc.array(texts, { minLength: 40, maxLength: 40 }), (values) => {
        const all = values.map((one, at) => ({ name: `V${at}`, uses: ['f'], defaults: [one] }))
        expect(sourced(print(...all))).toEqual(named(values))
      }),
      { numRuns: rounds(25) },
    )
  })

  it('does not run text in backticks', () => {
    const dotenv = print({ name: 'V1', uses: ['f'], defaults: ["it's `touch pwned` ok"] })
    expect(dotenv).toContain("V1='`'\nV1=\"it's ${V1}touch pwned${V1} ok\"\n")
    expect(sourced(dotenv)).toEqual({ V1: "it's `touch pwned` ok" })
  })

  it('keeps its PATH, and a diagnostic reports that the default is not in force', () => {
    const dotenv = print(
      { name: 'PATH', uses: ['f'], defaults: ['/nowhere'] },
      { name: 'HOME', uses: ['f'], required: 'where' },
      { name: 'UID', uses: ['f'], defaults: ['1000'] },
      { name: 'V1', uses: ['f'], defaults: ['a'] },
    )
    expect(dotenv).toContain('# PATH=/nowhere\n')
    expect(sourced(dotenv)).toEqual({ V1: 'a' })

    const environment = { P: env('PATH', '/bin'), H: env('HOME') }
    const app = service('a', { image: 'a:1', environment })
    const { diagnostics } = synthesize(stack('s', [compose('compose.yaml', [app])]))
    const reported = diagnostics.filter(({ rule }) => rule === 'dotenv/variable-of-shell')
    expect(reported).toMatchObject([
      {
        message: 'the shell sets PATH itself: its default is not in force',
        file: expect.stringContaining('dotenv.test.ts'),
        line: expect.any(Number),
      },
    ])
  })
})

const hasCompose = (() => {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!hasCompose)('docker compose (skipped where it is missing)', () => {
  // What `docker compose config` says the environment of a service is, with its escapes undone.
  const environment = (yaml: string, dotenv: string): Record<string, string> => {
    const folder = mkdtempSync(join(tmpdir(), 'erlmcp-env-'))
    try {
      writeFileSync(join(folder, 'compose.yaml'), yaml)
      writeFileSync(join(folder, 'vars'), dotenv)
      const args = ['compose', '--env-file', 'vars', 'config', '--format', 'json']
      const json = execFileSync('docker', args, { cwd: folder, encoding: 'utf8' })
      const { services } = JSON.parse(json)
      return Object.fromEntries(
        Object.entries<string>(services.a.environment).map(([key, value]) => [
          key,
          value.replaceAll('$$', '$'),
        ]),
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it('reads each default in the file as the same text', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 40, maxLength: 40 }), (values) => {
        const yaml = composeFormat.print(
          {
            name: 'p',
            services: {
              a: {
                image: 'a:1',
                environment: Object.fromEntries(values.map((_, at) => [`V${at}`, `\${V${at}}`])),
              },
            },
          },
          [],
        )
        const dotenv = print(
          ...values.map((one, at) => ({ name: `V${at}`, uses: ['f'], defaults: [one] })),
        )
        expect(environment(yaml, dotenv)).toEqual(named(values))
      }),
      { numRuns: rounds(25) },
    )
  })

  it('reads literal text, defaults and nested defaults as written', () => {
    const plain = value.filter((one) => !/[{}\n\r]/.test(one))
    fc.assert(
      fc.property(fc.array(plain, { minLength: 40, maxLength: 40 }), (values) => {
        const written = Object.fromEntries(
          values.flatMap((one, at) => [
            [`L${at}`, one],
            [`D${at}`, env('UNSET_1', one)],
            [`N${at}`, env('UNSET_1', interpolate`<${one}|${env('UNSET_2', one)}>`)],
          ]),
        )
        const [file] = compose('c.yaml', [
          service('a', { image: 'a:1', environment: written }),
        ]).documents({ stack: 's' })
        const meant = Object.fromEntries(
          values.flatMap((one, at) => [
            [`L${at}`, one],
            [`D${at}`, one],
            [`N${at}`, `<${one}|${one}>`],
          ]),
        )
        expect(environment(composeFormat.print(file!.data as never, []), '')).toEqual(meant)
      }),
      { numRuns: rounds(25) },
    )
  })
})
