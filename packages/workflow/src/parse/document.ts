import { type Document, type Location, lazyModule, type Path, UserError } from '@erlmcp/core'
import type * as Yaml from 'yaml'
import { actionFormat, workflowFormat } from '../format.ts'
import type { ActionFile, WorkflowFile } from '../schema/document.gen.ts'
import { rememberNumbers } from './number-text.ts'

// A stack reads a file only if a workflow calls it.
const yaml = lazyModule<typeof Yaml>('yaml', import.meta.url)

/** One `uses` with a commit, and the version in its comment. */
export interface Use {
  readonly action: string
  readonly sha: string
  /** Undefined without a comment. */
  readonly tag?: string
  /** The file that has it. */
  readonly file: string
  /** 1-based. */
  readonly line: number
}

/**
 * A file of `.github/workflows` from its text. Its nodes know their lines.
 *
 * @throws UserError for invalid YAML, and for a file that is not an object
 */
export function parseWorkflow(path: string, text: string): Document<WorkflowFile> {
  return { ...read(path, text), format: workflowFormat } as Document<WorkflowFile>
}

/**
 * An `action.yml` from its text.
 *
 * @throws UserError for invalid YAML, and for a file that is not an object
 */
export function parseAction(path: string, text: string): Document<ActionFile> {
  return { ...read(path, text), format: actionFormat } as Document<ActionFile>
}

/** Everything that a workflow or action uses by commit. */
export function usesIn(path: string, text: string): Use[] {
  const { document, lines } = yamlOf(path, text)
  const found: Use[] = []
  yaml().visit(document, {
    Pair(_, { key, value }) {
      if (!yaml().isScalar(key) || key.value !== 'uses' || !yaml().isScalar(value)) return
      const match = /^([^@]+)@([0-9a-f]{40})$/.exec(String(value.value))
      if (!match) return
      const tag = /^\s*([\w][\w.+/-]*)/.exec(value.comment ?? '')?.[1]
      const { line } = lines.linePos(value.range?.[0] ?? 0)
      found.push({
        action: match[1]!,
        sha: match[2]!,
        file: path,
        line,
        ...(tag !== undefined && { tag }),
      })
    },
  })
  return found
}

function read(path: string, text: string): Omit<Document, 'format'> {
  const { document, lines } = yamlOf(path, text)
  const data = plainData(path, document)
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new UserError({
      message: `${path}: expected an object`,
      hint: 'Begin a workflow with `on:` and `jobs:`, an action with `name:` and `runs:`.',
      location: { file: path, line: 1, column: 1 },
    })
  }
  rememberNumbers(data, numbersIn(document))
  const locate = (at: Path): Location | undefined => {
    const offset = nodeAt(document.contents, at)?.range?.[0]
    if (offset === undefined) return undefined
    const { line, col } = lines.linePos(offset)
    return { file: path, line, column: col }
  }
  return { path, data, locate }
}

/** The numbers whose text is more than their value: 3.10. */
function numbersIn(document: Yaml.Document.Parsed): [Path, string][] {
  const found: [Path, string][] = []
  yaml().visit(document, {
    Scalar(_, node, above) {
      const { value, source } = node
      if (typeof value !== 'number' || !/^[+-]?\d+\.\d*0$/.test(source ?? '')) return
      found.push([pathOf(above, node), source!])
    },
  })
  return found
}

function pathOf(above: readonly unknown[], node: Yaml.Node): Path {
  const nodes = [...above, node]
  return nodes.flatMap((one, index): (string | number)[] => {
    const parent = nodes[index - 1]
    if (yaml().isPair(one) && yaml().isScalar(one.key)) return [String(one.key.value)]
    return yaml().isSeq(parent) ? [parent.items.indexOf(one)] : []
  })
}

/** @throws UserError for an unknown alias, an alias bomb, and data that contains itself */
function plainData(path: string, document: Yaml.Document.Parsed): unknown {
  try {
    const data: unknown = document.toJS({ maxAliasCount: 1000 })
    validateAcyclic(data, [])
    return data
  } catch (error) {
    throw new UserError({
      message: `invalid YAML: ${(error as Error).message}`,
      hint: 'Fix its anchors and aliases.',
      location: { file: path, line: 1, column: 1 },
    })
  }
}

function validateAcyclic(value: unknown, above: readonly unknown[]): void {
  if (typeof value !== 'object' || value === null) return
  if (above.includes(value)) throw new Error('an alias refers to itself')
  for (const item of Object.values(value)) validateAcyclic(item, [...above, value])
}

/** The deepest existing node on the path. */
function nodeAt(root: unknown, path: Path): Yaml.Node | undefined {
  let node = root as Yaml.Node | undefined
  for (const key of path) {
    if (!yaml().isCollection(node)) return node
    const next = node.get(key, true) as Yaml.Node | undefined
    if (next === undefined) return node
    node = next
  }
  return node
}

function yamlOf(path: string, text: string) {
  const lines = new (yaml().LineCounter)()
  const document = yaml().parseDocument(text, { lineCounter: lines, logLevel: 'error' })
  const [error] = document.errors
  if (error === undefined) return { document, lines }
  const { line, col: column } = lines.linePos(error.pos[0])
  throw new UserError({
    message: `invalid YAML: ${error.message.split('\n')[0]?.replace(/ at line.*$/, '')}`,
    hint: 'Fix the indentation or the quotes before it.',
    location: { file: path, line, column },
  })
}
