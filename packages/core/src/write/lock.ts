import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ifExists, readText, statOf } from '../file/disk.ts'
import { explainFsErrors } from '../file/durable.ts'
import { sha256 } from '../sha256.ts'
import { UserError } from '../user-error.ts'
import { stateFolder } from './manifest.ts'

/** An exclusive lock on the generated files of a project. */
export interface Lock {
  /** Whether it is still held: another machine may have taken over an abandoned lock. */
  isHeld(): boolean
  release(): void
}

/** Text of `.erlmcp/.gitignore`. */
export const stateIgnore =
  '# Only the manifest is meant to be committed.\n*\n!.gitignore\n!manifest.json\n'
const prefix = 'lock-'

// Whether a process on another machine lives cannot be checked; a write takes well under a second.
const abandonedAfter = 60_000

/**
 * Each process creates a lock file with a unique name, then looks for others: it holds the lock when
 * it finds no live one, else it removes its file and tries again. Of two that create theirs at once, at
 * least one sees the other. Any process may remove the file of a dead one, since names are never reused.
 *
 * @param timeout Milliseconds to wait for another process. Default: ten seconds.
 * @throws UserError which names the holder, after the timeout
 */
export async function lock(root: string, timeout = 10_000): Promise<Lock> {
  const folder = join(root, stateFolder)
  const end = Date.now() + timeout
  for (;;) {
    const mine = explainFsErrors(folder, () => createLockFile(root))
    const other = findLiveLock(root, mine)
    if (other === undefined) return held(mine)
    rmSync(mine, { force: true })
    if (Date.now() >= end) throw lockedError(other)
    await sleep(20 + Math.random() * 60)
  }
}

function held(mine: string): Lock {
  return {
    isHeld: () => statOf(mine) !== undefined,
    release: () => rmSync(mine, { force: true }),
  }
}

function createLockFile(root: string): string {
  const folder = join(root, stateFolder)
  makeFolder(folder)
  // Refuses a folder or file that is a link, before anything is written into it.
  const ignore = readText(root, `${stateFolder}/.gitignore`)
  if (ignore !== stateIgnore) writeFileSync(join(folder, '.gitignore'), stateIgnore)
  const owner = [machine(), process.pid, birth(process.pid), randomBytes(6).toString('hex')]
  const mine = join(folder, prefix + owner.join('-'))
  try {
    writeFileSync(mine, `${hostname()}\n`, { flag: 'wx' })
  } catch (error) {
    // A full disk may leave the file without its content.
    rmSync(mine, { force: true })
    throw error
  }
  return mine
}

// Not with `recursive`: where a file system has no room for folders, as /proc, Node never returns.
function makeFolder(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** The lock file of another live process. Removes those of dead ones when `mine` is given. */
export function findLiveLock(root: string, mine?: string): string | undefined {
  const folder = join(root, stateFolder)
  for (const name of ifExists(folder, (path) => readdirSync(path)) ?? []) {
    const file = join(folder, name)
    if (!name.startsWith(prefix) || file === mine) continue
    if (isAlive(file, name)) return file
    if (mine !== undefined) rmSync(file, { force: true })
  }
  return undefined
}

/** Whether a process that died left its lock behind. */
export function hasLeftover(root: string): boolean {
  const names = ifExists(join(root, stateFolder), (path) => readdirSync(path)) ?? []
  return names.some((name) => name.startsWith(prefix)) && findLiveLock(root) === undefined
}

/** The error of a lock that another process holds past the timeout. */
export function lockedError(file: string): UserError {
  const [, pid] = partsOf(file)
  const host = ifExists(file, (path) => readFileSync(path, 'utf8').trim()) || 'this machine'
  return new UserError({
    message: `process ${pid} on ${host} is writing into this project`,
    hint: `Wait until it is done. If that process no longer exists, remove ${file}.`,
    kind: 'environment',
  })
}

function partsOf(file: string): string[] {
  return file.slice(file.lastIndexOf(prefix) + prefix.length).split('-')
}

function isAlive(file: string, name: string): boolean {
  const [where, pid, born] = partsOf(name)
  if (where === machine()) return born === birth(Number(pid))
  const stat = statOf(file)
  return stat !== undefined && Date.now() - stat.mtimeMs < abandonedAfter
}

/** Identifies this boot of the machine and, within it, the PID namespace. */
function machine(): string {
  const parts = [
    hostname(),
    ifExists('/proc/sys/kernel/random/boot_id', (path) => readFileSync(path, 'utf8')) ?? '',
    ifExists('/proc/self/ns/pid', readlinkSync) ?? '',
  ]
  return sha256(parts.join('\n')).slice(0, 12)
}

/**
 * The start time of a process, since process ids are reused; `0` where the system does not tell it,
 * undefined for a dead process.
 */
function birth(pid: number): string | undefined {
  // The name in parentheses may hold spaces, so the 22nd field is counted from its end.
  const stat = ifExists(`/proc/${pid}/stat`, (path) => readFileSync(path, 'utf8'))
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie (Z) or dead (X) process has ended.
  if (fields) return /[ZX]/.test(fields[0]!) ? undefined : fields[19]
  if (process.platform === 'linux') return undefined
  try {
    process.kill(pid, 0)
    return '0'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? '0' : undefined
  }
}
