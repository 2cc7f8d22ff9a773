import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { sha256, UserError } from '@erlmcp/core'
import { docker, runDocker } from '@erlmcp/docker'
import { initSecrets } from '@erlmcp/secrets/run'
import type { StackContent, StackFile, SwarmDeployment } from './stack-file.ts'

/** Another name and the same file, for each secret and config: what is laid over the stack file. */
export interface Versions {
  readonly version: '3.13'
  readonly secrets: Readonly<Record<string, StackContent>>
  readonly configs: Readonly<Record<string, StackContent>>
}

const keyFile = 'swarm-version-key'
const digits = 12

/**
 * Names of secrets and configs that change with their content, since in a swarm the content cannot:
 * `shop_db-password.5d41402abc4b`. So a changed secret is a new one, and its services are rolled.
 *
 * Names are seen by everybody. So that of a secret comes from a key, which lies beside the secrets and
 * is made when it is not there: without it nobody can try out contents.
 *
 * @throws UserError for a file that is not there or cannot be read, and a name that gets too long
 */
export async function versionsOf(file: StackFile, deployment: SwarmDeployment): Promise<Versions> {
  const secrets = filesOf(file.secrets)
  const configs = filesOf(file.configs)
  const key = secrets.length === 0 ? '' : await keyBeside(secrets[0]![1].file, deployment)
  const named = (list: typeof secrets, hash: (content: Buffer) => string): Versions['secrets'] =>
    Object.fromEntries(
      list.map(([name, { file }]) => {
        const version = hash(contentOf(file)).slice(0, digits)
        return [name, { name: nameOf(deployment.stack, name, version), file }]
      }),
    )
  return {
    version: '3.13',
    secrets: named(secrets, (content) => createHmac('sha256', key).update(content).digest('hex')),
    configs: named(configs, (content) => sha256(content)),
  }
}

/** Those of a file. What is external, or has a name of its own, is its owner's affair. */
function filesOf(section: StackFile['secrets']): (readonly [string, { readonly file: string }])[] {
  return Object.entries(section ?? {}).flatMap(([name, content]) =>
    content.file !== undefined && content.name === undefined
      ? [[name, { file: content.file }] as const]
      : [],
  )
}

async function keyBeside(file: string, { root }: SwarmDeployment): Promise<string> {
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
        ? `${file} is not there`
        : `${file} cannot be read: ${(error as Error).message}`,
      hint: missing
        ? 'Run `erlmcp secrets init` first, or `erlmcp synth` when it is no secret.'
        : 'Run this as the user that owns it.',
      kind: 'environment',
    })
  }
}

/** A name in a swarm ends at 64 characters. */
function nameOf(stack: string, key: string, version: string): string {
  const name = `${stack}_${key}.${version}`
  if (name.length <= 64) return name
  throw new UserError({
    message: `${stack}_${key} leaves no room for a version: a secret of a swarm has a name of up to 64 characters`,
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
 * Removes versions of the stack that no service has, neither now nor before its last update: to that
 * a rollback goes back.
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
    const said = await docker([kind, 'ls', '--filter', filter, '--format', format], {
      cwd: root,
      timeout: 30,
    })
    for (const line of said.split('\n').filter(Boolean)) {
      const [id = '', name = ''] = line.split(' ')
      if (used.has(id) || !/\.[0-9a-f]{12}$/.test(name) || !name.startsWith(`${stack}_`)) continue
      // Somebody may have taken it into use meanwhile: then the engine keeps it.
      if ((await runDocker([kind, 'rm', id], { cwd: root, timeout: 30 })).exitCode === 0)
        removed.push(name)
    }
  }
  return removed
}
