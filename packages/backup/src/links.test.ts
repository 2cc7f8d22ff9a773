import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeJournal } from './restore/restore-journal.ts'

let base: string
let root: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'erlmcp-links-'))
  root = join(base, 'project')
  mkdirSync(root)
  mkdirSync(join(base, 'outside'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

test.each(['outside', 'gone'])('a restore notes nothing through .erlmcp that leads to %s', (to) => {
  symlinkSync(join(base, to), join(root, '.erlmcp'))
  const journal = { project: 'shop' } as Parameters<typeof writeJournal>[1]
  expect(() => writeJournal(root, journal)).toThrow(/does not write through links/)
  expect(readdirSync(join(base, 'outside'))).toEqual([])
})
