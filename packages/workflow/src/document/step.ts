import type {
  BooleanLike,
  Condition,
  ExpressionText,
  NumberLike,
  OneOrMore,
  Text,
  Variables,
} from './scalar.ts'

interface Common {
  /** Shown in the log. Default: from what it runs. */
  readonly name?: Text
  /** Unique in the job; how expressions refer to it: `steps.<id>.outputs`. */
  readonly id?: string
  /** Default: `success()`. */
  readonly if?: Condition
  /** Whether the job goes on when it fails. Default: `false`. */
  readonly 'continue-on-error'?: BooleanLike
  /** Minutes until it is killed. Default: the job's. */
  readonly 'timeout-minutes'?: NumberLike
  readonly env?: Variables
  /** Whether the next step starts at once. Default: `false`. */
  readonly background?: boolean
}

/** A step that runs a script. */
export interface RunStep extends Common {
  readonly run: Text
  /** `bash` (with pipefail), `sh`, `pwsh`, `python`, or a command with `{0}`. */
  readonly shell?: string
  readonly 'working-directory'?: Text
}

/** A step that runs an action. */
export interface UsesStep extends Common {
  /** `owner/repo@ref`, `owner/repo/path@ref`, `./path`, `$/path`, `docker://image`. */
  readonly uses: string
  /** Inputs of the action. */
  readonly with?: { readonly [input: string]: Text } | ExpressionText | null
}

interface Control {
  readonly name?: Text
  readonly id?: string
  readonly 'continue-on-error'?: BooleanLike
}

/** A step that waits for steps in the background (workflow syntax, "steps.wait"). */
export interface WaitStep extends Control {
  /** Their ids. */
  readonly wait: OneOrMore<string>
}

/** A step that waits for every step in the background before it. */
export interface WaitAllStep extends Control {
  readonly 'wait-all': boolean | null
}

/** A step that ends a step in the background. */
export interface CancelStep extends Control {
  /** Its id. */
  readonly cancel: string
}

/** Steps that run at once; the job goes on when all have ended. */
export interface ParallelStep {
  readonly parallel: readonly Exactly<Foreground<RunStep> | Foreground<UsesStep>>[]
}

type Foreground<Kind extends Common> = Omit<Kind, 'background'> & { readonly background?: never }

type Only<Kind, All> = Kind & { readonly [Key in Exclude<All, keyof Kind> & string]?: never }
type Keys<Kind> = Kind extends unknown ? keyof Kind : never
type AnyStep = RunStep | UsesStep | WaitStep | WaitAllStep | CancelStep | ParallelStep
type Exactly<Kind> = Kind extends unknown ? Only<Kind, Keys<AnyStep>> : never

/** One step of a job: exactly one of the six kinds. */
export type Step = Exactly<AnyStep>
