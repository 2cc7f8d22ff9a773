/** The comments above the entries of a table: `Port.target`, or `Port` for the type itself. */
export type Docs = ReadonlyMap<string, string>

const token =
  /\/\*\*([\s\S]*?)\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|define(?:ForSwarm)?\(\s*(?:'(\w+)'|(\w+)),\s*\{|name: '(\w+)'|export const|const \w+|(\w+)(?=:|,)|[{}]/g

/**
 * Reads the documentation of a table from its source, so that it costs nothing at run time.
 *
 * @param source the text of a file that calls `define('Name', { … })`
 */
export function readDocs(source: string): Docs {
  const docs = new Map<string, string>()
  const open: (string | undefined)[] = []
  let comment: string | undefined
  let ofType: string | undefined
  for (const [text, doc, name, variable, alias, key] of source.matchAll(token)) {
    if (doc !== undefined) {
      comment = cleanComment(doc)
      if (open.length === 0) ofType = comment
    } else if (/^define\w*\(/.test(text)) {
      const type = name ?? '*'
      if (open.every((one) => one === undefined) && ofType !== undefined) docs.set(type, ofType)
      ofType = undefined
      open.push(name ?? (variable && '*'))
    } else if (alias !== undefined) {
      if (ofType !== undefined && !docs.has(alias)) docs.set(alias, ofType)
    } else if (text === '{') open.push(undefined)
    else if (text === '}') open.pop()
    else if (text.startsWith('export const') || text.startsWith('const ')) {
      if (open.length === 0 && comment === undefined) ofType = undefined
    } else if (key !== undefined && open.at(-1) !== undefined && comment !== undefined) {
      docs.set(`${open.at(-1)}.${key}`, comment)
      comment = undefined
    }
    if (doc === undefined && open.length === 0) comment = undefined
  }
  return docs
}

function cleanComment(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim()
}
