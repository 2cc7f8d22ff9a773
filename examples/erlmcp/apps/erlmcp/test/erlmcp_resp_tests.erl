-module(erlmcp_resp_tests).

-include_lib("eunit/include/eunit.hrl").

encode_test() ->
    ?assertEqual(
        ~"*2\r\n$4\r\nINCR\r\n$8\r\na\r\nDEL b\r\n",
        iolist_to_binary(erlmcp_resp:encode([~"INCR", [~"a\r\n", ~"DEL b"]]))
    ).

replies() ->
    [
        {~"PONG", ~"+PONG\r\n"},
        {{error, ~"ERR no"}, ~"-ERR no\r\n"},
        {42, ~":42\r\n"},
        {-1, ~":-1\r\n"},
        {~"a\r\nb", ~"$4\r\na\r\nb\r\n"},
        {~"", ~"$0\r\n\r\n"},
        {null, ~"$-1\r\n"},
        {null, ~"*-1\r\n"},
        {[], ~"*0\r\n"},
        {[1, [~"x", null], {error, ~"E"}], ~"*3\r\n:1\r\n*2\r\n$1\r\nx\r\n$-1\r\n-E\r\n"}
    ].

decode_test_() ->
    [?_assertEqual({ok, Value, ~"rest"}, erlmcp_resp:decode(<<Bytes/binary, "rest">>)) || {Value, Bytes} <- replies()].

%% However the network cuts a reply, its front asks for more.
every_prefix_wants_more_test_() ->
    [
        {Bytes,
            ?_assertEqual(
                [],
                [N || N <- lists:seq(0, byte_size(Bytes) - 1), erlmcp_resp:decode(binary:part(Bytes, 0, N)) =/= more]
            )}
     || {_, Bytes} <- replies()
    ].

nonsense_test_() ->
    [
        ?_assertEqual(error, erlmcp_resp:decode(Bytes))
     || Bytes <- [
            ~"HTTP/1.1 400 Bad Request\r\n",
            ~":x\r\n",
            ~"$-2\r\n",
            ~"$1\r\nabc\r\n",
            ~"$99999999999\r\n",
            binary:copy(~"*1\r\n", 9),
            binary:copy(~"x", 100_000)
        ]
    ].
