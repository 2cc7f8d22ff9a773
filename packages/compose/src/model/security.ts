import type { Service } from '../document.ts'
import { resolve } from './resolve.ts'

/** Whether no-new-privileges is set. */
export function hasNoNewPrivileges({ security_opt }: Service): boolean {
  return security_opt?.some((option) => noNewPrivileges.has(option)) ?? false
}

const noNewPrivileges = new Set(['', '=true', ':true'].map((value) => `no-new-privileges${value}`))

/** Whether `user` names a user other than root. */
export function isNonRoot({ user }: Service): boolean {
  const name = userName(user)
  return name !== '' && !isRoot(name)
}

export function isRootUser({ user }: Service): boolean {
  return isRoot(userName(user))
}

function userName(user: string | undefined): string {
  return resolve(user).split(':')[0] ?? ''
}

function isRoot(name: string): boolean {
  return name === 'root' || name === '0'
}
