import { stack, synthesize } from '@erlmcp/core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  type DependabotOptions,
  type DependabotUpdate,
  dependabot,
  withUnknownKeys,
} from '../index.ts'

const docker: DependabotUpdate = {
  'package-ecosystem': 'docker',
  directory: '/',
  schedule: { interval: 'weekly' },
}

function rawExpression(options: DependabotOptions = {}): string {
  return synthesize(stack('shop', [dependabot(options)])).artifacts[0]!.text
}

const one = (update: object) => () => dependabot({ updates: [{ ...docker, ...update }] })

describe('dependabot', () => {
  it('takes every key of the options reference', () => {
    const whole: DependabotUpdate = {
      ...docker,
      schedule: { interval: 'cron', cronjob: '0 9 * * 1', timezone: 'Europe/Berlin' },
      allow: [{ 'dependency-type': 'direct' }],
      assignees: ['octocat'],
      'commit-message': { prefix: 'deps', 'prefix-development': 'dev', include: 'scope' },
      cooldown: { 'default-days': 3, include: ['*'] },
      'exclude-paths': ['vendor/**'],
      groups: {
        all: { patterns: ['*'], 'update-types': ['minor'], 'group-by': 'dependency-name' },
      },
      ignore: [
        {
          'dependency-name': 'erlang',
          versions: '>= 30',
          'update-types': ['version-update:semver-major'],
        },
      ],
      'insecure-external-code-execution': 'deny',
      labels: ['deps'],
      milestone: 4,
      'open-pull-requests-limit': 2,
      'pull-request-branch-name': { separator: '-' },
      'rebase-strategy': 'disabled',
      registries: ['ghcr'],
      'target-branch': 'next',
      vendor: true,
      'versioning-strategy': 'increase',
    }
    const registries = {
      ghcr: { type: 'docker-registry', url: 'https://ghcr.io', password: '${{secrets.TOKEN}}' },
    } as const
    const file = parse(rawExpression({ updates: [whole], registries }))
    expect(file.updates[1]).toEqual(whole)
    expect(file.registries).toEqual(registries)
  })

  it('lets updates of several ecosystems come in one pull request', () => {
    const { schedule, ...rest } = docker
    const group = { 'multi-ecosystem-group': 'infra', patterns: ['*'] }
    const groups = { infra: { schedule: schedule! } }
    const file = parse(
      rawExpression({ updates: [{ ...rest, ...group }], 'multi-ecosystem-groups': groups }),
    )
    expect(file['multi-ecosystem-groups']).toEqual(groups)
  })

  it('takes an update of the actions for the default one', () => {
    const mine = { ...docker, 'package-ecosystem': 'github-actions' } as const
    expect(parse(rawExpression({ updates: [mine] })).updates).toEqual([mine])
  })

  it('prints a key that it does not know yet with its reason', () => {
    const update = withUnknownKeys(docker, { 'merge-queue': true }, 'beta of May 2027')
    expect(rawExpression({ updates: [update] })).toContain('merge-queue: true # beta of May 2027')
  })

  it.each<[string, () => unknown, string]>([
    [
      'an ecosystem that is misspelt',
      one({ 'package-ecosystem': 'dokcer' }),
      'Did you mean `docker`?',
    ],
    ['an ecosystem by another name', one({ 'package-ecosystem': 'rebar3' }), 'Did you mean `mix`?'],
    ['an unknown ecosystem', one({ 'package-ecosystem': 'homebrew' }), 'Use one of bazel'],
    ['a key', one({ lables: [] }), 'Did you mean `labels`?'],
    [
      'a key of the schedule',
      one({ schedule: { intervall: 'daily' } }),
      'Did you mean `interval`?',
    ],
    ['an interval', one({ schedule: { interval: 'hourly' } }), 'expected "daily", "weekly"'],
    ['a key of a group', one({ groups: { a: { pattern: ['*'] } } }), 'Did you mean `patterns`?'],
    [
      'a type of an ignore',
      one({ ignore: [{ 'update-types': ['major'] }] }),
      'version-update:semver-major',
    ],
    ['no directory', one({ directory: undefined }), 'has no directory'],
    ['two kinds of directory', one({ directories: ['/'] }), 'both directory and directories'],
    ['no schedule', one({ schedule: undefined }), 'has no schedule'],
    ['cron without a time', one({ schedule: { interval: 'cron' } }), 'with no cronjob'],
    ['an unknown registry', one({ registries: ['a'] }), 'unknown registry a'],
    ['an unknown group', one({ 'multi-ecosystem-group': 'a' }), 'unknown group a'],
    [
      'two of one directory',
      () => dependabot({ updates: [docker, docker] }),
      'duplicate update of docker in /',
    ],
    [
      'a text for an object',
      () => dependabot({ updates: ['docker' as never] }),
      'expected an object, got "docker"',
    ],
  ])('rejects %s: Dependabot would update nothing', (_, make, words) => {
    expect(make).toThrow(words)
    expect(make).toThrow(/dependabot\.test\.ts:\d+:\d+: /)
  })
})
