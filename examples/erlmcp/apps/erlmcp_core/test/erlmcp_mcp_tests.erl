-module(erlmcp_mcp_tests).

-include_lib("eunit/include/eunit.hrl").

server() ->
    Schema = #{~"type" => ~"object", ~"properties" => #{}, ~"additionalProperties" => false},
    Tool = fun(Name, Result) ->
        #{
            name => Name,
            description => ~"A tool.",
            input_schema => Schema,
            call => fun(#{}) -> Result end
        }
    end,
    #{
        name => ~"test",
        version => ~"1.2.3",
        tools => [
            Tool(~"text", {ok, ~"hello"}),
            Tool(~"map", {ok, #{~"n" => 1}}),
            Tool(~"broken", {error, ~"no luck"})
        ]
    }.

call(Method, Params) ->
    {reply, Reply} = erlmcp_mcp:handle({request, 1, Method, Params}, server()),
    Json = json:decode(iolist_to_binary(erlmcp_jsonrpc:encode(Reply))),
    ?assertMatch(#{~"jsonrpc" := ~"2.0", ~"id" := 1}, Json),
    Json.

code(Method, Params) ->
    #{~"error" := #{~"code" := Code, ~"message" := <<_, _/binary>>}} = call(Method, Params),
    Code.

initialize_test_() ->
    [
        ?_assertMatch(
            #{
                ~"result" := #{
                    ~"protocolVersion" := Answer,
                    ~"capabilities" := #{~"tools" := #{}},
                    ~"serverInfo" := #{~"name" := ~"test", ~"version" := ~"1.2.3"}
                }
            },
            call(~"initialize", #{~"protocolVersion" => Wanted})
        )
     || {Wanted, Answer} <- [
            {~"2025-06-18", ~"2025-06-18"},
            {~"2025-03-26", ~"2025-03-26"},
            {~"1999-01-01", ~"2025-06-18"}
        ]
    ].

initialize_without_version_test() ->
    ?assertEqual(-32602, code(~"initialize", #{})),
    ?assertEqual(-32602, code(~"initialize", #{~"protocolVersion" => 1})).

ping_test() ->
    ?assertMatch(#{~"result" := Empty} when Empty =:= #{}, call(~"ping", #{})).

tools_list_test() ->
    #{~"result" := #{~"tools" := Tools}} = call(~"tools/list", #{}),
    ?assertMatch(
        [
            #{
                ~"name" := ~"text",
                ~"description" := ~"A tool.",
                ~"inputSchema" := #{~"type" := ~"object"}
            },
            #{~"name" := ~"map"},
            #{~"name" := ~"broken"}
        ],
        Tools
    ).

tools_list_knows_no_cursor_test() ->
    ?assertEqual(-32602, code(~"tools/list", #{~"cursor" => ~"x"})).

tools_call_test_() ->
    [
        ?_assertEqual(
            #{
                ~"content" => [#{~"type" => ~"text", ~"text" => ~"hello"}],
                ~"isError" => false
            },
            result(~"text")
        ),
        ?_assertEqual(
            #{
                ~"content" => [#{~"type" => ~"text", ~"text" => ~'{"n":1}'}],
                ~"structuredContent" => #{~"n" => 1},
                ~"isError" => false
            },
            result(~"map")
        ),
        ?_assertEqual(
            #{
                ~"content" => [#{~"type" => ~"text", ~"text" => ~"no luck"}],
                ~"isError" => true
            },
            result(~"broken")
        )
    ].

result(Tool) ->
    maps:get(~"result", call(~"tools/call", #{~"name" => Tool})).

tools_call_invalid_params_test_() ->
    [
        ?_assertEqual(-32602, code(~"tools/call", Params))
     || Params <- [
            #{},
            #{~"name" => ~"missing"},
            #{~"name" => 1},
            #{~"name" => ~"text", ~"arguments" => []},
            #{~"name" => ~"text", ~"arguments" => #{~"extra" => 1}},
            [~"text"]
        ]
    ].

unknown_method_test() ->
    ?assertEqual(-32601, code(~"resources/list", #{})).

no_answer_test_() ->
    [
        ?_assertEqual(noreply, erlmcp_mcp:handle(Message, server()))
     || Message <- [{notification, ~"notifications/initialized", #{}}, {response, 1}]
    ].

invalid_request_test() ->
    ?assertMatch(
        {reply, #{~"id" := 3, ~"error" := #{~"code" := -32600}}},
        erlmcp_mcp:handle({invalid, 3}, server())
    ),
    ?assertMatch(
        #{~"id" := null, ~"error" := #{~"code" := -32700}}, erlmcp_mcp:refusal(parse_error, null)
    ).

label_test_() ->
    [
        ?_assertEqual(Label, erlmcp_mcp:label(Message))
     || {Label, Message} <- [
            {~"ping", {request, 1, ~"ping", #{}}},
            {~"other", {request, 1, ~"invented", #{}}},
            {~"notifications/initialized", {notification, ~"notifications/initialized", #{}}},
            {~"other", {notification, ~"invented", #{}}},
            {~"response", {response, 1}},
            {~"other", {invalid, null}}
        ]
    ].
