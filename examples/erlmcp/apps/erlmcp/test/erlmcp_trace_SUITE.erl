-module(erlmcp_trace_SUITE).

-include_lib("stdlib/include/assert.hrl").

-compile([export_all, nowarn_export_all]).

-import(erlmcp_testing, [post/5, rpc/4, eventually/1]).

-define(TRACE, "0af7651916cd43dd8448eb211c80319c").

all() ->
    [
        off,
        a_request_and_its_store,
        outside_of_a_trace,
        sampled_by_whom_it_is_asked,
        failures,
        a_crash,
        a_store_that_is_away,
        batches,
        tries_again,
        gives_up,
        does_not_insist,
        partly_refused,
        drops_at_the_limit,
        nobody_there,
        a_silent_collector,
        what_cannot_be_encoded,
        over_tls,
        the_last_spans,
        no_last_spans_for_nobody,
        hides_what_users_do,
        ignores_what_is_not_for_it
    ].

init_per_testcase(_, Config) ->
    Config.

end_per_testcase(_, _) ->
    erlmcp_testing:stop(),
    case whereis(erlmcp_fake_collector) of
        undefined -> ok;
        Listener -> erlmcp_fake_collector:stop(Listener)
    end.

start(Answers) ->
    start(Answers, []).

start(Answers, Environment) ->
    Collector = erlmcp_fake_collector:start(Answers),
    start_app([
        {"OTEL_EXPORTER_OTLP_ENDPOINT", erlmcp_fake_collector:endpoint(Collector)},
        {"OTEL_BSP_SCHEDULE_DELAY", "20"}
        | Environment
    ]),
    Collector.

start_app(Environment) ->
    {ok, _} = erlmcp_testing:start(Environment),
    ok = logger:set_primary_config(level, critical).

%% Instead of the exporter of the environment: one that tries again at once.
is_impatient() ->
    ok = supervisor:terminate_child(erlmcp_sup, erlmcp_trace_exporter),
    ok = supervisor:delete_child(erlmcp_sup, erlmcp_trace_exporter),
    {ok, #{tracing := Options}} = erlmcp_config:read(),
    {ok, _} = supervisor:start_child(erlmcp_sup, #{
        id => erlmcp_trace_exporter,
        start => {erlmcp_trace_exporter, start_link, [Options#{pause_ms => 1}]}
    }),
    ok.

ping() ->
    Port = erlmcp_testing:port(erlmcp_http_listener),
    {400, _, _} = post(Port, ~"ping", 1, #{}, []),
    ok.

%% The spans of the next body.
exported() ->
    receive
        {exported, #{~"resourceSpans" := [#{~"scopeSpans" := [#{~"spans" := Spans}]}]}} -> Spans
    after 5_000 -> error(nothing_exported)
    end.

%% Spans of several bodies, until there are enough.
exported(Count) ->
    exported(Count, []).

exported(Count, Spans) when length(Spans) >= Count -> Spans;
exported(Count, Spans) -> exported(Count, Spans ++ exported()).

nothing_exported() ->
    receive
        {exported, _} = Exported -> error(Exported)
    after 200 -> ok
    end.

attributes(#{~"attributes" := Attributes}) ->
    #{
        Name => Value
     || #{~"key" := Name, ~"value" := Typed} <- Attributes, {_, Value} <- maps:to_list(Typed)
    }.

counted(Outcome) ->
    {200, _, Text} = erlmcp_testing:get(erlmcp_testing:port(erlmcp_metrics_listener), "/metrics"),
    Line = <<"erlmcp_spans_total{outcome=\"", Outcome/binary, "\"} ">>,
    [_, Rest] = binary:split(Text, Line),
    [Count, _] = binary:split(Rest, ~"\n"),
    binary_to_integer(Count).

has_counted(Outcome, Count) ->
    eventually(fun() -> ?assertEqual(Count, counted(Outcome)) end).

off(_) ->
    start_app([{"OTEL_SERVICE_NAME", "no-collector"}]),
    ok = ping(),
    ?assertEqual(undefined, whereis(erlmcp_trace_exporter)).

a_request_and_its_store(_) ->
    Redis = erlmcp_fake_redis:start(#{}),
    _ = start([], [
        {"ERLMCP_REDIS_HOST", "127.0.0.1"},
        {"ERLMCP_REDIS_PORT", integer_to_list(erlmcp_fake_redis:port(Redis))},
        {"OTEL_SERVICE_NAME", "shop"},
        {"OTEL_TRACES_SAMPLER", "parentbased_always_off"}
    ]),
    Port = erlmcp_testing:port(erlmcp_http_listener),
    Session = erlmcp_testing:initialize(Port),
    eventually(fun() ->
        ?assertMatch(
            {200, _, _}, erlmcp_testing:get(erlmcp_testing:port(erlmcp_health_listener), "/health/ready")
        )
    end),
    Call = #{~"name" => ~"counter_increment", ~"arguments" => #{~"name" => ~"secret name"}},
    Headers = [
        {"mcp-session-id", Session},
        {"traceparent", "00-" ?TRACE "-b7ad6b7169203331-01"}
    ],
    {200, _, _} = post(Port, ~"tools/call", 1, Call, Headers),
    receive
        {exported, #{~"resourceSpans" := [Sent]}} ->
            #{~"resource" := Resource, ~"scopeSpans" := [#{~"spans" := Spans}]} = Sent,
            ?assertMatch(
                #{
                    ~"service.name" := ~"shop",
                    ~"service.version" := ~"3.0.0",
                    ~"service.instance.id" := ~"nonode@nohost",
                    ~"process.runtime.name" := ~"BEAM"
                },
                attributes(Resource)
            ),
            [Incr, Tool, Http] = Spans,
            [?assertMatch(#{~"traceId" := <<?TRACE>>}, Span) || Span <- Spans],
            ?assertMatch(#{~"name" := ~"POST /mcp", ~"kind" := 2, ~"parentSpanId" := ~"b7ad6b7169203331"}, Http),
            ?assertEqual(maps:get(~"spanId", Http), maps:get(~"parentSpanId", Tool)),
            ?assertEqual(maps:get(~"spanId", Tool), maps:get(~"parentSpanId", Incr)),
            ?assertMatch(#{~"http.response.status_code" := ~"200"}, attributes(Http)),
            ?assertEqual(
                #{~"mcp.method.name" => ~"tools/call", ~"gen_ai.tool.name" => ~"counter_increment"},
                attributes(Tool)
            ),
            ?assertMatch(#{~"name" := ~"INCR", ~"kind" := 3}, Incr),
            ?assertEqual(
                #{~"db.system.name" => ~"redis", ~"db.operation.name" => ~"INCR"}, attributes(Incr)
            ),
            [
                ?assert(binary_to_integer(Start) =< binary_to_integer(End))
             || #{~"startTimeUnixNano" := Start, ~"endTimeUnixNano" := End} <- Spans
            ],
            %% Neither what a user wrote, nor what lets others in.
            Text = iolist_to_binary(json:encode(Sent)),
            [?assertEqual(nomatch, binary:match(Text, Word)) || Word <- [~"secret name", Session]]
    after 5_000 -> error(nothing_exported)
    end,
    has_counted(~"exported", 3),
    erlmcp_fake_redis:stop(Redis).

outside_of_a_trace(_) ->
    _ = start([]),
    ?assertEqual(ok, erlmcp_trace:note(#{~"a" => 1})),
    ?assertEqual(ok, erlmcp_trace:failed(~"a")),
    ?assertEqual(done, erlmcp_trace:span(~"a", internal, #{}, fun() -> done end)),
    ok = nothing_exported().

sampled_by_whom_it_is_asked(_) ->
    _ = start([]),
    Port = erlmcp_testing:port(erlmcp_http_listener),
    Ask = fun(Traceparent) -> post(Port, ~"ping", 1, #{}, [{"traceparent", Traceparent}]) end,
    _ = Ask("00-" ?TRACE "-b7ad6b7169203331-00"),
    ok = nothing_exported(),
    %% Not valid: the trace begins here.
    _ = Ask("00-" ?TRACE "-b7ad6b7169203331-zz"),
    [#{~"traceId" := Trace} = Span] = exported(),
    ?assertNotEqual(<<?TRACE>>, Trace),
    ?assertNot(is_map_key(~"parentSpanId", Span)).

failures(_) ->
    _ = start([]),
    Port = erlmcp_testing:port(erlmcp_http_listener),
    Session = erlmcp_testing:initialize(Port),
    _ = exported(2),
    {error, -32601} = rpc(Port, Session, ~"invented", #{}),
    [Other, Post] = exported(2),
    ?assertMatch(#{~"name" := ~"other", ~"status" := #{~"code" := 2}}, Other),
    ?assertMatch(#{~"error.type" := ~"-32601"}, attributes(Other)),
    %% The client was answered, so HTTP has not failed.
    ?assertMatch(#{~"status" := Empty} when Empty =:= #{}, Post),
    {405, _, _} = erlmcp_testing:request(Port, {"INVENTED", "/mcp", []}, ""),
    [Invented] = exported(1),
    ?assertMatch(#{~"name" := ~"HTTP /mcp"}, Invented),
    ?assertMatch(
        #{~"http.request.method" := ~"_OTHER", ~"http.response.status_code" := ~"405"},
        attributes(Invented)
    ).

a_crash(_) ->
    _ = start([]),
    ?assertError(
        on_purpose, erlmcp_trace:server(~"crash", undefined, #{}, fun() -> error(on_purpose) end)
    ),
    [Span] = exported(1),
    ?assertMatch(#{~"status" := #{~"code" := 2}}, Span),
    ?assertEqual(#{~"error.type" => ~"crash"}, attributes(Span)),
    ?assertEqual(undefined, get(erlmcp_trace)).

a_store_that_is_away(_) ->
    _ = start([], [{"ERLMCP_POSTGRES_HOST", "127.0.0.1"}, {"ERLMCP_POSTGRES_PORT", "1"}]),
    Port = erlmcp_testing:port(erlmcp_http_listener),
    Session = erlmcp_testing:initialize(Port),
    _ = exported(2),
    #{~"isError" := true} = rpc(Port, Session, ~"tools/call", #{
        ~"name" => ~"note_add", ~"arguments" => #{~"text" => ~"private"}
    }),
    [Insert, Tool | _] = exported(3),
    ?assertMatch(#{~"error.type" := ~"tool_error"}, attributes(Tool)),
    ?assertMatch(
        #{
            ~"error.type" := ~"unavailable",
            ~"db.system.name" := ~"postgresql",
            ~"db.operation.name" := ~"INSERT",
            ~"db.query.text" := ~"INSERT INTO erlmcp_notes (text) VALUES ($1) RETURNING id"
        },
        attributes(Insert)
    ).

batches(_) ->
    _ = start([], [{"OTEL_BSP_SCHEDULE_DELAY", "600000"}, {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4"}]),
    [ok = ping() || _ <- lists:seq(1, 9)],
    ?assertEqual([4, 4], [length(exported()), length(exported())]),
    ok = nothing_exported().

tries_again(_) ->
    _ = start([503, {429, [{~"retry-after", ~"0"}], ~""}, 502]),
    ok = is_impatient(),
    ok = ping(),
    Bodies = [exported() || _ <- lists:seq(1, 4)],
    ?assertMatch([_], lists:usort(Bodies)),
    has_counted(~"exported", 1),
    ok = nothing_exported().

gives_up(_) ->
    _ = start(lists:duplicate(5, 503)),
    ok = is_impatient(),
    ok = ping(),
    [_ = exported() || _ <- lists:seq(1, 5)],
    has_counted(~"lost", 1),
    %% The next one is a new start.
    ok = ping(),
    _ = exported(1),
    has_counted(~"exported", 1).

does_not_insist(_) ->
    _ = start([400]),
    ok = ping(),
    _ = exported(1),
    ok = nothing_exported(),
    ?assertEqual(1, counted(~"refused")).

partly_refused(_) ->
    _ = start(
        [{200, [], ~'{"partialSuccess":{"rejectedSpans":"2"}}'}],
        [{"OTEL_BSP_SCHEDULE_DELAY", "600000"}, {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "3"}]
    ),
    [ok = ping() || _ <- lists:seq(1, 3)],
    _ = exported(3),
    has_counted(~"refused", 2),
    has_counted(~"exported", 1).

%% Two are on their way and stay there, two wait: that is the limit, and no request waits.
drops_at_the_limit(_) ->
    _ = start([silence], [
        {"OTEL_BSP_MAX_QUEUE_SIZE", "4"}, {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2"}
    ]),
    [ok = ping() || _ <- lists:seq(1, 10)],
    _ = exported(),
    ?assertEqual(6, counted(~"dropped")).

nobody_there(_) ->
    start_app([
        {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1/"}, {"OTEL_BSP_SCHEDULE_DELAY", "20"}
    ]),
    ok = is_impatient(),
    Port = erlmcp_testing:port(erlmcp_http_listener),
    Session = erlmcp_testing:initialize(Port),
    ?assertMatch(#{}, rpc(Port, Session, ~"ping", #{})),
    has_counted(~"lost", 4).

a_silent_collector(_) ->
    _ = start([silence], [{"OTEL_EXPORTER_OTLP_TIMEOUT", "50"}]),
    ok = is_impatient(),
    ok = ping(),
    [First, First] = [exported(), exported()],
    has_counted(~"exported", 1).

what_cannot_be_encoded(_) ->
    _ = start([]),
    Open = fun(Attributes) -> erlmcp_trace:server(~"a", undefined, Attributes, fun() -> ok end) end,
    ok = Open(#{~"text" => <<255>>}),
    has_counted(~"lost", 1),
    ok = Open(#{}),
    has_counted(~"exported", 1).

%% Whom the machine does not trust gets nothing.
over_tls(Config) ->
    #{server := #{cert := Cert, key := Key}} = erlmcp_testing:pem(proplists:get_value(priv_dir, Config)),
    {ok, Listener} = erlmcp_listener:start_link(#{
        name => erlmcp_fake_collector,
        transport => {tls, [{certfile, Cert}, {keyfile, Key}]},
        ip => {127, 0, 0, 1},
        port => 0,
        handler => {erlmcp_fake_collector, none},
        max_body => 0
    }),
    "http:" ++ Rest = erlmcp_fake_collector:endpoint(Listener),
    start_app([
        {"OTEL_EXPORTER_OTLP_ENDPOINT", "https:" ++ Rest}, {"OTEL_BSP_SCHEDULE_DELAY", "20"}
    ]),
    ok = is_impatient(),
    ok = ping(),
    has_counted(~"lost", 1).

the_last_spans(_) ->
    _ = start([], [{"OTEL_BSP_SCHEDULE_DELAY", "600000"}, {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2"}]),
    [ok = ping() || _ <- lists:seq(1, 3)],
    ?assertMatch([_, _], exported()),
    ok = erlmcp_testing:stop(),
    ?assertMatch([_], exported()).

no_last_spans_for_nobody(_) ->
    _ = start([400, silence], [{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1"}]),
    ok = ping(),
    has_counted(~"refused", 1),
    ok = ping(),
    _ = exported(2),
    {Micros, ok} = timer:tc(fun erlmcp_testing:stop/0),
    ?assert(Micros < 5_000_000).

hides_what_users_do(_) ->
    _ = start([], [{"OTEL_BSP_SCHEDULE_DELAY", "600000"}]),
    ok = erlmcp_trace:server(~"a", undefined, #{~"b" => ~"hidden words"}, fun() -> ok end),
    Status = sys:get_status(erlmcp_trace_exporter),
    ?assertEqual(nomatch, string:find(io_lib:format("~p", [Status]), "hidden words")).

ignores_what_is_not_for_it(_) ->
    _ = start([]),
    ?assertEqual({error, unknown}, gen_server:call(erlmcp_trace_exporter, invented)),
    ok = gen_server:cast(erlmcp_trace_exporter, invented),
    erlmcp_trace_exporter ! invented,
    ok = ping(),
    ?assertMatch([_], exported()).
