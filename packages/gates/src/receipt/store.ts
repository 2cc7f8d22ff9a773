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
  firstPrevious,
  type Head,
  type Receipt,
  type ReceiptFacts,
} from './receipt.ts'
import { isSignedHead, isSignedReceipt } from './schema.ts'
import { sign } from './signature.ts'

/** The folder of the receipts, relative to the project. */
export const receiptFolder = '.erlmcp/receipts'

export const headName = 'head.json'

/** Prefix of files that are being written. */
export const draftPrefix = '.draft-'

export interface AppendOptions {
  /** Private key (Ed25519) that signs the receipt and the head. Default: no signature. */
  readonly key?: KeyObject
  /** Milliseconds to wait for another process that writes. Default: 10000. */
  readonly timeout?: number
}

/** A written receipt. */
export interface AppendedReceipt {
  readonly receipt: Receipt
  /** SHA-256 of its file, for `erlmcp receipt verify --head`. */
  readonly hash: string
}

/**
 * Appends a receipt to the chain of a project. The file is written completely or not at all. A second
 * process waits for the first. Call it last: a receipt does not cover what happens after it.
 *
 * @throws UserError when the end of the chain is invalid, the disk is full, or another process holds
 * the lock for too long
 * @example
 * const { hash } = await appendReceipt('.', facts, { key: readPrivateKey('receipts.key') })
 */
export async function appendReceipt(
  root: string,
  facts: ReceiptFacts,
  { key, timeout }: AppendOptions = {},
): Promise<AppendedReceipt> {
  const held = await lock(root, timeout)
  try {
    const folder = folderOf(root)
    writeInPlace(folder, () => mkdirSync(folder, { recursive: true }))
    validateEntries(folder)
    removeDrafts(folder)
    const { chain, count, hash: previous } = readEnd(folder)
    if (existsSync(join(folder, receiptName(count + 1)))) {
      throw brokenChain('it has receipts after its end')
    }
    const receipt: Receipt = { ...facts, version: 1, chain, sequence: count + 1, previous }
    const signed = { receipt, ...(key && { signature: sign(canonical(receipt), key) }) }
    const text = fileText(signed)
    const hash = sha256(text)
    const head: Head = { version: 1, chain, count: receipt.sequence, hash }
    const signedHead = { head, ...(key && { signature: sign(canonical(head), key) }) }
    validateLock(held.isHeld())
    writeFile(folder, receiptName(receipt.sequence), text)
    writeFile(folder, headName, fileText(signedHead))
    return { receipt, hash }
  } finally {
    held.release()
  }
}

/**
 * The folder of the receipts of a project, which may not exist yet.
 *
 * @throws UserError when the path is a link or a file
 */
export function folderOf(root: string): string {
  const folder = join(root, receiptFolder)
  const stat = explainFsErrors(receiptFolder, () => lstatSync(folder, { throwIfNoEntry: false }))
  if (!stat || stat.isDirectory()) return folder
  throw new UserError({
    message: `${receiptFolder}: expected a folder, got a ${stat.isSymbolicLink() ? 'symbolic link' : 'file'}`,
    hint: 'Move it away. erlmcp does not write through links.',
  })
}

/** Every entry must be a regular file. */
function validateEntries(folder: string): void {
  const foreign = readdirSync(folder, { withFileTypes: true }).find((entry) => !entry.isFile())
  if (foreign) throw brokenChain(`${foreign.name} is not a regular file`)
}

export function receiptName(sequence: number): string {
  return `${String(sequence).padStart(6, '0')}.json`
}

function writeFile(folder: string, name: string, text: string): void {
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

/** Removes the drafts of a process that was killed. */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(draftPrefix)) rmSync(join(folder, name))
  }
}

/** The end of the chain. After a crash the last receipt may be newer than the head. */
function readEnd(folder: string): Omit<Head, 'version'> {
  const headText = readText(folder, headName)
  const head = headText === undefined ? undefined : parse(headText, isSignedHead)?.head
  const next = readText(folder, receiptName((head?.count ?? 0) + 1))
  if (headText === undefined && next === undefined) {
    if (readdirSync(folder).length > 0) throw brokenChain('its head is missing')
    return { chain: randomBytes(16).toString('hex'), count: 0, hash: firstPrevious }
  }
  if (headText !== undefined && !head) throw brokenChain('its head is invalid')
  if (head) {
    const last = readText(folder, receiptName(head.count))
    if (last === undefined || sha256(last) !== head.hash) {
      throw brokenChain('its last receipt was modified')
    }
  }
  if (next === undefined) return head!
  const receipt = parse(next, isSignedReceipt)?.receipt
  const { chain = receipt?.chain, count = 0, hash = firstPrevious } = head ?? {}
  const follows =
    receipt?.previous === hash && receipt.chain === chain && receipt.sequence === count + 1
  if (!follows) throw brokenChain('it has a receipt after its end')
  return { chain: receipt.chain, count: receipt.sequence, hash: sha256(next) }
}

function readText(folder: string, name: string): string | undefined {
  const file = join(folder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function parse<T>(text: string, isValid: (data: unknown) => data is T): T | undefined {
  try {
    const data: unknown = JSON.parse(text)
    return isValid(data) ? data : undefined
  } catch {
    return undefined
  }
}

function brokenChain(fault: string): UserError {
  return new UserError({
    message: `cannot append to the chain in ${receiptFolder}: ${fault}`,
    hint: 'Run `erlmcp receipt verify` for details. To start a new chain, move the folder away and keep it.',
  })
}

function validateLock(isHeld: boolean): void {
  if (isHeld) return
  throw new UserError({
    message: 'another process has taken the lock while this one was stopped',
    hint: 'Run the command again: no receipt was written.',
    kind: 'environment',
  })
}
