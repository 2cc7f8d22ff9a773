import { isWindowsPath, splitMount } from '@erlmcp/core'
import type { Mount, Service } from '../document.ts'
import { hasVariable, isKnown, resolve } from './resolve.ts'

/** A mount, short or long form, with defaults of interpolations in place. */
export interface Mounted {
  readonly index: number
  readonly type: string
  /** Path on the host, key of a volume or image; empty for an anonymous volume. */
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
  readonly propagation: string
  /** Whether the source contains a variable. */
  readonly isVariable: boolean
  /** Whether a missing source is created as a folder; undefined where not set. */
  readonly createHostPath: boolean | undefined
}

const none: readonly Mounted[] = []

/** The mounts of a service under `volumes`, from either form. */
export function readMounts(volumes: Service['volumes']): readonly Mounted[] {
  return volumes?.map(readMount) ?? none
}

function readMount(mount: string | Mount, index: number): Mounted {
  if (typeof mount === 'object') return long(mount, index)
  return { ...short(resolve(mount), index), isVariable: hasVariable(mount) }
}

/** The writable paths of a service with a read-only root. */
export function writablePaths(tmpfs: Service['tmpfs'], mounts: readonly Mounted[]): string[] {
  const inMemory = [tmpfs ?? []].flat().map((text) => resolve(text).split(':')[0] ?? '')
  const mounted = mounts.filter(({ readOnly }) => !readOnly).map(({ target }) => target)
  return [...inMemory, ...mounted].map((path) => path.replace(/(?<=.)\/$/, ''))
}

/** Whether `path` is `folder` or lies in it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

function long(mount: Mount, index: number): Mounted {
  const create = mount.bind?.create_host_path
  return {
    index,
    type: mount.type,
    source: resolve(mount.source),
    target: resolve(mount.target),
    isVariable: hasVariable(mount.source),
    readOnly: resolve(mount.read_only) === 'true',
    propagation: resolve(mount.bind?.propagation),
    createHostPath: create === undefined ? undefined : resolve(create) !== 'false',
  }
}

const propagations = new Set(['shared', 'rshared', 'slave', 'rslave', 'private', 'rprivate'])

/** `[source:]target[:option,…]`. */
function short(text: string, index: number): Omit<Mounted, 'isVariable'> {
  const parts = splitMount(text)
  const [first = '', target] = parts
  const source = target === undefined ? '' : first
  const options = (parts[2] ?? '').split(',')
  return {
    index,
    type: typeOf(source),
    source,
    target: target ?? first,
    readOnly: options.includes('ro'),
    propagation: options.find((option) => propagations.has(option)) ?? '',
    createHostPath: undefined,
  }
}

function typeOf(source: string): string {
  if (/^[./~]/.test(source) || isWindowsPath(source)) return 'bind'
  return isKnown(source.slice(0, 1)) ? 'volume' : 'unknown'
}
