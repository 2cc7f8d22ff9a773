/** Labels of GitHub-hosted runners whose system stays the same. */
export const pinnedRunners = [
  ...(['ubuntu-slim', 'ubuntu-22.04', 'ubuntu-24.04', 'ubuntu-26.04'] as const),
  ...(['ubuntu-22.04-arm', 'ubuntu-24.04-arm', 'ubuntu-26.04-arm'] as const),
  ...(['windows-2022', 'windows-2025', 'windows-11-arm'] as const),
  ...(['macos-14', 'macos-14-large', 'macos-15', 'macos-15-intel', 'macos-15-large'] as const),
  ...(['macos-26', 'macos-26-large'] as const),
] as const

/**
 * A GitHub-hosted runner by a label whose system stays the same; that of `ubuntu-latest` changes
 * (GitHub-hosted runners reference).
 */
export type HostedRunner = (typeof pinnedRunners)[number]

const others = [
  ...['ubuntu-latest', 'ubuntu-latest-4-cores', 'ubuntu-latest-8-cores', 'ubuntu-latest-16-cores'],
  ...['windows-latest', 'windows-latest-8-cores', 'windows-2025-vs2026'],
  ...['macos-latest', 'macos-latest-large', 'macos-latest-xlarge', 'macos-14-xlarge'],
  ...['macos-15-xlarge', 'macos-26-intel', 'macos-26-xlarge'],
]

/** Labels of every self-hosted runner (Self-hosted runners, "Default labels"). */
const selfHosted = ['self-hosted', 'linux', 'windows', 'macos', 'x64', 'x86', 'arm', 'arm64']

/** Every label that GitHub assigns, in lower case. */
export const knownLabels: readonly string[] = [...pinnedRunners, ...others, ...selfHosted]

/** Labels of runners that GitHub has removed. */
export const retiredLabel =
  /^(?:ubuntu-(?:16|18|20)\.04|windows-(?:2016|2019)|macos-1(?:0\.15|1|2|3)(?:-large|-xlarge)?)$/
