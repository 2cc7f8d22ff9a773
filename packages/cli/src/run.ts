import { UserError } from '@erlmcp/core'
import type { Entry } from './command-line/command.ts'
import { groupOf, helpOf, overview } from './command-line/help.ts'
import { asksForHelp, parse, unknownCommand } from './command-line/parse.ts'
import { entries } from './commands.ts'
import { exit } from './exit.ts'
import type { Output } from './output.ts'
import { reportError } from './report/error.ts'
import { forbidExit } from './stack/guard.ts'

const writeOut = process.stdout.write.bind(process.stdout)

/** https://no-color.org; terminals without colours have the name `dumb`. */
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
 * Runs one command line, without the name of the program. Output of the stack itself goes to standard
 * error.
 *
 * @returns the exit code: 0 success, 1 the check failed, 2 invalid usage or input, 3 a prerequisite is
 * missing, 70 a bug of erlmcp
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
    return reportError(error, argv, output)
  } finally {
    allowExit()
    process.stdout.write = write
  }
}

/** The working folder of a shell may be deleted. */
function requireFolder(): void {
  try {
    process.cwd()
  } catch {
    throw new UserError({
      message: 'the working folder was deleted',
      hint: 'Change to an existing folder: cd.',
      kind: 'environment',
    })
  }
}

const isHelp = (word: string | undefined) => word !== undefined && /^(--help|-h|help)$/.test(word)

async function dispatch(argv: readonly string[], output: Output): Promise<number> {
  const [first = '--help', ...others] = argv
  if (isHelp(first)) {
    output.out(await helpAbout(others))
    return argv.length === 0 ? exit.usage : exit.ok
  }
  if (others.length === 1 && isHelp(others[0]) && groupOf(first).length > 0) {
    output.out(overview(first))
    return exit.ok
  }
  if (first === '--version' || first === '-v') {
    const { readFileSync } = await import('node:fs')
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
    output.out(`${JSON.parse(manifest).version}\n`)
    return exit.ok
  }
  const { entry, rest } = find(argv)
  const { default: command } = await entry.load()
  if (asksForHelp(command, rest)) {
    output.out(helpOf(entry, command))
    return exit.ok
  }
  return command.run(parse(entry, command, rest), output)
}

async function helpAbout(words: readonly string[]): Promise<string> {
  const [first] = words
  if (first === undefined) return overview()
  if (words.length === 1 && groupOf(first).length > 0) return overview(first)
  const { entry } = find(words)
  return helpOf(entry, (await entry.load()).default)
}

/** The command that the first words name, and the words after them. */
function find(argv: readonly string[]): { entry: Entry; rest: readonly string[] } {
  const isNamed = ({ name }: Entry) => name.split(' ').every((word, at) => argv[at] === word)
  const entry = entries.find(isNamed)
  if (entry) return { entry, rest: argv.slice(entry.name.split(' ').length) }
  throw unknownCommand(
    entries.map(({ name }) => name),
    argv,
  )
}
