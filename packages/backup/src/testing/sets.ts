import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Manifest, Part } from '../set/manifest.ts'

/** A copy of a set, to be spoilt. It ends with the test. */
export function copyOf(set: string): string {
  const folder = mkdtempSync(join(dirname(dirname(set)), 'copy-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const copy = join(folder, basename(set))
  cpSync(set, copy, { recursive: true })
  return copy
}

/** Changes a file, runs the work, and puts the file back. */
export async function spoilt(
  file: string,
  spoil: (content: Buffer) => Buffer | undefined,
  work: () => Promise<void>,
): Promise<void> {
  const content = readFileSync(file)
  const bad = spoil(Buffer.from(content))
  if (bad === undefined) rmSync(file)
  else writeFileSync(file, bad)
  try {
    await work()
  } finally {
    writeFileSync(file, content)
  }
}

/** Writes another manifest, with a hash that fits it: what agrees with itself, and is wrong. */
export function forge(set: string, change: (manifest: Manifest) => Manifest): void {
  const manifest = JSON.parse(readFileSync(join(set, 'manifest.json'), 'utf8'))
  const text = `${JSON.stringify(change(manifest), null, 2)}\n`
  writeFileSync(join(set, 'manifest.json'), text)
  writeFileSync(join(set, 'manifest.json.sha256'), `${sha256(text)}  manifest.json\n`)
}

/** Replaces the content of a part and updates its manifest. */
export function rewritten(set: string, { file }: Part, content: Buffer): Part {
  writeFileSync(join(set, file), content)
  return { file, bytes: content.length, sha256: sha256(content) }
}

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex')
