import { isUserError, UserError } from '@erlmcp/core'
import type { Command } from './command.ts'
import { commands } from './commands.ts'
import { exit } from './exit.ts'
import { groupOf, helpOf, overview } from './help.ts'
import { nearby } from './mistake.ts'
import type { Output } from './output.ts'
import { ownWords, parse, unknownCommand } from './parse.ts'
import { printable } from './report/printable.ts'
import { forbidExit } from './stack-guard.ts'
import { readThrown } from './thrown.ts'

const writeOut = process.stdout.write.bind(process.stdout)

/** https://no-color.org; a terminal that cannot says so by its name. */
function wantsColour(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true
  return process.stderr.isTTY === true && TERM !== 'dumb'
}

export const streams: Output = {
  out: (text) => void writeOut(text),
  err: (text) => void process.stderr.write(text),
  colour: wantsColour(),
  progress: (text) => void (process.stderr.isTTY && process.stderr.write(text)),
}

/**
 * Runs one command line, without the name of the program. What the stack itself prints meanwhile
 * goes to the standard error.
 *
 * @returns the exit code: 0 yes, 1 the answer is no, 2 bad usage or input, 3 something
 * needed is not there, 70 a bug of ours
 * @example
 * process.exitCode = await run(['synth', 'stack.ts'])
 */
export async function run(argv: readonly string[], output: Output = streams): Promise<number> {
  const { write } = process.stdout
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write
  const allowExit = forbidExit()
  try {
    requireFolder()
    return await dispatch(argv, output)
  } catch (error) {
    return tell(error, argv, output)
  } finally {
    allowExit()
    process.stdout.write = write
  }
}

/** A shell may well stay in a folder that was deleted; nothing can be found from there. */
function requireFolder(): void {
  try {
    process.cwd()
  } catch {
    throw new UserError({
      message: 'the working folder does not exist any more',
      hint: 'Change to a folder that exists: cd.',
      kind: 'environment',
    })
  }
}

/** Says what went wrong, and returns the exit code for it. */
export function tell(error: unknown, argv: readonly string[], output: Output): number {
  if (isUserError(error)) {
    const code = error.kind === 'environment' ? exit.missing : exit.usage
    if (asksForJson(argv)) output.out(asJson(error, code))
    output.err(printable(`erlmcp: ${whereOf(error)}${error.summary}\n  ${error.hint}\n`))
    return code
  }
  const { name, message, stack } = readThrown(error)
  const hint = 'This is a bug of erlmcp, please report it.'
  if (asksForJson(argv)) {
    output.out(asJson({ summary: `${name}: ${message}`, hint, location: undefined }, exit.bug))
  }
  const trace = stack === '' ? `${name}: ${message}` : stack
  output.err(`erlmcp: this is a bug of erlmcp, please report it:\n${trace}\n`)
  return exit.bug
}

/** `--json` and `--format json` are one; a line that could not be parsed asks as well. */
function asksForJson(argv: readonly string[]): boolean {
  const words = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined)
  return (
    words.includes('--json') ||
    words.includes('--format=json') ||
    words[words.indexOf('--format') + 1] === 'json'
  )
}

/** Programs that asked for JSON get the mistake as JSON too. */
function asJson(
  { summary, hint, location }: Pick<UserError, 'summary' | 'hint' | 'location'>,
  code: number,
): string {
  const error = { message: summary, hint, ...nearby(location) }
  return `${JSON.stringify({ error, code }, null, 2)}\n`
}

function whereOf({ location }: UserError): string {
  const place = nearby(location)
  return place ? `${place.file}:${place.line}:${place.column}: ` : ''
}

const asksForHelp = (word: string | undefined) =>
  word !== undefined && /^(--help|-h|help)$/.test(word)

async function dispatch(argv: readonly string[], output: Output): Promise<number> {
  const [first = '--help', ...others] = argv
  if (asksForHelp(first)) {
    output.out(helpAbout(others))
    return argv.length === 0 ? exit.usage : exit.ok
  }
  if (others.length === 1 && asksForHelp(others[0]) && groupOf(first).length > 0) {
    output.out(overview(first))
    return exit.ok
  }
  if (first === '--version' || first === '-v') {
    const { readFileSync } = await import('node:fs')
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
    output.out(`${JSON.parse(manifest).version}\n`)
    return exit.ok
  }
  const { command, rest } = find(argv)
  const own = ownWords(command, rest)
  if (own.includes('--help') || own.includes('-h')) {
    output.out(helpOf(command))
    return exit.ok
  }
  return command.run(parse(command, rest), output)
}

function helpAbout(words: readonly string[]): string {
  const [first] = words
  if (first === undefined) return overview()
  return words.length === 1 && groupOf(first).length > 0
    ? overview(first)
    : helpOf(find(words).command)
}

/** The command that the first words name, and the words after them. */
function find(argv: readonly string[]): { command: Command; rest: readonly string[] } {
  const command = commands.find(({ words }) => words.every((word, index) => argv[index] === word))
  if (command) return { command, rest: argv.slice(command.words.length) }
  throw unknownCommand(argv)
}
