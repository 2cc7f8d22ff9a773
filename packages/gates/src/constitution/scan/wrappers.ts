/** A program that runs another one, which its arguments name. */
export interface Wrapper {
  /** Its options whose value is the next word. */
  readonly valued?: RegExp
  /** How many words stand before the other program. */
  readonly before?: number
  /** A word that must come first, such as `exec`. */
  readonly first?: RegExp
}

/** Programs that run the rest of their own command line. */
export const wrappers: Readonly<Record<string, Wrapper>> = {
  asdf: { first: /^exec$/ },
  builtin: {},
  caffeinate: {},
  chronic: {},
  command: {},
  doas: { valued: /^-[uC]$/ },
  env: { valued: /^(?:-[uCS]|--unset|--chdir)$/ },
  exec: { valued: /^-a$/ },
  faketime: { before: 1 },
  flock: { valued: /^-[wE]$/, before: 1 },
  ionice: { valued: /^-[cn]$/ },
  mise: { first: /^(?:exec|x)$/ },
  nice: { valued: /^(?:-n|--adjustment)$/ },
  nohup: {},
  retry: { valued: /^-[tdm]$/ },
  setsid: {},
  stdbuf: { valued: /^-[ioe]$/ },
  strace: { valued: /^-[eopsu]$/ },
  sudo: { valued: /^-[ughpCDRTU]$/ },
  time: { valued: /^-[fo]$/ },
  timeout: { valued: /^(?:-[ks]|--kill-after|--signal)$/, before: 1 },
  unbuffer: {},
  watch: { valued: /^(?:-n|--interval)$/ },
  xargs: { valued: /^-[IRnPLdaEs]$/ },
}

/** Shells: the text behind `-c` is theirs, and without a script what they are given to read. */
export const shellNames = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh'])

/** Options of other programs whose value is a text for a shell. */
export const textOptions: Readonly<Record<string, RegExp>> = {
  su: /^(?:-c|--command)$/,
  runuser: /^(?:-c|--command)$/,
  script: /^(?:-\w*c|--command)$/,
  flock: /^-c$/,
  'nix-shell': /^--(?:run|command)$/,
}
