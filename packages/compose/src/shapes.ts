import type { IncludeFile } from './document.ts'
import { either, fields, list, nothing, type Shapes, shapesOfKeys, text } from './shape.ts'
import { config, model, network, secret, volume } from './shapes/resource.ts'
import { textOrTexts } from './shapes/scalar.ts'
import { serviceShapes } from './shapes/service.ts'

/** The shapes of what stands below `services`, `networks`, `volumes`, … by the section. */
export const shapesOf: ReadonlyMap<string, Shapes> = new Map([
  ['services', serviceShapes],
  ['networks', shapesOfKeys(network)],
  ['volumes', shapesOfKeys(volume)],
  ['secrets', shapesOfKeys(secret)],
  ['configs', shapesOfKeys(config)],
  ['models', shapesOfKeys(model, { required: ['model'] })],
])

/** The shapes of the other keys of a file. */
export const fileShapes: Shapes = shapesOfKeys({
  version: text,
  name: text,
  include: list(
    either(
      text,
      fields<IncludeFile>({
        path: textOrTexts,
        env_file: either(textOrTexts, nothing),
        project_directory: text,
      }),
    ),
  ),
})
