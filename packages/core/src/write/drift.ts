import { manifestPath } from './manifest.ts'
import type { Plan, Step } from './plan.ts'

/** One file that differs from what the stack generates. */
export interface Difference {
  readonly path: string
  readonly kind: 'missing' | 'different' | 'edited' | 'foreign' | 'mode' | 'stale' | 'manifest'
  /** The difference, as a text that follows the path. */
  readonly message: string
  /** How to resolve a conflict. */
  readonly hint?: string
  /** A unified diff from the file on the disk to the generated file; may be empty. */
  readonly diff: string
}

/**
 * How the files on the disk differ from what the stack generates, by path. Only the execute bit of
 * a mode counts, since git keeps no other.
 */
export async function differences({ steps, manifest, source }: Plan): Promise<Difference[]> {
  const found: Difference[] = []
  for (const step of steps) {
    const kind = kindOf(step)
    if (kind) found.push({ path: step.path, ...kind, diff: await diffOf(step, source) })
  }
  const { before, after, plain } = manifest
  // The next write adds the state to a manifest of an older version.
  const incomplete = before !== undefined && before !== after && before !== plain
  if (found.length === 0 && incomplete) {
    const message = 'does not match the generated files'
    found.push({ path: manifestPath, kind: 'manifest', message, diff: '' })
  }
  return found
}

function kindOf(step: Step): Pick<Difference, 'kind' | 'message' | 'hint'> | undefined {
  const { action, why = '', hint = '', before, after } = step
  switch (action) {
    case 'create':
      return { kind: 'missing', message: 'is missing' }
    case 'update':
      return { kind: 'different', message: 'is out of date' }
    case 'remove':
      return { kind: 'stale', message: 'is no longer generated' }
    case 'keep':
      if (step.hiddenPaths) {
        const [first = '', ...more] = step.hiddenPaths
        const others = more.length === 0 ? '' : ` and ${more.length} more`
        return {
          kind: 'stale',
          message: `is no longer generated, but stays because it keeps ${first}${others} out of git`,
        }
      }
      return {
        kind: 'stale',
        message: `is no longer generated, but stays because ${why === '' ? 'it was edited' : why}`,
      }
    case 'conflict':
      return {
        kind: / since it was generated$/.test(why) ? 'edited' : 'foreign',
        message: why,
        hint,
      }
    case 'chmod': {
      const isExecutable = (after!.mode & 0o100) !== 0
      if (isExecutable === ((before!.mode & 0o100) !== 0)) return undefined
      return { kind: 'mode', message: isExecutable ? 'is not executable' : 'is executable' }
    }
    default:
      return undefined
  }
}

// Comparing takes many times the memory of the files.
const largestDiff = 4e6

async function diffOf({ path, before, after }: Step, source: string): Promise<string> {
  if ((before?.content.length ?? 0) + (after?.text.length ?? 0) > largestDiff) {
    return before?.sha256 === after?.sha256 ? '' : `${path} is too large to be compared\n`
  }
  const old = before ? textOf(before.content) : ''
  if (old === undefined) return `${path} on the disk is not text\n`
  const now = after?.text ?? ''
  if (old === now) return ''
  // Loaded only when there is something to show.
  const { createTwoFilesPatch } = await import('diff')
  const from = before ? path : '/dev/null'
  const to = after ? path : '/dev/null'
  const options = { context: 3, timeout: 2000 }
  const patch = createTwoFilesPatch(from, to, old, now, 'on disk', `from ${source}`, options)
  return patch?.replace(/^(?:Index: .*\n)?=+\n/, '') ?? `${path} is altogether different\n`
}

function textOf(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return undefined
  }
}
