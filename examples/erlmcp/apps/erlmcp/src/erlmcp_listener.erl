-module(erlmcp_listener).
-moduledoc """
A port, and the connections that came in through it.

The listener keeps a few processes waiting in accept and counts those that serve.
At the limit it accepts no more: the rest waits in the backlog of the kernel, which
is kinder than an error. It ends in three steps: `drain/1` (answers say
`connection: close`), `close/2` (no new connection, idle ones closed, busy ones
finish), and the stop of the process.
""".

-behaviour(gen_server).

-export([start_link/1, accepted/1, port/1, connections/1, is_up/1, drain/1, close/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).
-export_type([options/0]).

-type options() :: #{
    name := atom(),
    transport := erlmcp_socket:transport(),
    ip := inet:ip_address(),
    port := inet:port_number(),
    handler := {module(), term()},
    max_body := non_neg_integer(),
    max_connections => pos_integer()
}.

-record(state, {
    options :: options(),
    socket :: erlmcp_socket:socket(),
    port :: inet:port_number(),
    phase = open :: open | draining | closed,
    acceptors = #{} :: #{pid() => []},
    connections = #{} :: #{pid() => []},
    waiting = [] :: [gen_server:from()]
}).

-include_lib("kernel/include/logger.hrl").

-define(ACCEPTORS, 8).
-define(BACKLOG, 1_024).
-define(MAX_CONNECTIONS, 4_096).
-define(STOP_MS, 1_000).

-spec start_link(options()) -> gen_server:start_ret().
start_link(#{name := Name} = Options) ->
    gen_server:start_link({local, Name}, ?MODULE, Options, []).

-doc """
Says that the calling process has got its connection, and learns what to do with it.

A call and no cast: a process that accepts has waited for long, perhaps since before
the draining, and its first answer must say so already.
""".
-spec accepted(pid()) -> open | draining | closed.
accepted(Listener) ->
    try
        gen_server:call(Listener, {accepted, self()}, infinity)
    catch
        exit:_ -> closed
    end.

-spec port(atom()) -> inet:port_number().
port(Name) ->
    gen_server:call(Name, port).

-spec connections(atom()) -> non_neg_integer().
connections(Name) ->
    gen_server:call(Name, connections).

-doc "Whether the listener lives and its port is open. A busy one may take a second.".
-spec is_up(atom()) -> boolean().
is_up(Name) ->
    try
        gen_server:call(Name, is_up, 1_000)
    catch
        exit:_ -> false
    end.

-spec drain(atom()) -> ok.
drain(Name) ->
    gen_server:call(Name, drain).

-doc "Closes the ports and waits until all requests are answered, or the time is over.".
-spec close([atom()], timeout()) -> ok | timeout.
close(Names, Timeout) ->
    Requests = lists:foldl(
        fun(Name, Ids) -> gen_server:send_request(Name, close, Name, Ids) end,
        gen_server:reqids_new(),
        Names
    ),
    Deadline = erlang:monotonic_time(millisecond) + Timeout,
    await(Requests, {abs, Deadline}).

-spec await(gen_server:request_id_collection(), {abs, integer()}) -> ok | timeout.
await(Requests, Deadline) ->
    case gen_server:receive_response(Requests, Deadline, true) of
        no_request -> ok;
        timeout -> timeout;
        {_, _, Left} -> await(Left, Deadline)
    end.

-spec init(options()) -> {ok, #state{}} | {stop, term()}.
init(#{name := Name, transport := Transport, ip := Ip, port := Port} = Options) ->
    process_flag(trap_exit, true),
    case erlmcp_socket:listen(Transport, Ip, Port, ?BACKLOG) of
        {ok, Socket} ->
            Bound = erlmcp_socket:port(Socket),
            ?LOG_INFO("~ts listens on ~ts port ~b", [Name, inet:ntoa(Ip), Bound]),
            {ok, refill(#state{options = Options, socket = Socket, port = Bound})};
        {error, Reason} ->
            {stop, {cannot_listen, Name, inet:ntoa(Ip), Port, Reason}}
    end.

-spec handle_call(
    {accepted, pid()} | port | connections | is_up | drain | close, gen_server:from(), #state{}
) -> {reply, term(), #state{}} | {noreply, #state{}}.
handle_call({accepted, Pid}, _, #state{acceptors = Acceptors, connections = Connections} = State) ->
    {reply, State#state.phase,
        refill(State#state{
            acceptors = maps:remove(Pid, Acceptors),
            connections = Connections#{Pid => []}
        })};
handle_call(port, _, State) ->
    {reply, State#state.port, State};
handle_call(connections, _, State) ->
    {reply, map_size(State#state.connections), State};
handle_call(is_up, _, State) ->
    {reply, State#state.phase =/= closed, State};
handle_call(drain, _, State) ->
    tell(drain, State),
    {reply, ok, State#state{phase = draining}};
handle_call(close, From, #state{waiting = Waiting} = State) ->
    Closed = shut(State),
    {noreply, finished(Closed#state{waiting = [From | Waiting]})}.

-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(_, State) ->
    {noreply, State}.

-spec handle_info({'EXIT', pid(), term()}, #state{}) ->
    {noreply, #state{}} | {stop, term(), #state{}}.
handle_info({'EXIT', _, {shutdown, closed}}, #state{phase = Phase} = State) when Phase =/= closed ->
    %% Only this process closes the port, so it is lost. The supervisor opens a new one.
    {stop, port_lost, State};
handle_info({'EXIT', Pid, _}, #state{acceptors = Acceptors, connections = Connections} = State) ->
    {noreply,
        finished(
            refill(State#state{
                acceptors = maps:remove(Pid, Acceptors),
                connections = maps:remove(Pid, Connections)
            })
        )}.

-spec terminate(term(), #state{}) -> ok.
terminate(_, State) ->
    Closed = shut(State),
    Deadline = erlang:monotonic_time(millisecond) + ?STOP_MS,
    linger(maps:keys(Closed#state.connections), Deadline).

%% Only an application that stops without prep_stop gets here with requests running.
-spec linger([pid()], integer()) -> ok.
linger([], _) ->
    ok;
linger(Pids, Deadline) ->
    receive
        {'EXIT', Pid, _} -> linger(lists:delete(Pid, Pids), Deadline)
    after max(0, Deadline - erlang:monotonic_time(millisecond)) ->
        lists:foreach(fun(Pid) -> exit(Pid, kill) end, Pids)
    end.

-spec refill(#state{}) -> #state{}.
refill(#state{phase = closed} = State) ->
    State;
refill(#state{options = Options, acceptors = Acceptors, connections = Connections} = State) ->
    Max = maps:get(max_connections, Options, ?MAX_CONNECTIONS),
    Free = Max - map_size(Connections) - map_size(Acceptors),
    case min(?ACCEPTORS - map_size(Acceptors), Free) of
        Missing when Missing > 0 ->
            New = #{acceptor(State) => [] || _ <- lists:seq(1, Missing)},
            State#state{acceptors = maps:merge(Acceptors, New)};
        _ ->
            State
    end.

-spec acceptor(#state{}) -> pid().
acceptor(#state{options = #{handler := Handler, max_body := MaxBody}} = State) ->
    erlmcp_connection:start_link(#{
        listener => self(),
        socket => State#state.socket,
        handler => Handler,
        max_body => MaxBody
    }).

-spec shut(#state{}) -> #state{}.
shut(#state{phase = closed} = State) ->
    State;
shut(#state{socket = Socket} = State) ->
    ok = erlmcp_socket:close(Socket),
    tell(stop, State),
    State#state{phase = closed}.

-spec tell(drain | stop, #state{}) -> ok.
tell(Word, #state{connections = Connections}) ->
    lists:foreach(fun(Pid) -> Pid ! Word end, maps:keys(Connections)).

-spec finished(#state{}) -> #state{}.
finished(#state{phase = closed, connections = Connections, acceptors = Acceptors} = State) when
    Connections =:= #{}, Acceptors =:= #{}
->
    lists:foreach(fun(From) -> gen_server:reply(From, ok) end, State#state.waiting),
    State#state{waiting = []};
finished(State) ->
    State.
