import type { SysConfig } from './config/sys-config.ts'
import type { VmArgs } from './config/vm-args.ts'
import type { Bases, Digest, Flavour, NamedBases, OtpVersion } from './image/bases.ts'
import type { ErlangProject } from './project/project.ts'

/** Labels of the OCI image spec, "Annotations", without their prefix `org.opencontainers.image.`. */
export interface ImageLabels {
  /** Default: the release. */
  readonly title?: string
  readonly description?: string
  /** Where the source is. */
  readonly source?: string
  readonly url?: string
  readonly documentation?: string
  readonly vendor?: string
  readonly authors?: string
  /** SPDX expression. */
  readonly licenses?: string
}

/** Where the application reports its health. Any status but 2xx is a failure. */
export interface HealthOptions {
  /** Port within the container. Default 9090. `<RELEASE>_HEALTH_PORT` moves it at run time. */
  readonly port?: number
  /** Path of the level `live`, which HEALTHCHECK requests. Default `/health/live`. */
  readonly live?: string
  /** Path of the level `ready`: it can serve. Default `/health/ready`. */
  readonly ready?: string
  /** Path of the level `cluster`: it is connected to its peers. Default `/health/cluster`. */
  readonly cluster?: string
}

/** Debian or Alpine packages by stage, in addition to those that the stage needs. */
export interface PackageOptions {
  /**
   * For the builder, such as a compiler for NIFs. Default: `git` and `ca-certificates` where the
   * project has dependencies from git, else none.
   */
  readonly build?: readonly string[]
  /** For the runtime: `ca-certificates`, `tzdata`, libraries of NIFs. Default: none. */
  readonly runtime?: readonly string[]
  /** For the debug image, in addition to its tools. Default: none. */
  readonly debug?: readonly string[]
  /** Version by package, installed as `name=version`. Default: that of the archive of the base. */
  readonly versions?: Readonly<Record<string, string>>
}

/** Options of `erlangImage`. Those that are missing are read from the project. */
export interface ErlangImageOptions {
  /**
   * The project, by `readErlangProject`. Default: that of the nearest rebar.config at or above the
   * file that calls erlangImage, within its repository.
   */
  readonly project?: ErlangProject
  /**
   * Name of the release in rebar.config. The image has it in `/opt/<release>`. Default: the only
   * release of the project.
   */
  readonly release?: string
  /**
   * Version of the release in rebar.config; the build stops where it differs. Tags have `_` for `+`.
   * Default: that of rebar.config, unless it comes from git or from a command.
   */
  readonly version?: string
  /**
   * Release of Erlang/OTP with all numbers, the tag of the official image. Default: that of
   * `.tool-versions`, else `28.3.1`.
   */
  readonly otp?: OtpVersion
  /** Default `debian`: `erlang:…-slim` on `debian:…-slim`. */
  readonly flavour?: Flavour
  /** Digests of the two bases, whose tags can change. Default: none. */
  readonly digests?: { readonly builder?: Digest; readonly runtime?: Digest }
  /** Other base images, of the same OS release. Default: the official ones of the OTP release. */
  readonly bases?: NamedBases
  /**
   * Folder of the project for the generated files, such as `worker`. Of several releases each but
   * one needs its own. The build context is the root of the project; BuildKit reads the
   * `.dockerignore` beside the Dockerfile. Default: the root.
   */
  readonly folder?: string
  /**
   * Tag of the runtime image. Default `<release>:<version>` in lower case; the others add `-debug`,
   * `-builder`.
   */
  readonly image?: string
  /**
   * Files that determine the dependencies; a folder ends with a slash, such as `_checkouts/`.
   * Default: `rebar.config`, `rebar.lock`, and in a project that was read also the rebar.config of
   * its applications, its scripts and `_checkouts/`.
   */
  readonly dependencyFiles?: readonly string[]
  /**
   * Files and folders that the release is compiled from. Default: the applications of the project and
   * the files that relx copies; `apps` without a project.
   */
  readonly sources?: readonly string[]
  /** Packages by stage. Default: those that the stages need. */
  readonly packages?: PackageOptions
  /** Ports for EXPOSE, without that of the distribution. Default 8080 and the health port. */
  readonly ports?: readonly number[]
  /** Labels of the runtime image. Default: title and version. */
  readonly labels?: ImageLabels
  /** Port and paths of the health checks. */
  readonly health?: HealthOptions
  /**
   * Which nodes can connect by the Erlang distribution. `local` (default): those of this container,
   * over its loopback interface. `tls`: nodes with a certificate of the same authority, over TLS 1.3;
   * needs the secrets `dist-ca`, `dist-cert`, `dist-key` and `erlang-cookie`. Neither uses epmd.
   */
  readonly distribution?: 'local' | 'tls'
  /** Flags of the emulator. Default: those of the distribution, and `+Q 65536`. */
  readonly vmArgs?: VmArgs
  /** Configuration of the applications. Default: none. */
  readonly sysConfig?: SysConfig
}

/** The options after the project was read. */
export interface StatedOptions extends Omit<ErlangImageOptions, 'project'> {
  readonly release: string
  readonly version: string
  readonly otp: OtpVersion
}

/** Paths of the generated files, relative to the project and to the build folder. */
export interface ImagePaths {
  readonly dockerfile: string
  readonly ignore: string
  /** Folder of the next three. */
  readonly config: string
  readonly vmArgs: string
  readonly sysConfig: string
  readonly sslDist: string
  readonly scripts: string
}

/** The options with their defaults, and the bases derived from them. */
export interface ResolvedOptions {
  readonly paths: ImagePaths
  readonly release: string
  readonly version: string
  readonly flavour: Flavour
  readonly bases: Bases
  readonly dependencyFiles: readonly string[]
  readonly sources: readonly string[]
  readonly packages: PackageOptions
  readonly ports: readonly number[]
  readonly labels: ImageLabels
  readonly distribution: 'local' | 'tls'
}
