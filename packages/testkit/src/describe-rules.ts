import { readdirSync } from 'node:fs'
import type { Diagnostic, Rule } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'

/** The rules of one format, and how to judge with one of them. */
export interface RuleTests<Data> {
  /** The first half of their ids, such as `compose`. */
  readonly format: string
  /** The folder with one file a rule. */
  readonly folder: string
  /** Files of that folder that are neither a rule nor a test. Default: none. */
  readonly others?: readonly string[]
  readonly rules: readonly Rule<Data>[]
  /** The diagnostics of one rule for a file, in a context that its examples may rely on. */
  readonly judge: (rule: Rule<Data>, data: Data) => readonly Diagnostic[]
  /** Prints a good example, which must be printable. */
  readonly print: (data: Data) => string
}

/**
 * The tests that every rule has by being one: its bad example is found, its good one is not, it says
 * message, reason and hint, and it is in a file of its own name.
 *
 * @example
 * describeRules({ format: 'compose', folder: import.meta.dirname, rules, judge, print })
 */
export function describeRules<Data>(tests: RuleTests<Data>): void {
  const { format, folder, others = [], rules, judge, print } = tests

  test('one file per rule, listed in alphabetical order', () => {
    const names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => entry.name)
      .filter((name) => !others.includes(name))
    const ids = names.map((name) => `${format}/${name.replace('.ts', '')}`)
    expect(rules.map((rule) => rule.id)).toEqual(ids.sort())
  })

  describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_id, rule) => {
    test('finds the fault of the bad example, at a node that is there', () => {
      const diagnostics = judge(rule, rule.bad)
      expect(diagnostics.length).toBeGreaterThan(0)
      for (const { path, message } of diagnostics) {
        expect(message).toMatch(/^\S[^\n]*[^.\s]$/)
        let node: unknown = rule.bad
        for (const key of path) node = (node as Record<string | number, unknown>)[key]
        expect(node, path.join('.')).toBeDefined()
      }
    })

    test('has nothing to say about the good example, which can be printed', () => {
      expect(judge(rule, rule.good)).toEqual([])
      expect(print(rule.good)).not.toBe('')
    })

    test('says what, why and the way out', () => {
      expect(rule.summary).toMatch(/^\S.*[^.]$/)
      for (const text of [rule.why, rule.hint]) expect(text).toMatch(/^\S.*\.$/)
      expect(rule.references.length).toBeGreaterThan(0)
    })
  })
}
