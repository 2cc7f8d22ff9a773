const hosted = [
  ...['ubuntu-latest', 'ubuntu-slim', 'ubuntu-22.04', 'ubuntu-24.04', 'ubuntu-26.04'],
  ...['ubuntu-22.04-arm', 'ubuntu-24.04-arm', 'ubuntu-26.04-arm'],
  ...['ubuntu-latest-4-cores', 'ubuntu-latest-8-cores', 'ubuntu-latest-16-cores'],
  ...['windows-latest', 'windows-2022', 'windows-2025', 'windows-2025-vs2026', 'windows-11-arm'],
  ...['windows-latest-8-cores', 'macos-latest', 'macos-latest-large', 'macos-latest-xlarge'],
  ...['macos-14', 'macos-14-large', 'macos-14-xlarge'],
  ...['macos-15', 'macos-15-intel', 'macos-15-large', 'macos-15-xlarge'],
  ...['macos-26', 'macos-26-intel', 'macos-26-large', 'macos-26-xlarge'],
]

/** Labels that every machine of your own has (Self-hosted runners, "Default labels"). */
const own = ['self-hosted', 'linux', 'windows', 'macos', 'x64', 'x86', 'arm', 'arm64']

/** Every label that GitHub gives (GitHub-hosted runners reference), in lower case. */
export const knownLabels: readonly string[] = [...hosted, ...own]

/** Labels of machines that are gone. */
export const retiredLabel =
  /^(?:ubuntu-(?:16|18|20)\.04|windows-(?:2016|2019)|macos-1(?:0\.15|1|2|3)(?:-large|-xlarge)?)$/
