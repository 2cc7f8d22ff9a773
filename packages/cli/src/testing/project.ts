import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach } from 'vitest'

/** The built program. */
export const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const core = fileURLToPath(new URL('../../../core', import.meta.url))

/** The project of the running test, outside the repository. */
export let folder: string

/** Gives each test of the calling file an empty project. */
export function useProject(): void {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'erlmcp cli é-'))
    mkdirSync(join(folder, 'node_modules/@erlmcp'), { recursive: true })
    symlinkSync(core, join(folder, 'node_modules/@erlmcp/core'))
    put('package.json', '{"type":"module"}')
  })
  afterEach(() => rmSync(folder, { recursive: true }))
}

export function put(path: string, text: string): void {
  writeFileSync(join(folder, path), text)
}

export const read = (path: string) => readFileSync(join(folder, path), 'utf8')

/** Runs the program as a child process. */
export function erlmcp(...argv: string[]) {
  return run(process.execPath, main, ...argv)
}

/** Runs a line of shell, in which `erlmcp` is the program. */
export function shell(line: string) {
  const define = `erlmcp() { '${process.execPath}' '${main}' "$@"; }\n`
  return run('bash', '-c', define + line)
}

/** Runs the program with a `docker` of sh in front of any other. */
export function withDocker(script: string, command: string) {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'bin/docker'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return shell(`PATH="$PWD/bin:$PATH" erlmcp ${command}`)
}

/** A docker whose engine does not answer. */
export const silent = 'echo "Cannot connect to the Docker daemon at unix:///x" >&2; exit 1'

function run(command: string, ...argv: string[]) {
  const child = spawnSync(command, argv, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 2 ** 28,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return { code: child.status, out: child.stdout, err: child.stderr }
}

export const plain = `import { stack, textFile } from '@erlmcp/core'
const text: string = 'one'
export default stack('shop', [{ documents: () => [textFile('a.txt', text, { comment: '#' })] }])
`

/** A stack whose one document has a fault, at the line of its \`node(…)\`. */
export const faulty = (severity: string) => `import { ORIGIN, originOf, stack } from '@erlmcp/core'
function node(text: string) {
  return { text, [ORIGIN]: originOf(node) }
}
const rule = {
  id: 'example/bad', kind: 'breaks', severity: '${severity}', summary: 'Bad', why: 'w', hint: 'Write another.',
  references: [], bad: {}, good: {},
  check: () => [{ path: ['text'], message: 'this text is bad' }],
} as const
const format = { name: 'example', rules: [rule], print: () => 'printed\\n' }
const data = node('bad')
export default stack('shop', [{ documents: () => [{ path: 'a.txt', format, data }] }])
`
