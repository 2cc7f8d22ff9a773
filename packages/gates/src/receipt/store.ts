import { type KeyObject, randomBytes } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  explainFsErrors,
  lock,
  sha256,
  syncFolder,
  UserError,
  writeDurably,
  writeInPlace,
} from '@erlmcp/core'
import {
  canonical,
  fileText,
  type Head,
  noReceipt,
  type Receipt,
  type ReceiptFacts,
  type SignedHead,
  type SignedReceipt,
} from './receipt.ts'
import { sign } from './signature.ts'

/** Where a project's receipts are, relative to its root. */
export const receiptFolder = '.erlmcp/receipts'

export const headName = 'head.json'

/** Begins the names of files that are being written. */
export const draftPrefix = '.draft-'

export interface AppendOptions {
  /** Private key (Ed25519) that signs the receipt and the head. Default: no signature. */
  readonly key?: KeyObject
  /** Milliseconds to wait for another process that writes. Default: ten seconds. */
  readonly patience?: number
}

/** A receipt as it was written. */
export interface Appended {
  readonly receipt: Receipt
  /** SHA-256 of its file: what a later `verify --head` can be held against. */
  readonly hash: string
}

/**
 * Adds a receipt to the project's chain. The file is complete on the disk, or not there; of two
 * processes one waits. Do it last: what happens afterwards is not in it.
 *
 * @throws UserError when the chain's end is not as it was written, the disk is full, or another
 * process does not let go
 * @example
 * const { hash } = await appendReceipt('.', facts, { key: readPrivateKey('receipts.key') })
 */
export async function appendReceipt(
  root: string,
  facts: ReceiptFacts,
  { key, patience }: AppendOptions = {},
): Promise<Appended> {
  const held = await lock(root, patience)
  try {
    const folder = folderOf(root)
    writeInPlace(folder, () => mkdirSync(folder, { recursive: true }))
    refuseForeign(folder)
    removeDrafts(folder)
    const { chain, count, hash: previous } = endOf(folder)
    if (existsSync(join(folder, receiptName(count + 1)))) {
      throw broken('there are receipts behind its end')
    }
    const receipt: Receipt = { ...facts, version: 1, chain, sequence: count + 1, previous }
    const signed = { receipt, ...(key && { signature: sign(canonical(receipt), key) }) }
    const text = fileText(signed)
    const hash = sha256(text)
    const head: Head = { version: 1, chain, count: receipt.sequence, hash }
    const signedHead = { head, ...(key && { signature: sign(canonical(head), key) }) }
    refuseTakeover(held.isHeld())
    put(folder, receiptName(receipt.sequence), text)
    put(folder, headName, fileText(signedHead))
    return { receipt, hash }
  } finally {
    held.release()
  }
}

/**
 * The folder of a project's receipts, which need not be there yet.
 *
 * @throws UserError when something else is in its place
 */
export function folderOf(root: string): string {
  const folder = join(root, receiptFolder)
  const stat = explainFsErrors(receiptFolder, () => lstatSync(folder, { throwIfNoEntry: false }))
  if (!stat || stat.isDirectory()) return folder
  throw new UserError({
    message: `${receiptFolder} is ${stat.isSymbolicLink() ? 'a link' : 'no folder'}`,
    hint: 'Move it away: receipts are in a folder of their own, and nothing is written through links.',
  })
}

/** A link leads elsewhere, a pipe has no end, and a folder is in the way of a file. */
function refuseForeign(folder: string): void {
  const foreign = readdirSync(folder, { withFileTypes: true }).find((entry) => !entry.isFile())
  if (foreign) throw broken(`${foreign.name} is no file`)
}

export function receiptName(sequence: number): string {
  return `${String(sequence).padStart(6, '0')}.json`
}

function put(folder: string, name: string, text: string): void {
  const draft = join(folder, `${draftPrefix}${randomBytes(6).toString('hex')}`)
  explainFsErrors(join(receiptFolder, name), () => {
    try {
      writeDurably(draft, text, 0o444)
      renameSync(draft, join(folder, name))
      syncFolder(folder)
    } catch (error) {
      rmSync(draft, { force: true })
      throw error
    }
  })
}

/** Of a process that died while it wrote. */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(draftPrefix)) rmSync(join(folder, name))
  }
}

/** What the next receipt follows. The last one may be newer than the head, by a write that died. */
function endOf(folder: string): Omit<Head, 'version'> {
  const headText = readText(folder, headName)
  const head = headText === undefined ? undefined : parseHead(headText)
  const next = readText(folder, receiptName((head?.count ?? 0) + 1))
  if (headText === undefined && next === undefined) {
    if (readdirSync(folder).length > 0) throw broken('its head is missing')
    return { chain: randomBytes(16).toString('hex'), count: 0, hash: noReceipt }
  }
  if (headText !== undefined && !head) throw broken('its head cannot be read')
  if (head) {
    const last = readText(folder, receiptName(head.count))
    if (last === undefined || sha256(last) !== head.hash) {
      throw broken('its last receipt is not the one that was written')
    }
  }
  if (next === undefined) return head!
  const receipt = parseReceipt(next)
  const { chain = receipt?.chain, count = 0, hash = noReceipt } = head ?? {}
  const follows =
    receipt?.previous === hash && receipt.chain === chain && receipt.sequence === count + 1
  if (!follows) throw broken('there is a receipt behind its end')
  return { chain: receipt.chain, count: receipt.sequence, hash: sha256(next) }
}

function readText(folder: string, name: string): string | undefined {
  const file = join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function parseHead(text: string): Head | undefined {
  const head = (parse(text) as SignedHead | undefined)?.head
  return Number.isSafeInteger(head?.count) && typeof head?.hash === 'string' ? head : undefined
}

function parseReceipt(text: string): Receipt | undefined {
  return (parse(text) as SignedReceipt | undefined)?.receipt
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function broken(why: string): UserError {
  return new UserError({
    message: `the chain in ${receiptFolder} cannot go on: ${why}`,
    hint: '`erlmcp receipt verify` says what is wrong. To begin a new chain, move the folder away and keep it.',
  })
}

function refuseTakeover(isHeld: boolean): void {
  if (isHeld) return
  throw new UserError({
    message: 'this process was stopped for so long that another one has taken its place',
    hint: 'No receipt was written. Run it again.',
    kind: 'environment',
  })
}
