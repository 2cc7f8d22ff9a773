import { type Origin, UserError } from '@erlmcp/core'
import { compareVersions } from '../compare-versions.ts'

/** The distribution of the images. */
export type Flavour = 'debian' | 'alpine'

/** A release of Erlang/OTP that names exactly one build of it: `28.3.1`, `27.3.4.8`. */
export type OtpVersion = `${number}.${number}.${number}` | `${number}.${number}.${number}.${number}`

/** `sha256:` and 64 hexadecimal digits. */
export type Digest = `sha256:${string}`

/** The system of one flavour of the official images, from an OTP release on. */
export interface Base {
  /** First OTP release of its major version on this system. */
  readonly since: string
  /** Image of the runtime stage: the system of the erlang image. */
  readonly runtime: string
  /** Packages with the shared libraries that the emulator and OTP's drivers link. */
  readonly libraries: readonly string[]
}

const bookworm = {
  runtime: 'debian:bookworm-slim',
  libraries: ['libssl3', 'libstdc++6', 'libtinfo6', 'zlib1g'],
}
const trixie = {
  runtime: 'debian:trixie-slim',
  libraries: ['libssl3t64', 'libstdc++6', 'libtinfo6', 'zlib1g'],
}
const alpine = (version: string) => ({
  runtime: `alpine:${version}`,
  libraries: ['libcrypto3', 'libstdc++', 'ncurses-libs', 'zlib'],
})

/**
 * The system under each official erlang image. From the FROM lines of the Dockerfiles that they are
 * built from, github.com/erlang/docker-erlang-otp, `<major>/slim` and `<major>/alpine`, through
 * their history up to 023b069 (28 July 2026): the system of a tag is that of the last commit with
 * its OTP_VERSION. For instance 098c055 (28.3.1): `FROM debian:trixie` and `FROM alpine:3.23`.
 * Later releases of a major are assumed to use the newest system of this table; the build compares
 * the two systems and stops where they differ.
 */
const table: Readonly<Record<string, Readonly<Record<Flavour, readonly Base[]>>>> = {
  '27': {
    debian: [{ since: '27.0.0', ...bookworm }],
    alpine: [
      { since: '27.0.0', ...alpine('3.19') },
      { since: '27.1.2', ...alpine('3.21') },
      { since: '27.2.0', ...alpine('3.20') },
      { since: '27.2.1', ...alpine('3.21') },
      { since: '27.3.4.2', ...alpine('3.22') },
      { since: '27.3.4.13', ...alpine('3.24') },
    ],
  },
  '28': {
    debian: [
      { since: '28.0.0', ...bookworm },
      { since: '28.3.0', ...trixie },
    ],
    alpine: [
      { since: '28.0.0', ...alpine('3.21') },
      { since: '28.0.2', ...alpine('3.22') },
      { since: '28.3.0', ...alpine('3.23') },
      { since: '28.5.0.2', ...alpine('3.24') },
    ],
  },
  '29': {
    debian: [{ since: '29.0.0', ...trixie }],
    alpine: [
      { since: '29.0.0', ...alpine('3.23') },
      { since: '29.0.2', ...alpine('3.24') },
    ],
  },
}

/** The two images of a Dockerfile, and the packages that the second one needs. */
export interface Bases {
  readonly builder: string
  readonly runtime: string
  readonly libraries: readonly string[]
}

/** Custom bases: both images, and the libraries that the emulator links. */
export interface NamedBases {
  /** With rebar3 in it, such as `registry.example.com/erlang:28.3.1`. */
  readonly builder: string
  /** Of the same OS release as the builder. */
  readonly runtime: string
  /** Packages of the runtime's system. Default: those of the newest known system of the flavour. */
  readonly libraries?: readonly string[]
}

/**
 * The bases of an OTP release: those of the table, with digests where given, or custom ones.
 *
 * @throws UserError for a release that the table does not have
 */
export function basesOf(
  otp: string,
  flavour: Flavour,
  named: NamedBases | undefined,
  digests: { readonly builder?: Digest; readonly runtime?: Digest } = {},
  origin?: Origin,
): Bases {
  const newest = newestOf(flavour)
  if (named) return { libraries: newest.libraries, ...named }
  if (!/^\d+(\.\d+){2,4}$/.test(otp)) {
    throw new UserError({
      message: `otp: expected a full version, got ${JSON.stringify(otp)}`,
      hint: "Write all numbers, such as otp: '28.3.1': a shorter tag changes with every release.",
      origin,
    })
  }
  const major = otp.split('.')[0]!
  const base = table[major]?.[flavour].findLast(({ since }) => compareVersions(since, otp) <= 0)
  if (!base) {
    throw new UserError({
      message: `otp: the system of erlang:${otp} (${flavour}) is unknown`,
      hint:
        `Use OTP ${Object.keys(table).join(', ')}, or name two images of the same OS release: ` +
        `bases: { builder: 'erlang:${otp}-${suffix(flavour)}', runtime: '${newest.runtime}' }`,
      origin,
    })
  }
  return {
    builder: pin(`erlang:${otp}-${suffix(flavour)}`, digests.builder),
    runtime: pin(base.runtime, digests.runtime),
    libraries: base.libraries,
  }
}

/** The newest known system of a flavour. */
function newestOf(flavour: Flavour): Base {
  // Keys that are numbers are in ascending order.
  return Object.values(table).at(-1)![flavour].at(-1)!
}

function suffix(flavour: Flavour): string {
  return flavour === 'debian' ? 'slim' : 'alpine'
}

function pin(image: string, digest: string | undefined): string {
  return digest === undefined ? image : `${image}@${digest}`
}
