import { ORIGIN, type SecretFile } from '@erlmcp/core'
import { inheritedSpec } from './extends.ts'
import { projectFile, userOf } from './lower.ts'
import { untagged } from './merge/merge.ts'
import type { PatchValue } from './merge/patch.ts'
import { random, type SecretValue, secretFile } from './secret.ts'
import type { ServiceSpec, ServiceValue } from './service.ts'
import type { SecretUse } from './use.ts'

/**
 * The files that `erlmcp secrets init` makes, each with the users that read it.
 *
 * @param root the file that relative paths begin at
 */
export function secretFiles(
  services: Iterable<ServiceValue | PatchValue>,
  root: string,
): SecretFile[] {
  const files = new Map<string, { value: SecretValue; readers: Set<number> }>()
  const add = (one: SecretValue | SecretUse, uid: string | undefined): void => {
    const value = one.kind === 'use' ? one.value : one
    const file = secretFile(value)
    if (file === undefined) return
    const inside = projectFile(file, root, value)
    const known = files.get(inside) ?? { value, readers: new Set<number>() }
    if (uid !== undefined) known.readers.add(Number(uid))
    files.set(inside, known)
  }
  for (const service of services) {
    const spec = specOf(service)
    const [uid] = userOf(service)
    for (const one of spec.secrets ?? []) add(one, uid)
    // A build is read by who runs it.
    for (const one of buildSecrets(spec)) add(one, undefined)
  }
  return [...files].map(([file, { value, readers }]) => ({
    path: file,
    recipe: value.spec.make ?? random(),
    readers: [...readers].sort((a, b) => a - b),
    ...(value[ORIGIN] && { [ORIGIN]: value[ORIGIN] }),
  }))
}

function specOf(service: ServiceValue | PatchValue): ServiceSpec {
  return service.kind === 'service'
    ? inheritedSpec(service)
    : (untagged(service.spec) as ServiceSpec)
}

function buildSecrets({ build }: ServiceSpec): readonly (SecretValue | SecretUse)[] {
  return typeof build === 'object' && 'secrets' in build ? (build.secrets ?? []) : []
}
