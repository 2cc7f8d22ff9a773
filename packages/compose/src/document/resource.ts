import type { BooleanLike, DriverOptions, Extensible, ListOrDict, NumberLike } from './scalar.ts'

/** Exists already and is not made by this file; the object form with a name is deprecated. */
export type External = BooleanLike | ExternalName

export interface ExternalName extends Extensible {
  readonly name?: string
}

/** A network (Compose spec, "Networks top-level element"). `null` takes all defaults. */
export interface Network extends Extensible {
  /** Real name on the engine. Default: `<project>_<key>`. */
  readonly name?: string
  /** `bridge`, `overlay`, `host`, `none`, `macvlan`, … Default: the engine's. */
  readonly driver?: string
  readonly driver_opts?: DriverOptions
  /** Addresses. */
  readonly ipam?: Ipam
  readonly external?: External
  /** Without a way out. Default: `false`. */
  readonly internal?: BooleanLike
  readonly enable_ipv4?: BooleanLike
  readonly enable_ipv6?: BooleanLike
  /** Whether containers outside the project may join. Default: `false`. Overlay only. */
  readonly attachable?: BooleanLike
  readonly labels?: ListOrDict
}

export interface Ipam extends Extensible {
  readonly driver?: string
  readonly config?: readonly IpamPool[]
  readonly options?: { readonly [option: string]: string }
}

export interface IpamPool extends Extensible {
  /** CIDR, such as `172.28.0.0/16`. */
  readonly subnet?: string
  /** CIDR within the subnet that containers get addresses from. */
  readonly ip_range?: string
  readonly gateway?: string
  /** Addresses that the engine must not give away, by host name. */
  readonly aux_addresses?: { readonly [host: string]: string }
}

/** A named volume (Compose spec, "Volumes top-level element"). `null` takes all defaults. */
export interface Volume extends Extensible {
  /** Real name on the engine. Default: `<project>_<key>`. */
  readonly name?: string
  /** Default: `local`. */
  readonly driver?: string
  readonly driver_opts?: DriverOptions
  readonly external?: External
  readonly labels?: ListOrDict
}

/** A secret (Compose spec, "Secrets top-level element"). */
export interface Secret extends Extensible {
  readonly name?: string
  /** Variable of the shell that holds it. */
  readonly environment?: string
  /** File that holds it, relative to the compose file. */
  readonly file?: string
  readonly external?: External
  readonly labels?: ListOrDict
  readonly driver?: string
  readonly driver_opts?: DriverOptions
  readonly template_driver?: string
}

/** A config (Compose spec, "Configs top-level element"). */
export interface Config extends Extensible {
  readonly name?: string
  /** The text itself; interpolated. */
  readonly content?: string
  /** Variable of the shell that holds it. */
  readonly environment?: string
  /** File that holds it, relative to the compose file. */
  readonly file?: string
  readonly external?: External
  readonly labels?: ListOrDict
  readonly template_driver?: string
}

/** An AI model that Compose runs (Compose spec, "Models top-level element"). */
export interface Model extends Extensible {
  readonly name?: string
  /** OCI artifact of the model, such as `ai/smollm2`. */
  readonly model: string
  /** Tokens of context. */
  readonly context_size?: number
  readonly runtime_flags?: readonly string[]
}

/** Access of a service to a secret or config, long form. */
export interface Grant extends Extensible {
  /** Key of the secret or config. */
  readonly source?: string
  /** Path in the container; of a secret relative to /run/secrets. Default: the key. */
  readonly target?: string
  /** Owner in the container. Honoured by swarm only. */
  readonly uid?: string
  /** Group in the container. Honoured by swarm only. */
  readonly gid?: string
  /** Permission bits, such as 0o400. Honoured by swarm only. Default: 0o444. */
  readonly mode?: NumberLike
}

/** A file that this one takes in (Compose spec, "Include"). */
export type Include = string | IncludeFile

export interface IncludeFile {
  readonly path?: string | readonly string[]
  readonly env_file?: string | readonly string[]
  readonly project_directory?: string
}
