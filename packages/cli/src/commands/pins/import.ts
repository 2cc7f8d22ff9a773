import { join } from 'node:path'
import { readRegularFile } from '@erlmcp/core'
import { importPins, usesIn } from '@erlmcp/workflow/files'
import { command } from '../../command-line/command.ts'
import { format, out } from '../../command-line/options.ts'
import { openProject } from '../../stack/project.ts'
import { finish, readLock, repositoryRoot, usedBy, workflowFiles } from './lock.ts'

export default command({
  options: { out, format },
  async run(args, output) {
    const project = await openProject(args, output)
    const written = workflowFiles(project).flatMap(({ path }) => {
      const text = readRegularFile(join(repositoryRoot(project), path), path)
      return text === undefined ? [] : usesIn(path, text)
    })
    const update = importPins(usedBy(project), written, readLock(project))
    return finish(project, update, args, output)
  },
})
