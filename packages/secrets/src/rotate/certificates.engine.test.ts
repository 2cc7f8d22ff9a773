import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'node:tls'
import { composeProject, describeEngine, ensureImages } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { initSecrets } from '../init-secrets.ts'
import { tls } from '../testing/secrets.ts'
import { rotateSecrets } from './rotate-secrets.ts'

const image = 'erlang:28.3.1-slim'

// Asks for the client's certificate too. Erlang looks at its files every two minutes; here ten
// times a second, which is the only thing that differs from a server that is left alone.
const server = `
  {ok, _} = application:ensure_all_started(ssl),
  File = fun(Name) -> "/run/secrets/" ++ Name end,
  {ok, Listen} = ssl:listen(8443, [{certfile, File("tls-cert")}, {keyfile, File("tls-key")},
    {cacertfile, File("tls-ca")}, {verify, verify_peer}, {fail_if_no_peer_cert, true},
    {versions, ['tlsv1.3']}, {active, false}, {log_level, none}, {reuseaddr, true}, binary]),
  spawn(fun Look() -> ssl:clear_pem_cache(), timer:sleep(100), Look() end),
  Serve = fun Serve() ->
    {ok, Accepted} = ssl:transport_accept(Listen),
    case ssl:handshake(Accepted, 5000) of
      {ok, Socket} -> ssl:send(Socket, <<"hello">>), ssl:close(Socket);
      {error, _} -> refused
    end,
    Serve()
  end,
  [spawn_link(Serve) || _ <- [1, 2, 3]],
  timer:sleep(infinity).`

const composeFile = `
services:
  app:
    image: ${image}
    user: '1000:1000'
    read_only: true
    init: true
    environment: { HOME: /tmp }
    tmpfs: [/tmp]
    ports: ['127.0.0.1::8443']
    command: ${JSON.stringify(['erl', '-noshell', '-eval', server.replaceAll('\n', ' ')])}
    secrets: [tls-ca, tls-cert, tls-key]
secrets:
  tls-ca: { file: ./secrets/tls-ca }
  tls-cert: { file: ./secrets/tls-cert }
  tls-key: { file: ./secrets/tls-key }
`

interface Files {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

describeEngine('certificates change while clients ask', () => {
  // Below the home directory: not every engine mounts from the system's temporary one.
  const parent = join(homedir(), '.cache')
  mkdirSync(parent, { recursive: true })
  const directory = mkdtempSync(join(parent, 'erlmcp-rotate-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  writeFileSync(join(directory, 'compose.yaml'), composeFile)
  const project = composeProject(directory)
  const read = (name: string) => readFileSync(join(directory, 'secrets', name), 'utf8')
  const files = (): Files => ({ ca: read('tls-ca'), cert: read('tls-cert'), key: read('tls-key') })
  let port: number

  beforeAll(async () => {
    await ensureImages([image])
    expect((await initSecrets(directory, tls)).ok).toBe(true)
    await project.up()
    port = Number((await project.port('app', 8443)).split(':')[1])
  })

  /** What a client gets: the greeting and the server's serial number, or an error. */
  function greeting(own: Files): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ...own })
      socket.setTimeout(5000, () => socket.destroy(new Error('no answer')))
      socket.once('error', ({ message }) => resolve(message))
      socket.once('data', (data) => {
        resolve(`${data} ${socket.getPeerCertificate().serialNumber}`)
        socket.destroy()
      })
      socket.once('close', () => resolve('closed'))
    })
  }

  it('no request fails while a certificate and the authority are made anew', async () => {
    await expect.poll(() => greeting(files()), { timeout: 20_000 }).toMatch(/^hello /)
    const first = files()
    let enough = false
    const answers: string[] = []
    const client = async () => {
      while (!enough) answers.push(await greeting(files()))
    }
    const clients = [client(), client()]
    const serials = [new X509Certificate(first.cert).serialNumber]
    // The authority takes three steps; between two of them everybody reads its files again.
    for (const which of ['tls-cert', 'tls-ca', 'tls-ca', 'tls-ca']) {
      await rotateSecrets(directory, tls, { which: [which] })
      serials.push(new X509Certificate(read('tls-cert')).serialNumber)
      await sleep(700)
    }
    enough = true
    await Promise.all(clients)
    expect(answers.filter((answer) => !answer.startsWith('hello '))).toEqual([])
    expect(answers.length).toBeGreaterThan(50)
    const seen = new Set(answers.map((answer) => answer.slice('hello '.length)))
    expect([...seen]).toEqual([...new Set(serials)])
    expect(seen.size).toBe(3)

    const now = files()
    expect(await greeting(now)).toMatch(/^hello /)
    // Who trusts the old authority alone refuses the server, and who has its certificate is refused.
    expect(await greeting({ ...now, ca: first.ca })).toMatch(
      /unable to verify|self.signed|signature/,
    )
    expect(await greeting({ ...first, ca: now.ca })).toMatch(/alert|closed/)
  })
})
