export { findCharacterWeakness, findWeakness } from './password-strength.ts'
export { postgresOwner } from './postgres-owner.ts'
export { previousFile } from './previous-file.ts'
