-module(erlmcp_wire_SUITE).

%% HTTP itself, below MCP: what clients do right, wrong and on purpose.

-include_lib("stdlib/include/assert.hrl").

-compile([export_all, nowarn_export_all]).

-import(erlmcp_testing, [at/1, ping/0, post/5, connect/1, raw/2]).

all() ->
    [
        too_large,
        chunked,
        too_large_chunked,
        expect_continue,
        expect_something_else,
        keep_alive,
        pipeline,
        http_1_0,
        smuggling,
        strange_bytes,
        many_connections
    ].

init_per_suite(Config) ->
    {ok, _} = erlmcp_testing:start([{"ERLMCP_MAX_BODY_BYTES", "10000"}]),
    Config.

end_per_suite(_) ->
    erlmcp_testing:stop().

init_per_testcase(_, Config) ->
    erlmcp_testing:with_session(Config).

end_per_testcase(_, _) ->
    ok.

too_large(Config) ->
    {Port, Session} = at(Config),
    Echo = fun(Size) ->
        post(
            Port,
            ~"tools/call",
            1,
            #{~"name" => ~"echo", ~"arguments" => #{~"text" => binary:copy(~"a", Size)}},
            [{"mcp-session-id", Session}]
        )
    end,
    ?assertMatch({200, _, _}, Echo(9_800)),
    ?assertMatch({413, #{~"connection" := ~"close"}, _}, Echo(10_000)),
    ?assertMatch({413, _, _}, Echo(1_000_000)).

chunked_head(Session) ->
    [
        "POST /mcp HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\nmcp-session-id: ",
        Session,
        "\r\ntransfer-encoding: chunked\r\n\r\n"
    ].

chunked(Config) ->
    {Port, Session} = at(Config),
    Socket = connect(Port),
    ok = gen_tcp:send(Socket, chunked_head(Session)),
    [
        begin
            ok = gen_tcp:send(Socket, io_lib:format("1\r\n~c\r\n", [C])),
            C =:= $} andalso timer:sleep(20)
        end
     || <<C>> <= ping()
    ],
    ?assertMatch({200, _, _}, raw(Socket, "0\r\n\r\n")).

too_large_chunked(Config) ->
    {Port, Session} = at(Config),
    ?assertMatch({413, _, _}, raw(connect(Port), [chunked_head(Session), "10000\r\n"])),
    ?assertMatch({400, _, _}, raw(connect(Port), [chunked_head(Session), "zzz\r\n"])).

expect_continue(Config) ->
    {Port, Session} = at(Config),
    Head = fun(Length) ->
        [
            "POST /mcp HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\n",
            "content-type: application/json\r\nmcp-session-id: ",
            Session,
            "\r\ncontent-length: ",
            integer_to_list(Length),
            "\r\n\r\n"
        ]
    end,
    Socket = connect(Port),
    ok = gen_tcp:send(Socket, Head(byte_size(ping()))),
    ?assertEqual({ok, ~"HTTP/1.1 100 Continue\r\n\r\n"}, gen_tcp:recv(Socket, 25, 5_000)),
    ?assertMatch({200, _, _}, raw(Socket, ping())),
    %% Refused before the client has sent a single byte of it.
    ?assertMatch({413, _, _}, raw(connect(Port), Head(20_000))).

expect_something_else(Config) ->
    {Port, _} = at(Config),
    ?assertMatch(
        {417, _, _}, raw(connect(Port), "POST /mcp HTTP/1.1\r\nhost: h\r\nexpect: magic\r\n\r\n")
    ).

keep_alive(Config) ->
    {Port, Session} = at(Config),
    Socket = connect(Port),
    Request = [
        "POST /mcp HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\nmcp-session-id: ",
        Session,
        "\r\ncontent-length: ",
        integer_to_list(byte_size(ping()))
    ],
    [?assertMatch({200, _, _}, raw(Socket, [Request, "\r\n\r\n", ping()])) || _ <- lists:seq(1, 10)],
    ?assertMatch(
        {200, #{~"connection" := ~"close"}, _},
        raw(Socket, [Request, "\r\nconnection: close\r\n\r\n", ping()])
    ),
    ?assertEqual({error, closed}, gen_tcp:recv(Socket, 0, 5_000)).

pipeline(Config) ->
    {Port, _} = at(Config),
    Socket = connect(Port),
    ok = gen_tcp:send(Socket, lists:duplicate(3, "GET /mcp HTTP/1.1\r\nhost: h\r\n\r\n")),
    timer:sleep(100),
    {ok, Answers} = gen_tcp:recv(Socket, 0, 5_000),
    ?assertEqual(3, length(binary:matches(Answers, ~"HTTP/1.1 405"))).

http_1_0(Config) ->
    {Port, _} = at(Config),
    Socket = connect(Port),
    ?assertMatch({405, #{~"connection" := ~"close"}, _}, raw(Socket, "GET /mcp HTTP/1.0\r\n\r\n")).

smuggling(Config) ->
    {Port, _} = at(Config),
    [
        ?assertMatch({Status, #{~"connection" := ~"close"}, _}, raw(connect(Port), [Head, "\r\n\r\n"]))
     || {Status, Head} <- [
            {400, "POST /mcp HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\ntransfer-encoding: chunked"},
            {400, "POST /mcp HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\ncontent-length: 2"},
            {400, "POST /mcp HTTP/1.1\r\nhost : h"},
            {501, "POST /mcp HTTP/1.1\r\nhost: h\r\ntransfer-encoding: gzip, chunked"},
            {505, "POST /mcp HTTP/3.0\r\nhost: h"},
            {431, ["GET / HTTP/1.1\r\na: ", binary:copy(~"a", 17_000)]}
        ]
    ].

%% Headers are bytes and need not be UTF-8.
strange_bytes(Config) ->
    {Port, _} = at(Config),
    [
        ?assertMatch(
            {Header, {Status, _, _}},
            {Header, raw(connect(Port), ["POST /mcp HTTP/1.1\r\nhost: h\r\n", Header, ": ", 255, " \r\n\r\n"])}
        )
     || {Status, Header} <- [
            {415, "connection"},
            {415, "content-type"},
            {415, "x-anything"},
            {417, "expect"},
            {501, "transfer-encoding"},
            {403, "origin"}
        ]
    ],
    Json = "POST /mcp HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n",
    ?assertMatch({406, _, _}, raw(connect(Port), [Json, "accept: ", 255, "\r\n\r\n"])),
    ?assertMatch({400, _, _}, raw(connect(Port), [Json, "mcp-protocol-version: ", 255, "\r\n\r\n"])),
    Session = [Json, "mcp-session-id: ", 255, "\r\ncontent-length: 40\r\n\r\n", ping()],
    ?assertMatch({404, _, _}, raw(connect(Port), Session)),
    ?assertMatch({400, _, _}, raw(connect(Port), ["GET /", 255, " HTTP/1.1\r\nhost: h\r\n\r\n"])).

many_connections(Config) ->
    {Port, _} = at(Config),
    Sockets = [connect(Port) || _ <- lists:seq(1, 100)],
    erlmcp_testing:eventually(fun() ->
        ?assert(erlmcp_listener:connections(erlmcp_http_listener) >= 100)
    end),
    [?assertMatch({405, _, _}, raw(S, "GET /mcp HTTP/1.1\r\nhost: h\r\n\r\n")) || S <- Sockets],
    [gen_tcp:close(S) || S <- Sockets],
    erlmcp_testing:eventually(fun() ->
        ?assertEqual(0, erlmcp_listener:connections(erlmcp_http_listener))
    end).
