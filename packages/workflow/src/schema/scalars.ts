import { schema } from '@erlmcp/core'
import { list, map, union, type WorkflowFacts, type WorkflowSchema } from './facts.ts'

const { boolean, formatted, kind, matching, nil, number, string } = schema

const or = (...options: readonly WorkflowSchema[]) => union(...options)

const named = <Type extends WorkflowSchema>(
  name: string,
  of: Type,
  facts: WorkflowFacts,
): Type => ({
  ...of,
  typeName: name,
  ...facts,
})

/** What an author writes for an expression. */
export const expressionValue: WorkflowSchema = { ...kind('expression'), expected: 'an expression' }

/** What an author writes for text. */
export const value = named('Value', or(string, number, boolean, kind('expression', 'text')), {})

const isExpression = matching(
  /\$\{\{[\s\S]*\}\}/,
  'an expression',
  'Write the expression in braces: `${{ … }}`.',
)

export const expressionText = named('ExpressionText', formatted(string, isExpression), {
  doc: 'Text with an expression in it: `${{ inputs.target }}`.',
  author: { schema: expressionValue, type: 'Expression' },
})

export const text = named('Text', or(string, number, boolean, nil), {
  doc: 'Text as GitHub reads it: numbers and booleans become text, null the empty text.',
  author: { schema: value, type: 'Value' },
})

export const numberLike = named('NumberLike', or(number, expressionText), {
  doc: 'A number, or an expression that becomes one.',
})

export const booleanLike = named('BooleanLike', or(boolean, expressionText), {
  doc: '`true`, `false`, or an expression that becomes one.',
})

export const condition = named('Condition', or(string, boolean, number, nil), {
  doc: 'An expression, with or without its braces; `true` and `false` are expressions, too.',
  author: { schema: or(string, boolean, expressionValue), type: 'If' },
})

/** A value with an expression that becomes it as a whole. */
export const orExpression = (of: WorkflowSchema): WorkflowSchema => or(of, expressionText)

/** One value or several. */
export const oneOrMore = (of: WorkflowSchema): WorkflowSchema => or(of, list(of))

export const strings = list(string)

/** Texts by name. */
export const texts = map(text)

const variableName = matching(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'letters, digits and underscores, beginning with a letter or underscore',
  'Rename the variable.',
)

export const variables = named('Variables', or(texts, expressionText, nil), {
  doc: 'Environment variables by name. An inner map overrides an outer one.',
  author: {
    schema: or(map(or(value, kind('deferred')), variableName), expressionValue),
    type: 'MapOrExpression<Env>',
  },
})
