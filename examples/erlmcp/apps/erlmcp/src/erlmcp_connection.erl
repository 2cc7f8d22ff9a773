-module(erlmcp_connection).
-moduledoc """
One client: a process that accepts, reads requests, and writes responses.

Why an own HTTP server, and not `httpd` of inets: a deployment wants to drain
(finish what runs, refuse what is new, within seconds), limits that answer instead
of cutting the line, and TLS, health and metrics on listeners of their own without
files and document roots. That is less code here than it is configuration there.

While it waits for a request, the process can be stopped. While it serves one,
it finishes first.
""".

-export([start_link/1]).
-export_type([options/0]).

-doc "Answers one request. A crash becomes a 500 for the client and a log entry for us.".
-callback handle(erlmcp_http:request(), State :: term()) -> erlmcp_http:response().

-type options() :: #{
    listener := pid(),
    socket := erlmcp_socket:socket(),
    handler := {module(), term()},
    max_body := non_neg_integer()
}.

-record(state, {
    socket :: erlmcp_socket:socket(),
    handler :: {module(), term()},
    max_body :: non_neg_integer(),
    draining :: boolean(),
    buffer = <<>> :: binary()
}).

-define(HANDSHAKE_MS, 5_000).
-define(IDLE_MS, 60_000).
-define(HEAD_MS, 10_000).
-define(BODY_MS, 30_000).

-include_lib("kernel/include/logger.hrl").

-doc "Starts a process that waits for one connection of the listener and then serves it.".
-spec start_link(options()) -> pid().
start_link(Options) ->
    proc_lib:spawn_link(fun() -> accept(Options) end).

-spec accept(options()) -> ok | no_return().
accept(#{listener := Listener, socket := Listening} = Options) ->
    case erlmcp_socket:accept(Listening) of
        {ok, Socket} ->
            case erlmcp_listener:accepted(Listener) of
                closed -> erlmcp_socket:close(Socket);
                Phase -> shake_hands(Socket, Phase =:= draining, Options)
            end;
        {error, closed} ->
            exit({shutdown, closed});
        {error, Reason} ->
            %% Most likely no file descriptor is left. The pause keeps the listener
            %% from trying in a loop until one is.
            ?LOG_WARNING("cannot accept a connection: ~tp", [Reason]),
            timer:sleep(200)
    end.

-spec shake_hands(erlmcp_socket:socket(), boolean(), options()) -> ok.
shake_hands(Accepted, Draining, #{handler := Handler, max_body := MaxBody}) ->
    case erlmcp_socket:handshake(Accepted, ?HANDSHAKE_MS) of
        {ok, Socket} ->
            next(#state{
                socket = Socket,
                handler = Handler,
                max_body = MaxBody,
                draining = Draining
            });
        {error, Reason} ->
            ?LOG_DEBUG("handshake failed: ~tp", [Reason]),
            erlmcp_socket:close(Accepted)
    end.

-spec next(#state{}) -> ok.
next(#state{buffer = <<>>} = State) ->
    case erlmcp_socket:activate(State#state.socket) of
        ok -> wait(State, deadline(?IDLE_MS));
        {error, _} -> close(State)
    end;
next(State) ->
    head(State, deadline(?HEAD_MS)).

-spec wait(#state{}, Deadline :: integer()) -> ok.
wait(State, Deadline) ->
    receive
        {Data, _, Bytes} when Data =:= tcp; Data =:= ssl ->
            head(State#state{buffer = Bytes}, deadline(?HEAD_MS));
        {Closed, _} when Closed =:= tcp_closed; Closed =:= ssl_closed ->
            close(State);
        {Error, _, _} when Error =:= tcp_error; Error =:= ssl_error ->
            close(State);
        drain ->
            wait(State#state{draining = true}, Deadline);
        stop ->
            close(State)
    after left(Deadline) ->
        close(State)
    end.

-spec head(#state{}, Deadline :: integer()) -> ok.
head(#state{buffer = Buffer} = State, Deadline) ->
    case erlmcp_http:head(Buffer) of
        {ok, Request, Rest} ->
            body(Request, State#state{buffer = Rest});
        more ->
            case erlmcp_socket:recv(State#state.socket, left(Deadline)) of
                {ok, Bytes} ->
                    head(State#state{buffer = <<Buffer/binary, Bytes/binary>>}, Deadline);
                {error, timeout} ->
                    refuse(408, State);
                {error, _} ->
                    close(State)
            end;
        {error, Status} ->
            refuse(Status, State)
    end.

-spec body(erlmcp_http:request(), #state{}) -> ok.
body(Request, #state{max_body = Max} = State) ->
    case {expectation(Request), erlmcp_http:framing(Request)} of
        {{error, Status}, _} ->
            refuse(Status, State);
        {_, {error, Status}} ->
            refuse(Status, State);
        {_, {length, Length}} when Length > Max ->
            refuse(413, State);
        {Expectation, {length, Length}} ->
            ok = continue(Expectation, Length, State),
            read_length(Request, Length, State, deadline(?BODY_MS));
        {Expectation, chunked} ->
            ok = continue(Expectation, chunked, State),
            read_chunks(Request, erlmcp_http:chunks(Request), State, deadline(?BODY_MS))
    end.

-spec expectation(erlmcp_http:request()) -> none | continue | {error, 417}.
expectation(#{version := {1, 1}, headers := #{~"expect" := Expect}}) ->
    case erlmcp_http_field:lowercase(Expect) of
        ~"100-continue" -> continue;
        _ -> {error, 417}
    end;
expectation(_) ->
    none.

%% A client that has sent its body already does not wait, and needs no permission.
-spec continue(none | continue, non_neg_integer() | chunked, #state{}) -> ok.
continue(continue, Length, #state{buffer = <<>>, socket = Socket}) when Length =/= 0 ->
    _ = erlmcp_socket:send(Socket, ~"HTTP/1.1 100 Continue\r\n\r\n"),
    ok;
continue(_, _, _) ->
    ok.

-spec read_length(erlmcp_http:request(), non_neg_integer(), #state{}, integer()) -> ok.
read_length(Request, Length, #state{buffer = Buffer} = State, Deadline) ->
    case Buffer of
        <<Body:Length/binary, Rest/binary>> ->
            handle(Request#{body := Body}, State#state{buffer = Rest});
        _ ->
            more(State, Deadline, fun(More) -> read_length(Request, Length, More, Deadline) end)
    end.

-spec read_chunks(erlmcp_http:request(), erlmcp_http:chunk_state(), #state{}, integer()) -> ok.
read_chunks(Request, Chunks, #state{buffer = Buffer, max_body = Max} = State, Deadline) ->
    case erlmcp_http:dechunk(Buffer, Chunks, Max) of
        {done, Body, Rest} ->
            handle(Request#{body := Body}, State#state{buffer = Rest});
        {more, Next, Rest} ->
            more(State#state{buffer = Rest}, Deadline, fun(More) ->
                read_chunks(Request, Next, More, Deadline)
            end);
        {error, Status} ->
            refuse(Status, State)
    end.

-spec more(#state{}, integer(), fun((#state{}) -> ok)) -> ok.
more(#state{socket = Socket, buffer = Buffer} = State, Deadline, Continue) ->
    case erlmcp_socket:recv(Socket, left(Deadline)) of
        %% Appending to a binary again and again is amortised by the VM.
        {ok, Bytes} -> Continue(State#state{buffer = <<Buffer/binary, Bytes/binary>>});
        {error, timeout} -> refuse(408, State);
        {error, _} -> close(State)
    end.

-spec handle(erlmcp_http:request(), #state{}) -> ok.
handle(#{method := Method} = Request, #state{handler = {Module, Argument}} = State) ->
    {Outcome, Response} =
        try
            {ok, Module:handle(Request, Argument)}
        catch
            Class:Reason:Stack ->
                ?LOG_ERROR("~ts crashed: ~tp", [Module, {Class, Reason, without_arguments(Stack)}]),
                {crashed, {500, [], ~""}}
        end,
    Told = told(State),
    Stay = Outcome =:= ok andalso Told =:= stay andalso erlmcp_http:is_persistent(Request),
    case send(Response, part(Method), Stay, State) of
        ok when Stay -> next(State);
        _ -> close(State)
    end.

%% What the listener said while we were busy.
-spec told(#state{}) -> stay | leave.
told(#state{draining = true}) ->
    leave;
told(_) ->
    receive
        Word when Word =:= drain; Word =:= stop -> leave
    after 0 -> stay
    end.

-spec part(binary()) -> head | body.
part(~"HEAD") -> head;
part(_) -> body.

-spec send(erlmcp_http:response(), head | body, boolean(), #state{}) -> ok | {error, term()}.
send(Response, Part, Stay, #state{socket = Socket}) ->
    Connection =
        case Stay of
            true -> keep_alive;
            false -> close
        end,
    erlmcp_socket:send(Socket, erlmcp_http:response(Response, Part, Connection)).

%% The request is not understood or not read to its end, so nothing can follow it.
-spec refuse(400..505, #state{}) -> ok.
refuse(Status, #state{socket = Socket} = State) ->
    _ = send({Status, [], ~""}, body, false, State),
    erlmcp_socket:linger(Socket).

-spec close(#state{}) -> ok.
close(#state{socket = Socket}) ->
    erlmcp_socket:close(Socket).

%% The arguments of the function that failed may be what a client sent in confidence.
-spec without_arguments([tuple()]) -> [tuple()].
without_arguments(Stack) ->
    [
        case Frame of
            {Module, Function, Arguments, Where} when is_list(Arguments) ->
                {Module, Function, length(Arguments), Where};
            _ ->
                Frame
        end
     || Frame <- Stack
    ].

-spec deadline(non_neg_integer()) -> integer().
deadline(Ms) ->
    erlang:monotonic_time(millisecond) + Ms.

-spec left(integer()) -> non_neg_integer().
left(Deadline) ->
    max(0, Deadline - erlang:monotonic_time(millisecond)).
