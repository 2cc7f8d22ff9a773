-module(erlmcp_sampler).
-moduledoc """
Which traces are recorded: the samplers of `OTEL_TRACES_SAMPLER`.

See [Sampling](https://opentelemetry.io/docs/specs/otel/trace/sdk/#built-in-samplers).
""".

-export([names/0, is_sampled/3]).
-export_type([sampler/0, name/0]).

-type name() ::
    always_on
    | always_off
    | traceidratio
    | parentbased_always_on
    | parentbased_always_off
    | parentbased_traceidratio.
-doc "The share counts for the two of a ratio alone.".
-type sampler() :: {name(), Share :: float()}.

-spec names() -> [name(), ...].
names() ->
    [
        always_on,
        always_off,
        traceidratio,
        parentbased_always_on,
        parentbased_always_off,
        parentbased_traceidratio
    ].

-doc "Whether a trace is recorded, by who asks for it and its id.".
-spec is_sampled(sampler(), {ok, erlmcp_traceparent:parent()} | none, <<_:128>>) -> boolean().
is_sampled({parentbased_always_on, _}, {ok, #{sampled := Sampled}}, _) -> Sampled;
is_sampled({parentbased_always_off, _}, {ok, #{sampled := Sampled}}, _) -> Sampled;
is_sampled({parentbased_traceidratio, _}, {ok, #{sampled := Sampled}}, _) -> Sampled;
is_sampled({Name, _}, _, _) when Name =:= always_on; Name =:= parentbased_always_on -> true;
is_sampled({Name, _}, _, _) when Name =:= always_off; Name =:= parentbased_always_off -> false;
is_sampled({_, Share}, _, <<_:72, Random:56>>) -> Random < Share * (1 bsl 56).
