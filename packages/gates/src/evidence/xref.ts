import type { Problem, Reader } from '../reading.ts'
import { NoEvidence, problemList, reader } from './guarded.ts'
import { placeIn } from './place.ts'
import { linesOf, oneLine } from './text.ts'

const warning = /^(?:===> )?(?:(\S[^:]*):(\d{1,7}): )?Warning: (.+) \(Xref\)$/

/**
 * Reads what `rebar3 xref` prints. Output that does not say that xref began is no evidence.
 *
 * @example
 * gate('xref', { service: 'check', command: ['rebar3', 'xref'], timeout: '5m', evidence: [xref()] })
 */
export function xref(): Reader {
  return reader('xref', [], async ({ output, root }) => {
    const problems = problemList()
    let began = false
    for await (const line of linesOf(output)) {
      began ||= /^===> Running cross reference analysis/.test(line)
      const found = warning.exec(line)
      if (found) problems.add(problemOf(found, root))
    }
    if (!began && problems.count === 0) throw new NoEvidence(notRun)
    return { problems: problems.all() }
  })
}

const notRun =
  'the output does not say that it ran; it says so where the command of the gate is rebar3 xref and QUIET is unset.'

const checks = '{xref_checks, [undefined_function_calls, undefined_functions, locals_not_used]}'

/** What to do, where that is not in the words of the warning itself. */
function howTo(text: string): string {
  const unused = /^\S*?([^\s:]+)\/(\d+) is unused export$/.exec(text)
  if (!unused) return ''
  const [, name, arity] = unused
  return `; where others call it: -ignore_xref([{${name}, ${arity}}]). in the module, or ${checks}. in rebar.config`
}

function problemOf([, path, line, text]: RegExpExecArray, root: string): Problem {
  const location = path ? placeIn(root, path, Number(line)) : undefined
  return {
    kind: 'warning',
    message: oneLine(text! + howTo(text!), 400),
    ...(location && { location }),
  }
}
