import type { KeyObject } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256, UserError } from '@erlmcp/core'
import { canonical, noReceipt, type SignedHead, type SignedReceipt } from './receipt.ts'
import { isSignedHead, isSignedReceipt } from './shape.ts'
import { isBy, isGenuine, type Signature } from './signature.ts'
import { draftPrefix, folderOf, headName, receiptName } from './store.ts'

/** One thing that is not as it was written. */
export interface ReceiptProblem {
  /**
   * - `altered` a file was changed; `missing` one is not there; `reordered`, `duplicated` it has
   *   another one's place; `foreign` it is of another chain, or no receipt at all
   * - `truncated` the end is not there
   * - `unfinished` a write died before its very end; the next receipt mends it
   * - `unsigned` a signature is not there; `forged` it is somebody else's, or of something else
   * - `rewritten` the receipt that was to be in it is not
   */
  readonly kind:
    | 'altered'
    | 'missing'
    | 'reordered'
    | 'duplicated'
    | 'foreign'
    | 'truncated'
    | 'unfinished'
    | 'unsigned'
    | 'forged'
    | 'rewritten'
  /** In the folder of the receipts. */
  readonly file: string
  readonly message: string
}

export interface VerifyOptions {
  /** The public key that must have signed every receipt and the head. */
  readonly key?: KeyObject
  /** The hash of a receipt that must be in the chain: kept elsewhere, it cannot be rewritten. */
  readonly head?: string
}

export interface Verification {
  readonly ok: boolean
  /** How many receipts there are. */
  readonly count: number
  /** Hash of the last one; undefined where there is none. */
  readonly head: string | undefined
  readonly problems: readonly ReceiptProblem[]
}

/** A file of the folder that has the name of a receipt. */
export interface ReadReceipt {
  readonly name: string
  /** By its name. */
  readonly sequence: number
  readonly hash: string
  /** Undefined where its text is not the one text of a receipt. */
  readonly content: SignedReceipt | undefined
}

/**
 * Whether the receipts of a project are those that were written, all of them, in their order.
 *
 * Without a key or a head, who may write into the folder can make a new chain that is right in
 * itself. A key shows who wrote a receipt; that the newest ones are missing shows only a head that
 * was kept elsewhere.
 *
 * @throws UserError when the folder of receipts is a link or no folder, or the head is no whole hash
 */
export function verifyReceipts(root: string, { key, head }: VerifyOptions = {}): Verification {
  if (head !== undefined) refuseNoHash(head)
  const folder = folderOf(root)
  const { receipts, strange } = readFolder(folder)
  const problems: ReceiptProblem[] = [
    ...strange.map((name) => problem('foreign', name, 'is no receipt')),
    ...receipts.flatMap((receipt, index) => wrongIn(receipts, receipt, index)),
    ...gaps(receipts),
    ...headProblems(folder, receipts),
    ...signatureProblems(folder, receipts, key),
  ]
  if (head !== undefined && !receipts.some(({ hash }) => hash === head)) {
    problems.push(problem('rewritten', headName, `no receipt has the hash ${head}`))
  }
  const last = receipts.at(-1)?.hash
  return { ok: problems.length === 0, count: receipts.length, head: last, problems }
}

/** A hash that is not in the chain is an alarm, and a shortened or misspelt one must not raise it. */
function refuseNoHash(head: string): void {
  if (/^[0-9a-f]{64}$/.test(head)) return
  throw new UserError({
    message: `${JSON.stringify(head)} is no hash of a receipt`,
    hint: 'It has 64 hex digits: `erlmcp receipt verify` and `receipt show` print all of them.',
  })
}

/** The receipts of a folder as they lie there, by number. */
export function readReceipts(root: string): ReadReceipt[] {
  return readFolder(folderOf(root)).receipts
}

function readFolder(folder: string): { receipts: ReadReceipt[]; strange: string[] } {
  const names = lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder).filter((name) => !name.startsWith(draftPrefix))
    : []
  const isReceipt = (name: string) =>
    /^\d{6,}\.json$/.test(name) &&
    receiptName(Number.parseInt(name, 10)) === name &&
    isFile(folder, name)
  const receipts = names
    .filter(isReceipt)
    .map((name) => readReceipt(folder, name))
    .sort((a, b) => a.sequence - b.sequence)
  const strange = names.filter((name) => !isReceipt(name) && name !== headName)
  return { receipts, strange }
}

function isFile(folder: string, name: string): boolean {
  return lstatSync(join(folder, name), { throwIfNoEntry: false })?.isFile() ?? false
}

function readReceipt(folder: string, name: string): ReadReceipt {
  const bytes = readFileSync(join(folder, name))
  const content = exactly(bytes, isSignedReceipt)
  return { name, sequence: Number.parseInt(name, 10), hash: sha256(bytes), content }
}

/** The value of a text, where that is the one text of the value, and it has the right shape. */
function exactly<T extends object>(
  bytes: Buffer,
  isRight: (data: unknown) => data is T,
): T | undefined {
  const text = bytes.toString('utf8')
  try {
    const data: unknown = JSON.parse(text)
    const isExact = isRight(data) && bytes.equals(Buffer.from(`${canonical(data)}\n`))
    return isExact ? data : undefined
  } catch {
    // Not JSON, or half of a character in it: nothing that we have written.
    return undefined
  }
}

function wrongIn(
  all: readonly ReadReceipt[],
  { name, sequence, hash, content }: ReadReceipt,
  index: number,
): ReceiptProblem[] {
  if (!content) return [problem('altered', name, 'is not as it was written')]
  const { receipt } = content
  if (receipt.sequence !== sequence) {
    const isCopy = all.some((one) => one.name !== name && one.hash === hash)
    return isCopy
      ? [problem('duplicated', name, `is a copy of receipt ${receipt.sequence}`)]
      : [problem('reordered', name, `is receipt ${receipt.sequence}`)]
  }
  if (receipt.chain !== all[0]?.content?.receipt.chain && all[0]?.content) {
    return [problem('foreign', name, 'belongs to another chain')]
  }
  const before = all[index - 1]
  const isFirst = sequence === 1
  const previous = isFirst ? noReceipt : before?.hash
  const follows = isFirst || before?.sequence === sequence - 1
  if (!follows || receipt.previous === previous) return []
  const other = isFirst
    ? 'is not a first receipt'
    : `does not follow ${before?.name}: one of them was changed`
  return [problem('altered', name, other)]
}

function gaps(receipts: readonly ReadReceipt[]): ReceiptProblem[] {
  const there = new Set(receipts.map(({ sequence }) => sequence))
  // A name can have any number; the gap before it is one diagnostic.
  return receipts.flatMap(({ sequence }, index) => {
    const before = receipts[index - 1]?.sequence ?? 0
    if (sequence === before + 1 || there.has(sequence - 1)) return []
    const first = receiptName(before + 1)
    const last = sequence - before > 2 ? ` to ${receiptName(sequence - 1)}` : ''
    return [problem('missing', `${first}${last}`, 'is not there')]
  })
}

function readHead(folder: string): SignedHead | 'missing' | 'altered' {
  if (!isFile(folder, headName)) return 'missing'
  return exactly(readFileSync(join(folder, headName)), isSignedHead) ?? 'altered'
}

function headProblems(folder: string, receipts: readonly ReadReceipt[]): ReceiptProblem[] {
  const read = readHead(folder)
  const last = receipts.at(-1)
  if (read === 'missing') {
    if (!last) return [problem('missing', receiptName(1), 'is not there: there are no receipts')]
    const { content } = last
    const isFirst = last.sequence === 1 && content?.receipt.previous === noReceipt
    return isFirst ? [unfinished(last.name)] : [problem('missing', headName, 'is not there')]
  }
  if (read === 'altered') return [problem('altered', headName, 'is not as it was written')]
  const { chain, count, hash } = read.head
  if (!last || last.sequence < count) {
    const from = receiptName((last?.sequence ?? 0) + 1)
    return [problem('truncated', from, `and what follows is not there: there were ${count}`)]
  }
  const named = receipts.find(({ sequence }) => sequence === count)
  if (named && named.hash !== hash) {
    return [problem('altered', named.name, `is not the receipt that ${headName} ends with`)]
  }
  if (last.sequence === count + 1 && last.content?.receipt.previous === hash) {
    return [unfinished(last.name)]
  }
  if (last.sequence > count) {
    return [problem('foreign', last.name, `is behind the end, which is receipt ${count}`)]
  }
  const isOther = last.content && last.content.receipt.chain !== chain
  return isOther ? [problem('foreign', headName, 'belongs to another chain')] : []
}

function unfinished(name: string): ReceiptProblem {
  return problem(
    'unfinished',
    name,
    `is not in ${headName} yet: a write died; the next one mends it`,
  )
}

interface Vouched {
  readonly name: string
  readonly text: string
  readonly signature: Signature | undefined
}

function signatureProblems(
  folder: string,
  receipts: readonly ReadReceipt[],
  key: KeyObject | undefined,
): ReceiptProblem[] {
  const head = readHead(folder)
  const files: Vouched[] = receipts.flatMap(({ name, content }) =>
    content ? [{ name, text: canonical(content.receipt), signature: content.signature }] : [],
  )
  const isSigned = files.at(-1)?.signature !== undefined
  if (typeof head === 'object') {
    files.push({ name: headName, text: canonical(head.head), signature: head.signature })
  }
  return files.flatMap(({ name, text, signature }) => {
    if (!signature) {
      const must = key !== undefined || (name === headName && isSigned)
      return must ? [problem('unsigned', name, 'has no signature')] : []
    }
    if (!isGenuine(text, signature)) {
      return [problem('forged', name, 'has a signature of something else')]
    }
    return !key || isBy(signature, key)
      ? []
      : [problem('forged', name, 'is signed with another key')]
  })
}

function problem(kind: ReceiptProblem['kind'], file: string, message: string): ReceiptProblem {
  return { kind, file, message: `${file} ${message}` }
}
