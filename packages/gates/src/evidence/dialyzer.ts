import type { Evidence, EvidenceFile, Problem, Reader } from '../reading.ts'
import {
  filesAt,
  inFile,
  NoEvidence,
  type ProblemList,
  problemList,
  reader,
  Unreadable,
} from './guarded.ts'
import { placeIn } from './place.ts'
import { clip, linesOf, oneLine } from './text.ts'

/**
 * Reads the warnings that `rebar3 dialyzer` has written. A file without one is clean, no file is no
 * evidence.
 *
 * @param path the file or the folder of `*.dialyzer_warnings`, below the project; `*` may stand in it
 * @example
 * dialyzer('_build/default/*.dialyzer_warnings')
 */
export function dialyzer(path: string): Reader {
  const folder = path.replace(/\/[^/]*\*[^/]*$/, '')
  return reader('dialyzer', [path], async (evidence) => {
    const isOne = (name: string) => /^[^/]*\.dialyzer_warnings$/.test(name)
    const files = filesAt(evidence, folder, isOne)
    if (files.length === 0) throw new NoEvidence(`there is no ${path}`)
    const problems = problemList()
    for (const file of files) await inFile(file, () => readWarnings(file, evidence.root, problems))
    const said = await countSaid(evidence)
    if (said !== undefined && said > problems.count) {
      throw new Unreadable(
        `it says that there are ${said} warnings, and has written ${problems.count}`,
      )
    }
    return { problems: problems.all() }
  })
}

const start = /^(\S[^:]*):(\d{1,7})(?::(\d{1,7}))?: (.*)$/

/** Lines of one warning that are kept. */
const longestWarning = 200

async function readWarnings(
  file: EvidenceFile,
  root: string,
  problems: ProblemList,
): Promise<void> {
  let open: string[] = []
  const close = () => {
    if (open.length > 0) problems.add(problemOf(open, root))
    open = []
  }
  for await (const line of linesOf(file)) {
    if (/[\0\ufffd]/.test(line)) throw new Unreadable('it is no text')
    // Warnings begin at the margin; what they say goes on below, further in.
    if (line.trim() === '' || /^\S/.test(line)) close()
    if (line.trim() !== '' && open.length < longestWarning) open.push(line)
  }
  close()
}

function problemOf(lines: readonly string[], root: string): Problem {
  const [, path, line, column, text] = start.exec(lines[0]!) ?? []
  const location = path ? placeIn(root, path, Number(line), Number(column ?? 0)) : undefined
  const message = oneLine([text ?? lines[0]!, ...lines.slice(1)].join('\n'), 600)
  return {
    kind: 'warning',
    // Broken into lines by dialyzer wherever a type is nested.
    message: message.replace(/(?<=\w:\w{1,255}) (?=\()|(?<=[([{]) | (?=[)\]}])/g, ''),
    ...(location && { location }),
    ...(lines.length > 1 && { detail: clip(lines.join('\n')) }),
  }
}

async function countSaid({ output }: Evidence): Promise<number | undefined> {
  let said: number | undefined
  for await (const line of linesOf(output)) {
    const count = /^===> Warnings occurred running dialyzer: (\d{1,6})$/.exec(line)?.[1]
    if (count) said = Number(count)
  }
  return said
}
