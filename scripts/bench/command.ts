// `erlmcp synth` of the example against a bare `tsx hello.ts`: the CPU seconds of all their
// processes, from the first byte of JavaScript to the last file; and once more for a change that
// `erlmcp synth --watch` sees.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from './median.ts'
import { measureWatch } from './watch.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs')
const example = join(root, 'examples', 'erlmcp')
const command = join(root, 'packages', 'cli', 'dist', 'main.js')

/** Median CPU seconds of `tsx hello.ts` and of `erlmcp synth`, in turn, and of a run in `--watch`. */
export async function measureCommand(
  rounds: number,
): Promise<{ readonly hello: number; readonly synth: number; readonly watch: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-bench-'))
  try {
    const hello = join(folder, 'hello.ts')
    writeFileSync(hello, `console.log('hello')\n`)
    const hellos: number[] = []
    const synths: number[] = []
    for (let round = 0; round < rounds; round++) {
      hellos.push(cpuSeconds(folder, process.execPath, tsx, hello))
      const project = join(folder, `project-${round}`)
      copyWithoutArtifacts(project)
      synths.push(cpuSeconds(project, process.execPath, command, 'synth'))
    }
    const watch = await measureWatch(join(folder, 'project-0'), command, rounds)
    return { hello: median(hellos), synth: median(synths), watch }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The example before the first synth, so that every file is written. */
function copyWithoutArtifacts(project: string): void {
  const manifest = JSON.parse(readFileSync(join(example, '.erlmcp', 'manifest.json'), 'utf8'))
  const made = new Set(Object.keys(manifest.sources['stack.ts']))
  cpSync(example, project, {
    recursive: true,
    filter: (source) =>
      !['.erlmcp', 'node_modules'].includes(basename(source)) &&
      !made.has(relative(example, source)),
  })
  symlinkSync(join(example, 'node_modules'), join(project, 'node_modules'))
}

/** What a shell says that its children took. */
function cpuSeconds(cwd: string, ...command: readonly string[]): number {
  const script = 'cd "$1" && shift && "$@" >/dev/null && times'
  const output = execFileSync('bash', ['-c', script, 'bash', cwd, ...command], { encoding: 'utf8' })
  const children = output.trim().split('\n').at(-1)!
  const [user = 0, system = 0] = children.split(' ').map((text) => {
    const [, minutes, seconds] = /^(\d+)m([\d.]+)s$/.exec(text) ?? []
    return Number(minutes) * 60 + Number(seconds)
  })
  return user + system
}
