import { printable } from '@erlmcp/core'
import { type ListedCertificate, listCertificates } from '@erlmcp/secrets/run'
import { command } from '../../command-line/command.ts'
import { format, out } from '../../command-line/options.ts'
import { exit } from '../../exit.ts'
import { printJson } from '../../output.ts'
import { openProject } from '../../stack/project.ts'

export default command({
  options: { out, format },
  async run(args, output) {
    const { root, synthesis } = await openProject(args, output)
    const listed = await listCertificates(root, synthesis.secrets)
    if (args.options.format === 'json') printJson(output, listed)
    else {
      for (const one of listed.certificates) output.out(printable(rowOf(one)))
      for (const { path, message, hint } of listed.problems) {
        output.err(printable(`${path}: ${message}\n  ${hint}\n`))
      }
      if (listed.certificates.length + listed.problems.length === 0) {
        output.out('erlmcp: the stack has no certificates\n')
      }
    }
    return listed.problems.length === 0 ? exit.ok : exit.failed
  },
})

function rowOf({ path, kind, names, serial, until, days, issuer }: ListedCertificate): string {
  const subject =
    kind === 'authority' ? 'authority' : `for ${names.join(', ')}, signed by ${issuer}`
  return `${path}: ${subject}\n  serial ${serial}, until ${until.slice(0, 10)}, ${days} days left\n`
}
