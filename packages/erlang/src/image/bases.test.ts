import { expect, test } from 'vitest'
import { basesOf } from './bases.ts'

const both = (otp: string, flavour: 'debian' | 'alpine') => {
  const { builder, runtime } = basesOf(otp, flavour, undefined)
  return [builder, runtime]
}

test('both images have the same system', () => {
  expect(both('28.3.1', 'debian')).toEqual(['erlang:28.3.1-slim', 'debian:trixie-slim'])
  expect(both('28.3.1', 'alpine')).toEqual(['erlang:28.3.1-alpine', 'alpine:3.23'])
  expect(both('28.2.0', 'debian')).toEqual(['erlang:28.2.0-slim', 'debian:bookworm-slim'])
  expect(both('28.5.0.4', 'alpine')).toEqual(['erlang:28.5.0.4-alpine', 'alpine:3.24'])
  expect(both('27.3.4.2', 'alpine')).toEqual(['erlang:27.3.4.2-alpine', 'alpine:3.22'])
  expect(basesOf('27.3.4', 'debian', undefined).libraries).toContain('libssl3')
})

test('an error about an unknown release names the option bases', () => {
  expect(() => both('40.1.2', 'debian')).toThrow(
    /the system of .* is unknown.*\n.*bases: \{ builder/,
  )
  expect(() => both('28', 'debian')).toThrow('expected a full version, got "28"')
  const named = { builder: 'mine/erlang:40.1.2', runtime: 'mine/debian:14' }
  expect(basesOf('40.1.2', 'debian', named)).toMatchObject(named)
})

test('digests are pinned', () => {
  const digest = `sha256:${'a'.repeat(64)}` as const
  expect(basesOf('28.3.1', 'debian', undefined, { runtime: digest }).runtime).toBe(
    `debian:trixie-slim@${digest}`,
  )
})
