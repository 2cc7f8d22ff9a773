import { type BuiltImage, shellWord } from '@erlmcp/core'
import {
  always,
  event,
  expr,
  failure,
  github,
  type JobValue,
  job,
  matrix,
  type RunnerSelector,
  run,
  text,
  uses,
  withReasons,
} from '@erlmcp/workflow'
import type { Release } from './release-options.ts'
import { atRoot, environmentOf, inStackFolder, loginStep } from './setup.ts'

/** Native runners, since emulation is slow. */
const defaultPlatforms: Readonly<Record<string, RunnerSelector>> = {
  'linux/amd64': 'ubuntu-24.04',
  'linux/arm64': 'ubuntu-24.04-arm',
}

/** The registry of an image's name; undefined for Docker Hub. */
function registryOf(repository: string): string | undefined {
  const [first = ''] = repository.split('/')
  return repository.includes('/') && /[.:]|^localhost$/.test(first) ? first : undefined
}

export function releaseLogin({ repository, login }: Release) {
  const registry = registryOf(repository)
  if (login) return loginStep(registry, login)
  return uses('docker/login-action', {
    with: {
      ...(registry !== undefined && { registry }),
      username: github.actor,
      password: github.token,
    },
  })
}

/** Undefined for never; a condition if it depends on the repository. */
export function whereAllowed(option: boolean | 'public' = 'public') {
  if (option === false) return undefined
  return option === true ? {} : { if: expr`!${event('repository.private')}` }
}

/** The job that builds and scans each platform, then pushes it without a tag. */
export function buildJob({ build }: BuiltImage, verify: JobValue, release: Release) {
  const rows = Object.entries(release.platforms ?? defaultPlatforms).map(([platform, runner]) => ({
    platform,
    name: platform.replaceAll('/', '-'),
    runner: runner as string,
  }))
  const platforms = matrix({ include: rows })
  const { platform, name, runner } = platforms.each
  const inputs = {
    context: inStackFolder(build.context),
    file: inStackFolder(build.dockerfile),
    target: build.target,
    platforms: platform,
    'build-args': text`REVISION=${github.sha}`,
  }
  const image = uses('docker/build-push-action', {
    id: 'image',
    outputs: ['digest'],
    name: 'Push by digest, without a tag',
    with: {
      ...inputs,
      outputs: `type=image,name=${release.repository},push-by-digest=true,name-canonical=true,push=true`,
      provenance: 'mode=max',
      sbom: true,
    },
  })
  return job('build', {
    name: text`Build for ${platform}`,
    'runs-on': runner,
    ...environmentOf(release),
    needs: [verify],
    strategy: { matrix: platforms },
    permissions: withReasons(
      { contents: 'read', packages: 'write', ...scanRight(release) },
      { packages: 'pushes the image', 'security-events': 'uploads to code scanning' },
    ),
    'timeout-minutes': 90,
    steps: [
      uses('actions/checkout'),
      uses('docker/setup-buildx-action'),
      releaseLogin(release),
      uses('docker/build-push-action', {
        name: 'Build the image',
        with: { ...inputs, outputs: 'type=docker,dest=image.tar', provenance: false },
      }),
      ...scanSteps(name, release),
      image,
      run('mkdir digests && touch "digests/${DIGEST#sha256:}"', {
        name: 'Save the digest',
        'working-directory': atRoot,
        env: { DIGEST: image.outputs.digest },
      }),
      uses('actions/upload-artifact', {
        with: {
          name: text`digest-${name}`,
          path: 'digests/*',
          'if-no-files-found': 'error',
          'retention-days': 1,
        },
      }),
    ],
  })
}

function scanRight({ codeScanning }: Release) {
  return codeScanning === false ? {} : ({ 'security-events': 'write' } as const)
}

const found = `jq -r '.runs[].results[] | "\\(.ruleId): \\(.message.text | gsub("\\n"; ", "))"' ${shellWord('scan.sarif')}`

function scanSteps(name: Parameters<typeof text>[1], { codeScanning }: Release) {
  const upload = whereAllowed(codeScanning)
  const hasReport = expr`${always()} && hashFiles('scan.sarif') != ''`
  return [
    uses('aquasecurity/trivy-action', {
      name: 'Scan for known vulnerabilities',
      with: {
        input: 'image.tar',
        format: 'sarif',
        output: 'scan.sarif',
        'ignore-unfixed': true,
        severity: 'CRITICAL,HIGH',
        // Otherwise a SARIF report has all severities, and any of them fails the step.
        'limit-severities-for-sarif': true,
        'exit-code': 1,
      },
    }),
    run(found, {
      name: 'Print the vulnerabilities',
      'working-directory': atRoot,
      if: expr`${failure()} && hashFiles('scan.sarif') != ''`,
    }),
    ...(upload
      ? [
          uses('github/codeql-action/upload-sarif', {
            name: 'Upload the scan to code scanning',
            if: upload.if ? expr`${hasReport} && ${upload.if}` : hasReport,
            with: { sarif_file: 'scan.sarif', category: text`image-${name}` },
          }),
        ]
      : []),
  ]
}
