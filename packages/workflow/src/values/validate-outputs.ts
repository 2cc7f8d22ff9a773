import {
  type Document,
  formatValue,
  type Location,
  locate,
  ORIGIN,
  type Origin,
  type Path,
  UserError,
} from '@erlmcp/core'
import { isExpression } from './expression.ts'

/**
 * Validates the outputs of a workflow or action: text that was pasted from a file would refer to
 * steps and jobs by name.
 *
 * @throws UserError for an output whose value is not an expression, at its line
 */
export function validateOutputs(subject: string, given: unknown, at: Path, origin: Origin): void {
  if (given === undefined || given === null) return
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new UserError({
      message: `the outputs of ${subject}: expected an object, got ${formatValue(given)}`,
      hint: outputHint(),
      location: locationOfKey(origin, at),
    })
  }
  for (const [name, output] of Object.entries(given)) {
    const value: unknown = (output as { readonly value?: unknown } | null)?.value
    if (isExpression(value)) continue
    throw new UserError({
      message: `the output ${name} of ${subject}: expected the output of a job or step, got ${formatValue(value)}`,
      hint: outputHint(typeof value === 'string' ? value : undefined),
      location: locationOfKey(origin, [...at, name]),
    })
  }
}

/** How to write an output, with the names of the pasted one. */
function outputHint(pasted = ''): string {
  const [, id = 'build', name = 'NAME'] =
    /(?:jobs|steps)\.([\w-]+)\.outputs\.([\w-]+)/.exec(pasted) ?? []
  const variable = id.replaceAll(/-+(\w?)/g, (_, next: string) => next.toUpperCase())
  const property = /^\w+$/.test(name) ? `.${name}` : `['${name}']`
  return `Write \`value: ${variable}.outputs${property}\`, with the value ${variable} that declares \`outputs\`.`
}

function locationOfKey(origin: Origin, path: Path): Location | undefined {
  // `locate` reads the origin of the data and nothing else.
  return locate({ data: { [ORIGIN]: origin } } as unknown as Document, path)
}
