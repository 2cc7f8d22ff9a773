-module(erlmcp_http_SUITE).

-include_lib("stdlib/include/assert.hrl").

-compile([export_all, nowarn_export_all]).

-import(erlmcp_testing, [at/1, ping/0, request/3, rpc/4, post/5]).

all() ->
    [
        session,
        older_client,
        notification_is_accepted,
        json_rpc_errors,
        batch,
        tools,
        tools_without_stores,
        unknown_session,
        missing_session,
        ended_session,
        protocol_version,
        origin,
        content_type,
        accept,
        other_methods,
        other_paths,
        wrong_configuration,
        occupied_port
    ].

init_per_suite(Config) ->
    {ok, _} = erlmcp_testing:start([]),
    Config.

end_per_suite(_) ->
    erlmcp_testing:stop().

init_per_testcase(_, Config) ->
    erlmcp_testing:with_session(Config).

end_per_testcase(_, _) ->
    ok.

json_headers(Session) ->
    [{"content-type", "application/json"}, {"mcp-session-id", Session}].

send(Port, Headers, Body) ->
    request(Port, {"POST", "/mcp", Headers}, Body).

session(Config) ->
    {Port, _} = at(Config),
    {200, Headers, Body} = post(
        Port,
        ~"initialize",
        1,
        #{
            ~"protocolVersion" => ~"2025-06-18",
            ~"capabilities" => #{},
            ~"clientInfo" => #{~"name" => ~"test", ~"version" => ~"1"}
        },
        [{"accept", "application/json, text/event-stream"}]
    ),
    ?assertMatch(
        #{
            ~"result" := #{
                ~"protocolVersion" := ~"2025-06-18",
                ~"serverInfo" := #{~"name" := ~"erlmcp", ~"version" := ~"3.0.0"}
            }
        },
        json:decode(Body)
    ),
    Session = maps:get(~"mcp-session-id", Headers),
    Next = [{"mcp-protocol-version", "2025-06-18"} | json_headers(Session)],
    ?assertMatch(
        {202, #{}, ~""}, send(Port, Next, ~'{"jsonrpc":"2.0","method":"notifications/initialized"}')
    ),
    ?assertMatch({200, #{}, ~'{"id":1,"jsonrpc":"2.0","result":{}}'}, send(Port, Next, ping())).

older_client(Config) ->
    {Port, _} = at(Config),
    {200, #{}, Body} = post(Port, ~"initialize", 1, #{~"protocolVersion" => ~"2025-03-26"}, []),
    ?assertMatch(#{~"result" := #{~"protocolVersion" := ~"2025-03-26"}}, json:decode(Body)).

notification_is_accepted(Config) ->
    {Port, Session} = at(Config),
    [
        ?assertMatch({202, #{}, ~""}, send(Port, json_headers(Session), Body))
     || Body <- [
            ~'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
            ~'{"jsonrpc":"2.0","method":"notifications/invented"}',
            ~'{"jsonrpc":"2.0","id":1,"result":{}}'
        ]
    ].

json_rpc_errors(Config) ->
    {Port, Session} = at(Config),
    [
        begin
            {Status, #{}, Answer} = send(Port, json_headers(Session), Body),
            ?assertMatch({Body, #{~"error" := #{~"code" := Code}}}, {Body, json:decode(Answer)})
        end
     || {Status, Code, Body} <- [
            {400, -32700, ~"{"},
            {400, -32700, ~""},
            {400, -32600, ~"[]"},
            {400, -32600, ~'{"jsonrpc":"2.0","id":null,"method":"ping"}'},
            {200, -32601, ~'{"jsonrpc":"2.0","id":1,"method":"invented"}'},
            {200, -32602, ~'{"jsonrpc":"2.0","id":1,"method":"tools/call"}'},
            {200, -32602, ~'{"jsonrpc":"2.0","id":1,"method":"initialize"}'}
        ]
    ].

batch(Config) ->
    {Port, Session} = at(Config),
    Batch = <<"[", (ping())/binary, ",1,{\"jsonrpc\":\"2.0\",\"method\":\"n\"}]">>,
    Older = [{"mcp-protocol-version", "2025-03-26"} | json_headers(Session)],
    {200, _, Body} = send(Port, Older, Batch),
    ?assertMatch([#{~"result" := #{}}, #{~"error" := #{~"code" := -32600}}], json:decode(Body)),
    ?assertMatch({202, _, ~""}, send(Port, Older, ~'[{"jsonrpc":"2.0","method":"n"}]')),
    ?assertMatch({400, _, _}, send(Port, [{"content-type", "application/json"}], Batch)),
    ?assertMatch(
        {400, _, _}, send(Port, [{"mcp-protocol-version", "2025-06-18"} | json_headers(Session)], Batch)
    ),
    ?assertMatch(
        {400, _, _},
        send(Port, Older, ~'[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}]')
    ).

tools(Config) ->
    {Port, Session} = at(Config),
    Call = fun(Name, Arguments) ->
        rpc(Port, Session, ~"tools/call", #{~"name" => Name, ~"arguments" => Arguments})
    end,
    ?assertMatch(
        #{~"content" := [#{~"text" := ~"grüße"}], ~"isError" := false},
        Call(~"echo", #{~"text" => ~"grüße"})
    ),
    Self = atom_to_binary(node()),
    ?assertMatch(
        #{~"structuredContent" := #{~"self" := Self, ~"nodes" := [_ | _]}}, Call(~"nodes", #{})
    ),
    ?assertEqual({error, -32602}, Call(~"echo", #{})),
    ?assertEqual({error, -32602}, Call(~"echo", #{~"text" => 1})),
    ?assertEqual({error, -32602}, Call(~"invented", #{})),
    ?assertEqual({error, -32602}, Call(~"note_add", #{~"text" => ~"a"})).

tools_without_stores(Config) ->
    {Port, Session} = at(Config),
    #{~"tools" := Tools} = rpc(Port, Session, ~"tools/list", #{}),
    ?assertEqual([~"echo", ~"nodes"], [Name || #{~"name" := Name} <- Tools]),
    ?assert(lists:all(fun(#{~"inputSchema" := #{~"type" := Type}}) -> Type =:= ~"object" end, Tools)).

unknown_session(Config) ->
    {Port, _} = at(Config),
    {404, _, Body} = send(Port, json_headers("invented"), ping()),
    ?assertMatch(#{~"id" := null, ~"error" := #{~"code" := -32001}}, json:decode(Body)).

missing_session(Config) ->
    {Port, _} = at(Config),
    ?assertMatch({400, _, _}, send(Port, [{"content-type", "application/json"}], ping())),
    ?assertMatch({400, _, _}, request(Port, {"DELETE", "/mcp", []}, "")).

ended_session(Config) ->
    {Port, Session} = at(Config),
    Delete = {"DELETE", "/mcp", [{"mcp-session-id", Session}]},
    ?assertMatch({204, _, ~""}, request(Port, Delete, "")),
    ?assertMatch({404, _, _}, send(Port, json_headers(Session), ping())),
    ?assertMatch({404, _, _}, request(Port, Delete, "")).

protocol_version(Config) ->
    {Port, Session} = at(Config),
    [
        ?assertMatch({Status, _, _}, send(Port, [{"mcp-protocol-version", Version} | json_headers(Session)], ping()))
     || {Status, Version} <- [{200, "2025-06-18"}, {200, "2025-03-26"}, {400, "2024-11-05"}, {400, "x"}]
    ].

origin(Config) ->
    {Port, Session} = at(Config),
    [
        ?assertMatch({Status, _, _}, send(Port, [{"origin", Origin} | json_headers(Session)], ping()))
     || {Status, Origin} <- [
            {200, "http://localhost:3000"},
            {200, "http://127.0.0.1"},
            {403, "https://evil.example"},
            {403, "null"}
        ]
    ],
    ?assertMatch({403, _, _}, request(Port, {"GET", "/mcp", [{"origin", "https://evil.example"}]}, "")).

content_type(Config) ->
    {Port, Session} = at(Config),
    [
        ?assertMatch(
            {Status, _, _}, send(Port, Type ++ [{"mcp-session-id", Session}], ping())
        )
     || {Status, Type} <- [
            {200, [{"content-type", "Application/JSON; charset=utf-8"}]},
            {415, [{"content-type", "text/plain"}]},
            {415, []}
        ]
    ].

accept(Config) ->
    {Port, Session} = at(Config),
    [
        ?assertMatch({Status, _, _}, send(Port, [{"accept", Accept} | json_headers(Session)], ping()))
     || {Status, Accept} <- [
            {200, "application/json, text/event-stream"},
            {200, "*/*"},
            {406, "text/event-stream"}
        ]
    ].

other_methods(Config) ->
    {Port, _} = at(Config),
    [
        ?assertMatch({405, #{~"allow" := ~"POST, DELETE"}, _}, request(Port, {Method, "/mcp", []}, ""))
     || Method <- ["GET", "PUT", "OPTIONS"]
    ].

other_paths(Config) ->
    {Port, _} = at(Config),
    [
        ?assertMatch({404, _, _}, request(Port, {"POST", Path, []}, "{}"))
     || Path <- ["/", "/mcp/", "/metrics", "/health/live"]
    ].

wrong_configuration(_) ->
    erlmcp_testing:stop(),
    [
        ?assertMatch({error, {erlmcp, _}}, erlmcp_testing:start([{Name, Value}]))
     || {Name, Value} <- [
            {"ERLMCP_LOG_LEVEL", "loud"},
            {"ERLMCP_SESSION_KEY_FILE", "/nowhere"}
        ]
    ],
    {ok, _} = erlmcp_testing:start([]).

occupied_port(_) ->
    erlmcp_testing:stop(),
    {ok, Taken} = gen_tcp:listen(0, [{ip, {127, 0, 0, 1}}]),
    {ok, Port} = inet:port(Taken),
    Start = [{"ERLMCP_HTTP_PORT", integer_to_list(Port)}],
    ?assertMatch({error, {erlmcp, _}}, erlmcp_testing:start(Start)),
    gen_tcp:close(Taken),
    ?assertMatch({ok, _}, erlmcp_testing:start(Start)).
