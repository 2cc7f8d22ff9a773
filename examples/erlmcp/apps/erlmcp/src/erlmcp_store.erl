-module(erlmcp_store).
-moduledoc """
A connection to a store that is looked after: made, checked, lost and made again.

A missing store is a fact of life and no error of ours, so nothing crashes: requests
are refused while it is away, and it is tried again with growing pauses. Requests
run one after the other on one connection; what a driver knows is only how to
log in and how to ask.
""".

-behaviour(gen_statem).

-export([start_link/1, request/3]).
-export([callback_mode/0, init/1, connecting/3, connected/3, down/3, terminate/3, format_status/1]).
-export_type([options/0, reason/0, failure/0]).

-doc "`refused`: the store rejected it. `unavailable`: the result is unknown.".
-type reason() :: {refused, Code :: binary()} | unavailable.
-doc "Why a connection could not be made or went away. For the log, so without secrets.".
-type failure() :: term().
-type options() :: #{
    name := postgres | redis,
    process := atom(),
    driver := module(),
    config := erlmcp_config:store()
}.

-doc "Makes a new connection ready for requests. The socket is passive.".
-callback log_in(
    gen_tcp:socket(), erlmcp_config:store(), Password :: none | binary(), Deadline :: integer()
) ->
    ok
    | {refused, Code :: binary(), Message :: binary()}
    | {lost, failure()}
    | {error, failure()}.
-doc "Asks once. The deadline is in milliseconds of monotonic time.".
-callback request(gen_tcp:socket(), Request :: term(), Deadline :: integer()) ->
    {ok, term()} | {refused, Code :: binary(), Message :: binary()} | {lost, failure()}.

-record(data, {
    options :: options(),
    socket :: undefined | gen_tcp:socket(),
    connector :: undefined | {pid(), reference()},
    pause = 0 :: non_neg_integer(),
    failure :: undefined | failure()
}).

-include_lib("kernel/include/logger.hrl").

-define(CONNECT_MS, 4_000).
-define(GIVE_UP_MS, 5_000).
-define(PING_EVERY_MS, 5_000).
-define(PING_MS, 2_000).
-define(MIN_PAUSE_MS, 250).
-define(MAX_PAUSE_MS, 5_000).

-spec start_link(options()) -> gen_statem:start_ret().
start_link(#{process := Process} = Options) ->
    gen_statem:start_link({local, Process}, ?MODULE, Options, []).

-doc "Asks the store. Never raises: a store that is away is an answer.".
-spec request(atom(), term(), Timeout :: pos_integer()) -> {ok, term()} | {error, reason()}.
request(Process, Request, Timeout) ->
    Deadline = now_ms() + Timeout,
    try
        gen_statem:call(Process, {request, Request, Deadline}, Timeout)
    catch
        exit:_ -> {error, unavailable}
    end.

-spec callback_mode() -> [state_functions | state_enter].
callback_mode() ->
    [state_functions, state_enter].

-spec init(options()) -> {ok, connecting, #data{}}.
init(#{name := Name} = Options) ->
    ok = erlmcp_metrics:store_up(Name, false),
    {ok, connecting, #data{options = Options}}.

%% connecting: a helper process does it, so that we can answer and give up meanwhile.

-spec connecting(gen_statem:event_type() | enter, term(), #data{}) ->
    gen_statem:event_handler_result(atom()) | gen_statem:state_enter_result(atom()).
connecting(enter, _, #data{options = #{driver := Driver, config := Config}} = Data) ->
    Owner = self(),
    Connector = spawn_monitor(fun() -> exit(connect(Driver, Config, Owner)) end),
    {keep_state, Data#data{connector = Connector}, {state_timeout, ?GIVE_UP_MS, give_up}};
connecting(info, {'DOWN', Ref, process, _, {ok, Socket}}, #data{connector = {_, Ref}} = Data) ->
    {next_state, connected, Data#data{connector = undefined, socket = Socket}};
connecting(info, {'DOWN', Ref, process, _, Reason}, #data{connector = {_, Ref}} = Data) ->
    fail(Reason, Data);
connecting(state_timeout, give_up, #data{connector = {Pid, Ref}} = Data) ->
    exit(Pid, kill),
    receive
        %% Done at the last moment: the socket is ours and must not be forgotten.
        {'DOWN', Ref, process, _, {ok, Socket}} ->
            {next_state, connected, Data#data{connector = undefined, socket = Socket}};
        {'DOWN', Ref, process, _, _} ->
            fail({error, timeout}, Data)
    end;
connecting({call, _}, _, _) ->
    {keep_state_and_data, postpone}.

%% A socket that is not handed over is closed with the process that opened it.
-spec connect(module(), erlmcp_config:store(), pid()) ->
    {ok, gen_tcp:socket()} | {refused, binary(), binary()} | {lost | error, failure()}.
connect(Driver, #{host := Host, port := Port} = Config, Owner) ->
    Deadline = now_ms() + ?CONNECT_MS,
    Options = [
        binary,
        {active, false},
        {nodelay, true},
        {keepalive, true},
        {send_timeout, ?CONNECT_MS},
        {send_timeout_close, true}
    ],
    try
        maybe
            {ok, Password} ?= password(Config),
            {ok, Socket} ?= gen_tcp:connect(Host, Port, Options, ?CONNECT_MS),
            ok ?= Driver:log_in(Socket, Config, Password, Deadline),
            ok ?= gen_tcp:controlling_process(Socket, Owner),
            {ok, Socket}
        end
    catch
        %% Without the reason and the stack, which may hold what the driver held: a password.
        Class:_ -> {error, {crashed, Driver, Class}}
    end.

-spec password(erlmcp_config:store()) -> {ok, none | binary()} | {error, failure()}.
password(#{password_file := undefined}) -> {ok, none};
password(#{password_file := File}) -> erlmcp_secret:read(File).

-spec fail({error | lost, failure()} | term(), #data{}) -> gen_statem:event_handler_result(atom()).
fail(Reason, Data) ->
    Failure =
        case Reason of
            {error, Known} -> Known;
            {lost, Known} -> Known;
            Unknown -> Unknown
        end,
    {next_state, down, log(Failure, Data#data{connector = undefined, socket = undefined})}.

%% Said once, not with every attempt.
-spec log(failure(), #data{}) -> #data{}.
log(Failure, #data{failure = Failure} = Data) ->
    Data;
log(Failure, #data{options = #{name := Name}} = Data) ->
    ?LOG_WARNING("~ts is unavailable: ~tp", [Name, Failure]),
    Data#data{failure = Failure}.

%% connected

-spec connected(gen_statem:event_type() | enter, term(), #data{}) ->
    gen_statem:event_handler_result(atom()) | gen_statem:state_enter_result(atom()).
connected(enter, _, #data{options = #{name := Name}} = Data) ->
    ?LOG_NOTICE("~ts is connected", [Name]),
    ok = erlmcp_metrics:store_up(Name, true),
    {keep_state, Data#data{pause = 0, failure = undefined}, ping_later()};
connected(state_timeout, ping, Data) ->
    case ask(ping, now_ms() + ?PING_MS, Data) of
        {lost, Failure} -> lose(Failure, Data);
        _ -> {keep_state_and_data, ping_later()}
    end;
connected({call, From}, {request, Request, Deadline}, #data{socket = Socket} = Data) ->
    case {Deadline > now_ms(), is_alive(Socket)} of
        {false, _} ->
            %% The caller has already got an error and waits no more.
            keep_state_and_data;
        {true, false} ->
            %% Nothing was sent yet, so the request can wait for the next connection.
            {next_state, connecting, closed(Data), postpone};
        {true, true} ->
            answer(From, ask(Request, Deadline, Data), Data)
    end;
connected(info, _, _) ->
    keep_state_and_data.

-spec answer(gen_statem:from(), term(), #data{}) -> gen_statem:event_handler_result(atom()).
answer(From, Result, #data{options = #{name := Name}} = Data) ->
    case Result of
        {ok, Reply} ->
            {keep_state_and_data, [{reply, From, {ok, Reply}}, ping_later()]};
        {refused, Code, Message} ->
            ?LOG_WARNING("~ts refused a request: ~ts ~ts", [Name, Code, Message]),
            {keep_state_and_data, [{reply, From, {error, {refused, Code}}}, ping_later()]};
        {lost, Failure} ->
            gen_statem:reply(From, {error, unavailable}),
            lose(Failure, Data)
    end.

-spec ask(term(), integer(), #data{}) -> term().
ask(Request, Deadline, #data{options = #{driver := Driver}, socket = Socket}) ->
    try
        Driver:request(Socket, Request, Deadline)
    catch
        %% What the store sent makes no sense. That must not cost us more than the connection.
        Class:_ -> {lost, {crashed, Driver, Class}}
    end.

-spec lose(failure(), #data{}) -> gen_statem:event_handler_result(atom()).
lose(Failure, Data) ->
    {next_state, connecting, log(Failure, closed(Data))}.

-spec closed(#data{}) -> #data{}.
closed(#data{options = #{name := Name}, socket = Socket} = Data) ->
    ok = gen_tcp:close(Socket),
    ok = erlmcp_metrics:store_up(Name, false),
    Data#data{socket = undefined}.

%% Between requests a store says nothing, unless it says goodbye.
-spec is_alive(gen_tcp:socket()) -> boolean().
is_alive(Socket) ->
    gen_tcp:recv(Socket, 0, 0) =:= {error, timeout}.

-spec ping_later() -> {state_timeout, pos_integer(), ping}.
ping_later() ->
    {state_timeout, ?PING_EVERY_MS, ping}.

%% down: a pause before the next attempt.

-spec down(gen_statem:event_type() | enter, term(), #data{}) ->
    gen_statem:event_handler_result(atom()) | gen_statem:state_enter_result(atom()).
down(enter, _, #data{pause = Before} = Data) ->
    Pause = min(?MAX_PAUSE_MS, max(?MIN_PAUSE_MS, Before * 2)),
    %% Jitter: the replicas lost the store at the same moment and shall not return as one.
    Jitter = rand:uniform(?MIN_PAUSE_MS),
    {keep_state, Data#data{pause = Pause}, {state_timeout, Pause + Jitter, again}};
down(state_timeout, again, Data) ->
    {next_state, connecting, Data};
down({call, From}, _, _) ->
    {keep_state_and_data, {reply, From, {error, unavailable}}};
down(info, _, _) ->
    keep_state_and_data.

-spec terminate(term(), atom(), #data{}) -> ok.
terminate(_, _, #data{options = #{name := Name}}) ->
    erlmcp_metrics:store_up(Name, false).

%% The state holds no password, since it is read at every connect. Requests,
%% however, hold what users wrote.
-spec format_status(gen_statem:format_status()) -> gen_statem:format_status().
format_status(Status) ->
    maps:map(
        fun
            (Key, _) when Key =:= queue; Key =:= postponed; Key =:= log -> [];
            (_, Value) -> Value
        end,
        Status
    ).

-spec now_ms() -> integer().
now_ms() ->
    erlang:monotonic_time(millisecond).
