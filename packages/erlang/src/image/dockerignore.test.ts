import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { dockerIgnoredBy, dockerIgnorePatterns, stack, synthesize } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { erlangImage } from '../index.ts'

const image = (more: object = {}) =>
  erlangImage({ release: 'app', version: '1.0.0', otp: '28.3.1', ...more })
const patternsOf = (more: object = {}) => {
  const { artifacts } = synthesize(stack('app', [image(more)]))
  return dockerIgnorePatterns(artifacts.find(({ path }) => path === '.dockerignore')!.text)
}

test.each([
  'apps/app/priv/ca.pem',
  'apps/app/priv/tls/ca.pem',
  'apps/app/src/secrets/vault.erl',
  'apps/app/priv/secrets/words.txt',
  'apps/app/include/secrets/a.hrl',
  'rebar.config',
])('the builder gets %s, which belongs to the sources', (path) => {
  expect(dockerIgnoredBy(path, patternsOf())).toBeUndefined()
})

test.each([
  'secrets/erlang-cookie',
  '.env',
  'apps/app/.env',
  'apps/app/.env.production',
  'apps/app/dev.key',
  'apps/app/priv/server.key',
  'apps/app/dev.pem',
  'apps/app/.erlang.cookie',
  'priv/ca.pem',
  'config/prod.pem',
])('the builder never gets %s', (path) => {
  expect(dockerIgnoredBy(path, patternsOf())).toBeDefined()
})

test('a project without apps has its certificates and folders sent as well', () => {
  const patterns = patternsOf({ sources: ['src', 'priv', 'certs/public.pem'] })
  for (const path of ['priv/ca.pem', 'priv/a/ca.pem', 'src/secrets/a.erl', 'certs/public.pem']) {
    expect([path, dockerIgnoredBy(path, patterns)]).toEqual([path, undefined])
  }
  expect(dockerIgnoredBy('certs/private.pem', patterns)).toBe('*')
})

/** What the rule about the ignore file reports for a project with these files. */
function diagnosticsOf(files: Record<string, string>, more: object = {}) {
  const root = mkdtempSync(join(tmpdir(), 'dockerignore-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  try {
    return synthesize(stack('app', [image(more)]), { root })
      .diagnostics.filter(({ rule }) => rule === 'dockerfile/copy-ignored-file')
      .map(({ severity, message }) => `${severity}: ${message}`)
  } finally {
    rmSync(root, { recursive: true })
  }
}

test('a key among the sources is not sent, which is reported', () => {
  const files = { 'apps/app/priv/server.key': '', 'apps/app/priv/ca.pem': '', 'rebar.lock': '' }
  expect(diagnosticsOf(files)).toEqual([
    'warning: apps is copied without apps/app/priv/server.key, which is excluded from the build by the line "**/*.key" of the ignore file',
  ])
  const sources = ['apps', 'apps/app/priv/server.key']
  expect(diagnosticsOf(files, { sources })).toEqual([])
})
