import { type Format, printYaml, UserError } from '@erlmcp/core'
import { type ComposeFile, EFFECTIVE, type Service } from './document.ts'
import { lint } from './lint/load.ts'
import { withOctalModes } from './octal-modes.ts'
import { inFileOrder, inServiceOrder } from './schema/key-order.ts'

/**
 * A compose file as YAML: keys of the file and of each service in a fixed order, everything else
 * in the order it was written. A comment shows each mode in octal: `mode: 256 # 0400`.
 *
 * @param header lines of a comment at the top, without `#`
 * @throws UserError for what YAML cannot express, such as half of a surrogate pair
 * @example
 * printCompose({ services: { web: { image: 'nginx:1.29' } } })
 */
export function printCompose(file: ComposeFile, header: readonly string[] = []): string {
  const services: Record<string, unknown> = {}
  for (const name in file.services) {
    const service: unknown = file.services[name]
    services[name] =
      typeof service === 'object' && service !== null
        ? inServiceOrder(withOctalModes(service as Service))
        : service
  }
  const ordered = inFileOrder(file)
  return printYaml(file.services ? { ...ordered, services } : ordered, header)
}

/** @throws UserError also for a file that Compose merges with others: rules would not see the override */
function validate(data: ComposeFile): void {
  if (data[EFFECTIVE] !== undefined) {
    throw new UserError({
      message:
        'an overlay, or a file with `extends`, is checked as Compose merges it, before any override',
      hint: 'Make the change in the stack, as in overlay(path, base, [patch(app, { … })]).',
    })
  }
  lint().validateFile(data)
}

/** Compose files and swarm stacks. */
export const composeFormat: Format<ComposeFile> = {
  name: 'compose',
  validate,
  rules: () => lint().rules,
  features: (document) => lint().featuresOf(document),
  print: printCompose,
  state: (document, stack) => lint().stateOfFile(document, stack),
}

/**
 * Override files. Their data is what is printed; rules read the merged file.
 */
export const overlayFormat: Format<ComposeFile> = { ...composeFormat, name: 'compose-overlay' }
