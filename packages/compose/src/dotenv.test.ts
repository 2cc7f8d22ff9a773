import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Declaration, dotenvFormat } from './dotenv.ts'
import { compose, env, interpolate, service } from './index.ts'
import { composeFormat } from './print.ts'

const print = (...variables: Declaration[]) => dotenvFormat.print({ variables }, [])

describe('.env.example', () => {
  it('says of each variable what it is for, who reads it, and its default', () => {
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

const hasCompose = (() => {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe.skipIf(!hasCompose)('docker compose (skipped where there is none)', () => {
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
      { numRuns: 25 },
    )
  })

  it('reads literal text, defaults and nested defaults as they were meant', () => {
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
      { numRuns: 25 },
    )
  })
})
