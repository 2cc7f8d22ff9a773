import { posix } from 'node:path'
import { type Document, ORIGIN, type Origin, splitMount } from '@erlmcp/core'
import type { Mount } from '../document.ts'
import { isInterpolation } from '../values/interpolation.ts'
import type { MountValue } from '../values/mount.ts'
import type { ServiceSpec } from '../values/service.ts'
import { type RenderContext, withOrigin } from './render-context.ts'

type Written = NonNullable<ServiceSpec['volumes']>[number]

/** A mount in the long form; text with variables stays as it is. */
export function renderMount(written: Written, usage: RenderContext): string | Mount {
  // `renderFields` keeps the keys and loses their types.
  if (typeof written === 'string')
    return usage.renderFields(parseMount(written)) as unknown as Mount
  if (isInterpolation(written)) return usage.render(written) as string
  // A plain object is already in the long form.
  if (!('kind' in written)) return usage.renderFields(written) as unknown as Mount
  return renderMountValue(written, usage)
}

function renderMountValue(value: MountValue, usage: RenderContext): Mount {
  const { source, target, options } = value
  const fields = usage.renderFields(options) as Partial<Mount>
  const origin: Origin | undefined = value[ORIGIN]
  const place = { target: usage.render(target) as string }
  if (typeof source === 'object' && 'kind' in source && source.kind === 'volume') {
    return withOrigin(
      { type: 'volume', source: usage.register(source), ...place, ...fields },
      origin,
    )
  }
  const bind = { create_host_path: false, ...fields.bind }
  const from = isDocument(source)
    ? registerDocument(source, usage)
    : (usage.render(source) as string)
  return withOrigin({ type: 'bind', source: from, ...place, ...fields, bind }, origin)
}

function isDocument(source: MountValue['source']): source is Document {
  return typeof source === 'object' && 'format' in source
}

/** The generated file that a mount mounts. */
export function generatedDocument(written: Written): Document | undefined {
  const isValue = typeof written === 'object' && 'kind' in written && written.kind === 'mount'
  return isValue && isDocument(written.source) ? written.source : undefined
}

/** Adds a generated file to the documents. Returns its path, relative to the compose file. */
export function registerDocument(document: Document, usage: RenderContext): string {
  usage.documents.push(document)
  return usage.render(fromFile(document.path, usage.root)) as string
}

/** A path of the project, relative to the compose file that names it. */
export function fromFile(path: string, file: string): string {
  const relative = posix.relative(posix.dirname(file), path)
  return relative.startsWith('../') || relative === '..' ? relative : `./${relative}`
}

const propagations = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'])

const consistencies = new Set(['cached', 'delegated', 'consistent'])

/** `./a:/b:ro` in the long form, which does not create a folder where the file is missing. */
function parseMount(text: string): Mount {
  const [source, target, options = ''] = splitMount(text)
  if (target === undefined) return { type: 'volume', target: text }
  const flags = options === '' ? [] : options.split(',')
  const selinux = flags.find((flag) => flag === 'z' || flag === 'Z')
  const propagation = flags.find((flag) => propagations.has(flag))
  const consistency = flags.find((flag) => consistencies.has(flag))
  return {
    type: 'bind',
    source: source!,
    target,
    ...(flags.includes('ro') && { read_only: true }),
    ...(consistency && { consistency }),
    bind: {
      create_host_path: false,
      ...(propagation && { propagation }),
      ...(selinux && { selinux }),
    },
  }
}
