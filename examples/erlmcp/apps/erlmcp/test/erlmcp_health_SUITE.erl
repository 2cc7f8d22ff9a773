-module(erlmcp_health_SUITE).

-include_lib("stdlib/include/assert.hrl").

-compile([export_all, nowarn_export_all]).

-behaviour(erlmcp_connection).

-import(erlmcp_testing, [get/2, request/3, connect/1, raw/2, response/1]).

all() ->
    [
        live,
        ready,
        cluster,
        cluster_incomplete,
        methods_and_paths,
        metrics,
        metrics_stay_bounded,
        ready_knows_a_dead_listener,
        drain_and_stop,
        requests_finish_before_close,
        close_gives_up,
        crash_is_a_500,
        limit_of_connections
    ].

init_per_testcase(cluster_incomplete, Config) ->
    {ok, _} = erlmcp_testing:start([{"ERLMCP_CLUSTER_SIZE", "3"}]),
    Config;
init_per_testcase(drain_and_stop, Config) ->
    {ok, _} = erlmcp_testing:start([{"ERLMCP_DRAIN_MS", "1000"}]),
    Config;
init_per_testcase(_, Config) ->
    {ok, _} = erlmcp_testing:start([]),
    Config.

end_per_testcase(_, _) ->
    erlmcp_testing:stop().

health(Path) ->
    {Status, #{~"content-type" := ~"application/json"}, Body} =
        get(erlmcp_testing:port(erlmcp_health_listener), Path),
    {Status, json:decode(Body)}.

live(_) ->
    ?assertMatch({200, #{~"status" := ~"ok"}}, health("/health/live")).

ready(_) ->
    ?assertMatch(
        {200, #{~"status" := ~"ok", ~"checks" := #{~"node" := ~"ok", ~"listeners" := ~"ok"}}},
        health("/health/ready")
    ).

cluster(_) ->
    Self = atom_to_binary(node()),
    ?assertMatch({200, #{~"nodes" := [Self], ~"expected" := 1}}, health("/health/cluster")).

cluster_incomplete(_) ->
    ?assertMatch({503, #{~"nodes" := [_], ~"expected" := 3}}, health("/health/cluster")),
    ?assertMatch({200, _}, health("/health/live")),
    ?assertMatch({200, _}, health("/health/ready")).

methods_and_paths(_) ->
    Health = erlmcp_testing:port(erlmcp_health_listener),
    Metrics = erlmcp_testing:port(erlmcp_metrics_listener),
    [
        begin
            ?assertMatch({405, #{~"allow" := ~"GET, HEAD"}, _}, request(Port, {"POST", Path, []}, "")),
            ?assertMatch({404, _, _}, get(Port, "/invented")),
            %% Nothing to say here, so nothing to send either.
            ?assertMatch({413, _, _}, request(Port, {"GET", Path, []}, "body")),
            Head = ["HEAD ", Path, " HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"],
            {200, #{~"content-length" := Length}, ~""} = raw(connect(Port), Head),
            ?assert(binary_to_integer(Length) > 0)
        end
     || {Port, Path} <- [{Health, "/health/live"}, {Metrics, "/metrics"}]
    ].

scrape() ->
    {200, #{~"content-type" := ~"text/plain; version=0.0.4; charset=utf-8"}, Body} =
        get(erlmcp_testing:port(erlmcp_metrics_listener), "/metrics"),
    binary:split(Body, ~"\n", [global]).

metrics(_) ->
    Port = erlmcp_testing:port(erlmcp_http_listener),
    Session = erlmcp_testing:initialize(Port),
    #{} = erlmcp_testing:rpc(Port, Session, ~"tools/call", #{
        ~"name" => ~"echo", ~"arguments" => #{~"text" => ~"a"}
    }),
    {error, -32601} = erlmcp_testing:rpc(Port, Session, ~"invented", #{}),
    {404, _, _} = erlmcp_testing:post(Port, ~"ping", 1, #{}, [{"mcp-session-id", "x"}]),
    Lines = scrape(),
    [
        ?assert(lists:member(Line, Lines), Line)
     || Line <- [
            ~"# TYPE erlmcp_requests_total counter",
            ~'erlmcp_requests_total{method="initialize",outcome="ok"} 1',
            ~'erlmcp_requests_total{method="tools/call",outcome="ok"} 1',
            ~'erlmcp_requests_total{method="other",outcome="error"} 1',
            ~'erlmcp_requests_total{method="other",outcome="rejected"} 1',
            ~"# TYPE erlmcp_request_duration_seconds histogram",
            ~'erlmcp_request_duration_seconds_bucket{method="tools/call",le="+Inf"} 1',
            ~'erlmcp_request_duration_seconds_count{method="tools/call"} 1',
            ~'erlmcp_tool_calls_total{tool="echo",outcome="ok"} 1',
            ~"erlmcp_cluster_nodes 1",
            ~"# TYPE erlang_vm_memory_bytes gauge",
            ~"# TYPE erlang_vm_reductions_total counter"
        ]
    ],
    Otp = list_to_binary(erlang:system_info(otp_release)),
    ?assert(
        lists:member(<<"erlmcp_build_info{version=\"3.0.0\",otp=\"", Otp/binary, "\"} 1">>, Lines)
    ),
    %% Each sample follows the TYPE of its family.
    Types = [Name || <<"# TYPE ", Rest/binary>> <- Lines, [Name, _] <- [binary:split(Rest, ~" ")]],
    ?assertEqual(lists:usort(Types), lists:sort(Types)).

metrics_stay_bounded(_) ->
    Port = erlmcp_testing:port(erlmcp_http_listener),
    Session = erlmcp_testing:initialize(Port),
    [
        {error, -32601} = erlmcp_testing:rpc(Port, Session, <<"invented", (integer_to_binary(N))/binary>>, #{})
     || N <- lists:seq(1, 20)
    ],
    ?assertEqual(
        [~'erlmcp_requests_total{method="other",outcome="error"} 20'],
        [Line || <<"erlmcp_requests_total{method=\"other\"", _/binary>> = Line <- scrape()]
    ).

ready_knows_a_dead_listener(_) ->
    ok = supervisor:terminate_child(erlmcp_sup, erlmcp_http_listener),
    ?assertMatch({503, #{~"checks" := #{~"listeners" := ~"down"}}}, health("/health/ready")),
    ?assertMatch({200, _}, health("/health/live")),
    {ok, _} = supervisor:restart_child(erlmcp_sup, erlmcp_http_listener),
    ?assertMatch({200, _}, health("/health/ready")).

%% What happens on SIGTERM, in this order.
drain_and_stop(_) ->
    Port = erlmcp_testing:port(erlmcp_http_listener),
    Session = erlmcp_testing:initialize(Port),
    Idle = connect(Port),
    erlmcp_testing:eventually(fun() ->
        ?assertEqual(1, erlmcp_listener:connections(erlmcp_http_listener))
    end),
    {Stopper, Ref} = spawn_monitor(fun() -> application:stop(erlmcp) end),
    erlmcp_testing:eventually(fun() ->
        ?assertMatch({503, #{~"checks" := #{~"node" := ~"draining"}}}, health("/health/ready"))
    end),
    ?assertMatch({200, _}, health("/health/live")),
    ?assertMatch(#{}, erlmcp_testing:rpc(Port, Session, ~"ping", #{})),
    ?assertMatch(
        {405, #{~"connection" := ~"close"}, _}, raw(connect(Port), "GET /mcp HTTP/1.1\r\nhost: h\r\n\r\n")
    ),
    ?assertEqual({error, timeout}, gen_tcp:recv(Idle, 0, 100)),
    receive
        {'DOWN', Ref, process, Stopper, normal} -> ok
    after 5_000 -> error(timeout)
    end,
    ?assertEqual({error, closed}, gen_tcp:recv(Idle, 0, 1_000)),
    ?assertEqual({error, econnrefused}, gen_tcp:connect({127, 0, 0, 1}, Port, [])).

%% A handler that does what its path says.
handle(#{path := ~"/slow"}, _) ->
    timer:sleep(500),
    {200, [], ~"done"};
handle(#{path := ~"/stuck"}, _) ->
    timer:sleep(60_000),
    {200, [], ~""};
handle(#{path := ~"/crash"}, _) ->
    error(on_purpose).

listen(Limit) ->
    {ok, Listener} = erlmcp_listener:start_link(#{
        name => test_listener,
        transport => tcp,
        ip => {127, 0, 0, 1},
        port => 0,
        handler => {?MODULE, none},
        max_body => 0,
        max_connections => Limit
    }),
    unlink(Listener),
    erlmcp_listener:port(test_listener).

ask(Port, Path) ->
    Socket = connect(Port),
    ok = gen_tcp:send(Socket, ["GET ", Path, " HTTP/1.1\r\nhost: h\r\n\r\n"]),
    Socket.

requests_finish_before_close(_) ->
    Port = listen(100),
    Sockets = [ask(Port, "/slow") || _ <- lists:seq(1, 5)],
    timer:sleep(100),
    ?assertEqual(ok, erlmcp_listener:close([test_listener], 5_000)),
    ?assertNot(erlmcp_listener:is_up(test_listener)),
    [
        ?assertMatch({200, #{~"connection" := ~"close"}, ~"done"}, response(Socket))
     || Socket <- Sockets
    ],
    ok = gen_server:stop(test_listener).

close_gives_up(_) ->
    Port = listen(100),
    Socket = ask(Port, "/stuck"),
    timer:sleep(100),
    ?assertEqual(timeout, erlmcp_listener:close([test_listener], 200)),
    ok = gen_server:stop(test_listener),
    ?assertEqual(closed, response(Socket)).

crash_is_a_500(_) ->
    Port = listen(100),
    ok = logger:set_primary_config(level, none),
    ?assertMatch({500, #{~"connection" := ~"close"}, ~""}, response(ask(Port, "/crash"))),
    ok = gen_server:stop(test_listener).

%% The third connection waits in the backlog until one of the first two is gone.
limit_of_connections(_) ->
    Port = listen(2),
    [First, _] = [ask(Port, "/slow") || _ <- [1, 2]],
    timer:sleep(100),
    Third = ask(Port, "/slow"),
    ?assertEqual({error, timeout}, gen_tcp:recv(Third, 0, 600)),
    gen_tcp:close(First),
    ?assertMatch({200, _, ~"done"}, response(Third)),
    ok = gen_server:stop(test_listener).
