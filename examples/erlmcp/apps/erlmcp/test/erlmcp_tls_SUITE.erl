-module(erlmcp_tls_SUITE).

-include_lib("stdlib/include/assert.hrl").

-compile([export_all, nowarn_export_all]).

-import(erlmcp_testing, [connect/1, raw/2]).

all() ->
    [both_versions, old_versions_are_refused, idle_connection_is_closed, client_certificate, wrong_files].

%% Once for all: ssl keeps the files of a name for two minutes.
init_per_suite(Config) ->
    {ok, _} = application:ensure_all_started(ssl),
    [{pem, erlmcp_testing:pem(proplists:get_value(priv_dir, Config))} | Config].

end_per_suite(_) ->
    ok.

end_per_testcase(_, _) ->
    erlmcp_testing:stop().

start(#{server := #{cert := Cert, key := Key, ca := Ca}}, More) ->
    {ok, _} = erlmcp_testing:start([
        {"ERLMCP_TLS_CERT_FILE", Cert}, {"ERLMCP_TLS_KEY_FILE", Key}, {"ERLMCP_TLS_CA_FILE", Ca} | More
    ]),
    erlmcp_testing:port(erlmcp_https_listener).

trusting(#{client := #{ca := Ca}}) ->
    [
        {cacertfile, Ca},
        {verify, verify_peer},
        {server_name_indication, disable},
        {log_level, none}
    ].

both_versions(Config) ->
    Pem = proplists:get_value(pem, Config),
    Port = start(Pem, []),
    [
        begin
            At = {tls, Port, [{versions, [Version]} | trusting(Pem)]},
            Session = erlmcp_testing:initialize(At),
            ?assertMatch(
                #{~"content" := [#{~"text" := ~"hi"}]},
                erlmcp_testing:rpc(At, Session, ~"tools/call", #{
                    ~"name" => ~"echo", ~"arguments" => #{~"text" => ~"hi"}
                })
            ),
            %% Lingering works over TLS, too.
            Large = "POST /mcp HTTP/1.1\r\nhost: h\r\ncontent-length: 99999999\r\n\r\n",
            ?assertMatch({413, _, _}, raw(connect(At), Large))
        end
     || Version <- ['tlsv1.2', 'tlsv1.3']
    ],
    %% The plain port is there as well.
    ?assert(is_binary(erlmcp_testing:initialize(erlmcp_testing:port(erlmcp_http_listener)))).

old_versions_are_refused(Config) ->
    Pem = proplists:get_value(pem, Config),
    Port = start(Pem, []),
    ?assertMatch(
        {error, _},
        ssl:connect({127, 0, 0, 1}, Port, [{versions, ['tlsv1.1']} | trusting(Pem)], 5_000)
    ),
    ?assertMatch({error, _}, plain(Port)).

plain(Port) ->
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {active, false}]),
    ok = gen_tcp:send(Socket, "GET /mcp HTTP/1.1\r\nhost: h\r\n\r\n"),
    case gen_tcp:recv(Socket, 0, 5_000) of
        {ok, <<"HTTP", _/binary>>} -> ok;
        {ok, _Alert} -> {error, alert};
        {error, _} = Error -> Error
    end.

idle_connection_is_closed(Config) ->
    Pem = proplists:get_value(pem, Config),
    Port = start(Pem, []),
    Socket = connect({tls, Port, trusting(Pem)}),
    ?assertMatch({405, _, _}, raw(Socket, "GET /mcp HTTP/1.1\r\nhost: h\r\n\r\n")),
    Gone = connect({tls, Port, trusting(Pem)}),
    ssl:close(Gone),
    erlmcp_testing:stop(),
    ?assertEqual({error, closed}, ssl:recv(Socket, 0, 5_000)).

client_certificate(Config) ->
    #{client := #{cert := Cert, key := Key}} = Pem = proplists:get_value(pem, Config),
    Port = start(Pem, [{"ERLMCP_TLS_VERIFY", "verify_peer"}]),
    With = [{certfile, Cert}, {keyfile, Key} | trusting(Pem)],
    ?assert(is_binary(erlmcp_testing:initialize({tls, Port, With}))),
    %% In TLS 1.3 the client learns it with the first byte that it expects.
    case ssl:connect({127, 0, 0, 1}, Port, [{active, false} | trusting(Pem)], 5_000) of
        {error, _} ->
            ok;
        {ok, Socket} ->
            _ = ssl:send(Socket, "GET /mcp HTTP/1.1\r\nhost: h\r\n\r\n"),
            ?assertMatch({error, _}, ssl:recv(Socket, 0, 5_000))
    end.

wrong_files(Config) ->
    #{server := #{cert := Cert, key := Key}} = proplists:get_value(pem, Config),
    Empty = filename:join(proplists:get_value(priv_dir, Config), "empty.pem"),
    ok = file:write_file(Empty, ""),
    [
        ?assertMatch(
            {error, {erlmcp, _}},
            erlmcp_testing:start([
                {"ERLMCP_TLS_CERT_FILE", CertFile}, {"ERLMCP_TLS_KEY_FILE", KeyFile} | More
            ])
        )
     || {CertFile, KeyFile, More} <- [
            {"/nowhere", Key, []},
            {Cert, "/nowhere", []},
            {Cert, Empty, []},
            {Cert, Key, [{"ERLMCP_TLS_VERIFY", "verify_peer"}]},
            {Cert, Key, [{"ERLMCP_TLS_VERIFY", "verify_peer"}, {"ERLMCP_TLS_CA_FILE", Empty}]}
        ]
    ].
