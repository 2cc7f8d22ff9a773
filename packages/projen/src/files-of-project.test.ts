import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose, type HostPath, mount, service } from '@erlmcp/compose'
import { stack } from '@erlmcp/core'
import { copy, dockerfile, stage } from '@erlmcp/dockerfile'
import { JsonFile, Project, SampleDir, SampleFile, TextFile } from 'projen'
import { describe, expect, test } from 'vitest'
import { ErlmcpStack } from './index.ts'
import { checked, outdir, quiet, read, useProject } from './testing/project.ts'

useProject()

const web = (path: HostPath) =>
  service('web', {
    image: 'nginx:1.29.3',
    volumes: [mount(path, '/etc/nginx/nginx.conf', { read_only: true })],
  })

const mounting = (path: HostPath) => stack('shop', [compose('compose.yaml', [web(path)])])

describe('a file that the project makes itself is there', () => {
  test.each<[string, (project: Project) => unknown]>([
    ['a TextFile', (project) => new TextFile(project, 'etc/a', { lines: ['events {}'] })],
    ['a JsonFile', (project) => new JsonFile(project, 'etc/a', { obj: {} })],
    ['a SampleFile', (project) => new SampleFile(project, 'etc/a', { contents: 'a' })],
    ['a file of a SampleDir', (project) => new SampleDir(project, 'etc', { files: { a: 'a' } })],
  ])('%s that a service mounts, made before the stack or after it', (_, make) => {
    for (const isFirst of [true, false]) {
      const project = new Project(quiet())
      if (isFirst) make(project)
      new ErlmcpStack(project, mounting('./etc/a'))
      if (!isFirst) make(project)
      project.synth()
      expect(read('compose.yaml')).toContain('source: ./etc/a')
    }
  })

  test('its folder, which a service mounts', () => {
    const project = new Project(quiet())
    new ErlmcpStack(project, mounting('./etc'))
    new TextFile(project, 'etc/deep/a', { lines: ['a'] })
    project.synth()
    expect(read('compose.yaml')).toContain('source: ./etc')
  })

  test('one that a Dockerfile copies', () => {
    const project = new Project(quiet())
    const app = stage('app', 'alpine:3.22', [copy(['etc/a'], '/etc/a')])
    new ErlmcpStack(project, stack('shop', [dockerfile('Dockerfile', app)]))
    new TextFile(project, 'etc/a', { lines: ['a'] })
    project.synth()
    expect(read('Dockerfile')).toContain('COPY etc/a /etc/a')
  })

  test('one of another project of the tree', () => {
    const project = new Project(quiet())
    const sub = new Project({ ...quiet(), parent: project, outdir: 'sub' })
    new ErlmcpStack(sub, mounting('../etc/a'))
    new TextFile(project, 'etc/a', { lines: ['a'] })
    project.synth()
    expect(read('sub/compose.yaml')).toContain('../etc/a')
  })

  test('for erlmcp as well', async () => {
    const projenrc = () => {
      const project = new Project(quiet())
      new ErlmcpStack(project, mounting('./etc/a'))
      new TextFile(project, 'etc/a', { lines: ['a'] })
      project.synth()
    }
    expect(await checked(projenrc)).toContain('compose.yaml is missing')
    projenrc()
    expect(await checked(projenrc)).toEqual([])
  })

  test('and a source may read it', () => {
    const project = new Project(quiet())
    const source = {
      *documents({ read }: { read?(path: string): string | undefined }) {
        const value = service('web', { image: `nginx:${read?.('VERSION') as '1'}` })
        yield* compose('compose.yaml', [value]).documents({ stack: 'shop' })
      },
    }
    new ErlmcpStack(project, stack('shop', [source]))
    new TextFile(project, 'VERSION', { lines: ['1.29.3'] })
    project.synth()
    expect(read('compose.yaml')).toContain('image: nginx:1.29.3')
  })
})

describe('a file that the project does not make is missing', () => {
  test('when erlmcp did not write it', () => {
    const project = new Project(quiet())
    new ErlmcpStack(project, mounting('./etc/a'))
    expect(() => project.synth()).toThrow(/\.\/etc\/a/)
  })

  test('when projen is about to remove it', () => {
    const first = new Project(quiet())
    new TextFile(first, 'etc/a', { lines: ['a'] })
    first.synth()
    const second = new Project(quiet())
    new ErlmcpStack(second, mounting('./etc/a'))
    expect(() => second.synth()).toThrow(/\.\/etc\/a/)
  })

  test('but one that lies there counts', () => {
    writeFileSync(join(outdir, 'a'), '')
    const project = new Project(quiet())
    new ErlmcpStack(project, mounting('./a'))
    project.synth()
    expect(read('compose.yaml')).toContain('./a')
  })
})
