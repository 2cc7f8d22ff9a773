-module(erlmcp_cluster).
-moduledoc """
Finds the other nodes and stays in touch with them.

Erlang connects on demand and gives up on loss; here the demand never ends, so a
node that was cut off comes back. Peers are named in a list, or found by a DNS name
of all replicas. An address alone does not name a node: when this node is
called after its address, so are the others, else the reverse lookup names them.

In a swarm it names tasks: `shop_erlmcp.2.TASK.shop_mesh` is slot 2. Each task is a
node of its own there, `erlmcp@2-TASK.DOMAIN`, since for the time of an update two of
one slot live at once. Not every engine knows that host name, and one that does knows
it in all networks. So the VM resolves it in the network of the DNS name.
""".

-behaviour(gen_server).

-export([start_link/1, candidates/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).
-export_type([options/0]).

-type options() :: #{
    peers := [node()],
    discovery := off | {Name :: string(), Basename :: string()},
    every_ms => pos_integer()
}.

-type host() :: {name | task, string()}.
-type found() :: {node(), inet:ip_address(), host()}.

-record(state, {
    options :: options(),
    %% Each attempt has a process, since one dead host would hold up all the others.
    attempts = #{} :: #{reference() => node()},
    %% The host entries of the VM, until the next lookup.
    told = [] :: [inet:ip_address()]
}).

-include_lib("kernel/include/logger.hrl").

-define(EVERY_MS, 3_000).

-doc "Starts looking, or nothing when there is nothing to look for.".
-spec start_link(options()) -> gen_server:start_ret() | ignore.
start_link(#{peers := [], discovery := off}) ->
    ignore;
start_link(Options) ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, Options, []).

-doc "The nodes to connect to, by the name of this node.".
-spec candidates(node(), options()) -> [node()].
candidates(Self, #{peers := Peers, discovery := Discovery}) ->
    wanted(Self, Peers, discover(Self, Discovery)).

-spec wanted(node(), [node()], [found()]) -> [node()].
wanted(Self, Peers, Found) ->
    lists:usort(Peers ++ [Node || {Node, _, _} <- Found]) -- [Self].

-spec init(options()) -> {ok, #state{}}.
init(Options) ->
    case is_alive() of
        true ->
            ok = net_kernel:monitor_nodes(true),
            ok = inet_db:set_lookup([file | inet_db:res_option(lookup) -- [file]]),
            self() ! look;
        false ->
            ?LOG_WARNING("peers are configured, but this node is not distributed")
    end,
    {ok, #state{options = Options}}.

-spec handle_call(term(), gen_server:from(), #state{}) -> {reply, {error, unknown}, #state{}}.
handle_call(_, _, State) ->
    {reply, {error, unknown}, State}.

-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(_, State) ->
    {noreply, State}.

-spec handle_info(term(), #state{}) -> {noreply, #state{}}.
handle_info(look, #state{options = Options, attempts = Attempts, told = Told} = State) ->
    %% An address may be another task's by now, and what we told the VM would hide that.
    lists:foreach(fun inet_db:del_host/1, Told),
    #{peers := Peers, discovery := Discovery} = Options,
    Found = discover(node(), Discovery),
    Busy = maps:values(Attempts),
    Wanted = wanted(node(), Peers, Found) -- nodes(),
    Tasks = [{Address, Host} || {_, Address, {task, Host}} <- Found],
    lists:foreach(fun({Address, Host}) -> inet_db:add_host(Address, [Host]) end, Tasks),
    New = #{attempt(Node) => Node || Node <- Wanted, not lists:member(Node, Busy)},
    _ = erlang:send_after(maps:get(every_ms, Options, ?EVERY_MS), self(), look),
    {noreply, State#state{
        attempts = maps:merge(Attempts, New), told = [Address || {Address, _} <- Tasks]
    }};
handle_info({'DOWN', Ref, process, _, _}, #state{attempts = Attempts} = State) ->
    {noreply, State#state{attempts = maps:remove(Ref, Attempts)}};
handle_info({nodeup, Node}, State) ->
    ?LOG_NOTICE("~ts joined, ~b nodes", [Node, length(nodes()) + 1]),
    {noreply, State};
handle_info({nodedown, Node}, State) ->
    ?LOG_WARNING("~ts is lost, ~b nodes", [Node, length(nodes()) + 1]),
    {noreply, State}.

-spec attempt(node()) -> reference().
attempt(Node) ->
    {_, Ref} = spawn_monitor(fun() -> net_kernel:connect_node(Node) end),
    Ref.

-spec discover(node(), off | {string(), string()}) -> [found()].
discover(_, off) ->
    [];
discover(Self, {Name, Basename}) ->
    [_, OwnHost] = string:split(atom_to_list(Self), "@"),
    Addresses = lists:append([addresses(Name, Family) || Family <- [inet, inet6]]),
    [
        %% An atom for each address, or each task that has ever been: updates are rare.
        {list_to_atom(Basename ++ "@" ++ Host), Address, {Kind, Host}}
     || Address <- Addresses,
        {Kind, Host} <- hosts(inet:parse_strict_address(OwnHost), OwnHost, Address)
    ].

-spec hosts({ok, inet:ip_address()} | {error, einval}, string(), inet:ip_address()) -> [host()].
hosts({ok, _}, _, Address) ->
    [{name, inet:ntoa(Address)}];
hosts({error, einval}, OwnHost, Address) ->
    case inet:gethostbyaddr(Address) of
        {ok, Entry} -> [host(element(2, Entry), string:split(OwnHost, "."))];
        {error, _} -> []
    end.

%% All tasks are in the domain of this one.
-spec host(string(), [string()]) -> host().
host(Name, [_, Domain]) ->
    case re:run(Name, "\\.([0-9]+)\\.([a-z0-9]{25})\\.", [{capture, all_but_first, list}]) of
        {match, [Slot, Task]} -> {task, lists:append([Slot, "-", Task, ".", Domain])};
        nomatch -> {name, Name}
    end;
host(Name, _) ->
    {name, Name}.

-spec addresses(string(), inet | inet6) -> [inet:ip_address()].
addresses(Name, Family) ->
    case inet:getaddrs(Name, Family) of
        {ok, Addresses} -> Addresses;
        {error, _} -> []
    end.
