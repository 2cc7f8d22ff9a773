-module(erlmcp_metrics).
-moduledoc """
What this node counts, and the page on which it says so.

The table belongs to the main supervisor: counters outlive every worker. Each label
comes from a fixed set (see `erlmcp_mcp:label/1`), so the table cannot be made to
grow from outside.
""".

-behaviour(erlmcp_connection).

-export([new/0, request/3, tool_call/2, store_up/2, spans/2, handle/2, families/1]).
-export_type([state/0]).

-type state() :: #{listeners := [atom()], cluster_size := pos_integer()}.

%% Seconds. From an answer out of memory to the timeout of a store.
-define(BOUNDS, [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]).

-doc "Makes the table. The caller owns it.".
-spec new() -> ok.
new() ->
    ?MODULE = ets:new(?MODULE, [named_table, public, {write_concurrency, auto}]),
    ok.

-doc "Counts a request. The duration is in native time units.".
-spec request(Method :: binary(), ok | error | rejected, Duration :: integer()) -> ok.
request(Method, Outcome, Duration) ->
    count({requests, Method, Outcome}),
    Micros = erlang:convert_time_unit(Duration, native, microsecond),
    %% {Key, Sum, one count per bound, +Inf}: one atomic update for the whole row.
    Row = list_to_tuple([{duration, Method}, 0 | [0 || _ <- [inf | ?BOUNDS]]]),
    _ = ets:update_counter(
        ?MODULE, {duration, Method}, [{2, Micros}, {2 + bucket(Micros, ?BOUNDS, 1), 1}], Row
    ),
    ok.

-doc "Counts a call of a tool.".
-spec tool_call(Tool :: binary(), ok | error) -> ok.
tool_call(Tool, Outcome) ->
    count({tool_calls, Tool, Outcome}).

-doc "Notes whether a store can be used.".
-spec store_up(postgres | redis, boolean()) -> ok.
store_up(Store, IsUp) ->
    true = ets:insert(?MODULE, {{store_up, Store}, IsUp}),
    ok.

-doc "Counts spans that a collector took or refused, that did not reach it, or had no room.".
-spec spans(exported | refused | lost | dropped, non_neg_integer()) -> ok.
spans(Outcome, Spans) ->
    count({spans, Outcome}, Spans).

-doc "Answers a request on the metrics port.".
-spec handle(erlmcp_http:request(), state()) -> erlmcp_http:response().
handle(#{path := ~"/metrics", method := Method}, State) when
    Method =:= ~"GET"; Method =:= ~"HEAD"
->
    Text = erlmcp_metrics_text:format(families(State)),
    {200, [{~"content-type", erlmcp_metrics_text:content_type()}], Text};
handle(#{path := ~"/metrics"}, _) ->
    {405, [{~"allow", ~"GET, HEAD"}], ~""};
handle(_, _) ->
    {404, [], ~""}.

-doc "All metrics, with their values of now.".
-spec families(state()) -> [erlmcp_metrics_text:family()].
families(#{listeners := Listeners, cluster_size := ClusterSize}) ->
    [
        {counter, ~"erlmcp_requests_total", ~"MCP requests by method and outcome.", [
            {[{~"method", Method}, {~"outcome", atom_to_binary(Outcome)}], Count}
         || {{requests, Method, Outcome}, Count} <- rows({requests, '_', '_'})
        ]},
        {histogram, ~"erlmcp_request_duration_seconds", ~"Time to answer an MCP request.",
            ?BOUNDS, [
                {[{~"method", Method}], Counts, Micros / 1_000_000}
             || [{duration, Method}, Micros | Counts] <- durations()
            ]},
        {counter, ~"erlmcp_tool_calls_total", ~"Tool calls by tool and outcome.", [
            {[{~"tool", Tool}, {~"outcome", atom_to_binary(Outcome)}], Count}
         || {{tool_calls, Tool, Outcome}, Count} <- rows({tool_calls, '_', '_'})
        ]},
        {gauge, ~"erlmcp_store_up", ~"Whether a configured store can be used.", [
            {[{~"store", atom_to_binary(Store)}], truth(IsUp)}
         || {{store_up, Store}, IsUp} <- rows({store_up, '_'})
        ]},
        {gauge, ~"erlmcp_connections", ~"Open client connections by listener.", [
            {[{~"listener", atom_to_binary(Name)}], erlmcp_listener:connections(Name)}
         || Name <- Listeners, erlmcp_listener:is_up(Name)
        ]},
        {counter, ~"erlmcp_spans_total", ~"Spans by what became of them.", [
            {[{~"outcome", atom_to_binary(Outcome)}], Count}
         || {{spans, Outcome}, Count} <- rows({spans, '_'})
        ]},
        gauge(~"erlmcp_cluster_nodes", ~"Connected nodes, this one included.", length(nodes()) + 1),
        gauge(~"erlmcp_cluster_size", ~"Nodes that the cluster shall have.", ClusterSize),
        {gauge, ~"erlmcp_build_info", ~"Always 1: what runs here is in the labels.", [
            {[{~"version", version()}, {~"otp", otp()}], 1}
        ]}
        | vm()
    ].

-spec vm() -> [erlmcp_metrics_text:family()].
vm() ->
    {Collections, _, _} = erlang:statistics(garbage_collection),
    {Reductions, _} = erlang:statistics(reductions),
    {Uptime, _} = erlang:statistics(wall_clock),
    [
        gauge(~"erlang_vm_process_count", ~"Processes.", erlang:system_info(process_count)),
        gauge(~"erlang_vm_process_limit", ~"Processes at most.", erlang:system_info(process_limit)),
        gauge(~"erlang_vm_port_count", ~"Ports.", erlang:system_info(port_count)),
        gauge(~"erlang_vm_port_limit", ~"Ports at most.", erlang:system_info(port_limit)),
        {gauge, ~"erlang_vm_memory_bytes", ~"Allocated memory; the kinds add up to the total.", [
            {[{~"kind", Kind}], Bytes}
         || {Kind, Bytes} <- memory(maps:from_list(erlang:memory()))
        ]},
        gauge(
            ~"erlang_vm_run_queue_length",
            ~"Processes and ports ready to run.",
            erlang:statistics(total_run_queue_lengths)
        ),
        counter(~"erlang_vm_reductions_total", ~"Reductions.", Reductions),
        counter(~"erlang_vm_garbage_collections_total", ~"Garbage collections.", Collections),
        gauge(~"erlang_vm_uptime_seconds", ~"Time since the VM started.", Uptime / 1_000)
    ].

%% As the VM tells it, `system` contains most of the others: a sum would count twice.
-spec memory(#{atom() => non_neg_integer()}) -> [{binary(), non_neg_integer()}].
memory(#{
    processes := Processes,
    system := System,
    atom := Atom,
    binary := Binary,
    code := Code,
    ets := Ets
}) ->
    [
        {~"processes", Processes},
        {~"atom", Atom},
        {~"binary", Binary},
        {~"code", Code},
        {~"ets", Ets},
        {~"other", System - Atom - Binary - Code - Ets}
    ].

-spec gauge(binary(), binary(), number()) -> erlmcp_metrics_text:family().
gauge(Name, Help, Value) ->
    {gauge, Name, Help, [{[], Value}]}.

-spec counter(binary(), binary(), number()) -> erlmcp_metrics_text:family().
counter(Name, Help, Value) ->
    {counter, Name, Help, [{[], Value}]}.

-spec count(tuple()) -> ok.
count(Key) ->
    count(Key, 1).

-spec count(tuple(), non_neg_integer()) -> ok.
count(Key, More) ->
    _ = ets:update_counter(?MODULE, Key, More, {Key, 0}),
    ok.

-spec bucket(Micros :: integer(), [number()], pos_integer()) -> pos_integer().
bucket(Micros, [Bound | Bounds], N) when Micros > Bound * 1_000_000 ->
    bucket(Micros, Bounds, N + 1);
bucket(_, _, N) ->
    N.

-spec rows(tuple()) -> [tuple()].
rows(Key) ->
    lists:sort(ets:match_object(?MODULE, {Key, '_'})).

-spec durations() -> [[term()]].
durations() ->
    %% The rows are wider than match patterns are readable: the guard looks at the key.
    IsDuration = {'=:=', {element, 1, {element, 1, '$1'}}, duration},
    Rows = ets:select(?MODULE, [{'$1', [IsDuration], ['$1']}]),
    lists:sort([tuple_to_list(Row) || Row <- Rows]).

-spec truth(boolean()) -> 0 | 1.
truth(true) -> 1;
truth(false) -> 0.

-spec version() -> binary().
version() ->
    {ok, Version} = application:get_key(erlmcp, vsn),
    list_to_binary(Version).

-spec otp() -> binary().
otp() ->
    list_to_binary(erlang:system_info(otp_release)).
