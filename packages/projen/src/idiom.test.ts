import { compose, overlay, patch, secret, service } from '@erlmcp/compose'
import { stack } from '@erlmcp/core'
import { stage } from '@erlmcp/dockerfile'
import { erlangImage } from '@erlmcp/erlang'
import { driftWorkflow, erlangGates, gates } from '@erlmcp/gates'
import { dependabot, job, run } from '@erlmcp/workflow'
import { github, JsonPatch, Project, TextFile } from 'projen'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ComposeFile, Dockerfile, ErlmcpStack, Workflow } from './index.ts'
import { checked, quiet, read, useProject } from './testing/project.ts'

useProject()

const web = service('web', { image: 'nginx:1.29.3' })
const shop = () => stack('shop', [compose('compose.yaml', [web])])
const yaml = (path: string) => parse(read(path))

describe('a project finds its stack', () => {
  test('by ErlmcpStack.of, and adds to it', () => {
    const project = new Project(quiet())
    expect(ErlmcpStack.of(project)).toBeUndefined()
    const made = new ErlmcpStack(project, shop())
    expect(ErlmcpStack.of(project)).toBe(made)
    expect(ErlmcpStack.of(project, 'mail')).toBeUndefined()
    ErlmcpStack.of(project)?.add(dependabot())
    project.synth()
    expect(yaml('.github/dependabot.yml').version).toBe(2)
    expect(made.synthesis.artifacts.map(({ path }) => path)).toEqual([
      '.github/dependabot.yml',
      'compose.yaml',
    ])
  })

  test('what makes no files cannot be added', () => {
    const made = new ErlmcpStack(new Project(quiet()), shop())
    expect(() => made.add(web as never)).toThrow(/expected a source, got the service web/)
  })
})

describe('one artifact, without a stack', () => {
  test('a Dockerfile, a compose file and a workflow', async () => {
    const projenrc = () => {
      const project = new Project({ ...quiet(), name: '@acme/Web Shop' })
      new Dockerfile(project, 'Dockerfile', stage('app', 'alpine:3.22', []))
      const file = new ComposeFile(project, 'compose.yaml', [web])
      file.file?.addOverride('services.web.restart', 'always')
      const steps = [run('echo hello')]
      new Workflow(project, '.github/workflows/ci.yml', {
        on: ['push'],
        jobs: [job('hello', { 'runs-on': 'ubuntu-24.04', steps })],
      })
      project.synth()
    }
    projenrc()
    expect(read('Dockerfile')).toContain('FROM alpine:3.22 AS app')
    expect(yaml('compose.yaml')).toMatchObject({
      name: 'web-shop',
      services: { web: { restart: 'always' } },
    })
    expect(yaml('.github/workflows/ci.yml').jobs.hello.steps).toEqual([{ run: 'echo hello' }])
    expect(await checked(projenrc)).toEqual([])
  })
})

describe('an override', () => {
  const overridden = (change: (project: Project) => void) => {
    const project = new Project(quiet())
    new ErlmcpStack(project, stack('shop', [compose('compose.yaml', [web]), driftWorkflow()]))
    change(project)
    return project
  }

  test('of a YAML file is in it, also for erlmcp', async () => {
    const change = (project: Project) => {
      const file = project.tryFindObjectFile('compose.yaml')
      file?.addOverride('services.web.restart', 'always')
      file?.addDeletionOverride('services.web.init')
      file?.addToArray('services.web.dns', '1.1.1.1')
      file?.patch(JsonPatch.add('/services/web/labels', { team: 'shop' }))
    }
    overridden(change).synth()
    expect(yaml('compose.yaml').services.web).toMatchObject({
      restart: 'always',
      dns: ['1.1.1.1'],
      labels: { team: 'shop' },
    })
    expect(yaml('compose.yaml').services.web).not.toHaveProperty('init')
    expect(await checked(() => overridden(change).synth())).toEqual([])
  })

  test('keeps the versions of the actions behind their commits', () => {
    overridden((project) => {
      const file = project.tryFindObjectFile('.github/workflows/drift.yml')
      file?.patch(JsonPatch.add('/jobs/drift/steps/0', { run: 'echo first' }))
    }).synth()
    const text = read('.github/workflows/drift.yml')
    expect(text).toMatch(/- run: echo first\n/)
    expect(text).toMatch(/actions\/checkout@[0-9a-f]{40} # v/)
  })

  test('is judged by the rules', () => {
    const project = overridden((one) => {
      one.tryFindObjectFile('compose.yaml')?.addOverride('services.web.depends_on', ['gone'])
    })
    expect(() => project.synth()).toThrow(/gone.*\[compose\/undefined-dependency\]/)
  })

  test.each<[string, string, unknown, RegExp]>([
    [
      'compose.yaml',
      'services.web.restrat',
      'no',
      /services\.web: unknown key restrat\n.*`restart`/,
    ],
    ['compose.yaml', 'services.web.init', 7, /services\.web.*init/],
    [
      '.github/workflows/drift.yml',
      'jobs.drift.timeout-minute',
      7,
      /jobs\.drift: unknown key timeout-minute\n.*`timeout-minutes`/,
    ],
    [
      '.github/workflows/drift.yml',
      'jobs.drift.steps',
      [],
      /jobs\.drift\.steps: expected a list of steps/,
    ],
    [
      '.github/workflows/drift.yml',
      'jobs.drift.steps',
      [{ name: 'a' }],
      /jobs\.drift\.steps\[0\]: missing key run/,
    ],
  ])('that %s cannot have is refused: %s', (path, key, value, message) => {
    const project = overridden((one) => one.tryFindObjectFile(path)?.addOverride(key, value))
    expect(() => project.synth()).toThrow(message)
    expect(() => project.synth()).toThrow(new RegExp(`${path}, after an override`))
  })
})

test('an override of an overlay is not judged in silence, but refused', () => {
  const project = new Project(quiet())
  const base = compose('compose.yaml', [web])
  const dev = overlay('compose.dev.yaml', base, [patch(web, { restart: 'no' })])
  new ErlmcpStack(project, stack('shop', [base, dev]))
  project.tryFindObjectFile('compose.dev.yaml')?.addOverride('services.web.init', false)
  expect(() => project.synth()).toThrow(/compose\.dev\.yaml, after an override: an overlay/)
})

describe('project.github', () => {
  test.each([true, false])('lists the workflows of a stack (GitHub first: %s)', (isFirst) => {
    const project = new Project(quiet())
    if (isFirst) new github.GitHub(project)
    new ErlmcpStack(project, stack('shop', [driftWorkflow()]))
    const hub = isFirst ? github.GitHub.of(project) : new github.GitHub(project)
    const names = () => hub?.workflows.map(({ name }) => name)
    if (!isFirst) project.preSynthesize()
    if (isFirst) {
      expect(names()).toContain('drift')
      hub?.tryFindWorkflow('drift')?.file?.addOverride('jobs.drift.timeout-minutes', 7)
    }
    project.synth()
    expect(names()).toContain('drift')
    expect(yaml('.github/workflows/drift.yml').jobs.drift['timeout-minutes']).toBe(isFirst ? 7 : 10)
  })
})

describe('tasks', () => {
  const image = erlangImage({ release: 'shop', version: '1.0.0', otp: '28.3.1' })
  const quality = gates(Object.values(erlangGates()), { image: image.tools, sources: [] })
  const full = () => {
    const app = service('web', { image: 'nginx:1.29.3', secrets: [secret('key')] })
    const files = [compose('dev.yaml', [...quality.services]), compose('compose.yaml', [app])]
    return stack('shop', [image, quality, ...files])
  }
  const commands = (project: Project) =>
    Object.fromEntries(
      project.tasks.all.map(({ name, steps }) => [name, steps.map(({ exec }) => exec).join()]),
    )

  test('are there as soon as the stack is, with what it has', () => {
    const project = new Project(quiet())
    new ErlmcpStack(project, full())
    expect(commands(project)).toMatchObject({
      'compose:up': 'docker compose --file compose.yaml up --wait',
      gate: 'npx erlmcp gate run',
      'secrets:init': 'npx erlmcp secrets init',
      'synth:check': 'npx erlmcp check',
    })
  })

  test('only for what the stack has', () => {
    const project = new Project(quiet())
    new ErlmcpStack(project, stack('shop', []))
    expect(Object.keys(commands(project))).not.toContain('gate')
    expect(Object.keys(commands(project))).not.toContain('compose:up')
    ErlmcpStack.of(project)?.add(compose('compose.yaml', [web]))
    expect(Object.keys(commands(project))).toContain('compose:up')
  })

  test('leave those that are there, and a second stack has its own', () => {
    const project = new Project(quiet())
    project.addTask('gate', { exec: 'mine' })
    for (const path of ['apps/a', 'rebar.config', 'rebar.lock']) new TextFile(project, path)
    new ErlmcpStack(project, full())
    new ErlmcpStack(project, stack('mail', [compose('mail.yaml', [web])]))
    project.synth()
    expect(commands(project)).toMatchObject({
      gate: 'mine',
      'gate:shop': "npx erlmcp gate run --stack '.projenrc.ts#shop'",
      'compose:up': 'docker compose --file compose.yaml up --wait',
      'compose:up:mail': 'docker compose --file mail.yaml up --wait',
    })
  })

  test('not where they are not wanted', () => {
    const project = new Project(quiet())
    new ErlmcpStack(project, full(), { tasks: false })
    expect(Object.keys(commands(project))).not.toContain('synth:check')
  })
})
