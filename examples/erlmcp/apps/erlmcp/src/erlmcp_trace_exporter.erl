-module(erlmcp_trace_exporter).
-moduledoc """
Brings spans to an OpenTelemetry collector, OTLP over HTTP.

Tracing must not slow the server down. So no request waits here: a span is sent
as a message, and at the limit, which counts what is in the mailbox, in the queue and on
its way, it is dropped and counted. One batch at a time is on its way, in a process of
its own: a collector that is away, slow or talks nonsense costs that process and no more.
""".

-behaviour(gen_server).

-export([start_link/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, format_status/1]).
-export_type([options/0]).

-type options() :: #{
    %% Where to: with the path, such as http://otel-collector:4318/v1/traces.
    url := string(),
    service := binary(),
    sampler := erlmcp_sampler:sampler(),
    %% Of one attempt.
    timeout_ms := pos_integer(),
    %% A span waits no longer for others.
    delay_ms := pos_integer(),
    max_queue := pos_integer(),
    max_batch := pos_integer(),
    %% Before the second attempt; it doubles.
    pause_ms => pos_integer()
}.

-record(state, {
    options :: options(),
    room :: atomics:atomics_ref(),
    queue = queue:new() :: queue:queue(erlmcp_trace:span()),
    worker :: undefined | {pid(), reference(), Spans :: pos_integer()},
    away = false :: boolean()
}).

-include_lib("kernel/include/logger.hrl").

-define(ATTEMPTS, 5).
-define(PAUSE_MS, 1_000).
-define(LAST_MS, 1_000).

-doc "Starts exporting, or nothing when traces are off.".
-spec start_link(off | options()) -> gen_server:start_ret() | ignore.
start_link(off) ->
    ok = erlmcp_trace:disable(),
    ignore;
start_link(Options) ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, Options, []).

-spec init(options()) -> {ok, #state{}}.
init(#{sampler := Sampler, max_queue := Max} = Options) ->
    _ = process_flag(trap_exit, true),
    Room = atomics:new(1, []),
    Self = self(),
    [ok = erlmcp_metrics:spans(Outcome, 0) || Outcome <- [exported, refused, lost, dropped]],
    ok = erlmcp_trace:enable(Sampler, fun(Span) -> offer(Self, Room, Max, Span) end),
    ok = later(Options),
    {ok, #state{options = Options, room = Room}}.

%% In the process that has made the span.
-spec offer(pid(), atomics:atomics_ref(), pos_integer(), erlmcp_trace:span()) -> ok.
offer(Exporter, Room, Max, Span) ->
    case atomics:add_get(Room, 1, 1) of
        Taken when Taken =< Max ->
            Exporter ! {span, Span},
            ok;
        _ ->
            ok = atomics:sub(Room, 1, 1),
            erlmcp_metrics:spans(dropped, 1)
    end.

-spec handle_call(term(), gen_server:from(), #state{}) -> {reply, {error, unknown}, #state{}}.
handle_call(_, _, State) ->
    {reply, {error, unknown}, State}.

-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(_, State) ->
    {noreply, State}.

-spec handle_info(term(), #state{}) -> {noreply, #state{}}.
handle_info({span, Span}, #state{queue = Queue} = State) ->
    {noreply, when_full(State#state{queue = queue:in(Span, Queue)})};
handle_info(export, #state{options = Options} = State) ->
    ok = later(Options),
    {noreply, export(State)};
handle_info({'DOWN', Ref, process, _, Outcome}, #state{worker = {_, Ref, Spans}} = State) ->
    {noreply, when_full(account(Outcome, Spans, State#state{worker = undefined}))};
handle_info(_, State) ->
    {noreply, State}.

%% The last spans are those of the requests that the server has just finished. They get
%% a second, unless the collector was away before.
-spec terminate(term(), #state{}) -> ok.
terminate(_, State) ->
    ok = erlmcp_trace:disable(),
    last(mailbox(State), erlang:monotonic_time(millisecond) + ?LAST_MS).

-spec last(#state{}, Deadline :: integer()) -> ok.
last(#state{away = false, worker = undefined, queue = Queue} = State, Deadline) ->
    case queue:is_empty(Queue) of
        true -> ok;
        false -> last(export(State), Deadline)
    end;
last(#state{away = false, worker = {Pid, Ref, Spans}} = State, Deadline) ->
    receive
        {'DOWN', Ref, process, Pid, Outcome} ->
            last(account(Outcome, Spans, State#state{worker = undefined}), Deadline)
    after max(0, Deadline - erlang:monotonic_time(millisecond)) ->
        true = exit(Pid, kill),
        ok
    end;
last(#state{worker = undefined}, _) ->
    ok;
last(#state{worker = {Pid, _, _}}, _) ->
    true = exit(Pid, kill),
    ok.

-spec mailbox(#state{}) -> #state{}.
mailbox(#state{queue = Queue} = State) ->
    receive
        {span, Span} -> mailbox(State#state{queue = queue:in(Span, Queue)})
    after 0 -> State
    end.

%% Spans say what users do.
-spec format_status(gen_server:format_status()) -> gen_server:format_status().
format_status(Status) ->
    maps:map(
        fun
            (state, #state{options = Options}) -> Options;
            (Key, _) when Key =:= log; Key =:= message -> hidden;
            (_, Value) -> Value
        end,
        Status
    ).

-spec later(options()) -> ok.
later(#{delay_ms := Delay}) ->
    _ = erlang:send_after(Delay, self(), export),
    ok.

-spec when_full(#state{}) -> #state{}.
when_full(#state{queue = Queue, options = #{max_batch := Max}} = State) ->
    case queue:len(Queue) >= Max of
        true -> export(State);
        false -> State
    end.

-spec export(#state{}) -> #state{}.
export(#state{worker = undefined, queue = Queue, options = #{max_batch := Max} = Options} = State) ->
    {Batch, Rest} = queue:split(min(Max, queue:len(Queue)), Queue),
    case queue:to_list(Batch) of
        [] ->
            State;
        Spans ->
            {Pid, Ref} = spawn_monitor(fun() -> exit(deliver(Spans, Options)) end),
            State#state{queue = Rest, worker = {Pid, Ref, length(Spans)}}
    end;
export(State) ->
    State.

-spec account(term(), pos_integer(), #state{}) -> #state{}.
account(Outcome, Spans, #state{room = Room} = State) ->
    ok = atomics:sub(Room, 1, Spans),
    case Outcome of
        {done, Rejected} ->
            Refused = min(Rejected, Spans),
            ok = erlmcp_metrics:spans(exported, Spans - Refused),
            ok = erlmcp_metrics:spans(refused, Refused),
            State#state{away = false};
        {refused, Reason} ->
            ok = erlmcp_metrics:spans(refused, Spans),
            said(Reason, State);
        {lost, Reason} ->
            ok = erlmcp_metrics:spans(lost, Spans),
            said(Reason, State);
        _ ->
            %% Without the reason, which may hold the spans.
            ok = erlmcp_metrics:spans(lost, Spans),
            said(crashed, State)
    end.

%% Said once, not with every batch. Not a warning: the application does not need it.
-spec said(term(), #state{}) -> #state{}.
said(_, #state{away = true} = State) ->
    State;
said(Reason, #state{options = #{url := Url}} = State) ->
    ?LOG_NOTICE("no traces reach ~ts: ~tp", [Url, Reason]),
    State#state{away = true}.

%% The worker: its exit says what became of the batch.

-spec deliver([erlmcp_trace:span(), ...], options()) ->
    {done, non_neg_integer()} | {refused, term()} | {lost, term()}.
deliver(Spans, Options) ->
    Body = iolist_to_binary(erlmcp_otlp:body(resource(Options), Spans)),
    attempt(Body, ?ATTEMPTS, maps:get(pause_ms, Options, ?PAUSE_MS), Options).

-spec attempt(binary(), pos_integer(), pos_integer(), options()) ->
    {done, non_neg_integer()} | {refused, term()} | {lost, term()}.
attempt(Body, Left, Pause, Options) ->
    case erlmcp_otlp:verdict(post(Body, Options)) of
        {retry, Reason, _} when Left =:= 1 ->
            {lost, Reason};
        {retry, _, After} ->
            %% Jitter: the replicas lost the collector at the same moment.
            ok = timer:sleep(max(After, Pause div 2 + rand:uniform(Pause))),
            attempt(Body, Left - 1, Pause * 2, Options);
        Final ->
            Final
    end.

-spec post(binary(), options()) ->
    {ok, {{string(), integer(), string()}, [{string(), string()}], binary()}} | {error, term()}.
post(Body, #{url := Url, timeout_ms := Timeout}) ->
    maybe
        {ok, Tls} ?= tls(Url),
        Http = [{timeout, Timeout}, {connect_timeout, Timeout}, {autoredirect, false}, {ssl, Tls}],
        Request = {Url, [{"user-agent", "erlmcp"}], "application/json", Body},
        httpc:request(post, Request, Http, [{body_format, binary}])
    end.

%% Without a word about it, httpc reads the certificates of the system for plain HTTP too,
%% and raises an error without any.
-spec tls(string()) -> {ok, [ssl:tls_client_option()]} | {error, no_trusted_certificates}.
tls("https:" ++ _) ->
    try
        {ok, httpc:ssl_verify_host_options(true)}
    catch
        error:_ -> {error, no_trusted_certificates}
    end;
tls(_) ->
    {ok, []}.

-spec resource(options()) -> erlmcp_trace:attributes().
resource(#{service := Service}) ->
    {ok, Version} = application:get_key(erlmcp, vsn),
    #{
        ~"service.name" => Service,
        ~"service.version" => list_to_binary(Version),
        ~"service.instance.id" => atom_to_binary(node()),
        ~"process.runtime.name" => ~"BEAM",
        ~"process.runtime.version" => list_to_binary(erlang:system_info(otp_release))
    }.
