import { type Artifact, stack, synthesize } from '@erlmcp/core'
import { githubActionParser, githubParser } from '@erlmcp/testkit'
import { describe, expect, it } from 'vitest'
import {
  compositeAction,
  expr,
  github,
  type InputSpec,
  inputs,
  job,
  run,
  runner,
  uses,
  vars,
  workflow,
} from '../index.ts'

const make = run('make')

function rawExpression(on: Parameters<typeof workflow>[1]['on']): Artifact {
  const jobs = [job('a', { 'runs-on': 'ubuntu-24.04', steps: [make] })]
  const [artifact] = synthesize(
    stack('shop', [workflow('.github/workflows/a.yml', { on, jobs })]),
  ).artifacts
  return artifact!
}

function action(spec: InputSpec, rest: object = {}) {
  const given = inputs({ x: spec })
  return compositeAction('setup/action.yml', {
    name: 'Setup',
    description: 'First',
    inputs: given,
    steps: [run('echo "$X"', { env: { X: given.value.x } })],
    ...rest,
  })
}

function actionFile(spec: InputSpec, rest?: object): Artifact {
  const one = job('a', { 'runs-on': 'ubuntu-24.04', steps: [uses(action(spec, rest))] })
  const flow = workflow('.github/workflows/a.yml', { on: 'push', jobs: [one] })
  return synthesize(stack('shop', [flow])).artifacts.find(
    ({ path }) => path === 'setup/action.yml',
  )!
}

describe('${{ in the texts of an input', () => {
  it.each<[string, InputSpec]>([
    ['description', { description: 'The branch, ${{ github.ref }}' }],
    ['default', { default: '${{ github.ref_name }}' }],
    ['options', { type: 'choice', options: ['main', '${{ github.ref_name }}'] }],
    ['type', { type: '${{ vars.TYPE }}' as never }],
  ])('is refused in its %s, with the way out', (key, spec) => {
    expect(() => inputs({ x: spec })).toThrow(`the ${key} of input x takes no expression`)
    expect(() => inputs({ x: spec })).toThrow(/inputs\.test\.ts:\d+:\d+: /)
  })

  it('is refused in the default of a dispatch, which GitHub does not evaluate', () => {
    const given = inputs({ x: { default: github.ref_name } })
    expect(() => rawExpression({ workflow_dispatch: { inputs: given } })).toThrow('takes none')
  })

  it('is evaluated in the default of a called workflow, where GitHub takes it', async () => {
    const given = inputs({ x: { default: expr`${vars('TARGET')} || ${'staging'}` } })
    const { path, text } = rawExpression({ workflow_call: { inputs: given } })
    expect(text).toContain("default: ${{ vars.TARGET || 'staging' }}")
    expect(await (await githubParser())(path, text)).toEqual([])
  })

  it('is evaluated in the default of an action, where GitHub takes it', async () => {
    const { path, text } = actionFile({ default: github.token })
    expect(text).toContain('default: ${{ github.token }}')
    expect(await (await githubActionParser())(path, text)).toEqual([])
  })

  it.each([vars('TARGET'), runner.os].map((one) => [one.code, one] as const))(
    'is refused in the default of an action where it has no %s, as GitHub says',
    async (code, value) => {
      const problems = await githubActionParser()
      const text = `name: a\ndescription: a\ninputs: {x: {default: "\${{ ${code} }}"}}\nruns: {using: composite, steps: []}\n`
      const refuses = (await problems('action.yml', text)).length > 0
      if (refuses)
        expect(() => actionFile({ default: value })).toThrow(
          'vars is not available at inputs.x.default',
        )
      else expect(() => actionFile({ default: value })).not.toThrow()
    },
  )
})

describe('${{ in the texts of an action, a secret or an output', () => {
  const raw = '${{ github.ref }}'
  it.each<[string, () => unknown]>([
    ['the name of an action', () => actionFile({}, { name: raw })],
    ['its description', () => actionFile({}, { description: raw })],
    [
      'the description of its output',
      () => {
        const outputs = { a: { description: raw, value: github.sha } }
        return actionFile({}, { outputs })
      },
    ],
    [
      'the description of a secret',
      () => rawExpression({ workflow_call: { secrets: { A: { description: raw } } } }),
    ],
    [
      'the description of an output',
      () =>
        rawExpression({
          workflow_call: { outputs: { a: { description: raw, value: github.sha } } },
        }),
    ],
  ])('is refused in %s', (_, make) => {
    expect(make).toThrow('has an expression in plain text')
  })
})
