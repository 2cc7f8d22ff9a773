export { type InitSecretsOptions, initSecrets } from './init-secrets.ts'
export type { SecretResult, SecretsReport } from './report.ts'
