import { removeJournal, type SecretFile, UserError } from '@erlmcp/core'
import { checkSecrets } from '../check/check-secrets.ts'
import { resolveRoot } from '../file/directory.ts'
import { isExistingSecret, readSecret } from '../file/secret-file.ts'
import type { SecretResult } from '../report.ts'
import { collectSecrets, type StackSecret } from '../stack-secrets.ts'
import { applyRenewals, findServers, type RotatedSecret } from './apply-renewals.ts'
import { previousContents } from './previous-contents.ts'
import { removeRedisPassword } from './redis-password.ts'
import { planRenewals, type Renewal, selectSecrets } from './renewals.ts'
import {
  beginRotation,
  type Change,
  findJournal,
  journalFile,
  markApplied,
  removeUnfinishedFiles,
} from './rotation-journal.ts'

/** Options of {@link rotateSecrets}. */
export interface RotateOptions {
  /** Names or paths; `expiring`: certificates that expire soon; `all`: everything but authorities. */
  readonly which: readonly string[] | 'expiring' | 'all'
  /** Days before its end from which a certificate is expiring. Default: 30. */
  readonly within?: number
  /**
   * Whether no container that reads the secrets is running, so that only files are written. Where an
   * engine answers, this is verified. Default: false.
   */
  readonly stopped?: boolean
  /** Certificates are valid from an hour before. Default: now. */
  readonly now?: Date
}

/** Result of a rotation. It never holds a content. */
export interface RotationReport {
  readonly rotated: readonly RotatedSecret[]
  /** Whether an interrupted rotation was resumed, and nothing else done. */
  readonly resumed: boolean
  /** Whether old contents are kept until {@link finishRotation}. */
  readonly open: boolean
}

/**
 * Rotates secrets: in their files, and in the servers of running containers. PostgreSQL changes its
 * password together with the file; Redis accepts both until {@link finishRotation}. An interrupted
 * rotation is resumed.
 *
 * @param root the project directory; paths are relative to it
 * @throws UserError for an unknown or invalid secret, where a server rejects a password, where another
 *   rotation is not finished, and (kind `environment`) where no engine answers
 * @example
 * await rotateSecrets('.', synthesis.secrets, { which: ['redis-password'] })
 * await finishRotation('.', synthesis.secrets)
 */
export async function rotateSecrets(
  root: string,
  secrets: readonly SecretFile[],
  options: RotateOptions,
): Promise<RotationReport> {
  const { now = new Date(), stopped = false } = options
  const project = await resolveRoot(root)
  const stackSecrets = collectSecrets(project, secrets)
  const found = await findJournal(project, stackSecrets)
  if (found) {
    if (found.journal.state === 'applied') throw rotationPending()
    const renewals = found.journal.changes.map((change) => toRenewal(change, stackSecrets))
    // Before anything is written, every server must be reachable.
    const servers = await findServers(renewals, stopped)
    return end(found.file, found.journal.changes, renewals, { servers, resumed: true })
  }
  const results = new Map<string, SecretResult>()
  const chosen = await resolveSelection(stackSecrets, secrets, project, { ...options, now })
  for (const secret of chosen) await validateRotatable(secret)
  const planned = await planRenewals(chosen, { stackSecrets, results, now })
  if (planned.length === 0) return { rotated: [], resumed: false, open: false }
  for (const { secret } of planned) await validateRotatable(secret)
  const renewals = planned.map((one): Renewal => ({ ...one, old: readSecret(one.secret) }))
  const changes = renewals.map(
    ({ secret, old, content }): Change => ({ path: secret.path, old: old!, next: content }),
  )
  // Before anything is written, an engine must answer, and the servers must run.
  const servers = await findServers(renewals, stopped)
  const file = journalFile(renewals[0]!.secret.file)
  beginRotation(file, changes)
  return end(file, changes, renewals, { servers, resumed: false })
}

/**
 * Finishes a rotation: Redis rejects the old password, and old contents are removed.
 *
 * @returns false where no rotation was in progress
 */
export async function finishRotation(
  root: string,
  secrets: readonly SecretFile[],
  { stopped = false }: Pick<RotateOptions, 'stopped'> = {},
): Promise<boolean> {
  const project = await resolveRoot(root)
  const stackSecrets = collectSecrets(project, secrets)
  const found = await findJournal(project, stackSecrets)
  if (!found) {
    removeUnfinishedFiles(project, stackSecrets)
    return false
  }
  const { file, journal } = found
  if (journal.state === 'begun') {
    throw new UserError({
      message: 'the rotation was interrupted: files and servers may still have the old content',
      hint: 'Run `erlmcp secrets rotate` with the same names, which resumes it.',
    })
  }
  const renewals = journal.changes.map((change) => toRenewal(change, stackSecrets))
  const servers = await findServers(renewals, stopped)
  for (const { path, old } of journal.changes) {
    for (const reader of servers.get(path) ?? []) {
      if (reader.server === 'redis' && reader.running) await removeRedisPassword(reader, old)
    }
  }
  removeJournal(file)
  return true
}

async function end(
  file: string,
  changes: readonly Change[],
  renewals: readonly Renewal[],
  { servers, resumed }: { servers: Awaited<ReturnType<typeof findServers>>; resumed: boolean },
): Promise<RotationReport> {
  const rotated = await applyRenewals(renewals, servers)
  const open = renewals.some(({ secret }) => secret.recipe.kind === 'random' && !secret.atRest)
  if (open) markApplied(file, changes)
  else removeJournal(file)
  return { rotated, resumed, open }
}

function toRenewal({ path, old, next }: Change, stackSecrets: readonly StackSecret[]): Renewal {
  const secret = stackSecrets.find((one) => one.path === path)
  if (secret) return { secret, content: next, old, message: 'resumed' }
  throw new UserError({
    message: `a rotation of ${path} is not finished, and the stack no longer has this secret`,
    hint: 'Put the secret back into the stack until the rotation is finished.',
  })
}

async function resolveSelection(
  stackSecrets: readonly StackSecret[],
  secrets: readonly SecretFile[],
  project: string,
  { which, within = 30, now }: RotateOptions & { now: Date },
): Promise<readonly StackSecret[]> {
  if (typeof which !== 'string') return selectSecrets(which, stackSecrets)
  if (which === 'all') {
    return stackSecrets.filter(
      ({ recipe }) => recipe.kind === 'random' || isLeafCertificate(recipe),
    )
  }
  const { secrets: checked } = await checkSecrets(project, secrets, {
    ...{ within, now, servers: false },
  })
  const ending = new Set(
    checked
      .filter(({ certificates = [] }) => certificates.some(({ days }) => days < within))
      .map(({ path }) => path),
  )
  return stackSecrets.filter(({ path }) => ending.has(path))
}

const isLeafCertificate = (recipe: StackSecret['recipe']): boolean =>
  recipe.kind === 'leaf' && recipe.part === 'certificate'

/** Rejects a secret that is invalid now: a rotation would hide why. */
async function validateRotatable(secret: StackSecret): Promise<void> {
  if (secret.violation) throw new UserError(secret.violation)
  const { path } = secret
  try {
    if (secret.atRest) await previousContents(secret)
    if (await isExistingSecret(secret)) return
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError({ message: `${path}: ${error.summary}`, hint: error.hint })
  }
  throw new UserError({
    message: `cannot rotate ${path}: missing`,
    hint: 'Run: erlmcp secrets init',
  })
}

function rotationPending(): UserError {
  return new UserError({
    message: 'the previous rotation is not finished: old contents are kept, and Redis accepts them',
    hint: 'When all clients use the new contents, run: erlmcp secrets rotate --done',
  })
}
