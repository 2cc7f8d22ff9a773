import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describeEngine, ensureImages, must, run } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cli, copyExample } from './testing/example.ts'

// The command in the reference deployment.

const env = { COMPOSE_PROJECT_NAME: `erlmcp-gate-run-${process.pid}`, NO_COLOR: '1' }

async function gateContainers(): Promise<string[]> {
  const filter = `label=com.docker.compose.project=${env.COMPOSE_PROJECT_NAME}`
  const { stdout } = await must(['docker', 'ps', '--all', '--quiet', '--filter', filter])
  return stdout.split('\n').filter(Boolean)
}

describeEngine('erlmcp gate run', () => {
  let folder: string
  const erlmcp = (...argv: string[]) =>
    run([process.execPath, cli, ...argv], { cwd: folder, env, timeout: 600_000 })

  beforeAll(async () => {
    folder = copyExample()
    expect((await erlmcp('synth')).code).toBe(0)
    await ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim'])
  })
  afterAll(async () => {
    const down = ['docker', 'compose', '--profile', 'gates', 'down', '--volumes'] as const
    await must([...down], { cwd: folder, env })
    rmSync(folder, { recursive: true, force: true })
  })

  it('runs a gate with those that it needs, and writes every report', async () => {
    const { code, stdout, stderr } = await erlmcp('gate', 'run', 'xref')
    expect(code, stdout + stderr).toBe(0)
    expect(stdout).toMatch(/compile[\s\S]*xref/)
    expect(stderr).toContain('xref: passed')
    const report = JSON.parse(readFileSync(join(folder, '.erlmcp/gates/report.json'), 'utf8'))
    expect(report.gates.map(({ name }: { name: string }) => name)).toEqual(['compile', 'xref'])
    for (const name of ['report.html', 'report.sarif', 'junit.xml']) {
      expect(existsSync(join(folder, '.erlmcp/gates', name)), name).toBe(true)
    }
    expect((await erlmcp('receipt', 'verify')).code).toBe(0)
  })

  it('removes all containers after Ctrl-C', async () => {
    const child = spawn(process.execPath, [cli, 'gate', 'run', 'ct'], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const before = stderr.includes('ct: started')
      stderr += text
      if (!before && stderr.includes('ct: started')) child.kill('SIGINT')
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(stderr).toContain('stopped; every container was removed')
    expect(code).toBe(1)
    expect(await gateContainers()).toEqual([])
  })

  it('suggests a gate for an unknown name', async () => {
    const { code, stderr } = await erlmcp('gate', 'run', 'eunti')
    expect(code).toBe(2)
    expect(stderr).toContain('unknown gate "eunti"')
    expect(stderr).toContain('eunit')
  })
})
