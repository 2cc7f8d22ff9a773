import type { BuiltImage } from '@erlmcp/core'
import type { Service } from '../document.ts'
import type { ImageDefaults } from '../images/facts.ts'
import { entries } from '../model/environment.ts'
import { isBelow, readMounts, writablePaths } from '../model/mounts.ts'
import { resolve } from '../model/resolve.ts'
import { words } from '../model/words.ts'
import type { ServiceSpec } from '../schema/author.gen.ts'

/** A path with /var/run as /run, to which it links in every Debian and Alpine image. */
export function canonicalPath(path: string): string {
  return isBelow(path, '/var/run') ? path.slice('/var'.length) : path
}

/** Whether a service is known to write its root. */
export function writesRoot(
  node: Service,
  spec: ServiceSpec,
  facts: ImageDefaults | undefined,
): boolean {
  if (facts?.writesRoot !== undefined || hasSync(node)) return true
  // Compose copies credentials, and a secret or config without a file, to the root.
  return Boolean(spec.use_api_socket) || isCopied(spec)
}

/** Whether `docker compose watch` copies files into the container. */
export function hasSync({ develop }: Pick<Service, 'develop'>): boolean {
  return develop?.watch?.some(({ action }) => action.startsWith('sync')) ?? false
}

function isCopied({ secrets = [], configs = [] }: ServiceSpec): boolean {
  return [...secrets, ...configs].some((one) => {
    const spec: object = 'value' in one ? one.value.spec : one.spec
    return 'content' in spec || 'environment' in spec
  })
}

/**
 * The tmpfs folders for a read-only root: `/tmp` and those that a built image writes, unless the
 * author set `tmpfs`, and those that a known image writes; except where a volume is mounted.
 */
export function memoryFolders(
  node: Service,
  image: BuiltImage | undefined,
  facts: ImageDefaults | undefined,
): string[] {
  const mounts = readMounts(node.volumes)
  const places = mounts.map(({ target }) => target)
  const own = [node.tmpfs ?? []].flat().map((text) => resolve(text).split(':')[0] ?? '')
  const writable = writablePaths(node.tmpfs, mounts).map(canonicalPath)
  const plain = node.tmpfs === undefined ? [tmpFor(node, facts), ...builtFolders(image)] : []
  return [...plain, ...imageFolders(places, facts, ownerOf(node, facts))].filter((text) => {
    const folder = text.split(':')[0]!
    if (places.includes(folder) || own.includes(folder)) return false
    return !writable.some((target) => isBelow(canonicalPath(folder), target))
  })
}

function tmpFor(node: Service, facts: ImageDefaults | undefined): string {
  const exec = facts?.executesTmp || isJava(node) ? ',exec' : ''
  return `/tmp:size=64m,mode=1777${exec}`
}

function builtFolders(image: BuiltImage | undefined): string[] {
  const [uid, gid] = (image?.user ?? '').split(':')
  const owned = /^\d+$/.test(uid ?? '') ? `,uid=${uid},gid=${gid ?? uid}` : ''
  const folders = [...new Set(image?.writable ?? [])].filter((folder) => folder !== '/tmp')
  return folders.map((folder) => `${folder}:size=64m,mode=0700${owned}`)
}

/** UID and GID of the user of the service, where the service or its image sets them. */
export function ownerOf({ user }: Service, facts: ImageDefaults | undefined): string | undefined {
  const owner = user === undefined ? facts?.user : resolve(user)
  return owner !== undefined && /^\d+(?::\d+)?$/.test(owner) ? owner : undefined
}

function imageFolders(
  mounted: readonly string[],
  facts: ImageDefaults | undefined,
  owner: string | undefined,
): string[] {
  const { writes = [], writesFor = {} } = facts ?? {}
  const conditional = Object.entries(writesFor)
    .filter(([place]) => mounted.some((target) => isBelow(target, place)))
    .map(([, folder]) => folder)
  return [...writes, ...conditional].map((entry) => {
    const [folder, options] = entry.split(':')
    return imageFolder(folder!, owner, options)
  })
}

/**
 * A tmpfs for a folder that a known image writes. Any user may write there. runc before 1.2 gives it
 * the mode of the folder in the image, so that the user owns it as well.
 */
export function imageFolder(folder: string, owner?: string, options?: string): string {
  const [uid, gid = uid] = owner?.split(':') ?? []
  const owned = uid === undefined ? '' : `,uid=${uid},gid=${gid}`
  return `${folder}:size=64m,mode=1777${owned}${options === undefined ? '' : `,${options}`}`
}

const javaVariable =
  /^(?:(?:JDK_)?_?JAVA_(?:OPTS|OPTIONS|TOOL_OPTIONS|ARGS)|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|JAVA_TOOL_OPTIONS|JVM_OPTS|JVM_ARGS|JVMFLAGS|CATALINA_OPTS|[A-Z]+_JAVA_OPTS|[A-Z]+_HEAP_OPTS|MAVEN_OPTS|GRADLE_OPTS|SBT_OPTS)$/

/** Whether a service runs a Java program, by its command or its variables. */
export function isJava({ entrypoint, command, environment }: Service): boolean {
  const line = [...words(entrypoint), ...words(command)]
  return (
    line.some((word) => /(?:^|[\s/])java(?:\s|$)|\.jar(?:\s|$)/.test(word)) ||
    entries(environment).some(({ name }) => javaVariable.test(name))
  )
}
