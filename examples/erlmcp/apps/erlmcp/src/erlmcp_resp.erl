-module(erlmcp_resp).
-moduledoc """
The Redis serialization protocol, version 2.

See [RESP](https://redis.io/docs/latest/develop/reference/protocol-spec/).
""".

-export([encode/1, decode/1]).
-export_type([value/0]).

-type value() :: binary() | integer() | null | {error, binary()} | [value()].

-define(MAX_LINE, 65_536).
-define(MAX_BULK, 16_777_216).
-define(MAX_DEPTH, 8).

-doc "A command: an array of bulk strings, so that no word can become two.".
-spec encode([iodata(), ...]) -> iodata().
encode(Words) ->
    [
        [~"*", integer_to_binary(length(Words)), ~"\r\n"],
        [[~"$", integer_to_binary(iolist_size(Word)), ~"\r\n", Word, ~"\r\n"] || Word <- Words]
    ].

-doc "Takes one reply from the front of a buffer.".
-spec decode(binary()) -> {ok, value(), Rest :: binary()} | more | error.
decode(Buffer) ->
    decode(Buffer, ?MAX_DEPTH).

-spec decode(binary(), non_neg_integer()) -> {ok, value(), binary()} | more | error.
decode(<<>>, _) ->
    more;
decode(<<Type, Buffer/binary>>, Depth) ->
    case binary:split(Buffer, ~"\r\n") of
        [Line, Rest] -> decode(Type, Line, Rest, Depth);
        [Incomplete] when byte_size(Incomplete) =< ?MAX_LINE -> more;
        [_] -> error
    end.

-spec decode(byte(), binary(), binary(), non_neg_integer()) ->
    {ok, value(), binary()} | more | error.
decode($+, Line, Rest, _) ->
    {ok, Line, Rest};
decode($-, Line, Rest, _) ->
    {ok, {error, Line}, Rest};
decode(Type, Line, Rest, Depth) ->
    case {Type, string:to_integer(Line)} of
        {$:, {Integer, ~""}} -> {ok, Integer, Rest};
        {$$, {-1, ~""}} -> {ok, null, Rest};
        {$$, {Size, ~""}} when Size >= 0, Size =< ?MAX_BULK -> bulk(Size, Rest);
        {$*, {-1, ~""}} -> {ok, null, Rest};
        {$*, {Count, ~""}} when Count >= 0, Depth > 0 -> array(Count, Rest, Depth - 1, []);
        _ -> error
    end.

-spec bulk(non_neg_integer(), binary()) -> {ok, value(), binary()} | more | error.
bulk(Size, Buffer) ->
    case Buffer of
        <<Value:Size/binary, "\r\n", Rest/binary>> -> {ok, Value, Rest};
        <<_:Size/binary, _, _, _/binary>> -> error;
        _ -> more
    end.

-spec array(non_neg_integer(), binary(), non_neg_integer(), [value()]) ->
    {ok, value(), binary()} | more | error.
array(0, Buffer, _, Values) ->
    {ok, lists:reverse(Values), Buffer};
array(Count, Buffer, Depth, Values) ->
    case decode(Buffer, Depth) of
        {ok, Value, Rest} -> array(Count - 1, Rest, Depth, [Value | Values]);
        Other -> Other
    end.
