import { ORIGIN, type Origin, originOf } from '@erlmcp/core'
import type { Model } from '../document.ts'
import { model as modelSchema } from '../schema/render-schema.gen.ts'
import { validateKeys } from '../schema/validate.ts'
import type { Authored } from './authored.ts'
import { validateName } from './name.ts'

export type ModelSpec = Authored<Model>

/** An AI model as a value. A compose file has the models that its services use. */
export interface ModelValue {
  readonly kind: 'model'
  readonly name: string
  readonly spec: ModelSpec
  readonly [ORIGIN]?: Origin | undefined
}

/**
 * An AI model that Compose runs.
 *
 * @throws UserError for an invalid name or spec
 * @example
 * service('chat', { image: 'chat:1.0', models: [model('llm', { model: 'ai/smollm2' })] })
 */
export function model(name: string, spec: ModelSpec): ModelValue {
  const origin = originOf(model)
  validateName('model', name, origin)
  validateKeys(`model ${name}`, spec, modelSchema, origin)
  return Object.freeze({ kind: 'model', name, spec: Object.freeze({ ...spec }), [ORIGIN]: origin })
}
