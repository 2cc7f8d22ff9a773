import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { receiptFolder } from '@erlmcp/gates/receipt'

/** The nearest folder above the working folder that has receipts, or the working folder. */
export function projectFolder(): string {
  const folder = process.cwd()
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, receiptFolder))) return at
    if (dirname(at) === at) return folder
  }
}
