import { type ComposeFile, composeFormat } from '@erlmcp/compose'
import { type Stack, UserError } from '@erlmcp/core'
import type { Gates } from './gates.ts'
import { imageOf } from './image-of.ts'
import { setCalled, setsIn } from './otp-matrix.ts'

/** The gates of a stack, and the compose file that has their services. */
export interface Found {
  readonly gates: Gates
  /** Relative to the project. */
  readonly file: string
  /** What is in that file. */
  readonly document: ComposeFile
  /** Name of the compose project, which the volumes belong to. */
  readonly project: string
}

/** Whether gates are among the sources of a stack. */
export function hasGates(stack: Stack): boolean {
  return setsIn(stack.sources).length > 0
}

/**
 * Looks for the gates among the sources of a stack.
 *
 * @param set name of the set, where the stack has several
 * @throws UserError when it has none, or several and none is named, or no compose file has their services
 * @example
 * const { gates, file } = findGates(stack)
 */
export function findGates(stack: Stack, set?: string): Found {
  const found = findSets(stack)
  if (set !== undefined) setCalled(setsOf(found), set)
  const [first, ...others] = found.filter(({ gates }) => set === undefined || gates.name === set)
  if (others.length === 0) return first!
  throw new UserError({
    message: `the stack ${stack.name} has several sets of gates`,
    hint: `Name one with --set: ${found.map(({ gates }) => gates.name).join(', ')}.`,
  })
}

const setsOf = (found: readonly Found[]) => found.map(({ gates }) => gates)

/**
 * All sets of gates of a stack, each with its compose file.
 *
 * @throws UserError when it has none, no compose file has the services of one, or two would mix
 */
export function findSets(stack: Stack): Found[] {
  const sets = setsIn(stack.sources)
  if (sets.length === 0) {
    throw new UserError({
      message: `the stack ${stack.name} has no gates`,
      hint: 'Make them with gates(…) of @erlmcp/gates, and put them among its sources.',
    })
  }
  refuseMixed(sets)
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
    message: `no compose file of the stack has ${missing.length > 0 ? missing.join(', ') : 'every service of the gates'}`,
    hint: "Put them all into one: compose('docker-compose.yml', [app, ...quality.services]).",
  })
}

/** What two sets have in common makes the verdict of one a verdict on the other. */
function refuseMixed(sets: readonly Gates[]): void {
  const names = new Set<string>()
  const images = new Map<string, string>()
  for (const { name, services } of sets) {
    if (names.has(name)) {
      throw new UserError({
        message: `two sets of gates are called ${name}: they would share volumes and evidence`,
        hint: `Name one of them: gates(…, { prefix: '${name}-2' }).`,
      })
    }
    names.add(name)
    for (const { image, build } of services.map(imageOf)) {
      const how = JSON.stringify(build)
      if ((images.get(image) ?? how) !== how) {
        throw new UserError({
          message: `two sets of gates run ${image}, and build it in different ways: one would run in the image of the other`,
          hint: "Give one of the images another name: erlangImage({ …, image: 'shop:1.0.0-otp27' }).",
        })
      }
      images.set(image, how)
    }
  }
}
