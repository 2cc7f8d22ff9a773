import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { composeProject, describeEngine, ensureImages } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { initSecrets } from './init-secrets.ts'
import { random, tls } from './testing/secrets.ts'

const image = 'erlang:28.3.1-slim'

const service = (user: string) => `
    image: ${image}
    user: '${user}'
    read_only: true
    cap_drop: [ALL]
    security_opt: ['no-new-privileges=true']
    network_mode: none
    environment: { HOME: /tmp }
    tmpfs: [/tmp]
    command: [sleep, '600']
    init: true
    secrets: [shared, tls-ca, tls-cert, tls-key]`

const composeFile = `
services:
  app:${service('1000:1000')}
  cache:${service('999:1000')}
secrets:
  shared: { file: ./secrets/shared }
  tls-ca: { file: ./secrets/tls-ca }
  tls-cert: { file: ./secrets/tls-cert }
  tls-key: { file: ./secrets/tls-key }
`

// A server and a client in one node, each of which asks for the other's certificate.
const handshake = `
  {ok, _} = application:ensure_all_started(ssl),
  File = fun(Name) -> "/run/secrets/" ++ Name end,
  Options = [{cacertfile, File("tls-ca")}, {certfile, File("tls-cert")}, {keyfile, File("tls-key")},
             {verify, verify_peer}, {versions, ['tlsv1.3']}, {active, false}, {log_level, none}, binary],
  {ok, Listen} = ssl:listen(0, [{ip, {127,0,0,1}}, {fail_if_no_peer_cert, true} | Options]),
  {ok, {_, Port}} = ssl:sockname(Listen),
  Serve = fun() ->
    {ok, Accepted} = ssl:transport_accept(Listen),
    case ssl:handshake(Accepted) of
      {ok, Socket} -> ok = ssl:send(Socket, <<"mutual">>);
      {error, _} -> refused
    end,
    timer:sleep(infinity)
  end,
  [spawn(Serve), spawn(Serve)],
  Connect = fun(Name) -> ssl:connect({127,0,0,1}, Port, [{server_name_indication, Name} | Options], 5000) end,
  {ok, Client} = Connect("localhost"),
  {ok, Answer} = ssl:recv(Client, 0, 5000),
  {error, {tls_alert, {_, Text}}} = Connect("elsewhere"),
  Refused = string:find(Text, "hostname_check_failed") =/= nomatch,
  io:format("~s ~s", [Answer, Refused]),
  halt().`

describeEngine('secrets that were made for containers', () => {
  // Below the home directory: not every engine mounts from the system's temporary one.
  const parent = join(homedir(), '.cache')
  mkdirSync(parent, { recursive: true })
  const directory = mkdtempSync(join(parent, 'erlmcp-secrets-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  writeFileSync(join(directory, 'compose.yaml'), composeFile)
  const project = composeProject(directory, { file: 'compose.yaml' })

  beforeAll(async () => {
    await ensureImages([image])
    const report = await initSecrets(directory, [random('secrets/shared', [1000, 999]), ...tls])
    expect(report.ok).toBe(true)
    await project.up()
  })

  it.each(['app', 'cache'])('%s reads the secret that both share', async (name) => {
    expect(await project.exec(name, ['cat', '/run/secrets/shared'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it.runIf(process.getuid?.() === 0)('only its reader reads the private key', async () => {
    const test = ['test', '-r', '/run/secrets/tls-key']
    expect((await project.exec('app', test)).code).toBe(0)
    expect((await project.exec('cache', test)).code).toBe(1)
  })

  it('Erlang speaks mutual TLS 1.3 with the certificates, and refuses a wrong name', async () => {
    const { code, stdout, stderr } = await project.exec('app', [
      'erl',
      '-noshell',
      '-eval',
      handshake,
    ])
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: 'mutual true' })
  })
})
