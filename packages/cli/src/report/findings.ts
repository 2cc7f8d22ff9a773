import type { Synthesis } from '@erlmcp/core'
import type { Arguments } from '../command.ts'
import { annotations } from './github.ts'
import { humanText } from './human.ts'
import { sarifLog } from './sarif.ts'

type Judged = Pick<Synthesis, 'findings' | 'waived' | 'rules'>

/** The findings in the format that was asked for; JSON is the command's own. */
export function reportFindings(judged: Judged, { options }: Arguments): string {
  switch (options.format) {
    case 'sarif':
      return `${JSON.stringify(sarifLog(judged), null, 2)}\n`
    case 'github':
      return annotations(judged)
    default:
      return humanText(judged)
  }
}

/** `--json` and `--format json` are one. */
export function wantsJson({ options }: Arguments): boolean {
  return options.json === true || options.format === 'json'
}

/** Formats that programs read go to standard output, alone. */
export function isForPrograms({ options }: Arguments): boolean {
  return ['sarif', 'github'].includes(String(options.format))
}
