-module(erlmcp_otlp).
-moduledoc """
OTLP over HTTP on paper: spans to a body, and what an answer means.

JSON as Protocol Buffers map it, with the exceptions that OTLP makes: ids are hexadecimal,
enumerations are numbers. 64-bit numbers are strings there.
See the [specification](https://opentelemetry.io/docs/specs/otlp/#otlphttp).
""".

-export([body/2, verdict/1]).
-export_type([verdict/0]).

-doc """
`done`: taken, but for so many. `retry`: not now, and not before so many milliseconds.
`refused`: trying again would change nothing.
""".
-type verdict() ::
    {done, Rejected :: non_neg_integer()}
    | {retry, Reason :: term(), AfterMs :: non_neg_integer()}
    | {refused, Reason :: term()}.
-type answer() ::
    {ok, {{string(), Status :: integer(), string()}, [{string(), string()}], binary()}}
    | {error, term()}.

%% The context of the span is sampled; whether a parent is remote is known, and whether it is.
-define(SAMPLED, 16#001).
-define(KNOWN, 16#100).
-define(REMOTE, 16#200).
-define(FAILED, 2).
%% A longer pause is an error of the collector.
-define(MAX_WAIT_S, 30).

-doc "The body of a request with spans of one resource: of this program, here.".
-spec body(erlmcp_trace:attributes(), [erlmcp_trace:span()]) -> iodata().
body(Resource, Spans) ->
    json:encode(#{
        ~"resourceSpans" => [
            #{
                ~"resource" => #{~"attributes" => attributes(Resource)},
                ~"scopeSpans" => [
                    #{
                        ~"scope" => #{~"name" => ~"erlmcp"},
                        ~"spans" => [span(Span) || Span <- Spans]
                    }
                ]
            }
        ]
    }).

-doc "What the answer of a collector means for the spans that were sent.".
-spec verdict(answer()) -> verdict().
verdict({ok, {{_, Status, _}, _, Body}}) when Status >= 200, Status < 300 ->
    {done, rejected(Body)};
verdict({ok, {{_, Status, _}, Headers, _}}) when
    Status =:= 429; Status =:= 502; Status =:= 503; Status =:= 504
->
    {retry, {status, Status}, wait(Headers)};
verdict({ok, {{_, Status, _}, _, _}}) ->
    {refused, {status, Status}};
verdict({error, Reason}) ->
    {retry, Reason, 0}.

-spec span(erlmcp_trace:span()) -> erlmcp_jsonrpc:json().
span(#{trace := Trace, id := Id, parent := Parent, start := Start, duration := Duration} = Span) ->
    #{name := Name, kind := Kind, attributes := Attributes, failed := Failed} = Span,
    maps:merge(parent(Parent), #{
        ~"traceId" => hex(Trace),
        ~"spanId" => hex(Id),
        ~"name" => Name,
        ~"kind" => kind(Kind),
        ~"startTimeUnixNano" => integer_to_binary(Start),
        ~"endTimeUnixNano" => integer_to_binary(Start + Duration),
        ~"attributes" => attributes(Attributes),
        ~"status" => status(Failed)
    }).

-spec parent(none | {local | remote, binary()}) -> #{binary() => erlmcp_jsonrpc:json()}.
parent(none) ->
    #{~"flags" => ?SAMPLED bor ?KNOWN};
parent({local, Id}) ->
    #{~"parentSpanId" => hex(Id), ~"flags" => ?SAMPLED bor ?KNOWN};
parent({remote, Id}) ->
    #{~"parentSpanId" => hex(Id), ~"flags" => ?SAMPLED bor ?KNOWN bor ?REMOTE}.

-spec kind(erlmcp_trace:kind()) -> 1..3.
kind(internal) -> 1;
kind(server) -> 2;
kind(client) -> 3.

-spec status(boolean()) -> erlmcp_jsonrpc:json().
status(true) -> #{~"code" => ?FAILED};
status(false) -> #{}.

-spec attributes(erlmcp_trace:attributes()) -> [erlmcp_jsonrpc:json()].
attributes(Attributes) ->
    [#{~"key" => Name, ~"value" => value(Value)} || Name := Value <- Attributes].

-spec value(binary() | integer()) -> erlmcp_jsonrpc:json().
value(Value) when is_integer(Value) -> #{~"intValue" => integer_to_binary(Value)};
value(Value) -> #{~"stringValue" => Value}.

-spec hex(binary()) -> binary().
hex(Bytes) ->
    binary:encode_hex(Bytes, lowercase).

%% A body that is not JSON, or without the number, counts as success.
-spec rejected(binary()) -> non_neg_integer().
rejected(Body) ->
    try
        #{~"partialSuccess" := #{~"rejectedSpans" := Count}} = json:decode(Body),
        max(0, count(Count))
    catch
        error:_ -> 0
    end.

-spec count(erlmcp_jsonrpc:json()) -> integer().
count(Count) when is_integer(Count) -> Count;
count(Count) when is_binary(Count) -> binary_to_integer(Count).

%% In seconds; collectors do not send the other form, a date.
-spec wait([{string(), string()}]) -> non_neg_integer().
wait(Headers) ->
    case string:to_integer(proplists:get_value("retry-after", Headers, "0")) of
        {Seconds, ""} when Seconds >= 0 -> min(Seconds, ?MAX_WAIT_S) * 1_000;
        _ -> 0
    end.
