import type { Permissions } from './permissions.ts'
import type {
  BooleanLike,
  Condition,
  ExpressionText,
  NumberLike,
  OneOrMore,
  Text,
  Variables,
} from './scalar.ts'
import type { Step } from './step.ts'

/** Which machine runs a job: labels that it must all have, or a group of machines. */
export type RunsOn = OneOrMore<string> | RunnerGroup

export interface RunnerGroup {
  readonly group?: string
  readonly labels?: OneOrMore<string>
}

/** At most one run of a group at a time (workflow syntax, "concurrency"). */
export interface Concurrency {
  readonly group: Text
  /** Whether the one that runs is ended by the next. Default: `false`. */
  readonly 'cancel-in-progress'?: BooleanLike
  /** How many wait: one, the newest (default), or as many as come. */
  readonly queue?: 'single' | 'max' | ExpressionText
}

/** What every `run` step of the workflow or job begins with. */
export interface Defaults {
  readonly run?: { readonly shell?: string; readonly 'working-directory'?: Text } | null
}

/** Values of a combination that is added or taken away. */
export interface MatrixEntry {
  readonly [key: string]: unknown
}

/** A job for every combination of values (workflow syntax, "strategy.matrix"). */
export interface Matrix {
  readonly include?: readonly MatrixEntry[] | ExpressionText
  readonly exclude?: readonly MatrixEntry[] | ExpressionText
  readonly [key: string]: readonly unknown[] | ExpressionText | undefined
}

export interface Strategy {
  readonly matrix?: Matrix | ExpressionText
  /** Whether the others end when one fails. Default: `true`. */
  readonly 'fail-fast'?: BooleanLike
  /** Default: as many as there are machines. */
  readonly 'max-parallel'?: NumberLike
}

/** A deployment environment with its protection rules. */
export interface Environment {
  readonly name: Text
  readonly url?: Text
  /** Whether a deployment is recorded. Default: `true`. */
  readonly deployment?: BooleanLike
}

export interface Credentials {
  readonly username?: Text
  readonly password?: Text
}

/** The container that the steps of a job run in. */
export interface Container {
  readonly image?: Text
  readonly credentials?: Credentials | ExpressionText | null
  readonly env?: Variables
  readonly ports?: readonly (string | number)[]
  readonly volumes?: readonly string[]
  /** Options of `docker create`. */
  readonly options?: Text
}

/** A container beside the steps of a job. */
export interface ServiceContainer extends Container {
  readonly entrypoint?: string
  readonly command?: string
}

interface AnyJob {
  readonly name?: Text
  /** Jobs that come before it. */
  readonly needs?: OneOrMore<string>
  /** Default: `success()`: a job whose need failed or was skipped is skipped. */
  readonly if?: Condition
  readonly permissions?: Permissions
  readonly concurrency?: Concurrency | Text
  readonly strategy?: Strategy | ExpressionText
}

/** A job of steps. */
export interface StepsJob extends AnyJob {
  readonly 'runs-on': RunsOn
  readonly steps?: readonly Step[]
  readonly environment?: Environment | Text
  /** What jobs after it can read: `needs.<id>.outputs`. */
  readonly outputs?: { readonly [name: string]: Text }
  readonly env?: Variables
  readonly defaults?: Defaults | null
  /** Minutes until it is cancelled. Default: 360. */
  readonly 'timeout-minutes'?: NumberLike
  readonly 'cancel-timeout-minutes'?: NumberLike
  /** Whether the run succeeds when it fails. Default: `false`. */
  readonly 'continue-on-error'?: BooleanLike
  readonly container?: Container | Text
  readonly services?: { readonly [name: string]: ServiceContainer | string } | ExpressionText | null
  /** A custom image made of the machine when the job has succeeded. */
  readonly snapshot?:
    | string
    | { readonly 'image-name': string; readonly version?: Text; readonly if?: Condition }
  readonly uses?: never
  readonly with?: never
  readonly secrets?: never
}

/** A job that is another workflow. */
export interface CallJob extends AnyJob {
  /** `./.github/workflows/x.yml`, `$/.github/workflows/x.yml`, `owner/repo/.github/workflows/x.yml@ref`. */
  readonly uses: string
  readonly with?: { readonly [input: string]: Text } | ExpressionText | null
  /** Its secrets by name; `inherit` gives all there are. */
  readonly secrets?: { readonly [name: string]: Text } | 'inherit' | null
  readonly 'runs-on'?: never
  readonly steps?: never
}

/** One job (workflow syntax, "jobs"). */
export type Job = StepsJob | CallJob
