import { type DiagnosticList, diagnosticList } from './diagnostic-list.ts'
import { filesAt, reader } from './reader.ts'
import type { Evidence, EvidenceFile, GateDiagnostic, Reader } from './report.ts'
import { inFile, ReportMissingError, ReportParseError } from './report-errors.ts'
import { sourceLocation } from './source-location.ts'
import { clip, linesOf, oneLine } from './text.ts'

/**
 * Reads the warnings that `rebar3 dialyzer` wrote. An empty file has no warning; without a file the
 * report is missing.
 *
 * @param path file or folder of `*.dialyzer_warnings`, below the project; may contain `*`
 * @example
 * dialyzer('_build/default/*.dialyzer_warnings')
 */
export function dialyzer(path: string): Reader {
  const folder = path.replace(/\/[^/]*\*[^/]*$/, '')
  return reader('dialyzer', [path], async (evidence) => {
    const matches = (name: string) => /^[^/]*\.dialyzer_warnings$/.test(name)
    const files = filesAt(evidence, folder, matches)
    if (files.length === 0) throw new ReportMissingError(`no file at ${path}`)
    const diagnostics = diagnosticList()
    for (const file of files)
      await inFile(file, () => readWarnings(file, evidence.root, diagnostics))
    const printed = await printedCount(evidence)
    if (printed !== undefined && printed > diagnostics.count) {
      throw new ReportParseError(
        `dialyzer printed ${printed} warnings, but the file has ${diagnostics.count}`,
      )
    }
    return { diagnostics: diagnostics.all() }
  })
}

const start = /^(\S[^:]*):(\d{1,7})(?::(\d{1,7}))?: (.*)$/

/** Lines kept of one warning. */
const maxLines = 200

async function readWarnings(
  file: EvidenceFile,
  root: string,
  diagnostics: DiagnosticList,
): Promise<void> {
  let open: string[] = []
  const close = () => {
    if (open.length > 0) diagnostics.add(diagnosticOf(open, root))
    open = []
  }
  for await (const line of linesOf(file)) {
    if (/[\0\ufffd]/.test(line)) throw new ReportParseError('not a text file')
    // A warning starts at the margin, and its other lines are indented.
    if (line.trim() === '' || /^\S/.test(line)) close()
    if (line.trim() !== '' && open.length < maxLines) open.push(line)
  }
  close()
}

function diagnosticOf(lines: readonly string[], root: string): GateDiagnostic {
  const [, path, line, column, text] = start.exec(lines[0]!) ?? []
  const location = path ? sourceLocation(root, path, Number(line), Number(column ?? 0)) : undefined
  const message = oneLine([text ?? lines[0]!, ...lines.slice(1)].join('\n'), 600)
  return {
    kind: 'warning',
    // Dialyzer breaks lines inside nested types.
    message: message.replace(/(?<=\w:\w{1,255}) (?=\()|(?<=[([{]) | (?=[)\]}])/g, ''),
    ...(location && { location }),
    ...(lines.length > 1 && { detail: clip(lines.join('\n')) }),
  }
}

async function printedCount({ output }: Evidence): Promise<number | undefined> {
  let printed: number | undefined
  for await (const line of linesOf(output)) {
    const count = /^===> Warnings occurred running dialyzer: (\d{1,6})$/.exec(line)?.[1]
    if (count) printed = Number(count)
  }
  return printed
}
