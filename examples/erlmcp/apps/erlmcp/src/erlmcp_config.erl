-module(erlmcp_config).
-moduledoc """
The configuration, read once from the environment.

Everything is validated before anything starts, and all errors are reported at once.
A variable that is set to nothing counts as not set: compose files pass those.
Secrets are not read here. Their files are read where they are used, so that a
rotated one is found.
""".

-export([read/0, read/1]).
-export_type([t/0, store/0]).

-type store() :: #{
    host := string(),
    port := inet:port_number(),
    password_file := file:filename() | undefined,
    user => binary(),
    database => binary()
}.
-type t() :: #{
    bind := inet:ip_address(),
    http_port := inet:port_number(),
    https_port := inet:port_number(),
    health_port := inet:port_number(),
    metrics_port := inet:port_number(),
    tls := off | erlmcp_tls:config(),
    session_key_file := file:filename() | undefined,
    allowed_origins := localhost | [binary()],
    max_body := pos_integer(),
    stores := #{postgres => store(), redis => store()},
    peers := [node()],
    discovery := off | {string(), string()},
    cluster_size := pos_integer(),
    drain_ms := non_neg_integer(),
    tracing := off | erlmcp_trace_exporter:options(),
    log_level := logger:level()
}.
-type lookup() :: fun((string()) -> string() | false).
-type parser() :: fun((string()) -> {ok, term()} | {error, string()}).

-doc "Reads the environment of the operating system.".
-spec read() -> {ok, t()} | {error, [string()]}.
read() ->
    read(fun os:getenv/1).

-doc "Reads any environment. The errors name the variable, the fault and the cure.".
-spec read(lookup()) -> {ok, t()} | {error, [string()]}.
read(Lookup) ->
    Read = [
        {Key, value(Lookup, Name, Default, Parse)}
     || {Key, Name, Default, Parse} <- variables()
    ],
    case [Reason || {_, {error, Reason}} <- Read] of
        [] -> assemble(#{Key => Value || {Key, {ok, Value}} <- Read});
        Errors -> {error, Errors}
    end.

-spec variables() -> [{atom(), string(), term(), parser()}].
variables() ->
    [
        {bind, "ERLMCP_BIND", {0, 0, 0, 0}, fun address/1},
        {http_port, "ERLMCP_HTTP_PORT", 8080, fun port/1},
        {https_port, "ERLMCP_HTTPS_PORT", 8443, fun port/1},
        {health_port, "ERLMCP_HEALTH_PORT", 9090, fun port/1},
        {metrics_port, "ERLMCP_METRICS_PORT", 9568, fun port/1},
        {tls_cert_file, "ERLMCP_TLS_CERT_FILE", undefined, fun text/1},
        {tls_key_file, "ERLMCP_TLS_KEY_FILE", undefined, fun text/1},
        {tls_ca_file, "ERLMCP_TLS_CA_FILE", undefined, fun text/1},
        {tls_verify, "ERLMCP_TLS_VERIFY", verify_none, one_of([verify_none, verify_peer])},
        {session_key_file, "ERLMCP_SESSION_KEY_FILE", undefined, fun text/1},
        {allowed_origins, "ERLMCP_ALLOWED_ORIGINS", localhost, fun origins/1},
        {max_body, "ERLMCP_MAX_BODY_BYTES", 1_048_576, integer(1, 1_073_741_824)},
        {postgres_host, "ERLMCP_POSTGRES_HOST", undefined, fun text/1},
        {postgres_port, "ERLMCP_POSTGRES_PORT", 5432, fun port/1},
        {postgres_user, "ERLMCP_POSTGRES_USER", <<"erlmcp">>, fun binary/1},
        {postgres_database, "ERLMCP_POSTGRES_DATABASE", undefined, fun binary/1},
        {postgres_password_file, "ERLMCP_POSTGRES_PASSWORD_FILE", undefined, fun text/1},
        {redis_host, "ERLMCP_REDIS_HOST", undefined, fun text/1},
        {redis_port, "ERLMCP_REDIS_PORT", 6379, fun port/1},
        {redis_password_file, "ERLMCP_REDIS_PASSWORD_FILE", undefined, fun text/1},
        {peers, "ERLMCP_PEERS", [], fun peers/1},
        {discovery_dns, "ERLMCP_DISCOVERY_DNS", undefined, fun text/1},
        {discovery_basename, "ERLMCP_DISCOVERY_NODE_BASENAME", "erlmcp", fun text/1},
        {cluster_size, "ERLMCP_CLUSTER_SIZE", 1, integer(1, 10_000)},
        {drain_ms, "ERLMCP_DRAIN_MS", 0, integer(0, 3_600_000)},
        {log_level, "ERLMCP_LOG_LEVEL", info, one_of([debug, info, notice, warning, error])}
        | otel_variables()
    ].

%% The names that all OpenTelemetry SDKs share.
-spec otel_variables() -> [{atom(), string(), term(), parser()}].
otel_variables() ->
    [
        {otel_disabled, "OTEL_SDK_DISABLED", false, one_of([true, false])},
        {otlp_endpoint, "OTEL_EXPORTER_OTLP_ENDPOINT", undefined, fun url/1},
        {otlp_traces_endpoint, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", undefined, fun url/1},
        {otlp_protocol, "OTEL_EXPORTER_OTLP_PROTOCOL", 'http/json', one_of(['http/json'])},
        {otlp_timeout_ms, "OTEL_EXPORTER_OTLP_TIMEOUT", 10_000, integer(1, 600_000)},
        {otel_service, "OTEL_SERVICE_NAME", ~"erlmcp", fun binary/1},
        {sampler, "OTEL_TRACES_SAMPLER", parentbased_always_on, one_of(erlmcp_sampler:names())},
        {sampler_share, "OTEL_TRACES_SAMPLER_ARG", 1.0, fun share/1},
        {spans_delay_ms, "OTEL_BSP_SCHEDULE_DELAY", 5_000, integer(1, 600_000)},
        {spans_queue, "OTEL_BSP_MAX_QUEUE_SIZE", 2_048, integer(1, 1_000_000)},
        {spans_batch, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512, integer(1, 10_000)}
    ].

-spec value(lookup(), string(), term(), parser()) -> {ok, term()} | {error, string()}.
value(Lookup, Name, Default, Parse) ->
    case Lookup(Name) of
        Unset when Unset =:= false; Unset =:= "" ->
            {ok, Default};
        Value ->
            case Parse(Value) of
                {ok, _} = Ok -> Ok;
                {error, Wanted} -> {error, Name ++ " must be " ++ Wanted}
            end
    end.

-spec assemble(#{atom() => term()}) -> {ok, t()} | {error, [string()]}.
assemble(Values) ->
    case tls(Values) of
        {ok, Tls} ->
            Plain = [
                bind,
                http_port,
                https_port,
                health_port,
                metrics_port,
                session_key_file,
                allowed_origins,
                max_body,
                peers,
                cluster_size,
                drain_ms,
                log_level
            ],
            {ok, (maps:with(Plain, Values))#{
                tls => Tls,
                stores => maps:merge(postgres(Values), redis(Values)),
                discovery => discovery(Values),
                tracing => tracing(Values)
            }};
        {error, Reason} ->
            {error, [Reason]}
    end.

-spec tls(#{atom() => term()}) -> {ok, off | erlmcp_tls:config()} | {error, string()}.
tls(#{tls_cert_file := undefined, tls_key_file := undefined}) ->
    {ok, off};
tls(#{tls_verify := verify_peer, tls_ca_file := undefined}) ->
    {error, "ERLMCP_TLS_VERIFY=verify_peer needs ERLMCP_TLS_CA_FILE"};
tls(#{tls_cert_file := Cert, tls_key_file := Key, tls_ca_file := Ca, tls_verify := Verify}) when
    Cert =/= undefined, Key =/= undefined
->
    {ok, #{cert_file => Cert, key_file => Key, ca_file => Ca, verify => Verify}};
tls(_) ->
    {error, "ERLMCP_TLS_CERT_FILE and ERLMCP_TLS_KEY_FILE must be set together"}.

-spec postgres(#{atom() => term()}) -> #{postgres => store()}.
postgres(#{postgres_host := undefined}) ->
    #{};
postgres(#{postgres_user := User} = Values) ->
    #{
        postgres_host := Host,
        postgres_port := Port,
        postgres_database := Database,
        postgres_password_file := File
    } = Values,
    #{
        postgres => #{
            host => Host,
            port => Port,
            user => User,
            database => either(Database, User),
            password_file => File
        }
    }.

-spec redis(#{atom() => term()}) -> #{redis => store()}.
redis(#{redis_host := undefined}) ->
    #{};
redis(#{redis_host := Host, redis_port := Port, redis_password_file := File}) ->
    #{redis => #{host => Host, port => Port, password_file => File}}.

-spec discovery(#{atom() => term()}) -> off | {string(), string()}.
discovery(#{discovery_dns := undefined}) -> off;
discovery(#{discovery_dns := Name, discovery_basename := Basename}) -> {Name, Basename}.

-spec tracing(#{atom() => term()}) -> off | erlmcp_trace_exporter:options().
tracing(#{otel_disabled := true}) ->
    off;
tracing(#{otlp_traces_endpoint := undefined, otlp_endpoint := undefined}) ->
    off;
tracing(#{otlp_traces_endpoint := undefined, otlp_endpoint := Endpoint} = Values) ->
    tracing(Values#{otlp_traces_endpoint := string:trim(Endpoint, trailing, "/") ++ "/v1/traces"});
tracing(#{otlp_traces_endpoint := Url, otel_service := Service} = Values) ->
    #{sampler := Sampler, sampler_share := Share, otlp_timeout_ms := Timeout} = Values,
    #{spans_delay_ms := Delay, spans_queue := Queue, spans_batch := Batch} = Values,
    #{
        url => Url,
        service => Service,
        sampler => {Sampler, Share},
        timeout_ms => Timeout,
        delay_ms => Delay,
        max_queue => Queue,
        max_batch => min(Batch, Queue)
    }.

-spec either(Value | undefined, Value) -> Value.
either(undefined, Default) -> Default;
either(Value, _) -> Value.

%% Parsers: each returns what the value means, or what it must be.

-spec text(string()) -> {ok, string()}.
text(Value) ->
    {ok, Value}.

-spec binary(string()) -> {ok, binary()}.
binary(Value) ->
    {ok, unicode:characters_to_binary(Value)}.

-spec address(string()) -> {ok, inet:ip_address()} | {error, string()}.
address(Value) ->
    case inet:parse_strict_address(Value) of
        {ok, Address} -> {ok, Address};
        {error, _} -> {error, "an IPv4 or IPv6 address, such as 0.0.0.0 or ::"}
    end.

-spec port(string()) -> {ok, inet:port_number()} | {error, string()}.
port(Value) ->
    Parse = integer(0, 65535),
    Parse(Value).

-spec integer(integer(), integer()) -> parser().
integer(Min, Max) ->
    fun(Value) ->
        case string:to_integer(Value) of
            {Integer, ""} when Integer >= Min, Integer =< Max -> {ok, Integer};
            _ -> {error, lists:flatten(io_lib:format("an integer from ~b to ~b", [Min, Max]))}
        end
    end.

-spec share(string()) -> {ok, float()} | {error, string()}.
share(Value) ->
    case {string:to_float(Value), string:to_integer(Value)} of
        {{Share, ""}, _} when Share >= 0.0, Share =< 1.0 -> {ok, Share};
        {_, {Share, ""}} when Share =:= 0; Share =:= 1 -> {ok, float(Share)};
        _ -> {error, "a share from 0 to 1, such as 0.1"}
    end.

-spec url(string()) -> {ok, string()} | {error, string()}.
url(Value) ->
    case uri_string:parse(Value) of
        #{scheme := Scheme, host := [_ | _]} when Scheme =:= "http"; Scheme =:= "https" ->
            {ok, Value};
        _ ->
            {error, "an http or https URL, such as http://otel-collector:4318"}
    end.

-spec one_of([atom()]) -> parser().
one_of(Atoms) ->
    fun(Value) ->
        case [Atom || Atom <- Atoms, atom_to_list(Atom) =:= Value] of
            [Atom] -> {ok, Atom};
            [] -> {error, "one of " ++ lists:join(", ", [atom_to_list(Atom) || Atom <- Atoms])}
        end
    end.

-spec origins(string()) -> {ok, [binary()]} | {error, string()}.
origins(Value) ->
    Origins = [erlmcp_origin:normalize(list_to_binary(Item)) || Item <- items(Value)],
    case lists:member(error, Origins) of
        false -> {ok, [Origin || {ok, Origin} <- Origins]};
        true -> {error, "origins separated by commas, such as https://app.example.com"}
    end.

-spec peers(string()) -> {ok, [node()]} | {error, string()}.
peers(Value) ->
    Names = items(Value),
    case lists:all(fun is_node_name/1, Names) of
        true -> {ok, [list_to_atom(Name) || Name <- Names]};
        false -> {error, "node names separated by commas, such as erlmcp@n1.internal"}
    end.

-spec is_node_name(string()) -> boolean().
is_node_name(Name) ->
    re:run(Name, "^[A-Za-z0-9_-]{1,100}@[A-Za-z0-9._:-]{1,150}$", [{capture, none}]) =:= match.

-spec items(string()) -> [string()].
items(Value) ->
    string:lexemes(Value, ", ").
