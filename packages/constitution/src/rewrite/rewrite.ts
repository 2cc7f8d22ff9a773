import { findSuggestion, shellWord } from '@erlmcp/core'
import type { Constitution, Row } from '../constitution.ts'
import { type Task, tasksOf } from './tasks.ts'

/** The Docker form of a command line, or the reason why it has none, which forbids it. */
export type Rewrite =
  | {
      readonly defined: true
      /** Undefined where the command is one of the allowed forms already. */
      readonly service?: string
      readonly gate?: string
      readonly argv: readonly string[]
      /** `argv` as a line for sh. */
      readonly line: string
    }
  | {
      readonly defined: false
      /** What cannot be said in Docker. */
      readonly why: string
      /** The way out. */
      readonly hint: string
    }

/** Variables of the caller, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>

/**
 * The Docker form of a command of the host: the same words, in the service that the map names.
 * What the map does not define is forbidden.
 *
 * The program is that of the image, whatever path it had on the host. Assignments before it, also
 * with `env`, and the variables that the map lets pass become `-e`.
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
  if (path === undefined) return undefinedForm('there is no command', 'Name one.')
  const program = programName(path)
  const found = rowOf(map, program, args)
  if (!found.row) return undefinedForm(found.why, found.hint)
  const { service = '', gate } = found.row
  const form = [
    ...['docker', 'compose', ...map.files.flatMap((file) => ['-f', file]), 'run', '--rm'],
    ...passed(map, assignments, variables).flatMap((one) => ['-e', one]),
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

/** The words as one line for a POSIX shell, which reads exactly them. */
export function shellLine(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ')
}

/** The name of a program without its folders: `./rebar3` is `rebar3`. */
export function programName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether the words are one of the forms that the constitution allows on a host. */
export function isAllowed(map: Constitution, argv: readonly string[]): boolean {
  return map.allowed.some((form) => {
    let at = 0
    for (const word of argv) if (word === form[at]) at++
    return argv[0] === form[0] && at === form.length
  })
}

/** Programs that the map speaks of. */
export function isKnown(map: Constitution, program: string): boolean {
  return map.rows.some(({ host }) => host[0] === program)
}

function withoutAssignments(argv: readonly string[]): {
  assignments: readonly string[]
  words: readonly string[]
} {
  const start = argv[0] === 'env' ? 1 : 0
  const end = argv.findIndex((word, index) => index >= start && !assignment.test(word))
  const stop = end < 0 ? argv.length : end
  // With options env does more than to assign.
  if (start === 1 && argv[stop]?.startsWith('-')) return { assignments: [], words: argv }
  return { assignments: argv.slice(start, stop), words: argv.slice(stop) }
}

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/

function passed(
  map: Constitution,
  assignments: readonly string[],
  variables: Variables,
): readonly string[] {
  const given = new Set(assignments.map((one) => one.split('=', 1)[0]))
  const along = map.passes.filter((name) => !given.has(name) && variables[name] !== undefined)
  return [...along.map((name) => `${name}=${variables[name]}`), ...assignments]
}

type Found =
  | { readonly row: Row }
  | { readonly row?: undefined; readonly why: string; readonly hint: string }

function rowOf(map: Constitution, program: string, args: readonly string[]): Found {
  const rows = map.rows.filter(({ host }) => host[0] === program)
  if (rows.length === 0) return unknownProgram(map, program, args)
  const whole = rows.find(({ host }) => host.length === 1)
  const tasks = tasksOf(program, args)
  if (tasks.length === 0) {
    if (whole) return whole.service === undefined ? noService(whole) : { row: whole }
    const names = rows.map(({ host }) => host[1]).join(', ')
    return { why: `${program} without a task is not defined`, hint: `Name one: ${names}.` }
  }
  const found = tasks.map(({ name }) => rows.find(({ host }) => host[1] === name) ?? whole)
  const missing = found.findIndex((row) => row?.service === undefined)
  if (missing >= 0) {
    return found[missing] ? noService(found[missing]) : unknownTask(program, tasks[missing]!, rows)
  }
  const services = new Set(found.map((row) => row!.service))
  return services.size === 1 ? { row: found[0]! } : split(map, tasks)
}

function noService({ host, why = '' }: Row): Found {
  return { why: `\`${host.join(' ')}\` has no service`, hint: `${capital(why)}.` }
}

function split(map: Constitution, tasks: readonly Task[]): Found {
  const lines = tasks.map(({ argv }) => rewrite(map, argv)).map((one) => one.defined && one.line)
  return {
    why: 'its parts belong to different services',
    hint: `Run them one after the other:\n${lines.map((line) => `    ${line}`).join('\n')}`,
  }
}

function unknownTask(program: string, { name }: Task, rows: readonly Row[]): Found {
  const names = rows.map(({ host }) => host[1]!)
  const near = findSuggestion(name, names)
  const hint = near === undefined ? `Known are: ${names.join(', ')}.` : `Did you mean ${near}?`
  return { why: `\`${program} ${name}\` is not in the map`, hint }
}

function unknownProgram(map: Constitution, program: string, args: readonly string[]): Found {
  const why = `${program} is not in the map`
  const inner = args.findIndex((word) => isKnown(map, programName(word)))
  const line =
    inner >= 0
      ? shellLine(args.slice(inner))
      : [program, ...args].find((word) => isLineOfKnown(map, word))
  if (line !== undefined) {
    return { why, hint: `Ask for what it runs: erlmcp rewrite -- ${line}` }
  }
  const form = map.allowed.filter((words) => words[0] === program).map((words) => words.join(' '))
  if (form.length > 0)
    return { why: `this is not how ${program} may be used`, hint: `Allowed: ${form.join(', ')}.` }
  const names = [...new Set(map.rows.map(({ host }) => host[0]))]
  const near = findSuggestion(program, names)
  return {
    why,
    hint: near === undefined ? `Known are: ${names.join(', ')}.` : `Did you mean ${near}?`,
  }
}

/** A command line in one word, as in `sh -c 'rebar3 ct'`, of words that mean nothing to a shell. */
function isLineOfKnown(map: Constitution, text: string): boolean {
  const [first = '', ...others] = text.split(' ')
  return others.length > 0 && /^[\w./= -]+$/.test(text) && isKnown(map, programName(first))
}

function undefinedForm(why: string, hint: string): Rewrite {
  return { defined: false, why, hint }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
