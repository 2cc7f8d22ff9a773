import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describeReadme } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import gateRun from '../../cli/src/commands/gate/run.ts'
import { neededBy } from './gate.ts'
import { erlangGates } from './index.ts'

const path = resolve(import.meta.dirname, '../README.md')
const readme = readFileSync(path, 'utf8')

// One of its blocks writes a receipt where it runs.
const here = process.cwd()
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'erlmcp-gates-readme-'))
  process.chdir(folder)
})
afterAll(() => {
  process.chdir(here)
  rmSync(folder, { recursive: true })
})

describeReadme(path)

/** The cells of a table's rows, without its head. */
function rowsBelow(head: string): string[][] {
  const [, table = ''] = readme.split(`\n${head}\n`)
  const rows = table.split('\n\n')[0]!.split('\n').slice(1)
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

test('has a row for each gate of Erlang, with its service, command and needs', () => {
  const rows = rowsBelow('| gate | service | command | needs | it fails on |')
  const gates = Object.values(erlangGates({ prefix: 'x-', bench: {}, cluster: { suite: 'SUITE' } }))
  expect(rows.map((row) => row.slice(0, 4))).toEqual(
    gates.map((gate) => {
      const { name, spec } = gate
      const needs = neededBy(gate).map((one) => one.name)
      return [
        `\`${name}\``,
        `\`${spec.service.replace('x-', '…-')}\``,
        `\`${spec.command.join(' ')}\``,
        needs.join(', '),
      ]
    }),
  )
})

test('has a row for each option of gate run', () => {
  const rows = rowsBelow('| `erlmcp gate run` | |').slice(1)
  const shown = Object.entries(gateRun.options).map(
    ([name, { label }]) => `\`--${name}${label ? ` ${label}` : ''}\``,
  )
  expect(rows.map(([option]) => option).sort()).toEqual(shown.sort())
})
