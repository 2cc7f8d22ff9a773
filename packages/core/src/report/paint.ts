const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

/** Colours and weights of {@link paint}. */
export type Colour = keyof typeof codes

/**
 * Text in a colour, by an ANSI escape sequence.
 *
 * @param isShown whether the output shows colours; without it the text stays as it is
 * @example
 * paint('error:', 'red', process.stderr.isTTY)
 */
export function paint(text: string, colour: Colour, isShown: boolean | undefined): string {
  return isShown && text !== '' ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text
}
