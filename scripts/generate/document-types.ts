import type { WorkflowSchema } from '../../packages/workflow/src/schema/facts.ts'
import { type Declarations, renderType } from './render-types.ts'

/** The types of some documents, by name. */
export function documentTypes(...roots: readonly WorkflowSchema[]): Declarations {
  const declarations: Declarations = new Map([
    [
      'ExpressionText',
      '/** Text with an expression in it: `${{ inputs.target }}`. */\nexport type ExpressionText = `${string}\\${{${string}}}${string}`\n',
    ],
    [
      'OneOrMore',
      '/** One value or several. */\nexport type OneOrMore<Type> = Type | readonly Type[]\n',
    ],
  ])
  for (const root of roots) renderType(root, declarations)
  return declarations
}
