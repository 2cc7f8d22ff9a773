import canonicalize from 'canonicalize'
import type { Signature } from './signature.ts'

/** A file, or what a program said, by its content. */
export interface Hashed {
  /** Lower-case hex. */
  readonly sha256: string
  readonly bytes: number
}

/** What a receipt says of the sources. */
export interface GitFacts {
  /** Full id of the commit; null where there is none yet, or no repository. */
  readonly commit: string | null
  /** Whether the files differ from it. */
  readonly dirty: boolean
  /** SHA-256 over how they differ, and over the files that git does not know. Null when clean. */
  readonly difference: string | null
}

/** What a receipt says of the image that ran. */
export interface ImageFacts {
  readonly reference: string
  /**
   * `repo-digest`: what a registry serves under it. `image-id`: the image was built here and never
   * pushed; its id names the same content on this engine, and no registry knows it.
   */
  readonly kind: 'repo-digest' | 'image-id'
  /** `sha256:` and 64 hex digits. */
  readonly digest: string
}

/** Everything that is recorded about one command. */
export interface ReceiptFacts {
  /** Name of the project. */
  readonly project: string
  readonly gate: string
  readonly service: string
  readonly command: readonly string[]
  readonly verdict: 'passed' | 'failed'
  /** Exit code; null where it did not end by itself. */
  readonly exit: number | null
  /** In words, how it ended: `exited`, `timed out`, `killed`. */
  readonly ending: string
  readonly image: ImageFacts
  readonly git: GitFacts
  /** Standard output and standard error, as one. */
  readonly output: Hashed
  readonly evidence: readonly (Hashed & { readonly path: string })[]
  /** ISO 8601, UTC. */
  readonly started: string
  readonly ended: string
  /** Version of the Docker engine. */
  readonly engine: string
  /** Version of Erlang/OTP; null where it is not known. */
  readonly otp: string | null
  readonly machine: MachineFacts
}

export interface MachineFacts {
  readonly name: string
  readonly os: string
  readonly arch: string
  readonly cpus: number
}

/** A record of one command, chained to the one before it. */
export interface Receipt extends ReceiptFacts {
  readonly version: 1
  /** Names the chain: a random number that all its receipts have. */
  readonly chain: string
  /** From 1, without a gap. */
  readonly sequence: number
  /** SHA-256 of the file of the receipt before; 64 zeros in the first. */
  readonly previous: string
}

/** A file of the chain: a receipt, and who vouches for it. */
export interface SignedReceipt {
  readonly receipt: Receipt
  readonly signature?: Signature
}

/** How far the chain goes. Without it nobody could tell that its end is missing. */
export interface Head {
  readonly version: 1
  readonly chain: string
  readonly count: number
  /** SHA-256 of the file of the last receipt. */
  readonly hash: string
}

export interface SignedHead {
  readonly head: Head
  readonly signature?: Signature
}

/** What stands before the first receipt. */
export const noReceipt = '0'.repeat(64)

/** The one text that a value has (RFC 8785). */
export function canonical(value: object): string {
  return canonicalize(value) as string
}

/** The text of a file of the chain. Every other text of the same value is refused. */
export function fileText(content: SignedReceipt | SignedHead): string {
  return `${canonical(content)}\n`
}
