import { posix } from 'node:path'
import type { Document } from '../document.ts'
import type { Originated } from '../origin.ts'
import { type TextFile, textFile } from '../print/text.ts'

/**
 * How the content of a secret is made. `random` is that many random bytes, written as text;
 * the certificate parts name their authority by its own file, so that leaf and root agree.
 */
export type SecretRecipe =
  | { readonly kind: 'random'; readonly bytes: number; readonly encoding: 'hex' | 'base64url' }
  | { readonly kind: 'authority'; readonly part: 'certificate' | 'key'; readonly name: string }
  | {
      readonly kind: 'leaf'
      readonly part: 'certificate' | 'key'
      /** Name of the authority that signs it. */
      readonly authority: string
      /** Subject and, with `names`, what makes two parts one pair. */
      readonly name: string
      /** DNS names or IP addresses of the certificate (subjectAltName, RFC 5280 4.2.1.6). */
      readonly names: readonly string[]
      /** Extended key usages (RFC 5280 4.2.1.12). */
      readonly usages: readonly ('server' | 'client')[]
    }

/** A file that holds a secret. It is no artifact: it is made once, on the machine that needs it. */
export interface SecretFile extends Originated {
  /** Relative to the project, with `/`. */
  readonly path: string
  readonly recipe: SecretRecipe
  /** Numeric users that read it inside containers. */
  readonly readers: readonly number[]
  /**
   * Whether it encrypts what is kept, such as backups. A rotation keeps the contents that it had
   * in `<path>.previous`, since what they encrypted is still to be read. Default: false.
   */
  readonly atRest?: boolean
}

/**
 * The `.gitignore` of each folder that holds secrets: for the documents of a source that has any.
 *
 * @example
 * const source = { documents: () => ignoreFiles([key]), secrets: () => [key] }
 */
export function ignoreFiles(
  secrets: readonly Pick<SecretFile, 'path'>[],
): readonly Document<TextFile>[] {
  const folders = new Set(secrets.map(({ path }) => posix.dirname(path)))
  return [...folders].map((folder) =>
    textFile(posix.join(folder, '.gitignore'), '*\n!.gitignore\n', { comment: '#' }),
  )
}
