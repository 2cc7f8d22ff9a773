/** An exported function of a source file, with its documentation. */
export interface DocumentedFunction {
  readonly name: string
  readonly line: number
  /** Names after `@param`. */
  readonly params: readonly string[]
  /** The numbers of arguments in the calls of the function after `@example`. */
  readonly calls: readonly number[]
  /** One for each overload. */
  readonly signatures: readonly Signature[]
}

export interface Signature {
  /** A destructured parameter has no name. */
  readonly names: readonly (string | undefined)[]
  readonly least: number
  readonly most: number
}

const declaration =
  /^export (?:async )?(?:function\*? (?<name>\w+)|const (?<arrow>\w+)(?:: [^=\n]+)? = (?:async )?(?=[<(]))/gm

/** The exported functions of a source file that have a documentation comment. */
export function documentedFunctions(source: string): DocumentedFunction[] {
  const found = [...source.matchAll(declaration)].flatMap((match) => {
    const open = skipTypeParameters(source, match.index + match[0].length)
    if (source[open] !== '(') return []
    const name = (match.groups!.name ?? match.groups!.arrow)!
    return [{ name, start: match.index, signature: readSignature(source, open) }]
  })
  return found.flatMap(({ name, start }) => {
    const doc = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*$/.exec(source.slice(0, start))?.[1]
    if (doc === undefined) return []
    const text = doc.replaceAll(/^\s*\* ?/gm, '')
    const signatures = found.filter((one) => one.name === name).map(({ signature }) => signature)
    return [
      {
        name,
        line: source.slice(0, start).split('\n').length,
        params: [...text.matchAll(/^\s*@param (\w+)/gm)].map(([, param]) => param!),
        calls: [...text.matchAll(/@example([\s\S]*?)(?=^\s*@\w|$(?![\s\S]))/gm)].flatMap(
          ([, example]) => readCalls(example!, name),
        ),
        signatures,
      },
    ]
  })
}

function readSignature(source: string, open: number): Signature {
  const parameters = splitArguments(source, open)
  const least = parameters.findIndex((text) => /^(?:\.\.\.|\w+\?)|(?<![=!<>])=(?![=>])/.test(text))
  return {
    names: parameters.map((text) => /^(?:\.\.\.)?(\w+)/.exec(text)?.[1]),
    least: least < 0 ? parameters.length : least,
    most: parameters.at(-1)?.startsWith('...') ? Number.POSITIVE_INFINITY : parameters.length,
  }
}

/** The numbers of arguments of the calls in an example; a call with `…` has any number. */
function readCalls(example: string, name: string): number[] {
  const calls = [...example.matchAll(new RegExp(`(?<![.\\w'\`])${name}(?=[<(])`, 'g'))]
  return calls.flatMap(({ index }) => {
    const open = skipTypeParameters(example, index + name.length)
    const given = example[open] === '(' ? splitArguments(example, open) : ['…']
    return given.some((text) => text.startsWith('…')) ? [] : [given.length]
  })
}

function skipTypeParameters(source: string, at: number): number {
  if (source[at] !== '<') return at
  let depth = 0
  for (let index = at; index < source.length; index += 1) {
    if (source[index] === '<') depth += 1
    else if (source[index] === '>' && source[index - 1] !== '=') depth -= 1
    if (depth === 0) return index + 1
  }
  return source.length
}

const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|=>|[()[\]{}<>,]/g

/** The texts between an open parenthesis and its end, at the commas of its own level. */
function splitArguments(source: string, open: number): string[] {
  const parts: string[] = []
  let depth = 0
  let start = open + 1
  token.lastIndex = open
  for (let match = token.exec(source); match; match = token.exec(source)) {
    const [text] = match
    if ('([{<'.includes(text)) depth += 1
    else if (')]}>'.includes(text)) depth -= 1
    if (depth === 0 || (depth === 1 && text === ',')) {
      parts.push(source.slice(start, match.index))
      start = match.index + 1
    }
    if (depth === 0) break
  }
  const clean = parts.map((part) => part.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').trim())
  return clean.at(-1) === '' ? clean.slice(0, -1) : clean
}
