import { posix } from 'node:path'
import type { ImagePaths } from './options.ts'

/** The paths of the generated files of an image, in its folder. */
export function imagePaths(folder: string | undefined): ImagePaths {
  const at = (path: string) => posix.join(folder ?? '', path)
  return {
    dockerfile: at('Dockerfile'),
    ignore: folder === undefined ? '.dockerignore' : at('Dockerfile.dockerignore'),
    config: at('config'),
    vmArgs: at('config/vm.args.src'),
    sysConfig: at('config/sys.config.src'),
    sslDist: at('config/ssl_dist.conf'),
    scripts: at('docker/bin'),
  }
}
