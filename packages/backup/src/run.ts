export type { Deployment } from '@erlmcp/docker'
export { type BackupOptions, createBackup, type TakenBackup } from './create-backup.ts'
export { type BackupKey, readKey } from './key/read-key.ts'
export {
  type RecoverOptions,
  type RecoveryOutcome,
  recoverBackup,
} from './restore/recover-backup.ts'
export { type Rehearsal, type RehearsalCheck, rehearseBackup } from './restore/rehearse-backup.ts'
export { type RestoreOptions, type RestoreReport, restoreBackup } from './restore/restore-backup.ts'
export { type ListedBackup, listBackups } from './set/list-backups.ts'
export type { Manifest, OmittedItem } from './set/manifest.ts'
export { type BackupCheck, type VerifyOptions, verifyBackup } from './set/verify-backup.ts'
export { type MovedVolume, type MoveVolumeOptions, moveVolume } from './volume/move-volume.ts'
