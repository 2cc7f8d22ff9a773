import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Weights } from '@erlmcp/compose/services'
import { explainFsErrors, syncFolder, UserError, validateNoLinks, writeDurably } from '@erlmcp/core'
import type { Traffic } from './traffic.ts'

/** Reads the weights file; `undefined` where none was written. */
export function readWeightsText(root: string, { live }: Traffic): string | undefined {
  const file = join(root, live)
  return existsSync(file) ? explainFsErrors(live, () => readFileSync(file, 'utf8')) : undefined
}

/**
 * Reads the weights that were written last; `undefined` where none were, and those of the stack apply.
 *
 * @throws UserError for a file that erlmcp has not written
 */
export function readWeights(root: string, traffic: Traffic): Weights | undefined {
  const text = readWeightsText(root, traffic)
  if (text === undefined) return undefined
  const weights = traffic.proxy.live.read(text)
  if (weights !== undefined) return weights
  throw new UserError({
    message: `${traffic.live}: expected the weights of ${traffic.name}`,
    hint: 'Remove the file to start with the weights of the stack.',
  })
}

/** Replaces the weights file atomically; without a text it is removed. */
export function writeWeights(root: string, { live }: Traffic, text: string | undefined): void {
  validateNoLinks(root, live)
  const file = join(root, live)
  // Hidden, so that no proxy reads it.
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
