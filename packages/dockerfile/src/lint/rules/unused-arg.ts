import type { Rule } from '@erlmcp/core'
import { heirs, shellTextOf, textsOf } from '../../model/variables.ts'
import { each } from '../../model/walk.ts'
import type { Instruction } from '../../schema/document.gen.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { variablesOf } from '../../values/text.ts'
import { example } from '../example.ts'

export const unusedArg: Rule<Dockerfile> = {
  id: 'dockerfile/unused-arg',
  kind: 'wasteful',
  summary: 'An ARG that is not used',
  why: 'Setting it has no effect.',
  hint: 'Use it, for example in a LABEL, or remove it.',
  references: ['Dockerfile reference ARG'],
  bad: example({ instruction: 'ARG', args: [{ name: 'VCS_REF' }] }),
  good: example(
    { instruction: 'ARG', args: [{ name: 'VCS_REF' }] },
    {
      instruction: 'LABEL',
      pairs: [{ name: 'org.opencontainers.image.revision', value: { variable: 'VCS_REF' } }],
    },
  ),
  *check({ data }) {
    const used = (name: string, nodes: readonly Instruction[]) =>
      nodes.some((one) => mentions(one, name))
    for (const { node, path, at } of each(data, 'ARG')) {
      const below = heirs(data, at[0]).flatMap((s) =>
        data.stages[s]!.instructions.slice(s === at[0] ? at[1] : 0),
      )
      for (const [n, { name }] of node.args.entries()) {
        if (silent.test(name) || used(name, below)) continue
        yield { path: [...path, 'args', n], message: `no instruction below uses ${name}` }
      }
    }
    const inFrom = data.stages.flatMap((one) => [
      ...variablesOf(one.from),
      ...variablesOf(one.platform),
    ])
    const inArgs = data.args.flatMap(({ args }) =>
      args.flatMap((one) => [...variablesOf(one.default)]),
    )
    const names = new Set([...inFrom, ...inArgs].map(({ variable }) => variable))
    for (const { node } of each(data, 'ARG')) for (const { name } of node.args) names.add(name)
    for (const [a, { args }] of data.args.entries()) {
      for (const [n, { name }] of args.entries()) {
        if (silent.test(name) || names.has(name)) continue
        yield {
          path: ['args', a, 'args', n],
          message: `no FROM uses ${name}, and no stage declares it`,
        }
      }
    }
  },
}

// The builder or a program reads these without a mention.
const silent =
  /^(?:SOURCE_DATE_EPOCH|BUILDKIT_.*|DEBIAN_FRONTEND|(?:HTTPS?|FTP|NO|ALL)_PROXY|REBAR_.*|HEX_.*|ERL_.*|MIX_.*|LANG|LC_.*|TZ|CC|C.*FLAGS|LDFLAGS)$/i

function mentions(node: Instruction, name: string): boolean {
  if (node.instruction === 'ONBUILD') return mentions(node.trigger, name)
  if (textsOf(node).some((text) => [...variablesOf(text)].some((one) => one.variable === name)))
    return true
  return new RegExp(`\\b${name}\\b`).test(shellTextOf(node))
}
