import { formatValue } from '@erlmcp/core'
import type { Add, Copy } from '../schema/document.gen.ts'
import type { CopySource, Heredoc } from '../schema/text.ts'
import { partsOf } from '../values/text.ts'
import {
  delimiterFor,
  type Escape,
  escaper,
  jsonArray,
  reject,
  unquoted,
  validateText,
} from './quote.ts'

/** The sources and the destination of COPY and ADD, and the bodies of heredoc sources. */
export function printSources(node: Copy | Add, escapeChar: Escape): string {
  const { instruction } = node
  if (node.sources.length === 0) reject(`${instruction} has no source`, 'Name what to copy.')
  const files = namesOf(node.sources, instruction)
  const words = [...node.sources, node.destination].map((word) =>
    isHeredoc(word) ? marker(word, files) : unquoted(word, instruction, escapeChar),
  )
  const bodies = [...files].map(([file, name]) => `\n${body(file, instruction)}${name}`)
  const needsJson = words.some((word) => word === '' || /[^\x21-\x7e]/.test(word))
  if (needsJson && files.size > 0) {
    reject(
      `${instruction} has a heredoc and the path ${formatValue(words.find((word) => /[^\x21-\x7e]/.test(word)) ?? '')}`,
      'Use two instructions: beside a heredoc, paths are ASCII without spaces.',
    )
  }
  // A path with a space can only be written in the JSON form; variables are replaced there too.
  const rest = needsJson ? jsonArray(words, instruction) : plainWords(words, escapeChar)
  return `${rest}${bodies.join('')}`
}

function plainWords(words: readonly string[], escapeChar: Escape): string {
  const text = words.join(' ')
  return text.startsWith('[') ? escapeChar + text : text
}

function isHeredoc(source: CopySource): source is Heredoc {
  return typeof source === 'object' && 'content' in source
}

const fileName = /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/

/** A delimiter for each heredoc: it is also the name that its file gets in a directory. */
function namesOf(sources: readonly CopySource[], instruction: string): Map<Heredoc, string> {
  const files = sources.filter(isHeredoc)
  const names = new Map<Heredoc, string>()
  const taken = new Set(files.flatMap(({ name }) => (name === undefined ? [] : [name])))
  for (const file of files) {
    const name = file.name ?? delimiterFor(body(file, instruction), taken)
    if ([...names.values()].includes(name)) {
      reject(`${instruction} has two files ${formatValue(name)}`, 'Give each file its own name.')
    }
    if (!fileName.test(name)) {
      reject(
        `invalid file name of a heredoc ${formatValue(name)}`,
        'Use letters, digits, dots, dashes and underscores.',
      )
    }
    const lines = body(file, instruction).split('\n')
    if (lines.some((line) => line.replace(/\r+$/, '') === name)) {
      reject(
        `the file ${formatValue(name)} has its own name as a line, which ends the heredoc`,
        'Give it another name, and its final name as the destination.',
      )
    }
    taken.add(name)
    names.set(file, name)
  }
  return names
}

// A quoted delimiter keeps variables in the body from being replaced.
function marker(file: Heredoc, names: ReadonlyMap<Heredoc, string>): string {
  const name = names.get(file)!
  return typeof file.content === 'string' ? `<<"${name}"` : `<<${name}`
}

// In a heredoc the escape character is a backslash, whatever the directive is, and quotes are text.
function body({ content }: Heredoc, place: string): string {
  const text =
    typeof content === 'string'
      ? validateText(content, place)
      : partsOf(content)
          .map((part) =>
            typeof part === 'string'
              ? escaper('\\', '$')(validateText(part, place))
              : unquoted(part, place, '\\'),
          )
          .join('')
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
