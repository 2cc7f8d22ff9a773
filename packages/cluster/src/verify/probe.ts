import type { Cluster, ClusterNode } from '../cluster.ts'

/**
 * A short-lived node in the container of a node, with its certificate and cookie: hidden and without a
 * listener, like that of ctl.
 */
function emulator({ release }: Cluster): string {
  return `set -eu
home=/opt/${release}
export HOME="\${${release.toUpperCase()}_RUNTIME_DIR:-/tmp/${release}}"
export ROOTDIR=$home EMU=beam PROGNAME=erl
for BINDIR in "$home"/erts-*/bin; do :; done
export BINDIR
for boot in "$home"/releases/*/start_clean.boot; do :; done
exec "$BINDIR/erlexec" -boot "\${boot%.boot}" -boot_var SYSTEM_LIB_DIR "$home/lib" \\
  -mode interactive -kernel logger_level none -name "verify-$$@$1" -hidden -dist_listen false \\
  -start_epmd false -erl_epmd_port "$2" -proto_dist inet_tls \\
  -ssl_dist_optfile "$home/etc/ssl_dist.conf" +S 1:1 +SDcpu 1:1 +SDio 1 +A 1 \\
  -noinput -eval "$4" -extra "$3" "$2" "$home/etc/ssl_dist.conf"
`
}

// Each line of the output is a question and its answer. Valid credentials are tried, too: a rejection
// proves something only where they are accepted.
const program = `
  [Name, PortText, OptFile] = init:get_plain_arguments(),
  Target = list_to_atom(Name),
  Port = list_to_integer(PortText),
  [_, Host] = string:split(Name, "@"),
  {ok, _} = application:ensure_all_started(ssl),
  %% It is an expression, not only a term.
  {ok, Written} = file:read_file(OptFile),
  {ok, Tokens, _} = erl_scan:string(binary_to_list(Written)),
  {ok, Expressions} = erl_parse:parse_exprs(Tokens),
  {value, Options, _} = erl_eval:exprs(Expressions, []),
  Own = proplists:get_value(client, Options),
  Say = fun(Question, Answer) -> io:format("~s ~0tp~n", [Question, Answer]) end,
  Connect = fun(With) ->
    Common = [{active, false}, binary, {log_level, none}, {server_name_indication, Host}],
    case ssl:connect(Host, Port, Common ++ With, 5000) of
      {ok, Socket} ->
        {ok, [{protocol, Protocol}]} = ssl:connection_information(Socket, [protocol]),
        Answer = ssl:recv(Socket, 0, 1500),
        _ = ssl:close(Socket),
        case Answer of {error, timeout} -> {accepted, Protocol}; _ -> Answer end;
      Refused -> Refused
    end
  end,
  Alert = fun
    ({error, {tls_alert, {Kind, Text}}} = Refused) ->
      %% Of the two sides it must be the other that refuses.
      case string:find(Text, "received SERVER ALERT") of
        nomatch -> Refused;
        _ -> {refused, Kind}
      end;
    (Other) -> Other
  end,
  Say("genuine", Connect(Own)),
  %% The node's own certificate for another key, signed by an authority that has the name of
  %% the real one: of any other name a client would not even show it.
  {ok, Pem} = file:read_file(proplists:get_value(certfile, Own)),
  [{'Certificate', Der, _} | _] = public_key:pem_decode(Pem),
  Genuine = element(2, public_key:pkix_decode_cert(Der, otp)),
  NewKey = fun() -> public_key:generate_key({namedCurve, secp256r1}) end,
  Mine = NewKey(),
  Forged = setelement(8, Genuine, setelement(3, element(8, Genuine), {'ECPoint', element(5, Mine)})),
  Modern = [{verify, verify_none}, {versions, ['tlsv1.3']}],
  Credentials = [
    {cert, public_key:pkix_sign(Forged, NewKey())},
    {key, {'ECPrivateKey', public_key:der_encode('ECPrivateKey', Mine)}}
  ],
  Say("foreign", Alert(Connect(Modern ++ Credentials))),
  Say("nocert", Alert(Connect(Modern))),
  Say("old", Alert(Connect([{versions, ['tlsv1.2']} | proplists:delete(versions, Own)]))),
  {ok, Plain} = gen_tcp:connect(Host, Port, [binary, {active, false}], 5000),
  Self = atom_to_binary(node()),
  Hello = <<$N, 16#d07df7fbd:64, 0:32, (byte_size(Self)):16, Self/binary>>,
  ok = gen_tcp:send(Plain, [<<(byte_size(Hello)):16>>, Hello]),
  Say("plain", case gen_tcp:recv(Plain, 0, 5000) of
    {ok, <<21, 3, _/binary>>} -> {refused, tls_alert};
    {error, closed} -> {refused, closed};
    Heard -> Heard
  end),
  Right = erlang:get_cookie(),
  true = erlang:set_cookie(Target, list_to_atom(
    binary_to_list(binary:encode_hex(crypto:strong_rand_bytes(32))))),
  Say("wrongcookie", net_kernel:connect_node(Target)),
  true = erlang:set_cookie(Target, Right),
  Say("rightcookie", net_kernel:connect_node(Target)),
  halt(0).`

/** Arguments of `docker exec CONTAINER` with which one node tries every way into another. */
export function probe(cluster: Cluster, from: ClusterNode, to: ClusterNode, port: number) {
  return ['sh', '-c', emulator(cluster), 'sh', from.host, String(port), to.name, program]
}

/** A question of the probe, and the expected answer. */
interface Question {
  readonly check: 'tls' | 'foreign-ca' | 'no-certificate' | 'old-tls' | 'plain-tcp' | 'cookie'
  readonly asked: string
  readonly wanted: RegExp
  readonly good: string
  readonly bad: string
}

export const questions: readonly Question[] = [
  {
    check: 'tls',
    asked: 'genuine',
    wanted: /^\{accepted,'tlsv1\.3'\}$/,
    good: 'speaks TLS 1.3 with its own certificate',
    bad: 'does not speak TLS 1.3 to a node with a certificate',
  },
  {
    check: 'foreign-ca',
    asked: 'foreign',
    // Not `certificate_required`, the alert for a missing certificate.
    wanted: /^\{refused,(?:unknown_ca|bad_certificate|decrypt_error)\}$/,
    good: 'rejects a certificate of another authority',
    bad: 'does not reject a certificate of another authority',
  },
  {
    check: 'no-certificate',
    asked: 'nocert',
    wanted: /^\{refused,certificate_required\}$/,
    good: 'rejects a peer without a certificate',
    bad: 'does not reject a peer without a certificate',
  },
  {
    check: 'old-tls',
    asked: 'old',
    wanted: /^\{refused,protocol_version\}$/,
    good: 'rejects TLS 1.2',
    bad: 'does not reject TLS 1.2',
  },
  {
    check: 'plain-tcp',
    asked: 'plain',
    wanted: /^\{refused,\w+\}$/,
    good: 'rejects plain TCP',
    bad: 'does not reject plain TCP',
  },
  {
    check: 'cookie',
    asked: 'wrongcookie',
    wanted: /^false$/,
    good: 'rejects another cookie',
    bad: 'does not reject another cookie',
  },
  {
    check: 'cookie',
    asked: 'rightcookie',
    wanted: /^true$/,
    good: 'accepts the cookie of the cluster',
    bad: 'does not accept the cookie of the cluster, so its rejections prove nothing',
  },
]

/** Parses the output of the probe. */
export function parseAnswers(reply: string): ReadonlyMap<string, string> {
  const lines = reply.matchAll(/^([a-z]+) (.+)$/gm)
  return new Map([...lines].map(([, asked, answer]) => [asked!, answer!]))
}
