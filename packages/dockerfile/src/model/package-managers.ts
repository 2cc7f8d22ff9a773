import type { Dockerfile } from '../schema/document.ts'
import { eachCommand, type PlacedCommand } from './shell-commands.ts'

/** Every apt-get of the file, with its task: update, install… */
export function* aptCommands(
  file: Dockerfile,
): Iterable<PlacedCommand & { readonly task: string }> {
  for (const command of eachCommand(file)) {
    const { argv } = command
    if (argv[0] !== 'apt-get' && argv[0] !== 'apt') continue
    const task = argv.slice(1).find((word, n, words) => isTask(word, words[n - 1]))
    if (task !== undefined) yield { ...command, task }
  }
}

// The next word is the value of `-o`, `-c` and `-t`.
function isTask(word: string, before: string | undefined): boolean {
  return !word.startsWith('-') && !/^-[oct]$/.test(before ?? '')
}

/** The packages of an apt-get install or an apk add. */
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
