// `pnpm generate`: writes every committed file that is derived from others.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './generated.ts'
import { generators } from './generators.ts'

for (const generate of generators) {
  for (const { path, text } of generate()) {
    writeFileSync(join(root, path), text)
    console.log(path)
  }
}
