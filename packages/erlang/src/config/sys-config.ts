import { printTerm } from './print-term.ts'
import { proplist, type Term } from './term.ts'

/**
 * The configuration of a system: application to parameter to value (OTP, kernel, config(4)).
 *
 * @example
 * const config: SysConfig = {
 *   kernel: { logger_level: osVariable('ERLMCP_LOG_LEVEL', { kind: 'atom', default: 'info' }) },
 *   erlmcp: { ip: tuple(0, 0, 0, 0) },
 * }
 */
export type SysConfig = Readonly<Record<string, Readonly<Record<string, Term>>>>

/** The text of sys.config.src, in UTF-8 for file:consult/1. */
export function printSysConfig(config: SysConfig): string {
  const applications = Object.entries(config).map(([name, parameters]) => [
    name,
    proplist(parameters),
  ])
  return `${printTerm(proplist(Object.fromEntries(applications)))}.\n`
}
