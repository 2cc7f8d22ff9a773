import type { Service } from '../document.ts'
import { resolve } from './resolve.ts'

// Windows images of Microsoft have these names or tags.
const windowsImage = /^mcr\.microsoft\.com\/windows[/:]|(?:nanoserver|windowsservercore)(?<=:\S*)/

/** Whether a service is a Windows container, whose engine rejects Linux options. */
export function isForWindows(service: Service): boolean {
  const { platform, isolation, credential_spec: credentials, image } = service
  const isIsolated = isolation !== undefined && !['', 'default'].includes(resolve(isolation))
  if (isIsolated || credentials !== undefined) return true
  if (platform !== undefined && resolve(platform) !== '')
    return resolve(platform).startsWith('windows')
  return image !== undefined && windowsImage.test(resolve(image))
}
