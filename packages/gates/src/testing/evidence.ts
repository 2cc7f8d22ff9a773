import { readFileSync } from 'node:fs'
import type { Evidence } from '../evidence/report.ts'

/** Evidence from texts and bytes, split into chunks of a length in bytes. */
export function evidence(
  files: Readonly<Record<string, string | Uint8Array>>,
  output: string | Uint8Array = '',
  chunk = 1_000_000,
): Evidence {
  const file = (path: string, content: string | Uint8Array) => ({
    path,
    *chunks() {
      const bytes = Buffer.from(content)
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
    },
  })
  return {
    files: Object.entries(files).map(([path, content]) => file(path, content)),
    output: file('output', output),
    root: '/workspace',
  }
}

const folder = new URL('../../fixtures/', import.meta.url)

/** Output of OTP 27.3 and rebar3 3.24 for a small project with many faults. */
export function fixture(path: string): Buffer {
  return readFileSync(new URL(path, folder))
}
