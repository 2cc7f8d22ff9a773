import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheDirectory } from './cache-directory.ts'
import { type ImageRef, parseImageRef } from './image-ref.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { must, run } from './process.ts'
import { type Recipe, recipeFor, standInRepositories } from './recipes.ts'

/** Carried by every stand-in image, with the value `true`. */
export const standInLabel = 'dev.erlmcp.stand-in'
const recipeLabel = 'dev.erlmcp.stand-in.recipe'

/** Where an image came from. */
export type ImageSource = 'present' | 'pulled' | 'stand-in'

const images = fileURLToPath(new URL('../images', import.meta.url))
const minute = 60_000

/**
 * Makes images available under exactly these references, so that a file that names them runs unchanged:
 * an image that is there stays, one that a registry serves is pulled, and otherwise a stand-in is built
 * and tagged with the reference.
 *
 * @throws Error when neither a registry nor a recipe has one of them
 * @example await ensureImages(['erlang:28.3.1-slim', 'debian:trixie-slim'])
 */
export async function ensureImages(
  refs: readonly string[],
): Promise<ReadonlyMap<string, ImageSource>> {
  const sources = new Map<string, ImageSource>()
  // One after another: they build on each other.
  for (const ref of new Set(refs)) sources.set(ref, await ensureImage(ref))
  return sources
}

async function ensureImage(ref: string): Promise<ImageSource> {
  const parsed = parseImageRef(ref)
  const recipe = recipeFor(parsed)
  const present = await inspectImage(ref)
  if (present && !present.standIn) return 'present'
  const hash = recipe && (await recipeHash(recipe))
  if (present && present.recipe === hash) return 'stand-in'
  if (await pull(ref)) return 'pulled'
  if (!recipe || !hash) throw new Error(noStandIn(ref, parsed))
  await ensureImages(basesOf(recipe))
  await oneAtATime(ref, async () => {
    if ((await inspectImage(ref))?.recipe !== hash) await build(ref, recipe, hash)
  })
  return 'stand-in'
}

function noStandIn(ref: string, { repository, digest }: ImageRef): string {
  const why =
    digest !== undefined
      ? 'a stand-in cannot have the digest of another image'
      : standInRepositories.includes(repository)
        ? `there is no stand-in for this tag of ${repository}`
        : `stand-ins exist for ${standInRepositories.join(', ')}`
  return `${ref}: no registry is reachable, and ${why}`
}

async function inspectImage(ref: string) {
  const format = `{{index .Config.Labels "${standInLabel}"}} {{index .Config.Labels "${recipeLabel}"}}`
  const { code, stdout } = await run(['docker', 'image', 'inspect', '--format', format, ref])
  if (code !== 0) return undefined
  const [standIn, recipe] = stdout.trim().split(' ')
  return { standIn: standIn === 'true', recipe }
}

// --- registry --------------------------------------------------------------------------------------

/** True when a registry gave it. One that cannot be reached is not asked again for a while. */
async function pull(ref: string): Promise<boolean> {
  if (registryIsAway()) return false
  const probe = await run(['docker', 'buildx', 'imagetools', 'inspect', ref], {
    timeout: 20_000,
  }).catch((error: Error) => ({ code: 1, stderr: error.message }))
  if (probe.code === 0) {
    await must(['docker', 'pull', '--quiet', ref], { timeout: 10 * minute })
    return true
  }
  if (/not found|manifest unknown/i.test(probe.stderr)) {
    throw new Error(`${ref}: the registry has no such image`)
  }
  rememberAway(probe.stderr)
  return false
}

const awayFor = 30 * minute
const awayFile = () => join(cacheDirectory(), 'registry-away')

function registryIsAway(): boolean {
  const file = awayFile()
  return existsSync(file) && Date.now() - statSync(file).mtimeMs < awayFor
}

function rememberAway(reason: string): void {
  mkdirSync(cacheDirectory(), { recursive: true })
  writeFileSync(awayFile(), reason)
}

// --- stand-ins -------------------------------------------------------------------------------------

/** Whom this machine trusts: a build that fetches modules may have to go through its proxy. */
const trusted = '/etc/ssl/certs/ca-certificates.crt'

async function build(ref: string, recipe: Recipe, hash: string): Promise<void> {
  const context = await contextOf(recipe, hash)
  await must(
    [
      ...(['docker', 'buildx', 'build', '--load', '--quiet', '--tag', ref] as const),
      ...['--label', `${standInLabel}=true`, '--label', `${recipeLabel}=${hash}`],
      ...(recipe.target ? ['--target', recipe.target] : []),
      ...(existsSync(trusted) ? ['--secret', `id=ca,src=${trusted}`] : []),
      context,
    ],
    { timeout: 15 * minute },
  )
}

/** What the image is made of: the recipe's files, its choice, its bases, and the mirror that serves it. */
async function recipeHash(recipe: Recipe): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(recipe))
  const directory = join(images, recipe.directory)
  for (const file of readdirSync(directory).sort()) {
    hash.update(`\n${file}\n`).update(readFileSync(join(directory, file)))
  }
  if (recipe.rootfs) hash.update(await debianMirror())
  for (const base of basesOf(recipe)) {
    const below = recipeFor(parseImageRef(base))
    hash.update(below ? await recipeHash(below) : base)
  }
  return hash.digest('hex').slice(0, 16)
}

/** The images that the recipe's Dockerfile starts from, apart from its own stages. */
function basesOf({ directory }: Recipe): readonly string[] {
  const dockerfile = readFileSync(join(images, directory, 'Dockerfile'), 'utf8')
  const froms = [...dockerfile.matchAll(/^FROM (?<from>\S+)(?: AS (?<stage>\S+))?$/gm)]
  const stages = new Set(froms.map(({ groups }) => groups?.stage))
  return froms
    .map(({ groups }) => groups?.from ?? '')
    .filter((from) => from !== 'scratch' && !stages.has(from))
}

/** The build context: the recipe's folder, with what has to be fetched for it. That is kept in the cache. */
async function contextOf(recipe: Recipe, hash: string): Promise<string> {
  const { directory, rootfs, wheel } = recipe
  if (!rootfs && !wheel) return join(images, directory)
  const context = join(cacheDirectory(), `${rootfs ? `rootfs-${rootfs}` : directory}-${hash}`)
  if (existsSync(context)) return context
  const unfinished = `${context}.${process.pid}`
  rmSync(unfinished, { recursive: true, force: true })
  cpSync(join(images, directory), unfinished, { recursive: true })
  if (rootfs) {
    const tarball = join(unfinished, 'rootfs.tar')
    await must([join(unfinished, 'rootfs'), rootfs, await debianMirror(), tarball], {
      timeout: 10 * minute,
    })
  }
  if (wheel) {
    const pip = ['pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:'] as const
    await must([...pip, '--target', join(unfinished, 'wheel'), wheel], { timeout: 5 * minute })
  }
  if (existsSync(context)) rmSync(unfinished, { recursive: true })
  else renameSync(unfinished, context)
  return context
}

let mirror: Promise<string> | undefined

function debianMirror(): Promise<string> {
  mirror ??= run([join(images, 'debian', 'mirror')]).then(({ code, stdout }) => {
    if (code === 0) return stdout.trim()
    throw new Error(
      'no registry is reachable, and stand-ins need a Debian machine with apt sources',
    )
  })
  return mirror
}
