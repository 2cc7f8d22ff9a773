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
  readonly interval:
    | 'daily'
    | 'weekly'
    | 'monthly'
    | 'quarterly'
    | 'semiannually'
    | 'yearly'
    | 'cron'
  /** For `weekly`. */
  readonly day?: 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'
  /** `hh:mm`. */
  readonly time?: string
  readonly timezone?: string
  /** For `cron`: five fields, or a sentence such as `every weekday at 9am`. */
  readonly cronjob?: string
}

/** Updates that come in one pull request. */
export interface DependabotGroup {
  readonly patterns?: readonly string[]
  readonly 'exclude-patterns'?: readonly string[]
  readonly 'dependency-type'?: 'production' | 'development'
  readonly 'update-types'?: readonly ('major' | 'minor' | 'patch')[]
  readonly 'applies-to'?: 'version-updates' | 'security-updates'
  /** One pull request for one dependency in several directories. */
  readonly 'group-by'?: 'dependency-name'
}

/** Dependencies that alone are updated. */
export interface DependabotAllow {
  readonly 'dependency-name'?: string
  readonly 'dependency-type'?: 'direct' | 'indirect' | 'all' | 'production' | 'development'
  readonly 'update-types'?: readonly DependabotUpdateType[]
}

/** Dependencies or versions that are not updated. */
export interface DependabotIgnore {
  readonly 'dependency-name'?: string
  readonly versions?: OneOrMore<string>
  readonly 'update-types'?: readonly DependabotUpdateType[]
}

export type DependabotUpdateType =
  | 'version-update:semver-major'
  | 'version-update:semver-minor'
  | 'version-update:semver-patch'

export interface DependabotCommitMessage {
  readonly prefix?: string
  readonly 'prefix-development'?: string
  readonly include?: 'scope'
}

/** A package manager of Dependabot (Supported ecosystems and repositories). */
export type DependabotEcosystem =
  | ('bazel' | 'bun' | 'bundler' | 'cargo' | 'composer' | 'conda' | 'deno' | 'devcontainers')
  | ('docker' | 'docker-compose' | 'dotnet-sdk' | 'elm' | 'github-actions' | 'gitsubmodule')
  | ('gomod' | 'gradle' | 'helm' | 'julia' | 'maven' | 'mix' | 'nix' | 'npm' | 'nuget')
  | ('opentofu' | 'pip' | 'pre-commit' | 'pub' | 'rust-toolchain' | 'sbt' | 'swift')
  | ('terraform' | 'uv' | 'vcpkg')

/** The updates of one package manager in some directories (Dependabot options reference). */
export interface DependabotUpdate {
  /** `github-actions`, `docker`, `docker-compose`, `npm`, `mix` (Hex and rebar3), … */
  readonly 'package-ecosystem': DependabotEcosystem
  /** Where its files are: this, or `directories`. */
  readonly directory?: string
  readonly directories?: readonly string[]
  /** Needed, but where a `multi-ecosystem-group` has one. */
  readonly schedule?: DependabotSchedule
  readonly allow?: readonly DependabotAllow[]
  readonly assignees?: readonly string[]
  readonly 'commit-message'?: DependabotCommitMessage
  readonly cooldown?: Cooldown
  readonly 'exclude-paths'?: readonly string[]
  readonly groups?: { readonly [name: string]: DependabotGroup }
  readonly ignore?: readonly DependabotIgnore[]
  readonly 'insecure-external-code-execution'?: 'allow' | 'deny'
  readonly labels?: readonly string[]
  /** The number of a milestone. */
  readonly milestone?: number
  /** One of `multi-ecosystem-groups`. */
  readonly 'multi-ecosystem-group'?: string
  /** Default: 5. */
  readonly 'open-pull-requests-limit'?: number
  /** For a `multi-ecosystem-group`. */
  readonly patterns?: readonly string[]
  readonly 'pull-request-branch-name'?: { readonly separator: '-' | '_' | '/' }
  readonly 'rebase-strategy'?: 'auto' | 'disabled'
  /** Names of `registries`, or all of them. */
  readonly registries?: '*' | readonly string[]
  readonly reviewers?: OneOrMore<string>
  readonly 'target-branch'?: string
  readonly vendor?: boolean
  readonly 'versioning-strategy'?:
    | 'auto'
    | 'increase'
    | 'increase-if-necessary'
    | 'lockfile-only'
    | 'widen'
}

/** A private registry; its secrets are `${{secrets.NAME}}` of Dependabot. */
export interface DependabotRegistry {
  readonly type:
    | ('cargo-registry' | 'composer-repository' | 'docker-registry' | 'git' | 'goproxy-server')
    | ('helm-registry' | 'hex-organization' | 'hex-repository' | 'maven-repository')
    | ('npm-registry' | 'nuget-feed' | 'pub-repository' | 'python-index' | 'rubygems-server')
    | 'terraform-registry'
  readonly [key: string]: string | boolean
}

/** Updates of several package managers in one pull request. */
export interface DependabotMultiGroup {
  readonly schedule: DependabotSchedule
  readonly assignees?: readonly string[]
  readonly 'commit-message'?: DependabotCommitMessage
  readonly labels?: readonly string[]
  readonly milestone?: number
  readonly 'open-pull-requests-limit'?: number
  readonly 'pull-request-branch-name'?: { readonly separator: '-' | '_' | '/' }
  readonly 'target-branch'?: string
}

/** A `.github/dependabot.yml` (Dependabot options reference). */
export interface DependabotFile {
  readonly version: 2
  readonly 'enable-beta-ecosystems'?: boolean
  readonly 'multi-ecosystem-groups'?: { readonly [name: string]: DependabotMultiGroup }
  readonly registries?: { readonly [name: string]: DependabotRegistry }
  readonly updates: readonly DependabotUpdate[]
}
