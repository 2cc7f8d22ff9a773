import { findImageDefaults } from '../images/find-defaults.ts'
import type { PatchValue } from '../merge/patch.ts'
import type { ServiceSpec, ServiceValue } from '../schema/author.gen.ts'
import { isBuiltImage } from '../values/built-image.ts'
import { interpolationText, isInterpolation } from '../values/interpolation.ts'
import { inheritedSpec } from './inherited-spec.ts'

/** Numeric user and group that a service runs as, as far as they are known. */
export function userOf(value: ServiceValue | PatchValue): readonly [uid?: string, gid?: string] {
  const spec = (value.kind === 'service' ? inheritedSpec(value) : value.spec) as ServiceSpec
  const user = spec.user ?? (isBuiltImage(spec.build) ? spec.build.user : imageUser(spec))
  if (typeof user !== 'string') return []
  const match = /^(\d+)(?::(\d+))?$/.exec(user)
  if (!match) return []
  return match[2] === undefined ? [match[1]!] : [match[1]!, match[2]]
}

/** The user of a known image: its own, or the one that it becomes. */
function imageUser({ build, image }: ServiceSpec): string | undefined {
  if (build !== undefined || image === undefined) return undefined
  const facts = findImageDefaults(isInterpolation(image) ? interpolationText(image) : image)
  return facts?.user ?? facts?.stepsDownTo
}
