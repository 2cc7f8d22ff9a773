import { defineForSwarm, nil, since, string, union, withFacts } from './define.ts'
import { develop } from './develop.ts'
import { rejected } from './facts.ts'
import { count, flag, pairs, strings } from './scalar.ts'

// How Compose runs a service, and what others read about it.
export const operation = defineForSwarm('Service', {
  /** Metadata that runtimes read (OCI annotations). */
  annotations: withFacts(since('2.18.0', pairs), {
    swarm: rejected(),
    merge: 'texts',
    identity: 'name',
  }),
  /** Whether `up` shows its log. Default: `true`. */
  attach: withFacts(since('2.20.0', flag), { swarm: rejected() }),
  /** What `docker compose watch` does. */
  develop: withFacts(since('2.22.0', union(nil, develop)), {
    swarm: rejected('`docker compose watch` is for compose files.'),
  }),
  /** Files with labels. */
  label_file: withFacts(since('2.32.0', union(string, strings)), {
    swarm: rejected(),
    merge: 'texts',
  }),
  /** Time after which to refresh the image. Used with pull_policy=refresh. */
  pull_refresh_after: withFacts(since('2.34.0', string), { swarm: rejected() }),
  /** Containers of this service. Default: 1. Must agree with `deploy.replicas`. */
  scale: withFacts(count, {
    swarm: rejected('Write it as `deploy.replicas`.', { movedTo: 'deploy.replicas' }),
  }),
  /** Keep STDIN open even if not attached. */
  stdin_open: withFacts(flag, { swarm: 'kept' }),
  /** Allocate a pseudo-TTY to service container. */
  tty: withFacts(flag, { swarm: 'kept' }),
})
