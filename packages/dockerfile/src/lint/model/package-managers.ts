import type { Run } from '../../schema/document.gen.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { eachCommand } from './shell-commands.ts'
import type { Place } from './walk.ts'

/** Every apt-get of the file, with its task: update, install… */
export function* aptCommands(file: Dockerfile): Iterable<{
  readonly place: Place<Run>
  readonly task: string
  readonly argv: readonly string[]
}> {
  for (const { place, argv } of eachCommand(file)) {
    if (argv[0] !== 'apt-get' && argv[0] !== 'apt') continue
    const task = argv.slice(1).find((word, n, words) => isTask(word, words[n - 1]))
    if (task !== undefined) yield { place, task, argv }
  }
}

// `-o`, `-c` and `-t` take the next word.
function isTask(word: string, before: string | undefined): boolean {
  return !word.startsWith('-') && !/^-[oct]$/.test(before ?? '')
}

/** The packages that an apt-get install or an apk add names. */
export function installed(argv: readonly string[]): readonly string[] {
  const [program] = argv
  const task = program === 'apk' ? 'add' : 'install'
  if (program !== 'apk' && program !== 'apt-get' && program !== 'apt') return []
  const start = argv.indexOf(task)
  if (start < 0) return []
  return argv.slice(start + 1).filter((word, n, words) => {
    const before = words[n - 1] ?? ''
    return !/^[-.>|]/.test(word) && !/^(?:-[oct]|--virtual|--repository|--root)$/.test(before)
  })
}
