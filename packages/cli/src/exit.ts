/** Exit codes. */
export const exit = {
  /** Success. */
  ok: 0,
  /** The check failed: a diagnostic of severity error, drift, an invalid secret, a failed gate. */
  failed: 1,
  /** Invalid usage or input. */
  usage: 2,
  /** A prerequisite is missing: an engine, a package, disk space. */
  missing: 3,
  /** A bug of ours (EX_SOFTWARE of sysexits.h). */
  bug: 70,
} as const
