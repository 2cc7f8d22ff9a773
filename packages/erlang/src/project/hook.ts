import type { Location } from '@erlmcp/core'
import type { TermNode } from './parse-terms.ts'
import { atomOf, elementsOf, findValues, isTuple, placeOf, textOf } from './term-access.ts'

/** What rebar3 runs before or after one of its steps. */
export interface Hook {
  readonly when: 'pre' | 'post'
  /** The step of rebar3, such as `compile`. */
  readonly step: string
  /** A shell command; absent for a step of a plugin. */
  readonly command?: string
  /** A step of rebar3 or of a plugin, such as `compile` or `pc:compile`. */
  readonly provider?: string
  /** Regular expression of the systems it is for. */
  readonly system?: string
  readonly location: Location
}

/** The hooks of rebar.config: `pre_hooks`, `post_hooks` and `provider_hooks`. */
export function hooksOf(config: readonly TermNode[]): readonly Hook[] {
  const times = ['pre', 'post'] as const
  const provided = findValues(config, 'provider_hooks').flatMap(elementsOf)
  return times.flatMap((when) => [
    ...findValues(config, `${when}_hooks`)
      .flatMap(elementsOf)
      .flatMap((node) => commandOf(node, when)),
    ...findValues(provided, when)
      .flatMap(elementsOf)
      .flatMap((node) => providerOf(node, when)),
  ])
}

/** `{compile, "make"}` or `{"linux", compile, "make"}`. */
function commandOf(node: TermNode, when: Hook['when']): Hook[] {
  if (!isTuple(node)) return []
  const [step, command] = node.items.slice(-2)
  const name = atomOf(step)
  const text = textOf(command)
  if (name === undefined || text === undefined) return []
  const system = node.items.length === 3 ? textOf(node.items[0]) : undefined
  return [{ when, step: name, command: text, ...(system && { system }), location: placeOf(node) }]
}

/** `{compile, clean}` or `{compile, {pc, compile}}`. */
function providerOf(node: TermNode, when: Hook['when']): Hook[] {
  const step = isTuple(node) ? atomOf(node.items[0]) : undefined
  if (step === undefined) return []
  const value = node.items[1]
  const parts = isTuple(value) ? value.items : value ? [value] : []
  const provider = parts.map((part) => atomOf(part) ?? '').join(':')
  return [{ when, step, provider, location: placeOf(node) }]
}
