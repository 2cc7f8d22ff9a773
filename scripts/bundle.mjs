// The last step of a package's build, run in its folder: the modules that tsc made become one file
// an entry, with shared chunks. Finding and linking hundreds of small modules was most of what a
// short command did: importing @erlmcp/compose took 100 ms, and takes a fifth of it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { build } from 'esbuild'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const exported = Object.values(manifest.exports).flatMap((entry) => entry.default ?? [])
const entries = [...exported, ...Object.values(manifest.bin ?? {})]

const { outputFiles } = await build({
  entryPoints: entries,
  outdir: 'dist',
  outbase: 'dist',
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  // Chunks lie beside the entries of the top, so that a path relative to a module stays true.
  chunkNames: 'chunk-[hash]',
  // Not the workspace's own, whose paths lead to the sources of other packages.
  tsconfigRaw: {},
  write: false,
})

for (const name of readdirSync('dist', { recursive: true })) {
  if (name.endsWith('.js')) rmSync(join('dist', name))
}
for (const { path, contents } of outputFiles) writeFileSync(path, contents)
const names = outputFiles
  .map(({ path }) => basename(path))
  .filter((name) => !name.startsWith('chunk-'))
console.log(`${basename(resolve('.'))}: ${names.join(', ')}`)
