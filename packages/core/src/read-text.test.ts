import { execFileSync } from 'node:child_process'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readRegular } from './read-text.ts'
import { stack } from './stack.ts'
import { synthesize } from './synthesize.ts'
import { emptyFolder } from './testing/tree.ts'

test('a file that a stack names is read, if it is a regular one of a readable size', () => {
  const root = emptyFolder()
  const at = (name: string) => join(root, name)
  writeFileSync(at('file'), 'text')
  writeFileSync(at('huge'), '')
  truncateSync(at('huge'), 200e6)
  mkdirSync(at('folder'))
  execFileSync('mkfifo', [at('pipe')])
  expect(readRegular(at('file'))).toBe('text')
  expect(readRegular(at('gone'))).toBeUndefined()
  expect(readRegular(at('file/below'))).toBeUndefined()
  expect(() => readRegular(at('huge'), 'huge')).toThrow(/huge cannot be read: it has 200 MB/)
  expect(() => readRegular(at('folder'), 'folder')).toThrow(/folder cannot be read: it is a folder/)
  expect(() => readRegular(at('pipe'), 'pipe')).toThrow(/pipe cannot be read: it is a pipe/)
  expect(() => readRegular('/dev/zero')).toThrow(/it is a pipe, a socket or a device/)
  const reads = stack('s', [
    {
      documents({ read }) {
        read?.('pipe')
        return []
      },
    },
  ])
  expect(() => synthesize(reads, { root })).toThrow(/pipe cannot be read/)
})
