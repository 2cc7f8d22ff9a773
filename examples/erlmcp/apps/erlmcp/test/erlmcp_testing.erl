-module(erlmcp_testing).
-moduledoc "The application under test, and a client that hides nothing of HTTP.".

-export([start/1, stop/0, port/1, initialize/1, with_session/1, at/1, ping/0, rpc/4]).
-export([post/4, post/5, get/2, request/3, connect/1, raw/2, response/1, eventually/1, pem/1]).

%% Every port is free, so that suites may run beside a real server.
-define(PORTS, [
    {"ERLMCP_BIND", "127.0.0.1"},
    {"ERLMCP_HTTP_PORT", "0"},
    {"ERLMCP_HTTPS_PORT", "0"},
    {"ERLMCP_HEALTH_PORT", "0"},
    {"ERLMCP_METRICS_PORT", "0"},
    {"ERLMCP_LOG_LEVEL", "error"}
]).

start(Environment) ->
    [
        os:unsetenv(Name)
     || Pair <- os:getenv(),
        Prefix <- ["ERLMCP_", "OTEL_"],
        lists:prefix(Prefix, Pair),
        [Name | _] <- [string:split(Pair, "=")]
    ],
    [os:putenv(Name, Value) || {Name, Value} <- ?PORTS ++ Environment],
    application:ensure_all_started(erlmcp).

stop() ->
    _ = application:stop(erlmcp),
    ok.

port(Listener) ->
    erlmcp_listener:port(Listener).

%% For init_per_testcase: every case has a session of its own.
with_session(Config) ->
    Port = port(erlmcp_http_listener),
    [{at, {Port, initialize(Port)}} | Config].

at(Config) ->
    proplists:get_value(at, Config).

initialize(Port) ->
    {200, #{~"mcp-session-id" := Session}, _} = post(Port, ~"initialize", 0, #{
        ~"protocolVersion" => ~"2025-06-18"
    }),
    Session.

ping() ->
    ~'{"jsonrpc":"2.0","id":1,"method":"ping"}'.

%% The result or error of a request within a session.
rpc(Port, Session, Method, Params) ->
    {200, #{~"content-type" := ~"application/json"}, Body} =
        post(Port, Method, 1, Params, [{"mcp-session-id", Session}]),
    #{~"jsonrpc" := ~"2.0", ~"id" := 1} = Json = json:decode(Body),
    case Json of
        #{~"result" := Result} -> Result;
        #{~"error" := #{~"code" := Code}} -> {error, Code}
    end.

post(Port, Method, Id, Params) ->
    post(Port, Method, Id, Params, []).

post(Port, Method, Id, Params, Headers) ->
    Body = json:encode(#{jsonrpc => ~"2.0", id => Id, method => Method, params => Params}),
    request(Port, {"POST", "/mcp", [{"content-type", "application/json"} | Headers]}, Body).

get(Port, Path) ->
    request(Port, {"GET", Path, []}, "").

%% One request on one connection.
request(Port, {Method, Path, Headers}, Body) ->
    Socket = connect(Port),
    Lines = [[Name, ": ", Value, "\r\n"] || {Name, Value} <- Headers],
    Length = ["content-length: ", integer_to_list(iolist_size(Body)), "\r\n"],
    ok = send(Socket, [Method, " ", Path, " HTTP/1.1\r\nhost: test\r\n", Lines, Length, "\r\n", Body]),
    Response = response(Socket),
    close(Socket),
    Response.

connect(Port) when is_integer(Port) ->
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {active, false}]),
    Socket;
connect({tls, Port, Options}) ->
    {ok, Socket} = ssl:connect({127, 0, 0, 1}, Port, [binary, {active, false} | Options], 5_000),
    Socket.

raw(Socket, Data) ->
    ok = send(Socket, Data),
    response(Socket).

response(Socket) ->
    response(Socket, ~"").

response(Socket, Buffer) ->
    case binary:split(Buffer, ~"\r\n\r\n") of
        [Head, Rest] ->
            [<<"HTTP/1.1 ", Status:3/binary, _/binary>> | Lines] = binary:split(Head, ~"\r\n", [global]),
            Headers = maps:from_list([list_to_tuple(binary:split(Line, ~": ")) || Line <- Lines]),
            Length = binary_to_integer(maps:get(~"content-length", Headers, ~"0")),
            {binary_to_integer(Status), Headers, rest(Socket, Rest, Length)};
        [_] ->
            case recv(Socket) of
                {ok, Data} -> response(Socket, <<Buffer/binary, Data/binary>>);
                {error, closed} -> closed
            end
    end.

rest(_, Rest, Length) when byte_size(Rest) >= Length ->
    Rest;
rest(Socket, Rest, Length) ->
    case recv(Socket) of
        {ok, Data} -> rest(Socket, <<Rest/binary, Data/binary>>, Length);
        %% The answer to HEAD.
        {error, closed} -> Rest
    end.

send(Socket, Data) when is_port(Socket) -> gen_tcp:send(Socket, Data);
send(Socket, Data) -> ssl:send(Socket, Data).

recv(Socket) when is_port(Socket) -> gen_tcp:recv(Socket, 0, 10_000);
recv(Socket) -> ssl:recv(Socket, 0, 5_000).

close(Socket) when is_port(Socket) -> gen_tcp:close(Socket);
close(Socket) -> ssl:close(Socket).

%% What a distributed system does, it does soon: ten seconds at most.
eventually(Check) ->
    eventually(Check, 200).

eventually(Check, 1) ->
    Check();
eventually(Check, Times) ->
    try
        Check()
    catch
        _:_ ->
            timer:sleep(50),
            eventually(Check, Times - 1)
    end.

%% A certificate authority, and a certificate with its key, as PEM files in a directory.
pem(Directory) ->
    Options = [{digest, sha256}, {key, {namedCurve, secp256r1}}],
    #{server_config := Server, client_config := Client} = public_key:pkix_test_data(#{
        server_chain => #{root => Options, intermediates => [], peer => Options},
        client_chain => #{root => Options, intermediates => [], peer => Options}
    }),
    #{
        server => files(Directory, "server", Server),
        client => files(Directory, "client", Client)
    }.

files(Directory, Name, Config) ->
    {KeyType, KeyDer} = proplists:get_value(key, Config),
    Entries = [
        {cert, [{'Certificate', proplists:get_value(cert, Config), not_encrypted}]},
        {key, [{KeyType, KeyDer, not_encrypted}]},
        {ca, [{'Certificate', Der, not_encrypted} || Der <- proplists:get_value(cacerts, Config)]}
    ],
    maps:from_list([
        begin
            File = filename:join(Directory, Name ++ "." ++ atom_to_list(Kind) ++ ".pem"),
            ok = file:write_file(File, public_key:pem_encode(Pem)),
            {Kind, File}
        end
     || {Kind, Pem} <- Entries
    ]).
