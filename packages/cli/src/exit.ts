/** What the exit code of a command says. */
export const exit = {
  /** Yes, or done. */
  ok: 0,
  /** The answer is no: diagnostics of severity error, drift, a secret with a problem. */
  no: 1,
  /** Bad usage or input. */
  usage: 2,
  /** Something that is needed is not there: a package, room on the disk. */
  missing: 3,
  /** A bug of ours (EX_SOFTWARE of sysexits.h). */
  bug: 70,
} as const
