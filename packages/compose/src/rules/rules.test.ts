import { readdirSync } from 'node:fs'
import { check, type Document, type Rule, type Surroundings } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import type { ComposeFile } from '../document.ts'
import { rules } from './index.ts'

const format = { name: 'compose', rules: [], print: () => '' }

// Another file of the same stack, for rules that compare files.
const other: Document<ComposeFile> = {
  path: 'other.yml',
  format,
  data: {
    name: 'other',
    services: { other: { image: 'other:1', ports: ['7001:7001'], networks: ['other'] } },
    networks: { other: { ipam: { config: [{ subnet: '10.77.0.0/24' }] } } },
  },
}

// A project of a few files, for rules that ask what is there.
const files = new Set(['deploy/config/app.conf'])
const secrets = new Set(['key', 'db', 'cookie'].map((name) => `deploy/secrets/${name}`))

function judge(rule: Rule<ComposeFile>, data: ComposeFile) {
  const document = { path: 'deploy/compose.yml', format: { ...format, rules: [rule] }, data }
  const around: Surroundings = {
    documents: [other, document as Document, { ...other, path: 'zz.yml' }],
    isSecret: (path) => secrets.has(path),
    exists: (path) =>
      files.has(path)
        ? 'file'
        : path.endsWith('missing.conf') || path.endsWith('.env')
          ? 'none'
          : 'directory',
  }
  return check(document as Document, around)
}

test('one file per rule, listed in alphabetical order', () => {
  const names = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(?:index|.*\.test)\.ts$/.test(entry.name))
    .map((entry) => `compose/${entry.name.replace('.ts', '')}`)
  expect(rules.map((rule) => rule.id)).toEqual(names.sort())
})

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
  test('finds the fault of the bad example, at a node that is there', () => {
    const findings = judge(rule, rule.bad)
    expect(findings.length).toBeGreaterThan(0)
    for (const { path, message } of findings) {
      expect(message).toMatch(/^\S[^\n]*[^.\s]$/)
      let node: unknown = rule.bad
      for (const key of path) node = (node as Record<string | number, unknown>)[key]
      expect(node, path.join('.')).toBeDefined()
    }
  })

  test('has nothing to say about the good example', () => {
    expect(judge(rule, rule.good)).toEqual([])
  })

  test('says what, why and the way out', () => {
    expect(rule.summary).toMatch(/^\S.*[^.]$/)
    for (const text of [rule.why, rule.help]) expect(text).toMatch(/^\S.*\.$/)
    expect(rule.references.length).toBeGreaterThan(0)
  })
})
