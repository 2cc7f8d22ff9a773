-module(erlmcp_cluster).
-moduledoc """
Finds the other nodes and stays in touch with them.

Erlang connects on demand and gives up on loss; here the demand never ends, so a
node that was cut off comes back. Peers are named in a list, or found by a DNS name
that stands for all replicas. An address alone is no node name: when this node is
called after its address, so are the others, else the reverse lookup names them.
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

-record(state, {
    options :: options(),
    %% Each attempt has a process, since one dead host would hold up all the others.
    attempts = #{} :: #{reference() => node()}
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
    lists:usort(Peers ++ discover(Self, Discovery)) -- [Self].

-spec init(options()) -> {ok, #state{}}.
init(Options) ->
    case is_alive() of
        true ->
            ok = net_kernel:monitor_nodes(true),
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
handle_info(look, #state{options = Options, attempts = Attempts} = State) ->
    Busy = maps:values(Attempts),
    New = #{
        attempt(Node) => Node
     || Node <- candidates(node(), Options) -- nodes(), not lists:member(Node, Busy)
    },
    _ = erlang:send_after(maps:get(every_ms, Options, ?EVERY_MS), self(), look),
    {noreply, State#state{attempts = maps:merge(Attempts, New)}};
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

-spec discover(node(), off | {string(), string()}) -> [node()].
discover(_, off) ->
    [];
discover(Self, {Name, Basename}) ->
    [_, OwnHost] = string:split(atom_to_list(Self), "@"),
    Addresses = lists:append([addresses(Name, Family) || Family <- [inet, inet6]]),
    [
        %% At most one atom for each address that the network has.
        list_to_atom(Basename ++ "@" ++ Host)
     || Address <- Addresses, Host <- hosts(inet:parse_strict_address(OwnHost), Address)
    ].

-spec hosts({ok, inet:ip_address()} | {error, einval}, inet:ip_address()) -> [string()].
hosts({ok, _}, Address) ->
    [inet:ntoa(Address)];
hosts({error, einval}, Address) ->
    case inet:gethostbyaddr(Address) of
        {ok, Entry} -> [element(2, Entry)];
        {error, _} -> []
    end.

-spec addresses(string(), inet | inet6) -> [inet:ip_address()].
addresses(Name, Family) ->
    case inet:getaddrs(Name, Family) of
        {ok, Addresses} -> Addresses;
        {error, _} -> []
    end.
