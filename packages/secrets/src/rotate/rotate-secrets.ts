import { type SecretFile, UserError } from '@erlmcp/core'
import { checkSecrets } from '../check/check-secrets.ts'
import { realRoot } from '../directory.ts'
import type { SecretResult } from '../report.ts'
import { isKept } from '../secret-file.ts'
import { type Wanted, wantedSecrets } from '../stack-secrets.ts'
import { apply, type RotatedSecret, serversOf } from './apply-renewals.ts'
import { previousContents } from './previous-contents.ts'
import { acceptNoMore } from './redis-password.ts'
import { contentOf, namedSecrets, plan, type Renewal } from './renewals.ts'
import {
  begin,
  type Change,
  findJournal,
  forget,
  forgetUnfinished,
  journalFile,
  markApplied,
} from './rotation-journal.ts'

/** Settings of {@link rotateSecrets}. */
export interface RotateOptions {
  /** Which: names or paths; `expiring`: certificates that do; `all`: all but authorities. */
  readonly which: readonly string[] | 'expiring' | 'all'
  /** Days that a certificate has to last to be not expiring. Default: 30. */
  readonly within?: number
  /**
   * No server has to be told: nothing that reads the secrets runs. Where an engine answers, it is
   * asked whether that is so. Default: false.
   */
  readonly stopped?: boolean
  /** When certificates begin, less an hour. Default: now. */
  readonly now?: Date
}

/** What a rotation did. Never a content. */
export interface RotationReport {
  readonly rotated: readonly RotatedSecret[]
  /** Whether a rotation that had been interrupted was brought to its end, and nothing else done. */
  readonly resumed: boolean
  /** Whether old content is kept until {@link finishRotation}. */
  readonly open: boolean
}

/**
 * Gives secrets a new content, in their files and in the servers of running containers that ask for
 * them: PostgreSQL is told at the same moment, Redis accepts both until {@link finishRotation}.
 * One that was interrupted goes on where it ended.
 *
 * @param root the project directory, which the paths are relative to
 * @throws UserError when a secret is unknown or cannot serve, a server refuses, another rotation is
 *   not done, or (kind `environment`) no engine answers
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
  const project = await realRoot(root)
  const wanted = wantedSecrets(project, secrets)
  const found = await findJournal(project, wanted)
  if (found) {
    if (found.journal.state === 'applied') throw notDone()
    const renewals = found.journal.changes.map((change) => renewalOf(change, wanted))
    // Nothing is gone on with before it is known that no server is left out.
    const servers = await serversOf(renewals, stopped)
    return end(found.file, found.journal.changes, renewals, { servers, resumed: true })
  }
  const results = new Map<string, SecretResult>()
  const chosen = await chosenSecrets(wanted, secrets, project, { ...options, now })
  for (const secret of chosen) await refuseUnfit(secret)
  const planned = await plan(chosen, { wanted, results, now })
  if (planned.length === 0) return { rotated: [], resumed: false, open: false }
  for (const { secret } of planned) await refuseUnfit(secret)
  const renewals = await Promise.all(
    planned.map(async (one): Promise<Renewal> => ({ ...one, old: await contentOf(one.secret) })),
  )
  const changes = renewals.map(
    ({ secret, old, content }): Change => ({ path: secret.path, old: old!, next: content }),
  )
  // Before anything is written: whether there is an engine, and the servers run.
  const servers = await serversOf(renewals, stopped)
  const file = journalFile(project, changes)
  await begin(file, changes)
  return end(file, changes, renewals, { servers, resumed: false })
}

/**
 * Ends a rotation: Redis refuses the old password, and the old content is forgotten.
 *
 * @returns false when there was none
 */
export async function finishRotation(
  root: string,
  secrets: readonly SecretFile[],
  { stopped = false }: Pick<RotateOptions, 'stopped'> = {},
): Promise<boolean> {
  const project = await realRoot(root)
  const wanted = wantedSecrets(project, secrets)
  const found = await findJournal(project, wanted)
  if (!found) {
    await forgetUnfinished(project, wanted)
    return false
  }
  const { file, journal } = found
  if (journal.state === 'begun') {
    throw new UserError({
      message: 'the rotation was interrupted, so some files and servers may have the old content',
      hint: 'Run `erlmcp secrets rotate` with the same names: it goes on where it ended.',
    })
  }
  const renewals = journal.changes.map((change) => renewalOf(change, wanted))
  const servers = await serversOf(renewals, stopped)
  for (const { path, old } of journal.changes) {
    for (const reader of servers.get(path) ?? []) {
      if (reader.server === 'redis' && reader.running) await acceptNoMore(reader, old)
    }
  }
  await forget(file)
  return true
}

async function end(
  file: string,
  changes: readonly Change[],
  renewals: readonly Renewal[],
  { servers, resumed }: { servers: Awaited<ReturnType<typeof serversOf>>; resumed: boolean },
): Promise<RotationReport> {
  const rotated = await apply(renewals, servers)
  const open = renewals.some(({ secret }) => secret.recipe.kind === 'random' && !secret.atRest)
  if (open) await markApplied(file, changes)
  else await forget(file)
  return { rotated, resumed, open }
}

function renewalOf({ path, old, next }: Change, wanted: readonly Wanted[]): Renewal {
  const secret = wanted.find((one) => one.path === path)
  if (secret) return { secret, content: next, old, message: 'brought to its end' }
  throw new UserError({
    message: `a rotation of ${path} is not done, and the stack has no such secret any more`,
    hint: 'Put the secret back into the stack until the rotation is done.',
  })
}

async function chosenSecrets(
  wanted: readonly Wanted[],
  secrets: readonly SecretFile[],
  project: string,
  { which, within = 30, now }: RotateOptions & { now: Date },
): Promise<readonly Wanted[]> {
  if (typeof which !== 'string') return namedSecrets(which, wanted)
  if (which === 'all') {
    return wanted.filter(({ recipe }) => recipe.kind === 'random' || isLeafCertificate(recipe))
  }
  const { secrets: checked } = await checkSecrets(project, secrets, {
    ...{ within, now, servers: false },
  })
  const ending = new Set(
    checked
      .filter(({ certificates = [] }) => certificates.some(({ days }) => days < within))
      .map(({ path }) => path),
  )
  return wanted.filter(({ path }) => ending.has(path))
}

const isLeafCertificate = (recipe: Wanted['recipe']): boolean =>
  recipe.kind === 'leaf' && recipe.part === 'certificate'

/** What is wrong with it now would only be hidden. */
async function refuseUnfit(secret: Wanted): Promise<void> {
  if (secret.violation) throw new UserError(secret.violation)
  const { path } = secret
  try {
    if (secret.atRest) await previousContents(secret)
    if (await isKept(secret)) return
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError({ message: `${path}: ${error.summary}`, hint: error.hint })
  }
  throw new UserError({
    message: `${path} is missing, so there is nothing to rotate`,
    hint: 'Run: erlmcp secrets init',
  })
}

function notDone(): UserError {
  return new UserError({
    message: 'the rotation before is not done: old content is kept, and Redis accepts it',
    hint: 'When all that connects has the new one, run: erlmcp secrets rotate --done',
  })
}
