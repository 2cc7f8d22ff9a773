import type { Template, Variable } from '../schema/text.ts'

/** A value with variables in it, whose text only the build knows. */
export type Dynamic = Variable | Template

/** A Go duration of seconds and the like: `30s`, `1m30s`, `500ms`. */
export type Duration =
  | `${number}${'ms' | 's' | 'm' | 'h'}`
  | `${number}m${number}s`
  | `${number}h${number}m`
  | `${number}h${number}m${number}s`

/** Bytes, or a number with a unit of 1024: `64m`. */
export type Size = number | `${number}${'' | 'b' | 'k' | 'm' | 'g'}`

type Octal = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7'
type Who = 'u' | 'g' | 'o' | 'a' | 'ug' | 'uo' | 'go' | 'ugo'

/** Permission bits in base 8: `0555`, `755`. */
export type OctalMode =
  | `${Octal}${Octal}${Octal}`
  | `${'0' | '1' | '2' | '4'}${Octal}${Octal}${Octal}`

/** Permission bits as chmod(1) takes them: `0555`, `755`, `u=rwX,go=rX`. */
export type FileMode = OctalMode | `${Who}${'=' | '+' | '-'}${string}`

type Protocol = '' | '/tcp' | '/udp' | '/sctp'

/** A port of EXPOSE: `8080`, `'53/udp'`, `'8000-8010'`. */
export type Port = number | `${number}${Protocol}` | `${number}-${number}${Protocol}`

/** A signal by name or number, as STOPSIGNAL takes it. */
export type Signal = number | `SIG${Uppercase<string>}`

/** `os/architecture`, or `ref('BUILDPLATFORM')` where the builder knows. */
export type Platform = `${'linux' | 'windows' | 'freebsd'}/${string}`

/** A path that does not depend on the directory before it. */
export type AbsolutePath = `/${string}` | `${string}:\\${string}` | `${string}:/${string}`

type Untagged = 'an image with a tag or a digest, or a stage value'
type Moving = 'a tag that does not move (:latest does): name a version or a digest'

type CheckTag<Whole extends string, Last extends string> = Last extends `${string}/${infer Rest}`
  ? CheckTag<Whole, Rest>
  : Last extends `${string}:latest`
    ? Moving
    : Last extends `${string}:${string}`
      ? Whole
      : Untagged

/**
 * An image reference. The compiler refuses a literal without a tag and `:latest`; a string that
 * is only known at run time is left to the rules.
 */
export type ImageReference<S extends string> = string extends S
  ? S
  : S extends 'scratch' | `${string}@sha256:${string}`
    ? S
    : CheckTag<S, S>
