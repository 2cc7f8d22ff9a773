import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { createJournal, readJournal, removeJournal, replaceJournal } from '../index.ts'
import { emptyFolder } from '../testing/tree.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = emptyFolder()
  file = join(folder, 'journal')
})

const read = () =>
  readJournal({
    file,
    path: 'journal',
    operation: 'a move',
    hint: 'Restore it.',
    findError: (data) => (Array.isArray(data) ? 'expected an object, got a list' : undefined),
  })

test('a journal has what was written last, until it is removed', () => {
  expect(read()).toBeUndefined()
  expect(createJournal(file, { step: 1 }, 0o400)).toBe(true)
  expect(createJournal(file, { step: 2 }, 0o400)).toBe(false)
  expect(read()).toEqual({ step: 1 })
  replaceJournal(file, { step: 3 }, 0o400)
  expect(read()).toEqual({ step: 3 })
  expect(statSync(file).mode & 0o777).toBe(0o400)
  expect(readdirSync(folder)).toEqual(['journal'])
  removeJournal(file)
  removeJournal(file)
  expect(read()).toBeUndefined()
})

test('a draft of a killed process is removed with the journal', () => {
  writeFileSync(join(folder, 'journal-0123456789abcdef.unfinished'), '{"step":')
  createJournal(file, {}, 0o600)
  removeJournal(file)
  expect(readdirSync(folder)).toEqual([])
})

describe('a journal that the operation did not write is rejected', () => {
  test.each([
    ['text', () => writeFileSync(file, '{"step":'), 'it is not JSON'],
    ['a list', () => writeFileSync(file, '[]'), 'expected an object, got a list'],
    ['a folder', () => mkdirSync(file), 'expected a regular file, got a directory'],
    ['a link', () => symlinkSync('/dev/zero', file), 'got a symbolic link'],
  ])('%s', (_, put, fault) => {
    put()
    expect(read).toThrow('journal, the journal of a move, was modified: ')
    expect(read).toThrow(fault)
    expect(read).toThrow('Restore it.')
  })
})
