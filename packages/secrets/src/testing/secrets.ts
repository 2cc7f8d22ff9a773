import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SecretFile } from '@erlmcp/core'
import { expect, onTestFinished } from 'vitest'
import { initSecrets } from '../init-secrets.ts'

/** A project directory that every user may enter and that ends with the test. */
export function project(): string {
  const directory = mkdtempSync(join(tmpdir(), 'erlmcp-secrets-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export function random(path: string, readers: readonly number[] = [1000]): SecretFile {
  return { path, recipe: { kind: 'random', bytes: 32, encoding: 'hex' }, readers }
}

export function authority(part: 'certificate' | 'key'): SecretFile {
  return {
    path: part === 'key' ? 'secrets/tls-ca-key' : 'secrets/tls-ca',
    recipe: { kind: 'authority', part, name: 'erlmcp authority' },
    readers: part === 'key' ? [] : [1000],
  }
}

export function leaf(
  part: 'certificate' | 'key',
  names: readonly string[] = ['localhost', 'app'],
): SecretFile {
  return {
    path: part === 'key' ? 'secrets/tls-key' : 'secrets/tls-cert',
    recipe: {
      kind: 'leaf',
      part,
      authority: 'erlmcp authority',
      name: 'erlmcp',
      names,
      usages: ['server', 'client'],
    },
    readers: [1000],
  }
}

/** All parts of a TLS server, in no helpful order. */
export const tls: readonly SecretFile[] = [
  leaf('certificate'),
  authority('certificate'),
  leaf('key'),
  authority('key'),
]

export const isRoot = process.getuid?.() === 0
// A file that root makes can be given away; else everything belongs to the user of the tests.
export const me = process.getuid?.() ?? 0
export const reader = isRoot ? 1000 : me

export const status = (report: Awaited<ReturnType<typeof initSecrets>>) =>
  Object.fromEntries(report.secrets.map(({ path, status }) => [path, status]))

export async function problem(...args: Parameters<typeof initSecrets>) {
  const report = await initSecrets(...args)
  expect(report.ok).toBe(false)
  const found = report.secrets.filter((secret) => secret.status === 'problem')
  expect(found).toHaveLength(1)
  return found[0]!
}

export const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
