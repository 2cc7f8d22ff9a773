-module(erlmcp_mcp).
-moduledoc """
The server side of the Model Context Protocol: one message in, one answer out.

No process, no socket and no session: what a transport must know about those is
its own business. A tool is a value with a function in it.
See the [MCP specification](https://modelcontextprotocol.io/specification/2025-06-18).
""".

-export([handle/2, versions/0, label/1, methods/0, refusal/2]).
-export_type([server/0, tool/0, tool_result/0]).

-type tool_result() ::
    {ok, binary()}
    | {ok, #{binary() => erlmcp_jsonrpc:json()}}
    | {error, Message :: binary()}.
-type tool() :: #{
    name := binary(),
    description := binary(),
    input_schema := erlmcp_schema:schema(),
    call := fun((#{binary() => erlmcp_jsonrpc:json()}) -> tool_result())
}.
-type server() :: #{name := binary(), version := binary(), tools := [tool()]}.

-define(PARSE_ERROR, -32700).
-define(INVALID_REQUEST, -32600).
-define(METHOD_NOT_FOUND, -32601).
-define(INVALID_PARAMS, -32602).

-doc "The protocol versions spoken here, the best one first.".
-spec versions() -> [binary(), ...].
versions() ->
    [~"2025-06-18", ~"2025-03-26"].

-doc "The methods that have an answer or a meaning here.".
-spec methods() -> [binary(), ...].
methods() ->
    [
        ~"initialize",
        ~"ping",
        ~"tools/list",
        ~"tools/call",
        ~"notifications/initialized",
        ~"notifications/cancelled"
    ].

-doc """
The method of a message as a name from a fixed set, `other` for the rest.

For metrics and logs: a client that invents methods cannot make them grow.
""".
-spec label(erlmcp_jsonrpc:message()) -> binary().
label({request, _, Method, _}) -> known(Method);
label({notification, Method, _}) -> known(Method);
label({response, _}) -> ~"response";
label({invalid, _}) -> ~"other".

-doc "Answers a message. Notifications and responses have no answer.".
-spec handle(erlmcp_jsonrpc:message(), server()) -> {reply, erlmcp_jsonrpc:response()} | noreply.
handle({request, Id, Method, Params}, Server) when is_map(Params) ->
    case request(Method, Params, Server) of
        {ok, Result} -> {reply, erlmcp_jsonrpc:result(Id, Result)};
        {error, Code, Message} -> {reply, erlmcp_jsonrpc:error(Id, Code, Message)}
    end;
handle({request, Id, _, _}, _) ->
    {reply, erlmcp_jsonrpc:error(Id, ?INVALID_PARAMS, ~"Invalid params: must be an object")};
handle({notification, _, _}, _) ->
    noreply;
handle({response, _}, _) ->
    noreply;
handle({invalid, Id}, _) ->
    {reply, refusal(invalid_request, Id)}.

-doc "The response to an invalid request.".
-spec refusal(parse_error | invalid_request, erlmcp_jsonrpc:id() | null) ->
    erlmcp_jsonrpc:response().
refusal(parse_error, Id) -> erlmcp_jsonrpc:error(Id, ?PARSE_ERROR, ~"Parse error");
refusal(invalid_request, Id) -> erlmcp_jsonrpc:error(Id, ?INVALID_REQUEST, ~"Invalid Request").

-spec known(binary()) -> binary().
known(Method) ->
    case lists:member(Method, methods()) of
        true -> Method;
        false -> ~"other"
    end.

-spec request(binary(), #{binary() => erlmcp_jsonrpc:json()}, server()) ->
    {ok, erlmcp_jsonrpc:json()} | {error, integer(), binary()}.
request(~"initialize", #{~"protocolVersion" := Wanted}, Server) when is_binary(Wanted) ->
    #{name := Name, version := Version} = Server,
    {ok, #{
        ~"protocolVersion" => negotiate(Wanted),
        ~"capabilities" => #{~"tools" => #{~"listChanged" => false}},
        ~"serverInfo" => #{~"name" => Name, ~"version" => Version}
    }};
request(~"initialize", _, _) ->
    invalid_params(~"protocolVersion is required");
request(~"ping", _, _) ->
    {ok, #{}};
request(~"tools/list", #{~"cursor" := _}, _) ->
    %% All tools fit one page, so no cursor was ever handed out.
    invalid_params(~"unknown cursor");
request(~"tools/list", _, #{tools := Tools}) ->
    {ok, #{~"tools" => [description(Tool) || Tool <- Tools]}};
request(~"tools/call", #{~"name" := Name} = Params, #{tools := Tools}) ->
    case lists:search(fun(#{name := Known}) -> Known =:= Name end, Tools) of
        {value, Tool} -> call(Tool, maps:get(~"arguments", Params, #{}));
        false -> invalid_params(~"unknown tool")
    end;
request(~"tools/call", _, _) ->
    invalid_params(~"name is required");
request(_, _, _) ->
    {error, ?METHOD_NOT_FOUND, ~"Method not found"}.

%% The client decides whether it can live with an answer that it did not ask for.
-spec negotiate(binary()) -> binary().
negotiate(Wanted) ->
    case lists:member(Wanted, versions()) of
        true -> Wanted;
        false -> hd(versions())
    end.

-spec description(tool()) -> erlmcp_jsonrpc:json().
description(#{name := Name, description := Description, input_schema := Schema}) ->
    #{~"name" => Name, ~"description" => Description, ~"inputSchema" => Schema}.

-spec call(tool(), erlmcp_jsonrpc:json()) ->
    {ok, erlmcp_jsonrpc:json()} | {error, integer(), binary()}.
call(#{input_schema := Schema, call := Call}, Arguments) ->
    case erlmcp_schema:validate(Schema, Arguments) of
        ok -> {ok, content(Call(Arguments))};
        {error, Reason} -> invalid_params(<<"arguments: ", Reason/binary>>)
    end.

%% A failing tool is a result: the model shall see it and may do better.
-spec content(tool_result()) -> erlmcp_jsonrpc:json().
content({ok, Text}) when is_binary(Text) ->
    #{~"content" => [text(Text)], ~"isError" => false};
content({ok, Structured}) ->
    Text = iolist_to_binary(json:encode(Structured)),
    #{~"content" => [text(Text)], ~"structuredContent" => Structured, ~"isError" => false};
content({error, Message}) ->
    #{~"content" => [text(Message)], ~"isError" => true}.

-spec text(binary()) -> erlmcp_jsonrpc:json().
text(Text) ->
    #{~"type" => ~"text", ~"text" => Text}.

-spec invalid_params(binary()) -> {error, integer(), binary()}.
invalid_params(Reason) ->
    {error, ?INVALID_PARAMS, <<"Invalid params: ", Reason/binary>>}.
