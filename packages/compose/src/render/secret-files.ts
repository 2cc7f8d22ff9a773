import { posix } from 'node:path'
import { ORIGIN, type SecretFile, type SecretRecipe, UserError } from '@erlmcp/core'
import type { PatchValue } from '../merge/patch.ts'
import { untagged } from '../merge/tag.ts'
import type { SecretGrant, SecretValue, ServiceSpec, ServiceValue } from '../schema/author.gen.ts'
import { definedFile, isOutside, random, secretFile } from '../values/secret.ts'
import { inheritedSpec } from './inherited-spec.ts'
import { userOf } from './service-user.ts'

type Services = Iterable<ServiceValue | PatchValue>

/**
 * The files that `erlmcp secrets init` creates, each with the users that read it.
 *
 * @param root the file whose folder relative paths begin at
 */
export function secretFiles(services: Services, root: string): SecretFile[] {
  const files = new Map<string, { value: SecretValue; readers: Set<number> }>()
  for (const { value, uid } of granted(services)) {
    const file = secretFile(value)
    if (file === undefined) continue
    const inside = projectFile(file, root, value)
    const known = files.get(inside) ?? { value, readers: new Set<number>() }
    if (uid !== undefined) known.readers.add(Number(uid))
    files.set(inside, known)
  }
  return [...files].map(([file, { value, readers }]) => ({
    path: file,
    recipe: recipeOf(value),
    readers: [...readers].sort((a, b) => a - b),
    ...(value.spec.atRest && { atRest: true }),
    ...(value[ORIGIN] && { [ORIGIN]: value[ORIGIN] }),
  }))
}

/** The folders of the project that hold secrets, generated or provided by an operator. Git ignores their content. */
export function secretFolders(services: Services, root: string): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const { value } of granted(services)) {
    const provided = value.spec.make === 'operator' ? definedFile(value) : undefined
    const file = secretFile(value) ?? provided
    if (typeof file !== 'string' || isOutside(file)) continue
    folders.add(posix.dirname(projectFile(file, root, value)))
  }
  // The folder of the project itself holds more than secrets.
  folders.delete('.')
  return folders
}

/** Every secret of a service, with the user that reads it; the secrets of a build have none. */
function* granted(
  services: Services,
): Iterable<{ readonly value: SecretValue; readonly uid?: string | undefined }> {
  for (const service of services) {
    const spec = specOf(service)
    const [uid] = userOf(service)
    for (const one of spec.secrets ?? []) yield { value: secretOf(one), uid }
    for (const one of buildSecrets(spec)) yield { value: secretOf(one) }
  }
}

function secretOf(one: SecretValue | SecretGrant): SecretValue {
  return 'value' in one ? one.value : one
}

function recipeOf({ spec: { make } }: SecretValue): SecretRecipe {
  return make === undefined || make === 'operator' ? random() : make
}

function specOf(service: ServiceValue | PatchValue): ServiceSpec {
  return service.kind === 'service'
    ? inheritedSpec(service)
    : (untagged(service.spec) as ServiceSpec)
}

function buildSecrets({ build }: ServiceSpec): readonly (SecretValue | SecretGrant)[] {
  return typeof build === 'object' && 'secrets' in build ? (build.secrets ?? []) : []
}

/**
 * The path of a secret's file, relative to the folder of the project.
 *
 * @throws UserError when it is outside
 */
function projectFile(path: string, root: string, value: SecretValue): string {
  const inside = posix.normalize(posix.join(posix.dirname(root), path))
  if (!posix.isAbsolute(path) && !inside.startsWith('../')) return inside
  throw new UserError({
    message: `the file ${path} of secret ${value.name} is outside the project`,
    hint: 'Give a path below the folder of stack.ts, or mark it `external: true`.',
    origin: value[ORIGIN],
  })
}
