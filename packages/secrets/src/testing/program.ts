const source = (name: string): string => new URL(`../${name}.ts`, import.meta.url).href

/** The command of a program that has `initSecrets` and, once all is loaded, runs as `uid`. */
export function program(body: string, uid?: number): string[] {
  const become = `process.setgroups([]); process.setgid(${uid}); process.setuid(${uid})`
  const text = `
    import { initSecrets } from ${JSON.stringify(source('init-secrets'))}
    import ${JSON.stringify(source('certificate/certificate'))}
    ${uid === undefined ? '' : become}
    ${body}`
  return [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', text]
}
