-module(erlmcp_app).
-moduledoc """
Start and, above all, stop.

SIGTERM makes the VM stop its applications, this one first (`init:stop/0`). Then:
`/health/ready` turns 503, so that load balancers look elsewhere; for `ERLMCP_DRAIN_MS`
everything is served as before, so that they have the time to; the ports close, and
requests that are running finish. Without a drain time all of that fits the ten
seconds that container engines usually grant.
""".

-behaviour(application).

-export([start/2, prep_stop/1, stop/1]).

-include_lib("kernel/include/logger.hrl").

-define(STOP_MS, 9_000).
-define(MIN_FINISH_MS, 1_000).

-spec start(application:start_type(), term()) ->
    {ok, pid(), erlmcp_config:t()} | {error, term()}.
start(_, _) ->
    maybe
        {ok, Config} ?= erlmcp_config:read(),
        ok = log_level(maps:get(log_level, Config)),
        {ok, Key} ?= erlmcp_session:key(maps:get(session_key_file, Config)),
        {ok, Tls} ?= tls(Config),
        ok = erlmcp_health:reset(),
        {ok, Pid} ?= erlmcp_sup:start_link(#{config => Config, session_key => Key, tls => Tls}),
        {ok, Pid, Config}
    else
        {error, [[_ | _] | _] = Faults} ->
            {error, {configuration, fault(Faults)}};
        {error, [Char | _] = Fault} when is_integer(Char) ->
            {error, {configuration, fault([Fault])}};
        {error, _} = Error ->
            Error
    end.

-spec prep_stop(erlmcp_config:t()) -> erlmcp_config:t().
prep_stop(#{drain_ms := DrainMs} = Config) ->
    Listeners = [Name || Name <- erlmcp_sup:client_listeners(Config), erlmcp_listener:is_up(Name)],
    ?LOG_NOTICE("draining for ~b ms", [DrainMs]),
    ok = erlmcp_health:start_draining(),
    lists:foreach(fun erlmcp_listener:drain/1, Listeners),
    timer:sleep(DrainMs),
    case erlmcp_listener:close(Listeners, max(?MIN_FINISH_MS, ?STOP_MS - DrainMs)) of
        ok -> ?LOG_NOTICE("all requests are answered");
        timeout -> ?LOG_WARNING("stopping with requests that are not answered")
    end,
    Config.

-spec stop(erlmcp_config:t()) -> ok.
stop(_) ->
    ok.

%% Supervisors report each child they start, at level info and over a screen each.
%% Only useful while debugging.
-spec log_level(logger:level()) -> ok.
log_level(Level) ->
    _ = logger:remove_primary_filter(?MODULE),
    ok =
        case Level of
            debug -> ok;
            _ -> logger:add_primary_filter(?MODULE, {fun logger_filters:progress/2, stop})
        end,
    logger:set_primary_config(level, Level).

-spec tls(erlmcp_config:t()) -> {ok, off | [ssl:tls_server_option()]} | {error, string()}.
tls(#{tls := off}) -> {ok, off};
tls(#{tls := Config}) -> erlmcp_tls:options(Config).

%% Plain lines for the operator, before the report of the failed start buries them.
-spec fault([string(), ...]) -> [string(), ...].
fault(Faults) ->
    lists:foreach(fun(Fault) -> ?LOG_ERROR("configuration: ~ts", [Fault]) end, Faults),
    Faults.
