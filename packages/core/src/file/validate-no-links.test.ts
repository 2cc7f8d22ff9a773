import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { validateNoLinks } from '../index.ts'

let base: string
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'erlmcp-links-'))
  mkdirSync(join(base, 'project/folder'), { recursive: true })
  writeFileSync(join(base, 'project/file'), '')
  symlinkSync('/tmp', join(base, 'project/linked'))
  symlinkSync('/nowhere', join(base, 'project/dangling'))
  symlinkSync('project', join(base, 'root'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

test.each(['linked', 'linked/a', 'dangling', 'dangling/a/b', 'file/a'])('%s is refused', (path) => {
  expect(() => validateNoLinks(join(base, 'project'), path)).toThrow(
    /symbolic link|expected a folder/,
  )
})

test.each(['file', 'folder', 'folder/a', 'none/a/b'])(
  '%s is fine, also below a linked root',
  (path) => {
    validateNoLinks(join(base, 'project'), path)
    validateNoLinks(join(base, 'root'), path)
  },
)
