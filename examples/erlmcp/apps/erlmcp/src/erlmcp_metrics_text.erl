-module(erlmcp_metrics_text).
-moduledoc """
The Prometheus text format, version 0.0.4.

See [Exposition formats](https://prometheus.io/docs/instrumenting/exposition_formats/).
""".

-export([content_type/0, format/1]).
-export_type([family/0, sample/0]).

-type labels() :: [{binary(), binary()}].
-type sample() :: {labels(), number()}.
-doc "Counts per bucket (not cumulative; the last one is +Inf) and the sum of all values.".
-type histogram() :: {labels(), [non_neg_integer()], Sum :: number()}.
-type family() ::
    {counter | gauge, Name :: binary(), Help :: binary(), [sample()]}
    | {histogram, Name :: binary(), Help :: binary(), Bounds :: [number()], [histogram()]}.

-spec content_type() -> binary().
content_type() ->
    ~"text/plain; version=0.0.4; charset=utf-8".

-spec format([family()]) -> iodata().
format(Families) ->
    [family(Family) || Family <- Families].

-spec family(family()) -> iodata().
family({Type, Name, Help, Samples}) ->
    [header(Type, Name, Help), [line(Name, Labels, Value) || {Labels, Value} <- Samples]];
family({histogram, Name, Help, Bounds, Samples}) ->
    [header(histogram, Name, Help), [histogram(Name, Bounds, Sample) || Sample <- Samples]].

-spec header(atom(), binary(), binary()) -> iodata().
header(Type, Name, Help) ->
    [
        [~"# HELP ", Name, ~" ", escape(Help, [~"\\", ~"\n"]), ~"\n"],
        [~"# TYPE ", Name, ~" ", atom_to_binary(Type), ~"\n"]
    ].

-spec histogram(binary(), [number()], histogram()) -> iodata().
histogram(Name, Bounds, {Labels, Counts, Sum}) ->
    Add = fun(Count, Sofar) -> {Sofar + Count, Sofar + Count} end,
    {Cumulative, Total} = lists:mapfoldl(Add, 0, Counts),
    Edges = [number(Bound) || Bound <- Bounds] ++ [~"+Inf"],
    [
        [
            line([Name, ~"_bucket"], Labels ++ [{~"le", Edge}], Count)
         || {Edge, Count} <- lists:zip(Edges, Cumulative)
        ],
        line([Name, ~"_sum"], Labels, Sum),
        line([Name, ~"_count"], Labels, Total)
    ].

-spec line(iodata(), labels(), number()) -> iodata().
line(Name, [], Value) ->
    [Name, ~" ", number(Value), ~"\n"];
line(Name, Labels, Value) ->
    Pairs = [[Key, ~"=\"", escape(Text, [~"\\", ~"\n", ~"\""]), ~"\""] || {Key, Text} <- Labels],
    [Name, ~"{", lists:join(~",", Pairs), ~"} ", number(Value), ~"\n"].

-spec number(number()) -> binary().
number(Value) when is_integer(Value) -> integer_to_binary(Value);
number(Value) -> float_to_binary(Value, [short]).

-spec escape(binary(), [binary()]) -> binary().
escape(Text, Special) ->
    binary:replace(Text, Special, fun(~"\n") -> ~"\\n"; (C) -> <<"\\", C/binary>> end, [global]).
