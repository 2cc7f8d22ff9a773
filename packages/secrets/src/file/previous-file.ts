/**
 * The file in which a rotation keeps the previous contents of a secret, one per line, the newest first:
 * they still decrypt what they have encrypted.
 */
export const previousFile = (file: string): string => `${file}${previousSuffix}`

const previousSuffix = '.previous'
