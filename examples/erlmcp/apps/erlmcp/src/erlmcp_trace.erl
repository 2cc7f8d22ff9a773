-module(erlmcp_trace).
-moduledoc """
What a request is made of, and how long each part takes: spans.

The span that is open belongs to the process that serves the request. Where traces are
off, or this one is not sampled, none is open and everything here does nothing.
""".

-export([enable/2, disable/0, server/4, span/4, note/1, failed/1]).
-export_type([span/0, attributes/0, kind/0]).

-type kind() :: server | client | internal.
-doc "Of text, UTF-8 is expected; nothing that a client has sent in confidence belongs here.".
-type attributes() :: #{Name :: binary() => binary() | integer()}.
-type span() :: #{
    trace := <<_:128>>,
    id := <<_:64>>,
    parent := none | {local | remote, <<_:64>>},
    name := binary(),
    kind := kind(),
    %% Nanoseconds since 1970.
    start := integer(),
    duration := non_neg_integer(),
    attributes := attributes(),
    failed := boolean()
}.
-type offer() :: fun((span()) -> ok).

-define(TRACING, {?MODULE, tracing}).

-doc "From now on requests are traced, and each span that ends is offered.".
-spec enable(erlmcp_sampler:sampler(), offer()) -> ok.
enable(Sampler, Offer) ->
    persistent_term:put(?TRACING, {Sampler, Offer}).

-spec disable() -> ok.
disable() ->
    _ = persistent_term:erase(?TRACING),
    ok.

-doc "Runs the function as a request from outside, with what its `traceparent` says.".
-spec server(binary(), binary() | undefined, attributes(), fun(() -> Result)) -> Result.
server(Name, Traceparent, Attributes, Run) ->
    case persistent_term:get(?TRACING, off) of
        off ->
            Run();
        {Sampler, _} ->
            Parent = erlmcp_traceparent:parse(Traceparent),
            {Trace, From} = origin(Parent),
            case erlmcp_sampler:is_sampled(Sampler, Parent, Trace) of
                true -> run(open(Trace, From, Name, server, Attributes), Run);
                false -> Run()
            end
    end.

-doc "Runs the function as a part of the span that is open.".
-spec span(binary(), kind(), attributes(), fun(() -> Result)) -> Result.
span(Name, Kind, Attributes, Run) ->
    case get(?MODULE) of
        undefined -> Run();
        #{trace := Trace, id := Id} -> run(open(Trace, {local, Id}, Name, Kind, Attributes), Run)
    end.

-doc "Says more about the span that is open.".
-spec note(attributes()) -> ok.
note(More) ->
    case get(?MODULE) of
        undefined ->
            ok;
        #{attributes := Attributes} = Span ->
            _ = put(?MODULE, Span#{attributes := maps:merge(Attributes, More)}),
            ok
    end.

-doc "The span that is open is one that failed, with a word from a small set.".
-spec failed(Type :: binary()) -> ok.
failed(Type) ->
    ok = note(#{~"error.type" => Type}),
    case get(?MODULE) of
        undefined ->
            ok;
        Span ->
            _ = put(?MODULE, Span#{failed := true}),
            ok
    end.

-spec origin({ok, erlmcp_traceparent:parent()} | none) ->
    {<<_:128>>, none | {remote, <<_:64>>}}.
origin({ok, #{trace := Trace, span := Span}}) -> {Trace, {remote, Span}};
origin(none) -> {id(16), none}.

-spec open(<<_:128>>, none | {local | remote, <<_:64>>}, binary(), kind(), attributes()) -> span().
open(Trace, Parent, Name, Kind, Attributes) ->
    #{
        trace => Trace,
        id => id(8),
        parent => Parent,
        name => Name,
        kind => Kind,
        start => erlang:system_time(nanosecond),
        duration => 0,
        attributes => Attributes,
        failed => false
    }.

-spec run(span(), fun(() -> Result)) -> Result.
run(Span, Run) ->
    Outer = put(?MODULE, Span),
    Start = erlang:monotonic_time(nanosecond),
    try
        Run()
    catch
        Class:Reason:Stack ->
            ok = failed(~"crash"),
            erlang:raise(Class, Reason, Stack)
    after
        close(Outer, erlang:monotonic_time(nanosecond) - Start)
    end.

-spec close(undefined | span(), non_neg_integer()) -> ok.
close(Outer, Duration) ->
    Span =
        case Outer of
            undefined -> erase(?MODULE);
            _ -> put(?MODULE, Outer)
        end,
    case persistent_term:get(?TRACING, off) of
        off -> ok;
        {_, Offer} -> Offer(Span#{duration := Duration})
    end.

%% Not secret, only unique; and never all zero, which is invalid.
-spec id(8 | 16) -> binary().
id(Bytes) ->
    <<(rand:uniform(1 bsl (Bytes * 8) - 1)):Bytes/unit:8>>.
