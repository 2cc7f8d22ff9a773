import { paint } from '@erlmcp/core'

/** A patch with removed lines in red and added lines in green. */
export function paintPatch(patch: string, isShown: boolean | undefined): string {
  if (!isShown) return patch
  return patch
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+) /.test(line)) return paint(line, 'bold', true)
      if (line.startsWith('-')) return paint(line, 'red', true)
      return line.startsWith('+') ? paint(line, 'green', true) : line
    })
    .join('\n')
}
