import { formatValue, ORIGIN, UserError } from '@erlmcp/core'
import type { Instruction } from '../schema/document.gen.ts'
import type { Directives, Dockerfile, StageNode } from '../schema/document.ts'
import { instructions } from '../schema/instructions.ts'
import type { Node } from '../schema/text.ts'
import { printFlags } from './print-flags.ts'
import { printInstruction } from './print-instruction.ts'
import { type Escape, reject, unquoted, validateLine } from './quote.ts'

/**
 * The text of a Dockerfile, in one canonical style. Pure: the same data gives the same bytes.
 *
 * @throws UserError when a value cannot be printed, such as a line break in ENV
 */
export function print(file: Dockerfile, header: readonly string[]): string {
  const escapeChar = file.directives?.escape ?? '\\'
  const args = file.args.map((arg) => printNode(arg, escapeChar))
  const blocks = [
    printDirectives(file.directives ?? {}),
    printHeader(header),
    args.join('\n'),
    ...file.stages.map((stage) => printStage(stage, escapeChar)),
  ].filter((block) => block !== '')
  const text = `${blocks.join('\n\n')}\n`
  validateLineLengths(text)
  return text
}

const keyword = /^#\s*[a-zA-Z][a-zA-Z0-9]*\s*=/

function printHeader(header: readonly string[]): string {
  if (header.length === 0) return ''
  const lines = header.map((line) => `# ${oneLine(line)}`.trimEnd())
  // The first comment must not read as a directive; and an empty one at the end keeps the header
  // from being taken for the description of the stage that follows.
  const guard = keyword.test(lines[0]!) ? ['#'] : []
  return [...guard, ...lines, '#'].join('\n')
}

function printDirectives({ syntax, escape: escapeChar, check }: Directives): string {
  const lines: string[] = []
  if (syntax !== undefined) lines.push(`# syntax=${directiveValue(syntax, 'syntax')}`)
  if (escapeChar !== undefined) lines.push(`# escape=${escapeChar}`)
  if (check) {
    const names = (key: string, list: readonly string[] | 'all' | undefined) =>
      list === undefined
        ? []
        : [`${key}=${list === 'all' ? 'all' : list.map((name) => checkName(name)).join(',')}`]
    const settings = [
      ...names('skip', check.skip),
      ...names('experimental', check.experimental),
      ...(check.error === undefined ? [] : [`error=${check.error}`]),
    ]
    if (settings.length > 0) lines.push(`# check=${settings.join(';')}`)
  }
  return lines.join('\n')
}

function directiveValue(value: string, name: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value
  return reject(
    `directive ${name}: expected an image, got ${formatValue(value)}`,
    'Name an image without spaces, such as docker/dockerfile:1.',
  )
}

function checkName(name: string): string {
  if (/^[A-Za-z]+$/.test(name)) return name
  return reject(
    `directive check: unknown check ${formatValue(name)}`,
    'Name a check of BuildKit, such as UndefinedVar.',
  )
}

function printStage(stage: StageNode, escapeChar: Escape): string {
  const first = withOrigin(stage, () => {
    const flags = printFlags('FROM', stage, instructions.FROM.flags, escapeChar)
    const name = stage.name === undefined ? '' : ` AS ${stage.name}`
    const from = unquoted(stage.from, 'FROM', escapeChar)
    if (from === '' || /\s/.test(from)) {
      reject(`FROM: expected an image, got ${formatValue(from)}`, 'Name an image, without spaces.')
    }
    if (stage.name !== undefined) validateStageName(stage.name)
    return `${printComment(stage.comment, stage.name)}${['FROM', ...flags, from].join(' ')}${name}`
  })
  const rest = stage.instructions.map((one, index) => {
    const next = index + 1 < stage.instructions.length
    return `${printNode(one, escapeChar)}${next && endsInHeredoc(one) ? '\n' : ''}`
  })
  return [first, ...rest].join('\n')
}

/** A blank line follows a heredoc: hadolint cannot read the file without it. */
function endsInHeredoc(node: Instruction): boolean {
  if (node.instruction === 'RUN') {
    return typeof node.command === 'string' && node.command.includes('\n')
  }
  const copies = node.instruction === 'COPY' || node.instruction === 'ADD'
  return copies && node.sources.some((one) => typeof one === 'object' && 'content' in one)
}

const stageName = /^[a-z][a-z0-9._-]*$/i

function validateStageName(name: string): void {
  if (stageName.test(name)) return
  reject(
    `invalid stage name ${formatValue(name)}`,
    'Use lower-case letters, digits, dots, dashes and underscores, beginning with a letter.',
  )
}

function printNode(node: Instruction, escapeChar: Escape): string {
  const described = node.instruction === 'ARG' ? node.args[0]?.name : undefined
  return withOrigin(
    node,
    () => `${printComment(node.comment, described)}${printInstruction(node, escapeChar)}`,
  )
}

/** Adds the origin of a node to errors about it. */
function withOrigin(node: Node, print: () => string): string {
  try {
    return print()
  } catch (error) {
    if (!(error instanceof UserError) || error.location || !node[ORIGIN]) throw error
    throw new UserError({ message: error.summary, hint: error.hint, origin: node[ORIGIN] })
  }
}

/**
 * Comment lines above a node. That of a stage or an ARG is its description, which the builder shows
 * in `--call=outline` and expects on one line, after the name.
 */
function printComment(comment: string | undefined, name: string | undefined): string {
  if (comment === undefined || comment.trim() === '') return ''
  if (name !== undefined) {
    const text = oneLine(comment)
    return `# ${text.startsWith(`${name} `) ? '' : `${name} `}${text}\n`
  }
  return comment
    .trim()
    .split(/\r\n|[\n\r]/)
    .map((line) => `${`# ${validateLine(line, 'comment')}`.trimEnd()}\n`)
    .join('')
}

function oneLine(text: string): string {
  return validateLine(text.trim().replace(/\s*[\n\r]+\s*/g, ' '), 'comment')
}

// BuildKit reads lines through a buffer of 64 KiB (bufio.MaxScanTokenSize).
const longest = 65_535

function validateLineLengths(text: string): void {
  if (text.length < longest) return
  const long = text.split('\n').find((line) => Buffer.byteLength(line) >= longest)
  if (long === undefined) return
  reject(
    `the line ${formatValue(long)} is longer than the ${longest} bytes that the builder reads`,
    'Put the text into a file that is copied.',
  )
}

/**
 * Prints a node when it is created, so that an error names the line of its call.
 *
 * @throws UserError when it cannot be printed
 */
export function assertPrintable(node: Instruction): void {
  printNode(node, '\\')
}
