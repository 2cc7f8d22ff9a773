import { posix } from 'node:path'
import { UserError } from '@erlmcp/core'
import type { GateValue } from '../gate.ts'
import type { Gates } from '../gates.ts'
import { imageFacts } from '../receipt/facts.ts'
import type { ImageFacts } from '../receipt/receipt.ts'
import { imageOf } from '../service-image.ts'
import { docker } from './docker.ts'

/** An image that gates run in, before it is built. */
export interface WantedImage {
  readonly name: string
  /** The services that run it. */
  readonly services: readonly string[]
  /** Relative to the project; nothing for one that is pulled. */
  readonly dockerfile?: string
}

/** Each image of the chosen gates once. */
export function imagesOf({ services }: Gates, chosen: readonly GateValue[]): WantedImage[] {
  const names = new Set(chosen.map(({ spec }) => spec.service))
  const images = new Map<string, WantedImage>()
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

/** @throws UserError with the end of what the builder said, when it fails, or when it is stopped */
export async function buildImages(
  root: string,
  file: string,
  images: readonly WantedImage[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const firsts = (wanted: readonly WantedImage[]) => wanted.map(({ services }) => services[0]!)
  const pulled = firsts(images.filter(({ dockerfile }) => dockerfile === undefined))
  const words = ['compose', '--file', file, '--profile', 'gates']
  const pull = [...words, 'pull', '--policy', 'missing', ...pulled]
  const got = pulled.length > 0 ? await docker(pull, root, signal) : { code: 0 }
  const built = firsts(images.filter(({ dockerfile }) => dockerfile !== undefined))
  // Without a name compose builds every service of the file.
  if (got.code === 0 && built.length === 0) return
  const build = [...words, 'build', ...built]
  const { code, stderr, stdout } = await docker(got.code === 0 ? build : pull, root, signal)
  if (signal?.aborted) {
    throw new UserError({ message: 'stopped while the image was built', hint: 'Nothing ran.' })
  }
  if (code !== 0) {
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n  ')
    throw new UserError({
      message: 'the image that gates run in does not build',
      hint: said,
      kind: 'environment',
    })
  }
}

/**
 * What is known of the images that are here.
 *
 * @throws UserError for one that is not
 */
export function factsOfImages(
  root: string,
  images: readonly WantedImage[],
): Promise<BuiltImageFacts[]> {
  return Promise.all(
    images.map(async ({ name, services }) => {
      const { code, stdout } = await docker(['image', 'inspect', name], root)
      if (code !== 0) {
        throw new UserError({
          message: `the image ${name} is missing`,
          hint: 'Build it: run the gates without --no-build. Or load it: docker load --input FILE.',
          kind: 'environment',
        })
      }
      const [inspected] = JSON.parse(stdout)
      return { services, image: imageFacts(name, inspected) }
    }),
  )
}

const printRelease = 'io:put_chars(code:root_dir()), halt().'

/** Version of Erlang/OTP in an image; null when it has none, or does not say. */
export async function otpOf(root: string, { digest }: ImageFacts): Promise<string | null> {
  const look = `cat "$(erl -noshell -eval '${printRelease}')"/releases/*/OTP_VERSION`
  const words = ['run', '--rm', '--network', 'none', '--entrypoint', 'sh', digest, '-c', look]
  const { code, stdout } = await docker(words, root)
  return code === 0 ? stdout.trim() : null
}
