import { memoize } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'
import { eachService, type Place } from './each-service.ts'
import { resolve } from './resolve.ts'

// What Microsoft builds for Windows says so in its name or tag.
const windowsImage = /^mcr\.microsoft\.com\/windows[/:]|:\S*(?:nanoserver|windowsservercore)/

/** Whether a service is a container of Windows, whose engine refuses what Linux has. */
export function isForWindows(service: Service): boolean {
  const { platform, isolation, credential_spec: credentials, image } = service
  const isIsolated = isolation !== undefined && !['', 'default'].includes(resolve(isolation))
  if (isIsolated || credentials !== undefined) return true
  if (platform !== undefined && resolve(platform) !== '')
    return resolve(platform).startsWith('windows')
  return windowsImage.test(resolve(image))
}

/** The containers of a file that have capabilities, process IDs and the rest of Linux. */
export const linuxServices = memoize((file: ComposeFile): readonly Place[] =>
  eachService(file).filter(({ service }) => !isForWindows(service)),
)
