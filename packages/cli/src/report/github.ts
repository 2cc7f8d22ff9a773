import type { Severity, Synthesis } from '@erlmcp/core'

const commands: Record<Severity, string> = { error: 'error', warning: 'warning', note: 'notice' }

/** Workflow commands that GitHub Actions turns into annotations at the line. */
export function annotations({ diagnostics }: Pick<Synthesis, 'diagnostics'>): string {
  return diagnostics
    .map(({ severity, file, line, column, rule, message, hint }) => {
      const place = [
        `file=${property(file)}`,
        ...(line === undefined ? [] : [`line=${line}`, `col=${column}`]),
        `title=${property(rule)}`,
      ]
      return `::${commands[severity]} ${place.join(',')}::${data(`${message}\n${hint}`)}\n`
    })
    .join('')
}

// GitHub's own escapes (actions/toolkit, command.ts): a line break would begin a new command.
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
