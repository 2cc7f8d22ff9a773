-module(erlmcp_pgwire_tests).

-include_lib("eunit/include/eunit.hrl").

startup_test() ->
    ?assertEqual(
        <<23:32, 3:16, 0:16, "user\0", "anna\0", "a\0", "b\0", 0>>,
        iolist_to_binary(erlmcp_pgwire:startup([{~"user", ~"anna"}, {~"a", ~"b"}]))
    ).

messages_test_() ->
    [
        ?_assertEqual(Bytes, iolist_to_binary(Message))
     || {Bytes, Message} <- [
            {<<"p", 11:32, "M\0", 1:32, "x">>, erlmcp_pgwire:sasl_initial(~"M", ~"x")},
            {<<"p", 5:32, "y">>, erlmcp_pgwire:sasl_response(~"y")},
            {<<"Q", 13:32, "SELECT 1\0">>, erlmcp_pgwire:simple(~"SELECT 1")}
        ]
    ].

extended_test() ->
    ?assertEqual(
        <<
            "P", 12:32, "\0S $1\0", 0:16,
            "B", 28:32, "\0\0", 0:16, 3:16, 2:32, "it", 2:32, "42", -1:32, 0:16,
            "D", 6:32, "P\0",
            "E", 9:32, "\0", 0:32,
            "S", 4:32
        >>,
        iolist_to_binary(erlmcp_pgwire:extended(~"S $1", [~"it", 42, null]))
    ).

decode_test_() ->
    [
        ?_assertEqual(Message, erlmcp_pgwire:decode(Type, Body))
     || {Message, Type, Body} <- [
            {authenticated, $R, <<0:32>>},
            {{authentication, 3}, $R, <<3:32>>},
            {{authentication, 5}, $R, <<5:32, "salt">>},
            {{sasl, [~"SCRAM-SHA-256-PLUS", ~"SCRAM-SHA-256"]}, $R,
                <<10:32, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0">>},
            {{sasl_continue, ~"r=1"}, $R, <<11:32, "r=1">>},
            {{sasl_final, ~"v=1"}, $R, <<12:32, "v=1">>},
            {{columns, [{~"id", 20}, {~"text", 25}]}, $T,
                <<2:16, "id\0", 0:48, 20:32, 8:16, 0:32, 0:16, "text\0", 0:48, 25:32, -1:16, 0:32, 0:16>>},
            {{row, [~"1", null, ~""]}, $D, <<3:16, 1:32, "1", -1:32, 0:32>>},
            {{error, ~"28P01", ~"wrong password"}, $E, <<"SFATAL\0C28P01\0Mwrong password\0\0">>},
            {ready, $Z, ~"I"},
            {other, $S, ~"TimeZone\0UTC\0"},
            {other, $C, ~"SELECT 1\0"}
        ]
    ].
