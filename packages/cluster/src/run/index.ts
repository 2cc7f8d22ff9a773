export type { Deployment } from '@erlmcp/docker'
export {
  type BackupOptions,
  createBackup,
  type TakenBackup,
} from '../backup/create.ts'
export { type BackupKey, readKey } from '../backup/key.ts'
export { type ListedBackup, listBackups } from '../backup/list.ts'
export type { LeftOut, Manifest } from '../backup/manifest.ts'
export { type Recovered, type RecoverOptions, recoverBackup } from '../backup/recover.ts'
export { type Rehearsal, type RehearsalCheck, rehearseBackup } from '../backup/rehearse.ts'
export { type RestoreOptions, type RestoreReport, restoreBackup } from '../backup/restore.ts'
export { type BackupCheck, type VerifyOptions, verifyBackup } from '../backup/verify.ts'
export {
  type CheckedSecret,
  type CheckSecretsOptions,
  checkSecrets,
  type SecretsCheck,
} from '../check/check-secrets.ts'
export type { CertificateFacts } from '../check/expiry.ts'
export { type ListedCertificate, listCertificates } from '../check/list-certificates.ts'
export { type InitSecretsOptions, initSecrets } from '../init-secrets.ts'
export { type KeptPassword, keptPasswords, withVolumes } from '../kept-passwords.ts'
export type { SecretResult, SecretsReport } from '../report.ts'
export type { Rotated } from '../rotate/apply.ts'
export {
  finishRotation,
  type RotateOptions,
  type RotationReport,
  rotateSecrets,
} from '../rotate/rotate-secrets.ts'
export {
  type DeployOptions,
  deployStack,
  rollBackStack,
  type SwarmReport,
  statusOfStack,
} from '../swarm/deploy.ts'
export type { Verdict } from '../swarm/settle.ts'
export type { SwarmDeployment } from '../swarm/stack-file.ts'
export type { FailedTask, ServiceState } from '../swarm/state.ts'
export {
  type ShiftOptions,
  showTraffic,
  switchTraffic,
  type TrafficReport,
  type VersionState,
  weighTraffic,
} from '../traffic/shift.ts'
export { describeFailures, type ServiceState as UpState } from '../up/diagnose.ts'
export type { Reason } from '../up/reasons.ts'
export { startProject, stopProject, type UpOptions, type UpReport } from '../up/up.ts'
export { startCluster, stopCluster } from '../verify/deployment.ts'
export { type ClusterCheck, type ClusterReport, verifyCluster } from '../verify/verify.ts'
export { type MovedVolume, type MoveVolumeOptions, moveVolume } from '../volumes/move-volume.ts'
