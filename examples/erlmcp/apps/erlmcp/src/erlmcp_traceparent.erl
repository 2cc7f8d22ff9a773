-module(erlmcp_traceparent).
-moduledoc """
The trace that a request belongs to, as its header `traceparent` says.

An invalid header counts as missing: a trace begins here, and the request is served.
See [Trace Context](https://www.w3.org/TR/trace-context/#traceparent-header).
""".

-export([parse/1]).
-export_type([parent/0]).

-type parent() :: #{trace := <<_:128>>, span := <<_:64>>, sampled := boolean()}.

-spec parse(binary() | undefined) -> {ok, parent()} | none.
parse(
    <<Version:2/binary, "-", Trace:32/binary, "-", Span:16/binary, "-", Flags:2/binary,
        Rest/binary>>
) ->
    maybe
        {ok, <<VersionByte>>} ?= bytes(Version),
        true ?= is_end(VersionByte, Rest),
        {ok, <<TraceId:16/binary>>} ?= bytes(Trace),
        {ok, <<SpanId:8/binary>>} ?= bytes(Span),
        {ok, <<_:7, Sampled:1>>} ?= bytes(Flags),
        false ?= TraceId =:= <<0:128>> orelse SpanId =:= <<0:64>>,
        {ok, #{trace => TraceId, span => SpanId, sampled => Sampled =:= 1}}
    else
        _ -> none
    end;
parse(_) ->
    none.

%% Later versions may append fields after another dash; version 255 is invalid.
-spec is_end(byte(), binary()) -> boolean().
is_end(255, _) -> false;
is_end(_, ~"") -> true;
is_end(0, _) -> false;
is_end(_, Rest) -> binary:first(Rest) =:= $-.

%% Only lower-case digits are digits here.
-spec bytes(binary()) -> {ok, binary()} | error.
bytes(Digits) ->
    try binary:decode_hex(Digits) of
        Bytes ->
            case binary:encode_hex(Bytes, lowercase) of
                Digits -> {ok, Bytes};
                _ -> error
            end
    catch
        error:badarg -> error
    end.
