import { findSuggestion, type Origin, UserError } from '@erlmcp/core'
import type { DependabotEcosystem, DependabotFile, DependabotUpdate } from '../document.ts'
import { validateKeys } from './validate-keys.ts'

const ecosystems = [
  ...(['bazel', 'bun', 'bundler', 'cargo', 'composer', 'conda', 'deno', 'devcontainers'] as const),
  ...(['docker', 'docker-compose', 'dotnet-sdk', 'elm', 'github-actions', 'gitsubmodule'] as const),
  ...(['gomod', 'gradle', 'helm', 'julia', 'maven', 'mix', 'nix', 'npm', 'nuget'] as const),
  ...(['opentofu', 'pip', 'pre-commit', 'pub', 'rust-toolchain', 'sbt', 'swift'] as const),
  ...(['terraform', 'uv', 'vcpkg'] as const),
] satisfies DependabotEcosystem[]

// What people call a package manager, and Dependabot does not.
const otherNames: ReadonlyMap<string, DependabotEcosystem> = new Map(
  Object.entries({
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
  } as const),
)

const levels = ['major', 'minor', 'patch']
const types = levels.map((level) => `version-update:semver-${level}`)

/** The keys at each place, and what each can be where that is one of a few words. */
const shapes: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>> = {
  update: {
    'package-ecosystem': ecosystems,
    ...any('directory directories schedule allow assignees commit-message cooldown exclude-paths'),
    ...any(
      'groups ignore labels milestone multi-ecosystem-group open-pull-requests-limit patterns',
    ),
    ...any('pull-request-branch-name registries reviewers target-branch vendor'),
    'insecure-external-code-execution': ['allow', 'deny'],
    'rebase-strategy': ['auto', 'disabled'],
    'versioning-strategy': ['auto', 'increase', 'increase-if-necessary', 'lockfile-only', 'widen'],
  },
  'multi-ecosystem-groups': any(
    'schedule assignees commit-message labels milestone open-pull-requests-limit pull-request-branch-name target-branch',
  ),
  schedule: {
    interval: ['daily', 'weekly', 'monthly', 'quarterly', 'semiannually', 'yearly', 'cron'],
    day: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
    ...any('time timezone cronjob'),
  },
  'commit-message': { ...any('prefix prefix-development'), include: ['scope'] },
  cooldown: any(
    'default-days semver-major-days semver-minor-days semver-patch-days include exclude',
  ),
  'pull-request-branch-name': { separator: ['-', '_', '/'] },
  groups: {
    ...any('patterns exclude-patterns'),
    'dependency-type': ['production', 'development'],
    'update-types': levels,
    'applies-to': ['version-updates', 'security-updates'],
    'group-by': ['dependency-name'],
  },
  allow: {
    ...any('dependency-name'),
    'dependency-type': ['direct', 'indirect', 'all', 'production', 'development'],
    'update-types': types,
  },
  ignore: { ...any('dependency-name versions'), 'update-types': types },
}

function any(keys: string): Readonly<Record<string, null>> {
  return Object.fromEntries(keys.split(' ').map((key) => [key, null]))
}

/** Places of which there are several, by name or in a list. */
const several = ['groups', 'allow', 'ignore']

/**
 * Refuses what Dependabot refuses: it then updates nothing at all, and says so on a page of its own.
 *
 * @throws UserError
 */
export function validateDependabot(file: DependabotFile, origin: Origin): void {
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message: `dependabot(…): ${message}`, hint, origin })
  }
  const groups = file['multi-ecosystem-groups'] ?? {}
  for (const [name, group] of Object.entries(groups)) {
    validateSchema('multi-ecosystem-groups', `the group ${name}`, group, origin)
  }
  const seen = new Set<string>()
  for (const update of file.updates) {
    const name = nameOf(update)
    validateSchema('update', name, update, origin)
    const { directory, directories, schedule, registries = [] } = update
    const group = update['multi-ecosystem-group']
    if ((directory === undefined) === (directories === undefined)) {
      refuse(
        `${name} has ${directory === undefined ? 'no directory' : 'both directory and directories'}`,
        "Write directory: '/', or directories with a list.",
      )
    }
    if (group !== undefined && !Object.hasOwn(groups, group)) {
      refuse(
        `${name} is in the group ${group}, which there is not`,
        'Add it to `multi-ecosystem-groups`.',
      )
    }
    if (schedule === undefined && group === undefined) {
      refuse(`${name} has no schedule`, "Write schedule: { interval: 'weekly' }.")
    }
    const isCron = schedule?.interval === 'cron'
    if (schedule && isCron !== (schedule.cronjob !== undefined)) {
      refuse(
        `the schedule of ${name} has ${isCron ? 'no cronjob' : 'a cronjob'}`,
        "Write interval: 'cron' and cronjob, or neither.",
      )
    }
    const unknown = [registries]
      .flat()
      .find((one) => one !== '*' && !Object.hasOwn(file.registries ?? {}, one))
    if (unknown !== undefined) {
      refuse(`${name} uses the registry ${unknown}, which there is not`, 'Add it to `registries`.')
    }
    for (const one of [directory ?? directories ?? []].flat()) {
      const key = [update['package-ecosystem'], one, update['target-branch']].join(' ')
      if (seen.has(key))
        refuse(
          `two updates are of ${name} in ${one}`,
          'Join them, or give one another target-branch.',
        )
      seen.add(key)
    }
  }
}

const nameOf = (update: DependabotUpdate) => String(update?.['package-ecosystem'])

function validateSchema(shape: string, message: string, given: unknown, origin: Origin): void {
  const keys = shapes[shape]!
  if (typeof given !== 'object' || given === null) {
    throw new UserError({
      message: `dependabot(…): expected ${message} to be an object, got ${JSON.stringify(given)}`,
      hint: `It has ${Object.keys(keys).join(', ')}.`,
      origin,
    })
  }
  validateKeys(`${message} of dependabot(…)`, given, Object.keys(keys), origin)
  for (const [key, value] of Object.entries(given)) {
    const words = keys[key]
    if (words) validateEnum(`${key} of ${message}`, value, words, origin)
    if (value === undefined || !Object.hasOwn(shapes, key)) continue
    const inner = several.includes(key) ? Object.values(value as object) : [value]
    for (const one of inner) validateSchema(key, `${key} of ${message}`, one, origin)
  }
}

function validateEnum(
  message: string,
  value: unknown,
  words: readonly string[],
  origin: Origin,
): void {
  const wrong = [value].flat().find((one) => one !== undefined && !words.includes(String(one)))
  if (wrong === undefined) return
  const other =
    words === shapes.update?.['package-ecosystem'] ? otherNames.get(String(wrong)) : undefined
  const meant = other ?? findSuggestion(String(wrong), words)
  throw new UserError({
    message: `dependabot(…): unknown ${message}: ${JSON.stringify(wrong)}`,
    hint: meant ? `Did you mean \`${meant}\`?` : `It can be ${words.join(', ')}.`,
    origin,
  })
}
