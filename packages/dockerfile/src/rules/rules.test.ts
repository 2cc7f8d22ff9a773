import { readdirSync } from 'node:fs'
import { check, type Document, type Rule, type Surroundings } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { dockerfileFormat } from '../dockerfile.ts'
import type { Dockerfile } from '../document.ts'
import { print } from '../print.ts'
import { rules } from './index.ts'

// A project of a few files, for rules that ask what is there.
const files = new Set(['rebar.config', 'rebar.lock', 'apps/app/src/app.erl'])

function around(document: Document): Surroundings {
  return {
    documents: [document, ignoreFile],
    isSecret: () => false,
    exists: (path) =>
      files.has(path)
        ? 'file'
        : [...files].some((one) => one.startsWith(`${path}/`))
          ? 'directory'
          : 'none',
  }
}

// Read by one rule alone; as `exists` does not have it, others take it for missing.
const ignoreFile: Document = {
  path: 'docker/Dockerfile.dockerignore',
  format: { name: 'text', rules: [], print: () => '' },
  data: { text: '# not for images\n_build\n*.md\n' },
}

function judge(rule: Rule<Dockerfile>, data: Dockerfile) {
  const format = { ...dockerfileFormat, rules: [rule] }
  const document = { path: 'docker/Dockerfile', format, data } as Document
  return check(document, around(document))
}

test('one file per rule, listed in alphabetical order', () => {
  const names = readdirSync(import.meta.dirname)
    .filter((file) => !/^(?:index|example|.*\.test)\.ts$/.test(file))
    .map((file) => `dockerfile/${file.replace('.ts', '')}`)
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

  test('has nothing to say about the good example, which can be printed', () => {
    expect(judge(rule, rule.good)).toEqual([])
    expect(print(rule.good, [])).not.toBe('')
  })

  test('says what, why and the way out', () => {
    expect(rule.summary).toMatch(/^\S.*[^.]$/)
    for (const text of [rule.why, rule.help]) expect(text).toMatch(/^\S.*\.$/)
    expect(rule.references.length).toBeGreaterThan(0)
  })
})
