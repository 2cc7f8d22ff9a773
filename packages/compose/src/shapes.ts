import { type Shapes, shapesOfKeys } from './shape.ts'
import { config, model, network, secret, volume } from './shapes/resource.ts'
import { serviceShapes } from './shapes/service.ts'

/** The shapes of what stands below `services`, `networks`, `volumes`, … by the section. */
export const shapesOf: ReadonlyMap<string, Shapes> = new Map([
  ['services', serviceShapes],
  ['networks', shapesOfKeys(network)],
  ['volumes', shapesOfKeys(volume)],
  ['secrets', shapesOfKeys(secret)],
  ['configs', shapesOfKeys(config)],
  ['models', shapesOfKeys(model)],
])
