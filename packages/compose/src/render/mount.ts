import { posix } from 'node:path'
import { type Document, ORIGIN, type Origin } from '@erlmcp/core'
import type { Mount } from '../document.ts'
import type { MountValue, ServiceSpec } from '../schema/author.gen.ts'
import { isInterpolation } from '../values/interpolation.ts'
import { parseMountText } from '../values/text-formats.ts'
import { type RenderContext, withOrigin } from './render-context.ts'

type Written = NonNullable<ServiceSpec['volumes']>[number]

/** A mount in the long form; text with variables stays as it is. */
export function renderMount(written: Written, usage: RenderContext): string | Mount {
  // `renderFields` keeps the keys and loses their types.
  if (typeof written === 'string')
    return usage.renderFields(parseMountText(written)!) as unknown as Mount
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
