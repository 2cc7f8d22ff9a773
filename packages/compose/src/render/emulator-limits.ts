import { type BuiltImage, type Origin, UserError } from '@erlmcp/core'
import type { ServiceValue } from '../schema/author.gen.ts'

// The defaults of a service.
const defaultLimits = { pids: 512, cpus: 1 }

type Emulator = NonNullable<BuiltImage['emulator']>

/**
 * @throws UserError for process limits that are too low for the emulator of the image
 */
export function validateEmulatorLimits(
  name: string,
  spec: ServiceValue['spec'],
  emulator: Emulator,
  origin: Origin | undefined,
): void {
  // The service runs another program.
  if (spec.entrypoint !== undefined) return
  const limits = spec.deploy?.resources?.limits
  const pids = numberOf(spec.pids_limit ?? limits?.pids ?? defaultLimits.pids)
  const cpus = numberOf(spec.cpus ?? limits?.cpus ?? defaultLimits.cpus)
  // The start script checks limits that are set by a variable or by the host.
  const least = emulator.base + emulator.perCpu * (cpus ? Math.ceil(cpus) : 1)
  if (pids !== undefined && pids > 0 && pids < least) {
    throw new UserError({
      message: `the service ${name} may have ${pids} processes and threads, but the emulator of its image needs ${least}`,
      hint: `Raise pids to ${least} or more in deploy.resources.limits (or pids_limit), or reduce '+S', '+SDio' or '+A' in vmArgs of erlangImage.`,
      origin,
    })
  }
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
