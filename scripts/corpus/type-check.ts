import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './corpus.ts'

/** A type of the documents of a package. */
export interface DocumentType {
  /** The file that exports it, relative to the repository. */
  readonly file: string
  readonly type: string
}

/** The first error of each file as a literal of the type, by its index. One run of the compiler. */
export function typeCheck(
  files: readonly (object | undefined)[],
  { file, type }: DocumentType,
): Map<number, string> {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'corpus-'))
  try {
    files.forEach((data, index) => {
      if (data === undefined) return
      const text = `import type { ${type} } from 'document'\nexport const file: ${type} = ${JSON.stringify(data, undefined, 1)}\n`
      writeFileSync(join(folder, `f${index}.ts`), text)
    })
    const paths = { document: [join(root, file)] }
    const config = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { noEmit: true, paths, typeRoots: [join(root, 'node_modules/@types')] },
      include: ['f*.ts'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    return firstErrors(runCompiler(folder))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function runCompiler(folder: string): string {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  try {
    return execFileSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout ?? '')
  }
}

function firstErrors(output: string): Map<number, string> {
  const errors = new Map<number, string>()
  // What an error goes on with is indented.
  for (const [, index, message] of output.matchAll(
    /f(\d+)\.ts\(\d+,\d+\): error (.*(?:\n .*)*)/g,
  )) {
    if (!errors.has(Number(index))) errors.set(Number(index), message!)
  }
  if (errors.size === 0 && output.trim() !== '') throw new Error(output)
  return errors
}
