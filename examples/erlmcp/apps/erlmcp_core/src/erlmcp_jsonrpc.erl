-module(erlmcp_jsonrpc).
-moduledoc """
JSON-RPC 2.0 messages, as far as MCP uses them.

An id is a string or an integer: MCP forbids `null`, and fractions never had a use.
See the [JSON-RPC 2.0 specification](https://www.jsonrpc.org/specification).
""".

-export([decode/1, encode/1, result/2, error/3]).
-export_type([id/0, json/0, message/0, params/0, response/0]).

-type id() :: binary() | integer().
-type json() ::
    null | boolean() | number() | binary() | atom() | [json()] | #{binary() | atom() => json()}.
-type params() :: #{binary() => json()} | [json()].
-type message() ::
    {request, id(), Method :: binary(), params()}
    | {notification, Method :: binary(), params()}
    | {response, id()}
    | {invalid, id() | null}.
-type response() :: #{binary() => json()}.

%% Turning a long run of digits into an integer takes quadratic time: one body
%% full of digits would keep a scheduler busy for minutes.
-define(MAX_DIGITS, 64).

-define(IS_ID(Id), (is_binary(Id) orelse is_integer(Id))).
-define(IS_PARAMS(Params), (is_map(Params) orelse is_list(Params))).

-doc "Reads a body: one message, a batch of them, or nothing that is JSON.".
-spec decode(binary()) -> {single, message()} | {batch, [message(), ...]} | {error, parse_error}.
decode(Body) ->
    case parse(Body) of
        {ok, [_ | _] = Batch} -> {batch, [message(Json) || Json <- Batch]};
        {ok, Json} -> {single, message(Json)};
        error -> {error, parse_error}
    end.

-doc "Prints a response, or the responses to a batch.".
-spec encode(response() | [response()]) -> iodata().
encode(Response) ->
    json:encode(Response).

-spec result(id(), json()) -> response().
result(Id, Result) ->
    #{~"jsonrpc" => ~"2.0", ~"id" => Id, ~"result" => Result}.

-doc "An error response. The id is `null` when the request's own could not be read.".
-spec error(id() | null, Code :: integer(), Message :: binary()) -> response().
error(Id, Code, Message) ->
    #{~"jsonrpc" => ~"2.0", ~"id" => Id, ~"error" => #{~"code" => Code, ~"message" => Message}}.

-spec parse(binary()) -> {ok, json()} | error.
parse(Body) ->
    try json:decode(Body, ok, #{integer => fun integer/1}) of
        {Json, ok, Rest} ->
            case is_blank(Rest) of
                true -> {ok, Json};
                false -> error
            end
    catch
        error:_ -> error
    end.

-spec integer(binary()) -> integer().
integer(Digits) when byte_size(Digits) =< ?MAX_DIGITS ->
    binary_to_integer(Digits).

-spec is_blank(binary()) -> boolean().
is_blank(Rest) ->
    lists:all(fun(C) -> lists:member(C, " \t\r\n") end, binary_to_list(Rest)).

-spec message(json()) -> message().
message(#{~"jsonrpc" := ~"2.0", ~"method" := Method} = Json) when is_binary(Method) ->
    case {Json, maps:get(~"params", Json, #{})} of
        {#{~"id" := Id}, Params} when ?IS_ID(Id), ?IS_PARAMS(Params) ->
            {request, Id, Method, Params};
        {#{~"id" := _}, _} ->
            {invalid, id(Json)};
        {_, Params} when ?IS_PARAMS(Params) ->
            {notification, Method, Params};
        _ ->
            {invalid, null}
    end;
message(#{~"jsonrpc" := ~"2.0", ~"id" := Id} = Json) when ?IS_ID(Id) ->
    case Json of
        #{~"result" := _} -> {response, Id};
        #{~"error" := #{}} -> {response, Id};
        _ -> {invalid, Id}
    end;
message(Json) ->
    {invalid, id(Json)}.

-spec id(json()) -> id() | null.
id(#{~"id" := Id}) when ?IS_ID(Id) -> Id;
id(_) -> null.
