import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { composeProject, describeEngine, ensureImages, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

describeEngine('erlmcp run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'erlmcp-run-'))
  const file = join(folder, 'compose.yaml')
  const project = composeProject(folder, { file: 'compose.yaml' })
  const env = { COMPOSE_PROJECT_NAME: project.name }

  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim'])
    writeFileSync(file, 'services:\n  erlmcp-build:\n    image: erlang:28.3.1-slim\n')
    // `tty` says whether it has a terminal.
    const rows = [{ host: ['tty'], service: 'build' }]
    writeFileSync(join(folder, 'constitution.json'), JSON.stringify({ rows }))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const erlmcp = (argv: readonly string[], input?: string) =>
    run([process.execPath, main, 'run', '--', ...argv], {
      cwd: folder,
      env,
      ...(input !== undefined && { input }),
    })

  it('ends with the exit code of the command, and hands input and output through', async () => {
    const program = 'Said = io:get_line(""), io:format("heard ~ts", [Said]), halt(7).'
    const { code, stdout } = await erlmcp(['erl', '-noshell', '-eval', program], 'hello\n')
    expect({ code, stdout }).toEqual({ code: 7, stdout: 'heard hello\n' })
  })

  it('passes variables', async () => {
    const { stdout } = await erlmcp([
      ...['ERL_FLAGS=-extra a b', 'erl', '-noshell'],
      ...['-eval', 'io:format("~p", [init:get_plain_arguments()]), halt().'],
    ])
    expect(stdout).toContain('["a","b"')
  })

  it('keeps a terminal, and does without one', async () => {
    expect((await erlmcp(['tty'])).stdout.trim()).toBe('not a tty')
    const line = `'${process.execPath}' '${main}' run -- tty`
    const { stdout } = await run(['script', '-qec', line, '/dev/null'], { cwd: folder, env })
    expect(stdout).toContain('/dev/pts/')
  })

  it('passes a signal on, and leaves no container behind', async () => {
    const script = `'${process.execPath}' '${main}' run -- erl -noshell -eval 'io:format("up~n").' >out & pid=$!
      until grep -q up out; do sleep 0.1; done
      kill -TERM $pid; wait $pid; echo "ended $?"`
    const { stdout } = await run(['sh', '-c', script], { cwd: folder, env, timeout: 60_000 })
    expect(stdout).toMatch(/^ended \d+\n$/)
    const filter = `label=com.docker.compose.project=${project.name}`
    const left = await run(['docker', 'ps', '--all', '--quiet', '--filter', filter])
    expect(left.stdout).toBe('')
  })
})
