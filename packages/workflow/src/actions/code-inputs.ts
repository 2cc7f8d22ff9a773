const inputs: Readonly<Record<string, readonly string[]>> = {
  'actions/github-script': ['script'],
  'azure/cli': ['inlinescript'],
  'azure/powershell': ['inlinescript'],
  'nick-fields/retry': ['command', 'on_retry_command'],
}

/** Whether an action runs the input as code. Neither name differs by case. */
export function isCodeInput(action: string, input: string): boolean {
  const name = action.toLowerCase()
  return Object.hasOwn(inputs, name) && inputs[name]!.includes(input.toLowerCase())
}
