export { findConstitution } from '../find-constitution.ts'
export {
  type GuardInstalled,
  type GuardOptions,
  type GuardUninstalled,
  installGuard,
  shimFolder,
  uninstallGuard,
} from '../guard/guard.ts'
export type { InstalledHook } from '../guard/hooks.ts'
export { execute } from '../rewrite/execute.ts'
export { type Rewrite, rewrite, shellLine, type Variables } from '../rewrite/rewrite.ts'
export { hostFileFormat } from '../scan/format.ts'
export type { HostCommand, HostFile } from '../scan/host-file.ts'
export { type Scan, type ScanOptions, scan } from '../scan/scan.ts'
