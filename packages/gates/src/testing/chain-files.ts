import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** The files of a chain by name. */
export type Files = Map<string, Buffer>

/** A source of whole numbers below `limit`, the same ones for the same seed. */
export type Random = (limit: number) => number

/** Mulberry32. */
export function random(seed: number): Random {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

export const nameOf = (n: number) => `${String(n).padStart(6, '0')}.json`
export const receiptNames = (files: Files) =>
  [...files.keys()].filter((name) => name !== 'head.json').sort()
export const one = <T>(values: readonly T[], pick: Random): T => values[pick(values.length)]!
export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

export type Json = Record<string, unknown>
export const parsed = (files: Files, name: string): Json => JSON.parse(files.get(name)!.toString())
export const write = (files: Files, name: string, value: unknown) =>
  files.set(name, Buffer.from(`${canonicalize(value)}\n`))

/** Changes one value of the receipt and writes it in canonical form. */
export function changeField(files: Files, name: string, pick: Random): void {
  const content = parsed(files, name) as { receipt: Json }
  const leaves: [Json, string][] = []
  const visit = (node: Json) => {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === 'object' && value !== null) visit(value as Json)
      else leaves.push([node, key])
    }
  }
  visit(content.receipt)
  const [node, key] = one(leaves, pick)
  const value = node[key]
  node[key] =
    typeof value === 'number'
      ? value + 1 + pick(9)
      : typeof value === 'boolean'
        ? !value
        : value === 'passed'
          ? 'failed'
          : value === 'failed'
            ? 'passed'
            : changedText(String(value), pick)
  write(files, name, content)
}

/** A text of the same form: a digit stays a digit. */
function changedText(text: string, pick: Random): string {
  const digits = [...text.matchAll(/\d/g)].map(({ index }) => index)
  if (digits.length === 0) return `${text}x`
  const at = one(digits, pick)
  return text.slice(0, at) + ((Number(text[at]) + 1 + pick(9)) % 10) + text.slice(at + 1)
}

/** Chains the receipts again and drops their signatures. */
export function rechain(files: Files, from: number, { withHead }: { withHead: boolean }): void {
  for (const name of receiptNames(files).filter((file) => Number.parseInt(file, 10) > from)) {
    const { receipt } = parsed(files, name) as { receipt: Json }
    const before = files.get(nameOf(Number(receipt.sequence) - 1))!
    write(files, name, { receipt: { ...receipt, previous: sha256(before) } })
  }
  if (!withHead) return
  const names = receiptNames(files)
  const { head } = parsed(files, 'head.json') as { head: Json }
  const hash = sha256(files.get(names.at(-1)!)!)
  write(files, 'head.json', { head: { ...head, count: names.length, hash } })
}

export function renumber(files: Files): void {
  const contents = receiptNames(files).map((name) => files.get(name)!)
  for (const name of receiptNames(files)) files.delete(name)
  for (const [index, content] of contents.entries()) files.set(nameOf(index + 1), content)
}
