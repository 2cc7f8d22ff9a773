import { type ListedCertificate, listCertificates } from '@erlmcp/secrets/run'
import type { Arguments } from '../command.ts'
import { exit } from '../exit.ts'
import type { Output } from '../output.ts'
import { openProject } from '../project.ts'
import { wantsJson } from '../report/diagnostics.ts'
import { printable } from '../report/printable.ts'

/** `erlmcp cluster certs`: lists the certificates of the stack's secrets. */
export async function clusterCerts(given: Arguments, output: Output): Promise<number> {
  const { root, synthesis } = await openProject(given, output)
  const listed = await listCertificates(root, synthesis.secrets)
  if (wantsJson(given)) output.out(`${JSON.stringify(listed, null, 2)}\n`)
  else {
    for (const one of listed.certificates) output.out(printable(rowOf(one)))
    for (const { path, message, hint } of listed.problems) {
      output.err(printable(`${path}: ${message}\n  ${hint}\n`))
    }
    if (listed.certificates.length + listed.problems.length === 0) {
      output.out('erlmcp: the stack has no certificates\n')
    }
  }
  return listed.problems.length === 0 ? exit.ok : exit.no
}

function rowOf({ path, kind, names, serial, until, days, issuer }: ListedCertificate): string {
  const whose = kind === 'authority' ? 'authority' : `for ${names.join(', ')}, signed by ${issuer}`
  return `${path}: ${whose}\n  serial ${serial}, until ${until.slice(0, 10)}, ${days} days left\n`
}
