import type { Head, Receipt, SignedHead, SignedReceipt } from './receipt.ts'

/** Whether parsed JSON is a receipt: it has every field, and no other. */
export function isSignedReceipt(data: unknown): data is SignedReceipt {
  return has(data, { receipt: isReceipt }, { signature: isSignature })
}

/** Whether parsed JSON is a head. */
export function isSignedHead(data: unknown): data is SignedHead {
  return has(data, { head: isHead }, { signature: isSignature })
}

type Check = (value: unknown) => boolean

const text: Check = (value) => typeof value === 'string'
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const hex: Check = (value) => /^[0-9a-f]{64}$/.test(String(value)) && text(value)
const chain: Check = (value) => /^[0-9a-f]{32}$/.test(String(value)) && text(value)
const time: Check = (value) => text(value) && !Number.isNaN(Date.parse(String(value)))
const one: Check = (value) => value === 1
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value)
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)
const either =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value)
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    has(value, fields)

const isSignature = record({ algorithm: either('Ed25519'), key: text, value: text })

const isHead = record({ version: one, chain, count, hash: hex } satisfies Record<keyof Head, Check>)

const isReceipt = record({
  version: one,
  chain,
  sequence: count,
  previous: hex,
  project: text,
  gate: text,
  service: text,
  command: list(text),
  verdict: either('passed', 'failed'),
  exit: orNull(count),
  ending: text,
  image: record({
    reference: text,
    kind: either('repo-digest', 'image-id'),
    digest: (value) => text(value) && /^sha256:[0-9a-f]{64}$/.test(String(value)),
  }),
  git: record({
    commit: orNull((value) => text(value) && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(String(value))),
    dirty: either(true, false),
    difference: orNull(hex),
  }),
  output: record({ sha256: hex, bytes: count }),
  evidence: list(record({ path: text, sha256: hex, bytes: count })),
  started: time,
  ended: time,
  engine: text,
  otp: orNull(text),
  machine: record({ name: text, os: text, arch: text, cpus: count }),
} satisfies Record<keyof Receipt, Check>)

function has(
  value: unknown,
  fields: Readonly<Record<string, Check>>,
  optional: Readonly<Record<string, Check>> = {},
): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const data = value as Record<string, unknown>
  const isComplete = Object.keys(fields).every((name) => Object.hasOwn(data, name))
  const all = { ...fields, ...optional }
  return isComplete && Object.entries(data).every(([name, one]) => all[name]?.(one) ?? false)
}
