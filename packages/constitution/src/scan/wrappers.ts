/** A program that runs another one, which its arguments name. */
export interface Wrapper {
  /** Its options whose value is the next word. */
  readonly valued?: RegExp
  /** How many words stand before the other program. */
  readonly before?: number
  /** A word that must come first, such as `exec`. */
  readonly first?: RegExp
  /** An option behind which the other program stands, such as `--command`. */
  readonly after?: RegExp
  /** Whether the words are joined and read by a shell. */
  readonly isText?: boolean
}

/** Programs that run the rest of their own command line. */
export const wrappers: Readonly<Record<string, Wrapper>> = {
  arch: {},
  asdf: { first: /^exec$/ },
  'aws-vault': { first: /^exec$/, before: 1 },
  builtin: {},
  bundle: { first: /^exec$/ },
  caffeinate: {},
  ccache: {},
  cgexec: { valued: /^-g$/ },
  chamber: { first: /^exec$/, before: 1 },
  chpst: { valued: /^-[ueU/bnldfocrt]$/ },
  chronic: {},
  chroot: { before: 1 },
  chrt: { valued: /^-[TPD]$/, before: 1 },
  command: {},
  conda: { first: /^run$/, valued: /^-[np]$/ },
  coproc: {},
  daemonize: { valued: /^-[aceoplu]$/ },
  'dbus-run-session': {},
  direnv: { first: /^exec$/, before: 1 },
  doas: { valued: /^-[uC]$/ },
  doppler: { first: /^run$/ },
  dotenv: { valued: /^-[ef]$/ },
  dotenvx: { first: /^run$/ },
  entr: {},
  env: { valued: /^(?:-[uC]|--unset|--chdir)$/ },
  exec: { valued: /^-a$/ },
  faketime: { before: 1 },
  fakeroot: {},
  fd: { after: /^(?:-[xX]|--exec(?:-batch)?)$/ },
  flock: { valued: /^-[wE]$/, before: 1 },
  foreman: { first: /^run$/ },
  gdb: { first: /^--args$/ },
  gosu: { before: 1 },
  guix: { first: /^shell$/ },
  ifne: {},
  ionice: { valued: /^-[cn]$/ },
  linux32: {},
  linux64: {},
  ltrace: { valued: /^-[eopsu]$/ },
  mise: { first: /^(?:exec|x)$/ },
  nice: { valued: /^(?:-n|--adjustment)$/ },
  nix: { after: /^(?:-c|--command)$/ },
  nohup: {},
  nsenter: { valued: /^-[tSGW]$/ },
  numactl: { valued: /^-[CNmil]$/ },
  op: { first: /^run$/ },
  parallel: { valued: /^-[jaNnLI]$/ },
  perf: { first: /^(?:stat|record|trace)$/, valued: /^-[eorFg]$/ },
  pipenv: { first: /^run$/ },
  pnpm: { first: /^exec$/ },
  poetry: { first: /^run$/ },
  prlimit: {},
  proxychains: {},
  proxychains4: {},
  retry: { valued: /^-[tdm]$/ },
  rlwrap: { valued: /^-[afHs]$/ },
  runuser: { valued: /^-[uGg]$/ },
  'start-stop-daemon': { after: /^(?:-[ax]|--exec|--startas)$/ },
  screen: { valued: /^-(?:[ScehptT]|\w*S)$/, isText: true },
  setarch: { before: 1 },
  setpriv: { valued: /^--(?:reuid|regid|groups)$/ },
  setsid: {},
  'ssh-agent': {},
  stdbuf: { valued: /^-[ioe]$/ },
  strace: { valued: /^-[eopsu]$/ },
  'su-exec': { before: 1 },
  sudo: { valued: /^-[ughpCDRTU]$/ },
  'systemd-inhibit': {},
  'systemd-run': { valued: /^-[puEHMG]$/ },
  taskset: { before: 1 },
  time: { valued: /^-[fo]$/ },
  timeout: { valued: /^(?:-[ks]|--kill-after|--signal)$/, before: 1 },
  tini: {},
  tmux: {
    first: /^(?:new|new-session|neww|new-window|splitw|split-window|send|send-keys|respawn-pane)$/,
    valued: /^-[sntcFxyl]$/,
    isText: true,
  },
  unbuffer: {},
  unshare: { valued: /^-[SGRw]$/ },
  uv: { first: /^run$/ },
  valgrind: {},
  watch: { valued: /^(?:-n|--interval)$/, isText: true },
  watchexec: { valued: /^-[ewisfdo]$/ },
  'xvfb-run': { valued: /^-[nefps]$/ },
}

/** Options of `xargs` whose value is the next word. */
export const xargsValued = /^-[IRnPLdaEs]$/

/** Programs that hand what they read to a shell. */
export const inputShells = new Set(['at', 'batch'])

/** Shells: the text behind `-c` is theirs, and without a script what they are given to read. */
export const shellNames = new Set([
  ...['sh', 'bash', 'rbash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'yash', 'fish'],
])

/** Options of a shell whose value is the next word. */
export const shellValued = /^[-+][a-zA-Z]*[oO]$|^--(?:rcfile|init-file)$/

/** Options of other programs whose value is a text for a shell. */
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

/** Variables whose value another program hands to a shell. */
export const textVariables =
  /^(?:(?:GIT_(?:SEQUENCE_)?|VISUAL_?)?EDITOR|VISUAL|(?:GIT_|MAN)?PAGER|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|PROMPT_COMMAND)$/

/** Interpreters, and the option that gives them a program; awk takes it without one. */
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

/** The command lines that a program of another language starts, as far as they are literals. */
export function startedBy(code: string): string[] {
  return [...code.matchAll(calls)].map(([, first, second, ...plain]) =>
    plain.every((one) => one === undefined)
      ? [first, second].flatMap((one) => (one === undefined ? [] : [one.slice(1, -1)])).join(' ')
      : plain.find((one) => one !== undefined)!,
  )
}
