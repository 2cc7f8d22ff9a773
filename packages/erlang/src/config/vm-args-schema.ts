import { findSuggestion, type Origin, type Schema, schema, UserError } from '@erlmcp/core'
import { emulatorFlags, type FlagValues } from './emulator-flags.ts'
import type { KernelParameters, VmArgs } from './vm-args.ts'

const { any, boolean, formatted, integer, matching, object, oneOf, string, union } = schema

/** The schema of a value in the table of flags. */
function schemaOf(values: FlagValues): Schema {
  if (values === 'boolean') return boolean
  if (values === 'alone') {
    return { ...oneOf(true), expected: '`true` for a flag without a value' }
  }
  if ('words' in values) return oneOf(...values.words)
  if ('pattern' in values) {
    const { pattern, expected } = values
    return formatted(union(integer, string), matching(pattern, expected, `Set it to ${expected}.`))
  }
  if ('counts' in values) {
    const [min, max] = values.counts
    return formatted(union(integer, string), {
      expected: `count:online, each from ${min} to ${max}`,
      hint: 'Write it as 4:2; either count may be left out.',
      accepts: (text) => areCounts(text, min, max),
    })
  }
  const [min, max] = values
  return formatted(integer, {
    expected: `a whole number from ${min} to ${max}`,
    hint: `Set it to a number from ${min} to ${max} (erl(1)).`,
    accepts: (text) => Number(text) >= min && Number(text) <= max,
  })
}

function areCounts(text: string, min: number, max: number): boolean {
  const match = /^(-?[0-9]+)?(?::(-?[0-9]+))?$/.exec(text)
  const given = [match?.[1], match?.[2]].flatMap((part) =>
    part === undefined ? [] : [Number(part)],
  )
  return given.length > 0 && given.every((count) => count >= min && count <= max)
}

const kernel: Record<keyof KernelParameters, Schema> = {
  net_ticktime: schemaOf([1, 2_147_483]),
  net_tickintensity: schemaOf([4, 1000]),
  net_setuptime: schemaOf([1, 120_000]),
  connect_all: boolean,
  prevent_overlapping_partitions: boolean,
  dist_auto_connect: any,
  logger_level: any,
  shell_history: any,
}

// The name is expanded by a shell (`eval echo` in the script of relx).
const nodeName = matching(
  /^[A-Za-z0-9_-]+@[A-Za-z0-9_.-]+$/,
  'a node name such as name@host',
  'Use letters, digits, _ and - before the @, and a host name or an address after it.',
)

const flags: Readonly<Record<string, Schema>> = {
  ...Object.fromEntries(
    Object.entries(emulatorFlags).map(([flag, type]) => [flag, schemaOf(type)]),
  ),
  '-name': formatted(string, nodeName),
  '-sname': formatted(string, nodeName),
  '-hidden': schemaOf('alone'),
  '-shutdown_time': schemaOf([1, 4_294_967_295]),
  '-kernel': object(kernel, { additional: 'all' }),
}

/** The values of vmArgs. Unknown flags are found by `validateVmArgs`, whose hint knows more. */
export const vmArgsSchema: Schema = object(flags, { additional: 'all' })

/**
 * Validates what the schema cannot express: the names of flags, and flags that depend on others.
 *
 * @throws UserError for an unknown flag or parameter, or two flags that exclude each other
 */
export function validateVmArgs(args: VmArgs, origin?: Origin): void {
  const reject = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  const flag = Object.keys(args).find((name) => !Object.hasOwn(flags, name))
  if (flag !== undefined) {
    const suggestion = findSuggestion(flag, Object.keys(flags))
    reject(
      `vmArgs: unknown flag ${flag}`,
      suggestion === undefined
        ? 'Remove it: the emulator does not start with a flag that erl(1) does not document, and erlangImage sets those of the distribution and the cookie.'
        : `Did you mean \`${suggestion}\`?`,
    )
  }
  const parameter = Object.keys(args['-kernel'] ?? {}).find((name) => !Object.hasOwn(kernel, name))
  if (parameter !== undefined) {
    reject(
      `vmArgs -kernel: unknown parameter ${parameter}`,
      'Put it into sysConfig: vm.args has only parameters of the node.',
    )
  }
  if (args['-name'] !== undefined && args['-sname'] !== undefined) {
    reject(
      'vmArgs has both -name and -sname',
      'Keep -name for a host name with dots, or -sname for one without.',
    )
  }
  const { '+IOp': sets = 1, '+IOt': threads = 1 } = args
  if (sets > threads) {
    reject(
      `vmArgs has ${sets} pollsets (+IOp) for ${threads} poll threads (+IOt)`,
      'Raise +IOt: the emulator does not start with fewer threads than pollsets.',
    )
  }
}
