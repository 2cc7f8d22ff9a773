import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { erlmcp, folder, put, read, shell, useProject } from './testing/project.ts'

useProject()

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, block]) =>
    name === language ? [block!] : [],
  )
const [starting, lost, key, removing, ...unknown] = blocks('console')
const stack = blocks('ts').find((block) => block.includes('backupKey()'))
const empty = "import { stack } from '@erlmcp/core'\nexport default stack('shop', [])\n"

let bin: string
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'erlmcp-bin-'))
  for (const name of ['compose', 'backup']) {
    const target = fileURLToPath(new URL(`../../${name}`, import.meta.url))
    symlinkSync(target, join(folder, 'node_modules/@erlmcp', name))
  }
})
afterEach(() => rmSync(bin, { recursive: true }))

/** A docker of sh, before the real one. */
function docker(script: string): void {
  writeFileSync(join(bin, 'docker'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, 'docker'), 0o755)
}
const json = (value: unknown) => `cat <<'END'\n${JSON.stringify(value)}\nEND\n`

/** The commands of a block, each with what is shown of its output. */
const shown = (block: string) =>
  block.split(/^\$ /m).flatMap((one) => {
    const [line, ...output] = one.split('\n')
    return line ? [{ line, output: output.join('\n') }] : []
  })

// Only root gives a file to another user.
const alike = (text: string) => text.replace(/\(04\d\d[^\n]*\)/g, '(access)')

function expectShown(block: string): void {
  for (const { line, output } of shown(block)) {
    expect(alike(shell(`PATH="${bin}:$PATH"; ${line} 2>&1`).out)).toContain(alike(output))
  }
}

test('`up` says why a service does not come up, as shown', () => {
  put('compose.yaml', 'services: {}\n')
  const container = (Id: string, Health: object, test: string) => ({
    ...{ Id, RestartCount: 0, HostConfig: { Memory: 0 } },
    State: { Status: 'running', ExitCode: 0, OOMKilled: false, Error: '', Health },
    Config: { Healthcheck: { Test: ['CMD-SHELL', test] } },
  })
  const log = [{ Output: 'curl: (7) Failed to connect to 127.0.0.1 port 9191' }]
  const inspected = [
    container('a', { Status: 'unhealthy', Log: log }, 'curl -f http://127.0.0.1:9191/health'),
    container('d', { Status: 'healthy' }, 'true'),
  ]
  docker(`case "$*" in
*"config --services") echo app; echo db ;;
*" up "*) exit 1 ;;
*" ps "*) echo '{"ID":"a","Service":"app"}'; echo '{"ID":"d","Service":"db"}' ;;
inspect*) ${json(inspected)};;
logs*) echo listening on 8080 ;;
exec*) echo '  sl  local_address'; echo '   0: 00000000:1F90 00000000:0000 0A 00000000' ;;
esac`)
  expectShown(starting!)
})

test('secrets are lost, rotated and removed as shown', () => {
  put('stack.ts', stack!)
  erlmcp('synth')
  docker('exit 0')
  shell(`PATH="${bin}:$PATH"; erlmcp secrets init`)
  rmSync(join(folder, 'secrets/db-password'))
  const target = '/run/secrets/db-password'
  const source = join(folder, 'secrets/db-password')
  const container = {
    ...{ Id: 'c1', Name: '/shop-db-1', State: { Running: true } },
    Config: { Env: [`POSTGRES_PASSWORD_FILE=${target}`] },
    Mounts: [{ Type: 'bind', Source: source, Destination: target }],
  }
  docker(`case "$*" in
"volume ls"*) echo shop_db-data ;;
"ps "*) echo c1 ;;
inspect*) ${json([container])};;
exec*) echo 'FATAL:  password authentication failed for user "shop"' >&2; exit 2 ;;
esac`)
  expectShown(lost!)
  const old = read('secrets/backup-key')
  expectShown(key!)
  expect(read('secrets/backup-key.previous')).toBe(`${old}\n`)
  put('stack.ts', empty)
  expectShown(removing!)
  expect(read('secrets/.gitignore')).toContain('*')
})

test('there is no console block that no test runs', () => {
  expect(unknown).toEqual([])
})
