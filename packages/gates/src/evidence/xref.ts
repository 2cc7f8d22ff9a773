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
    if (!began && problems.count === 0) throw new NoEvidence('the output does not say that it ran')
    return { problems: problems.all() }
  })
}

function problemOf([, path, line, text]: RegExpExecArray, root: string): Problem {
  const location = path ? placeIn(root, path, Number(line)) : undefined
  return { kind: 'warning', message: oneLine(text!), ...(location && { location }) }
}
