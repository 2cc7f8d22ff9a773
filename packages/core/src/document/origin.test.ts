import { expect, test } from 'vitest'
import { type Document, type Format, locate } from './document.ts'
import { ORIGIN, originOf } from './origin.ts'

const format: Format = { name: 'example', rules: [], print: () => '' }

function service(_name: string, spec: object) {
  return { ...spec, [ORIGIN]: originOf(service) }
}

function documentOf(node: object): Document {
  return { path: 'compose.yaml', format, data: { services: { app: node } } }
}

function lineOf(place: { line: number } | undefined) {
  return place?.line
}

test('a key is found on its own line within the call that made its node', () => {
  const line = lineOf(locate(documentOf(service('app', {})), ['services', 'app']))!
  const app = service('app', {
    image: 'a:1', // an { unbalanced ( comment
    deploy: {
      text: `template ${'}'} and ${'`'}`,
      resources: { limits: { memory: '1g' } },
    },
    'quoted-key': [
      1,
      // the second
      'two',
    ],
  })
  const document = documentOf(app)
  const at = (...keys: (string | number)[]) => locate(document, ['services', 'app', ...keys])!.line
  expect(at() - line).toBe(1)
  expect(at('image') - line).toBe(2)
  expect(at('deploy', 'resources', 'limits', 'memory') - line).toBe(5)
  expect(at('quoted-key', 1) - line).toBe(10)
  expect(at('not-there') - line).toBe(1)
  expect(at('deploy', 'not-there') - line).toBe(3)
})

test('the file is this one, and the column is the one of the key', () => {
  const place = locate(documentOf(service('app', { image: 'a:1' })), ['services', 'app', 'image'])!
  expect(place.file).toBe(import.meta.filename)
  expect(place.column).toBe(`  const place = locate(documentOf(service('app', { `.length + 1)
})

test('a value that was made by a helper of ours still points at the caller', () => {
  const document: Document = { path: 'x', format, data: {} }
  expect(locate(document, ['services'])).toBeUndefined()
})
