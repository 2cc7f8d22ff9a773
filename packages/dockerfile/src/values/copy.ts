import { formatValue, type Origin, originOf, UserError } from '@erlmcp/core'
import type { Add, Copy } from '../schema/document.gen.ts'
import { instructions } from '../schema/instructions.ts'
import type { CopySource, Heredoc, Text } from '../schema/text.ts'
import { createInstruction } from './create-instruction.ts'
import type { AddOptions, CopyOptions } from './options.gen.ts'
import type { RefersToStages } from './reference.ts'
import { resolveOptions } from './resolve-options.ts'

/**
 * COPY: files of the build context, another stage, an image or a named context. Sources are
 * patterns (`*`, `?`, `[…]`).
 *
 * @throws UserError when `sources` is not a list, an option is invalid, or a value cannot be printed
 * @example
 * copy(['rebar.config', 'rebar.lock'], './')
 * copy(['/build/rel'], '/opt/app', { from: builder, chown: '0:0', chmod: '0555' })
 * copy([inline('appendonly yes\n')], '/etc/redis.conf')
 */
export function copy<const S extends string = string>(
  sources: readonly CopySource[],
  destination: Text,
  options: CopyOptions<S> = {},
): Copy & RefersToStages {
  validateSources('copy', sources, originOf(copy))
  const flags = resolveOptions<Partial<Copy>>('copy', instructions.COPY.flags, options, copy)
  return createInstruction(
    { instruction: 'COPY', sources: [...sources], destination, ...flags },
    copy,
  )
}

/**
 * ADD: downloads, Git repositories and archives. For files of the build context use `copy`.
 *
 * @throws UserError as `copy` does
 * @example
 * add(['https://example.com/otp.tar.gz'], '/tmp/', { checksum: 'sha256:24454f…' })
 */
export function add(
  sources: readonly CopySource[],
  destination: Text,
  options: AddOptions = {},
): Add {
  validateSources('add', sources, originOf(add))
  const flags = resolveOptions<Partial<Add>>('add', instructions.ADD.flags, options, add)
  return createInstruction(
    { instruction: 'ADD', sources: [...sources], destination, ...flags },
    add,
  )
}

/** JavaScript iterates over a string by its characters, each of which would be a source. */
function validateSources(name: string, sources: unknown, origin: Origin): void {
  if (Array.isArray(sources)) return
  throw new UserError({
    message: `${name}: expected a list of sources, got ${formatValue(sources)}`,
    hint: `Write ${name}(['rebar.config'], './').`,
    origin,
  })
}

/**
 * A file whose content is part of the Dockerfile, as a source of COPY or ADD. It ends with a line
 * break, whether or not the content does. A plain string is copied as it is; in a `template`
 * variables are replaced.
 *
 * @example
 * copy([inline('#!/bin/sh\nexec "$@"\n', { name: 'start' })], '/usr/local/bin/', { chmod: '0555' })
 */
export function inline(content: Text, options: { readonly name?: string } = {}): Heredoc {
  return Object.freeze({ content, ...options })
}
