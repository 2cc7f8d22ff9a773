import { findSuggestion, shellWord } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import type { Row } from '../default-rows.ts'
import { type Task, tasksOf } from './tasks.ts'

/** The Docker form of a command line, or the reason why it is forbidden. */
export type Rewrite =
  | {
      readonly defined: true
      /** Undefined when the command may run on the host. */
      readonly service?: string
      readonly gate?: string
      readonly argv: readonly string[]
      /** `argv` as a line for sh. */
      readonly line: string
    }
  | {
      readonly defined: false
      /** Why the command has no Docker form. */
      readonly message: string
      /** How to get one. */
      readonly hint: string
    }

/** Variables of the caller, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>

/**
 * Rewrites a command of the host into its Docker form: the same words, run in the service of the map.
 * A command without a row in the map is forbidden.
 *
 * The path of the program is dropped: the image has its own. Assignments before the program, also
 * with `env`, and `passedVariables` of the map become `-e`.
 *
 * @example
 * rewrite(constitution(), ['rebar3', 'eunit'])
 * // { defined: true, line: 'docker compose run --rm erlmcp-unit rebar3 eunit', … }
 */
export function rewrite(
  map: Constitution,
  argv: readonly string[],
  variables: Variables = {},
): Rewrite {
  const { assignments, words } = withoutAssignments(argv)
  if (isAllowed(map, words)) {
    const form = assignments.length === 0 ? words : ['env', ...assignments, ...words]
    return { defined: true, argv: form, line: shellLine(form) }
  }
  const [path, ...args] = words
  if (path === undefined) return undefinedForm('the command is missing', 'Name a command.')
  const program = programName(path)
  const found = findRow(map, program, args)
  if (!found.row) return undefinedForm(found.message, found.hint)
  const { service = '', gate } = found.row
  const form = [
    ...['docker', 'compose', ...map.files.flatMap((file) => ['-f', file]), 'run', '--rm'],
    ...passedAssignments(map, assignments, variables).flatMap((one) => ['-e', one]),
    ...[map.prefix + service, program, ...args],
  ]
  const gates = gate === undefined ? {} : { gate }
  return {
    defined: true,
    service: map.prefix + service,
    ...gates,
    argv: form,
    line: shellLine(form),
  }
}

/** The words as one line, quoted for a POSIX shell. */
export function shellLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ')
}

/** The name of a program without its folder: `rebar3` for `./rebar3`. */
export function programName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether the map allows the command on a host. */
function isAllowed(map: Constitution, argv: readonly string[]): boolean {
  return map.allowed.some((form) => {
    let at = 0
    for (const word of argv) if (word === form[at]) at++
    return argv[0] === form[0] && at === form.length
  })
}

/** Whether the map has rows for a program. */
function isKnown(map: Constitution, program: string): boolean {
  return map.rows.some(({ host }) => host[0] === program)
}

function withoutAssignments(argv: readonly string[]): {
  assignments: readonly string[]
  words: readonly string[]
} {
  const start = argv[0] === 'env' ? 1 : 0
  const end = argv.findIndex((word, index) => index >= start && !assignment.test(word))
  const stop = end < 0 ? argv.length : end
  // With options, env does more than assign.
  if (start === 1 && argv[stop]?.startsWith('-')) return { assignments: [], words: argv }
  return { assignments: argv.slice(start, stop), words: argv.slice(stop) }
}

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/

function passedAssignments(
  map: Constitution,
  assignments: readonly string[],
  variables: Variables,
): readonly string[] {
  const given = new Set(assignments.map((one) => one.split('=', 1)[0]))
  const passed = map.passedVariables.filter(
    (name) => !given.has(name) && variables[name] !== undefined,
  )
  return [...passed.map((name) => `${name}=${variables[name]}`), ...assignments]
}

type Found =
  | { readonly row: Row }
  | { readonly row?: undefined; readonly message: string; readonly hint: string }

function findRow(map: Constitution, program: string, args: readonly string[]): Found {
  const rows = map.rows.filter(({ host }) => host[0] === program)
  if (rows.length === 0) return unknownProgram(map, program, args)
  const whole = rows.find(({ host }) => host.length === 1)
  const tasks = tasksOf(program, args)
  if (tasks.length === 0) {
    if (whole) return whole.service === undefined ? noService(whole) : { row: whole }
    const names = rows.map(({ host }) => host[1]).join(', ')
    return { message: `${program} needs a task`, hint: `Name one of ${names}.` }
  }
  const found = tasks.map(({ name }) => rows.find(({ host }) => host[1] === name) ?? whole)
  const missing = found.findIndex((row) => row?.service === undefined)
  if (missing >= 0) {
    return found[missing] ? noService(found[missing]) : unknownTask(program, tasks[missing]!, rows)
  }
  const services = new Set(found.map((row) => row!.service))
  return services.size === 1 ? { row: found[0]! } : split(map, tasks)
}

function noService({ host, reason = '' }: Row): Found {
  return { message: `\`${host.join(' ')}\` has no service`, hint: `${capital(reason)}.` }
}

function split(map: Constitution, tasks: readonly Task[]): Found {
  const lines = tasks.map(({ argv }) => rewrite(map, argv)).map((one) => one.defined && one.line)
  return {
    message: 'its tasks belong to different services',
    hint: `Run them one by one:\n${lines.map((line) => `    ${line}`).join('\n')}`,
  }
}

function unknownTask(program: string, { name }: Task, rows: readonly Row[]): Found {
  const names = rows.map(({ host }) => host[1]!)
  return {
    message: `unknown task \`${program} ${name}\``,
    hint: suggest(name, names),
  }
}

function unknownProgram(map: Constitution, program: string, args: readonly string[]): Found {
  const message = `unknown program ${program}`
  const inner = args.findIndex((word) => isKnown(map, programName(word)))
  const line =
    inner >= 0
      ? shellLine(args.slice(inner))
      : [program, ...args].find((word) => isLineOfKnown(map, word))
  if (line !== undefined) {
    return { message, hint: `Rewrite the command that it runs: erlmcp rewrite -- ${line}` }
  }
  const form = map.allowed.filter((words) => words[0] === program).map((words) => words.join(' '))
  if (form.length > 0) {
    return { message: `${program} is not allowed in this form`, hint: `Use ${form.join(', ')}.` }
  }
  const names = [...new Set(map.rows.map(({ host }) => host[0]))]
  return { message, hint: suggest(program, names) }
}

function suggest(name: string, names: readonly string[]): string {
  const suggestion = findSuggestion(name, names)
  return suggestion === undefined
    ? `Use one of ${names.join(', ')}.`
    : `Did you mean ${suggestion}?`
}

/** Whether a word is a command line without shell syntax, as in `sh -c 'rebar3 ct'`. */
function isLineOfKnown(map: Constitution, text: string): boolean {
  const [first = '', ...others] = text.split(' ')
  return others.length > 0 && /^[\w./= -]+$/.test(text) && isKnown(map, programName(first))
}

function undefinedForm(message: string, hint: string): Rewrite {
  return { defined: false, message, hint }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
