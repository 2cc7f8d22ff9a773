import { posix } from 'node:path'
import { dockerIgnoredBy, dockerIgnorePatterns, type Rule, type RuleContext } from '@erlmcp/core'
import type { ComposeFile } from '../../document.ts'
import { servicesWith } from '../../model/each-service.ts'
import { resolve } from '../../model/resolve.ts'

export const secretInBuildContext: Rule<ComposeFile> = {
  id: 'compose/secret-in-build-context',
  kind: 'insecure',
  summary: 'Secret in a build context',
  why: '`COPY .` copies it into a layer, where every user who pulls the image can read it; a remote builder receives it either way.',
  hint: 'Add its folder to the .dockerignore of the build context.',
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
  *check(document, project) {
    const secrets = secretsOf(project)
    for (const { name, service, path } of servicesWith(document.data, 'build')) {
      for (const { context, ignoreFiles, at } of contextsOf(
        document.path,
        service.build,
        project,
      )) {
        const found = exposed(secrets, context, ignoreFiles, project)
        if (!found) continue
        const { secret, file } = found
        const folder = posix.dirname(secret)
        const line = folder === '.' ? secret : folder
        yield {
          path: [...path, 'build', ...at],
          message: `${posix.join(context, secret)} is in the build context of ${name}, and ${file.exists ? `${file.path} does not exclude it` : 'there is no ignore file'}`,
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
  /** Its path below `build`. */
  readonly at: readonly string[]
}

/** Folders of the project that a builder reads for a Dockerfile that the stack does not generate. */
function contextsOf(
  file: string,
  build: NonNullable<ComposeFile['services']>[string]['build'],
  { documents }: RuleContext,
): BuildContext[] {
  const own = typeof build === 'string' ? { context: build } : (build ?? {})
  const folderOf = (named: string) => {
    // A context with a scheme, behind a variable or above the project is outside it.
    if (/^[\w.+-]+:|^git@|^[~/]|\0/.test(named)) return undefined
    const folder = posix.join(posix.dirname(file), named)
    return folder.startsWith('..') ? undefined : folder
  }
  const named = resolve(own.context ?? '.')
  const folder = folderOf(named)
  const contexts: BuildContext[] = []
  const dockerfile = resolve(own.dockerfile ?? 'Dockerfile')
  const path = folder === undefined ? undefined : posix.join(folder, dockerfile)
  const isGenerated =
    own.dockerfile_inline === undefined && documents.some((one) => one.path === path)
  if (folder !== undefined && path !== undefined && !isGenerated) {
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

/** The first secret that the builder can read, and the ignore file that should exclude it. */
function exposed(
  secrets: readonly string[],
  context: string,
  ignoreFiles: readonly string[],
  project: RuleContext,
) {
  const inside = secrets
    .map((path) => posix.relative(context, path))
    .filter((path) => path !== '' && !path.startsWith('..'))
  if (inside.length === 0) return undefined
  for (const path of ignoreFiles) {
    const stat = project.exists(path)
    // An unreadable path is not reported.
    if (stat === undefined) return undefined
    if (stat !== 'file') continue
    const text = textOf(path, project)
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
