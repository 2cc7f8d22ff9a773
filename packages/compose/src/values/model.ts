import { ORIGIN, originOf } from '@erlmcp/core'
import type { ModelSpec, ModelValue } from '../schema/author.gen.ts'
import { model as modelSchema } from '../schema/author-schema.gen.ts'
import { validateName } from './name.ts'
import { validateSpec } from './validate-spec.ts'

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
  validateSpec(`model ${name}`, spec, modelSchema, origin)
  return Object.freeze({ kind: 'model', name, spec: Object.freeze({ ...spec }), [ORIGIN]: origin })
}
