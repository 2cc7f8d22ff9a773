import type { Service } from '../document.ts'
import type { ImageDefaults } from '../images/facts.ts'
import { words } from '../model/words.ts'

// An init of a system, or one that reaps processes and forwards signals.
const inits =
  /^(?:\/(?:s?bin\/|usr\/(?:s?bin|lib\/systemd)\/|lib\/systemd\/)?)?(?:init|systemd|s6-svscan|s6-overlay-init|runit-init|runsvdir-start|my_init|dumb-init|tini|tini-static|catatonit|docker-init|openrc-init)$/

// Runtimes under which the init of the engine works.
const plainRuntimes = /^(?:runc|crun|youki|nvidia|runsc|kata|io\.containerd\.(?:runc|kata|runsc)\b)/

/** Whether a service does not need the init of the engine, or must run its own as process 1. */
export function hasOwnProcessOne(service: Service, facts: ImageDefaults | undefined): boolean {
  const { pid, stop_signal: signal = '', runtime } = service
  if (facts?.isProcessOne) return true
  // In the PID namespace of another container the engine does not run its init.
  if (pid) return true
  // The stop signal of systemd.
  if (/^(?:SIG)?RTMIN\+3$/.test(signal)) return true
  if (runtime !== undefined && !plainRuntimes.test(runtime)) return true
  const program = words(service.entrypoint)[0] ?? words(service.command)[0] ?? ''
  return inits.test(program)
}
