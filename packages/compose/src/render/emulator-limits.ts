import { type BuiltImage, type Origin, UserError } from '@erlmcp/core'
import type { ServiceValue } from '../values/service.ts'

// What a service has that says none.
const defaultLimits = { pids: 512, cpus: 1 }

type Emulator = NonNullable<BuiltImage['emulator']>

/**
 * Refuses limits of a service with which the emulator of its image does not start.
 *
 * @throws UserError with the numbers
 */
export function validateEmulatorLimits(
  name: string,
  spec: ServiceValue['spec'],
  emulator: Emulator,
  origin: Origin | undefined,
): void {
  // Another program starts.
  if (spec.entrypoint !== undefined) return
  const limits = spec.deploy?.resources?.limits
  const pids = numberOf(spec.pids_limit ?? limits?.pids ?? defaultLimits.pids)
  const cpus = numberOf(spec.cpus ?? limits?.cpus ?? defaultLimits.cpus)
  // Of a variable or no limit at all, the machine decides: the start script looks there.
  const least = emulator.base + emulator.perCpu * (cpus ? Math.ceil(cpus) : 1)
  if (pids !== undefined && pids > 0 && pids < least) {
    throw new UserError({
      message: `the service ${name} may have ${pids} processes and threads, and the emulator of its image needs ${least}`,
      hint: `Raise pids to ${least} or more in deploy.resources.limits (or pids_limit), or lower '+S', '+SDio' or '+A' in vmArgs of erlangImage.`,
      origin,
    })
  }
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
