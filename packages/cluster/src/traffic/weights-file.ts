import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Weights } from '@erlmcp/compose/services'
import { explainFsErrors, syncFolder, UserError, validateNoLinks, writeDurably } from '@erlmcp/core'
import type { Traffic } from './traffic.ts'

/** The text of the file of weights, or undefined where none was ever written. */
export function liveText(root: string, { live }: Traffic): string | undefined {
  const file = join(root, live)
  return existsSync(file) ? explainFsErrors(live, () => readFileSync(file, 'utf8')) : undefined
}

/**
 * The weights that were written last, or undefined when none ever were: those of the stack are
 * in force then.
 *
 * @throws UserError when somebody else wrote the file
 */
export function readLive(root: string, traffic: Traffic): Weights | undefined {
  const text = liveText(root, traffic)
  if (text === undefined) return undefined
  const weights = traffic.proxy.live.read(text)
  if (weights !== undefined) return weights
  throw new UserError({
    message: `${traffic.live} does not say the weights of ${traffic.name}`,
    hint: 'Somebody else has written it. Remove it to begin with the weights of the stack.',
  })
}

/** Takes the place of the old file at once: nobody reads a part of it. Without a text it goes. */
export function writeLive(root: string, { live }: Traffic, text: string | undefined): void {
  validateNoLinks(root, live)
  const file = join(root, live)
  // Hidden, so that no proxy reads it; a run that was killed leaves it to the next.
  const beside = join(dirname(file), '.next')
  explainFsErrors(live, () => {
    rmSync(beside, { force: true })
    if (text === undefined) rmSync(file, { force: true })
    else {
      writeDurably(beside, text, 0o644)
      renameSync(beside, file)
    }
    syncFolder(dirname(file))
  })
}
