import type { Instruction, Mount } from '../schema/document.gen.ts'
import type { Dockerfile } from '../schema/document.ts'
import type { Fields, FieldType } from '../schema/field.ts'
import { type InstructionEntry, instructions } from '../schema/instructions.ts'
import { mounts } from '../schema/mounts.ts'
import type { Argument, CopySource, Pair, Text } from '../schema/text.ts'
import { partsOf } from '../values/text.ts'
import { history, lineage, type Place } from './walk.ts'

/** Set by BuildKit; a stage declares them by an ARG without a default (Dockerfile reference). */
export const platformArgs = [
  'BUILDARCH',
  'BUILDOS',
  'BUILDPLATFORM',
  'BUILDVARIANT',
  'TARGETARCH',
  'TARGETOS',
  'TARGETPLATFORM',
  'TARGETSTAGE',
  'TARGETVARIANT',
]

/** Defined in every build without an ARG (Dockerfile reference, "Predefined ARGs"), or by images. */
const everywhere = [
  'ALL_PROXY',
  'FTP_PROXY',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'PATH',
  'all_proxy',
  'ftp_proxy',
  'http_proxy',
  'https_proxy',
  'no_proxy',
]

/** Variables that are defined at an instruction, as far as the file shows. */
export function definedAt(file: Dockerfile, at: Place['at']): ReadonlySet<string> {
  const names = new Set(everywhere)
  for (const one of history(file, at)) {
    if (one.instruction === 'ARG') for (const { name } of one.args) names.add(name)
    if (one.instruction === 'ENV') for (const { name } of one.pairs) names.add(name)
  }
  // An ARG may use variables that it declares.
  const own = file.stages[at[0]]?.instructions[at[1]]
  if (own?.instruction === 'ARG') for (const { name } of own.args) names.add(name)
  return names
}

/** Every value of an instruction in which the builder replaces variables. */
export function textsOf(node: Instruction): readonly Text[] {
  const { flags, arguments: fields }: InstructionEntry = instructions[node.instruction]
  return textsIn({ ...fields, ...flags }, node)
}

function textsIn(fields: Fields, node: object): readonly Text[] {
  return Object.entries(fields).flatMap(([name, { type }]) => {
    const value = (node as Readonly<Record<string, unknown>>)[name]
    return value === undefined ? [] : (expanded[type]?.(value as never) ?? [])
  })
}

const one = (text: Text) => [text]

/** The texts with variables in a field, by its type; other types have none. */
const expanded: { readonly [Type in FieldType]?: (value: never) => readonly Text[] } = {
  text: one,
  mode: one,
  octal: one,
  id: one,
  size: one,
  platform: one,
  word: one,
  texts: (texts: readonly Text[]) => texts,
  pairs: (pairs: readonly Pair[]) => pairs.map(({ value }) => value),
  declarations: (args: readonly Argument[]) => args.flatMap((arg) => arg.default ?? []),
  sources: (sources: readonly CopySource[]) =>
    sources.map((source) =>
      typeof source === 'object' && 'content' in source ? source.content : source,
    ),
  mounts: (list: readonly Mount[]) =>
    list.flatMap((mount) => textsIn(mounts[mount.type].options, mount)),
}

/** The text of an instruction that a shell reads, which may use variables, too. */
export function shellTextOf(node: Instruction): string {
  if (node.instruction === 'ONBUILD') return shellTextOf(node.trigger)
  if (!('command' in node) || node.command === undefined) return ''
  return typeof node.command === 'string' ? node.command : node.command.join('\n')
}

/** A text of FROM in a build without arguments; `undefined` where a pattern cuts it. */
export function withDefaults(file: Dockerfile, text: Text): string | undefined {
  const values = new Map<string, string>()
  for (const { args } of file.args) {
    for (const { name, default: value } of args) {
      const known = value === undefined ? '' : evaluate(value, values)
      if (known !== undefined) values.set(name, known)
    }
  }
  return evaluate(text, values)
}

function evaluate(text: Text, values: ReadonlyMap<string, string>): string | undefined {
  let all = ''
  for (const part of partsOf(text)) {
    if (typeof part === 'string') all += part
    else {
      const value = values.get(part.variable) ?? ''
      const word = part.word === undefined ? '' : evaluate(part.word, values)
      if (word === undefined) return undefined
      if (part.modifier === undefined || /\?$/.test(part.modifier)) all += value
      else if (/-$/.test(part.modifier)) all += value === '' ? word : value
      else if (/\+$/.test(part.modifier)) all += value === '' ? '' : word
      else return undefined
    }
  }
  return all
}

/** The stages that start from a stage, directly or not, and inherit its ARG and ENV. */
export function heirs(file: Dockerfile, stage: number): number[] {
  return file.stages.flatMap((_, s) => (lineage(file, s).includes(stage) ? [s] : []))
}
