import { expect, test } from 'vitest'
import { sha256 } from '../sha256.ts'
import { formatAnnotation } from './annotation.ts'
import { paint } from './paint.ts'
import { printable, printableLine } from './printable.ts'
import { sarifLog, sarifResult } from './sarif.ts'

test('printable escapes what a terminal would act on', () => {
  expect(printable('a\x1b[2J\u202eb\r\n\tc')).toBe('a\\x1b[2J\\u{202e}b\\x0d\n\tc')
  expect(printableLine('a\r\n\tb')).toBe('a b')
})

test('paint adds a colour only where colours are shown', () => {
  expect(paint('a', 'red', true)).toBe('\x1b[31ma\x1b[0m')
  expect(paint('a', 'red', undefined)).toBe('a')
})

test('an annotation is one command', () => {
  const annotation = { severity: 'note', file: 'a,b:c', line: 3, title: '50%' } as const
  expect(formatAnnotation({ ...annotation, message: 'a\n::error::b' })).toBe(
    '::notice file=a%2Cb%3Ac,line=3,title=50%25::a%0A::error::b',
  )
})

test('a SARIF result has a URI reference and plain text', () => {
  const place = { file: 'my dir/a#b.ts', line: 3 }
  const result = sarifResult('a/b', 'error', '[a](b)', place)
  const physicalLocation = {
    artifactLocation: { uri: 'my%20dir/a%23b.ts' },
    region: { startLine: 3 },
  }
  expect(result).toMatchObject({ message: { text: '[a] (b)' }, locations: [{ physicalLocation }] })
  const log = sarifLog({ tool: 'erlmcp', rules: [], results: [result], invocations: [] })
  expect(log.runs[0]).toMatchObject({ tool: { driver: { name: 'erlmcp' } }, invocations: [] })
})

test('sha256', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})
