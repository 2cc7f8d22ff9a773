export { backupKey } from './backup-key.ts'
