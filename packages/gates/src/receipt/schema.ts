import { matches, schema } from '@erlmcp/core'
import type {
  GitFacts,
  Hashed,
  Head,
  ImageFacts,
  MachineFacts,
  Receipt,
  SignedHead,
  SignedReceipt,
} from './receipt.ts'
import type { Signature } from './signature.ts'

const { boolean, count, formatted, list, nil, oneOf, record, string, textLike, union } = schema

const hex = textLike(/^[0-9a-f]{64}$/, 'a SHA-256')
const chain = textLike(/^[0-9a-f]{32}$/, 'an id of 32 hex digits')
const commit = textLike(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/, 'a commit')
const time = formatted(string, {
  expected: 'a time',
  hint: 'Write a time.',
  accepts: (text) => !Number.isNaN(Date.parse(text)),
})

const hashed = { sha256: hex, bytes: count }

const receipt = record<Receipt>({
  version: oneOf(1),
  chain,
  sequence: count,
  previous: hex,
  project: string,
  gate: string,
  service: string,
  command: list(string),
  verdict: oneOf('passed', 'failed'),
  exit: union(nil, count),
  ending: string,
  image: record<ImageFacts>({
    reference: string,
    kind: oneOf('repo-digest', 'image-id'),
    digest: textLike(/^sha256:[0-9a-f]{64}$/, 'a digest'),
  }),
  git: record<GitFacts>({
    commit: union(nil, commit),
    dirty: boolean,
    difference: union(nil, hex),
  }),
  output: record<Hashed>(hashed),
  evidence: list(record<Receipt['evidence'][number]>({ path: string, ...hashed })),
  started: time,
  ended: time,
  engine: string,
  otp: union(nil, string),
  machine: record<MachineFacts>({ name: string, os: string, arch: string, cpus: count }),
})

const signature = record<Signature>({ algorithm: oneOf('Ed25519'), key: string, value: string })

const signedReceipt = record<SignedReceipt>({ receipt, signature }, ['signature'])

const head = record<Head>({ version: oneOf(1), chain, count, hash: hex })

const signedHead = record<SignedHead>({ head, signature }, ['signature'])

/** Whether parsed JSON is a receipt: it has every field, and no other. */
export const isSignedReceipt = (data: unknown): data is SignedReceipt =>
  matches(signedReceipt, data)

/** Whether parsed JSON is a head. */
export const isSignedHead = (data: unknown): data is SignedHead => matches(signedHead, data)
