import type { Path } from '@erlmcp/core'
import type { ComposeFile } from '../document.ts'

interface Text {
  readonly path: Path
  readonly text: string
}

/**
 * Every text of a file that contains a part, such as `$$`. Extensions are skipped: they may have
 * circular references.
 */
export function textsWith(part: string, file: ComposeFile): readonly Text[] {
  const path: (string | number)[] = []
  const found: Text[] = []
  collect(file)
  return found

  function collect(node: unknown): void {
    if (typeof node === 'string') {
      if (node.includes(part)) found.push({ path: [...path], text: node })
    } else if (typeof node === 'object' && node !== null) {
      for (const key in node) {
        if (key.startsWith('x-')) continue
        path.push(Array.isArray(node) ? Number(key) : key)
        collect((node as Record<string, unknown>)[key])
        path.pop()
      }
    }
  }
}
