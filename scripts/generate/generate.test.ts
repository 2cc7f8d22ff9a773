import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './generated.ts'
import { generators } from './generators.ts'

const files = generators.flatMap((generate) => generate())

test.each(files.map(({ path, text }) => [path, text]))(
  '%s is up to date: run `pnpm generate`',
  (path, text) => expect(readFileSync(join(root, path), 'utf8')).toBe(text),
)
