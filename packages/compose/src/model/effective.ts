import { type Document, memoize, type Rule, type RuleContext, type Violation } from '@erlmcp/core'
import { type ComposeFile, EFFECTIVE } from '../document.ts'
import { isTypeScript } from './dialect.ts'

/** A file as Compose reads it: with the files that it extends, or merged into its base. */
export function effective(document: Document<ComposeFile>): Document<ComposeFile> {
  const read = document.data[EFFECTIVE]
  return read ? laid(document, read.path, read.file) : document
}

/** A rule that checks the effective file; of an overlay it reports only what the base does not have. */
export function onEffective(rule: Rule<ComposeFile>): Rule<ComposeFile> {
  return {
    ...rule,
    check(document, context) {
      const all = effectiveContext(context)
      const read = document.data[EFFECTIVE]
      if (!read) {
        const { fileHint } = rule
        const found = rule.check(document, all)
        if (fileHint === undefined || isTypeScript(document.data)) return found
        return [...found].map((violation) => ({ hint: fileHint, ...violation }))
      }
      const found = rule.check(laid(document, read.path, read.file), all)
      if (!read.base) return found
      const known = new Set(
        [...rule.check(laid(document, read.path, read.base), all)].map(identity),
      )
      return [...found].filter((violation) => !known.has(identity(violation)))
    },
  }
}

/** Without list indexes, which merging changes. */
function identity({ path, message }: Violation): string {
  return JSON.stringify([path[0], path[1], message])
}

function laid(document: Document<ComposeFile>, path: string, file: ComposeFile) {
  const { ineffective } = document.data[EFFECTIVE] ?? {}
  const isBase = file === document.data[EFFECTIVE]?.base
  const data =
    ineffective?.length && !isBase ? { ...file, [EFFECTIVE]: { path, file, ineffective } } : file
  return { ...document, path, data }
}

/** The context with effective files, without overlays, which run with their base. */
const effectiveContext = memoize((context: RuleContext): RuleContext => {
  const isLaid = ({ data }: Document) =>
    typeof data === 'object' && data !== null && EFFECTIVE in data
  if (!context.documents.some(isLaid)) return context
  const documents = context.documents
    .filter(({ format }) => format.name !== 'compose-overlay')
    .map((one) => (isLaid(one) ? (effective(one as Document<ComposeFile>) as Document) : one))
  return { ...context, documents }
})
