// Inputs of an action have no type in its file: this keeps which ones the author declared as boolean.
const declared = new WeakMap<object, readonly string[]>()

/** Keeps which inputs of an action are declared as boolean. */
export function rememberBooleans(action: object, names: readonly string[]): void {
  declared.set(action, names)
}

/** The inputs of an action that are declared as boolean, in lower case. */
export function declaredBooleans(action: object): readonly string[] {
  return (declared.get(action) ?? []).map((name) => name.toLowerCase())
}
