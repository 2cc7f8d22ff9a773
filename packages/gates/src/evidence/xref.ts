import { diagnosticList } from './diagnostic-list.ts'
import { reader } from './reader.ts'
import type { GateDiagnostic, Reader } from './report.ts'
import { ReportMissingError } from './report-errors.ts'
import { sourceLocation } from './source-location.ts'
import { linesOf, oneLine } from './text.ts'

const warning = /^(?:===> )?(?:(\S[^:]*):(\d{1,7}): )?Warning: (.+) \(Xref\)$/

/**
 * Reads the output of `rebar3 xref`. Output in which xref never started is a missing report.
 *
 * @example
 * gate('xref', { service: 'check', command: ['rebar3', 'xref'], timeout: '5m', evidence: [xref()] })
 */
export function xref(): Reader {
  return reader('xref', [], async ({ output, root }) => {
    const diagnostics = diagnosticList()
    let hasStarted = false
    for await (const line of linesOf(output)) {
      hasStarted ||= /^===> Running cross reference analysis/.test(line)
      const found = warning.exec(line)
      if (found) diagnostics.add(diagnosticOf(found, root))
    }
    if (!hasStarted && diagnostics.count === 0) throw new ReportMissingError(missing)
    return { diagnostics: diagnostics.all() }
  })
}

const missing = 'the output has no line of xref. Run rebar3 xref, and unset QUIET.'

const checks = '{xref_checks, [undefined_function_calls, undefined_functions, locals_not_used]}'

/** How to fix a warning that does not say so itself. */
function hintFor(text: string): string {
  const unused = /^\S*?([^\s:]+)\/(\d+) is unused export$/.exec(text)
  if (!unused) return ''
  const [, name, arity] = unused
  return `. If other applications call it, write -ignore_xref([{${name}, ${arity}}]). in the module, or ${checks}. in rebar.config`
}

function diagnosticOf([, path, line, text]: RegExpExecArray, root: string): GateDiagnostic {
  const location = path ? sourceLocation(root, path, Number(line)) : undefined
  return {
    kind: 'warning',
    message: oneLine(text! + hintFor(text!), 400),
    ...(location && { location }),
  }
}
