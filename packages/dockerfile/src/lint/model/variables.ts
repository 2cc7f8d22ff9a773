import type { Instruction } from '../../schema/document.gen.ts'
import type { Dockerfile } from '../../schema/document.ts'
import type { Text } from '../../schema/text.ts'
import { partsOf } from '../../values/text.ts'
import { history, lineage, type Place } from './walk.ts'

/** Set by BuildKit itself; in a stage they need an ARG without a default (Dockerfile reference). */
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

/** Known to every build without an ARG (Dockerfile reference, "Predefined ARGs"), and by images. */
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

/** Names that have a value where an instruction stands, as far as the file can tell. */
export function definedAt(file: Dockerfile, at: Place['at']): ReadonlySet<string> {
  const names = new Set(everywhere)
  for (const one of history(file, at)) {
    if (one.instruction === 'ARG') for (const { name } of one.args) names.add(name)
    if (one.instruction === 'ENV') for (const { name } of one.pairs) names.add(name)
  }
  // An ARG may use the ones that it declares before.
  const own = file.stages[at[0]]?.instructions[at[1]]
  if (own?.instruction === 'ARG') for (const { name } of own.args) names.add(name)
  return names
}

/** Every value of an instruction in which the builder replaces variables. */
export function textsOf(node: Instruction): readonly (Text | undefined)[] {
  switch (node.instruction) {
    case 'ADD':
    case 'COPY': {
      const sources = node.sources.map((one) =>
        typeof one === 'object' && 'content' in one ? one.content : one,
      )
      const checksum = node.instruction === 'ADD' ? node.checksum : undefined
      return [...sources, node.destination, node.chown, node.chmod, checksum]
    }
    case 'ARG':
      return node.args.map((one) => one.default)
    case 'ENV':
    case 'LABEL':
      return node.pairs.map((one) => one.value)
    case 'EXPOSE':
      return node.ports
    case 'RUN':
      return (node.mounts ?? []).flatMap(({ type: _type, ...options }) =>
        Object.values(options as Record<string, Text | boolean | undefined>).filter(
          (value): value is Text => value !== undefined && typeof value !== 'boolean',
        ),
      )
    case 'STOPSIGNAL':
      return [node.signal]
    case 'USER':
      return [node.user]
    case 'VOLUME':
      return node.paths
    case 'WORKDIR':
      return [node.path]
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
    case 'MAINTAINER':
    case 'ONBUILD':
    case 'SHELL':
      return []
  }
}

/** Text that a shell of the container sees: it may use variables as well. */
export function shellTextOf(node: Instruction): string {
  if (node.instruction === 'ONBUILD') return shellTextOf(node.trigger)
  if (!('command' in node) || node.command === undefined) return ''
  return typeof node.command === 'string' ? node.command : node.command.join('\n')
}

/** What a text of FROM is in a build without arguments; undefined where a pattern cuts it. */
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

/** The stages that start, directly or not, from a stage: they inherit its ARG and ENV. */
export function heirs(file: Dockerfile, stage: number): number[] {
  return file.stages.flatMap((_, s) => (lineage(file, s).includes(stage) ? [s] : []))
}
