export { backupKey } from './key/backup-key.ts'
