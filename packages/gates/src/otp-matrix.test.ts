import { compose, service } from '@erlmcp/compose'
import { constitutionFile } from '@erlmcp/constitution'
import { type BuiltImage, stack, synthesize } from '@erlmcp/core'
import { describe, expect, test } from 'vitest'
import { erlangGates, gate, gates, otpMatrix } from './index.ts'
import { findGates, findSets, parseRewrite } from './testing/sets.ts'

const image: BuiltImage = {
  image: 'shop:1.0.0-tools',
  build: { context: '.', dockerfile: 'Dockerfile', target: 'tools' },
  user: '1000:1000',
  writable: [],
}
const values = Object.values(erlangGates({ prefix: 'shop-' }))
const matrixOf = (otp: Parameters<typeof otpMatrix>[1]['otp']) =>
  otpMatrix(values, { otp, image: { release: 'shop', version: '1.0.0' } })
const filesOf = (...sources: Parameters<typeof stack>[1]) => {
  const { artifacts, diagnostics } = synthesize(stack('shop', sources))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return new Map(artifacts.map(({ path, text }) => [path, text]))
}

describe('otpMatrix', () => {
  test('has an image, services, a script and volumes for each release', () => {
    const matrix = matrixOf(['27.3.4.2', '28.3.1'])
    const files = filesOf(matrix, compose('docker-compose.yml', [...matrix.services]))
    for (const set of ['otp27', 'otp28']) {
      expect(files.get(`docker/${set}/run`)).toContain(`shop-unit-${set}`)
      expect(files.get('docker-compose.yml')).toContain(`source: ${set}-build`)
    }
    expect(files.get('docker/otp27/Dockerfile')).toContain('erlang:27.3.4.2-slim')
    expect(files.get('docker-compose.yml')).toContain('image: shop:1.0.0-otp28-tools')
  })

  test('keeps needs and inputs within each release', () => {
    const { sets } = matrixOf(['27.3.4.2', '28.3.1'])
    for (const { name, gates } of sets) {
      expect(gates).toHaveLength(values.length)
      for (const { spec } of gates) {
        for (const one of [...(spec.needs ?? []), ...(spec.inputs ?? [])]) {
          expect(gates).toContain(one)
          expect(one.spec.service).toMatch(new RegExp(`-${name}$`))
        }
      }
    }
  })

  test('names two releases of one major version by all numbers', () => {
    const names = matrixOf(['27.3.4.2', '27.3.4', '28.3.1']).sets.map(({ name }) => name)
    expect(names).toEqual(['otp27-3-4-2', 'otp27-3-4', 'otp28'])
  })

  test.each([
    [() => matrixOf([] as never), '`otp` is empty'],
    [() => matrixOf(['28.3.1', '28.3.1']), 'duplicate release 28.3.1'],
    [() => otpMatrix(['a'] as never, { otp: ['28.3.1'], image: {} as never }), 'a list of gates'],
    [() => otpMatrix(values, { opt: ['28.3.1'] } as never), 'Did you mean `otp`?'],
  ])('%s is refused', (make, words) => expect(make).toThrow(words))
})

describe('two sets of one stack', () => {
  const other = Object.values(erlangGates({ prefix: 'other-' }))

  test('with the same name are rejected, since they would share volumes', () => {
    const [first, second] = [values, other].map((one) => gates(one, { image }))
    const file = compose('docker-compose.yml', [...first!.services, ...second!.services])
    const both = stack('shop', [first!, second!, file])
    expect(() => synthesize(both)).toThrow('duplicate set of gates gates')
    expect(() => findSets(both)).toThrow('duplicate set of gates gates')
  })

  test('with the same name and services but two images are rejected', () => {
    const [first, second] = [image, { ...image, image: 'shop:1.0.0-otp27' }].map((one) =>
      gates(values, { image: one }),
    )
    const files = [first!, second!].map(({ services }, at) => compose(`${at}.yml`, [...services]))
    const both = stack('shop', [first!, second!, ...files])
    expect(() => synthesize(both)).toThrow('duplicate set of gates gates')
  })

  test('that build one image in two ways are rejected', () => {
    const otp27 = { ...image, build: { ...image.build, dockerfile: 'Dockerfile.otp27' } }
    const sets = [gates(values, { image }), gates(other, { image: otp27, name: 'otp27' })]
    const files = sets.map(({ services }, at) => compose(`${at}.yml`, [...services]))
    expect(() => findSets(stack('shop', [...sets, ...files]))).toThrow(
      'two sets of gates build shop:1.0.0-tools in different ways',
    )
  })

  test('are found by name, each with its file', () => {
    const otp27 = { ...image, image: 'shop:1.0.0-otp27' }
    const sets = [gates(values, { image }), gates(other, { image: otp27, name: 'otp27' })]
    const files = sets.map(({ services }, at) => compose(`${at}.yml`, [...services]))
    const both = stack('shop', [...sets, ...files])
    expect(findGates(both, 'otp27')).toMatchObject({ gates: sets[1]!, file: '1.yml' })
    expect(() => findGates(both)).toThrow('Choose one with --set: gates, otp27.')
    expect(() => findGates(both, 'otp72')).toThrow('Did you mean otp27?')
  })
})

describe('the map of a project', () => {
  const mapOf = (...sources: Parameters<typeof stack>[1]) =>
    filesOf(...sources).get('constitution.json')

  test('has the prefix of the gates, and `rewrite` names services that there are', () => {
    const quality = gates(values, { image })
    const text = mapOf(quality, compose('a.yml', [...quality.services]))!
    expect(parseRewrite(text, ['rebar3', 'dialyzer'])).toBe(
      'docker compose run --rm shop-check rebar3 dialyzer',
    )
  })

  test('is the user’s own where the stack has one, in either order', () => {
    const quality = gates(values, { image })
    const own = constitutionFile({ prefix: 'mine-' })
    for (const sources of [
      [own, quality],
      [quality, own],
    ]) {
      expect(mapOf(...sources, compose('a.yml', [...quality.services]))).toContain('mine-')
    }
  })

  test('is not made where nothing differs from the default, or nothing is known', () => {
    const plain = gates(Object.values(erlangGates()), { image })
    expect(mapOf(plain, compose('a.yml', [...plain.services]))).toBeUndefined()
    const spec = { service: 'lint', command: ['lint'], timeout: '1m' } as const
    const custom = gates([gate('lint', spec)], { image })
    const app = service('app', { image: 'a:1' })
    expect(mapOf(custom, compose('a.yml', [app, ...custom.services]))).toBeUndefined()
  })
})
