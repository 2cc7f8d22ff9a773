-module(erlmcp_redis).
-moduledoc """
Redis, as `erlmcp_store` wants to use it.

One request, one reply: nothing is left in the buffer between two of them.
""".

-behaviour(erlmcp_store).

-export([log_in/4, request/3]).

-doc "Authenticates. The ping finds servers that are loading or want a password.".
-spec log_in(gen_tcp:socket(), erlmcp_config:store(), none | binary(), integer()) ->
    ok | {refused, binary(), binary()} | {lost, erlmcp_store:failure()}.
log_in(Socket, _, Password, Deadline) ->
    maybe
        {ok, _} ?= authenticate(Socket, Password, Deadline),
        {ok, _} ?= request(Socket, ping, Deadline),
        ok
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

-spec authenticate(gen_tcp:socket(), none | binary(), integer()) ->
    {ok, none | erlmcp_resp:value()}
    | {refused, binary(), binary()}
    | {lost, erlmcp_store:failure()}.
authenticate(_, none, _) ->
    {ok, none};
authenticate(Socket, Password, Deadline) ->
    request(Socket, {command, [~"AUTH", Password]}, Deadline).

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
