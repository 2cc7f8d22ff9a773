import canonicalize from 'canonicalize'
import type { Signature } from './signature.ts'

/** The hash of a file or of the output of a program. */
export interface Hashed {
  /** Lower-case hex. */
  readonly sha256: string
  readonly bytes: number
}

/** The state of the sources. */
export interface GitFacts {
  /** Full id of the commit; null without a commit or a repository. */
  readonly commit: string | null
  /** Whether the files differ from the commit. */
  readonly dirty: boolean
  /** SHA-256 of the diff to the commit and of the untracked files. Null when clean. */
  readonly difference: string | null
}

/** The image that ran. */
export interface ImageFacts {
  readonly reference: string
  /**
   * `repo-digest`: the digest in a registry. `image-id`: the id on this engine, for an image that was
   * never pushed.
   */
  readonly kind: 'repo-digest' | 'image-id'
  /** `sha256:` and 64 hex digits. */
  readonly digest: string
}

/** The facts about one command. */
export interface ReceiptFacts {
  /** Name of the project. */
  readonly project: string
  readonly gate: string
  readonly service: string
  readonly command: readonly string[]
  readonly verdict: 'passed' | 'failed'
  /** Exit code; null when the command was stopped. */
  readonly exit: number | null
  /** How the command ended, such as `exited`, `timed out` or `killed`. */
  readonly ending: string
  readonly image: ImageFacts
  readonly git: GitFacts
  /** Standard output and standard error in one stream. */
  readonly output: Hashed
  readonly evidence: readonly (Hashed & { readonly path: string })[]
  /** ISO 8601, UTC. */
  readonly started: string
  readonly ended: string
  /** Version of the Docker engine. */
  readonly engine: string
  /** Version of Erlang/OTP; null when unknown. */
  readonly otp: string | null
  readonly machine: MachineFacts
}

export interface MachineFacts {
  readonly name: string
  readonly os: string
  readonly arch: string
  readonly cpus: number
}

/** A record of one command, chained to the previous receipt. */
export interface Receipt extends ReceiptFacts {
  readonly version: 1
  /** Random id that all receipts of a chain share. */
  readonly chain: string
  /** From 1, without a gap. */
  readonly sequence: number
  /** SHA-256 of the file of the previous receipt; 64 zeros in the first. */
  readonly previous: string
}

/** The content of a receipt file. */
export interface SignedReceipt {
  readonly receipt: Receipt
  readonly signature?: Signature
}

/** The end of the chain. Without it, removed receipts at the end would go unnoticed. */
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

/** The previous hash of the first receipt. */
export const firstPrevious = '0'.repeat(64)

/** The canonical JSON of a value (RFC 8785). */
export function canonical(value: object): string {
  return canonicalize(value) as string
}

/** The text of a file of the chain. Any other text of the same value is invalid. */
export function fileText(content: SignedReceipt | SignedHead): string {
  return `${canonical(content)}\n`
}
