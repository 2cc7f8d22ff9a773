import { posix } from 'node:path'
import type { Document } from '../document/document.ts'
import type { Originated } from '../document/origin.ts'
import { type TextFile, textFile } from '../print/text.ts'

/**
 * How to generate the content of a secret. `random`: random bytes as text. The parts of a certificate
 * name their authority.
 */
export type SecretRecipe =
  | { readonly kind: 'random'; readonly bytes: number; readonly encoding: 'hex' | 'base64url' }
  | { readonly kind: 'authority'; readonly part: 'certificate' | 'key'; readonly name: string }
  | {
      readonly kind: 'leaf'
      readonly part: 'certificate' | 'key'
      /** Name of the authority that signs it. */
      readonly authority: string
      /** Subject; parts with the same name and names are one pair. */
      readonly name: string
      /** DNS names or IP addresses of the certificate (subjectAltName, RFC 5280 4.2.1.6). */
      readonly names: readonly string[]
      /** Extended key usages (RFC 5280 4.2.1.12). */
      readonly usages: readonly ('server' | 'client')[]
    }

/** A file with a secret. It is generated once, on the machine that needs it, and is not an artifact. */
export interface SecretFile extends Originated {
  /** Relative to the project, with `/`. */
  readonly path: string
  readonly recipe: SecretRecipe
  /** User ids that read it inside containers. */
  readonly readers: readonly number[]
  /**
   * Whether it encrypts stored data, such as backups. A rotation keeps the old contents in
   * `<path>.previous`, to decrypt that data. Default: false.
   */
  readonly atRest?: boolean
}

/**
 * The `.gitignore` of each folder of secrets, for the documents of a source with secrets.
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
