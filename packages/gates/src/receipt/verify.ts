import type { KeyObject } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256, UserError } from '@erlmcp/core'
import { canonical, firstPrevious, type SignedHead, type SignedReceipt } from './receipt.ts'
import { isSignedHead, isSignedReceipt } from './schema.ts'
import { isSignedBy, isValidSignature, type Signature } from './signature.ts'
import { draftPrefix, folderOf, headName, receiptName } from './store.ts'

/** A fault in the chain. */
export interface ReceiptDiagnostic {
  /**
   * - `modified`: a file was changed
   * - `missing`: a receipt or the head is missing
   * - `reordered`, `duplicated`: a receipt is in the place of another
   * - `foreign`: a file is not a receipt, or belongs to another chain
   * - `truncated`: receipts at the end are missing
   * - `unfinished`: a write was interrupted; the next receipt completes it
   * - `unsigned`: a signature is missing
   * - `forged`: a signature is of another text or key
   * - `rewritten`: the chain does not contain the expected hash
   */
  readonly kind:
    | 'modified'
    | 'missing'
    | 'reordered'
    | 'duplicated'
    | 'foreign'
    | 'truncated'
    | 'unfinished'
    | 'unsigned'
    | 'forged'
    | 'rewritten'
  /** Relative to the folder of the receipts. */
  readonly file: string
  readonly message: string
}

export interface VerifyOptions {
  /** The public key that must have signed every receipt and the head. */
  readonly key?: KeyObject
  /** The hash of a receipt that the chain must contain. Keep it outside of the project. */
  readonly head?: string
}

export interface Verification {
  readonly ok: boolean
  /** Number of receipts. */
  readonly count: number
  /** Hash of the last receipt; undefined without receipts. */
  readonly head: string | undefined
  readonly diagnostics: readonly ReceiptDiagnostic[]
}

/** A file with the name of a receipt. */
export interface ReadReceipt {
  readonly name: string
  /** The number in its name. */
  readonly sequence: number
  readonly hash: string
  /** Undefined when the file is not the canonical text of a receipt. */
  readonly content: SignedReceipt | undefined
}

/**
 * Verifies that the chain of a project has every receipt, unmodified and in order.
 *
 * A process that can write into the folder can also replace the whole chain by a consistent one. `key`
 * detects receipts of another signer, and `head` detects a chain that was replaced or cut.
 *
 * @throws UserError when the folder of receipts is a link or a file, or the head is not a full hash
 */
export function verifyReceipts(root: string, { key, head }: VerifyOptions = {}): Verification {
  if (head !== undefined) validateHash(head)
  const folder = folderOf(root)
  const { receipts, foreign } = readFolder(folder)
  const diagnostics: ReceiptDiagnostic[] = [
    ...foreign.map((name) => diagnostic('foreign', name, 'is not a receipt')),
    ...receipts.flatMap((receipt, index) => diagnoseReceipt(receipts, receipt, index)),
    ...findGaps(receipts),
    ...diagnoseHead(folder, receipts),
    ...diagnoseSignatures(folder, receipts, key),
  ]
  if (head !== undefined && !receipts.some(({ hash }) => hash === head)) {
    diagnostics.push(
      diagnostic('rewritten', headName, `is not of a chain with the receipt ${head}`),
    )
  }
  const last = receipts.at(-1)?.hash
  return { ok: diagnostics.length === 0, count: receipts.length, head: last, diagnostics }
}

/** Rejects a shortened hash, which must not pass for one that the chain lacks. */
function validateHash(head: string): void {
  if (/^[0-9a-f]{64}$/.test(head)) return
  throw new UserError({
    message: `invalid receipt hash ${JSON.stringify(head)}: expected 64 hex digits`,
    hint: 'Copy it from `erlmcp receipt verify` or `erlmcp receipt show`.',
  })
}

/** Reads the receipts of a project in order, without verifying them. */
export function readReceipts(root: string): ReadReceipt[] {
  return readFolder(folderOf(root)).receipts
}

function readFolder(folder: string): { receipts: ReadReceipt[]; foreign: string[] } {
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
  const foreign = names.filter((name) => !isReceipt(name) && name !== headName)
  return { receipts, foreign }
}

function isFile(folder: string, name: string): boolean {
  return lstatSync(join(folder, name), { throwIfNoEntry: false })?.isFile() ?? false
}

function readReceipt(folder: string, name: string): ReadReceipt {
  const bytes = readFileSync(join(folder, name))
  const content = parseCanonical(bytes, isSignedReceipt)
  return { name, sequence: Number.parseInt(name, 10), hash: sha256(bytes), content }
}

/** The value of canonical JSON; undefined for other texts and other values. */
function parseCanonical<T extends object>(
  bytes: Buffer,
  isValid: (data: unknown) => data is T,
): T | undefined {
  const text = bytes.toString('utf8')
  try {
    const data: unknown = JSON.parse(text)
    const isCanonical = isValid(data) && bytes.equals(Buffer.from(`${canonical(data)}\n`))
    return isCanonical ? data : undefined
  } catch {
    // Not JSON, or invalid UTF-8.
    return undefined
  }
}

function diagnoseReceipt(
  all: readonly ReadReceipt[],
  { name, sequence, hash, content }: ReadReceipt,
  index: number,
): ReceiptDiagnostic[] {
  if (!content) return [diagnostic('modified', name, 'was modified')]
  const { receipt } = content
  if (receipt.sequence !== sequence) {
    const isCopy = all.some((one) => one.name !== name && one.hash === hash)
    return isCopy
      ? [diagnostic('duplicated', name, `is a copy of receipt ${receipt.sequence}`)]
      : [diagnostic('reordered', name, `is receipt ${receipt.sequence}`)]
  }
  if (receipt.chain !== all[0]?.content?.receipt.chain && all[0]?.content) {
    return [diagnostic('foreign', name, 'belongs to another chain')]
  }
  const before = all[index - 1]
  const isFirst = sequence === 1
  const previous = isFirst ? firstPrevious : before?.hash
  const follows = isFirst || before?.sequence === sequence - 1
  if (!follows || receipt.previous === previous) return []
  const other = isFirst
    ? 'is not the first receipt of a chain'
    : `does not follow ${before?.name}: one of them was modified`
  return [diagnostic('modified', name, other)]
}

function findGaps(receipts: readonly ReadReceipt[]): ReceiptDiagnostic[] {
  const numbers = new Set(receipts.map(({ sequence }) => sequence))
  // One diagnostic for each gap, however large.
  return receipts.flatMap(({ sequence }, index) => {
    const before = receipts[index - 1]?.sequence ?? 0
    if (sequence === before + 1 || numbers.has(sequence - 1)) return []
    const first = receiptName(before + 1)
    const last = sequence - before > 2 ? ` to ${receiptName(sequence - 1)}` : ''
    return [diagnostic('missing', `${first}${last}`, last === '' ? 'is missing' : 'are missing')]
  })
}

function readHead(folder: string): SignedHead | 'missing' | 'modified' {
  if (!isFile(folder, headName)) return 'missing'
  return parseCanonical(readFileSync(join(folder, headName)), isSignedHead) ?? 'modified'
}

function diagnoseHead(folder: string, receipts: readonly ReadReceipt[]): ReceiptDiagnostic[] {
  const read = readHead(folder)
  const last = receipts.at(-1)
  if (read === 'missing') {
    if (!last)
      return [diagnostic('missing', receiptName(1), 'is missing: the project has no receipts')]
    const { content } = last
    const isFirst = last.sequence === 1 && content?.receipt.previous === firstPrevious
    return isFirst ? [unfinished(last.name)] : [diagnostic('missing', headName, 'is missing')]
  }
  if (read === 'modified') return [diagnostic('modified', headName, 'was modified')]
  const { chain, count, hash } = read.head
  if (!last || last.sequence < count) {
    const from = receiptName((last?.sequence ?? 0) + 1)
    return [
      diagnostic('truncated', from, `and all later receipts are missing: the chain had ${count}`),
    ]
  }
  const named = receipts.find(({ sequence }) => sequence === count)
  if (named && named.hash !== hash) {
    return [diagnostic('modified', named.name, `is not the receipt that ${headName} names`)]
  }
  if (last.sequence === count + 1 && last.content?.receipt.previous === hash) {
    return [unfinished(last.name)]
  }
  if (last.sequence > count) {
    return [diagnostic('foreign', last.name, `is after the end of the chain, receipt ${count}`)]
  }
  const isOther = last.content && last.content.receipt.chain !== chain
  return isOther ? [diagnostic('foreign', headName, 'belongs to another chain')] : []
}

function unfinished(name: string): ReceiptDiagnostic {
  return diagnostic(
    'unfinished',
    name,
    `is not in ${headName}: a write was interrupted; the next receipt completes it`,
  )
}

interface SignedFile {
  readonly name: string
  readonly text: string
  readonly signature: Signature | undefined
}

function diagnoseSignatures(
  folder: string,
  receipts: readonly ReadReceipt[],
  key: KeyObject | undefined,
): ReceiptDiagnostic[] {
  const head = readHead(folder)
  const files: SignedFile[] = receipts.flatMap(({ name, content }) =>
    content ? [{ name, text: canonical(content.receipt), signature: content.signature }] : [],
  )
  const isSigned = files.at(-1)?.signature !== undefined
  if (typeof head === 'object') {
    files.push({ name: headName, text: canonical(head.head), signature: head.signature })
  }
  return files.flatMap(({ name, text, signature }) => {
    if (!signature) {
      const isRequired = key !== undefined || (name === headName && isSigned)
      return isRequired ? [diagnostic('unsigned', name, 'has no signature')] : []
    }
    if (!isValidSignature(text, signature)) {
      return [diagnostic('forged', name, 'has an invalid signature')]
    }
    return !key || isSignedBy(signature, key)
      ? []
      : [diagnostic('forged', name, 'is signed with another key')]
  })
}

function diagnostic(
  kind: ReceiptDiagnostic['kind'],
  file: string,
  message: string,
): ReceiptDiagnostic {
  return { kind, file, message: `${file} ${message}` }
}
