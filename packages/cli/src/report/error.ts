import { isUserError, printable, type UserError } from '@erlmcp/core'
import { exit } from '../exit.ts'
import { type Output, printJson } from '../output.ts'
import { readThrown } from '../stack/thrown.ts'
import { displayLocation } from './path.ts'

/** Prints an error, and returns its exit code. */
export function reportError(error: unknown, argv: readonly string[], output: Output): number {
  if (isUserError(error)) {
    const code = error.kind === 'environment' ? exit.missing : exit.usage
    if (wantsJson(argv)) printError(error, code, output)
    const { hint, summary } = error
    const place = displayLocation(error.location)
    const where = place ? `${place.file}:${place.line}:${place.column}: ` : ''
    output.err(printable(`erlmcp: ${where}${summary}\n  ${hint}\n`))
    return code
  }
  const { name, message, stack } = readThrown(error)
  const summary = `${name}: ${message}`
  if (wantsJson(argv)) {
    const hint = 'This is a bug of erlmcp, please report it.'
    printError({ summary, hint, location: undefined }, exit.bug, output)
  }
  output.err(`erlmcp: this is a bug of erlmcp, please report it:\n${stack || summary}\n`)
  return exit.bug
}

/** Also for a command line that could not be parsed. */
function wantsJson(argv: readonly string[]): boolean {
  const words = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined)
  return words.includes('--format=json') || words[words.indexOf('--format') + 1] === 'json'
}

function printError(
  { summary, hint, location }: Pick<UserError, 'summary' | 'hint' | 'location'>,
  code: number,
  output: Output,
): void {
  printJson(output, { error: { message: summary, hint, ...displayLocation(location) }, code })
}
