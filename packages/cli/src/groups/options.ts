import type { Option } from '../command.ts'

// What several commands take.

export const out: Option = {
  name: 'out',
  value: 'DIR',
  help: 'folder of the files. Default: that of the stack',
}

export const json: Option = { name: 'json', help: 'one JSON document for programs' }

export const format: Option = {
  name: 'format',
  value: 'FORMAT',
  choices: ['human', 'json', 'sarif', 'github'],
  help: 'how findings are written. Default: human',
}

export const notes: Option = { name: 'notes', help: 'show the notes, not only their number' }

export const stackFile: Option = {
  name: 'stack',
  value: 'FILE',
  help: 'file of the stack. Default: stack.ts',
}

export const within: Option = {
  name: 'within',
  value: 'DAYS',
  help: 'how long certificates have to last at least, such as 14d. Default: 30d',
}
