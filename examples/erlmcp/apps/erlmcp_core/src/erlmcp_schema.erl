-module(erlmcp_schema).
-moduledoc """
The part of JSON Schema that the input of a tool needs.

One value serves both purposes: it is sent to the client in `tools/list`, and the
arguments of `tools/call` are judged by it. Keywords: `type` (object, string,
integer), `properties`, `required`, `additionalProperties`, `minLength`,
`maxLength`, `minimum`, `maximum`.
""".

-export([validate/2]).
-export_type([schema/0]).

-type schema() :: #{binary() => erlmcp_jsonrpc:json()}.

-doc "Judges a value. The error is a sentence for the caller, naming the argument.".
-spec validate(schema(), erlmcp_jsonrpc:json()) -> ok | {error, binary()}.
validate(Schema, Value) ->
    first_error([
        fun() -> check(Keyword, Wanted, Value, Schema) end
     || Keyword := Wanted <- Schema
    ]).

-spec check(binary(), erlmcp_jsonrpc:json(), erlmcp_jsonrpc:json(), schema()) ->
    ok | {error, binary()}.
check(~"type", ~"object", Value, _) when is_map(Value) -> ok;
check(~"type", ~"string", Value, _) when is_binary(Value) -> ok;
check(~"type", ~"integer", Value, _) when is_integer(Value) -> ok;
check(~"type", Type, _, _) ->
    {error, <<"must be of type ", Type/binary>>};
check(~"required", Names, Value, _) when is_map(Value) ->
    first_error([fun() -> present(Name, Value) end || Name <- Names]);
check(~"properties", Properties, Value, _) when is_map(Value) ->
    first_error([fun() -> property(Name, Schema, Value) end || Name := Schema <- Properties]);
check(~"additionalProperties", false, Value, #{~"properties" := Known}) when is_map(Value) ->
    case maps:keys(maps:without(maps:keys(Known), Value)) of
        [] -> ok;
        %% The name comes from the client, so it is not repeated to anybody.
        [_ | _] -> {error, ~"has a property that is not known"}
    end;
check(~"minLength", Min, Value, _) when is_binary(Value) ->
    holds(string_length(Value) >= Min, [~"must have at least ", Min, ~" characters"]);
check(~"maxLength", Max, Value, _) when is_binary(Value) ->
    holds(string_length(Value) =< Max, [~"must have at most ", Max, ~" characters"]);
check(~"minimum", Min, Value, _) when is_integer(Value) ->
    holds(Value >= Min, [~"must be at least ", Min]);
check(~"maximum", Max, Value, _) when is_integer(Value) ->
    holds(Value =< Max, [~"must be at most ", Max]);
check(_, _, _, _) ->
    %% Annotations, and keywords that speak about another type.
    ok.

-spec present(binary(), #{binary() => erlmcp_jsonrpc:json()}) -> ok | {error, binary()}.
present(Name, Value) ->
    holds(is_map_key(Name, Value), [Name, ~" is required"]).

-spec property(binary(), schema(), #{binary() => erlmcp_jsonrpc:json()}) -> ok | {error, binary()}.
property(Name, Schema, Value) ->
    case Value of
        #{Name := Inner} ->
            case validate(Schema, Inner) of
                ok -> ok;
                {error, Reason} -> {error, <<Name/binary, " ", Reason/binary>>}
            end;
        #{} ->
            ok
    end.

-spec holds(boolean(), [binary() | integer()]) -> ok | {error, binary()}.
holds(true, _) -> ok;
holds(false, Words) -> {error, iolist_to_binary([word(Word) || Word <- Words])}.

-spec word(binary() | integer()) -> binary().
word(Word) when is_integer(Word) -> integer_to_binary(Word);
word(Word) -> Word.

%% JSON Schema counts code points, not bytes and not grapheme clusters.
-spec string_length(binary()) -> non_neg_integer().
string_length(Value) ->
    length(unicode:characters_to_list(Value)).

-spec first_error([fun(() -> ok | {error, binary()})]) -> ok | {error, binary()}.
first_error([]) ->
    ok;
first_error([Check | Checks]) ->
    case Check() of
        ok -> first_error(Checks);
        {error, _} = Error -> Error
    end.
