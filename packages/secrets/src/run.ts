export type { CertificateFacts } from './certificate/certificate-facts.ts'
export {
  type CheckedSecret,
  type CheckSecretsOptions,
  checkSecrets,
  type SecretsCheck,
} from './check/check-secrets.ts'
export { type ListedCertificate, listCertificates } from './check/list-certificates.ts'
export { type InitSecretsOptions, initSecrets } from './init-secrets.ts'
export {
  filterExistingVolumes,
  findVolumePasswords,
  type VolumePassword,
} from './password/volume-passwords.ts'
export type { SecretResult, SecretsReport } from './report.ts'
export type { RotatedSecret } from './rotate/apply-renewals.ts'
export {
  finishRotation,
  type RotateOptions,
  type RotationReport,
  rotateSecrets,
} from './rotate/rotate-secrets.ts'
