import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type BuiltImage, UserError } from '@erlmcp/core'
import { type GateValue, inOrder } from '../gate.ts'
import type { Gates } from '../gates.ts'
import { type Ending, runContainer } from './container.ts'
import { docker, mustDocker } from './docker.ts'
import { labelsOf, removeLeftovers, removeOwn } from './leftovers.ts'
import { schedule } from './schedule.ts'

/** A gate that ran, or did not, before its evidence is judged. */
export interface GateRun {
  readonly gate: GateValue
  readonly ending: Ending | { readonly kind: 'blocked'; readonly by: readonly string[] }
  /** When it started, in milliseconds since 1970. */
  readonly started: number
  readonly seconds: number
  /** Absolute folder of its output and evidence. */
  readonly folder: string
}

export type Progress<Result> =
  | { readonly kind: 'building'; readonly images: readonly string[] }
  | { readonly kind: 'started'; readonly gate: GateValue }
  | { readonly kind: 'said'; readonly gate: GateValue; readonly text: string }
  | { readonly kind: 'ended'; readonly gate: GateValue; readonly result: Result }

export interface SessionOptions<Result> {
  /** Absolute folder of the project. */
  readonly root: string
  /** Compose file that has the services, relative to the root. */
  readonly file: string
  /** Names of the gates to run, with all that they need. Default: every gate. */
  readonly only?: readonly GateValue[]
  /** How many run at once. Default: as many as the engine has CPUs. */
  readonly parallel?: number
  /** Stops everything: no container of the run is left. */
  readonly signal?: AbortSignal
  /** Judges a gate that ran. */
  judge(run: GateRun): Promise<Result>
  isGreen(result: Result): boolean
  on?(progress: Progress<Result>): void
}

const stopped: Ending = { kind: 'killed', why: 'the run was stopped before it' }

/** Where a project's runs leave their evidence, relative to its root. */
export const evidenceFolder = '.erlmcp/gates'

/**
 * Runs gates on the engine, in the order of what they need, as many at once as it has CPUs for.
 * No container outlives the call, however it ends.
 *
 * @throws UserError when there is no engine, or an image does not build
 */
export async function runSession<Result>(
  gates: Gates,
  options: SessionOptions<Result>,
): Promise<Result[]> {
  const { root, file, signal, on = () => undefined } = options
  const cpus = Number(await mustDocker(['info', '--format', '{{.NCPU}}'], root))
  await removeLeftovers(root)
  const chosen = inOrder(options.only ?? gates.gates)
  const images = imagesOf(gates, chosen)
  on({ kind: 'building', images: images.map(({ image }) => image) })
  await build(
    root,
    file,
    images.map(({ service }) => service),
  )

  const run = `${Date.now().toString(36)}${randomBytes(3).toString('hex')}`
  const end = () => void removeOwn(root)
  signal?.addEventListener('abort', end)
  try {
    return await schedule(chosen, {
      parallel: options.parallel ?? cpus,
      isGreen: options.isGreen,
      run: async (gate, red) => {
        const result = await options.judge(await attempt(gate, red))
        on({ kind: 'ended', gate, result })
        return result
      },
    })
  } finally {
    signal?.removeEventListener('abort', end)
    await removeOwn(root)
  }

  async function attempt(gate: GateValue, red: readonly GateValue[]): Promise<GateRun> {
    const folder = join(root, evidenceFolder, gate.name)
    const started = Date.now()
    const common = { gate, started, folder }
    if (red.length > 0) {
      const by = red.map(({ name }) => name)
      return { ...common, ending: { kind: 'blocked', by }, seconds: 0 }
    }
    if (signal?.aborted) return { ...common, ending: stopped, seconds: 0 }
    on({ kind: 'started', gate })
    const ending = await runContainer({
      ...{ gate, root, file, run, folder, labels: labelsOf(root) },
      on: (text) => on({ kind: 'said', gate, text }),
    })
    return { ...common, ending, seconds: (Date.now() - started) / 1000 }
  }
}

/** Each image of the chosen gates once, with a service that builds it. */
function imagesOf({ services }: Gates, chosen: readonly GateValue[]) {
  const wanted = new Set(chosen.map(({ spec }) => spec.service))
  const images = new Map<string, string>()
  for (const { name, spec } of services) {
    if (wanted.has(name)) images.set((spec.build as BuiltImage).image, name)
  }
  return [...images].map(([image, service]) => ({ image, service }))
}

async function build(root: string, file: string, services: readonly string[]): Promise<void> {
  const words = ['compose', '--file', file, '--profile', 'gates', 'build', ...services]
  const { code, stderr, stdout } = await docker(words, root)
  if (code === 0) return
  const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n  ')
  throw new UserError({
    what: 'the image that gates run in does not build',
    help: said,
    kind: 'environment',
  })
}
