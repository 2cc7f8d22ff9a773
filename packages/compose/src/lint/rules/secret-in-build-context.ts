import { posix } from 'node:path'
import { dockerIgnoredBy, dockerIgnorePatterns, type Rule, type RuleContext } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../model/each-service.ts'
import { resolve } from '../model/resolve.ts'

export const secretInBuildContext: Rule<ComposeFile> = {
  id: 'compose/secret-in-build-context',
  kind: 'insecure',
  summary: 'A secret lies in a build context that does not leave it out',
  why: 'A `COPY .` puts it into a layer, where everybody finds it who pulls the image; a remote builder gets it either way.',
  hint: 'Write its folder into the .dockerignore of the build context.',
  references: ['Dockerfile reference .dockerignore', 'Docker build context'],
  appliesTo: ['build'],
  bad: {
    services: { app: { build: { context: '.', dockerfile: 'config/app.conf' }, secrets: ['key'] } },
    secrets: { key: { file: './secrets/key' } },
  },
  good: {
    services: { app: { build: { context: './app' }, secrets: ['key'] } },
    secrets: { key: { file: './secrets/key' } },
  },
  *check(document, around) {
    const secrets = secretsOf(around)
    for (const { name, service, path } of servicesWith(document.data, 'build')) {
      for (const { context, ignoreFiles, at } of contextsOf(document.path, service.build, around)) {
        const found = exposed(secrets, context, ignoreFiles, around)
        if (!found) continue
        const { secret, file } = found
        const folder = posix.dirname(secret)
        const line = folder === '.' ? secret : folder
        yield {
          path: [...path, 'build', ...at],
          message: `${posix.join(context, secret)} lies in the build context of ${name}, and ${file.exists ? `${file.path} does not leave it out` : 'there is no ignore file'}`,
          hint: `Add the line \`${line}\` to ${file.path}.`,
        }
      }
    }
  },
}

/** The files of secrets that any compose file of the stack names, relative to the project. */
function secretsOf({ documents }: RuleContext): readonly string[] {
  const paths = documents.flatMap((document) => {
    const { secrets } = (document.data ?? {}) as ComposeFile
    if (document.format.name !== 'compose' || !secrets) return []
    return Object.values(secrets).flatMap((secret) => {
      const file = resolve(secret?.file)
      const isKnown = file !== '' && !/^[~/]|\0/.test(file)
      return isKnown ? [posix.join(posix.dirname(document.path), file)] : []
    })
  })
  return [...new Set(paths)].sort()
}

interface BuildContext {
  /** Relative to the project. */
  readonly context: string
  /** The one that the builder prefers first. */
  readonly ignoreFiles: readonly string[]
  /** Where it is named, below `build`. */
  readonly at: readonly string[]
}

/** Folders of the project that a builder reads for a Dockerfile that the stack does not make. */
function contextsOf(
  file: string,
  build: NonNullable<ComposeFile['services']>[string]['build'],
  { documents }: RuleContext,
): BuildContext[] {
  const own = typeof build === 'string' ? { context: build } : (build ?? {})
  const folderOf = (named: string) => {
    // With a scheme, behind a variable, or outside of the project it is somewhere else.
    if (/^[\w.+-]+:|^git@|^[~/]|\0/.test(named)) return undefined
    const folder = posix.join(posix.dirname(file), named)
    return folder.startsWith('..') ? undefined : folder
  }
  const named = resolve(own.context ?? '.')
  const folder = folderOf(named)
  const contexts: BuildContext[] = []
  const dockerfile = resolve(own.dockerfile ?? 'Dockerfile')
  const path = folder === undefined ? undefined : posix.join(folder, dockerfile)
  const isBranded =
    own.dockerfile_inline === undefined && documents.some((one) => one.path === path)
  if (folder !== undefined && path !== undefined && !isBranded) {
    const beside = own.dockerfile_inline === undefined ? [`${path}.dockerignore`] : []
    contexts.push({
      context: folder,
      ignoreFiles: [...beside, posix.join(folder, '.dockerignore')],
      at: [],
    })
  }
  for (const [key, value] of Object.entries(own.additional_contexts ?? {})) {
    const more = typeof value === 'string' ? folderOf(resolve(value)) : undefined
    if (more === undefined) continue
    contexts.push({
      context: more,
      ignoreFiles: [posix.join(more, '.dockerignore')],
      at: ['additional_contexts', key],
    })
  }
  return contexts
}

/** The first secret that the builder can read, and the ignore file that should leave it out. */
function exposed(
  secrets: readonly string[],
  context: string,
  ignoreFiles: readonly string[],
  around: RuleContext,
) {
  const inside = secrets
    .map((path) => posix.relative(context, path))
    .filter((path) => path !== '' && !path.startsWith('..'))
  if (inside.length === 0) return undefined
  for (const path of ignoreFiles) {
    const stat = around.exists(path)
    // What cannot be looked at is no reason to warn.
    if (stat === undefined) return undefined
    if (stat !== 'file') continue
    const text = textOf(path, around)
    if (text === undefined) return undefined
    const patterns = dockerIgnorePatterns(text)
    const secret = inside.find((one) => dockerIgnoredBy(one, patterns) === undefined)
    return secret === undefined ? undefined : { secret, file: { path, exists: true } }
  }
  return { secret: inside[0]!, file: { path: ignoreFiles.at(-1)!, exists: false } }
}

function textOf(path: string, { documents, read }: RuleContext): string | undefined {
  const data = documents.find((one) => one.path === path)?.data
  if (typeof data === 'object' && data !== null && 'text' in data) return String(data.text)
  return read?.(path)
}
