import { updatePins } from '@erlmcp/workflow/files'
import { command } from '../../command-line/command.ts'
import { format, out } from '../../command-line/options.ts'
import { withSlowNotice } from '../../report/progress.ts'
import { openProject } from '../../stack/project.ts'
import { finish, readLock, usedBy } from './lock.ts'

export default command({
  options: { out, format },
  async run(args, output) {
    const project = await openProject(args, output)
    const lock = readLock(project)
    const update = await withSlowNotice('listing tags', output, () =>
      updatePins(usedBy(project), lock),
    )
    return finish(project, update, args, output)
  },
})
