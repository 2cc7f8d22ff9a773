import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { sha256, UserError } from '@erlmcp/core'
import { docker, runDocker } from '@erlmcp/docker'
import { initSecrets } from '@erlmcp/secrets/run'
import type { StackContent, StackFile, SwarmDeployment } from './stack-file.ts'

/** An overlay of the stack file: a versioned name for each secret and config. */
export interface ContentVersions {
  readonly version: '3.13'
  readonly secrets: Readonly<Record<string, StackContent>>
  readonly configs: Readonly<Record<string, StackContent>>
}

const keyFile = 'swarm-version-key'
const digits = 12

/**
 * Names secrets and configs by their content, since a swarm cannot change it:
 * `shop_db-password.5d41402abc4b`. A changed secret is a new one, and its services are updated.
 *
 * Names are public. The name of a secret is an HMAC with a key beside the secrets, which is created where
 * missing: without the key, contents cannot be guessed from names.
 *
 * @throws UserError for a missing or unreadable file, and a name that becomes too long
 */
export async function nameVersions(
  file: StackFile,
  deployment: SwarmDeployment,
): Promise<ContentVersions> {
  const secrets = ownFiles(file.secrets)
  const configs = ownFiles(file.configs)
  const key = secrets.length === 0 ? '' : await readVersionKey(secrets[0]![1].file, deployment)
  const named = (
    list: typeof secrets,
    hash: (content: Buffer) => string,
  ): ContentVersions['secrets'] =>
    Object.fromEntries(
      list.map(([name, { file }]) => {
        const version = hash(contentOf(file)).slice(0, digits)
        return [name, { name: versionedName(deployment.stack, name, version), file }]
      }),
    )
  return {
    version: '3.13',
    secrets: named(secrets, (content) => createHmac('sha256', key).update(content).digest('hex')),
    configs: named(configs, sha256),
  }
}

/** Those with a file, except external ones and those with a name of their own. */
function ownFiles(section: StackFile['secrets']): (readonly [string, { readonly file: string }])[] {
  return Object.entries(section ?? {}).flatMap(([name, content]) =>
    content.file !== undefined && content.name === undefined
      ? [[name, { file: content.file }] as const]
      : [],
  )
}

async function readVersionKey(file: string, { root }: SwarmDeployment): Promise<string> {
  const folder = posix.dirname(relative(root, file).split('\\').join('/'))
  const path = posix.join(folder, keyFile)
  const recipe = { kind: 'random', bytes: 32, encoding: 'hex' } as const
  const { secrets } = await initSecrets(root, [{ path, recipe, readers: [] }])
  const [made] = secrets
  if (made?.status === 'problem')
    throw new UserError({ message: `${path}: ${made.message}`, hint: made.hint })
  return contentOf(join(root, path)).toString('utf8')
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new UserError({
      message: missing
        ? `file not found: ${file}`
        : `cannot read ${file}: ${(error as Error).message}`,
      hint: missing
        ? 'Run `erlmcp secrets init` for a secret, and `erlmcp synth` for a config.'
        : 'Run the command as its owner.',
      kind: 'environment',
    })
  }
}

/** A name in a swarm has up to 64 characters. */
function versionedName(stack: string, key: string, version: string): string {
  const name = `${stack}_${key}.${version}`
  if (name.length <= 64) return name
  throw new UserError({
    message: `${name}: expected a name of at most 64 characters, got ${name.length}`,
    hint: 'Give the stack or the secret a shorter name.',
  })
}

interface Reference {
  readonly SecretID?: string
  readonly ConfigID?: string
}

interface Spec {
  readonly TaskTemplate?: {
    readonly ContainerSpec?: {
      readonly Secrets?: readonly Reference[]
      readonly Configs?: readonly Reference[]
    }
  }
}

/**
 * Removes versions that no service uses, neither now nor before its last update, to which a rollback
 * returns.
 *
 * @returns their names
 */
export async function pruneVersions({ root, stack }: SwarmDeployment): Promise<readonly string[]> {
  const ids = (await docker(['service', 'ls', '--quiet'], { cwd: root, timeout: 30 }))
    .split('\n')
    .filter(Boolean)
  const services: { Spec: Spec; PreviousSpec?: Spec }[] =
    ids.length === 0
      ? []
      : JSON.parse(await docker(['service', 'inspect', ...ids], { cwd: root, timeout: 30 }))
  const used = new Set(
    services
      .flatMap(({ Spec, PreviousSpec }) => [Spec, PreviousSpec])
      .flatMap((spec) => {
        const { Secrets = [], Configs = [] } = spec?.TaskTemplate?.ContainerSpec ?? {}
        return [...(Secrets ?? []), ...(Configs ?? [])]
      })
      .map(({ SecretID, ConfigID }) => SecretID ?? ConfigID),
  )
  const removed: string[] = []
  for (const kind of ['secret', 'config']) {
    const filter = `label=com.docker.stack.namespace=${stack}`
    const format = '{{.ID}} {{.Name}}'
    const reply = await docker([kind, 'ls', '--filter', filter, '--format', format], {
      cwd: root,
      timeout: 30,
    })
    for (const line of reply.split('\n').filter(Boolean)) {
      const [id = '', name = ''] = line.split(' ')
      if (used.has(id) || !/\.[0-9a-f]{12}$/.test(name) || !name.startsWith(`${stack}_`)) continue
      // The engine keeps one that is used since.
      if ((await runDocker([kind, 'rm', id], { cwd: root, timeout: 30 })).exitCode === 0)
        removed.push(name)
    }
  }
  return removed
}
