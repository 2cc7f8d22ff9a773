/** A task of rebar3 or a goal of make, and the command that runs it alone. */
export interface Task {
  readonly name: string
  readonly argv: readonly string[]
}

/** The tasks that the arguments name, in order. Empty for programs without tasks. */
export function tasksOf(program: string, args: readonly string[]): Task[] {
  if (program === 'rebar3') return rebar3Tasks(args)
  return program === 'make' ? makeGoals(args) : []
}

/**
 * Parses as rebar3 does: one task and its arguments; after `do` and `as PROFILES`, tasks separated by
 * commas, except for commas within an option. Unlike rebar3 it does not split a word with spaces:
 * that is Erlang for `shell --eval`.
 */
function rebar3Tasks(args: readonly string[]): Task[] {
  const tasks: { name: string; profile: string[]; words: string[] }[] = []
  let expect = 'task' as 'task' | 'profile' | 'argument'
  let isList = false
  let profile: string[] = []
  const take = (word: string) => {
    if (expect !== 'task') {
      tasks.at(-1)?.words.push(word)
    } else if (word === 'do') isList = true
    else if (word === 'as') {
      isList = true
      expect = 'profile'
    } else {
      tasks.push({ name: word, profile, words: [] })
      expect = 'argument'
    }
  }
  for (const word of args) {
    if (expect === 'profile') {
      profile = ['as', word]
      if (!word.endsWith(',')) expect = 'task'
    } else if (word.startsWith('-')) {
      if (expect === 'argument') tasks.at(-1)!.words.push(isList ? word.replace(/,$/, '') : word)
      if (isList && word.endsWith(',')) expect = 'task'
    } else if (!isList || /[ \t\n]/.test(word)) take(word)
    else {
      const pieces = word.split(',')
      for (const [index, piece] of pieces.entries()) {
        if (index > 0) expect = 'task'
        if (piece !== '') take(piece)
      }
    }
  }
  return tasks.map(({ name, profile: as, words }) => ({
    name,
    argv: ['rebar3', ...as, name, ...words],
  }))
}

/** Options of GNU make whose value is the next word. */
const makeOptions =
  /^(?:-[CEfIoW]|--(?:directory|file|makefile|include-dir|old-file|assume-old|what-if|new-file|assume-new|eval))$/

/** Options whose value is the next word only if that begins with a digit. */
const numberOptions = /^(?:-[jl]|--(?:jobs|load-average|max-load))$/

/** The words that are neither options nor assignments. */
function makeGoals(args: readonly string[]): Task[] {
  const goals: Task[] = []
  for (let index = 0; index < args.length; index++) {
    const word = args[index]!
    if (makeOptions.test(word)) index++
    else if (numberOptions.test(word) && /^\d/.test(args[index + 1] ?? '')) index++
    else if (!word.startsWith('-') && !word.includes('=')) {
      goals.push({ name: word, argv: ['make', word] })
    }
  }
  return goals
}
