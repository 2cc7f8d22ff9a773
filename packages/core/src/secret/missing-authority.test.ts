import { expect, test } from 'vitest'
import { stack } from '../stack/stack.ts'
import { synthesize } from '../stack/synthesize.ts'
import type { SecretFile } from './secret.ts'

const leaf: SecretFile = {
  path: 'secrets/web-cert',
  recipe: {
    ...{ kind: 'leaf', part: 'certificate', authority: 'tls-ca', name: 'web' },
    ...{ names: ['web.example'], usages: ['server'] },
  },
  readers: [],
}
const key: SecretFile = {
  path: 'secrets/tls-ca.key',
  recipe: { kind: 'authority', part: 'key', name: 'tls-ca' },
  readers: [],
}
const diagnostics = (...secrets: SecretFile[]) =>
  synthesize(stack('shop', [{ documents: () => [], secrets: () => secrets }])).diagnostics

test('an authority that signs and is not among the sources is a diagnostic at synth', () => {
  expect(diagnostics(leaf)).toMatchObject([
    {
      rule: 'core/authority-missing',
      severity: 'warning',
      message: expect.stringContaining('the authority tls-ca, which is missing in the sources'),
    },
  ])
  expect(diagnostics(leaf, key)).toEqual([])
})
