import { ORIGIN, originOf, schema } from '@erlmcp/core'
import type { ServiceSpec, ServiceValue } from '../schema/author.gen.ts'
import { service as serviceSchema } from '../schema/author-schema.gen.ts'
import { validateName } from './name.ts'
import { validateSpec } from './validate-spec.ts'

/** A service without the `restart` policies that would restart a job that succeeded. */
export interface JobSpec extends Omit<ServiceSpec, 'restart'> {
  /** Default: `no`. `on-failure:3` restarts it up to three times when it failed. */
  readonly restart?: 'no' | 'on-failure' | `on-failure:${number}`
}

const restart = schema.matching(
  /^(?:no|on-failure(?::\d+)?)$/,
  'no, on-failure or on-failure:N',
  'Remove it, or write service(…) if it keeps running.',
)
const jobSchema = {
  ...serviceSchema,
  keys: { ...serviceSchema.keys, restart: schema.formatted(schema.string, restart) },
}

/**
 * A service that runs once and exits, such as a migration. It is not restarted when it succeeded, and a
 * service that has it in `depends_on` starts when it has completed.
 *
 * @throws UserError as {@link service}, and for a `restart` that restarts it after success
 * @see https://github.com/compose-spec/compose-spec/blob/main/05-services.md#depends_on
 * @example
 * const migrate = job('migrate', { image: 'app:1.0', user: '1000:1000', command: ['migrate'] })
 * const app = service('app', { image: 'app:1.0', user: '1000:1000', depends_on: [migrate] })
 */
export function job(name: string, spec: JobSpec): ServiceValue {
  const origin = originOf(job)
  validateName('service', name, origin)
  validateSpec(`job ${name}`, spec, jobSchema, origin)
  const { restart = 'no' } = spec
  return Object.freeze({
    kind: 'service',
    name,
    spec: Object.freeze({ ...spec, restart }),
    job: true,
    [ORIGIN]: origin,
  })
}
