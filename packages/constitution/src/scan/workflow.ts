import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  Scalar,
} from 'yaml'
import { align, type MappedText, slice, wholeText } from './mapped-text.ts'

/** Texts for a shell, and what cannot be read. */
export interface ShellTexts {
  readonly texts: readonly MappedText[]
  /** Why the file cannot be read. */
  readonly unreadable?: string
  /** Makefiles that this one reads. */
  readonly includes?: readonly { readonly name: string; readonly offset: number }[]
}

/**
 * What the steps of a workflow, or of a composite action, run on the runner: every `run`, and the
 * command of an action that repeats one. Jobs in a `container` are in Docker already.
 */
export function workflowTexts(source: string): ShellTexts {
  const document = parseDocument(source, { logLevel: 'silent', merge: true, uniqueKeys: false })
  const reader = new Reader(document, source)
  const root = document.contents
  const jobs = reader
    .entries(reader.get(root, 'jobs'))
    .filter((job) => !reader.get(job, 'container'))
  const outer = reader.shellOf(root)
  const runs = reader.get(root, 'runs')
  const texts = [
    ...jobs.flatMap((job) => reader.steps(job, reader.shellOf(job) ?? outer)),
    ...(runs ? reader.steps(runs, undefined) : []),
  ]
  return { texts, ...unreadableIn(document) }
}

/** What a broken file still shows is read all the same. */
export function unreadableIn({ errors }: Document): Pick<ShellTexts, 'unreadable'> {
  const [first] = errors
  return first ? { unreadable: first.message.split('\n')[0]!.replace(/:$/, '') } : {}
}

const isOtherLanguage = (shell: string | undefined) =>
  /^(?:python|node|perl|ruby|deno|bun|php|elixir|escript)\b/.test(shell ?? '')

class Reader {
  readonly #document: Document
  readonly #whole: MappedText

  constructor(document: Document, source: string) {
    this.#document = document
    this.#whole = wholeText(source)
  }

  #resolve(node: unknown): Node | undefined {
    return (isAlias(node) ? node.resolve(this.#document) : node) as Node | undefined
  }

  get(node: unknown, key: string): Node | undefined {
    const map = this.#resolve(node)
    return isMap(map) ? this.#resolve(map.get(key, true)) : undefined
  }

  entries(node: Node | undefined): Node[] {
    if (isMap(node)) return node.items.map(({ value }) => this.#resolve(value)!).filter(Boolean)
    return isSeq(node) ? node.items.map((item) => this.#resolve(item)!).filter(Boolean) : []
  }

  shellOf(node: unknown): string | undefined {
    return textOf(this.get(this.get(this.get(node, 'defaults'), 'run'), 'shell'))
  }

  steps(job: Node, shell: string | undefined): MappedText[] {
    return this.#allSteps(this.get(job, 'steps')).flatMap((step) => {
      const own = textOf(this.get(step, 'shell')) ?? shell
      if (isOtherLanguage(own)) return []
      const isRepeat = /(?:^|\/)retry@/.test(textOf(this.get(step, 'uses')) ?? '')
      const command = isRepeat ? this.get(this.get(step, 'with'), 'command') : undefined
      return [this.get(step, 'run'), command].flatMap((node) => this.#shellText(node))
    })
  }

  /** Also those that run beside each other. */
  #allSteps(node: Node | undefined): Node[] {
    return this.entries(node).flatMap((step) => {
      const beside = this.get(step, 'parallel')
      return [step, ...this.#allSteps(isMap(beside) ? this.get(beside, 'steps') : beside)]
    })
  }

  #shellText(node: Node | undefined): MappedText[] {
    if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return []
    const [from, to] = node.range
    const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED
    const start = isBlock ? this.#whole.text.indexOf('\n', from) + 1 : from
    const mapped = align(node.value, slice(this.#whole, start, to))
    // GitHub puts the value in before the shell reads the line.
    const text = mapped.text.replace(/\$\{\{[\s\S]*?\}\}/g, (all) => '_'.repeat(all.length))
    return [{ ...mapped, text, shown: mapped.text }]
  }
}

function textOf(node: Node | undefined): string | undefined {
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined
}
