import type { ChildProcess } from 'node:child_process'
import { startCommand } from '@erlmcp/testkit'

/**
 * Calls a function of this package in a process that kills itself some milliseconds after the progress
 * message of a step, so that none of its own cleanup runs.
 */
export function killedAt(
  file: string,
  name: string,
  given: readonly unknown[],
  step: string,
  milliseconds: number,
): ChildProcess {
  const text = `
    import { ${name} } from ${JSON.stringify(new URL(`../${file}.ts`, import.meta.url).href)}
    const given = ${JSON.stringify(given)}
    const options = given.length > ${name}.length ? given.pop() : {}
    const progress = (message) => {
      if (!message.startsWith(${JSON.stringify(step)})) return
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${milliseconds})
    }
    await ${name}(...given, { ...options, progress })
    console.log('done')`
  return startCommand([process.execPath, '--import', 'tsx', '--input-type=module', '--eval', text])
}
