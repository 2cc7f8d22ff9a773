import type { ServiceValue } from '@erlmcp/compose'
import type { BuiltImage } from '@erlmcp/core'

/** The image of a service, and what it is built from. */
export interface ServiceImage {
  readonly image: string
  /** Nothing for an image that is only pulled. */
  readonly build?: {
    readonly context: string
    readonly dockerfile: string
    readonly target?: string
    readonly args?: BuiltImage['build']['args']
  }
}

/** What a service of gates runs in, also where its `build` was changed to another one. */
export function imageOf({ name, spec }: ServiceValue): ServiceImage {
  const { build } = spec
  if (typeof build === 'object' && 'user' in build) return build as BuiltImage
  const image = typeof spec.image === 'string' ? spec.image : name
  if (build === undefined) return { image }
  const plain = typeof build === 'string' ? { context: build } : (build as object)
  const { context, dockerfile, target } = plain as Record<string, string | undefined>
  return {
    image,
    build: {
      context: context ?? '.',
      dockerfile: dockerfile ?? 'Dockerfile',
      ...(target !== undefined && { target }),
    },
  }
}
