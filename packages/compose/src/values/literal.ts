import type { Interpolation } from './interpolation.ts'

/**
 * A list of template literal types, such as ports. With `Item[]` in the union the compiler checks an array
 * literal directly; with `readonly Item[]` alone it first instantiates all array methods.
 */
export type List<Item> = Item[] | readonly Item[]

type Unit = 'us' | 'ms' | 's' | 'm' | 'h'

/**
 * A duration as Compose writes it (Compose spec, "Specifying durations"): `'10s'`, `'1m30s'`,
 * `'1h5m30s20ms'`. A number without a unit is invalid.
 */
export type Duration =
  | `${number}${Unit}`
  | `${number}h${number}${'m' | 's'}`
  | `${number}m${number}s`
  | `${number}s${number}ms`
  | `${number}h${number}m${number}s`
  | `${number}h${number}m${number}s${number}ms`
  | Interpolation

type SizeUnit = 'b' | 'k' | 'kb' | 'm' | 'mb' | 'g' | 'gb'

/** Bytes as text, with a unit of 1024 (Compose spec, "Specifying byte values"): `'512M'`. */
export type SizeText = `${number}${SizeUnit | Uppercase<SizeUnit>}` | Interpolation

/** A number of bytes, or a number with a unit of 1024: `'512M'`. */
export type ByteSize = number | SizeText

/** A number, also as text. */
export type Count = number | `${number}` | Interpolation

type Protocol = 'tcp' | 'udp' | 'sctp'
type Host = `${number}.${string}` | `[${string}]`

// Few and coarse, since the compiler tries each pattern on each text; a rule checks the rest.
type Mapped = `${number}` | `${number}:${number}` | `${Host}:${number | ''}:${number}`
type Range = `${number}-${number}${string}` | `${number}.${string}:${number}-${number}${string}`

/** A port, short form: `8080`, `'8080:80'`, `'127.0.0.1:8080:80'`, with `/udp` or `/tcp`. */
export type PortText = number | Mapped | Range | `${number | '['}${string}/${Protocol}`

/** A path, which is never read as the name of a volume. */
export type HostPath =
  | `./${string}`
  | `../${string}`
  | `/${string}`
  | `~/${string}`
  | `${string}:\\${string}`
  | '.'
  | '..'

/** A mount, short form: `./config:/etc/app:ro`, `C:\data:C:\data`, or a path for a volume without a name. */
export type MountText =
  | `.${string}:/${string}`
  | `~/${string}:/${string}`
  | `/${string}`
  | `${string}:\\${string}`

/** Capabilities of Linux (capabilities(7)), without `CAP_`. */
export const capabilities = [
  'ALL',
  'AUDIT_CONTROL',
  'AUDIT_READ',
  'AUDIT_WRITE',
  'BLOCK_SUSPEND',
  'BPF',
  'CHECKPOINT_RESTORE',
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'IPC_LOCK',
  'IPC_OWNER',
  'KILL',
  'LEASE',
  'LINUX_IMMUTABLE',
  'MAC_ADMIN',
  'MAC_OVERRIDE',
  'MKNOD',
  'NET_ADMIN',
  'NET_BIND_SERVICE',
  'NET_BROADCAST',
  'NET_RAW',
  'PERFMON',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYSLOG',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_CHROOT',
  'SYS_MODULE',
  'SYS_NICE',
  'SYS_PACCT',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'WAKE_ALARM',
] as const

/** A capability of Linux (capabilities(7)), without `CAP_`. */
export type Capability = (typeof capabilities)[number]

type SignalName =
  | 'HUP'
  | 'INT'
  | 'QUIT'
  | 'ABRT'
  | 'KILL'
  | 'USR1'
  | 'USR2'
  | 'PIPE'
  | 'ALRM'
  | 'TERM'
  | 'CONT'
  | 'STOP'
  | 'TSTP'
  | 'WINCH'
  | 'PWR'

/** A signal (signal(7)): `'SIGTERM'`, `'TERM'`, its number, or a real-time one, `'SIGRTMIN+3'`. */
export type Signal =
  | SignalName
  | `SIG${SignalName}`
  | `${'SIG' | ''}RTMIN+${number}`
  | `${number}`
  | Interpolation

/** When a container that exited is restarted (Compose spec, "restart"). */
export type Restart =
  | 'no'
  | 'always'
  | 'unless-stopped'
  | 'on-failure'
  | `on-failure:${number}`
  | Interpolation

/** When an image is pulled (Compose spec, "pull_policy"). */
export type PullPolicy =
  | 'always'
  | 'never'
  | 'missing'
  | 'if_not_present'
  | 'build'
  | 'daily'
  | 'weekly'
  | `every_${number}${'w' | 'd' | 'h' | 'm' | 's'}`
  | Interpolation

type Lower = 'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g' | 'h' | 'i' | 'j' | 'k' | 'm' | AfterM
type AfterM = 'n' | 'o' | 'p' | 'q' | 'r' | 's' | 't' | 'u' | 'v' | 'w' | 'x' | 'y' | 'z'
// Upper-case letters, digits and signs in one pattern.
type NotLower = Uppercase<string>
// Excludes `latest` and tags such as `latest-alpine`: all that begin with `la`.
type TagStart = NotLower | Lower | `l${NotLower | Exclude<Lower, 'a'> | 'l'}`

/**
 * An image reference (distribution spec, "Reference") with a fixed tag or digest:
 * `'postgres:17-trixie'`, `'ghcr.io/acme/app@sha256:…'`. Without a tag, or with `:latest`, it does
 * not compile. Pass text that is not a literal to {@link reference}.
 */
export type ImageWithFixedTagOrDigest =
  | `${string}:${TagStart}${string}`
  | `${string}@sha256:${string}`
  | CheckedReference
  | Interpolation

/** Text that {@link reference} validated. */
export type CheckedReference = string & { readonly [checked]: true }
declare const checked: unique symbol
