import { hash } from 'node:crypto'

/**
 * The SHA-256 of a text (as UTF-8) or of bytes.
 *
 * @param encoding of the result. Default: `hex`.
 */
export function sha256(content: string | Uint8Array, encoding: 'hex' | 'base64' = 'hex'): string {
  return hash('sha256', content, encoding)
}
