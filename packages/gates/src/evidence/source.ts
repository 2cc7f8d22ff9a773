/** The source of a module; nothing where there is none, or more than one that it could be. */
export type SourceFinder = (module: string) => string | undefined

/**
 * Finds modules among the files of a repository. In Erlang a file is called like its module.
 *
 * @example
 * sourceFinder(['apps/demo/src/demo.erl'])('demo') // 'apps/demo/src/demo.erl'
 */
export function sourceFinder(files: readonly string[]): SourceFinder {
  const found = new Map<string, string | undefined>()
  for (const file of files) {
    const module = /(?:^|\/)([^/]+)\.erl$/.exec(file)?.[1]
    if (module && !/^_build\//.test(file)) found.set(module, found.has(module) ? undefined : file)
  }
  return (module) => found.get(module)
}
