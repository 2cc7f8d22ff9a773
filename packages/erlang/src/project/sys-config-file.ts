import type { Location } from '@erlmcp/core'
import { parseTerms, type TermNode } from './parse-terms.ts'
import { elementsOf, keyOf, textOf } from './term-access.ts'

/** An environment variable that the start script of relx puts into a `.src` file. */
export interface FileVariable extends Location {
  readonly name: string
  /** Of `${NAME:-default}`. */
  readonly default?: string
}

/** What a sys.config or sys.config.src of a project configures. */
export interface SysConfigFile {
  readonly applications: readonly string[]
  /** Other configuration files that it includes, as paths. */
  readonly includes: readonly string[]
  readonly variables: readonly FileVariable[]
}

/**
 * Reads a sys.config, or a sys.config.src with variables such as `${PORT}` in it.
 *
 * @throws UserError where it is not one list of terms
 * @example readSysConfig('[{app, [{port, ${PORT}}]}].', 'config/sys.config.src').variables[0]?.name // 'PORT'
 */
export function readSysConfig(text: string, file: string): SysConfigFile {
  const elements = parseTerms(withoutVariables(text), file).flatMap(elementsOf)
  return {
    applications: elements.flatMap((node) => (isIncluded(node) ? [] : (keyOf(node) ?? []))),
    includes: elements.flatMap((node) => textOf(node) ?? []),
    variables: variablesOf(text, file, '%'),
  }
}

function isIncluded(node: TermNode): boolean {
  return textOf(node) !== undefined
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** An atom of the same length in place of each variable, so that positions stay. */
function withoutVariables(text: string): string {
  return text.replaceAll(variable, (match) => `x${'_'.repeat(match.length - 1)}`)
}

/**
 * The variables of a configuration file, without those in comments that take a whole line.
 *
 * @param comment with which a comment begins
 */
export function variablesOf(text: string, file: string, comment: '%' | '#'): FileVariable[] {
  return text.split('\n').flatMap((line, index) =>
    line.trimStart().startsWith(comment)
      ? []
      : [...line.matchAll(variable)].map(({ 1: name, 2: value, index: column }) => ({
          name: name!,
          ...(value !== undefined && { default: value }),
          ...{ file, line: index + 1, column: column + 1 },
        })),
  )
}
