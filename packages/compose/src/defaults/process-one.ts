import type { Service } from '../document.ts'
import type { ImageFacts } from '../images/facts.ts'
import { words } from '../lint/model/words.ts'

// An init of a whole system, or one that reaps and forwards by itself.
const inits =
  /^(?:\/(?:s?bin\/|usr\/(?:s?bin|lib\/systemd)\/|lib\/systemd\/)?)?(?:init|systemd|s6-svscan|s6-overlay-init|runit-init|runsvdir-start|my_init|dumb-init|tini|tini-static|catatonit|docker-init|openrc-init)$/

// With these, the engine's init is what every container has.
const plainRuntimes = /^(?:runc|crun|youki|nvidia|runsc|kata|io\.containerd\.(?:runc|kata|runsc)\b)/

/** Whether the engine's init has nothing to do in a service, or stands where another one must be. */
export function hasOwnProcessOne(service: Service, facts: ImageFacts | undefined): boolean {
  const { pid, stop_signal: signal = '', runtime } = service
  if (facts?.isProcessOne) return true
  // In another one's namespace it is not process 1: the engine leaves it out.
  if (pid) return true
  // What systemd stops at.
  if (/^(?:SIG)?RTMIN\+3$/.test(signal)) return true
  if (runtime !== undefined && !plainRuntimes.test(runtime)) return true
  const program = words(service.entrypoint)[0] ?? words(service.command)[0] ?? ''
  return inits.test(program)
}
