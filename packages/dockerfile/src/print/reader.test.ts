import { expect, test } from 'vitest'

// A reader of Dockerfiles for the tests of the printer, written from the Dockerfile reference and
// the behaviour of BuildKit, without a look at how the printer goes about it.

export interface Line {
  readonly keyword: string
  readonly flags: readonly string[]
  /** The text after the flags, unchanged. */
  readonly rest: string
  /** `rest` cut at spaces outside quotes, quotes kept: ENV, LABEL, ARG. */
  readonly words: readonly string[]
  /** `rest` as a JSON list, or cut at every space: COPY, VOLUME, exec form. */
  readonly list: readonly string[]
  readonly json: boolean
  readonly heredocs: readonly { name: string; expand: boolean; content: string }[]
}

/** The instructions of a file. ONBUILD is read as what it holds. */
export function read(text: string): Line[] {
  const raw = text.split(/(?<=\n)/)
  const found: Line[] = []
  let mark = '\\'
  let directives = true
  for (let at = 0; at < raw.length; at++) {
    const first = raw[at]!.replace(/[\r\n]+$/, '').replace(/^\s+/u, '')
    const directive = /^#\s*(syntax|escape|check)\s*=\s*(.+?)\s*$/i.exec(first)
    if (directives && directive) {
      if (directive[1] === 'escape') mark = directive[2]!
      continue
    }
    directives = false
    if (first === '' || first.startsWith('#')) continue
    const inRegExp = mark === '\\' ? '\\\\' : '`'
    const goesOn = new RegExp(`(^|[^${inRegExp}])${inRegExp}[ \\t]*$`)
    let line = first
    let piece = first
    while (goesOn.test(piece)) {
      line = line.replace(goesOn, '$1')
      do piece = raw[++at]!.replace(/[\r\n]+$/, '')
      while (/^\s*#/u.test(piece))
      line += piece
    }
    const read = instructionOf(line.trim(), mark)
    for (const doc of read.heredocs) {
      while (raw[++at]!.replace(/[\r\n]+$/, '') !== doc.name) doc.content += raw[at]
    }
    found.push(read)
  }
  return found
}

function instructionOf(line: string, mark: string) {
  const [, keyword, after] = /^(\S+)[\t\v\f\r ]*([\s\S]*)$/.exec(line)!
  if (keyword === 'ONBUILD') return instructionOf(after!, mark)
  const { flags, rest } = takeFlags(after!, mark)
  const parsed = tryJson(rest)
  const json = parsed !== undefined
  const plain = rest.split(/[\t\v\f\r ]+/)
  const heredocs = !json && ['RUN', 'COPY', 'ADD'].includes(keyword!) ? heredocsOf(rest, mark) : []
  return {
    keyword: keyword!,
    flags,
    rest,
    words: cut(rest, mark),
    list: parsed ?? plain,
    json,
    heredocs,
  }
}

function tryJson(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function takeFlags(text: string, mark: string) {
  const flags: string[] = []
  let at = 0
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    if (!text.startsWith('--', at)) return { flags, rest: text.slice(at).trim() }
    let flag = ''
    let quote = ''
    for (; at < text.length; at++) {
      const char = text[at]!
      if (quote === '' && /\s/.test(char)) break
      if (char === quote) quote = ''
      else if (quote === '' && (char === '"' || char === "'")) quote = char
      else if (char === mark) flag += text[++at] ?? ''
      else flag += char
    }
    flags.push(flag)
  }
}

/** Words with their quotes. */
function cut(text: string, mark: string): string[] {
  const words: string[] = []
  let word = ''
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (quote === '' && /\s|\u0085/.test(char)) {
      if (word !== '') words.push(word)
      word = ''
      continue
    }
    word += char
    if (char === mark && quote !== "'") word += text[++at] ?? ''
    else if (char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) quote = char
  }
  return word === '' ? words : [...words, word]
}

function heredocsOf(text: string, mark: string) {
  return cut(text, mark === '`' ? '\\' : mark).flatMap((word) => {
    const match = /^\d*<<(-?)(["']?)([^<"']+)\2$/.exec(word)
    return match ? [{ name: match[3]!, expand: match[2] === '', content: '' }] : []
  })
}

/** Quotes and escapes taken away, variables replaced: what the builder makes of a word. */
export function expand(
  text: string,
  values: Readonly<Record<string, string>>,
  mark: string,
  options: { readonly quotes: boolean } = { quotes: true },
): string {
  let at = 0
  return until(undefined, false)

  function until(stop: string | undefined, quoted: boolean): string {
    let out = ''
    for (; at < text.length; at++) {
      const char = text[at]!
      if (char === stop) return out
      if (char === mark) {
        const next = text[++at]
        if (next === undefined) return out
        out += !quoted || ['"', '$', mark].includes(next) ? next : char + next
      } else if (char === '$') out += variable()
      else if (options.quotes && !quoted && char === "'") {
        const end = text.indexOf("'", at + 1)
        out += text.slice(at + 1, end)
        at = end
      } else if (options.quotes && !quoted && char === '"') {
        at++
        out += until('"', true)
      } else out += char
    }
    if (stop !== undefined) throw new Error(`no ${stop} in ${text}`)
    return out
  }

  function variable(): string {
    const [whole, braced, bare] = /^\$(?:\{(\w+)|(\w+))?/.exec(text.slice(at))!
    const name = braced ?? bare
    at += whole.length - 1
    if (name === undefined) return '$'
    if (bare !== undefined) return values[bare] ?? ''
    at++
    if (text[at] === '}') return values[name] ?? ''
    expect(text.slice(at, at + 2)).toBe(':-')
    at += 2
    const word = until('}', false)
    return values[name] || word
  }
}

test('the reader knows continuation, comments within, quotes and heredocs', () => {
  const lines = read('FROM a \\\n# no\n  AS b\nCOPY --chown="a b" <<"X" /d\n$a\nX\n')
  expect(lines[0]!.rest).toBe('a   AS b')
  expect(lines[1]!.flags).toEqual(['--chown=a b'])
  expect(lines[1]!.heredocs).toEqual([{ name: 'X', expand: false, content: '$a\n' }])
})
