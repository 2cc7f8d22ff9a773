import { UserError } from '@erlmcp/core'
import { readReceipts } from '@erlmcp/gates/receipt'
import { command } from '../../command-line/command.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { projectFolder } from './folder.ts'

export default command({
  operands: { label: 'NUMBER', min: 1, max: 1 },
  options: {},
  async run({ operands: [number] }, output) {
    const receipts = readReceipts(projectFolder())
    const found = receipts.find(({ sequence }) => String(sequence) === number)
    if (!found) {
      const last = receipts.at(-1)?.sequence
      throw new UserError({
        message: `receipt ${number} does not exist`,
        hint:
          last === undefined
            ? 'Run a gate first: npx erlmcp gate run.'
            : `Use a number from 1 to ${last}.`,
      })
    }
    if (!found.content) {
      throw new UserError({
        message: `${found.name} was modified`,
        hint: 'Run erlmcp receipt verify, which lists every problem.',
      })
    }
    printJson(output, { hash: found.hash, ...found.content })
    return exit.ok
  },
})
