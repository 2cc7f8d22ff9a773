-module(erlmcp_cluster_SUITE).

-include_lib("stdlib/include/assert.hrl").

-compile([export_all, nowarn_export_all]).

-import(erlmcp_testing, [eventually/1]).

all() ->
    [
        nothing_to_look_for,
        not_distributed,
        candidates_from_a_list,
        candidates_from_dns,
        candidates_from_a_swarm,
        joins_and_comes_back,
        sessions_end_everywhere
    ].

init_per_testcase(Case, Config) when
    Case =:= joins_and_comes_back; Case =:= sessions_end_everywhere
->
    %% Distribution needs a port mapper, and every full Erlang installation has one.
    _ = os:cmd("epmd -daemon"),
    {ok, _} = net_kernel:start(erlmcp_ct, #{name_domain => shortnames}),
    Config;
init_per_testcase(_, Config) ->
    Config.

end_per_testcase(_, _) ->
    _ = net_kernel:stop(),
    erlmcp_testing:stop().

nothing_to_look_for(_) ->
    ?assertEqual(ignore, erlmcp_cluster:start_link(#{peers => [], discovery => off})).

not_distributed(_) ->
    {ok, _} = erlmcp_testing:start([{"ERLMCP_PEERS", "erlmcp@nowhere"}]),
    ?assert(is_process_alive(whereis(erlmcp_cluster))),
    ?assertEqual({error, unknown}, gen_server:call(erlmcp_cluster, invented)),
    ok = gen_server:cast(erlmcp_cluster, invented),
    ?assertEqual([], nodes()).

candidates_from_a_list(_) ->
    ?assertEqual(
        ['a@h', 'c@h'],
        erlmcp_cluster:candidates('b@h', #{peers => ['c@h', 'b@h', 'a@h'], discovery => off})
    ).

%% The VM's own host table replaces the DNS, so that /etc/hosts of the machine does not matter.
candidates_from_dns(_) ->
    Lookup = inet_db:res_option(lookup),
    ok = inet_db:add_host({10, 1, 2, 3}, ["replica.internal", "tasks.internal"]),
    ok = inet_db:set_lookup([file]),
    try
        Find = fun(Self, Name) ->
            erlmcp_cluster:candidates(Self, #{peers => [], discovery => {Name, "erlmcp"}})
        end,
        ?assertEqual(['erlmcp@10.1.2.3'], Find('erlmcp@10.1.2.4', "tasks.internal")),
        ?assertEqual([], Find('erlmcp@10.1.2.3', "tasks.internal")),
        %% A node with a name looks for nodes with names.
        ?assertEqual(['erlmcp@replica.internal'], Find('erlmcp@n1.internal', "tasks.internal")),
        ?assertEqual([], Find('erlmcp@n1.internal', "nowhere.internal"))
    after
        ok = inet_db:set_lookup(Lookup),
        ok = inet_db:del_host({10, 1, 2, 3})
    end.

%% The DNS of a swarm names tasks; each is a node, also one that replaces another in its slot.
candidates_from_a_swarm(_) ->
    Lookup = inet_db:res_option(lookup),
    Task = "shop_erlmcp.2.nmnu4neo616rb9vhto6p09yet.shop_mesh",
    ok = inet_db:add_host({10, 1, 2, 3}, [Task, "tasks.nodes.internal"]),
    ok = inet_db:set_lookup([file]),
    try
        Find = fun(Self) ->
            Discovery = {"tasks.nodes.internal", "erlmcp"},
            erlmcp_cluster:candidates(Self, #{peers => [], discovery => Discovery})
        end,
        Node = 'erlmcp@2-nmnu4neo616rb9vhto6p09yet.erlmcp.internal',
        ?assertEqual([Node], Find('erlmcp@1-vrg24ot65z08984blu6lc0snn.erlmcp.internal')),
        ?assertEqual([Node], Find('erlmcp@2-vrg24ot65z08984blu6lc0snn.erlmcp.internal')),
        ?assertEqual([], Find(Node)),
        ?assertEqual([list_to_atom("erlmcp@" ++ Task)], Find('erlmcp@short'))
    after
        ok = inet_db:set_lookup(Lookup),
        ok = inet_db:del_host({10, 1, 2, 3})
    end.

peer(Name) ->
    {ok, Peer, Node} = peer:start_link(#{
        name => Name, connection => standard_io, args => ["-pa" | code:get_path()]
    }),
    {Peer, Node}.

host() ->
    [_, Host] = string:split(atom_to_list(node()), "@"),
    Host.

joins_and_comes_back(_) ->
    Node = list_to_atom("erlmcp_peer@" ++ host()),
    {ok, _} = erlmcp_testing:start([{"ERLMCP_PEERS", atom_to_list(Node) ++ ",erlmcp_dead@" ++ host()}]),
    {First, Node} = peer(erlmcp_peer),
    eventually(fun() -> ?assertEqual([Node], nodes()) end),
    {200, _, Body} =
        erlmcp_testing:get(erlmcp_testing:port(erlmcp_health_listener), "/health/cluster"),
    ?assertMatch(#{~"nodes" := [_, _]}, json:decode(Body)),
    %% Cut off, as by a partition.
    true = erlang:disconnect_node(Node),
    eventually(fun() -> ?assertEqual([Node], nodes()) end),
    %% Gone, and started anew.
    peer:stop(First),
    eventually(fun() -> ?assertEqual([], nodes()) end),
    {Second, Node} = peer(erlmcp_peer),
    eventually(fun() -> ?assertEqual([Node], nodes()) end),
    peer:stop(Second).

sessions_end_everywhere(Config) ->
    File = filename:join(proplists:get_value(priv_dir, Config), "session-key"),
    ok = file:write_file(File, ~"0123456789abcdef0123456789abcdef"),
    Environment = [{"ERLMCP_SESSION_KEY_FILE", File}],
    {ok, _} = erlmcp_testing:start(Environment),
    {Peer, Node} = peer(erlmcp_replica),
    true = net_kernel:connect_node(Node),
    {ok, _} = peer:call(Peer, erlmcp_testing, start, [Environment]),
    Here = erlmcp_testing:port(erlmcp_http_listener),
    There = peer:call(Peer, erlmcp_testing, port, [erlmcp_http_listener]),
    Session = erlmcp_testing:initialize(Here),
    ?assertMatch(#{}, erlmcp_testing:rpc(There, Session, ~"ping", #{})),
    {204, _, _} = erlmcp_testing:request(There, {"DELETE", "/mcp", [{"mcp-session-id", Session}]}, ""),
    eventually(fun() ->
        ?assertMatch(
            {404, _, _}, erlmcp_testing:post(Here, ~"ping", 1, #{}, [{"mcp-session-id", Session}])
        )
    end),
    peer:stop(Peer).
