import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { erlmcp, folder, plain, put, read, shell } from '../testing/project.ts'

const withWorkflow = plain.replace("textFile('a.txt'", "textFile('.github/workflows/ci.yml'")

describe('a stack in a folder of a repository', () => {
  test('is written, checked and compared along with its workflows at the root', () => {
    for (const path of ['.git', 'deploy']) mkdirSync(join(folder, path))
    put('deploy/stack.ts', withWorkflow)
    const made = shell('cd deploy && erlmcp synth && erlmcp check && erlmcp synth')
    expect(made).toEqual({
      code: 0,
      out: 'erlmcp: 1 file, 1 new\nerlmcp: ok: 1 file matches the stack\nerlmcp: 1 file, nothing changed\n',
      err: '',
    })
    expect(read('.github/workflows/ci.yml')).toContain('Made by erlmcp from deploy/stack.ts.')
    put('.github/workflows/ci.yml', 'mine')
    const edited = shell('cd deploy && erlmcp check')
    expect(edited.code).toBe(1)
    expect(edited.err).toContain('../.github/workflows/ci.yml was edited since it was generated')
    const refused = shell('cd deploy && erlmcp synth')
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('../.github/workflows/ci.yml was edited since it was generated')
    expect(shell('cd deploy && erlmcp synth --force && erlmcp diff').code).toBe(0)
  })
})

describe('a projen project', () => {
  test('that makes no stack is not run, for it would write', () => {
    put('.projenrc.js', "require('node:fs').writeFileSync('ran', '')")
    const { code, err } = erlmcp('check')
    expect(code).toBe(2)
    expect(err).toContain('.projenrc.js makes no ErlmcpStack')
    expect(() => read('ran')).toThrow(/ENOENT/)
  })

  test('beside which is a stack.ts is not asked, unless it makes a stack', () => {
    put('.projenrc.js', "require('node:fs').writeFileSync('ran', '')")
    put('stack.ts', plain)
    expect(erlmcp('synth').code).toBe(0)
    expect(() => read('ran')).toThrow(/ENOENT/)
  })
})
