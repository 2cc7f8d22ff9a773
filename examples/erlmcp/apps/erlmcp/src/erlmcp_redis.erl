-module(erlmcp_redis).
-moduledoc """
Redis, as `erlmcp_store` wants to use it.

One request, one reply: nothing is left in the buffer between two of them.
""".

-behaviour(erlmcp_store).

-export([connect/1, request/3]).

-define(CONNECT_MS, 4_000).

-doc "Connects and authenticates. The ping finds servers that are loading or want a password.".
-spec connect(erlmcp_config:store()) -> {ok, gen_tcp:socket()} | {error, erlmcp_store:failure()}.
connect(#{host := Host, port := Port} = Config) ->
    Deadline = erlang:monotonic_time(millisecond) + ?CONNECT_MS,
    Options = [
        binary,
        {active, false},
        {nodelay, true},
        {keepalive, true},
        {send_timeout, ?CONNECT_MS},
        {send_timeout_close, true}
    ],
    maybe
        {ok, Greeting} ?= greeting(Config),
        {ok, Socket} ?= gen_tcp:connect(Host, Port, Options, ?CONNECT_MS),
        case greet(Greeting, Socket, Deadline) of
            ok ->
                {ok, Socket};
            {error, _} = Error ->
                ok = gen_tcp:close(Socket),
                Error
        end
    end.

-doc "Runs a command.".
-spec request(gen_tcp:socket(), {command, [iodata(), ...]} | ping, integer()) ->
    {ok, erlmcp_resp:value()} | {refused, binary(), binary()} | {lost, erlmcp_store:failure()}.
request(Socket, ping, Deadline) ->
    request(Socket, {command, [~"PING"]}, Deadline);
request(Socket, {command, Words}, Deadline) ->
    case gen_tcp:send(Socket, erlmcp_resp:encode(Words)) of
        ok -> read(Socket, ~"", Deadline);
        {error, Reason} -> {lost, Reason}
    end.

-spec greeting(erlmcp_config:store()) ->
    {ok, [[iodata(), ...], ...]} | {error, erlmcp_store:failure()}.
greeting(#{password_file := undefined}) ->
    {ok, [[~"PING"]]};
greeting(#{password_file := File}) ->
    case erlmcp_secret:read(File) of
        {ok, Password} -> {ok, [[~"AUTH", Password], [~"PING"]]};
        {error, _} = Error -> Error
    end.

-spec greet([[iodata(), ...]], gen_tcp:socket(), integer()) -> ok | {error, erlmcp_store:failure()}.
greet([], _, _) ->
    ok;
greet([Command | Commands], Socket, Deadline) ->
    case request(Socket, {command, Command}, Deadline) of
        {ok, _} -> greet(Commands, Socket, Deadline);
        {refused, Code, Message} -> {error, {refused, Code, Message}};
        {lost, Failure} -> {error, Failure}
    end.

-spec read(gen_tcp:socket(), binary(), integer()) ->
    {ok, erlmcp_resp:value()} | {refused, binary(), binary()} | {lost, erlmcp_store:failure()}.
read(Socket, Buffer, Deadline) ->
    case erlmcp_resp:decode(Buffer) of
        {ok, {error, Line}, ~""} ->
            [Code | Message] = binary:split(Line, ~" "),
            {refused, Code, iolist_to_binary(Message)};
        {ok, Value, ~""} ->
            {ok, Value};
        more ->
            case gen_tcp:recv(Socket, 0, max(0, Deadline - erlang:monotonic_time(millisecond))) of
                {ok, Bytes} -> read(Socket, <<Buffer/binary, Bytes/binary>>, Deadline);
                {error, Reason} -> {lost, Reason}
            end;
        _ ->
            {lost, protocol}
    end.
