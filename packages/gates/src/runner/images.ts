import { posix } from 'node:path'
import { UserError } from '@erlmcp/core'
import { lastLines, runDocker } from '@erlmcp/docker'
import type { GateValue } from '../gate.ts'
import type { Gates } from '../gates.ts'
import { imageFacts } from '../receipt/facts.ts'
import type { ImageFacts } from '../receipt/receipt.ts'
import { imageOf } from '../service-image.ts'

/** An image of gates, before it is built. */
export interface GateImage {
  readonly name: string
  /** The services that run it. */
  readonly services: readonly string[]
  /** Relative to the project; missing for an image that is pulled. */
  readonly dockerfile?: string
}

/** The images of the chosen gates, once each. */
export function imagesOf({ services }: Gates, chosen: readonly GateValue[]): GateImage[] {
  const names = new Set(chosen.map(({ spec }) => spec.service))
  const images = new Map<string, GateImage>()
  for (const service of services) {
    if (!names.has(service.name)) continue
    const { image: name, build } = imageOf(service)
    const known = images.get(name)
    images.set(name, {
      name,
      ...(build && { dockerfile: posix.join(build.context, build.dockerfile) }),
      services: [...(known?.services ?? []), service.name],
    })
  }
  return [...images.values()]
}

export interface BuiltImageFacts {
  readonly services: readonly string[]
  readonly image: ImageFacts
}

/** @throws UserError if a build or pull fails, with the end of its output, or when stopped */
export async function buildImages(
  root: string,
  file: string,
  images: readonly GateImage[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const firsts = (some: readonly GateImage[]) => some.map(({ services }) => services[0]!)
  const pulled = firsts(images.filter(({ dockerfile }) => dockerfile === undefined))
  const words = ['compose', '--file', file, '--profile', 'gates']
  const pull = [...words, 'pull', '--policy', 'missing', ...pulled]
  const options = { cwd: root, detached: true, ...(signal && { signal }) }
  const pulling = pulled.length > 0 ? await runDocker(pull, options) : { exitCode: 0 }
  const built = firsts(images.filter(({ dockerfile }) => dockerfile !== undefined))
  // Without a name compose builds every service of the file.
  if (pulling.exitCode === 0 && built.length === 0) return
  const build = [...words, 'build', ...built]
  const command = pulling.exitCode === 0 ? build : pull
  const { exitCode, stderr, stdout } = await runDocker(command, options)
  if (signal?.aborted) {
    throw new UserError({ message: 'stopped while building the image', hint: 'No gate ran.' })
  }
  if (exitCode !== 0) {
    throw new UserError({
      message: 'the image of the gates does not build',
      hint: lastLines(`${stdout}\n${stderr}`, 20),
      kind: 'environment',
    })
  }
}

/**
 * Inspects the images.
 *
 * @throws UserError for a missing image
 */
export function factsOfImages(
  root: string,
  images: readonly GateImage[],
): Promise<BuiltImageFacts[]> {
  return Promise.all(
    images.map(async ({ name, services }) => {
      const inspect = ['image', 'inspect', name]
      const { exitCode, stdout } = await runDocker(inspect, { cwd: root, detached: true })
      if (exitCode !== 0) {
        throw new UserError({
          message: `the image ${name} is missing`,
          hint: 'Run the gates without --no-build, or load the image: docker load --input FILE.',
          kind: 'environment',
        })
      }
      const [inspected] = JSON.parse(stdout)
      return { services, image: imageFacts(name, inspected) }
    }),
  )
}

const printRelease = 'io:put_chars(code:root_dir()), halt().'

/** Version of Erlang/OTP in an image; null if unknown. */
export async function otpOf(root: string, { digest }: ImageFacts): Promise<string | null> {
  const script = `cat "$(erl -noshell -eval '${printRelease}')"/releases/*/OTP_VERSION`
  const words = ['run', '--rm', '--network', 'none', '--entrypoint', 'sh', digest, '-c', script]
  const { exitCode, stdout } = await runDocker(words, { cwd: root, detached: true })
  return exitCode === 0 ? stdout.trim() : null
}
