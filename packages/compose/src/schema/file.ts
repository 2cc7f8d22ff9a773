import { define, defineForSwarm, list, map, nil, string, union, withFacts } from './define.ts'
import { essential, rejected } from './facts.ts'
import { keyName } from './key-formats.ts'
import { config, model, network, secret, volume } from './resource.ts'
import { stringOrStrings } from './scalar.ts'
import { service } from './service.ts'

/**
 * A compose file as plain data: the whole Compose specification under its own names, after merge
 * keys. Text is as in the file: `$$` is a dollar, `${NAME:-x}` an interpolation.
 *
 * @see https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
export const file = defineForSwarm('ComposeFileData', {
  /** Obsolete: ignored by Compose, with a warning. */
  version: withFacts(string, { swarm: 'kept' }),
  /** Project name. Default: the folder's. */
  name: withFacts(string, {
    swarm: rejected('Name the stack at the end of `docker stack deploy --compose-file FILE NAME`.'),
  }),
  /** Compose files to include, with their own project folders. */
  include: withFacts(
    list(
      union(
        string,
        define('IncludeFile', {
          /** The file, or several that are merged. */
          path: stringOrStrings,
          /** Files with variables for the interpolation of the included file. */
          env_file: union(stringOrStrings, nil),
          /** Folder that relative paths begin at. Default: that of the file. */
          project_directory: string,
        }),
      ),
    ),
    { swarm: rejected('List the services.', essential) },
  ),
  /** Containers of the application. */
  services: withFacts(map(service, keyName), { swarm: 'kept' }),
  /** AI models that services use. */
  models: withFacts(map(model, keyName), { swarm: rejected(undefined, essential) }),
  /** Networks that services join. */
  networks: withFacts(map(union(network, nil), keyName), { swarm: 'kept' }),
  /** Named volumes that services mount. */
  volumes: withFacts(map(union(volume, nil), keyName), { swarm: 'kept' }),
  /** Secrets that services may read. */
  secrets: withFacts(map(secret, keyName), { swarm: 'kept' }),
  /** Configs that services may read. */
  configs: withFacts(map(config, keyName), { swarm: 'kept' }),
})
