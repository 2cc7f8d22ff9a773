import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as Features from '@actions/expressions/features'
import type * as Parser from '@actions/workflow-parser'
import type * as Actions from '@actions/workflow-parser/actions/index'
import type * as Context from '@actions/workflow-parser/templates/template-context'
import type * as Schema from '@actions/workflow-parser/workflows/workflow-schema'
import { bundle } from './bundle.ts'

/** What GitHub's own parser says of a workflow, each as `Line: 1, Col: 1: …`. */
export type GithubParser = (name: string, text: string) => Promise<readonly string[]>

/**
 * GitHub's own parser of workflows, `@actions/workflow-parser`.
 *
 * @example
 * const problems = await githubParser()
 * expect(await problems('ci.yml', text)).toEqual([])
 */
export async function githubParser(): Promise<GithubParser> {
  const parser = await bundle<typeof Features & typeof Parser & typeof Context & typeof Schema>(
    modules,
  )
  return async (name, text) => {
    const context = new parser.TemplateContext(
      new parser.TemplateValidationErrors(),
      parser.getWorkflowSchema(),
      new parser.NoOperationTraceWriter(),
    )
    // The parser knows the steps of 2026 behind a flag; GitHub has them.
    const featureFlags = new parser.FeatureFlags({ all: true })
    context.state.featureFlags = featureFlags
    const { value } = parser.parseWorkflow({ name, content: text }, context)
    const errors = context.errors.getErrors()
    if (errors.length > 0 || !value) return errors.map(({ message }) => message)
    const template = await parser.convertWorkflowTemplate(context, value, undefined, {
      featureFlags,
    })
    return (template.errors ?? []).map(({ Message }) => Message)
  }
}

/**
 * GitHub's own parser of `action.yml`.
 *
 * @example
 * const problems = await githubActionParser()
 * expect(await problems('action.yml', text)).toEqual([])
 */
export async function githubActionParser(): Promise<GithubParser> {
  const parser = await bundle<typeof Parser & typeof Actions>([
    '@actions/workflow-parser',
    '@actions/workflow-parser/actions/index',
  ])
  return async (name, text) => {
    const { context } = parser.parseAction(
      { name, content: text },
      new parser.NoOperationTraceWriter(),
    )
    return context.errors.getErrors().map(({ message }) => message)
  }
}

const modules = [
  '@actions/expressions/features',
  '@actions/workflow-parser',
  '@actions/workflow-parser/templates/template-context',
  '@actions/workflow-parser/workflows/workflow-schema',
]

/** One definition of the schema that GitHub publishes. */
export interface GithubDefinition {
  readonly mapping?: {
    readonly properties?: Readonly<Record<string, string | { readonly type: string }>>
    readonly 'loose-value-type'?: string
  }
  readonly sequence?: { readonly 'item-type': string }
  readonly 'one-of'?: readonly string[]
  readonly 'allowed-values'?: readonly string[]
  readonly string?: { readonly constant?: string }
}

/** The schema in `@actions/workflow-parser`: its definitions by name. */
export function githubSchema(
  file: 'workflow' | 'action',
): Readonly<Record<string, GithubDefinition>> {
  const folder = join(import.meta.dirname, '../node_modules/@actions/workflow-parser/dist')
  const text = readFileSync(join(folder, `${file}-v1.0.min.json`), 'utf8')
  return (JSON.parse(text) as { definitions: Record<string, GithubDefinition> }).definitions
}
