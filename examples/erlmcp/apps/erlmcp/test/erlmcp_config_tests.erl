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
            tracing := off,
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
            {"ERLMCP_LOG_LEVEL", "verbose"},
            {"OTEL_EXPORTER_OTLP_ENDPOINT", "otel-collector:4318"},
            {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "ftp://collector"},
            {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://"},
            {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
            {"OTEL_TRACES_SAMPLER", "sometimes"},
            {"OTEL_TRACES_SAMPLER_ARG", "1.5"},
            {"OTEL_TRACES_SAMPLER_ARG", "10%"},
            {"OTEL_BSP_MAX_QUEUE_SIZE", "0"}
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

tracing(Environment) ->
    {ok, #{tracing := Tracing}} = read(Environment),
    Tracing.

tracing_test() ->
    Endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/"},
    ?assertEqual(
        #{
            url => "http://collector:4318/v1/traces",
            service => ~"erlmcp",
            sampler => {parentbased_always_on, 1.0},
            timeout_ms => 10_000,
            delay_ms => 5_000,
            max_queue => 2_048,
            max_batch => 512
        },
        tracing([Endpoint])
    ),
    ?assertMatch(
        #{
            url := "https://other/path",
            service := ~"shop",
            sampler := {traceidratio, 0.25},
            max_queue := 10,
            max_batch := 10
        },
        tracing([
            Endpoint,
            {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://other/path"},
            {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"},
            {"OTEL_SERVICE_NAME", "shop"},
            {"OTEL_TRACES_SAMPLER", "traceidratio"},
            {"OTEL_TRACES_SAMPLER_ARG", "0.25"},
            {"OTEL_BSP_MAX_QUEUE_SIZE", "10"}
        ])
    ),
    ?assertMatch(#{sampler := {_, +0.0}}, tracing([Endpoint, {"OTEL_TRACES_SAMPLER_ARG", "0"}])),
    ?assertEqual(off, tracing([Endpoint, {"OTEL_SDK_DISABLED", "true"}])).

flat({error, Faults}) -> {error, [lists:flatten(Fault) || Fault <- Faults]}.
