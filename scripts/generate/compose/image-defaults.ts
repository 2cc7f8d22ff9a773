import type { ImageFacts } from '../../../packages/compose/src/images/facts.ts'
import { type ImageDefaults, stepDown } from '../../../packages/compose/src/images/facts.ts'
import { knownImages } from '../../../packages/compose/src/images/known-images.ts'

/** The facts that defaults depend on. */
const facts: Readonly<Record<keyof ImageDefaults, true>> = {
  user: true,
  stepsDownTo: true,
  capabilities: true,
  fileCapabilities: true,
  gainsPrivileges: true,
  writesRoot: true,
  writes: true,
  writesFor: true,
  executesTmp: true,
  isProcessOne: true,
  runsOnce: true,
  memory: true,
  variants: true,
}

/** The part of the known images that defaults depend on, by the repositories that share it. */
export function renderImageDefaults(images: readonly ImageFacts[] = knownImages): string {
  const repositories = new Map<string, string[]>()
  for (const image of images) {
    const code = codeOf(defaultsOf(image))
    repositories.set(code, [...(repositories.get(code) ?? []), ...image.repositories])
  }
  const rows = [...repositories].map(([code, names]) => `  '${names.join(' ')}': ${code},\n`)
  return `import { type ImageDefaults, stepDown } from './facts.ts'

/** By their repositories. */
export const imageDefaults: Readonly<Record<string, ImageDefaults>> = {
${rows.join('')}}
`
}

function defaultsOf(image: Partial<ImageFacts>): object {
  const known = Object.entries(image).filter(([fact]) => fact in facts)
  return Object.fromEntries(known.map(([fact, value]) => [fact, withoutProse(fact, value)]))
}

function withoutProse(fact: string, value: unknown): unknown {
  if (fact === 'variants') {
    return (value as NonNullable<ImageFacts['variants']>).flatMap(({ tag, facts: own }) => {
      const known = defaultsOf(own as Partial<ImageFacts>)
      return Object.keys(known).length === 0 ? [] : [{ tag, facts: known }]
    })
  }
  return fact === 'writesRoot' && value !== undefined ? true : value
}

const steps = JSON.stringify(stepDown).slice(1, -1)

function codeOf(value: unknown): string {
  if (value === undefined || value instanceof RegExp) return String(value)
  if (Array.isArray(value)) {
    const items = value.map(codeOf).join()
    return `[${items.startsWith(steps) ? items.replace(steps, '...stepDown') : items}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).filter(
    ([, one]) => !(Array.isArray(one) && one.length === 0),
  )
  return `{ ${fields.map(([key, one]) => `${JSON.stringify(key)}: ${codeOf(one)}`).join(', ')} }`
}
