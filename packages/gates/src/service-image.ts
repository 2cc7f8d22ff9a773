import type { ServiceValue } from '@erlmcp/compose'
import type { BuiltImage } from '@erlmcp/core'

/** The image of a service and its build. */
export interface ServiceImage {
  readonly image: string
  /** Missing for an image that is only pulled. */
  readonly build?: {
    readonly context: string
    readonly dockerfile: string
    readonly target?: string
    readonly args?: BuiltImage['build']['args']
  }
}

/** The image of a service of gates, also with an overridden `build`. */
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
