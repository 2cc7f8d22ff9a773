import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeWeights } from './weights-file.ts'

let base: string
let root: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'erlmcp-links-'))
  root = join(base, 'project')
  mkdirSync(root)
  mkdirSync(join(base, 'outside'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

test.each(['outside', 'gone'])(
  'traffic set writes no weights through a folder that leads to %s',
  (to) => {
    symlinkSync(join(base, to), join(root, 'proxy'))
    const traffic = { live: 'proxy/live.yml' } as Parameters<typeof writeWeights>[1]
    expect(() => writeWeights(root, traffic, 'weights')).toThrow(/does not write through links/)
    expect(readdirSync(join(base, 'outside'))).toEqual([])
  },
)
