import { expect, test } from 'vitest'
import { copy, env, expose, healthcheck, mount, run, stage, stopsignal, workdir } from '../index.ts'

// The type checker reads this file, and fails where an expected error is missing.
const otp: string = '28.3.1'

test('image references', () => {
  stage('a', 'debian:13', [])
  stage('a', 'localhost:5000/team/app:1.0', [])
  stage('a', 'debian@sha256:0000', [])
  stage('a', 'scratch', [])
  stage('a', `erlang:${otp}-slim`, [])
  stage('a', otp, [])
  // @ts-expect-error no tag: 'an image with a tag or a digest, or a stage value'
  stage('a', 'debian', [])
  // @ts-expect-error a port is not a tag
  stage('a', 'localhost:5000/app', [])
  // @ts-expect-error 'a tag that does not move (:latest does): name a version or a digest'
  stage('a', 'debian:latest', [])
  // @ts-expect-error the name of a stage: give its value
  copy(['/a'], '/a', { from: 'builder' })
  // @ts-expect-error the same for a mount
  mount.bind('/a', { from: 'builder' })
})

test('durations, modes, ports, sizes, signals, paths', () => {
  healthcheck(['x'], { interval: '10s', timeout: '500ms', 'start-period': '1m30s' })
  // @ts-expect-error no unit
  expect(() => healthcheck(['x'], { interval: '10' })).toThrow(/duration/)
  // @ts-expect-error a typo: Did you mean to write 'interval'?
  expect(() => healthcheck(['x'], { intervall: '10s' })).toThrow(/Did you mean `interval`/)
  copy(['a'], '/a', { chmod: '0555' })
  copy(['a'], '/a', { chmod: 'u=rwX,go=rX' })
  // @ts-expect-error not a number in base 8
  expect(() => copy(['a'], '/a', { chmod: '0855' })).toThrow(/expected permission bits/)
  // @ts-expect-error a mount has a number in base 8
  expect(() => mount.cache('/a', { mode: 'u=rwX' })).toThrow(/permission bits in base 8/)
  expose(8080, '53/udp', '8000-8010')
  // @ts-expect-error a published port
  expect(() => expose('127.0.0.1:80:80')).toThrow(/expected a port/)
  expect(() => expose(70_000)).toThrow(/expected a port/)
  mount.tmpfs('/tmp', { size: '64m' })
  // @ts-expect-error a unit of the types is one letter
  mount.tmpfs('/tmp', { size: '64mib' })
  stopsignal('SIGTERM')
  // @ts-expect-error lower case
  stopsignal('sigterm')
  workdir('/app')
  // @ts-expect-error relative
  workdir('app')
  // @ts-expect-error RUN has no such mount option
  expect(() => run('x', { mount: [] })).toThrow(/Did you mean `mounts`/)
  // @ts-expect-error values are texts
  expect(() => env({ A: 1 })).toThrow()
})
