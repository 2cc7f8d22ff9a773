import type { ComposeFile } from './document.ts'
export function toSwarm(file: ComposeFile): ComposeFile {
  return file
}
