import type { Command, Service } from '../document.ts'

const none: readonly string[] = []

/** The words of a command. Text is split at white space, which is enough to find options. */
export function words(command: Command | undefined): readonly string[] {
  if (!command) return none
  return typeof command === 'string' ? command.split(/\s+/).filter(Boolean) : command
}

/** Entrypoint and command of a service in one text. */
export function readCommandLine({ entrypoint, command }: Service): string {
  return entrypoint || command ? [...words(entrypoint), ...words(command)].join(' ') : ''
}

/** The command of a healthcheck without `CMD` and `CMD-SHELL`; empty without one. */
export function readHealthLine({ healthcheck }: Service): string {
  const test = healthcheck?.test
  if (test === undefined) return ''
  if (typeof test === 'string') return test
  return test.slice(1).join(' ')
}

const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh'])

/** Whether a shell reads the command: `sh -c …`. */
export function isShell(argv: readonly string[]): boolean {
  const program = argv[0]?.split('/').pop() ?? ''
  return shells.has(program) && argv.slice(1).some((word) => /^-\w*c$/.test(word))
}
