import { isAbsolutePath, isWindowsPath, splitMount, type TextFormat } from '@erlmcp/core'
import type { Mount } from '../schema/document.gen.ts'
import { variableHint } from './typescript-of.ts'

const propagations = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'])
const consistencies = new Set(['cached', 'delegated', 'consistent'])
const flags = new Set(['ro', 'rw', 'z', 'Z', 'nocopy', ...consistencies, ...propagations])

/**
 * A path that is mounted, in the long form, which creates no folder where the path is missing;
 * `undefined` for a named volume, which an author writes as a value, and for an invalid text
 * (Compose spec, "volumes", short syntax).
 *
 * @example parseMountText('./config:/etc/app:ro')
 */
export function parseMountText(text: string): Mount | undefined {
  const [source = '', target, options = '', ...more] = splitMount(text)
  if (target === undefined) {
    return isAbsolutePath(source) ? { type: 'volume', target: source } : undefined
  }
  const given = options === '' ? [] : options.split(',')
  const isPath = /^[./~]/.test(source) || isWindowsPath(source)
  if (!isPath || !isAbsolutePath(target) || more.length > 0) return undefined
  if (!given.every((flag) => flags.has(flag))) return undefined
  const selinux = given.find((flag) => flag === 'z' || flag === 'Z')
  const propagation = given.find((flag) => propagations.has(flag))
  const consistency = given.find((flag) => consistencies.has(flag))
  return {
    type: 'bind',
    source,
    target,
    ...(given.includes('ro') && { read_only: true }),
    ...(consistency && { consistency }),
    bind: {
      create_host_path: false,
      ...(propagation && { propagation }),
      ...(selinux && { selinux }),
    },
  }
}

/** What an author writes in the short form. */
export const mountText: TextFormat = {
  accepts: (text) => parseMountText(text) !== undefined,
  expected: 'a mount',
  hint: "Write './config:/etc/app:ro', or mount(volume('data'), '/var/lib/app').",
  advise: (text) => variableHint(text, true) ?? adviseMount(text),
}

function adviseMount(text: string): string | undefined {
  const [source = '', target, options = ''] = splitMount(text)
  const unknown = options.split(',').find((flag) => options !== '' && !flags.has(flag))
  if (unknown !== undefined) return `Use the flags ${[...flags].join(', ')}.`
  if (target === undefined || /[./~\\]/.test(source[0] ?? '.')) return undefined
  return `Begin a path with ./ or /; for a volume: mount(volume(${JSON.stringify(source)}), …).`
}

/** A text that a program can receive. */
export const withoutNul: TextFormat = {
  accepts: (text) => !text.includes('\0'),
  expected: 'a string without NUL bytes',
  hint: 'Remove the NUL byte: a program cannot receive one.',
}
