import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { align, type MappedText, slice, wholeText } from './mapped-text.ts'
import { type ShellTexts, unreadableIn } from './workflow.ts'

/** Files of other tools whose values below some keys are run on the host. */
const keyed: readonly (readonly [path: RegExp, keys: RegExp])[] = [
  [/(?:^|\/)\.?lefthook(?:-local)?\.(?:ya?ml|json)$/, /^run$/],
  [/(?:^|\/)\.pre-commit-(?:config|hooks)\.yaml$/, /^entry$/],
  [/(?:^|\/)[Tt]askfile(?:\.dist)?\.ya?ml$/, /^(?:cmds?|sh|preconditions|status)$/],
  [/(?:^|\/)\.travis\.yml$/, /^(?:script|(?:before|after)_\w+|install|deploy)$/],
  [/(?:^|\/)azure-pipelines\.ya?ml$/, /^(?:script|bash)$/],
  [/(?:^|\/)\.vscode\/tasks\.json$/, /^command$/],
  [/(?:^|\/)\.(?:lintstaged|huskyrc|simple-git-hooks)(?:rc)?(?:\.json|\.ya?ml)?$/, /./],
]

/** Keys of `package.json` whose values are run; tools for hooks have theirs there. */
const packageKeys = /^(?:scripts|husky|lint-staged|simple-git-hooks|pre-commit)$/

const keysOf = (path: string): RegExp | undefined => keyed.find(([one]) => one.test(path))?.[1]

/** Whether a file has values that are run. */
export const isKeyed = (path: string): boolean => keysOf(path) !== undefined

/** The texts below the keys of such a file. JSON is YAML, whose reader knows the places. */
export function keyedTexts(source: string, path: string): ShellTexts {
  return textsBelow(source, keysOf(path) ?? /./, Number.POSITIVE_INFINITY)
}

/** The scripts of a `package.json`, and what tools for hooks run. */
export function packageTexts(source: string): ShellTexts {
  return textsBelow(source, packageKeys, 1)
}

/** @param deepest how far from the top a key may be */
function textsBelow(source: string, keys: RegExp, deepest: number): ShellTexts {
  const document = parseDocument(source, { logLevel: 'silent', uniqueKeys: false })
  const whole = wholeText(source)
  const texts: MappedText[] = []
  const visit = (node: Node | null, isText: boolean, depth: number): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : ''
        visit(value as Node | null, isText || (depth < deepest && keys.test(name)), depth + 1)
      }
    } else if (isSeq(node)) {
      for (const item of node.items) visit(item as Node, isText, depth + 1)
    } else if (isText && isScalar(node) && typeof node.value === 'string' && node.range) {
      const [from, to] = node.range
      const isQuoted = /^["']/.test(source[from] ?? '')
      texts.push(align(node.value, slice(whole, isQuoted ? from + 1 : from, to)))
    }
  }
  visit(document.contents, false, 0)
  return { texts, ...unreadableIn(document) }
}
