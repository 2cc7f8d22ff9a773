-module(erlmcp_sup).
-moduledoc """
Everything that runs, in the order in which it may be needed.

Supervisors stop their children the other way round, so the ports that clients use
close first and the health port, which tells about it, closes last.
""".

-behaviour(supervisor).

-export([start_link/1, client_listeners/1]).
-export([init/1]).

-type settings() :: #{
    config := erlmcp_config:t(),
    session_key := erlmcp_session:key(),
    tls := off | [ssl:tls_server_option()]
}.

-define(NO_BODY, 0).

-spec start_link(settings()) -> supervisor:startlink_ret().
start_link(Settings) ->
    supervisor:start_link({local, ?MODULE}, ?MODULE, Settings).

-doc "The listeners that clients of the MCP server use.".
-spec client_listeners(erlmcp_config:t()) -> [atom()].
client_listeners(#{tls := off}) -> [erlmcp_http_listener];
client_listeners(#{tls := _}) -> [erlmcp_http_listener, erlmcp_https_listener].

-spec init(settings()) -> {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
init(#{config := Config} = Settings) ->
    ok = erlmcp_metrics:new(),
    #{stores := Stores, peers := Peers, discovery := Discovery, tracing := Tracing} = Config,
    {ok,
        {#{strategy => one_for_one, intensity => 10, period => 10}, [
            health_listener(Config),
            metrics_listener(Config),
            #{
                id => erlmcp_trace_exporter,
                start => {erlmcp_trace_exporter, start_link, [Tracing]}
            },
            #{id => erlmcp_session, start => {erlmcp_session, start_link, []}},
            #{
                id => erlmcp_stores,
                start => {erlmcp_stores, start_link, [Stores]},
                type => supervisor
            },
            #{
                id => erlmcp_cluster,
                start =>
                    {erlmcp_cluster, start_link, [#{peers => Peers, discovery => Discovery}]}
            }
            | mcp_listeners(Settings)
        ]}}.

-spec health_listener(erlmcp_config:t()) -> supervisor:child_spec().
health_listener(#{health_port := Port, stores := Stores, cluster_size := Size} = Config) ->
    State = #{
        listeners => client_listeners(Config),
        stores => maps:keys(Stores),
        cluster_size => Size
    },
    listener(erlmcp_health_listener, tcp, Port, {erlmcp_health, State}, ?NO_BODY, Config).

-spec metrics_listener(erlmcp_config:t()) -> supervisor:child_spec().
metrics_listener(#{metrics_port := Port, cluster_size := Size} = Config) ->
    State = #{listeners => client_listeners(Config), cluster_size => Size},
    listener(erlmcp_metrics_listener, tcp, Port, {erlmcp_metrics, State}, ?NO_BODY, Config).

-spec mcp_listeners(settings()) -> [supervisor:child_spec()].
mcp_listeners(#{config := Config, session_key := Key, tls := Tls}) ->
    #{
        http_port := HttpPort,
        https_port := HttpsPort,
        max_body := MaxBody,
        allowed_origins := Origins,
        stores := Stores
    } = Config,
    {ok, Version} = application:get_key(erlmcp, vsn),
    Server = #{
        name => ~"erlmcp",
        version => list_to_binary(Version),
        tools => erlmcp_tools:all(maps:keys(Stores))
    },
    State = #{server => Server, session_key => Key, allowed_origins => Origins},
    Handler = {erlmcp_endpoint, State},
    [
        listener(erlmcp_http_listener, tcp, HttpPort, Handler, MaxBody, Config)
        | [
            listener(erlmcp_https_listener, {tls, Tls}, HttpsPort, Handler, MaxBody, Config)
         || Tls =/= off
        ]
    ].

-spec listener(
    atom(),
    erlmcp_socket:transport(),
    inet:port_number(),
    {module(), term()},
    non_neg_integer(),
    erlmcp_config:t()
) -> supervisor:child_spec().
listener(Name, Transport, Port, Handler, MaxBody, #{bind := Ip}) ->
    Options = #{
        name => Name,
        transport => Transport,
        ip => Ip,
        port => Port,
        handler => Handler,
        max_body => MaxBody
    },
    #{id => Name, start => {erlmcp_listener, start_link, [Options]}}.
