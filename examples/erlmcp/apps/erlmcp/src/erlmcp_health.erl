-module(erlmcp_health).
-moduledoc """
Three questions that must not be mixed up.

`/health/live`: does this process work? Nothing outside of it counts, else a dead
database would have every replica restarted. `/health/ready`: may a load balancer
send requests here now? `/health/cluster`: do all nodes see each other? Do not
use it to decide whether a node is healthy: each node would wait for the others
for ever.
""".

-behaviour(erlmcp_connection).

-export([handle/2, start_draining/0, reset/0]).
-export_type([state/0]).

-type state() :: #{
    listeners := [atom()],
    stores := [postgres | redis],
    cluster_size := pos_integer()
}.
-type check() :: {binary(), ok | binary()}.

-define(DRAINING, {?MODULE, draining}).

-doc "From now on the node is not ready.".
-spec start_draining() -> ok.
start_draining() ->
    persistent_term:put(?DRAINING, true).

-doc "Forgets an earlier draining, when the application starts again in the same VM.".
-spec reset() -> ok.
reset() ->
    _ = persistent_term:erase(?DRAINING),
    ok.

-doc "Answers a request on the health port.".
-spec handle(erlmcp_http:request(), state()) -> erlmcp_http:response().
handle(#{method := Method, path := Path}, State) when Method =:= ~"GET"; Method =:= ~"HEAD" ->
    case Path of
        ~"/health/live" -> report(live(), #{});
        ~"/health/ready" -> report(ready(State), #{});
        ~"/health/cluster" -> cluster(State);
        _ -> {404, [], ~""}
    end;
handle(_, _) ->
    {405, [{~"allow", ~"GET, HEAD"}], ~""}.

-spec live() -> [check()].
live() ->
    [{~"supervisor", said(is_pid(whereis(erlmcp_sup)), ~"not running")}].

-spec ready(state()) -> [check()].
ready(#{listeners := Listeners, stores := Stores}) ->
    [
        {~"node", said(not persistent_term:get(?DRAINING, false), ~"draining")},
        {~"listeners", said(lists:all(fun erlmcp_listener:is_up/1, Listeners), ~"down")}
        | [{atom_to_binary(Store), store(Store)} || Store <- Stores]
    ].

-spec store(postgres | redis) -> ok | binary().
store(Store) ->
    case erlmcp_stores:ping(Store) of
        ok -> ok;
        {error, _} -> ~"unavailable"
    end.

-spec cluster(state()) -> erlmcp_http:response().
cluster(#{cluster_size := Expected}) ->
    Nodes = lists:sort([node() | nodes()]),
    report([{~"cluster", said(length(Nodes) >= Expected, ~"nodes missing")}], #{
        ~"expected" => Expected, ~"nodes" => Nodes
    }).

-spec said(boolean(), binary()) -> ok | binary().
said(true, _) -> ok;
said(false, Fault) -> Fault.

-spec report([check()], #{binary() => erlmcp_jsonrpc:json()}) -> erlmcp_http:response().
report(Checks, Details) ->
    {Code, Status} =
        case [Fault || {_, Fault} <- Checks, Fault =/= ok] of
            [] -> {200, ok};
            [_ | _] -> {503, unavailable}
        end,
    Body = Details#{~"status" => Status, ~"checks" => maps:from_list(Checks)},
    {Code, [{~"content-type", ~"application/json"}, {~"cache-control", ~"no-store"}],
        json:encode(Body)}.
