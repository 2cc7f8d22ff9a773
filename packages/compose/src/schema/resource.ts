import { withAuthor } from './author.ts'
import {
  any,
  boolean,
  define,
  defineForSwarm,
  integerOrString,
  list,
  map,
  number,
  since,
  string,
  union,
  withFacts,
} from './define.ts'
import * as engine from './engine-formats.ts'
import { rejected } from './facts.ts'
import * as format from './formats.ts'
import { distinctPairs, flag, mode, options, pairs } from './scalar.ts'

const externalName = define('ExternalName', {
  /** Real name on the engine. */
  name: string,
})
/** An object that exists already; the object form with a name is deprecated. */
const external = withFacts(union(flag, externalName), { name: 'External' })

/** A pool of addresses of a network. */
export const pool = defineForSwarm('IpamPool', {
  /** CIDR, such as `172.28.0.0/16`. */
  subnet: withFacts(string, { format: format.subnet, swarm: 'kept' }),
  /** CIDR within the subnet that containers get addresses from. */
  ip_range: withFacts(string, {
    swarm: rejected('Remove it: the swarm chooses gateways and addresses.'),
  }),
  /** Address of the gateway of the subnet. */
  gateway: withFacts(string, {
    swarm: rejected('Remove it: the swarm chooses gateways and addresses.'),
  }),
  /** Addresses that the engine must not give away, by host name. */
  aux_addresses: withFacts(map(string), {
    swarm: rejected('Remove it: the swarm chooses gateways and addresses.'),
  }),
})

/** A network (Compose spec, "Networks top-level element"). `null` takes all defaults. */
export const network = defineForSwarm('Network', {
  /** Real name on the engine. Default: `<project>_<key>`. */
  name: withFacts(string, { swarm: 'kept' }),
  /** Add metadata to the network using labels. */
  labels: withFacts(pairs, { swarm: 'kept', merge: 'texts', identity: 'name' }),
  /** Specifies that this network already exists and was created outside of Compose. */
  external: withFacts(external, { swarm: 'kept' }),
  /** `bridge`, `overlay`, `host`, `none`, `macvlan`, … Default: the engine's. */
  driver: withFacts(string, { swarm: 'kept' }),
  /** Specify driver-specific options defined as key/value pairs. */
  driver_opts: withFacts(options, { swarm: 'kept' }),
  /** Addresses. */
  ipam: withFacts(
    defineForSwarm('Ipam', {
      /** Custom IPAM driver, instead of the default. */
      driver: withFacts(string, { swarm: 'kept' }),
      /** List of IPAM configuration blocks. */
      config: withFacts(list(pool), { swarm: 'kept', merge: 'pools' }),
      /** Driver-specific options for the IPAM driver. */
      options: withFacts(map(string), { swarm: rejected() }),
    }),
    { swarm: 'kept' },
  ),
  /** Isolated from external networks. Default: `false`. */
  internal: withFacts(flag, { swarm: 'kept' }),
  /** Enable IPv4 networking. */
  enable_ipv4: withFacts(since('2.33.0', flag, '28.0'), { swarm: rejected() }),
  /** Enable IPv6 networking. */
  enable_ipv6: withFacts(flag, { swarm: rejected() }),
  /** Whether containers outside the project may join. Default: `false`. Overlay only. */
  attachable: withFacts(flag, { swarm: 'kept' }),
})

/** A named volume (Compose spec, "Volumes top-level element"). `null` takes all defaults. */
export const volume = defineForSwarm('Volume', {
  /** Real name on the engine. Default: `<project>_<key>`. */
  name: withFacts(string, { swarm: 'kept', format: engine.volumeName }),
  /** Add metadata to the volume using labels. */
  labels: withFacts(distinctPairs, { swarm: 'kept', merge: 'texts' }),
  /** Specifies that this volume already exists and was created outside of Compose. */
  external: withFacts(external, { swarm: 'kept' }),
  /** Default: `local`. */
  driver: withFacts(string, { swarm: 'kept' }),
  /** Specify driver-specific options. */
  driver_opts: withFacts(options, { swarm: 'kept' }),
})

// What only an author writes.
const secretKeys = define('SecretSpec', {
  /**
   * The file of the secret, relative to the compose file. The operator provides a file outside the
   * project, or one that a variable names. Default: `./secrets/<name>`, unless the secret is
   * external or comes from the environment.
   */
  file: string,
  /**
   * How `erlmcp secrets init` creates the file; `operator` where the content comes from elsewhere,
   * such as the token of a registry. Default: 32 random bytes in hexadecimal.
   */
  make: withFacts(any, { author: { type: "SecretRecipe | 'operator'" } }),
  /**
   * Whether it encrypts stored data, such as columns of a database: `erlmcp secrets rotate` keeps
   * its previous contents in `<file>.previous`. Default: `false`.
   */
  atRest: boolean,
}).keys
const configKeys = define('ConfigSpec', {
  /** A generated file, such as `textFile('config/redis.conf', …)`. Sets `file`. */
  document: withFacts(any, { author: { type: 'Document' } }),
}).keys

const onlyFiles = rejected('Write the text to a file and name it in `file`.')

/** A secret (Compose spec, "Secrets top-level element"). */
export const secret = withAuthor(
  secretKeys,
  defineForSwarm('Secret', {
    /** Custom name for this secret. */
    name: withFacts(string, { swarm: 'kept' }),
    /** Add metadata to the secret using labels. */
    labels: withFacts(distinctPairs, { swarm: 'kept' }),
    /** Specifies that this secret already exists and was created outside of Compose. */
    external: withFacts(external, { swarm: 'kept' }),
    /** Specify which secret driver should be used for this secret. */
    driver: withFacts(string, { swarm: 'kept' }),
    /** Specify driver-specific options. */
    driver_opts: withFacts(map(integerOrString), { swarm: 'kept' }),
    /** Variable of the shell that holds it. */
    environment: withFacts(string, { swarm: onlyFiles, format: format.variableName }),
    /** File that holds it, relative to the compose file. */
    file: withFacts(string, { swarm: 'kept' }),
    /** Driver to use for templating the secret's value. */
    template_driver: withFacts(string, { swarm: 'kept' }),
  }),
)

/** A config (Compose spec, "Configs top-level element"). */
export const config = withAuthor(
  configKeys,
  defineForSwarm('Config', {
    /** Custom name for this config. */
    name: withFacts(string, { swarm: 'kept' }),
    /** Add metadata to the config using labels. */
    labels: withFacts(distinctPairs, { swarm: 'kept' }),
    /** Specifies that this config already exists and was created outside of Compose. */
    external: withFacts(external, { swarm: 'kept' }),
    /** The text itself; interpolated. */
    content: withFacts(since('2.23.1', string), { swarm: onlyFiles }),
    /** Variable of the shell that holds it. */
    environment: withFacts(string, { swarm: onlyFiles, format: format.variableName }),
    /** File that holds it, relative to the compose file. */
    file: withFacts(string, { swarm: 'kept' }),
    /** Driver to use for templating the config's value. */
    template_driver: withFacts(string, { swarm: 'kept' }),
  }),
)

/** An AI model that Compose runs (Compose spec, "Models top-level element"). */
export const model = define(
  'Model',
  {
    /** Custom name for this model. */
    name: string,
    /** OCI artifact of the model, such as `ai/smollm2`. */
    model: string,
    /** Tokens of context. */
    context_size: withFacts(number, { format: format.integer }),
    /** Raw runtime flags to pass to the inference engine. */
    runtime_flags: list(string),
  },
  ['model'],
)

/** How a service reads a secret or config. */
export const grant = define('Grant', {
  /** Key of the secret or config. */
  source: withFacts(string, { author: { omit: true } }),
  /** Path in the container; of a secret relative to /run/secrets. Default: the key. */
  target: string,
  /** Owner in the container. Honoured by swarm only. */
  uid: string,
  /** Group in the container. Honoured by swarm only. */
  gid: string,
  /** Permission bits, such as 0o400. Honoured by swarm only. Default: 0o444. */
  mode: mode,
})

export const grants = list(union(string, grant))
