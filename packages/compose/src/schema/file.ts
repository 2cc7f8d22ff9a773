import { define, list, map, nil, string, union } from './define.ts'
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
export const file = define('ComposeFileData', {
  /** Obsolete: ignored by Compose, with a warning. */
  version: string,
  /** Project name. Default: the folder's. */
  name: string,
  /** Compose files to include, with their own project folders. */
  include: list(
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
  /** Containers of the application. */
  services: map(service, keyName),
  /** AI models that services use. */
  models: map(model, keyName),
  /** Networks that services join. */
  networks: map(union(network, nil), keyName),
  /** Named volumes that services mount. */
  volumes: map(union(volume, nil), keyName),
  /** Secrets that services may read. */
  secrets: map(secret, keyName),
  /** Configs that services may read. */
  configs: map(config, keyName),
})
