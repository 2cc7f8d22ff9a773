-module(erlmcp_jsonrpc_tests).

-include_lib("eunit/include/eunit.hrl").

request_test() ->
    ?assertEqual(
        {single, {request, 1, ~"ping", #{}}},
        erlmcp_jsonrpc:decode(~'{"jsonrpc":"2.0","id":1,"method":"ping"}')
    ).

request_with_string_id_and_params_test() ->
    ?assertEqual(
        {single, {request, ~"a", ~"tools/call", #{~"name" => ~"echo"}}},
        erlmcp_jsonrpc:decode(
            ~' {"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"echo"}} \r\n'
        )
    ).

notification_test() ->
    ?assertEqual(
        {single, {notification, ~"notifications/initialized", #{}}},
        erlmcp_jsonrpc:decode(~'{"jsonrpc":"2.0","method":"notifications/initialized"}')
    ).

response_test_() ->
    [
        ?_assertEqual({single, {response, 1}}, erlmcp_jsonrpc:decode(Body))
     || Body <- [
            ~'{"jsonrpc":"2.0","id":1,"result":null}',
            ~'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}'
        ]
    ].

invalid_test_() ->
    [
        {Body, ?_assertEqual({single, {invalid, Id}}, erlmcp_jsonrpc:decode(Body))}
     || {Id, Body} <- [
            {null, ~"1"},
            {null, ~"[]"},
            {null, ~"{}"},
            {7, ~'{"id":7,"method":"ping"}'},
            {7, ~'{"jsonrpc":"1.0","id":7,"method":"ping"}'},
            {7, ~'{"jsonrpc":"2.0","id":7,"method":1}'},
            {7, ~'{"jsonrpc":"2.0","id":7}'},
            {7, ~'{"jsonrpc":"2.0","id":7,"method":"ping","params":"p"}'},
            {null, ~'{"jsonrpc":"2.0","id":null,"method":"ping"}'},
            {null, ~'{"jsonrpc":"2.0","id":1.5,"method":"ping"}'},
            {null, ~'{"jsonrpc":"2.0","id":[],"method":"ping"}'},
            {null, ~'{"jsonrpc":"2.0","method":"ping","params":1}'}
        ]
    ].

parse_error_test_() ->
    [
        {Body, ?_assertEqual({error, parse_error}, erlmcp_jsonrpc:decode(Body))}
     || Body <- [~"", ~"{", ~"nonsense", ~"{} {}", ~"{}x", ~"1e999999", <<"\"", 255, "\"">>]
    ].

long_number_is_a_parse_error_test() ->
    Digits = binary:copy(~"9", 1_000_000),
    ?assertEqual({error, parse_error}, erlmcp_jsonrpc:decode(Digits)),
    ?assertEqual({single, {invalid, null}}, erlmcp_jsonrpc:decode(binary:part(Digits, 0, 64))).

batch_test() ->
    ?assertEqual(
        {batch, [{request, 1, ~"ping", #{}}, {invalid, null}, {notification, ~"n", [1]}]},
        erlmcp_jsonrpc:decode(
            ~'[{"jsonrpc":"2.0","id":1,"method":"ping"},1,{"jsonrpc":"2.0","method":"n","params":[1]}]'
        )
    ).

encode_test() ->
    Result = erlmcp_jsonrpc:result(1, #{~"a" => true}),
    Error = erlmcp_jsonrpc:error(null, -32700, ~"Parse error"),
    ?assertEqual(
        [
            #{~"jsonrpc" => ~"2.0", ~"id" => 1, ~"result" => #{~"a" => true}},
            #{
                ~"jsonrpc" => ~"2.0",
                ~"id" => null,
                ~"error" => #{~"code" => -32700, ~"message" => ~"Parse error"}
            }
        ],
        json:decode(iolist_to_binary(erlmcp_jsonrpc:encode([Result, Error])))
    ).
