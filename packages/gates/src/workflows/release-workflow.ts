import { posix } from 'node:path'
import { type BuiltImage, checkOptions, type OptionKinds, originOf, UserError } from '@erlmcp/core'
import {
  always,
  because,
  deferred,
  expr,
  github,
  type JobValue,
  job,
  matrix,
  run,
  secrets,
  text,
  uses,
  type WorkflowValue,
  workflow,
} from '@erlmcp/workflow'

export interface ReleaseWorkflowOptions {
  /** The image to push, with its registry and without a tag: `ghcr.io/acme/app`. */
  readonly repository: string
  /** Tags of the repository that are a release. Default: `v*`. */
  readonly tags?: readonly string[]
  /** Default: `.github/workflows/release.yml`. */
  readonly path?: `.github/workflows/${string}`
  /** Names of the secrets that log in. Default: the actor and token of the run itself. */
  readonly login?: { readonly username: string; readonly password: string }
  /** Environment of GitHub that has those secrets, and says who may release. Default: none. */
  readonly environment?: string
}

const kinds: OptionKinds<ReleaseWorkflowOptions> = {
  repository: 'anything',
  tags: 'a list',
  path: 'text',
  login: 'an object',
  environment: 'text',
}

/** Each platform on a machine of its own kind: emulation is slow, and differs. */
const platforms = matrix({
  include: [
    { platform: 'linux/amd64', runner: 'ubuntu-24.04' },
    { platform: 'linux/arm64', runner: 'ubuntu-24.04-arm' },
  ],
})

/**
 * A workflow that releases an image: built on each platform and pushed by digest, joined under the
 * tag of the release, with provenance and SBOM from BuildKit, signed and attested without a key
 * (Sigstore), and scanned, with what is found in the code scanning of the repository.
 *
 * @throws UserError for a repository that no registry could have, or that has a tag, and for an option
 * that it does not have
 * @example
 * releaseWorkflow(image.runtime, { repository: 'ghcr.io/acme/app' })
 */
export function releaseWorkflow(image: BuiltImage, options: ReleaseWorkflowOptions): WorkflowValue {
  const origin = originOf(releaseWorkflow)
  checkOptions('releaseWorkflow(…)', options, kinds, origin)
  if (!isRepository(options.repository)) {
    throw new UserError({
      what: `${JSON.stringify(options.repository)} cannot be the repository of an image`,
      help: "Write it in lower case and without a tag, like 'ghcr.io/acme/app': the release names the tag.",
      origin,
    })
  }
  const build = buildJob(image, options)
  const publish = publishJob(build, options)
  return workflow(options.path ?? '.github/workflows/release.yml', {
    name: 'Release',
    on: { push: { tags: [...(options.tags ?? ['v*'])] } },
    // Two releases at once would race for the tag; neither is ended half-way.
    concurrency: { group: 'release', 'cancel-in-progress': false },
    jobs: [build, publish, scanJob(publish, options)],
  })
}

/** A registry, and names in lower case: a comma or a tag would change what is pushed. */
function isRepository(text: string): boolean {
  const name = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
  const registry = '[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?'
  return text.length <= 255 && new RegExp(`^(?:${registry}/)?${name}(?:/${name})*$`).test(text)
}

/** The registry of an image's name; none is Docker Hub. */
function registryOf(repository: string): string | undefined {
  const [first = ''] = repository.split('/')
  return repository.includes('/') && /[.:]|^localhost$/.test(first) ? first : undefined
}

function login({ repository, login: names }: ReleaseWorkflowOptions) {
  const registry = registryOf(repository)
  return uses('docker/login-action', {
    with: {
      ...(registry !== undefined && { registry }),
      username: names ? secrets(names.username) : github.actor,
      password: names ? secrets(names.password) : github.token,
    },
  })
}

function environmentOf({ environment }: ReleaseWorkflowOptions) {
  return environment === undefined ? {} : { environment }
}

function buildJob({ build }: BuiltImage, options: ReleaseWorkflowOptions) {
  const { platform, runner } = platforms.each
  const image = uses('docker/build-push-action', {
    id: 'image',
    outputs: ['digest'],
    name: 'Build, and push by digest',
    with: {
      context: deferred(({ folder }) => posix.join(folder, build.context)),
      file: deferred(({ folder }) => posix.join(folder, build.dockerfile)),
      target: build.target,
      platforms: platform,
      'build-args': text`REVISION=${github.sha}`,
      outputs: `type=image,name=${options.repository},push-by-digest=true,name-canonical=true,push=true`,
      provenance: 'mode=max',
      sbom: true,
    },
  })
  return job('build', {
    name: text`Build for ${platform}`,
    'runs-on': runner,
    ...environmentOf(options),
    strategy: { matrix: platforms },
    permissions: because({ contents: 'read', packages: 'write' }, { packages: 'pushes the image' }),
    'timeout-minutes': 60,
    steps: [
      uses('actions/checkout'),
      uses('docker/setup-buildx-action'),
      login(options),
      image,
      run('mkdir digests && touch "digests/${DIGEST#sha256:}"', {
        name: 'Remember the digest',
        env: { DIGEST: image.outputs.digest },
      }),
      uses('actions/upload-artifact', {
        with: {
          name: text`digest-${runner}`,
          path: 'digests/*',
          'if-no-files-found': 'error',
          'retention-days': 1,
        },
      }),
    ],
  })
}

const join = `set -- digests/*
[ -e "$1" ]
docker buildx imagetools create --tag "$REPOSITORY:$TAG" "\${@/#digests\\//$REPOSITORY@sha256:}"
digest=$(docker buildx imagetools inspect "$REPOSITORY:$TAG" --format '{{.Manifest.Digest}}')
[[ $digest == sha256:* ]]
echo "digest=$digest" >>"$GITHUB_OUTPUT"
`

function publishJob(build: JobValue, options: ReleaseWorkflowOptions) {
  const { repository } = options
  const joined = run(join, {
    id: 'joined',
    outputs: ['digest'],
    name: 'Join the platforms under the tag',
    env: { REPOSITORY: repository, TAG: github.ref_name },
  })
  return job('publish', {
    name: 'Publish',
    'runs-on': 'ubuntu-24.04',
    ...environmentOf(options),
    needs: [build],
    permissions: because(
      { contents: 'read', packages: 'write', 'id-token': 'write', attestations: 'write' },
      {
        packages: 'pushes the tag, the signature and the attestation',
        'id-token': 'signs as this workflow, without a key',
        attestations: 'keeps the attestation in the repository',
      },
    ),
    outputs: { digest: joined.outputs.digest },
    steps: [
      uses('actions/download-artifact', {
        with: { pattern: 'digest-*', path: 'digests', 'merge-multiple': true },
      }),
      uses('docker/setup-buildx-action'),
      login(options),
      joined,
      uses('sigstore/cosign-installer'),
      run('cosign sign --yes "$REPOSITORY@$DIGEST"', {
        name: 'Sign it, without a key',
        env: { REPOSITORY: repository, DIGEST: joined.outputs.digest },
      }),
      uses('actions/attest', {
        name: 'Attest where it comes from',
        with: {
          'subject-name': repository,
          'subject-digest': joined.outputs.digest,
          'push-to-registry': true,
        },
      }),
    ],
  })
}

function scanJob(
  publish: ReturnType<typeof publishJob>,
  options: ReleaseWorkflowOptions,
): JobValue {
  return job('scan', {
    name: 'Scan',
    'runs-on': 'ubuntu-24.04',
    ...environmentOf(options),
    permissions: because(
      { contents: 'read', packages: 'read', 'security-events': 'write' },
      { packages: 'pulls the image', 'security-events': 'tells the code scanning' },
    ),
    steps: [
      login(options),
      uses('aquasecurity/trivy-action', {
        name: 'Scan for known vulnerabilities',
        with: {
          'image-ref': text`${options.repository}@${publish.outputs.digest}`,
          format: 'sarif',
          output: 'scan.sarif',
          'ignore-unfixed': true,
          severity: 'CRITICAL,HIGH',
          'exit-code': 1,
        },
      }),
      uses('github/codeql-action/upload-sarif', {
        name: 'Tell the code scanning of the repository',
        if: expr`${always()} && hashFiles('scan.sarif') != ''`,
        with: { sarif_file: 'scan.sarif' },
      }),
    ],
  })
}
