import { environment, failure, homeOf, newCookie, prefix, type ScriptOptions } from './common.ts'
import { relxScript } from './start.ts'

/**
 * Controls the running node. It is a hidden node without a listener, and not the script of relx, which
 * puts the cookie on a command line that the host can read. It is also `bin/<release>`, with the
 * commands of relx; the script of relx runs the remaining ones with the environment of the node.
 */
export function ctlScript(options: ScriptOptions): string {
  const { release, version, distribution } = options
  const own = prefix(release)
  const protocol = distribution === 'tls' ? ' -proto_dist inet_tls' : ''
  return `#!/bin/sh
# ctl COMMAND, and ${release} COMMAND: see usage below.
set -eu
umask 077

${failure('ctl')}
usage() {
  cat >&2 <<'EOT'
usage: ctl COMMAND
  ping                                says pong when the node answers
  pid                                 process id of the node, within the container
  version                             version of the running release
  versions                            every version that the release knows, with its state
  eval 'EXPRESSIONS'                  evaluates them on the node and prints the last value
  rpc MODULE [FUNCTION ['ARGUMENTS']] applies a function; the arguments are an Erlang list
  stop                                ends the node, and waits; a restart policy starts it again
  restart                             restarts the applications within the running emulator
  reboot                              ends the node, for a restart policy to start it again
  cookie                              takes the cookie that the secret has now; connections stay
  remote_console                      a shell on the node (needs docker exec -it); leave with Ctrl-C
  foreground                          starts the node: what the container runs
EOT
  exit 64
}

command=\${1:-}
case $command in
  foreground | console)
    shift
    exec ${homeOf(release)}/bin/start "$@"
    ;;
  daemon | daemon_boot | daemon_attach | start | attach)
    fail "$command has no place in a container, which ends with its program: docker start and docker attach do that"
    ;;
  install | uninstall | upgrade | downgrade | unpack)
    fail "$command has no place in a container, whose release is read-only: build an image of the other version and deploy it"
    ;;
esac

${environment(options)}
[ -r "$HOME/.erlang.cookie" ] || fail "there is no $HOME/.erlang.cookie: does ${release} run here, as uid $(id -u)?"

ROOTDIR=${homeOf(release)}
for BINDIR in "$ROOTDIR"/erts-*/bin; do :; done
export ROOTDIR BINDIR EMU=beam PROGNAME=erl

# A hidden node without a listener, with as few threads as possible.
client() {
  exec "$BINDIR/erlexec" -boot "$ROOTDIR/releases/${version}/start_clean" \\
    -boot_var SYSTEM_LIB_DIR "$ROOTDIR/lib" -mode interactive -kernel logger_level error \\
    "$name_flag" "ctl-$$@\${${own}NODE_NAME#*@}" -hidden -dist_listen false \\
    -start_epmd false -erl_epmd_port "$ERL_DIST_PORT"${protocol} +S 1:1 +SDcpu 1:1 +SDio 1 +A 1 "$@"
}

case $${own}NODE_NAME in
  *@*.* | *@*:*) name_flag=-name ;;
  *) name_flag=-sname ;;
esac

# shellcheck disable=SC2016 # the dollar signs are Erlang's
program='
  [Name, Command | Words] = init:get_plain_arguments(),
  Node = list_to_atom(Name),
  Fail = fun(Format, Values) -> io:format(standard_error, "ctl: " ++ Format ++ "~n", Values), halt(1) end,
  Parse = fun(Text) ->
    Trimmed = string:trim(string:trim(Text), trailing, "."),
    case erl_scan:string(Trimmed ++ " .") of
      {ok, Tokens, _} ->
        case erl_parse:parse_exprs(Tokens) of
          {ok, Exprs} -> Exprs;
          {error, {_, Module, Why}} -> Fail("~ts", [Module:format_error(Why)])
        end;
      {error, {_, Module, Why}, _} -> Fail("~ts", [Module:format_error(Why)])
    end
  end,
  Value = fun(Text) -> {value, Term, _} = erl_eval:exprs(Parse(Text), []), Term end,
  Call = fun(Module, Function, Arguments) ->
    try erpc:call(Node, Module, Function, Arguments)
    catch
      error:{erpc, noconnection} -> Fail("~ts does not answer", [Name]);
      Class:Reason -> Fail("~tp: ~tp", [Class, Reason])
    end
  end,
  case {Command, Words} of
    {"ping", []} -> Call(erlang, node, []), io:format("pong~n");
    {"version", []} ->
      [io:format("~ts~n", [Version]) ||
        {_, Version, _, permanent} <- Call(release_handler, which_releases, [])];
    {"versions", []} ->
      [io:format("~ts ~ts ~ts~n", [Release, Version, State]) ||
        {Release, Version, _, State} <- Call(release_handler, which_releases, [])];
    {"pid", []} -> io:format("~ts~n", [Call(os, getpid, [])]);
    {Control, []} when Control =:= "stop"; Control =:= "restart"; Control =:= "reboot" ->
      ok = Call(init, list_to_atom(Control), []);
    {"eval", [Text]} ->
      {value, Result, _} = Call(erl_eval, exprs, [Parse(Text), []]),
      io:format("~tp~n", [Result]);
    {"rpc", [Module, Function | Rest]} ->
      Arguments = case Rest of [] -> []; [Text] -> Value(Text) end,
      io:format("~tp~n", [Call(list_to_atom(Module), list_to_atom(Function), Arguments)]);
    {"cookie", [File]} ->
      {ok, Cookie} = file:read_file(File),
      true = Call(erlang, set_cookie, [binary_to_atom(Cookie)])
  end,
  halt(0).'

# The node keeps the old cookie until it gets the new one, and so does this script.
change_cookie() {
${newCookie(options, '  fail "there is no cookie at $cookie_file"').replaceAll(/^(?=.)/gm, '  ')}  (client -noinput -eval "$program" -extra "$${own}NODE_NAME" cookie "$HOME/.erlang.cookie.new")
  mv -f "$HOME/.erlang.cookie.new" "$HOME/.erlang.cookie"
}

ask() {
  client -noinput -eval "$program" -extra "$${own}NODE_NAME" "$@"
}

case $command:$# in
  ping:1 | pid:1 | version:1 | versions:1 | restart:1 | reboot:1 | eval:2 | rpc:3 | rpc:4) ask "$@" ;;
  rpc:2) ask rpc "$2" start ;;
  stop:1)
    pid=$(ask pid)
    (ask stop)
    while kill -0 "$pid" 2>/dev/null; do sleep 1; done
    ;;
  cookie:1) change_cookie ;;
  remote_console:1 | remote:1 | remsh:1) client -remsh "$${own}NODE_NAME" ;;
  *)
    # Other commands of the relx script, such as escript and extensions of the project.
    [ "\${0##*/}" = ${release} ] || usage
    export RELX_OUT_FILE_PATH="$HOME"
    exec ${homeOf(release)}/${relxScript(release)} "$@"
    ;;
esac
`
}
