-module(erlmcp_store_SUITE).

-include_lib("stdlib/include/assert.hrl").

-compile([export_all, nowarn_export_all]).

-import(erlmcp_testing, [rpc/4, eventually/1]).

all() ->
    [
        notes,
        notes_are_no_sql,
        refused_statement,
        statement_without_answer,
        senseless_answer,
        postgres_restarts,
        postgres_says_goodbye,
        postgres_comes_later,
        wrong_postgres_password,
        rotated_postgres_password,
        insecure_postgres,
        postgres_without_password_file,
        missing_password_file,
        silent_postgres,
        counters,
        refused_command,
        redis_nonsense,
        redis_restarts,
        wrong_redis_password,
        redis_without_password,
        loading_redis,
        status_hides_requests
    ].

init_per_testcase(_, Config) ->
    File = filename:join(proplists:get_value(priv_dir, Config), "password"),
    ok = file:write_file(File, ~"right\n"),
    [{file, File} | Config].

end_per_testcase(_, _) ->
    erlmcp_testing:stop().

start_postgres(Options, Config) ->
    Server = erlmcp_fake_postgres:start(maps:merge(#{password => ~"right"}, Options)),
    start_app(postgres_env(erlmcp_fake_postgres:port(Server), Config)),
    Server.

postgres_env(Port, Config) ->
    [
        {"ERLMCP_POSTGRES_HOST", "127.0.0.1"},
        {"ERLMCP_POSTGRES_PORT", integer_to_list(Port)},
        {"ERLMCP_POSTGRES_USER", "tester"},
        {"ERLMCP_POSTGRES_DATABASE", "notes"},
        {"ERLMCP_POSTGRES_PASSWORD_FILE", proplists:get_value(file, Config)}
    ].

start_redis(Options, Config) ->
    Server = erlmcp_fake_redis:start(Options),
    start_app([
        {"ERLMCP_REDIS_HOST", "127.0.0.1"},
        {"ERLMCP_REDIS_PORT", integer_to_list(erlmcp_fake_redis:port(Server))},
        {"ERLMCP_REDIS_PASSWORD_FILE", proplists:get_value(file, Config)}
    ]),
    Server.

start_app(Environment) ->
    {ok, _} = erlmcp_testing:start(Environment),
    %% Tests below lose stores on purpose.
    ok = logger:set_primary_config(level, critical).

call(Tool, Arguments) ->
    Port = erlmcp_testing:port(erlmcp_http_listener),
    Session = erlmcp_testing:initialize(Port),
    case rpc(Port, Session, ~"tools/call", #{~"name" => Tool, ~"arguments" => Arguments}) of
        #{~"isError" := false, ~"structuredContent" := Content} -> Content;
        #{~"isError" := true, ~"content" := [#{~"text" := Message}]} -> {failed, Message};
        {error, Code} -> {error, Code}
    end.

check(Store) ->
    {Status, _, Body} =
        erlmcp_testing:get(erlmcp_testing:port(erlmcp_health_listener), "/health/ready"),
    #{~"checks" := #{Store := Said}} = json:decode(Body),
    {Status, Said}.

up(Store) ->
    Line = <<"erlmcp_store_up{store=\"", Store/binary, "\"} ">>,
    {200, _, Text} =
        erlmcp_testing:get(erlmcp_testing:port(erlmcp_metrics_listener), "/metrics"),
    [_, <<Value, _/binary>>] = binary:split(Text, Line),
    Value - $0.

is_ready(Store) ->
    eventually(fun() -> ?assertEqual({200, ~"ok"}, check(Store)) end),
    ?assertEqual(1, up(Store)).

is_away(Store) ->
    eventually(fun() -> ?assertEqual({503, ~"unavailable"}, check(Store)) end),
    eventually(fun() -> ?assertEqual(0, up(Store)) end),
    {200, _, _} = erlmcp_testing:get(erlmcp_testing:port(erlmcp_health_listener), "/health/live").

notes(Config) ->
    Server = start_postgres(#{}, Config),
    is_ready(~"postgres"),
    ?assertEqual(#{~"id" => 1}, call(~"note_add", #{~"text" => ~"eins"})),
    ?assertEqual(#{~"id" => 2}, call(~"note_add", #{~"text" => ~"zwei ü"})),
    ?assertEqual(
        #{
            ~"notes" => [
                #{~"id" => 2, ~"text" => ~"zwei ü", ~"created_at" => null},
                #{~"id" => 1, ~"text" => ~"eins", ~"created_at" => null}
            ]
        },
        call(~"note_list", #{})
    ),
    ?assertMatch(#{~"notes" := [#{~"id" := 2}]}, call(~"note_list", #{~"limit" => 1})),
    ?assertEqual({error, -32602}, call(~"note_list", #{~"limit" => 0})),
    ?assertEqual({error, -32602}, call(~"note_add", #{~"text" => ~""})),
    %% A store that is off has no tools.
    ?assertEqual({error, -32602}, call(~"counter_increment", #{~"name" => ~"a"})),
    [Schema | _] = erlmcp_fake_postgres:statements(Server),
    ?assertMatch({match, _}, re:run(Schema, "pg_advisory_xact_lock.*CREATE TABLE IF NOT EXISTS", [dotall])).

notes_are_no_sql(Config) ->
    Server = start_postgres(#{}, Config),
    is_ready(~"postgres"),
    Evil = ~"'); DROP TABLE erlmcp_notes; --",
    ?assertEqual(#{~"id" => 1}, call(~"note_add", #{~"text" => Evil})),
    ?assertMatch(#{~"notes" := [#{~"text" := Evil}]}, call(~"note_list", #{})),
    ?assertEqual([], [Sql || Sql <- erlmcp_fake_postgres:statements(Server), binary:match(Sql, ~"DROP") =/= nomatch]).

refused_statement(Config) ->
    _ = start_postgres(#{}, Config),
    is_ready(~"postgres"),
    ?assertEqual(
        {failed, ~"postgres refused the request"}, call(~"note_add", #{~"text" => ~"make it fail"})
    ),
    %% The connection is as good as before.
    ?assertEqual(#{~"id" => 1}, call(~"note_add", #{~"text" => ~"a"})).

statement_without_answer(Config) ->
    _ = start_postgres(#{}, Config),
    is_ready(~"postgres"),
    ?assertEqual(
        {failed, ~"postgres is unavailable, try again later"},
        call(~"note_add", #{~"text" => ~"never answer"})
    ),
    is_ready(~"postgres").

senseless_answer(Config) ->
    _ = start_postgres(#{}, Config),
    is_ready(~"postgres"),
    Client = whereis(erlmcp_postgres),
    ?assertMatch({failed, _}, call(~"note_add", #{~"text" => ~"make no sense"})),
    is_ready(~"postgres"),
    ?assertEqual(Client, whereis(erlmcp_postgres)).

postgres_restarts(Config) ->
    Server = start_postgres(#{}, Config),
    is_ready(~"postgres"),
    Port = erlmcp_fake_postgres:port(Server),
    erlmcp_fake_postgres:stop(Server),
    ?assertMatch({failed, _}, call(~"note_add", #{~"text" => ~"a"})),
    is_away(~"postgres"),
    _ = erlmcp_fake_postgres:start(#{password => ~"right", port => Port}),
    is_ready(~"postgres").

%% The request after the goodbye is not lost: it waits for the new connection.
postgres_says_goodbye(Config) ->
    Server = start_postgres(#{}, Config),
    is_ready(~"postgres"),
    [
        begin
            erlmcp_fake_postgres:say_goodbye(Server),
            ?assertEqual(#{~"id" => N}, call(~"note_add", #{~"text" => ~"a"}))
        end
     || N <- [1, 2, 3]
    ].

postgres_comes_later(Config) ->
    {ok, Probe} = gen_tcp:listen(0, [{ip, {127, 0, 0, 1}}]),
    {ok, Port} = inet:port(Probe),
    gen_tcp:close(Probe),
    start_app(postgres_env(Port, Config)),
    is_away(~"postgres"),
    timer:sleep(1_500),
    _ = erlmcp_fake_postgres:start(#{password => ~"right", port => Port}),
    is_ready(~"postgres").

wrong_postgres_password(Config) ->
    ok = file:write_file(proplists:get_value(file, Config), ~"wrong\n"),
    _ = start_postgres(#{}, Config),
    timer:sleep(500),
    is_away(~"postgres"),
    ?assertEqual(
        {failed, ~"postgres is unavailable, try again later"}, call(~"note_add", #{~"text" => ~"a"})
    ).

rotated_postgres_password(Config) ->
    Server = start_postgres(#{}, Config),
    is_ready(~"postgres"),
    Port = erlmcp_fake_postgres:port(Server),
    erlmcp_fake_postgres:stop(Server),
    ok = file:write_file(proplists:get_value(file, Config), ~"newer\r\n"),
    _ = erlmcp_fake_postgres:start(#{password => ~"newer", port => Port}),
    is_ready(~"postgres").

insecure_postgres(Config) ->
    [
        begin
            Server = start_postgres(#{auth => Auth}, Config),
            timer:sleep(300),
            ?assertEqual({Auth, 0}, {Auth, up(~"postgres")}),
            ?assertEqual({503, ~"unavailable"}, check(~"postgres")),
            erlmcp_testing:stop(),
            erlmcp_fake_postgres:stop(Server)
        end
     || Auth <- [cleartext, md5, plus_only, forged, trust, nonsense]
    ].

postgres_without_password_file(Config) ->
    Trusting = erlmcp_fake_postgres:start(#{auth => trust}),
    start_app(proplists:delete("ERLMCP_POSTGRES_PASSWORD_FILE", postgres_env(erlmcp_fake_postgres:port(Trusting), Config))),
    is_ready(~"postgres"),
    erlmcp_testing:stop(),
    Asking = erlmcp_fake_postgres:start(#{password => ~"right"}),
    start_app(proplists:delete("ERLMCP_POSTGRES_PASSWORD_FILE", postgres_env(erlmcp_fake_postgres:port(Asking), Config))),
    is_away(~"postgres").

missing_password_file(Config) ->
    ok = file:delete(proplists:get_value(file, Config)),
    _ = start_postgres(#{}, Config),
    is_away(~"postgres"),
    ok = file:write_file(proplists:get_value(file, Config), ~"right"),
    is_ready(~"postgres").

%% Health answers within its own time, however long the store takes.
silent_postgres(Config) ->
    _ = start_postgres(#{auth => silent}, Config),
    {Micros, {503, ~"unavailable"}} = timer:tc(fun() -> check(~"postgres") end),
    ?assert(Micros < 2_000_000),
    %% The attempt is given up after its time.
    timer:sleep(4_500),
    ?assertEqual({503, ~"unavailable"}, check(~"postgres")).

counters(Config) ->
    _ = start_redis(#{password => ~"right"}, Config),
    is_ready(~"redis"),
    [
        ?assertEqual(#{~"name" => ~"a\r\nDEL b", ~"value" => N}, call(~"counter_increment", #{~"name" => ~"a\r\nDEL b"}))
     || N <- [1, 2, 3]
    ],
    ?assertEqual({error, -32602}, call(~"note_list", #{})).

refused_command(Config) ->
    _ = start_redis(#{password => ~"right"}, Config),
    is_ready(~"redis"),
    ?assertEqual(
        {failed, ~"redis refused the request"}, call(~"counter_increment", #{~"name" => ~"refused"})
    ),
    %% A reply that cannot be is a crash of the tool, and a failed call for the client.
    ?assertEqual({failed, ~"internal error"}, call(~"counter_increment", #{~"name" => ~"text"})),
    ?assertMatch(#{~"value" := 1}, call(~"counter_increment", #{~"name" => ~"a"})).

redis_nonsense(Config) ->
    _ = start_redis(#{password => ~"right"}, Config),
    is_ready(~"redis"),
    ?assertMatch({failed, _}, call(~"counter_increment", #{~"name" => ~"nonsense"})),
    is_ready(~"redis").

redis_restarts(Config) ->
    Server = start_redis(#{password => ~"right"}, Config),
    is_ready(~"redis"),
    Port = erlmcp_fake_redis:port(Server),
    erlmcp_fake_redis:stop(Server),
    is_away(~"redis"),
    ?assertMatch({failed, _}, call(~"counter_increment", #{~"name" => ~"a"})),
    _ = erlmcp_fake_redis:start(#{password => ~"right", port => Port}),
    is_ready(~"redis").

wrong_redis_password(Config) ->
    ok = file:write_file(proplists:get_value(file, Config), ~"wrong"),
    _ = start_redis(#{password => ~"right"}, Config),
    timer:sleep(300),
    is_away(~"redis").

%% A server that checks nothing is not the one that was configured.
redis_without_password(Config) ->
    _ = start_redis(#{}, Config),
    timer:sleep(300),
    is_away(~"redis").

loading_redis(Config) ->
    ok = file:delete(proplists:get_value(file, Config)),
    Server = erlmcp_fake_redis:start(#{loading => true}),
    start_app([
        {"ERLMCP_REDIS_HOST", "127.0.0.1"},
        {"ERLMCP_REDIS_PORT", integer_to_list(erlmcp_fake_redis:port(Server))}
    ]),
    timer:sleep(300),
    is_away(~"redis").

status_hides_requests(Config) ->
    _ = start_postgres(#{}, Config),
    is_ready(~"postgres"),
    _ = call(~"note_add", #{~"text" => ~"in confidence"}),
    Printed = lists:flatten(io_lib:format("~p", [sys:get_status(erlmcp_postgres)])),
    ?assertEqual(nomatch, string:find(Printed, "in confidence")),
    ?assertEqual(nomatch, string:find(Printed, "\"right")).
