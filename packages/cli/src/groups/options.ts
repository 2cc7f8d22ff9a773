import type { Option } from '../command.ts'

// What several commands take.

export const out: Option = {
  name: 'out',
  value: 'DIR',
  hint: 'folder of the files. Default: that of the stack',
}

export const json: Option = { name: 'json', hint: 'one JSON document for programs' }

export const format: Option = {
  name: 'format',
  value: 'FORMAT',
  choices: ['human', 'json', 'sarif', 'github'],
  hint: 'how diagnostics are written. Default: human',
}

export const notes: Option = { name: 'notes', hint: 'show the notes, not only their number' }

export const stackFile: Option = {
  name: 'stack',
  value: 'FILE',
  hint: 'file of the stack. Default: stack.ts',
}

export const within: Option = {
  name: 'within',
  value: 'DAYS',
  hint: 'how long certificates have to last at least, such as 14d. Default: 30d',
}
