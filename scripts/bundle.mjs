// The last step of a package's build, run in its folder: bundles the modules of tsc into one file per
// entry with shared chunks, because linking hundreds of modules is most of the time of a short command.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const exported = Object.values(manifest.exports).flatMap((entry) => entry.import?.default ?? [])
// `chunks` names modules that become chunks of their own, with what they import: bundlers drop a chunk of
// which nothing is used, and keep every table of another.
const entries = [...exported, ...Object.values(manifest.bin ?? {}), ...(manifest.chunks ?? [])]

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
writeForRequire()

const names = outputFiles
  .map(({ path }) => basename(path))
  .filter((name) => !name.startsWith('chunk-'))
console.log(`${basename(resolve('.'))}: ${names.join(', ')}`)

/**
 * What `require` finds: the same instance of each module, since Node ≥ 20.19 requires an ES module, and
 * declarations that TypeScript takes for CommonJS, since before 5.8 it refuses those of an ES module there.
 */
function writeForRequire() {
  const isDeclaration = (path) => path.endsWith('.d.ts')
  const declarations = readdirSync('dist', { recursive: true }).filter(isDeclaration)
  for (const path of declarations.filter((name) => !name.startsWith('cjs'))) {
    cpSync(join('dist', path), join('dist/cjs', path))
  }
  for (const entry of exported) {
    const path = join('dist/cjs', relative('dist', entry))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `module.exports = require('${relative(dirname(path), entry)}')\n`)
  }
  writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n')
}
