export { previousFile } from './file/previous-file.ts'
export { findCharacterWeakness, findWeakness } from './password/password-strength.ts'
export { postgresOwner } from './password/postgres-owner.ts'
