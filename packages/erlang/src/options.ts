import type { SysConfig } from './config/sys-config.ts'
import type { VmArgs } from './config/vm-args.ts'
import type { Bases, Digest, Flavour, NamedBases, OtpVersion } from './dockerfile/bases.ts'

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

/** Where the application answers whether it is well. Anything but a 2xx is a no. */
export interface HealthOptions {
  /** Port within the container. Default 9090. `<RELEASE>_HEALTH_PORT` moves it at run time. */
  readonly port?: number
  /** Path of the level that HEALTHCHECK asks: the process answers. Default `/health/live`. */
  readonly live?: string
  /** Path of: it can serve. Default `/health/ready`. */
  readonly ready?: string
  /** Path of: it sees its peers. Default `/health/cluster`. */
  readonly cluster?: string
}

/** Debian or Alpine packages by stage, beside those that the stage cannot do without. */
export interface PackageOptions {
  /** For the builder: `git` for dependencies from git, a compiler for NIFs. Default: none. */
  readonly build?: readonly string[]
  /** For the runtime: `ca-certificates`, `tzdata`, libraries of NIFs. Default: none. */
  readonly runtime?: readonly string[]
  /** For the debug image, beside its tools. Default: none. */
  readonly debug?: readonly string[]
  /** Version by package, written as `name=version`. Default: that of the base's archive. */
  readonly versions?: Readonly<Record<string, string>>
}

/** What `erlangImage` takes. */
export interface ErlangImageOptions {
  /** Name of the release in rebar.config. It is in `/opt/<release>` of the image. */
  readonly release: string
  /** Version of the release in rebar.config. The build stops where they differ. A `+` is `_` in tags. */
  readonly version: string
  /** Release of Erlang/OTP with all its numbers, the tag of the official image: `28.3.1`. */
  readonly otp: OtpVersion
  /** Default `debian`: `erlang:…-slim` on `debian:…-slim`. */
  readonly flavour?: Flavour
  /** Digests of the two bases, which the tags alone do not pin. Default: none. */
  readonly digests?: { readonly builder?: Digest; readonly runtime?: Digest }
  /** Images in place of those of the table, of one OS release. */
  readonly bases?: NamedBases
  /**
   * Folder of the project for the generated files, where a project has several releases: each but
   * one needs its own, as `worker`. They are built from the root of the project all the same, with
   * BuildKit, which reads the `.dockerignore` beside the Dockerfile. Default: the root.
   */
  readonly folder?: string
  /** Tag of the runtime image. Default `<release>:<version>`; the others add `-debug`, `-builder`. */
  readonly image?: string
  /**
   * What decides the dependencies; a folder ends with a slash, as `_checkouts/`. Default
   * `rebar.config` and `rebar.lock`.
   */
  readonly dependencyFiles?: readonly string[]
  /** Files and folders that the release is compiled from. Default `apps`. */
  readonly sources?: readonly string[]
  readonly packages?: PackageOptions
  /** What EXPOSE documents. The distribution is never among them. Default 8080 and the health port. */
  readonly ports?: readonly number[]
  readonly labels?: ImageLabels
  readonly health?: HealthOptions
  /**
   * Who can reach the node by Erlang's distribution. `local` (default): only this container, over
   * its loopback. `tls`: nodes with a certificate of the same authority, over TLS 1.3; needs the
   * secrets `dist-ca`, `dist-cert`, `dist-key` and `erlang-cookie`. Neither has an epmd.
   */
  readonly distribution?: 'local' | 'tls'
  /** Flags of the emulator. Default: none but those of the distribution. */
  readonly vmArgs?: VmArgs
  /** Configuration of the applications. Default: none. */
  readonly sysConfig?: SysConfig
}

/** Where the generated files are, relative to the project and to the build folder alike. */
export interface ImagePaths {
  readonly dockerfile: string
  readonly ignore: string
  /** Folder of the three below. */
  readonly config: string
  readonly vmArgs: string
  readonly sysConfig: string
  readonly sslDist: string
  readonly scripts: string
}

/** The options with their defaults, and the bases that follow from them. */
export interface Settled {
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
