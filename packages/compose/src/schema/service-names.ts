import { created } from './author.ts'
import { define, defineForSwarm, list, string, union, withFacts } from './define.ts'
import * as engine from './engine-formats.ts'
import { ignored, rejected } from './facts.ts'
import { distinct, hosts, merged, stringOrMerged } from './scalar.ts'

const linkHint = "Write links: [db]; a service of an included file is serviceNamed('db')."
/** A link under another name. */
const link = define(
  'LinkSpec',
  {
    /** The service. */
    service: created('service'),
    /** The name that it is reached by. */
    alias: string,
  },
  ['service', 'alias'],
)

// Which names and addresses a service has and knows.
export const nameResolution = defineForSwarm('Service', {
  /** DNS servers. */
  dns: withFacts(stringOrMerged, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Custom DNS options to be passed to the container's DNS resolver. */
  dns_opt: withFacts(merged, { swarm: rejected(), merge: 'texts', identity: 'name' }),
  /** Custom DNS search domains to set on the service container. */
  dns_search: withFacts(stringOrMerged, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Custom domain name to use for the service container. */
  domainname: withFacts(string, { swarm: ignored('Put the domain into `hostname`.') }),
  /** Link to services started outside this Compose application. Specify services as <service_name>:<alias>. */
  external_links: withFacts(distinct, { swarm: ignored('Put both on one network.') }),
  /** Host names to add to /etc/hosts. */
  extra_hosts: withFacts(hosts, { swarm: 'kept', merge: 'new-texts' }),
  /** Services under a name: `db`, `db:database`. Not needed on a shared network. */
  links: withFacts(merged, {
    author: {
      schema: {
        ...list({ ...union(created('service'), link), hint: linkHint }),
        hint: linkHint,
      },
    },
    swarm: ignored('Services of one network know each other by name.'),
    identity: 'name',
  }),
  /** Container MAC address to set. */
  mac_address: withFacts(string, {
    format: engine.macAddress,
    swarm: ignored('A swarm gives addresses itself.'),
  }),
})
