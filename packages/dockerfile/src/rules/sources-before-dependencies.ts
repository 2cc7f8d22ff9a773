import type { Rule } from '@erlmcp/core'
import type { CopySource, Dockerfile } from '../document.ts'
import { eachCommand } from '../shell-commands.ts'
import { example } from './example.ts'

export const sourcesBeforeDependencies: Rule<Dockerfile> = {
  id: 'dockerfile/sources-before-dependencies',
  kind: 'wasteful',
  summary: 'Sources are copied before the dependencies are fetched',
  why: 'Every edit fetches and compiles all dependencies again.',
  help: 'Copy the manifest and the lock file, fetch the dependencies, and only then copy the sources.',
  references: ['guide D10'],
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
    const reported = new Set<number>()
    const fetched = new Set<number>()
    for (const { place, command } of eachCommand(data)) {
      const [s, i] = place.at
      const text = command.words.join(' ')
      if (!fetches.test(text)) continue
      const before = data.stages[s]!.instructions.slice(0, i)
      const sources = before.find(
        (one) => one.instruction === 'COPY' && one.from === undefined && one.sources.some(isSource),
      )
      if (!sources) fetched.add(s)
      if (!sources || fetched.has(s) || reported.has(s)) continue
      reported.add(s)
      yield {
        path: [...place.path, 'command'],
        message: `${text} fetches dependencies, and sources are copied above it`,
      }
    }
  },
}

const fetches =
  /\brebar3 .*(?:get-deps|compile|release|--deps_only)|\bmix (?:do )?deps\.get|\bnpm (?:ci|install)\b|\bpip3? install .*-r\b/

function isSource(source: CopySource): boolean {
  return typeof source === 'string' && /^(?:\.\/?|\/|(?:\.\/)?(?:apps|src|lib)\/?)$/.test(source)
}
