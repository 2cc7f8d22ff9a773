import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { type MappedText, wholeText } from './mapped-text.ts'
import { type ShellTexts, scalarText, syntaxErrorOf, withPlaceholders } from './shell-texts.ts'

/**
 * What the steps of a workflow or composite action run on the runner: every `run`, and the command of
 * a retry action. Jobs with a `container` are left out: they run in Docker.
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
  return { texts, ...syntaxErrorOf(document) }
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
      const isRetry = /(?:^|\/)retry@/.test(textOf(this.get(step, 'uses')) ?? '')
      const command = isRetry ? this.get(this.get(step, 'with'), 'command') : undefined
      return [this.get(step, 'run'), command].flatMap((node) => this.#shellText(node))
    })
  }

  /** With the steps of a `parallel` block. */
  #allSteps(node: Node | undefined): Node[] {
    return this.entries(node).flatMap((step) => {
      const parallel = this.get(step, 'parallel')
      return [step, ...this.#allSteps(isMap(parallel) ? this.get(parallel, 'steps') : parallel)]
    })
  }

  #shellText(node: Node | undefined): MappedText[] {
    const text = scalarText(this.#whole, node)
    return text ? [withPlaceholders(text, /\$\{\{[\s\S]*?\}\}/g)] : []
  }
}

function textOf(node: Node | undefined): string | undefined {
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined
}
