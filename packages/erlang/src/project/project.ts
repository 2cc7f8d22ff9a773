import type { Location } from '@erlmcp/core'
import type { Application } from './application.ts'
import type { BuildInputs } from './build-inputs.ts'
import type { Dependency } from './dependency.ts'
import type { Hook } from './hook.ts'
import type { Release } from './release.ts'

/** A text, and where it is written. */
export interface Stated {
  readonly text: string
  readonly location: Location
}

/** Something of a project that only its build knows, or that contradicts itself. */
export interface ProjectNote {
  readonly message: string
  readonly hint: string
  readonly location: Location
}

/** An Erlang project, read from its rebar.config, rebar.lock and `.app.src` files. */
export interface ErlangProject {
  readonly applications: readonly Application[]
  readonly releases: readonly Release[]
  /** Those of the project, of the rebar.config of its applications, and of the profile. */
  readonly dependencies: readonly Dependency[]
  /** Those of rebar.lock, also of dependencies; undefined without the file. */
  readonly locked: readonly Dependency[] | undefined
  /** Plugins of the project and of the profile. */
  readonly plugins: readonly Dependency[]
  /** Names of the profiles in rebar.config. */
  readonly profiles: readonly string[]
  readonly hooks: readonly Hook[]
  /** Folders that are compiled in addition to `src`, by `extra_src_dirs`. */
  readonly extraSources: readonly string[]
  /** `minimum_otp_vsn`. */
  readonly minimumOtp?: Stated
  /** The Erlang of `.tool-versions`. */
  readonly toolVersion?: Stated
  /** Dependencies in `_checkouts`, which replace those of rebar.lock. */
  readonly checkouts: readonly string[]
  /** Programs that change what is read when rebar3 runs: rebar.config.script and the like. */
  readonly scripts: readonly string[]
  readonly notes: readonly ProjectNote[]
  /** What the build of a release needs of the project. */
  readonly inputs: BuildInputs
}
