import { UserError } from '@erlmcp/core'
import type { TermNode } from './parse-terms.ts'
import { elementsOf, findValue, isTuple, keyOf } from './term-access.ts'

/** The settings of rebar.config by profile. */
export interface Settings {
  readonly base: readonly TermNode[]
  /** Those of the profile that is applied; empty where rebar.config does not have it. */
  readonly profile: readonly TermNode[]
  /** Names of all profiles. */
  readonly profiles: readonly string[]
}

/**
 * The settings of a rebar.config and of one of its profiles.
 *
 * @param script whether a rebar.config.script takes the terms, which then may be any
 * @throws UserError for a term that is not `{key, Value}`: rebar3 rejects it
 */
export function settingsOf(terms: readonly TermNode[], profile: string, script: boolean): Settings {
  const other = terms.find((node) => !isTuple(node) || node.items.length !== 2)
  if (other && !script) {
    throw new UserError({
      message: 'expected a setting {key, Value}',
      hint: 'Write every term of rebar.config as a pair of a key and its value.',
      location: other,
    })
  }
  const profiles = elementsOf(findValue(terms, 'profiles'))
  return {
    base: terms,
    profile: elementsOf(findValue(profiles, profile)),
    profiles: profiles.flatMap((node) => keyOf(node) ?? []),
  }
}

/** The value of a setting: that of the profile, else that of the project. */
export function settingOf(settings: Settings, key: string): TermNode | undefined {
  return findValue(settings.profile, key) ?? findValue(settings.base, key)
}

/**
 * The terms of `relx`, merged with those of the profile as rebar3 does (`rebar_opts:merge_opt/3`):
 * sorted by key, those of the profile behind those of the project, so that relx, for which the last
 * value counts, takes them. Without a profile they stay in their order.
 */
export function relxTerms(settings: Settings): readonly TermNode[] {
  const base = elementsOf(findValue(settings.base, 'relx'))
  const profile = findValue(settings.profile, 'relx')
  if (!profile) return base
  if (base.length === 0) return elementsOf(profile)
  const all = [...base, ...elementsOf(profile)]
  const keys = new Map(all.map((node) => [node, keyOf(node) ?? '']))
  return all.sort((a, b) => compare(keys.get(a)!, keys.get(b)!))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
