import { type ComposeFile, composeFormat } from '@erlmcp/compose'
import { type Stack, UserError } from '@erlmcp/core'
import type { Gates } from './gates.ts'
import { findSet, setsIn } from './otp-matrix.ts'
import { imageOf } from './service-image.ts'

/** A set of gates of a stack, and the compose file with its services. */
export interface FoundGates {
  readonly gates: Gates
  /** Relative to the project. */
  readonly file: string
  /** Data of that file. */
  readonly document: ComposeFile
  /** Name of the compose project, which owns the volumes. */
  readonly project: string
}

/** Whether a stack has gates. */
export function hasGates(stack: Stack): boolean {
  return setsIn(stack.sources).length > 0
}

/**
 * Finds the set of gates of a stack.
 *
 * @param set name of the set; required for a stack with several
 * @throws UserError for a stack without gates, an unknown set, several sets without a name, or a set
 * whose services are in no compose file
 * @example
 * const { gates, file } = findGates(stack)
 */
export function findGates(stack: Stack, set?: string): FoundGates {
  const found = findSets(stack)
  if (set !== undefined) findSet(setsOf(found), set)
  const [first, ...others] = found.filter(({ gates }) => set === undefined || gates.name === set)
  if (others.length === 0) return first!
  throw new UserError({
    message: `the stack ${stack.name} has several sets of gates`,
    hint: `Choose one with --set: ${found.map(({ gates }) => gates.name).join(', ')}.`,
  })
}

const setsOf = (found: readonly FoundGates[]) => found.map(({ gates }) => gates)

/**
 * Finds all sets of gates of a stack, each with its compose file.
 *
 * @throws UserError for a stack without gates, a set whose services are in no compose file, or two
 * sets with the same name or image
 */
export function findSets(stack: Stack): FoundGates[] {
  const sets = setsIn(stack.sources)
  if (sets.length === 0) {
    throw new UserError({
      message: `the stack ${stack.name} has no gates`,
      hint: 'Add gates(…) of @erlmcp/gates to its sources.',
    })
  }
  validateSets(sets)
  const context = { stack: stack.name }
  const files = stack.sources
    .filter((source) => !sets.includes(source as Gates))
    .flatMap((source) => [...source.documents(context)])
    .filter(({ format }) => format.name === composeFormat.name)
    .map(({ path, data }) => ({ path, document: data as ComposeFile }))
  return sets.map((gates) => {
    const { path, document } = fileOf(gates, files)
    const project = process.env.COMPOSE_PROJECT_NAME || (document.name ?? stack.name)
    return { gates, file: path, document, project }
  })
}

interface File {
  readonly path: string
  readonly document: ComposeFile
}

function fileOf(gates: Gates, files: readonly File[]): File {
  const needed = gates.services.map(({ name }) => name)
  const has = ({ document }: File, name: string) => Object.hasOwn(document.services ?? {}, name)
  const file = files.find((one) => needed.every((name) => has(one, name)))
  if (file) return file
  const missing = needed.filter((name) => !files.some((one) => has(one, name)))
  throw new UserError({
    message: `the stack has no compose file with ${missing.length > 0 ? missing.join(', ') : 'all services of the gates'}`,
    hint: "Add them to one file: compose('docker-compose.yml', [app, ...quality.services]).",
  })
}

/** With shared volumes or images one set would decide the verdict of the other. */
function validateSets(sets: readonly Gates[]): void {
  const names = new Set<string>()
  const images = new Map<string, string>()
  for (const { name, services } of sets) {
    if (names.has(name)) {
      throw new UserError({
        message: `duplicate set of gates ${name}: two sets would share volumes and evidence`,
        hint: `Rename one of them: gates(…, { name: '${name}-2' }).`,
      })
    }
    names.add(name)
    for (const { image, build } of services.map(imageOf)) {
      const built = JSON.stringify(build)
      if ((images.get(image) ?? built) !== built) {
        throw new UserError({
          message: `two sets of gates build ${image} in different ways: one would run in the image of the other`,
          hint: "Rename one of the images: erlangImage({ …, image: 'shop:1.0.0-otp27' }).",
        })
      }
      images.set(image, built)
    }
  }
}
