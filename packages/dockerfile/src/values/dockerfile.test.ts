import { check, locate, stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import {
  arg,
  context,
  copy,
  dockerfile,
  dockerfileFormat,
  mount,
  onbuild,
  ref,
  run,
  stage,
  template,
  workdir,
} from '../index.ts'

const base = 'debian:trixie-slim'
const names = (file: ReturnType<typeof dockerfile>) => file.data.stages.map(({ name }) => name)

describe('a file has every stage that its targets reach', () => {
  const sources = stage('sources', 'scratch', [copy(['apps'], '/src/')])
  const builder = stage('builder', base, [
    run('make', { mounts: [mount.bind('/src', { from: sources })] }),
  ])
  const runtime = stage('runtime', base, [copy(['/out'], '/app/', { from: builder })])
  const debug = stage('debug', builder, [])

  test('dependencies first, the target last', () => {
    expect(names(dockerfile('Dockerfile', runtime, { targets: [debug] }))).toEqual([
      'sources',
      'builder',
      'debug',
      'runtime',
    ])
    expect(names(dockerfile('Dockerfile', runtime))).toEqual(['sources', 'builder', 'runtime'])
  })

  test('a changed copy of a stage brings what it now needs', () => {
    const more = {
      ...runtime,
      instructions: [...runtime.instructions, copy(['/x'], '/x', { from: debug })],
    }
    expect(names(dockerfile('Dockerfile', more))).toEqual([
      'sources',
      'builder',
      'debug',
      'runtime',
    ])
  })

  test('another target cannot start from the last one', () => {
    const child = stage('child', runtime, [])
    expect(() => dockerfile('Dockerfile', runtime, { targets: [child] })).toThrow(
      /stage runtime cannot be the last one: child needs it/,
    )
    const last = stage('default', runtime, [])
    expect(names(dockerfile('Dockerfile', last, { targets: [child] })).at(-1)).toBe('default')
  })
})

describe('names', () => {
  test.each(['scratch', 'context', 'Builder', '1st', 'a b', 'a\nUSER root', ''])(
    '%j is not a valid stage name',
    (name) => {
      expect(() => stage(name, base, [])).toThrow(/stage name .* Use lower-case|stage name/s)
    },
  )

  test('two stages of one name', () => {
    const one = stage('builder', base, [])
    const other = stage('builder', base, [run('true')])
    const target = stage('app', one, [copy(['/a'], '/a', { from: other })])
    expect(() => dockerfile('Dockerfile', target)).toThrow(/two stages are named builder/)
  })

  test('an image or a context that a stage would take the place of', () => {
    const builder = stage('builder', base, [])
    const image: string = 'builder'
    for (const from of [image, context('builder')]) {
      const target = stage('app', builder, [])
      const both = stage('both', target, [copy(['/a'], '/a', { from })])
      // It is meant where the value itself is used as well.
      expect(() => dockerfile('Dockerfile', both, { targets: [builder] })).toThrow(
        /the image "builder" has the name of a stage/,
      )
    }
  })

  test('a stage of this file in ONBUILD', () => {
    const builder = stage('builder', base, [])
    expect(() => onbuild(copy(['/a'], '/a', { from: builder }))).toThrow(/stage builder/)
    expect(() => onbuild(copy(['/a'], '/a', { from: context('plugins') }))).not.toThrow()
  })
})

test('a diagnostic points at the line that made the instruction', () => {
  const line = new Error().stack!.split('\n')[1]!.match(/:(\d+):\d+\)?$/)![1]
  const target = stage('app', base, [
    workdir('/app'),
    run('sudo make'), // here
  ])
  const [document] = dockerfile('Dockerfile', target).documents()
  const diagnostic = check({ ...document!, format: dockerfileFormat }).find(
    (one) => one.rule === 'dockerfile/sudo',
  )!
  expect(diagnostic.file).toBe(import.meta.filename)
  expect(diagnostic.line).toBe(Number(line) + 3)
  expect(locate(document!, ['stages', 0])!.line).toBe(Number(line) + 1)
})

test('it is a source of a stack', () => {
  const otp = arg('OTP', '28.3.1')
  const target = stage('app', template`erlang:${ref(otp)}-slim`, [workdir('/app')])
  const { artifacts } = synthesize(
    stack('app', [dockerfile('docker/Dockerfile', target, { args: [otp] })]),
  )
  expect(artifacts.map(({ path, text }) => [path, text.replace(/^#.*\n/gm, '').trim()])).toEqual([
    ['docker/Dockerfile', 'ARG OTP=28.3.1\n\nFROM erlang:${OTP}-slim AS app\nWORKDIR /app'],
  ])
})
