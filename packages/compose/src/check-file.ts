import { isMade, type Origin, show, UserError } from '@erlmcp/core'
import type { ComposeOptions } from './compose.ts'
import { isInterpolation } from './interpolation.ts'
import { refuseUnknownKeys } from './known-keys.ts'
import type { ServiceValue } from './service.ts'

/** What a person gave `compose` or `swarm`. */
export interface Given {
  readonly path: string
  readonly services: readonly ServiceValue[]
  readonly options: ComposeOptions
  readonly dialect: 'compose' | 'swarm'
}

// Compose spec, "Name top-level element".
const projectName = /^[a-z0-9][a-z0-9_-]*$/

/**
 * Looks at what a file is made of, where the compiler may not have.
 *
 * @throws UserError for a path that is no text, what is no service, and options that no file has
 */
export function checkFile({ path, services, options, dialect }: Given, origin: Origin): void {
  const refuse = (what: string, help: string): never => {
    throw new UserError({ what, help, origin })
  }
  const help = `Write ${dialect}('compose.yaml', [web, db]).`
  if (typeof path !== 'string' || path === '' || path.endsWith('/')) {
    refuse(`the path of a compose file is ${JSON.stringify(path) ?? typeof path}`, help)
  }
  if (!Array.isArray(services)) refuse(`the services of ${path} are no list`, help)
  for (const one of services as readonly unknown[]) {
    const { kind, name } = (one ?? {}) as { kind?: unknown; name?: unknown }
    if (isMade(one, 'service')) continue
    if (kind === 'service') {
      refuse(
        `the services of ${path} have ${show(one)}, among them`,
        "Make it with service('app', { image: 'app:1.0' }).",
      )
    }
    const such =
      typeof kind === 'string'
        ? `the ${kind} ${String(name)}`
        : `a value of type ${one === null ? 'null' : typeof one}`
    refuse(
      `the services of ${path} have ${such} among them`,
      `${help} Networks, volumes and secrets come with the services that use them.`,
    )
  }
  refuseUnknownKeys(options, { name: true, include: true }, 'the', 'compose file', origin)
  const { name } = options
  if (name === undefined || isInterpolation(name)) return
  if (typeof name === 'string' && projectName.test(name)) return
  refuse(
    `the project name ${JSON.stringify(name)} of ${path} cannot be one`,
    'Use lower-case letters, digits, dashes and underscores, beginning with a letter or digit.',
  )
}
