import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import { type MappedText, wholeText } from './mapped-text.ts'
import { type ShellTexts, scalarText, syntaxErrorOf } from './shell-texts.ts'

/** Files of other tools, and the keys whose values these run on the host. */
const keyedFiles: readonly (readonly [path: RegExp, keys: RegExp])[] = [
  [/(?:^|\/)\.?lefthook(?:-local)?\.(?:ya?ml|json)$/, /^run$/],
  [/(?:^|\/)\.pre-commit-(?:config|hooks)\.yaml$/, /^entry$/],
  [/(?:^|\/)[Tt]askfile(?:\.dist)?\.ya?ml$/, /^(?:cmds?|sh|preconditions|status)$/],
  [/(?:^|\/)\.travis\.yml$/, /^(?:script|(?:before|after)_\w+|install|deploy)$/],
  [/(?:^|\/)azure-pipelines\.ya?ml$/, /^(?:script|bash)$/],
  [/(?:^|\/)\.vscode\/tasks\.json$/, /^command$/],
  [/(?:^|\/)\.(?:lintstaged|huskyrc|simple-git-hooks)(?:rc)?(?:\.json|\.ya?ml)?$/, /./],
]

/** Keys of `package.json` whose values npm and git hook tools run. */
const packageKeys = /^(?:scripts|husky|lint-staged|simple-git-hooks|pre-commit)$/

const keysOf = (path: string): RegExp | undefined => keyedFiles.find(([one]) => one.test(path))?.[1]

/** Whether a file has keys whose values are run. */
export const isKeyedFile = (path: string): boolean => keysOf(path) !== undefined

/** The values below the keys of such a file. JSON is parsed as YAML, whose parser keeps positions. */
export function keyedFileTexts(source: string, path: string): ShellTexts {
  return textsBelow(source, keysOf(path) ?? /./, Number.POSITIVE_INFINITY)
}

/** The scripts and git hooks of a `package.json`. */
export function packageTexts(source: string): ShellTexts {
  return textsBelow(source, packageKeys, 1)
}

/** @param maxDepth of a key, from 1 at the top */
function textsBelow(source: string, keys: RegExp, maxDepth: number): ShellTexts {
  const document = parseDocument(source, { logLevel: 'silent', uniqueKeys: false })
  const whole = wholeText(source)
  const texts: MappedText[] = []
  const visit = (node: Node | null, isText: boolean, depth: number): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : ''
        visit(value as Node | null, isText || (depth < maxDepth && keys.test(name)), depth + 1)
      }
    } else if (isSeq(node)) {
      for (const item of node.items) visit(item as Node, isText, depth + 1)
    } else if (isText) {
      const text = scalarText(whole, node)
      if (text) texts.push(text)
    }
  }
  visit(document.contents, false, 0)
  return { texts, ...syntaxErrorOf(document) }
}
