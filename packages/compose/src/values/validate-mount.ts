import {
  formatValue,
  isAbsolutePath,
  isBranded,
  isWindowsPath,
  type Origin,
  splitMount,
  UserError,
} from '@erlmcp/core'
import { isInterpolation } from './interpolation.ts'
import { variableHint } from './typescript-of.ts'

/** @throws UserError for an invalid source or target */
export function validateMount(source: unknown, target: unknown, origin: Origin): void {
  const isText = typeof source === 'string' || isInterpolation(source)
  const isDocument = typeof source === 'object' && source !== null && 'format' in source
  if (!isText && !isDocument && !isBranded(source, 'volume')) {
    throw new UserError({
      message: `mount: expected a volume, a path or a document as source, got ${formatValue(source)}`,
      hint: "Write mount(volume('data'), '/var/lib/app').",
      origin,
    })
  }
  if (typeof target === 'string' || isInterpolation(target)) return
  throw new UserError({
    message: `mount: expected a path in the container as target, got ${formatValue(target)}`,
    hint: "Write mount(volume('data'), '/var/lib/app').",
    origin,
  })
}

/** The flags of a bind mount (Compose spec, "volumes", short syntax). */
const propagations = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']
const consistencies = ['cached', 'delegated', 'consistent']
const flags: ReadonlySet<string> = new Set([
  ...['ro', 'rw', 'z', 'Z', 'nocopy'],
  ...consistencies,
  ...propagations,
])

/**
 * Validates the short syntax of a mount.
 *
 * @throws UserError for a named volume, a relative path in the container, or an unknown flag
 */
export function validateMountText(text: string, service: string, origin: Origin): void {
  const refuse = (why: string, hint: string): never => {
    throw new UserError({
      message: `service ${service} mounts ${JSON.stringify(text)}, ${why}`,
      hint,
      origin,
    })
  }
  const hint = variableHint(text, true)
  if (hint !== undefined) refuse('which has a variable as text', hint)
  const [source = '', target, options = '', ...more] = splitMount(text)
  if (more.length > 0) refuse('which has too many parts', 'Write source:target:flags.')
  if (target === undefined) {
    if (isAbsolutePath(source)) return
    refuse('which is not an absolute path in the container', 'Begin the path with a slash.')
  }
  if (!/^[./~]/.test(source) && !isWindowsPath(source)) {
    refuse(
      'whose source is not a path',
      `Begin a path with ./ or /; for a volume: mount(volume(${JSON.stringify(source)}), …).`,
    )
  }
  if (!isAbsolutePath(target!)) {
    refuse('whose path in the container is not absolute', 'Begin it with a slash.')
  }
  const unknown = options.split(',').find((flag) => options !== '' && !flags.has(flag))
  if (unknown !== undefined) {
    refuse(`which has the unknown flag ${JSON.stringify(unknown)}`, `Use ${[...flags].join(', ')}.`)
  }
}
