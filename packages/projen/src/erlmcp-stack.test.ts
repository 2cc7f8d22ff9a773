import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { type Document, type Format, type Source, stack, textFile } from '@erlmcp/core'
import { Project } from 'projen'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ErlmcpStack } from './index.ts'

let outdir: string

beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'erlmcp-projen-'))
  vi.stubEnv('PROJEN_DISABLE_POST', '1')
})

afterEach(() => {
  rmSync(outdir, { recursive: true })
  vi.unstubAllEnvs()
})

function synth(documents: readonly Document[], options = {}) {
  const source: Source = { documents: () => documents }
  const project = new Project({ name: 'shop', outdir, logging: { level: 0 as never } })
  new ErlmcpStack(project, stack('shop', [source]), options)
  project.synth()
}

const script = textFile('bin/hello', '#!/bin/sh\necho hello\n', { comment: '#', mode: 0o755 })
const read = (path: string) => readFileSync(join(outdir, path), 'utf8')
const tree = () =>
  Object.fromEntries(
    readdirSync(outdir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(outdir, join(entry.parentPath, entry.name)))
      .map((path) => [path, { mode: mode(path), text: read(path) }]),
  )
const mode = (path: string) => statSync(join(outdir, path)).mode & 0o777

const example = {
  id: 'example/bad',
  kind: 'breaks',
  summary: 'A bad file',
  why: 'It breaks.',
  hint: 'Write a good one.',
  references: [],
  bad: 'bad',
  good: 'good',
} as const

test('a synth writes the files of the stack, read-only, with a header that names the source', () => {
  synth([script, textFile('etc/plain', 'text\n')])
  expect(read('bin/hello')).toBe(
    '#!/bin/sh\n' +
      '# Made by erlmcp from .projenrc.ts. Do not edit:\n' +
      '# change that file and run `npx projen`.\n' +
      'echo hello\n',
  )
  expect(mode('bin/hello') & 0o111).not.toBe(0)
  expect(mode('etc/plain') & 0o333).toBe(0)
})

test('a second synth changes nothing', () => {
  synth([script])
  const before = tree()
  synth([script])
  expect(tree()).toEqual(before)
})

test('a file that is no longer made is removed', () => {
  synth([script, textFile('etc/plain', 'text\n')])
  synth([script])
  expect(() => read('etc/plain')).toThrow(/ENOENT/)
})

test('projen commits the files, unless asked not to', () => {
  synth([script])
  expect(read('.gitignore')).toMatch(/^!\/bin\/hello$/m)
  synth([script], { committed: false })
  expect(read('.gitignore')).toMatch(/^\/bin\/hello$/m)
})

test('a note is not among the warnings', () => {
  const said = vi.spyOn(console, 'error').mockReturnValue()
  const note: Format<string> = {
    name: 'example',
    print: (data) => data,
    rules: [
      {
        ...example,
        severity: 'note',
        check: () => [{ path: [], message: 'worth knowing' }],
      },
    ],
  }
  const project = new Project({ name: 'shop', outdir })
  const source = { documents: () => [{ path: 'x.txt', format: note as Format, data: 'x' }] }
  new ErlmcpStack(project, stack('shop', [source]))
  project.synth()
  expect(said.mock.calls.flat().join()).not.toContain('worth knowing')
  expect(read('x.txt')).toBe('x')
})

test('an error stops the synth before a file is written, in words', () => {
  const format: Format<string> = {
    name: 'example',
    print: (data) => data,
    rules: [
      {
        ...example,
        *check({ data }) {
          if (data === 'bad') yield { path: [], message: 'this file is bad' }
        },
      },
    ],
  }
  const bad: Document = { path: 'x.txt', format: format as Format, data: 'bad' }
  expect(() => synth([script, bad])).toThrow(
    /x\.txt: this file is bad \[example\/bad\]\n {2}Write a good one\./,
  )
  expect(() => synth([script, bad])).toThrow(
    expect.objectContaining({ stack: expect.not.stringMatching(/^ +at /m) }),
  )
  expect(() => read('bin/hello')).toThrow(/ENOENT/)
})
