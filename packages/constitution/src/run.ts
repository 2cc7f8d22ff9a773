export { findConstitution } from './find-constitution.ts'
export {
  type GuardInstalled,
  type GuardOptions,
  type GuardUninstalled,
  installGuard,
  shimFolder,
  uninstallGuard,
} from './guard/guard.ts'
export type { InstalledHook } from './guard/hooks.ts'
export { type Rewrite, rewrite, shellLine, type Variables } from './rewrite/rewrite.ts'
export { runDockerForm } from './rewrite/run-docker-form.ts'
export type { HostCommand, HostFile } from './scan/host-file.ts'
export { hostFileFormat } from './scan/host-file-format.ts'
export { type Scan, type ScanOptions, scan } from './scan/scan.ts'
