import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stack, synthesize } from '@erlmcp/core'
import { erlangImage } from '@erlmcp/erlang'
import { job, run, uses, workflow } from '@erlmcp/workflow'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { erlangGates } from '../erlang-gates.ts'
import { gates } from '../gates.ts'
import { driftWorkflow } from './drift-workflow.ts'
import { gatesWorkflow } from './gates-workflow.ts'
import { releaseWorkflow } from './release-workflow.ts'

// The commands of workflows depend on the folder of the stack and its package manager.

let top: string

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'erlmcp-workflows-'))
  mkdirSync(join(top, '.git'))
  mkdirSync(join(top, 'deploy'))
  writeFileSync(join(top, 'deploy/package.json'), '{}')
})
afterEach(() => rmSync(top, { recursive: true }))

const image = erlangImage({ release: 'app', version: '1.0.0', otp: '28.3.1' })
const quality = gates(Object.values(erlangGates()), { image: image.tools })

function workflowsOf(folder: string, source = 'stack.ts') {
  const created = stack('app', [
    gatesWorkflow(quality),
    driftWorkflow(),
    releaseWorkflow(image.runtime, { repository: 'ghcr.io/acme/app' }),
  ])
  const { artifacts } = synthesize(created, { root: join(top, folder), source })
  const of = (name: string) => artifacts.find(({ path }) => path.endsWith(`/${name}.yml`))!.text
  return { gates: of('gates'), drift: of('drift'), release: of('release') }
}

describe('the workflows of a stack in a folder', () => {
  it('install and run there', () => {
    const { drift, gates } = workflowsOf('deploy')
    const { steps } = parse(drift).jobs.drift
    expect(steps.slice(-2)).toMatchObject([
      { run: 'npm ci', 'working-directory': 'deploy' },
      { run: 'npx erlmcp check --format github', 'working-directory': 'deploy' },
    ])
    const all = parse(gates).jobs.gates.steps as { run?: string; name?: string }[]
    const gate = all.find((step) => step.run?.includes('gate run'))
    expect(gate).toMatchObject({ 'working-directory': 'deploy' })
    // Actions write the image to the root.
    expect(all.find(({ name }) => name === 'Load the image')).toMatchObject({
      'working-directory': '.',
    })
    // Without a checkout the folder is missing.
    expect(JSON.stringify(parse(gates).jobs.gate)).not.toContain('working-directory')
  })

  it('give actions paths from the root of the repository', () => {
    const { gates, release } = workflowsOf('deploy')
    expect(gates).toContain('path: deploy/.erlmcp/cache')
    expect(gates).toContain('deploy/.erlmcp/gates/${{ matrix.gate }}\n')
    expect(gates).toContain('deploy/.erlmcp/gates/report.html\n')
    expect(gates).toContain("hashFiles('deploy/Dockerfile', 'deploy/rebar.lock')")
    expect(release).toContain('context: deploy\n')
    expect(release).toContain('file: deploy/Dockerfile\n')
  })

  it('name the stack where the packages are above it', () => {
    writeFileSync(join(top, 'package.json'), '{}')
    rmSync(join(top, 'deploy/package.json'))
    const { drift, gates } = workflowsOf('deploy')
    expect(drift).toContain('run: npx erlmcp check deploy/stack.ts --format github\n')
    expect(drift).not.toContain('working-directory')
    expect(gates).toContain(
      'npx erlmcp gate run "$GATE" --set "$SET" --stack deploy/stack.ts --no-build --cache',
    )
  })
})

describe('the workflows of a project', () => {
  it('name a stack that is not called stack.ts', () => {
    const { drift, gates } = workflowsOf('', 'deploy.ts')
    expect(drift).toContain('npx erlmcp check deploy.ts --format github')
    expect(gates).toContain(
      'npx erlmcp gate run "$GATE" --set "$SET" --stack deploy.ts --no-build --cache',
    )
  })

  it('use its package manager', () => {
    writeFileSync(join(top, 'pnpm-lock.yaml'), '')
    const { drift, gates } = workflowsOf('')
    expect(drift).toContain('run: corepack enable && pnpm install --frozen-lockfile\n')
    expect(drift).toContain('run: pnpm exec erlmcp check --format github\n')
    expect(gates).toContain(
      'run: pnpm exec erlmcp gate run "$GATE" --set "$SET" --no-build --cache',
    )
  })
})

describe('a workflow of one’s own, of a stack in a folder', () => {
  const stepsOf = (spec: object) => {
    const steps = [
      run('echo before'),
      uses('actions/checkout'),
      run('make test'),
      run('make docs', { 'working-directory': 'docs' }),
    ]
    const created = workflow('.github/workflows/ci.yml', {
      on: ['push'],
      jobs: [job('test', { 'runs-on': 'ubuntu-24.04', steps })],
      ...spec,
    })
    const { artifacts } = synthesize(stack('app', [created]), { root: join(top, 'deploy') })
    return parse(artifacts[0]!.text).jobs.test.steps
  }

  it('runs its scripts in the folder, after a checkout, unless they say where', () => {
    const [before, , test, docs] = stepsOf({})
    expect(before).toEqual({ run: 'echo before' })
    expect(test).toEqual({ run: 'make test', 'working-directory': 'deploy' })
    expect(docs['working-directory']).toBe('docs')
  })

  it('leaves it to the defaults where they say so', () => {
    const [, , test] = stepsOf({ defaults: { run: { 'working-directory': 'tools' } } })
    expect(test).toEqual({ run: 'make test' })
  })
})
