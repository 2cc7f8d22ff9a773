import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { entries } from '../commands.ts'
import { main, shell, useProject } from '../testing/project.ts'

useProject()

const script = (name: string) =>
  execFileSync(process.execPath, [main, 'completion', name], { encoding: 'utf8' })

describe('completion bash', () => {
  /** What bash would offer for the last word. */
  function complete(...words: string[]): readonly string[] {
    const line = ['erlmcp', ...words].map((word) => `'${word}'`).join(' ')
    const { out } = shell(`${script('bash')}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _erlmcp; printf '%s\\n' "\${COMPREPLY[@]}"`)
    return out.trim().split('\n')
  }

  test.each<[words: string[], offered: string[]]>([
    [['syn'], ['synth']],
    [
      ['gate', ''],
      ['run', 'list'],
    ],
    [
      ['synth', '--fo'],
      ['--force', '--format'],
    ],
    [
      ['check', '--format', ''],
      ['human', 'json', 'sarif', 'github'],
    ],
    [['traffic', 'switch', 'b'], ['blue']],
    [['completion', 'f'], ['fish']],
  ])('%j offers %j', (words, offered) => {
    expect(complete(...words)).toEqual(offered)
  })
})

test.each(['bash', 'zsh', 'fish'])('completion %s names every command', (name) => {
  const text = script(name)
  for (const { name: command } of entries) {
    for (const word of command.split(' ')) expect(text).toContain(word)
  }
})

test('completion rejects another shell', () => {
  const { code, err } = shell('erlmcp completion tcsh')
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('bash, zsh, fish') })
})
