import { parseConstitution } from '@erlmcp/constitution'
import { rewrite } from '@erlmcp/constitution/run'

export { findGates, findSets } from '../run.ts'

/** The Docker form of a command by the text of a map. */
export function parseRewrite(text: string, words: readonly string[]): string | undefined {
  const form = rewrite(parseConstitution(text), words)
  return form.defined ? form.line : undefined
}
