import { define, nil, since, string, union, withFacts } from './define.ts'
import { develop } from './develop.ts'
import { refused } from './facts.ts'
import { count, flag, pairs, strings } from './scalar.ts'

// How Compose runs a service, and what others read about it.
export const operation = define('Service', {
  /** Metadata that runtimes read (OCI annotations). */
  annotations: withFacts(since('2.18.0', pairs), { merge: 'texts', identity: 'name' }),
  /** Whether `up` shows its log. Default: `true`. */
  attach: since('2.20.0', flag),
  /** What `docker compose watch` does. */
  develop: withFacts(since('2.22.0', union(nil, develop)), {
    swarm: refused('`docker compose watch` is for compose files.'),
  }),
  /** Files with labels. */
  label_file: withFacts(since('2.32.0', union(string, strings)), { merge: 'texts' }),
  /** Time after which to refresh the image. Used with pull_policy=refresh. */
  pull_refresh_after: since('2.34.0', string),
  /** Containers of this service. Default: 1. Must agree with `deploy.replicas`. */
  scale: withFacts(count, {
    swarm: refused('Write it as `deploy.replicas`.', { movedTo: 'deploy.replicas' }),
  }),
  /** Keep STDIN open even if not attached. */
  stdin_open: withFacts(flag, { swarm: 'kept' }),
  /** Allocate a pseudo-TTY to service container. */
  tty: withFacts(flag, { swarm: 'kept' }),
})
