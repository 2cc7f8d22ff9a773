import { type Origin, UserError } from '@erlmcp/core'
import { fileKeys, resourceKeys, serviceKeys } from './keys.ts'
import { refuseUnknownKeys } from './known-keys.ts'
import { checkShapes, ownName } from './shape.ts'
import { fileShapes, shapesOf } from './shapes.ts'

/**
 * Holds the data of a compose file that did not come from our values against the specification.
 *
 * @throws UserError for a key that it does not have, or a value of another shape
 */
export function validateFile(spec: object, origin?: Origin): void {
  refuseUnknownKeys(spec, fileKeys, 'the', 'file', origin)
  checkShapes(spec, fileShapes, 'file', origin, true)
  const sections = { services: serviceKeys, ...resourceKeys }
  for (const [section, keys] of Object.entries(sections)) {
    const nodes = (spec as Record<string, unknown>)[section]
    if (nodes === undefined) continue
    for (const [name, node] of Object.entries(objectAt(nodes, section, origin))) {
      // A network or volume without options may be nothing.
      if (node === null && ['networks', 'volumes'].includes(section)) continue
      const where = `${section}.${name}`
      if (!ownName.test(name)) {
        throw new UserError({
          message: `${section}: invalid name ${JSON.stringify(name)}`,
          hint: 'Use letters, digits, dots, dashes and underscores.',
          origin,
        })
      }
      refuseUnknownKeys(objectAt(node, where, origin), keys, 'the node', where, origin)
      const shapes = shapesOf.get(section)
      if (shapes) checkShapes(node, shapes, where, origin, true)
    }
  }
}

function objectAt(value: unknown, where: string, origin: Origin | undefined): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new UserError({
    message: `${where} is ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}, not an object`,
    hint: 'Give an object whose keys are names.',
    origin,
  })
}
