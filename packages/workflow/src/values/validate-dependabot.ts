import { type Origin, UserError, validateValue } from '@erlmcp/core'
import { dependabotSchema, ecosystemAliases } from '../schema/dependabot.ts'
import type { DependabotFile, DependabotUpdate } from '../schema/document.gen.ts'

/**
 * Validates what Dependabot validates: it reports a fault on a page of its own, and updates nothing.
 *
 * @throws UserError
 */
export function validateDependabot(file: DependabotFile, origin: Origin): void {
  const fail = (message: string, hint: string): never => {
    throw new UserError({ message: `dependabot(…): ${message}`, hint, origin })
  }
  for (const update of file.updates) {
    const name = String(update?.['package-ecosystem'])
    if (!Object.hasOwn(ecosystemAliases, name)) continue
    fail(`unknown package-ecosystem "${name}"`, `Did you mean \`${ecosystemAliases[name]}\`?`)
  }
  validateValue('dependabot(…)', file, dependabotSchema, origin)
  const seen = new Set<string>()
  for (const update of file.updates) {
    const name = update['package-ecosystem']
    const fault = findFault(update, file)
    if (fault) fail(`the update of ${name} ${fault.message}`, fault.hint)
    for (const folder of [update.directory ?? update.directories ?? []].flat()) {
      const key = [name, folder, update['target-branch']].join(' ')
      if (seen.has(key)) {
        fail(
          `duplicate update of ${name} in ${folder}`,
          'Join the two, or set another target-branch for one.',
        )
      }
      seen.add(key)
    }
  }
}

interface Fault {
  readonly message: string
  readonly hint: string
}

/** What its keys mean together. */
function findFault(update: DependabotUpdate, file: DependabotFile): Fault | undefined {
  const { directory, directories, schedule, registries = [] } = update
  const group = update['multi-ecosystem-group']
  if (directory === undefined && directories === undefined) {
    return {
      message: 'has no directory',
      hint: "Write directory: '/', or directories with a list.",
    }
  }
  if (directory !== undefined && directories !== undefined) {
    return { message: 'has both directory and directories', hint: 'Remove one of them.' }
  }
  if (group !== undefined && !Object.hasOwn(file['multi-ecosystem-groups'] ?? {}, group)) {
    return {
      message: `uses the unknown group ${group}`,
      hint: 'Add it to `multi-ecosystem-groups`.',
    }
  }
  if (schedule === undefined && group === undefined) {
    return { message: 'has no schedule', hint: "Write schedule: { interval: 'weekly' }." }
  }
  const isCron = schedule?.interval === 'cron'
  if (schedule && isCron !== (schedule.cronjob !== undefined)) {
    return {
      message: `has a schedule with ${isCron ? 'no cronjob' : 'a cronjob'}`,
      hint: "Write interval: 'cron' and cronjob, or neither.",
    }
  }
  const known = file.registries ?? {}
  const unknown = [registries].flat().find((one) => one !== '*' && !Object.hasOwn(known, one))
  if (unknown === undefined) return undefined
  return { message: `uses the unknown registry ${unknown}`, hint: 'Add it to `registries`.' }
}
