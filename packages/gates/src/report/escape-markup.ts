const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
  '\t': '&#9;',
}

/**
 * Text for an element of HTML or XML.
 *
 * @param characters those to escape. Default: `&`, `<` and `>`; a quoted attribute needs more
 */
export function escapeMarkup(text: string, characters = /[&<>]/g): string {
  return text.replace(characters, (char) => entities[char]!)
}
