-module(erlmcp_http_tests).

-include_lib("eunit/include/eunit.hrl").

head(Lines) ->
    erlmcp_http:head(iolist_to_binary([lists:join(~"\r\n", Lines), ~"\r\n\r\nrest"])).

request_test() ->
    {ok, Request, ~"rest"} = head([
        ~"POST /mcp?a=b HTTP/1.1", ~"Host: h", ~"X-Thing:  a b \t", ~"x-thing: c", ~"Empty:"
    ]),
    ?assertEqual(
        #{
            method => ~"POST",
            path => ~"/mcp",
            version => {1, 1},
            headers => #{~"host" => ~"h", ~"x-thing" => ~"a b, c", ~"empty" => ~""},
            body => ~""
        },
        Request
    ).

absolute_target_test() ->
    ?assertMatch({ok, #{path := ~"/mcp"}, _}, head([~"GET http://h/mcp HTTP/1.1", ~"Host: h"])).

empty_line_before_request_test() ->
    ?assertMatch({ok, #{}, ~""}, erlmcp_http:head(~"\r\n\r\nGET / HTTP/1.0\r\n\r\n")).

more_test() ->
    ?assertEqual(more, erlmcp_http:head(~"")),
    ?assertEqual(more, erlmcp_http:head(~"GET / HTTP/1.1\r\nHost: h\r\n")).

refused_test_() ->
    [
        {lists:flatten(io_lib:format("~p", [Lines])), ?_assertEqual({error, Status}, head(Lines))}
     || {Status, Lines} <- [
            {400, [~"GET /"]},
            {400, [~"GET  / HTTP/1.1", ~"Host: h"]},
            {400, [~"G(T / HTTP/1.1", ~"Host: h"]},
            {400, [~" / HTTP/1.1", ~"Host: h"]},
            {400, [~"GET http://[ HTTP/1.1", ~"Host: h"]},
            {400, [~"GET / HTTP/1.1"]},
            {400, [~"GET / HTTP/1.1", ~"Host: h", ~"Host: i"]},
            {400, [~"GET / HTTP/1.1", ~"Host : h"]},
            {400, [~"GET / HTTP/1.1", ~"Host: h", ~" folded"]},
            {400, [~"GET / HTTP/1.1", ~"Host: h", ~"a: b\nc: d"]},
            {400, [~"GET / HTTP/1.1", ~"Host: h", <<"a: ", 0>>]},
            {400, [~"GET / HTTP/1.1", ~"Host: h", ~"nothing"]},
            {400, [~"GET / HTTP/1.1", ~"Host: h", ~"Content-Length: 1", ~"Content-Length: 2"]},
            {505, [~"GET / HTTP/2.0", ~"Host: h"]},
            {431, [~"GET / HTTP/1.1", [~"a: ", binary:copy(~"b", 20_000)]]}
        ]
    ].

endless_head_test() ->
    ?assertEqual({error, 431}, erlmcp_http:head(binary:copy(~"a", 20_000))).

framing_test_() ->
    [
        ?_assertEqual(
            Framing, erlmcp_http:framing(#{headers => maps:from_list(Headers), version => Version})
        )
     || {Framing, Version, Headers} <- [
            {{length, 0}, {1, 1}, []},
            {{length, 12}, {1, 1}, [{~"content-length", ~"12"}]},
            {{error, 400}, {1, 1}, [{~"content-length", ~"+12"}]},
            {{error, 400}, {1, 1}, [{~"content-length", ~"-1"}]},
            {{error, 400}, {1, 1}, [{~"content-length", ~""}]},
            {{error, 400}, {1, 1}, [{~"content-length", binary:copy(~"9", 100)}]},
            {chunked, {1, 1}, [{~"transfer-encoding", ~"Chunked"}]},
            {{error, 501}, {1, 1}, [{~"transfer-encoding", ~"gzip, chunked"}]},
            {{error, 400}, {1, 0}, [{~"transfer-encoding", ~"chunked"}]},
            {{error, 400}, {1, 1}, [{~"transfer-encoding", ~"chunked"}, {~"content-length", ~"1"}]}
        ]
    ].

same_length_twice_test() ->
    ?assertMatch(
        {ok, #{headers := #{~"content-length" := ~"1"}}, _},
        head([~"GET / HTTP/1.1", ~"Host: h", ~"Content-Length: 1", ~"Content-Length: 1"])
    ).

persistence_test_() ->
    [
        ?_assertEqual(Stays, erlmcp_http:is_persistent(#{version => Version, headers => Headers}))
     || {Stays, Version, Headers} <- [
            {true, {1, 1}, #{}},
            {true, {1, 1}, #{~"connection" => ~"keep-alive"}},
            {false, {1, 1}, #{~"connection" => ~"TE, Close"}},
            {false, {1, 0}, #{~"connection" => ~"keep-alive"}}
        ]
    ].

dechunk(Buffer, Limit) ->
    erlmcp_http:dechunk(Buffer, erlmcp_http:chunks(#{}), Limit).

chunks_test() ->
    Body = ~"4;ext=1\r\nWiki\r\n5 \r\npedia\r\n0\r\nTrailer: x\r\n\r\nGET",
    ?assertEqual({done, ~"Wikipedia", ~"GET"}, dechunk(Body, 9)),
    ?assertEqual({error, 413}, dechunk(Body, 8)).

%% The same body, byte by byte.
split_chunks_test() ->
    Body = ~"4\r\nWiki\r\nA\r\n0123456789\r\n0\r\n\r\n",
    Feed = fun
        (Byte, {more, State, Rest}) -> erlmcp_http:dechunk(<<Rest/binary, Byte>>, State, 100);
        (_, Done) -> Done
    end,
    ?assertEqual(
        {done, ~"Wiki0123456789", ~""},
        lists:foldl(Feed, {more, erlmcp_http:chunks(#{}), ~""}, binary_to_list(Body))
    ).

bad_chunks_test_() ->
    [
        ?_assertEqual({error, 400}, dechunk(iolist_to_binary(Body), 100))
     || Body <- [
            ~"x\r\n",
            ~"\r\n",
            ~"-1\r\n",
            ~"1\r\nabc\r\n",
            binary:copy(~"1", 1000),
            [~"0\r\n", lists:duplicate(1000, ~"trailer: of some length\r\n")]
        ]
    ].

response_test() ->
    Text = fun(Part, Connection) ->
        iolist_to_binary(erlmcp_http:response({200, [{~"a", ~"b"}], ~"body"}, Part, Connection))
    end,
    ?assertMatch(
        {match, _},
        re:run(
            Text(body, keep_alive),
            ~"^HTTP/1.1 200 OK\r\ndate: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\na: b\r\ncontent-length: 4\r\n\r\nbody$"
        )
    ),
    ?assertMatch({match, _}, re:run(Text(head, close), ~"content-length: 4\r\nconnection: close\r\n\r\n$")).

no_content_has_no_length_test() ->
    Text = iolist_to_binary(erlmcp_http:response({204, [], ~""}, body, keep_alive)),
    ?assertEqual(nomatch, binary:match(Text, ~"content-length")).

accepts_test_() ->
    [
        {Accept, ?_assertEqual(Expected, erlmcp_http_field:accepts(Accept, {~"application", ~"json"}))}
     || {Expected, Accept} <- [
            {true, ~"application/json"},
            {true, ~"application/json, text/event-stream"},
            {true, ~"Application/JSON;q=0.5"},
            {true, ~"*/*"},
            {true, ~"text/html, application/*;q=0.1"},
            {true, ~"*/*;q=0, application/json"},
            {false, ~"text/event-stream"},
            {false, ~"application/json;q=0, */*"},
            {false, ~"application/json; q=0.000"},
            {false, ~""}
        ]
    ].

accepts_without_header_test() ->
    ?assert(erlmcp_http_field:accepts(undefined, {~"application", ~"json"})).
