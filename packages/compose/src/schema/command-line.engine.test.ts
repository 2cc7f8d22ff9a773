import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine } from '@erlmcp/testkit'
import { afterAll, expect, test } from 'vitest'
import { printCompose } from '../print.ts'
import { readCommand } from './command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'erlmcp-command-'))
afterAll(() => rmSync(folder, { recursive: true }))

const texts = [
  ...[
    'a "b',
    "a 'b",
    'a \\',
    'a (b)',
    'a b)',
    'a $(b',
    'a `b',
    'a "b\\"',
    "a 'b\\'",
    'a $(b $(c))',
  ],
  ...[
    'a "b\'c"',
    "a 'b\"c'",
    'a\\"b',
    'a `b "c`',
    'a $(b) c',
    'a "(b)" \'&\'',
    'a \\& b',
    'a "\\" b"',
  ],
  ...['a && b', 'a;b', 'a | b "c', 'a > b', 'a 2>&1', 'a &', 'a "b" & c'],
]

describeEngine('a command line, as docker compose reads it', () => {
  test.each(texts)('Compose reads %s as we do', (text) => {
    const command = text.replaceAll('$', '$$$$')
    writeFileSync(
      join(folder, 'a.yaml'),
      printCompose({ services: { a: { image: 'a:1', command } } }),
    )
    const { status, stdout, stderr } = spawnSync(
      'docker',
      ['compose', '-f', 'a.yaml', 'config', '--format', 'json'],
      { cwd: folder, encoding: 'utf8' },
    )
    const { closed, operator } = readCommand(text)
    expect({ closed: status === 0, stderr }).toMatchObject({ closed })
    if (!closed) return
    const [, ...words]: string[] = JSON.parse(stdout).services.a.command
    const isCut = !/[;&|<>]/.test(words.join('')) && /[;&|<>]/.test(text)
    expect(isCut).toBe(operator !== undefined)
  })
})
