import { shellWord } from '@erlmcp/core'
import {
  github,
  type JobSpec,
  type JobValue,
  job,
  run,
  uses,
  type WorkflowSpec,
  withReasons,
} from '@erlmcp/workflow'
import type { Release } from './release-options.ts'
import { atRoot, machineOf } from './setup.ts'

/** The part of a tag pattern before the first wildcard: `v` of `v*`. */
export function prefixOf(pattern: string): string {
  return /^[^*?+[\]!\\]*/.exec(pattern)![0]
}

/** The job that requires the version of the stack and a commit whose gates passed. */
export function verifyJob(release: Release): JobValue {
  const { gates } = release
  return job('verify', {
    name: 'Verify',
    'runs-on': machineOf(release),
    'timeout-minutes': 90,
    permissions: withReasons(
      { contents: 'read', ...(gates !== false && { checks: 'read' }) },
      gates === false ? {} : { checks: 'reads the check of the gates' },
    ),
    steps: [
      ...(release.expected === undefined ? [] : [versionStep(release.expected, release.tags)]),
      ...(gates === false ? [] : [uses('actions/checkout'), gatesStep(release)]),
      ...(release.expected === undefined && gates === false
        ? [run('echo "Nothing to verify"', { name: 'Nothing to verify' })]
        : []),
    ],
  })
}

function versionStep(version: string, patterns: readonly string[]) {
  // An image tag cannot have the + of a git tag.
  const versions = [...new Set([version, version.replace('_', '+')])]
  const tags = [...new Set(patterns.filter((one) => !one.startsWith('!')).map(prefixOf))]
    .flatMap((prefix) => versions.map((one) => shellWord(`${prefix}${one}`)))
    .join('|')
  return run(
    `case "$TAG" in
  ${tags}) ;;
  *)
    echo "::error title=The tag is not the version::The tag is $TAG, the stack has $VERSION. Change the version in the stack and synthesize, or tag the commit that has it."
    exit 1
    ;;
esac
`,
    {
      name: 'The tag is the version of the stack',
      env: { TAG: github.ref_name, VERSION: version },
    },
  )
}

/** The gates of the commit may still run, since a push to the branch starts them. */
const ask = `if [ ! -e "$GATES" ]; then
  echo "::notice::$GATES is missing: the gates of this commit are not checked"
  exit 0
fi
commit=$(git rev-parse HEAD)
query='[.check_runs[] | select(.app.slug == "github-actions")] |
  if length == 0 then "missing"
  elif any(.status != "completed") then "running"
  elif all(.conclusion == "success") then "success"
  else "failed" end'
for try in {1..120}; do
  state=$(gh api "repos/$GITHUB_REPOSITORY/commits/$commit/check-runs?check_name=$CHECK&filter=latest" --jq "$query")
  echo "$CHECK of $commit: $state"
  case $state in
    success) exit 0 ;;
    failed) break ;;
    # They may not have begun yet.
    missing) [ "$try" -lt 10 ] || break ;;
  esac
  sleep 30
done
echo "::error title=The gates did not pass::The check $CHECK of $commit is $state. Push the commit to a branch on which the gates run, wait until they pass, and run this again."
exit 1
`

function gatesStep({ gates }: Release) {
  const jobs = gates ? (gates.spec as WorkflowSpec).jobs : []
  const last = jobs.at(-1)
  const name = (last?.spec as JobSpec | undefined)?.name
  return run(ask, {
    name: 'The gates of this commit passed',
    'working-directory': atRoot,
    env: {
      GH_TOKEN: github.token,
      GATES: gates ? gates.path : '.github/workflows/gates.yml',
      CHECK: typeof name === 'string' ? name : (last?.id ?? 'gate'),
    },
  })
}
