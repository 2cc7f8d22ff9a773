import { check, type Document } from '@erlmcp/core'
import { expect, test } from 'vitest'
import type { Dockerfile } from '../schema/document.ts'
import { dockerfileFormat } from '../values/dockerfile.ts'

// An image with common faults: each is reported with its path.
const faulty: Dockerfile = {
  args: [],
  stages: [
    {
      name: 'builder',
      from: 'erlang:28.3.1-alpine',
      instructions: [
        { instruction: 'ARG', args: [{ name: 'BUILD_DATE' }] },
        { instruction: 'ARG', args: [{ name: 'VERSION', default: '1.0.0' }] },
        { instruction: 'ENV', pairs: [{ name: 'REBAR_NO_USER_CONFIG', value: 'true' }] },
        { instruction: 'WORKDIR', path: '/build' },
        { instruction: 'RUN', command: 'apk add --no-cache git make' },
        { instruction: 'COPY', sources: ['.'], destination: './' },
        { instruction: 'RUN', command: 'rebar3 as prod get-deps compile' },
      ],
    },
    {
      from: 'alpine:3.20',
      instructions: [
        { instruction: 'COPY', sources: ['/build/app'], destination: '/opt/app', from: 'builder' },
        { instruction: 'RUN', command: 'adduser -S app && chown -R app /opt/app' },
        { instruction: 'USER', user: 'app' },
        { instruction: 'HEALTHCHECK', command: '/opt/check/health.sh' },
        { instruction: 'ENTRYPOINT', command: ['/opt/scripts/start.sh'] },
      ],
    },
    {
      name: 'debug',
      from: 'erlang:28.3.1-alpine',
      instructions: [
        { instruction: 'COPY', sources: ['/build/app'], destination: '/opt/app', from: 'builder' },
        { instruction: 'USER', user: 'app' },
        { instruction: 'CMD', command: ['/opt/app/bin/app', 'foreground'] },
      ],
    },
  ],
}

test('every fault is reported', () => {
  const document = { path: 'Dockerfile', format: dockerfileFormat, data: faulty } as Document
  const diagnostics = check(document, {
    documents: [document],
    exists: (path) => (path === '.' ? 'directory' : 'none'),
    isSecret: () => false,
  })
  const found = diagnostics
    .filter(({ severity }) => severity !== 'note')
    .map(({ rule, path }) => `${path.join('.')} ${rule.replace('dockerfile/', '')}`)
  expect(found.sort()).toEqual([
    'stages.0.instructions.0.args.0 cache-busting-arg',
    'stages.0.instructions.0.args.0 unused-arg',
    'stages.0.instructions.1.args.0 unused-arg',
    'stages.0.instructions.2.pairs.0 unknown-rebar3-variable',
    'stages.0.instructions.5.sources.0 missing-ignore-file',
    'stages.0.instructions.6.command rebar3-tasks-without-do',
    'stages.0.instructions.6.command sources-before-dependencies',
    'stages.1 default-stage',
    'stages.1.instructions.1.command chown-after-copy',
    'stages.1.instructions.3.command program-not-in-image',
    'stages.1.instructions.4.command program-not-in-image',
    'stages.2.instructions.1.user unknown-user',
    'stages.2.name default-stage',
  ])
})
