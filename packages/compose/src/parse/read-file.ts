import { isObject, lazyModule, type StackContext, UserError } from '@erlmcp/core'
import type * as Yaml from 'yaml'
import type { ComposeFile } from '../document.ts'
import { mergeFiles } from '../merge/merge.ts'

/** Reads files of the project. */
export interface Reading {
  readonly read?: StackContext['read']
}

// Only a stack that names existing files needs the parser.
const yaml = lazyModule<typeof Yaml>('yaml', import.meta.url)

// Compose reads a base that is an overlay alone: its tags have no effect.
const tags: (Yaml.ScalarTag | Yaml.CollectionTag)[] = [
  { tag: '!reset', resolve: () => undefined },
  { tag: '!override', resolve: (text) => text },
  { tag: '!override', collection: 'seq', resolve: (node) => node },
  { tag: '!override', collection: 'map', resolve: (node) => node },
]

/**
 * Reads an existing compose file of the project as plain data.
 *
 * @param path relative to the project
 * @returns undefined where it is missing, outside the project, or no project is known
 * @throws UserError for invalid YAML, or a document that is not a mapping
 */
export function readComposeFile(path: string, context: Reading): ComposeFile | undefined {
  if (/^(\.\.?$|\.\.\/|\/|~|[a-z+]+:)/.test(path)) return undefined
  const text = context.read?.(path)
  if (text === undefined) return undefined
  const refuse = (why: string): never => {
    throw new UserError({
      message: `${path}: ${why}`,
      hint: 'Fix the file; `docker compose config` reads it.',
    })
  }
  const options = { merge: true, customTags: tags, logLevel: 'silent' } as const
  const documents = yaml().parseAllDocuments(text, options)
  if (!Array.isArray(documents)) return refuse('expected a mapping, got nothing')
  const parts = documents.map((document): ComposeFile => {
    const [error] = document.errors
    if (error) return refuse(error.message.split('\n', 1)[0]!)
    const data: unknown = document.toJS()
    return isObject(data) ? (data as ComposeFile) : refuse('expected a mapping')
  })
  return parts.reduce((all, part) => mergeFiles(all, part).file)
}
