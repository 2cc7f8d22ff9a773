import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { projectFiles } from './project-files.ts'

test.each<[string, (file: string) => unknown, string]>([
  [
    'a pipe',
    (file) => spawnSync('mkfifo', [file]),
    'expected a regular file, got a device, pipe or socket',
  ],
  [
    'a link to a device',
    (file) => symlinkSync('/dev/zero', file),
    'expected a regular file, got a device, pipe or socket',
  ],
  [
    'a huge file',
    (file) => {
      writeFileSync(file, '')
      truncateSync(file, 3e9)
    },
    'expected at most 100 MB, got 3000 MB',
  ],
])('%s that a stack mentions is named, and synth does not hang', (_, make, words) => {
  const root = mkdtempSync(join(tmpdir(), 'erlmcp-files-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  make(join(root, 'a'))
  expect(() => projectFiles(root, '.').read('a')).toThrow(words)
})
