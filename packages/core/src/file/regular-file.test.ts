import { execFileSync } from 'node:child_process'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stack } from '../stack/stack.ts'
import { synthesize } from '../stack/synthesize.ts'
import { emptyFolder } from '../testing/tree.ts'
import { readRegularFile } from './regular-file.ts'

test('a file that a stack names is read, if it is a regular one of a readable size', () => {
  const root = emptyFolder()
  const at = (name: string) => join(root, name)
  writeFileSync(at('file'), 'text')
  writeFileSync(at('huge'), '')
  truncateSync(at('huge'), 200e6)
  mkdirSync(at('folder'))
  execFileSync('mkfifo', [at('pipe')])
  expect(readRegularFile(at('file'))).toBe('text')
  expect(readRegularFile(at('gone'))).toBeUndefined()
  expect(readRegularFile(at('file/below'))).toBeUndefined()
  const irregular = 'expected a regular file, got a device, pipe or socket'
  expect(() => readRegularFile(at('huge'), 'huge')).toThrow(
    'huge: expected at most 100 MB, got 200 MB',
  )
  expect(() => readRegularFile(at('folder'), 'folder')).toThrow(
    'folder: expected a regular file, got a directory',
  )
  expect(() => readRegularFile(at('pipe'), 'pipe')).toThrow(`pipe: ${irregular}`)
  expect(() => readRegularFile('/dev/zero')).toThrow(`/dev/zero: ${irregular}`)
  const reads = stack('s', [
    {
      documents({ read }) {
        read?.('pipe')
        return []
      },
    },
  ])
  expect(() => synthesize(reads, { root })).toThrow(`pipe: ${irregular}`)
})
