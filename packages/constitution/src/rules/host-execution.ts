import type { Rule } from '@erlmcp/core'
import type { Constitution } from '../constitution.ts'
import { rewrite, shellLine } from '../rewrite/rewrite.ts'
import { forbidden, type HostCommand, type HostFile, lineOf, short } from '../scan/host-file.ts'
import { example, good } from './example.ts'

export function hostExecution(map: Constitution): Rule<HostFile> {
  return {
    id: 'constitution/host-execution',
    kind: 'breaks',
    summary: 'Erlang that runs on the host',
    why: 'It runs with whatever OTP, libraries and state that host has: what it says holds there alone, and nothing proves what ran.',
    hint: 'Run it in its service: `erlmcp rewrite` says how.',
    references: ['Docker-Only Constitution'],
    bad: example('rebar3 ct'),
    good,
    *check({ data }) {
      for (const [path, command] of forbidden(map, data)) {
        if (command.allowed !== undefined) continue
        const message = `\`${short(lineOf(command.words))}\` runs on the host`
        yield { path, message, hint: wayOut(map, command) }
      }
    },
  }
}

function wayOut(map: Constitution, { words }: HostCommand): string {
  const form = rewrite(
    map,
    words.map(({ value }) => value),
  )
  if (!form.defined) return `It has no Docker form: ${form.why}. ${form.hint}`
  const own = form.argv.length - (words.length - 1)
  const line = [shellLine(form.argv.slice(0, own)), lineOf(words.slice(1))].filter(Boolean)
  return `In Docker: ${short(line.join(' '))}`
}
