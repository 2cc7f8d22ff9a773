-module(erlmcp_core_benchmarks).
-moduledoc "What a server does for every message: read it, judge it, answer it.".

-export([benchmarks/0]).

benchmarks() ->
    [
        {"jsonrpc: decode a request", fun erlmcp_jsonrpc:decode/1, #{
            setup => fun() -> body(call(1)) end
        }},
        {"jsonrpc: decode a batch of 50", fun erlmcp_jsonrpc:decode/1, #{
            setup => fun() -> body([call(Id) || Id <- lists:seq(1, 50)]) end
        }},
        {"jsonrpc: encode the list of tools", fun erlmcp_jsonrpc:encode/1, #{
            setup => fun() -> element(2, handle(#{~"method" => ~"tools/list"})) end
        }},
        {"mcp: dispatch a call", fun(Message) -> erlmcp_mcp:handle(Message, server()) end, #{
            setup => fun() -> message(call(1)) end
        }},
        {"schema: validate arguments", fun(Arguments) ->
            erlmcp_schema:validate(schema(), Arguments)
        end, #{
            setup => fun arguments/0
        }},
        {"schema: refuse arguments", fun(Arguments) ->
            erlmcp_schema:validate(schema(), Arguments)
        end, #{
            setup => fun() -> maps:without([~"text"], arguments()) end
        }}
    ].

handle(Request) ->
    erlmcp_mcp:handle(message(maps:merge(call(1), Request)), server()).

message(Json) ->
    {single, Message} = erlmcp_jsonrpc:decode(body(Json)),
    Message.

body(Json) ->
    iolist_to_binary(json:encode(Json)).

call(Id) ->
    #{
        ~"jsonrpc" => ~"2.0",
        ~"id" => Id,
        ~"method" => ~"tools/call",
        ~"params" => #{~"name" => ~"tool-20", ~"arguments" => arguments()}
    }.

arguments() ->
    #{~"text" => ~"A note of some length, as users write them.", ~"limit" => 20}.

server() ->
    #{name => ~"bench", version => ~"1", tools => [tool(N) || N <- lists:seq(1, 20)]}.

tool(N) ->
    #{
        name => <<"tool-", (integer_to_binary(N))/binary>>,
        description => ~"Returns the text that it is given.",
        input_schema => schema(),
        call => fun(#{~"text" := Text}) -> {ok, #{~"text" => Text}} end
    }.

schema() ->
    #{
        ~"type" => ~"object",
        ~"properties" => #{
            ~"text" => #{~"type" => ~"string", ~"minLength" => 1, ~"maxLength" => 10_000},
            ~"limit" => #{~"type" => ~"integer", ~"minimum" => 1, ~"maximum" => 100}
        },
        ~"required" => [~"text"],
        ~"additionalProperties" => false
    }.
