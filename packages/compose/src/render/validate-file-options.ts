import {
  formatValue,
  isBranded,
  type Origin,
  schema,
  UserError,
  validateOptions,
} from '@erlmcp/core'
import type { ComposeOptions } from '../compose-options.ts'
import { defaultTarget } from '../document.ts'
import type { PatchValue } from '../merge/patch.ts'
import type { ServiceValue } from '../schema/author.gen.ts'
import { isInterpolation } from '../values/interpolation.ts'
import { NAME_ONLY } from '../values/name-only.ts'
import { variableHint } from '../values/typescript-of.ts'

const { any, object } = schema
const noOptions = object<Record<never, never>>({}, { additional: 'x-' })
const optionsSchema = object<ComposeOptions>(
  { name: any, include: any, target: any },
  { additional: 'x-' },
)

/** The arguments of `compose`, `swarm` or `overlay`. */
export interface Given {
  readonly path: string
  readonly services: readonly (ServiceValue | PatchValue)[]
  readonly options: ComposeOptions
  readonly dialect: 'compose' | 'swarm' | 'overlay'
}

// Compose spec, "Name top-level element".
const projectName = /^[a-z0-9][a-z0-9_-]*$/

/**
 * Validates the arguments of a file: a `stack.ts` runs without being type-checked.
 *
 * @throws UserError for an invalid path, service or option
 */
export function validateComposeOptions(
  { path, services, options, dialect }: Given,
  origin: Origin,
): void {
  const refuse = (message: string, hint: string): never => {
    throw new UserError({ message, hint, origin })
  }
  const hint =
    dialect === 'overlay'
      ? "Write overlay('compose.override.yaml', base, [patch(web, { … })])."
      : `Write ${dialect}('compose.yaml', [web, db]).`
  if (typeof path !== 'string' || path === '' || path.endsWith('/')) {
    refuse(`path of a compose file: expected a file, got ${formatValue(path)}`, hint)
  }
  if (!Array.isArray(services))
    refuse(`the services of ${path}: expected a list, got ${formatValue(services)}`, hint)
  for (const one of services as readonly unknown[]) {
    if (typeof one === 'object' && one !== null && NAME_ONLY in one) {
      refuse(
        `the services of ${path} contain serviceNamed('${String((one as { name?: unknown }).name)}'), which is in another file`,
        'Remove it: refer to it in a service, such as in `depends_on`.',
      )
    }
    const { kind, name } = (one ?? {}) as { kind?: unknown; name?: unknown }
    if (isBranded(one, 'service') || (kind === 'patch' && dialect === 'overlay')) continue
    if (kind === 'patch') {
      refuse(
        `${path} has a patch of service ${String(name)}, which only an overlay can have`,
        "Write overlay('compose.override.yaml', base, [patch(web, { … })]), or override(web, { … }) for a complete service.",
      )
    }
    if (kind === 'service') {
      refuse(
        `the services of ${path} contain ${formatValue(one)}`,
        "Create it with service('app', { image: 'app:1.0' }).",
      )
    }
    const example =
      typeof kind === 'string'
        ? `the ${kind} ${String(name)}`
        : typeof (one as { then?: unknown } | null)?.then === 'function'
          ? 'a promise'
          : `a value of type ${one === null ? 'null' : typeof one}`
    refuse(
      `the services of ${path} contain ${example}`,
      `${hint} Networks, volumes and secrets are added with the services that use them.`,
    )
  }
  if (dialect === 'overlay') {
    validateOptions(`overlay ${path}`, options, noOptions, origin)
    return
  }
  validateOptions(`compose file ${path}`, options, optionsSchema, origin)
  if (options.target !== undefined) validateTarget(options.target, refuse)
  const { name } = options
  if (name === undefined || isInterpolation(name)) return
  if (typeof name === 'string' && projectName.test(name)) return
  refuse(
    `the project name ${JSON.stringify(name)} of ${path} is invalid`,
    variableHint(name, true) ??
      'Use lower-case letters, digits, dashes and underscores, beginning with a letter or digit.',
  )
}

/** @throws UserError for an unknown program or an invalid version */
export function validateTarget(
  target: unknown,
  refuse: (message: string, hint: string) => never,
): void {
  const { compose, engine } = defaultTarget
  const hint = `Write target: { compose: '${compose}', engine: '${engine}' }.`
  if (typeof target !== 'object' || target === null)
    refuse(`target: expected an object, got ${formatValue(target)}`, hint)
  for (const [program, version] of Object.entries(target as object)) {
    if (program !== 'compose' && program !== 'engine')
      refuse(`target: unknown key ${program}`, hint)
    if (typeof version === 'string' && /^\d+(?:\.\d+){0,2}$/.test(version)) continue
    refuse(`target.${program}: expected a version, got ${JSON.stringify(version)}`, hint)
  }
}
