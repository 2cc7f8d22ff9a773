import { posix } from 'node:path'
import { docker } from '@erlmcp/docker'
import { parseDocument } from 'yaml'
import { passwordVariables } from './password-variables.ts'

/** A volume that stores the password with which its server was first started. */
export interface VolumePassword {
  /** Path of the secret, relative to the project. */
  readonly path: string
  readonly service: string
  /** Its name on the engine. */
  readonly volume: string
}

interface File {
  readonly name?: string
  readonly services?: Readonly<Record<string, Service | null>>
  readonly secrets?: Readonly<Record<string, { readonly file?: string } | null>>
  readonly volumes?: Readonly<
    Record<string, { readonly name?: string; readonly external?: boolean } | null>
  >
}

interface Service {
  readonly environment?: Readonly<Record<string, unknown>> | readonly string[]
  readonly secrets?: readonly (string | { readonly source: string; readonly target?: string })[]
  readonly volumes?: readonly (string | { readonly type?: string; readonly source?: string })[]
}

/**
 * Finds the volumes of compose files that store the password of a secret file.
 *
 * @param artifacts files of a stack; files other than compose files are skipped
 */
export function findVolumePasswords(
  artifacts: readonly { readonly path: string; readonly text: string }[],
): readonly VolumePassword[] {
  return artifacts.filter(({ path }) => /\.ya?ml$/.test(path)).flatMap(findInFile)
}

function findInFile({ path, text }: { readonly path: string; readonly text: string }) {
  const file = contentOf(text)
  if (typeof file?.services !== 'object') return []
  return Object.entries(file.services).flatMap(([service, spec]) => {
    const secrets = passwordSecrets(spec ?? {}).flatMap((name) => file.secrets?.[name]?.file ?? [])
    const volumes = namedVolumes(spec ?? {}).flatMap((name) => engineName(file, name) ?? [])
    return secrets.flatMap((secret) =>
      volumes.map(
        (volume): VolumePassword => ({
          path: posix.join(posix.dirname(path), secret),
          ...{ service, volume },
        }),
      ),
    )
  })
}

/** `null` for YAML that is not one plain document, such as that of another program. */
function contentOf(text: string): File | null {
  const document = parseDocument(text, { logLevel: 'silent' })
  return document.errors.length > 0 ? null : (document.toJS() as File | null)
}

/** The secrets from which a service reads its initial password. */
function passwordSecrets({ environment = {}, secrets = [] }: Service): readonly string[] {
  const entries = Array.isArray(environment)
    ? environment.map((one) => String(one).split(/=(.*)/s) as [string, string])
    : Object.entries(environment)
  const files = entries
    .filter(([name]) => passwordVariables.has(name))
    .map(([, value]) => String(value))
  return secrets
    .map((one) => (typeof one === 'string' ? { source: one } : one))
    .filter(({ source, target = source }) => files.includes(posix.resolve('/run/secrets', target)))
    .map(({ source }) => source)
}

function namedVolumes({ volumes = [] }: Service): readonly string[] {
  return volumes.flatMap((one) => {
    const source = typeof one === 'string' ? one.split(':')[0] : one.source
    const named = typeof one === 'string' ? one.includes(':') : one.type === 'volume'
    return named && source !== undefined && /^\w/.test(source) ? [source] : []
  })
}

/** The name that Compose gives a volume; unknown where the shell sets part of it. */
function engineName({ name: project, volumes }: File, volume: string): string | undefined {
  const { name, external } = volumes?.[volume] ?? {}
  const found = name ?? (external ? volume : project && `${project}_${volume}`)
  const resolved = found?.replaceAll(/\$\{\w+:?-([^}]*)\}/g, '$1')
  return resolved?.includes('$') ? undefined : resolved
}

/** Keeps those whose volume exists on the engine; `undefined` where no engine answers. */
export async function filterExistingVolumes(
  kept: readonly VolumePassword[],
): Promise<readonly VolumePassword[] | undefined> {
  if (kept.length === 0) return []
  const listed = await docker(['volume', 'ls', '--quiet']).catch(() => undefined)
  if (listed === undefined) return undefined
  const known = new Set(listed.split('\n'))
  return kept.filter(({ volume }) => known.has(volume))
}
