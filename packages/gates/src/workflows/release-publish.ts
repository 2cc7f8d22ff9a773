import { github, type JobValue, job, run, uses, withReasons } from '@erlmcp/workflow'
import { releaseLogin, whereAllowed } from './release-build.ts'
import type { Release, TagAlias } from './release-options.ts'
import { prefixOf } from './release-verify.ts'
import { environmentOf, machineOf } from './setup.ts'

/** The tag itself, with `+` replaced, which a registry rejects. */
const begin = `tags=("\${TAG//+/_}")
`

/** An alias moves only to the newest matching version, and never to a pre-release. */
const latestVersion = `version=\${TAG#"$PREFIX"}
newest() {
  gh api --paginate "repos/$GITHUB_REPOSITORY/git/matching-refs/tags/$PREFIX$1" --jq '.[].ref' |
    while read -r ref; do echo "\${ref#"refs/tags/$PREFIX"}"; done |
    { grep -xE '[0-9]+(\\.[0-9]+)*' || true; } | sort -V | tail -n 1
}
alias() {
  if [ "$(newest "$1")" = "$version" ]; then tags+=("$2"); fi
}
`

const aliasLines: Readonly<Record<TagAlias, string>> = {
  version: '[ "$version" = "$TAG" ] || tags+=("${version//+/_}")\n',
  minor:
    'if [[ $version =~ ^[0-9]+\\.[0-9]+\\.[0-9]+$ ]]; then alias "${version%.*}." "${version%.*}"; fi\n',
  major:
    'if [[ $version =~ ^[0-9]+(\\.[0-9]+)+$ ]]; then alias "${version%%.*}." "${version%%.*}"; fi\n',
  latest: 'alias "" latest\n',
}

const join = `set -- digests/*
[ -e "$1" ]
names=()
for tag in "\${tags[@]}"; do names+=(--tag "$REPOSITORY:$tag"); done
docker buildx imagetools create "\${names[@]}" "\${@/#digests\\//$REPOSITORY@sha256:}"
digest=$(docker buildx imagetools inspect "$REPOSITORY:\${tags[0]}" --format '{{.Manifest.Digest}}')
[[ $digest == sha256:* ]]
echo "digest=$digest" >>"$GITHUB_OUTPUT"
`

/** The job that joins the platforms under the tag, signs the image and attests it. */
export function publishJob(build: JobValue, release: Release): JobValue<'digest'> {
  const { repository, aliases = [], sign = true } = release
  const attest = whereAllowed(release.attest)
  const wanted = [...new Set(aliases)].map((one) => aliasLines[one])
  const joined = run(`${begin}${wanted.length > 0 ? latestVersion : ''}${wanted.join('')}${join}`, {
    id: 'joined',
    outputs: ['digest'],
    name: 'Join the platforms under the tag',
    env: {
      REPOSITORY: repository,
      TAG: github.ref_name,
      ...(wanted.length > 0 && {
        PREFIX: prefixOf(release.tags.find((one) => !one.startsWith('!')) ?? 'v*'),
        GH_TOKEN: github.token,
      }),
    },
  })
  return job('publish', {
    name: 'Publish',
    'runs-on': machineOf(release),
    ...environmentOf(release),
    needs: [build],
    permissions: withReasons(
      {
        contents: 'read',
        packages: 'write',
        ...((sign || attest) && { 'id-token': 'write' }),
        ...(attest && { attestations: 'write' }),
      },
      {
        packages: 'pushes the tag, the signature and the attestation',
        'id-token': 'signs as this workflow, without a key',
        attestations: 'stores the attestation',
      },
    ),
    outputs: { digest: joined.outputs.digest },
    steps: [
      uses('actions/download-artifact', {
        with: { pattern: 'digest-*', path: 'digests', 'merge-multiple': true },
      }),
      uses('docker/setup-buildx-action'),
      releaseLogin(release),
      joined,
      ...(sign
        ? [
            uses('sigstore/cosign-installer'),
            run('cosign sign --yes "$REPOSITORY@$DIGEST"', {
              name: 'Sign without a key',
              env: { REPOSITORY: repository, DIGEST: joined.outputs.digest },
            }),
          ]
        : []),
      ...(attest
        ? [
            uses('actions/attest', {
              name: 'Attest the provenance',
              ...attest,
              with: {
                'subject-name': repository,
                'subject-digest': joined.outputs.digest,
                'push-to-registry': true,
              },
            }),
          ]
        : []),
    ],
  })
}

const announce = `if gh release view "$TAG" >/dev/null 2>&1; then exit 0; fi
options=(--verify-tag --generate-notes --title "$TAG" --notes "Image: $REPOSITORY@$DIGEST")
[[ $TAG != *-* ]] || options+=(--prerelease)
gh release create "$TAG" "\${options[@]}"
`

/** The job that creates the GitHub release. */
export function githubReleaseJob(publish: JobValue<'digest'>, release: Release): JobValue {
  return job('announce', {
    name: 'GitHub release',
    'runs-on': machineOf(release),
    needs: [publish],
    permissions: withReasons({ contents: 'write' }, { contents: 'creates the release' }),
    'timeout-minutes': 10,
    steps: [
      run(announce, {
        name: 'Create the release',
        env: {
          GH_TOKEN: github.token,
          GH_REPO: github.repository,
          TAG: github.ref_name,
          REPOSITORY: release.repository,
          DIGEST: publish.outputs.digest,
        },
      }),
    ],
  })
}
