import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

function erlmcp(...argv: string[]) {
  return spawnSync('node', [`${root}packages/cli/dist/main.js`, ...argv], {
    cwd: `${root}examples/erlmcp`,
    encoding: 'utf8',
  })
}

test('the committed files of the reference deployment are what its stack makes', () => {
  const { status, stderr } = erlmcp('check')
  expect(stderr).not.toContain('error:')
  expect(stderr).not.toContain('erlmcp synth')
  expect(status).toBe(0)
})

test('its diagnostics are known: notes and warnings that a reader may act on, and no error', () => {
  const { stdout } = erlmcp('check', '--format=json')
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { severity: string; rule: string }[]
  }
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
})

test('no secret is among what is committed', () => {
  const manifest = readFileSync(`${root}examples/erlmcp/.erlmcp/manifest.json`, 'utf8')
  const paths = Object.keys(JSON.parse(manifest).sources['stack.ts'])
  expect(paths.filter((path) => path.startsWith('secrets/'))).toEqual(['secrets/.gitignore'])
})
