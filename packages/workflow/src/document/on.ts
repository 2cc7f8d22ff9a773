import type { TypeOf } from './activities.ts'
import type { OneOrMore, Text } from './scalar.ts'

/** Names of branches, tags or paths, with patterns: `releases/**`, `!releases/old` (filter patterns). */
export type Patterns = OneOrMore<string | number>

/** An event that can be narrowed to some of its activities. */
export interface Activity<Type extends string> {
  /** Default: all of them, but for pull requests: opened, synchronize and reopened. */
  readonly types?: OneOrMore<Type>
}

interface BranchFilter {
  /** Only these. Not together with `branches-ignore`. */
  readonly branches?: Patterns
  readonly 'branches-ignore'?: Patterns
}

interface PathFilter {
  /** Only when one of these changed. Not together with `paths-ignore`. */
  readonly paths?: Patterns
  readonly 'paths-ignore'?: Patterns
}

export interface Push extends BranchFilter, PathFilter {
  readonly tags?: Patterns
  readonly 'tags-ignore'?: Patterns
}

export interface PullRequest extends Activity<TypeOf<'pull_request'>>, BranchFilter, PathFilter {}

/** One time of a schedule (workflow syntax, "on.schedule"). */
export interface Schedule {
  /** Minute, hour, day of month, month, day of week; at most every five minutes. */
  readonly cron: string
  /** IANA name, such as `Europe/Berlin`. Default: UTC. */
  readonly timezone?: string
}

/** An input of a reusable workflow. */
export interface CallInput {
  readonly description?: Text
  readonly type: 'string' | 'boolean' | 'number'
  /** Default: `false`. */
  readonly required?: boolean
  readonly default?: Text
  readonly deprecationMessage?: string
}

export interface CallSecret {
  readonly description?: Text
  readonly required?: boolean
}

export interface CallOutput {
  readonly description?: Text
  /** An output of one of its jobs: `${{ jobs.build.outputs.digest }}`. */
  readonly value: Text
}

/** What makes a workflow reusable (workflow syntax, "on.workflow_call"). */
export interface WorkflowCall {
  readonly inputs?: { readonly [name: string]: CallInput } | null
  readonly outputs?: { readonly [name: string]: CallOutput } | null
  readonly secrets?: { readonly [name: string]: CallSecret | null } | null
}

/** An input that a person fills in. */
export interface DispatchInput {
  readonly description?: Text
  /** Default: `string`. */
  readonly type?: 'string' | 'boolean' | 'number' | 'choice' | 'environment'
  readonly required?: boolean
  readonly default?: Text
  /** What can be chosen, for `choice`. */
  readonly options?: readonly Text[]
  readonly deprecationMessage?: string
}

export interface WorkflowDispatch {
  readonly inputs?: { readonly [name: string]: DispatchInput | null } | null
}

export interface WorkflowRun extends Activity<TypeOf<'workflow_run'>>, BranchFilter {
  /** Names of workflows. */
  readonly workflows?: OneOrMore<string>
}

export interface ImageVersion extends Activity<TypeOf<'image_version'>> {
  readonly names?: Patterns
  readonly versions?: Patterns
}

/** Every event, and what narrows it (Events that trigger workflows). */
export interface Events {
  readonly branch_protection_rule?: Activity<TypeOf<'branch_protection_rule'>> | null
  readonly check_run?: Activity<TypeOf<'check_run'>> | null
  readonly check_suite?: Activity<TypeOf<'check_suite'>> | null
  readonly create?: null
  readonly delete?: null
  readonly deployment?: null
  readonly deployment_status?: null
  readonly discussion?: Activity<TypeOf<'discussion'>> | null
  readonly discussion_comment?: Activity<TypeOf<'discussion_comment'>> | null
  readonly fork?: null
  readonly gollum?: null
  readonly image_version?: ImageVersion | null
  readonly issue_comment?: Activity<TypeOf<'issue_comment'>> | null
  readonly issues?: Activity<TypeOf<'issues'>> | null
  readonly label?: Activity<TypeOf<'label'>> | null
  readonly merge_group?: (Activity<TypeOf<'merge_group'>> & BranchFilter) | null
  readonly milestone?: Activity<TypeOf<'milestone'>> | null
  readonly page_build?: null
  readonly project?: Activity<TypeOf<'project'>> | null
  readonly project_card?: Activity<TypeOf<'project_card'>> | null
  readonly project_column?: Activity<TypeOf<'project_column'>> | null
  readonly public?: null
  readonly pull_request?: PullRequest | null
  readonly pull_request_comment?: Activity<TypeOf<'pull_request_comment'>> | null
  readonly pull_request_review?: Activity<TypeOf<'pull_request_review'>> | null
  readonly pull_request_review_comment?: Activity<TypeOf<'pull_request_review_comment'>> | null
  readonly pull_request_target?: PullRequest | null
  readonly push?: Push | null
  readonly registry_package?: Activity<TypeOf<'registry_package'>> | null
  readonly release?: Activity<TypeOf<'release'>> | null
  /** Its types are names of your own. */
  readonly repository_dispatch?: Activity<string> | null
  readonly schedule?: readonly Schedule[]
  readonly status?: null
  readonly watch?: Activity<TypeOf<'watch'>> | null
  readonly workflow_call?: WorkflowCall | null
  readonly workflow_dispatch?: WorkflowDispatch | null
  readonly workflow_run?: WorkflowRun | null
}

/** The name of an event. */
export type EventName = keyof Events

/** What starts a workflow: an event, several, or several with filters. */
export type On = EventName | readonly EventName[] | Events
