import type { Source } from '@erlmcp/core'
import {
  call,
  cancel,
  compositeAction,
  dependabot,
  event,
  expr,
  github,
  hashFiles,
  inputs,
  job,
  literal,
  matrix,
  parallel,
  requiredCheck,
  run,
  secrets,
  text,
  uses,
  waitAll,
  withReasons,
  workflow,
} from '../index.ts'

// Workflows that use the language, for tests that hold what is printed against other programs.

const version = run('echo "version=$(cat VERSION)" >> "$GITHUB_OUTPUT"', {
  id: 'version',
  outputs: ['version'],
})

const build = job('build', {
  name: 'Build',
  'runs-on': 'ubuntu-24.04',
  outputs: { version: version.outputs.version },
  steps: [
    uses('actions/checkout', { with: { 'fetch-depth': 0 } }),
    version,
    uses('actions/cache', { with: { path: '_build', key: text`deps-${hashFiles('rebar.lock')}` } }),
    run('make all', { name: text`Build ${github.ref_name}` }),
    uses('actions/upload-artifact', {
      if: expr`failure() && ${github.event_name} != ${"it's"}`,
      with: { name: 'logs', path: '_build/logs' },
    }),
  ],
})

const versions = matrix({ otp: ['27.3', '28.3'], include: [{ otp: '28.3', coverage: true }] })

const test = job('test', {
  name: text`Test on ${versions.each.otp}`,
  'runs-on': 'ubuntu-24.04',
  strategy: { matrix: versions, 'fail-fast': false },
  'timeout-minutes': 15,
  services: {
    postgres: {
      image: `postgres:17-trixie@sha256:${'1'.repeat(64)}`,
      ports: ['5432:5432'],
      env: { POSTGRES_PASSWORD: secrets('TEST_PASSWORD') },
    },
  },
  environment: 'test',
  permissions: withReasons({ contents: 'read', checks: 'write' }, { checks: 'tells each test' }),
  steps: [
    uses('actions/checkout'),
    run('make test OTP="$OTP" VERSION="$VERSION" TITLE="$TITLE"', {
      env: {
        OTP: versions.each.otp,
        COVERAGE: versions.each.coverage,
        VERSION: build.outputs.version,
        TITLE: event('pull_request.title'),
      },
    }),
    run('grep -rn "$BRACES" .github', { env: { BRACES: literal('${{') } }),
  ],
})

const on = { push: { branches: ['main'] }, pull_request: null, merge_group: null }

/** Workflows that a linter of before the syntax of 2026 can read. */
export const classic: readonly Source[] = [
  workflow('.github/workflows/ci.yml', {
    name: 'CI',
    on,
    jobs: [requiredCheck('gate', [build, test], { name: 'Gate' })],
  }),
  workflow('.github/workflows/nightly.yml', {
    name: 'Nightly',
    'run-name': text`Nightly of ${github.ref_name}`,
    on: { schedule: [{ cron: '17 3 * * 1-5' }], workflow_dispatch: null },
    jobs: [build],
  }),
  dependabot(),
]

const given = inputs({ target: { type: 'string', required: true, description: 'Where to' } })

const deploy = workflow('.github/workflows/deploy.yml', {
  name: 'Deploy',
  on: {
    workflow_call: {
      inputs: given,
      secrets: { token: { required: true } },
      outputs: { version: { value: build.outputs.version } },
    },
  },
  jobs: [
    build,
    job('deploy', {
      name: 'Deploy',
      'runs-on': 'ubuntu-24.04',
      environment: { name: 'production', url: 'https://example.org' },
      steps: [
        run('deploy "$TARGET"', { env: { TARGET: given.value.target, TOKEN: secrets('token') } }),
      ],
    }),
  ],
})

const setup = compositeAction('.github/actions/setup/action.yml', {
  name: 'Setup',
  description: 'What every job begins with',
  steps: [uses('docker/setup-buildx-action'), run('docker buildx version')],
})

const server = run('make serve', { id: 'server', background: true })

const checks = job('checks', {
  name: 'Checks',
  'runs-on': 'ubuntu-26.04',
  steps: [
    uses(setup),
    parallel([run('make xref'), run('make dialyzer')]),
    server,
    run('make smoke'),
    cancel(server),
    waitAll(),
  ],
})

const released = call('deploy', deploy, {
  name: 'Deploy',
  needs: [checks],
  with: { target: 'production' },
  secrets: { token: secrets('DEPLOY_TOKEN') },
})

/** Workflows with the syntax of 2026. */
export const current: readonly Source[] = [
  workflow('.github/workflows/release.yml', {
    name: 'Release',
    on: { push: { tags: ['v*'] } },
    jobs: [requiredCheck('gate', [released], { name: 'Gate', 'runs-on': 'ubuntu-slim' })],
  }),
]
