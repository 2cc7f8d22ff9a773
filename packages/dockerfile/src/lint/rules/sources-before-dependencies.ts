import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import { shellTextOf } from '../../model/variables.ts'
import { history } from '../../model/walk.ts'
import type { Copy } from '../../schema/document.gen.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const sourcesBeforeDependencies: Rule<Dockerfile> = {
  id: 'dockerfile/sources-before-dependencies',
  kind: 'wasteful',
  summary: 'Sources are copied before the dependencies are fetched',
  why: 'Every edit fetches and compiles all dependencies again.',
  hint: 'Copy the manifest and the lock file, fetch the dependencies, then copy the sources.',
  references: ['Docker build cache, "Order your layers"'],
  bad: example(
    { instruction: 'COPY', sources: ['rebar.config', 'rebar.lock'], destination: './' },
    { instruction: 'COPY', sources: ['apps'], destination: 'apps/' },
    { instruction: 'RUN', command: 'rebar3 as prod compile' },
  ),
  good: example(
    { instruction: 'COPY', sources: ['rebar.config', 'rebar.lock'], destination: './' },
    { instruction: 'RUN', command: 'rebar3 as prod compile --deps_only' },
    { instruction: 'COPY', sources: ['apps'], destination: 'apps/' },
    { instruction: 'RUN', command: 'rebar3 as prod release' },
  ),
  *check({ data }) {
    for (const { place, path, command } of eachCommand(data)) {
      const text = command.words.join(' ')
      if (!fetches.test(text)) continue
      const before = history(data, place.at)
      // Only the first one fetches; later ones find the dependencies.
      if (before.some((one) => one.instruction === 'RUN' && fetches.test(shellTextOf(one))))
        continue
      if (!before.some((one) => one.instruction === 'COPY' && takesSources(one))) continue
      yield { path, message: `${text} fetches dependencies below a COPY of sources` }
    }
  },
}

const fetches =
  /\brebar3 .*(?:get-deps|compile|release|--deps_only)|\bmix (?:do )?deps\.get|\bnpm (?:ci|install)\b|\bpip3? install .*-r\b/

function takesSources({ from, sources }: Copy): boolean {
  return (
    from === undefined &&
    sources.some(
      (one) => typeof one === 'string' && /^(?:\.\/?|\/|(?:\.\/)?(?:apps|src|lib)\/?)$/.test(one),
    )
  )
}
