import type { OneOrMore } from './scalar.ts'

/** How old a release must be before an update to it is proposed, in days. */
export interface Cooldown {
  readonly 'default-days'?: number
  readonly 'semver-major-days'?: number
  readonly 'semver-minor-days'?: number
  readonly 'semver-patch-days'?: number
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
}

export interface DependabotSchedule {
  readonly interval: 'daily' | 'weekly' | 'monthly' | 'quarterly' | 'semiannually' | 'yearly'
  readonly day?: 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'
  /** `hh:mm`. */
  readonly time?: string
  readonly timezone?: string
}

/** Updates that come in one pull request. */
export interface DependabotGroup {
  readonly patterns?: readonly string[]
  readonly 'exclude-patterns'?: readonly string[]
  readonly 'update-types'?: readonly ('major' | 'minor' | 'patch')[]
  readonly 'applies-to'?: 'version-updates' | 'security-updates'
}

export interface DependabotUpdate {
  /** `github-actions`, `docker`, `docker-compose`, `npm`, … */
  readonly 'package-ecosystem': string
  readonly directory?: string
  readonly directories?: readonly string[]
  readonly schedule: DependabotSchedule
  readonly cooldown?: Cooldown
  readonly groups?: { readonly [name: string]: DependabotGroup }
  readonly labels?: readonly string[]
  /** Default: 5. */
  readonly 'open-pull-requests-limit'?: number
  readonly 'commit-message'?: { readonly prefix?: string; readonly include?: 'scope' }
  readonly 'target-branch'?: string
  readonly reviewers?: OneOrMore<string>
}

/**
 * A `.github/dependabot.yml`, as far as updates of actions and images need it (Dependabot options
 * reference).
 */
export interface DependabotFile {
  readonly version: 2
  readonly updates: readonly DependabotUpdate[]
}
