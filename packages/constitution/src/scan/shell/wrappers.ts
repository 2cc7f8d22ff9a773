import type { ShellWord } from './shell-word.ts'

/** A program that runs the command in its own arguments. */
export interface Wrapper {
  /** Options whose value is the next word. */
  readonly valued?: RegExp
  /** Operands before the command. */
  readonly operands?: number
  /** The subcommand that runs a command, such as `exec`. */
  readonly subcommand?: RegExp
  /** The option that is followed by the command, such as `--command`. */
  readonly option?: RegExp
  /** Whether the words are joined into a text for a shell. */
  readonly isText?: boolean
}

/** Programs that run a command in their arguments. */
export const wrappers: Readonly<Record<string, Wrapper>> = {
  arch: {},
  asdf: { subcommand: /^exec$/ },
  'aws-vault': { subcommand: /^exec$/, operands: 1 },
  builtin: {},
  bundle: { subcommand: /^exec$/ },
  caffeinate: {},
  ccache: {},
  cgexec: { valued: /^-g$/ },
  chamber: { subcommand: /^exec$/, operands: 1 },
  chpst: { valued: /^-[ueU/bnldfocrt]$/ },
  chronic: {},
  chroot: { operands: 1 },
  chrt: { valued: /^-[TPD]$/, operands: 1 },
  command: {},
  conda: { subcommand: /^run$/, valued: /^-[np]$/ },
  coproc: {},
  daemonize: { valued: /^-[aceoplu]$/ },
  'dbus-run-session': {},
  direnv: { subcommand: /^exec$/, operands: 1 },
  doas: { valued: /^-[uC]$/ },
  doppler: { subcommand: /^run$/ },
  dotenv: { valued: /^-[ef]$/ },
  dotenvx: { subcommand: /^run$/ },
  entr: {},
  env: { valued: /^(?:-[uC]|--unset|--chdir)$/ },
  exec: { valued: /^-a$/ },
  faketime: { operands: 1 },
  fakeroot: {},
  fd: { option: /^(?:-[xX]|--exec(?:-batch)?)$/ },
  flock: { valued: /^-[wE]$/, operands: 1 },
  foreman: { subcommand: /^run$/ },
  gdb: { subcommand: /^--args$/ },
  gosu: { operands: 1 },
  guix: { subcommand: /^shell$/ },
  ifne: {},
  ionice: { valued: /^-[cn]$/ },
  linux32: {},
  linux64: {},
  ltrace: { valued: /^-[eopsu]$/ },
  mise: { subcommand: /^(?:exec|x)$/ },
  nice: { valued: /^(?:-n|--adjustment)$/ },
  nix: { option: /^(?:-c|--command)$/ },
  nohup: {},
  nsenter: { valued: /^-[tSGW]$/ },
  numactl: { valued: /^-[CNmil]$/ },
  op: { subcommand: /^run$/ },
  parallel: { valued: /^-[jaNnLI]$/ },
  perf: { subcommand: /^(?:stat|record|trace)$/, valued: /^-[eorFg]$/ },
  pipenv: { subcommand: /^run$/ },
  pnpm: { subcommand: /^exec$/ },
  poetry: { subcommand: /^run$/ },
  prlimit: {},
  proxychains: {},
  proxychains4: {},
  retry: { valued: /^-[tdm]$/ },
  rlwrap: { valued: /^-[afHs]$/ },
  runuser: { valued: /^-[uGg]$/ },
  'start-stop-daemon': { option: /^(?:-[ax]|--exec|--startas)$/ },
  screen: { valued: /^-(?:[ScehptT]|\w*S)$/, isText: true },
  setarch: { operands: 1 },
  setpriv: { valued: /^--(?:reuid|regid|groups)$/ },
  setsid: {},
  'ssh-agent': {},
  stdbuf: { valued: /^-[ioe]$/ },
  strace: { valued: /^-[eopsu]$/ },
  'su-exec': { operands: 1 },
  sudo: { valued: /^-[ughpCDRTU]$/ },
  'systemd-inhibit': {},
  'systemd-run': { valued: /^-[puEHMG]$/ },
  taskset: { operands: 1 },
  time: { valued: /^-[fo]$/ },
  timeout: { valued: /^(?:-[ks]|--kill-after|--signal)$/, operands: 1 },
  tini: {},
  tmux: {
    subcommand:
      /^(?:new|new-session|neww|new-window|splitw|split-window|send|send-keys|respawn-pane)$/,
    valued: /^-[sntcFxyl]$/,
    isText: true,
  },
  unbuffer: {},
  unshare: { valued: /^-[SGRw]$/ },
  uv: { subcommand: /^run$/ },
  valgrind: {},
  watch: { valued: /^(?:-n|--interval)$/, isText: true },
  watchexec: { valued: /^-[ewisfdo]$/ },
  'xvfb-run': { valued: /^-[nefps]$/ },
}

/** Options of `xargs` whose value is the next word. */
export const xargsValued = /^-[IRnPLdaEs]$/

/** Programs that hand their standard input to a shell. */
export const inputShells = new Set(['at', 'batch'])

/** Shells: they run the text after `-c`, a script, or their standard input. */
export const shellNames = new Set([
  ...['sh', 'bash', 'rbash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'yash', 'fish'],
])

/** Options of a shell whose value is the next word. */
export const shellValued = /^[-+][a-zA-Z]*[oO]$|^--(?:rcfile|init-file)$/

/** Options whose value is a text for a shell, by program. */
export const textOptions: Readonly<Record<string, RegExp>> = {
  su: /^(?:-c|--command)$/,
  runuser: /^(?:-c|--command)$/,
  script: /^(?:-\w*c|--command)$/,
  flock: /^-c$/,
  nodemon: /^(?:-x|--exec)$/,
  'nix-shell': /^--(?:run|command)$/,
  npm: /^(?:-c|--call)$/,
  npx: /^(?:-c|--call)$/,
}

/** Programs that hand each of their arguments to a shell. */
export const textPrograms = new Set(['concurrently', 'hyperfine', 'sem', 'npm-run-all'])

/** Variables whose value a program hands to a shell. */
export const textVariables =
  /^(?:(?:GIT_(?:SEQUENCE_)?|VISUAL_?)?EDITOR|VISUAL|(?:GIT_|MAN)?PAGER|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|PROMPT_COMMAND)$/

/** The option of an interpreter that takes code; awk takes code without an option. */
export const interpreters: Readonly<Record<string, RegExp>> = {
  awk: /./,
  gawk: /./,
  mawk: /./,
  deno: /^eval$/,
  expect: /^-c$/,
  lua: /^-e$/,
  node: /^-\w*[ep]$|^--(?:eval|print)$/,
  perl: /^-\w*[eE]$/,
  php: /^-r$/,
  python: /^-\w*c$/,
  python2: /^-\w*c$/,
  python3: /^-\w*c$/,
  ruby: /^-\w*e$/,
}

const quoted = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`
const calls = new RegExp(
  String.raw`(?:\b(?:system|exec\w*|popen\w*|Popen|spawn\w*|shell_exec|passthru|run|call|check_\w+|getoutput|Command)\s*[([{\s]*|%x[({\[]|qx[({\[/]?)\s*${quoted}(?:\s*,\s*\[?\s*${quoted})?|` +
    '`([^`]+)`|"([^"]+)"\\s*\\|\\s*getline|\\|\\s*"([^"]+)"|\\bspawn\\s+([\\w./-]+[^\\n;]*)',
  'g',
)

/** The command lines that code in another language starts, where they are string literals. */
export function commandsInCode(code: string): string[] {
  return [...code.matchAll(calls)].map(([, first, second, ...plain]) =>
    plain.every((one) => one === undefined)
      ? [first, second].flatMap((one) => (one === undefined ? [] : [one.slice(1, -1)])).join(' ')
      : plain.find((one) => one !== undefined)!,
  )
}

/** The words of the command that a wrapper runs; undefined for other programs. */
export function unwrapCommand(
  program: string,
  words: readonly ShellWord[],
): ShellWord[] | undefined {
  const wrapper = Object.hasOwn(wrappers, program) ? wrappers[program] : undefined
  if (!wrapper) return undefined
  // `command -v` only looks a program up.
  if (program === 'command' && /^-[vV]/.test(words[0]?.value ?? '')) return undefined
  let rest = [...words]
  if (wrapper.option) {
    const at = rest.findIndex(({ value }) => wrapper.option!.test(value))
    return at < 0 ? undefined : rest.slice(at + 1)
  }
  if (wrapper.subcommand) {
    if (!wrapper.subcommand.test(rest[0]?.value ?? '')) return undefined
    const dashes = rest.findIndex(({ value }) => value === '--')
    rest = rest.slice(dashes < 0 ? 1 : dashes + 1)
  }
  while (rest[0] && /^-/.test(rest[0].value)) {
    const isEnd = rest[0].value === '--'
    rest = rest.slice(wrapper.valued?.test(rest[0].value) ? 2 : 1)
    if (isEnd) break
  }
  const isAfterDashes = wrapper.subcommand && words.some(({ value }) => value === '--')
  if (wrapper.operands && !isAfterDashes) {
    rest = rest.slice(wrapper.operands)
    while (rest[0]?.value.startsWith('-')) rest = rest.slice(1)
  }
  const start = rest.findIndex(({ value }) => !/^[A-Za-z_]\w*=/.test(value))
  return start < 0 ? [] : rest.slice(start)
}
