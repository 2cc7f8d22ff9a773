/**
 * Where a rotation keeps the contents that a secret had before, one a line, the newest first: what
 * they encrypted is still to be read.
 */
export const previousFile = (file: string): string => `${file}${previousSuffix}`

export const previousSuffix = '.previous'
