import { type ComposeFile, composeFormat } from '@erlmcp/compose'
import { type Stack, UserError } from '@erlmcp/core'
import { type Gates, isGates } from './gates.ts'

/** The gates of a stack, and the compose file that has their services. */
export interface Found {
  readonly gates: Gates
  /** Relative to the project. */
  readonly file: string
  /** Name of the compose project, which the volumes belong to. */
  readonly project: string
}

/** Whether gates are among the sources of a stack. */
export function hasGates(stack: Stack): boolean {
  return stack.sources.some(isGates)
}

/**
 * Looks for the gates among the sources of a stack.
 *
 * @throws UserError when it has none, or no compose file has their services
 * @example
 * const { gates, file } = findGates(stack)
 */
export function findGates(stack: Stack): Found {
  const gates = stack.sources.find(isGates)
  if (!gates) {
    throw new UserError({
      what: `the stack ${stack.name} has no gates`,
      help: 'Make them with gates(…) of @erlmcp/gates, and put them among its sources.',
    })
  }
  const needed = gates.services.map(({ name }) => name)
  const context = { stack: stack.name }
  const files = stack.sources
    .filter((source) => source !== gates)
    .flatMap((source) => [...source.documents(context)])
    .filter(({ format }) => format.name === composeFormat.name)
    .map(({ path, data }) => {
      const { services = {}, name = stack.name } = data as ComposeFile
      const project = process.env.COMPOSE_PROJECT_NAME || name
      return { path, project, services: Object.keys(services) }
    })
  const file = files.find(({ services }) => needed.every((name) => services.includes(name)))
  if (file) return { gates, file: file.path, project: file.project }
  const missing = needed.filter((name) => !files.some(({ services }) => services.includes(name)))
  throw new UserError({
    what: `no compose file of the stack has ${missing.length > 0 ? missing.join(', ') : 'every service of the gates'}`,
    help: "Put them all into one: compose('docker-compose.yml', [app, ...quality.services]).",
  })
}
