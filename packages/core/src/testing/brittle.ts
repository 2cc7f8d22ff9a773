import type { Document, Format, Rule } from '../document/document.ts'

/** A house: what each of its parts is made of. */
export interface House {
  readonly parts: Readonly<Record<string, string>>
}

export const glass: Rule<House> = {
  id: 'brittle/glass',
  kind: 'breaks',
  summary: 'A part of glass',
  why: 'A stone goes through it.',
  hint: 'Use wood.',
  references: ['proverb'],
  bad: { parts: { door: 'glass' } },
  good: { parts: { door: 'wood' } },
  *check({ data }) {
    for (const [part, material] of Object.entries(data.parts)) {
      if (material === 'glass') yield { path: ['parts', part], message: `the ${part} is of glass` }
    }
  },
}

/** A small language of its own, with one rule. */
export const houses: Format<House> = {
  name: 'brittle',
  rules: [glass],
  print: ({ parts }, header) => {
    const lines = Object.entries(parts).map(([part, material]) => `${part}: ${material}`)
    return [...header.map((line) => `# ${line}`), ...lines, ''].join('\n')
  },
  merge: (one, other) => ({ parts: { ...one.parts, ...other.parts } }),
}

export function brittle(path: string, data: House): Document<House> {
  return { path, format: houses, data }
}
