import type { Rule } from '@erlmcp/core'
import { isJava } from '../../defaults/read-only.ts'
import type { ComposeFile } from '../../document.ts'
import { onServicesWith } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { resolve } from '../../model/resolve.ts'

export const tmpfsWithoutExec: Rule<ComposeFile> = {
  id: 'compose/tmpfs-without-exec',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Native code in a noexec `/tmp`',
  why: 'A tmpfs is `noexec` by default: native libraries of Java programs, which are unpacked there, fail with `failed to map segment from shared object`.',
  hint: 'Write `/tmp:exec`, or set `-Djava.io.tmpdir` to another folder.',
  references: ['docker run reference, --tmpfs', 'mount(8)'],
  bad: { services: { broker: { image: 'apache/kafka:4.1.0', tmpfs: ['/tmp'] } } },
  good: { services: { broker: { image: 'apache/kafka:4.1.0', tmpfs: ['/tmp:size=64m,exec'] } } },
  ...onServicesWith('tmpfs', function* ({ name, service, path, image, commandLine }) {
    if (!knownImage(image)?.executesTmp && !isJava(service)) return
    if (commandLine.includes('java.io.tmpdir')) return
    for (const [index, text] of [service.tmpfs ?? []].flat().entries()) {
      const [folder, options = ''] = resolve(text).split(':')
      if (folder !== '/tmp' || options.split(',').includes('exec')) continue
      yield {
        path: typeof service.tmpfs === 'string' ? [...path, 'tmpfs'] : [...path, 'tmpfs', index],
        message: `${name} runs native code from /tmp, which is mounted noexec`,
      }
    }
  }),
}
