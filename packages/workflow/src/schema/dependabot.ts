import { schema } from '@erlmcp/core'
import { key, list, map, object, union, type WorkflowSchema } from './facts.ts'
import { oneOrMore, strings } from './scalars.ts'

const { boolean, integer, number, oneOf, string } = schema

type Keys = Readonly<Record<string, WorkflowSchema>>

const node = (name: string, doc: string, keys: Keys, required: readonly string[] = []) =>
  key(object(keys, { required }), doc, { typeName: name })

const dependencyName = key(string, 'Dependencies whose name matches.')

/** Names that users give a package manager, and what Dependabot calls it. */
export const ecosystemAliases: Readonly<Record<string, string>> = {
  actions: 'github-actions',
  compose: 'docker-compose',
  go: 'gomod',
  hex: 'mix',
  pnpm: 'npm',
  poetry: 'pip',
  python: 'pip',
  rebar3: 'mix',
  rust: 'cargo',
  yarn: 'npm',
}

const ecosystems = [
  ...['bazel', 'bun', 'bundler', 'cargo', 'composer', 'conda', 'deno', 'devcontainers'],
  ...['docker', 'docker-compose', 'dotnet-sdk', 'elm', 'github-actions', 'gitsubmodule'],
  ...['gomod', 'gradle', 'helm', 'julia', 'maven', 'mix', 'nix', 'npm', 'nuget'],
  ...['opentofu', 'pip', 'pre-commit', 'pub', 'rust-toolchain', 'sbt', 'swift'],
  ...['terraform', 'uv', 'vcpkg'],
]

const ecosystem = key(
  {
    ...oneOf(...ecosystems),
    expected: 'a package manager of Dependabot',
    hint: `Use one of ${ecosystems.join(', ')}.`,
  },
  'A package manager: `github-actions`, `docker`, `npm`, `mix` (Hex and rebar3), …',
  { typeName: 'DependabotEcosystem' },
)

const levels = ['major', 'minor', 'patch']

const updateTypes = key(
  list({
    ...oneOf(...levels.map((level) => `version-update:semver-${level}`)),
    typeName: 'DependabotUpdateType',
    doc: 'How large an update is.',
  }),
  'Only updates of these sizes.',
)

const cooldown = node('Cooldown', 'How old a release must be before an update to it is proposed.', {
  'default-days': key(number, 'Days, where no other applies.'),
  'semver-major-days': key(number, 'Days for a major version.'),
  'semver-minor-days': key(number, 'Days for a minor version.'),
  'semver-patch-days': key(number, 'Days for a patch version.'),
  include: key(strings, 'Only dependencies whose name matches.'),
  exclude: key(strings, 'Not dependencies whose name matches.'),
})

const schedule = node(
  'DependabotSchedule',
  'When updates are looked for.',
  {
    interval: key(
      oneOf(...['daily', 'weekly', 'monthly', 'quarterly', 'semiannually', 'yearly', 'cron']),
      'How often.',
    ),
    day: key(
      oneOf(...['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']),
      'Day, for `weekly`.',
    ),
    time: key(string, '`hh:mm`.'),
    timezone: key(string, 'IANA name, such as `Europe/Berlin`.', { default: 'UTC' }),
    cronjob: key(string, 'For `cron`: five fields, or a sentence such as `every weekday at 9am`.'),
  },
  ['interval'],
)

const group = node('DependabotGroup', 'Updates that come in one pull request.', {
  patterns: key(strings, 'Dependencies whose name matches.'),
  'exclude-patterns': key(strings, 'Not dependencies whose name matches.'),
  'dependency-type': key(oneOf('production', 'development'), 'Only dependencies of this type.'),
  'update-types': key(list(oneOf(...levels)), 'Only updates of these sizes.'),
  'applies-to': key(oneOf('version-updates', 'security-updates'), 'Only these updates.'),
  'group-by': key(
    oneOf('dependency-name'),
    'One pull request for a dependency in all directories.',
  ),
})

const allow = node('DependabotAllow', 'Dependencies that are updated.', {
  'dependency-name': dependencyName,
  'dependency-type': key(
    oneOf('direct', 'indirect', 'all', 'production', 'development'),
    'Dependencies of this type.',
  ),
  'update-types': updateTypes,
})

const ignore = node('DependabotIgnore', 'Dependencies or versions that are not updated.', {
  'dependency-name': dependencyName,
  versions: key(oneOrMore(string), 'Versions or ranges.'),
  'update-types': updateTypes,
})

const commitMessage = node('DependabotCommitMessage', 'How its commits are named.', {
  prefix: key(string, 'Before the subject.'),
  'prefix-development': key(string, 'Before the subject, for development dependencies.'),
  include: key(oneOf('scope'), 'Adds the type of the dependency.'),
})

const branchName = node(
  'DependabotBranchName',
  'How its branches are named.',
  { separator: key(oneOf('-', '_', '/'), 'Between the parts of the name.', { default: '`/`' }) },
  ['separator'],
)

/** Keys that updates and groups of several package managers share. */
const shared = {
  schedule: key(schedule, 'When updates are looked for; needed outside a `multi-ecosystem-group`.'),
  assignees: key(strings, 'Assignees of its pull requests.'),
  'commit-message': key(commitMessage, 'How its commits are named.'),
  labels: key(strings, 'Labels of its pull requests.'),
  milestone: key(integer, 'Number of the milestone of its pull requests.'),
  'open-pull-requests-limit': key(integer, 'How many pull requests are open.', { default: '5' }),
  'pull-request-branch-name': key(branchName, 'How its branches are named.'),
  'target-branch': key(string, 'Branch of its pull requests.', { default: 'the default branch' }),
} satisfies Keys

const update = node(
  'DependabotUpdate',
  'Updates of one package manager in some directories.',
  {
    'package-ecosystem': ecosystem,
    directory: key(string, 'Where its files are: this, or `directories`.'),
    directories: key(strings, 'Where its files are, with globs.'),
    ...shared,
    allow: key(list(allow), 'Only these dependencies.'),
    cooldown: key(cooldown, 'How old a release must be.'),
    'exclude-paths': key(strings, 'Paths that are not searched.'),
    groups: key(map(group), 'Updates that come in one pull request, by name.'),
    ignore: key(list(ignore), 'Not these dependencies.'),
    'insecure-external-code-execution': key(
      oneOf('allow', 'deny'),
      'Whether the package manager may run code of dependencies.',
    ),
    'multi-ecosystem-group': key(string, 'One of `multi-ecosystem-groups`.'),
    patterns: key(strings, 'Dependencies whose name matches, for a `multi-ecosystem-group`.'),
    'rebase-strategy': key(oneOf('auto', 'disabled'), 'Whether its branches are rebased.'),
    registries: key(union(oneOf('*'), strings), 'Names of `registries`, or all of them.'),
    reviewers: key(oneOrMore(string), 'Reviewers of its pull requests.'),
    vendor: key(boolean, 'Whether vendored dependencies are updated.'),
    'versioning-strategy': key(
      oneOf('auto', 'increase', 'increase-if-necessary', 'lockfile-only', 'widen'),
      'How version requirements are changed.',
    ),
  },
  ['package-ecosystem'],
)

const registry: WorkflowSchema = key(
  {
    ...object(
      {
        type: key(
          oneOf(
            ...['cargo-registry', 'composer-repository', 'docker-registry', 'git'],
            ...['goproxy-server', 'helm-registry', 'hex-organization', 'hex-repository'],
            ...['maven-repository', 'npm-registry', 'nuget-feed', 'pub-repository'],
            ...['python-index', 'rubygems-server', 'terraform-registry'],
          ),
          'Its kind.',
        ),
      },
      { required: ['type'], additional: 'all' },
    ),
  },
  'A private registry; its secrets are `${{secrets.NAME}}` of Dependabot.',
  { typeName: 'DependabotRegistry', additionalType: 'string | boolean' },
)

const multiGroup = node(
  'DependabotMultiGroup',
  'Updates of several package managers in one pull request.',
  shared,
  ['schedule'],
)

/** `.github/dependabot.yml`. */
export const dependabotSchema = node(
  'DependabotFile',
  'A `.github/dependabot.yml` as plain data.',
  {
    version: key(oneOf(2), 'Version of the format.'),
    'enable-beta-ecosystems': key(boolean, 'Whether package managers in beta are updated.'),
    'multi-ecosystem-groups': key(
      map(multiGroup),
      'Updates of several package managers in one pull request, by name.',
    ),
    registries: key(map(registry), 'Private registries by name.'),
    updates: key(list(update), 'What is updated.'),
  },
  ['version', 'updates'],
)
