import { createRequire } from 'node:module'
import { join } from 'node:path'
import { UserError } from './user-error.ts'

/** A module that is loaded by the first call. */
export interface LazyModule<Module> {
  (): Module
  /** Sets the module, so that nothing is loaded: for a bundle without `node_modules`. */
  provide(module: Module): void
}

/**
 * A module that a program needs only for some of what it does. Bundlers do not follow it.
 *
 * @param name as in an import, such as `@erlmcp/compose/lint`
 * @param from `import.meta.url` of the module that needs it
 * @throws UserError from the call, where the module is not installed
 * @example
 * const lint = lazyModule<Lint>('@erlmcp/compose/lint', import.meta.url)
 * lint().rules
 */
export function lazyModule<Module>(name: string, from: string): LazyModule<Module> {
  let loaded: Module | undefined
  const load = (): Module => {
    if (loaded !== undefined) return loaded
    const module = requireModule(name, from) as Module
    // A module that provides itself while it is loaded may provide more than it exports.
    loaded ??= module
    return loaded
  }
  return Object.assign(load, {
    provide(module: Module) {
      loaded = module
    },
  })
}

function requireModule(name: string, from: string): unknown {
  try {
    // A bundle in CommonJS has no `import.meta.url`.
    return createRequire(from ?? join(process.cwd(), 'bundle.js'))(name)
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error
    throw new UserError({
      message: `cannot find the module ${name}`,
      hint: 'Install it beside the bundle, or do not bundle the package that loads it.',
    })
  }
}
