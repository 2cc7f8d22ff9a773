-module(erlmcp_benchmarks).
-moduledoc "What the server does around a message: the request, the session, the store's protocol.".

-export([benchmarks/0]).

benchmarks() ->
    [
        {"http: read the head of a request", fun erlmcp_http:head/1, #{setup => fun head/0}},
        {"session: look up", fun({Id, Key}) -> erlmcp_session:is_valid(Id, Key) end, #{
            setup => fun session/0,
            teardown => fun(_) -> gen_server:stop(erlmcp_session) end
        }},
        {"resp: decode an array of 100", fun erlmcp_resp:decode/1, #{setup => fun reply/0}}
    ].

head() ->
    <<"POST /mcp HTTP/1.1\r\nHost: localhost:8080\r\nAccept: application/json, text/event-stream\r\n",
        "Content-Type: application/json\r\nContent-Length: 120\r\nMcp-Session-Id: 0123456789abcdef\r\n",
        "Mcp-Protocol-Version: 2025-06-18\r\nUser-Agent: bench/1.0\r\n\r\n">>.

session() ->
    {ok, _} = erlmcp_session:start_link(),
    {ok, Key} = erlmcp_session:key(undefined),
    {erlmcp_session:create(Key), Key}.

reply() ->
    iolist_to_binary(erlmcp_resp:encode([~"a value of a store" || _ <- lists:seq(1, 100)])).
