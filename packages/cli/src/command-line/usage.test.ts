import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { erlmcp, folder, plain, put, useProject } from '../testing/project.ts'

useProject()

describe('the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const shown = [...new Set(readme.match(/`erlmcp [a-z ]+\[stack\.ts\]`/g))]

  test('shows every command', () => {
    expect(shown).toHaveLength(8)
  })

  test.each(shown)('%s does what it says', (text) => {
    put('stack.ts', plain)
    erlmcp('synth')
    const words = text.slice('`erlmcp '.length, -1).replace(/[[\]]/g, '').split(' ')
    expect(erlmcp(...words)).toMatchObject({ code: 0, err: '' })
  })

  test('from a program', () => {
    put('stack.ts', plain)
    erlmcp('synth')
    const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text!)
    const program = programs.find((text) => text.includes("'@erlmcp/cli'"))!
    const index = new URL('../../dist/index.js', import.meta.url).href
    put('program.mjs', program.replace("'@erlmcp/cli'", JSON.stringify(index)))
    const child = spawnSync(process.execPath, ['program.mjs'], { cwd: folder, encoding: 'utf8' })
    expect(child).toMatchObject({ status: 0, stderr: '' })
  })
})

describe('usage', () => {
  test.each([
    [['sinth'], /unknown command sinth; did you mean synth\?/],
    [['secrets'], /unknown command secrets; did you mean secrets init\?/],
    [['synth', '--froce'], /unknown option --froce; did you mean --force\?/],
    [['synth', '--out'], /--out: expected DIR, got nothing/],
    [
      ['check', '--format', 'xml'],
      /--format: expected one of human, json, sarif, github, got "xml"/,
    ],
    [['synth', '--out', '--force'], /--out: expected DIR, got nothing/],
    [['--force', 'synth'], /option --force precedes the command\n {2}usage: erlmcp COMMAND/],
    [['synth', 'a.ts', 'b.ts'], /synth: expected \[stack\.ts\], got a\.ts b\.ts/],
  ])('%j', (argv, words) => {
    const { code, err } = erlmcp(...argv)
    expect(code).toBe(2)
    expect(err).toMatch(words)
  })

  test('--help and --version answer', () => {
    expect(erlmcp('--help').out).toContain('usage: erlmcp COMMAND')
    expect(erlmcp('synth', '--help').out).toContain('--force')
    expect(erlmcp('help', 'synth').out).toBe(erlmcp('synth', '--help').out)
    const pins = erlmcp('pins', '--help')
    expect(pins).toMatchObject({ code: 0, out: expect.stringContaining('  pins import  ') })
    expect(pins.out).not.toContain('synth')
    expect(erlmcp('help', 'pins').out).toBe(pins.out)
    expect(erlmcp('pins').err).toContain('Use one of: pins update, pins import.')
    expect(erlmcp('--version').out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
