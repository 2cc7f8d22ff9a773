/** Finds the source of a module; undefined if none or several match. */
export type ModuleFinder = (module: string) => string | undefined

/**
 * Finds modules among the files of a repository. An Erlang file has the name of its module.
 *
 * @example
 * moduleFinder(['apps/demo/src/demo.erl'])('demo') // 'apps/demo/src/demo.erl'
 */
export function moduleFinder(files: readonly string[]): ModuleFinder {
  const found = new Map<string, string | undefined>()
  for (const file of files) {
    const module = /(?:^|\/)([^/]+)\.erl$/.exec(file)?.[1]
    if (module && !/^_build\//.test(file)) found.set(module, found.has(module) ? undefined : file)
  }
  return (module) => found.get(module)
}
