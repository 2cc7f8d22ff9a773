import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stack, synthesize, textFile } from '@erlmcp/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compose, secret, service } from '../../index.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'erlmcp-context-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

type Build = NonNullable<Parameters<typeof service>[1]['build']>

function put(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** What synth says of a service that is built so, and holds `secrets/key`. */
function diagnostics(
  build: Build,
  files: Record<string, string>,
  made: Record<string, string> = {},
) {
  put({ Dockerfile: 'FROM scratch\n', ...files })
  const app = service('app', { image: 'app:1', build, secrets: [secret('key')] })
  const source = {
    documents: () => Object.entries(made).map(([path, text]) => textFile(path, text)),
  }
  return synthesize(stack('shop', [source, compose('compose.yaml', [app])]), { root })
    .diagnostics.filter(({ rule }) => rule === 'compose/secret-in-build-context')
    .map(({ message, hint, line }) => ({ message, hint, line }))
}

describe('synth names the secret and the line to add', () => {
  test('where there is no ignore file', () => {
    const expected = [
      {
        message: 'secrets/key is in the build context of app, and there is no ignore file',
        hint: 'Add the line `secrets` to .dockerignore.',
        line: expect.any(Number),
      },
    ]
    expect(
      diagnostics({ context: '.', dockerfile: 'Dockerfile.mine' }, { 'Dockerfile.mine': '' }),
    ).toEqual(expected)
    expect(diagnostics('.' as unknown as Build, {})).toEqual(expected)
  })

  test.each([
    ['.dockerignore', '_build\n', '.dockerignore does not exclude it'],
    ['.dockerignore', '*\n!secrets\n', '.dockerignore does not exclude it'],
    ['.dockerignore', '# secrets\n', '.dockerignore does not exclude it'],
    ['Dockerfile.dockerignore', '_build\n', 'Dockerfile.dockerignore does not exclude it'],
  ])('where %s has %j', (path, text, reason) => {
    const [found] = diagnostics({ context: '.' }, { [path]: text })
    expect(found?.message).toBe(`secrets/key is in the build context of app, and ${reason}`)
    expect(found?.hint).toBe(`Add the line \`secrets\` to ${path}.`)
  })

  test('where the file beside the Dockerfile hides the one of the context', () => {
    const files = { '.dockerignore': 'secrets\n', 'Dockerfile.dockerignore': 'docs\n' }
    expect(diagnostics({ context: '.' }, files)).toHaveLength(1)
  })

  test('in an inline Dockerfile and in a further context', () => {
    expect(diagnostics({ context: '.', dockerfile_inline: 'FROM scratch\n' }, {})).toHaveLength(1)
    const more = { context: './app', additional_contexts: { all: '.' } }
    expect(diagnostics(more, { 'app/Dockerfile': '' })).toHaveLength(1)
  })
})

describe('no diagnostic', () => {
  test.each([['secrets\n'], ['**/secrets\n'], ['*\n!apps\n'], ['secrets/key\n'], ['**\n']])(
    'where the ignore file has %j',
    (text) => {
      expect(diagnostics({ context: '.' }, { '.dockerignore': text })).toEqual([])
    },
  )

  test('where the stack makes the ignore file', () => {
    expect(diagnostics({ context: '.' }, {}, { '.dockerignore': 'secrets\n' })).toEqual([])
  })

  test('where the secret is outside of the context', () => {
    expect(diagnostics({ context: './app' }, { 'app/Dockerfile': '' })).toEqual([])
    expect(diagnostics({ context: 'https://example.org/a.git' }, {})).toEqual([])
  })
})
