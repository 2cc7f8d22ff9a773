-module(erlmcp_config_tests).

-include_lib("eunit/include/eunit.hrl").

read(Environment) ->
    erlmcp_config:read(fun(Name) -> proplists:get_value(Name, Environment, false) end).

defaults_test() ->
    {ok, Config} = read([]),
    ?assertMatch(
        #{
            bind := {0, 0, 0, 0},
            http_port := 8080,
            https_port := 8443,
            health_port := 9090,
            metrics_port := 9568,
            tls := off,
            stores := Stores,
            peers := [],
            discovery := off,
            cluster_size := 1,
            drain_ms := 0,
            log_level := info,
            allowed_origins := localhost
        } when Stores =:= #{},
        Config
    ),
    ?assertEqual({ok, Config}, read([{"ERLMCP_HTTP_PORT", ""}, {"ERLMCP_POSTGRES_HOST", ""}])).

everything_test() ->
    {ok, Config} = read([
        {"ERLMCP_BIND", "::1"},
        {"ERLMCP_HTTP_PORT", "0"},
        {"ERLMCP_TLS_CERT_FILE", "/c"},
        {"ERLMCP_TLS_KEY_FILE", "/k"},
        {"ERLMCP_TLS_CA_FILE", "/a"},
        {"ERLMCP_TLS_VERIFY", "verify_peer"},
        {"ERLMCP_POSTGRES_HOST", "db"},
        {"ERLMCP_POSTGRES_PASSWORD_FILE", "/p"},
        {"ERLMCP_REDIS_HOST", "cache"},
        {"ERLMCP_REDIS_PORT", "6380"},
        {"ERLMCP_PEERS", "erlmcp@n1.internal, erlmcp@n2.internal,"},
        {"ERLMCP_DISCOVERY_DNS", "tasks.erlmcp"},
        {"ERLMCP_ALLOWED_ORIGINS", "https://a.example,http://b.example:81"},
        {"ERLMCP_LOG_LEVEL", "debug"}
    ]),
    ?assertMatch(
        #{
            bind := {0, 0, 0, 0, 0, 0, 0, 1},
            http_port := 0,
            tls := #{cert_file := "/c", key_file := "/k", ca_file := "/a", verify := verify_peer},
            stores := #{
                postgres := #{
                    host := "db",
                    port := 5432,
                    user := ~"erlmcp",
                    database := ~"erlmcp",
                    password_file := "/p"
                },
                redis := #{host := "cache", port := 6380, password_file := undefined}
            },
            peers := ['erlmcp@n1.internal', 'erlmcp@n2.internal'],
            discovery := {"tasks.erlmcp", "erlmcp"},
            allowed_origins := [~"https://a.example:443", ~"http://b.example:81"],
            log_level := debug
        },
        Config
    ).

fault_test_() ->
    [
        {Name,
            ?_assertMatch(
                {error, [Fault]} when is_list(Fault), read([{Name, Value}])
            )}
     || {Name, Value} <- [
            {"ERLMCP_BIND", "localhost"},
            {"ERLMCP_HTTP_PORT", "65536"},
            {"ERLMCP_HTTP_PORT", "80a"},
            {"ERLMCP_TLS_VERIFY", "maybe"},
            {"ERLMCP_TLS_CERT_FILE", "/c"},
            {"ERLMCP_ALLOWED_ORIGINS", "example.com"},
            {"ERLMCP_PEERS", "no node"},
            {"ERLMCP_CLUSTER_SIZE", "0"},
            {"ERLMCP_DRAIN_MS", "-1"},
            {"ERLMCP_LOG_LEVEL", "verbose"}
        ]
    ].

fault_names_the_cure_test() ->
    ?assertEqual(
        {error, [
            "ERLMCP_HTTP_PORT must be an integer from 0 to 65535",
            "ERLMCP_LOG_LEVEL must be one of debug, info, notice, warning, error"
        ]},
        flat(read([{"ERLMCP_HTTP_PORT", "x"}, {"ERLMCP_LOG_LEVEL", "y"}]))
    ).

verify_peer_needs_ca_test() ->
    ?assertEqual(
        {error, ["ERLMCP_TLS_VERIFY=verify_peer needs ERLMCP_TLS_CA_FILE"]},
        read([
            {"ERLMCP_TLS_CERT_FILE", "/c"},
            {"ERLMCP_TLS_KEY_FILE", "/k"},
            {"ERLMCP_TLS_VERIFY", "verify_peer"}
        ])
    ).

flat({error, Faults}) -> {error, [lists:flatten(Fault) || Fault <- Faults]}.
