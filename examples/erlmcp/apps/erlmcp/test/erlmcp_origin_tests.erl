-module(erlmcp_origin_tests).

-include_lib("eunit/include/eunit.hrl").

local_test_() ->
    [
        {Origin, ?_assertEqual(Allowed, erlmcp_origin:is_allowed(Origin, localhost))}
     || {Allowed, Origin} <- [
            {true, ~"http://localhost"},
            {true, ~"http://localhost:3000"},
            {true, ~"HTTPS://LOCALHOST"},
            {true, ~"http://127.0.0.1:8080"},
            {true, ~"http://[::1]:8080"},
            {false, ~"null"},
            {false, ~""},
            {false, ~"http://localhost.evil.example"},
            {false, ~"http://evil.example"},
            {false, ~"http://evil.example@localhost"},
            {false, ~"http://localhost/path"},
            {false, ~"ftp://localhost"},
            {false, ~"http://["}
        ]
    ].

list_test_() ->
    {ok, Allowed} = erlmcp_origin:normalize(~"https://App.example.com/"),
    [
        {Origin, ?_assertEqual(Expected, erlmcp_origin:is_allowed(Origin, [Allowed]))}
     || {Expected, Origin} <- [
            {true, ~"https://app.example.com"},
            {true, ~"https://app.example.com:443"},
            {false, ~"http://app.example.com"},
            {false, ~"https://app.example.com:8443"},
            {false, ~"http://localhost"},
            {false, ~"nonsense"}
        ]
    ].

programs_send_no_origin_test() ->
    ?assert(erlmcp_origin:is_allowed(undefined, [])).
