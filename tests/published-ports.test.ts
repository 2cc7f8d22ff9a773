import { compose, env, interpolate, publish, service } from '@erlmcp/compose'
import { stack, synthesize } from '@erlmcp/core'
import { expose, dockerfile as file, stage } from '@erlmcp/dockerfile'
import { describe, expect, test } from 'vitest'

/** The errors of a service that publishes a port. */
function errors(port: never): string[] {
  const app = service('app', { image: 'app:1.0', ports: [port] })
  const { diagnostics } = synthesize(stack('shop', [compose('compose.yaml', [app])]))
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)
}

describe('a port that cannot be one, in the default of a variable', () => {
  test.each([
    ['on the host', () => publish(env('PORT', 99999), 80)],
    ['in the container', () => publish(8080, env('PORT', 99999))],
    ['zero in the container', () => publish(8080, env('PORT', 0))],
    ['no number', () => publish(env('PORT', 'http'), 80)],
    ['within a short form', () => interpolate`${env('PORT', 99999)}:80`],
  ])('%s', (_name, port) => {
    expect(errors(port() as never)).toContainEqual(
      expect.stringMatching(/^ports\[0\]\S* of app: expected a port/),
    )
  })

  test.each([
    ['a port', () => publish(env('PORT', 8080), 80)],
    ['a range', () => publish(env('PORT', '8080-8090'), 80)],
    ['none', () => publish(env('PORT', ''), 80)],
    ['a short form', () => interpolate`${env('PORT', 8080)}:80/tcp`],
  ])('%s is taken', (_name, port) => {
    expect(errors(port() as never)).toEqual([])
  })
})

test('a published port that the Dockerfile of the stack does not expose is reported', () => {
  const base = stage('base', 'debian:trixie-slim', [expose(8080)])
  const image = file('Dockerfile', stage('runtime', base, [expose(9090)]))
  const rule = (target: number) => {
    const app = service('app', {
      build: { context: '.', target: 'runtime' },
      image: 'app:1.0',
      ports: [publish(80, target)],
    })
    return synthesize(stack('shop', [image, compose('compose.yaml', [app])])).diagnostics.filter(
      ({ rule }) => rule === 'compose/published-port-not-exposed',
    )
  }
  expect(rule(8080)).toEqual([])
  expect(rule(9090)).toEqual([])
  expect(rule(80)).toMatchObject([
    { message: 'app publishes port 80 of the container, but its image exposes 9090, 8080' },
  ])
})
