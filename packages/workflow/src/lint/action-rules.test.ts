import { check, type Document, isolatedContext, type Rule } from '@erlmcp/core'
import { describeRules } from '@erlmcp/testkit'
import { expect, it } from 'vitest'
import { parseAction } from '../files.ts'
import { expr, type If, inputs } from '../index.ts'
import { printAction } from '../print.ts'
import type { ActionFile } from '../schema/document.gen.ts'
import { diagnosticsOfAction } from '../testing/actions.ts'
import { actionRules } from './action-rules.gen.ts'

function judge(rule: Rule<ActionFile>, data: ActionFile) {
  const format = { name: 'action', rules: [rule], print: () => '' }
  const document = { path: 'action.yml', format, data } as Document
  return check(document, isolatedContext(document))
}

describeRules({
  format: 'action',
  folder: `${import.meta.dirname}/action-rules`,
  rules: actionRules,
  judge,
  print: (data) => printAction(data),
})

const given = inputs({ dry: { type: 'boolean' }, target: {} })
const { dry, target } = given.value

it.each<[string, If]>([
  ['alone', dry],
  ['turned round', expr`!${dry}`],
  ['beside another', expr`${target} == 'a' && ${dry}`],
  ['compared with true', expr`${dry} == true`],
])('a boolean input of an action as a condition is found: %s', (_, condition) => {
  expect(diagnosticsOfAction(given, condition)).toEqual(['action/boolean-input'])
})

it.each<[string, If]>([
  ['compared with a text', expr`${dry} == 'true'`],
  ['of a text, whether there is one', target],
])('nothing is found where an input is %s', (_, condition) => {
  expect(diagnosticsOfAction(given, condition)).toEqual([])
})

it('is found in an action that was read', () => {
  const text = `name: a
description: a
inputs: {cache: {default: 'false'}}
runs:
  using: composite
  steps:
    - run: make
      shell: bash
      env: {MODE: "\${{ inputs.cache && 'on' || 'off' }}"}
`
  expect(check(parseAction('action.yml', text)).map(({ rule }) => rule)).toEqual([
    'action/boolean-input',
  ])
})
