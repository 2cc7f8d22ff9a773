import { relative } from 'node:path'
import { type Finding, type Stack, type Synthesis, synthesize, UserError } from '@erlmcp/core'
import { Component, FileBase, type Project } from 'projen'

export interface ErlmcpStackOptions {
  /** What the header of each file names as its source. Default `.projenrc.ts`. */
  readonly source?: string
  /** Whether git keeps the files. Default true: they are reviewed like the code they come from. */
  readonly committed?: boolean
}

/**
 * Puts the files of a stack into a projen project, as files that projen owns: `npx projen` writes
 * them, makes them read-only, and removes those that are no longer made.
 *
 * Findings of severity error stop the synthesis before any file is written; warnings are logged,
 * notes with `DEBUG=1`.
 *
 * @example
 * const project = new Project({ name: 'shop' })
 * new ErlmcpStack(project, stack('shop', [compose('compose.yaml', [web])]))
 * project.synth()
 */
export class ErlmcpStack extends Component {
  /** What the stack came to: its artifacts, secrets and findings. */
  readonly synthesis: Synthesis

  constructor(project: Project, stack: Stack, options: ErlmcpStackOptions = {}) {
    super(project)
    const { source = '.projenrc.ts', committed = true } = options
    this.synthesis = synthesize(stack, {
      root: project.outdir,
      source,
      command: 'npx projen',
    })
    for (const { path, text, mode } of this.synthesis.artifacts) {
      new ArtifactFile(project, path, text, { committed, executable: (mode & 0o111) !== 0 })
    }
  }

  override preSynthesize(): void {
    const errors = this.synthesis.findings.filter(({ severity }) => severity === 'error')
    if (errors.length > 0) {
      throw new UserError({
        what: `the stack has errors:\n\n${errors.map(inWords).join('\n\n')}\n`,
        help: 'Nothing was written. Mend them, or waive those that you accept.',
      })
    }
    const { logger } = this.project
    for (const finding of this.synthesis.findings) {
      if (finding.severity === 'note') logger.debug(inWords(finding))
      else logger.warn(inWords(finding))
    }
    for (const { finding, waiver } of this.synthesis.waived) {
      logger.info(`${inWords(finding)}\n  waived until ${waiver.until}: ${waiver.reason}`)
    }
  }
}

class ArtifactFile extends FileBase {
  readonly #text: string

  constructor(
    project: Project,
    path: string,
    text: string,
    options: { readonly committed: boolean; readonly executable: boolean },
  ) {
    // The header already says who made the file; projen finds its own files by its manifest.
    super(project, path, { ...options, marker: false })
    this.#text = text
  }

  protected override synthesizeContent(): string {
    return this.#text
  }
}

function inWords({ file, line, column, rule, message, help }: Finding): string {
  const place = line === undefined ? file : `${relative(process.cwd(), file)}:${line}:${column}`
  return `${place}: ${message} [${rule}]\n  ${help}`
}
