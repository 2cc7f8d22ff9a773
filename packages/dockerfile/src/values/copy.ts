import { formatValue, type Origin, originOf, UserError } from '@erlmcp/core'
import type { Add, Copy, CopySource, Heredoc, Text } from '../schema/document.ts'
import { made } from './create-instruction.ts'
import type { Dynamic, FileMode } from './literal-types.ts'
import { type From, nameOf, type RefersToStages, STAGES } from './stage.ts'

interface SharedOptions {
  /** `user:group`, by name or number. Default: root. */
  readonly chown?: Text
  /** Permission bits. Default: those of the source. */
  readonly chmod?: FileMode | Dynamic
  /** A layer of its own, that stays in the cache when earlier ones change. */
  readonly link?: boolean
  /** Patterns of what is left out. */
  readonly exclude?: readonly string[]
}

export interface CopyOptions<S extends string = string> extends SharedOptions {
  /** Default: the build context. */
  readonly from?: From<S>
  /** Keeps the folders of the sources. */
  readonly parents?: boolean
}

export interface AddOptions extends SharedOptions {
  /** Digest of a download, `sha256:…`, or the commit of a Git source. */
  readonly checksum?: Text
  /** Keeps `.git` of a Git source. */
  readonly 'keep-git-dir'?: boolean
  /** Whether archives are unpacked. Default: local ones are, downloads are not. */
  readonly unpack?: boolean
}

/**
 * COPY: files of the build context, another stage, an image or a named context. Sources are
 * patterns (`*`, `?`, `[…]`).
 *
 * @throws UserError when the sources are no list, or something cannot be written, such as a name with a NUL byte.
 * @example
 * copy(['rebar.config', 'rebar.lock'], '..')
 * copy(['/build/rel'], '/opt/app', { from: builder, chown: '0:0', chmod: '0555' })
 * copy([inline('appendonly yes\n')], '/etc/redis.conf')
 */
export function copy<const S extends string = string>(
  sources: readonly CopySource[],
  destination: Text,
  options: CopyOptions<S> = {},
): Copy & RefersToStages {
  const { from, ...flags } = options
  refuseNoList('copy', sources, originOf(copy))
  const node = { instruction: 'COPY' as const, sources: [...sources], destination, ...flags }
  if (from === undefined) return made(node, copy)
  const { name, stages } = nameOf(from)
  return made({ ...node, from: name, [STAGES]: stages }, copy)
}

/**
 * ADD: downloads, Git repositories and archives. For files of the build context use `copy`.
 *
 * @example
 * add(['https://example.com/otp.tar.gz'], '/tmp/', { checksum: 'sha256:24454f…' })
 */
export function add(
  sources: readonly CopySource[],
  destination: Text,
  options: AddOptions = {},
): Add {
  refuseNoList('add', sources, originOf(add))
  return made({ instruction: 'ADD', sources: [...sources], destination, ...options }, add)
}

/** A text is a list of its letters to JavaScript, each of which would be copied. */
function refuseNoList(maker: string, sources: unknown, origin: Origin): void {
  if (Array.isArray(sources)) return
  throw new UserError({
    message: `${maker} is given ${formatValue(sources)}, not a list of sources`,
    hint: `Write ${maker}(['rebar.config'], '..').`,
    origin,
  })
}

/**
 * A file whose content stands in the Dockerfile, as a source of COPY or ADD. It ends with a line
 * break, whether or not the content does. A plain string is copied as it is; in a `template`
 * variables are replaced.
 *
 * @example
 * copy([inline('#!/bin/sh\nexec "$@"\n', { name: 'start' })], '/usr/local/bin/', { chmod: '0555' })
 */
export function inline(content: Text, options: { readonly name?: string } = {}): Heredoc {
  return Object.freeze({ content, ...options })
}
