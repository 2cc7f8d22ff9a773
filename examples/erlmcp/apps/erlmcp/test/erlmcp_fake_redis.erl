-module(erlmcp_fake_redis).
-moduledoc "As much of a Redis server as a client meets. Written without the code of the client.".

-export([start/1, stop/1, port/1]).

%% Options: password, port, and loading (answers as during a start).
start(Options) ->
    Parent = self(),
    Pid = spawn_link(fun() ->
        {ok, Listen} = gen_tcp:listen(maps:get(port, Options, 0), [
            binary, {active, false}, {packet, line}, {reuseaddr, true}, {ip, {127, 0, 0, 1}}
        ]),
        {ok, Port} = inet:port(Listen),
        Parent ! {self(), Port},
        Table = ets:new(keys, [public]),
        accept(Listen, Options, Table)
    end),
    receive
        {Pid, Port} -> {Pid, Port}
    end.

stop({Pid, _}) ->
    unlink(Pid),
    Ref = monitor(process, Pid),
    exit(Pid, kill),
    receive
        {'DOWN', Ref, _, _, _} -> ok
    end.

port({_, Port}) ->
    Port.

accept(Listen, Options, Table) ->
    {ok, Socket} = gen_tcp:accept(Listen),
    Client = spawn_link(fun() ->
        receive
            go -> loop(Socket, Options, Table, not is_map_key(password, Options))
        end
    end),
    ok = gen_tcp:controlling_process(Socket, Client),
    Client ! go,
    accept(Listen, Options, Table).

loop(Socket, Options, Table, LoggedIn) ->
    case command(Socket) of
        closed ->
            ok;
        [~"AUTH", Password] ->
            case Options of
                #{password := Password} ->
                    reply(Socket, "+OK\r\n"),
                    loop(Socket, Options, Table, true);
                #{password := _} ->
                    reply(Socket, "-WRONGPASS invalid username-password pair\r\n"),
                    loop(Socket, Options, Table, false);
                #{} ->
                    reply(Socket, "-ERR AUTH called without any password configured\r\n"),
                    loop(Socket, Options, Table, LoggedIn)
            end;
        _ when not LoggedIn ->
            reply(Socket, "-NOAUTH Authentication required.\r\n"),
            loop(Socket, Options, Table, LoggedIn);
        _ when is_map_key(loading, Options) ->
            reply(Socket, "-LOADING Redis is loading the dataset in memory\r\n"),
            loop(Socket, Options, Table, LoggedIn);
        [~"PING"] ->
            reply(Socket, "+PONG\r\n"),
            loop(Socket, Options, Table, LoggedIn);
        [~"INCR", <<"erlmcp:counter:refused">>] ->
            reply(Socket, "-WRONGTYPE\r\n"),
            loop(Socket, Options, Table, LoggedIn);
        [~"INCR", <<"erlmcp:counter:nonsense">>] ->
            reply(Socket, "?\r\n"),
            loop(Socket, Options, Table, LoggedIn);
        [~"INCR", <<"erlmcp:counter:text">>] ->
            reply(Socket, "$4\r\ntext\r\n"),
            loop(Socket, Options, Table, LoggedIn);
        [~"INCR", Key] ->
            Value = integer_to_list(ets:update_counter(Table, Key, 1, {Key, 0})),
            %% In two pieces, as a network may do it.
            reply(Socket, ":"),
            timer:sleep(10),
            reply(Socket, [Value, "\r\n"]),
            loop(Socket, Options, Table, LoggedIn)
    end.

command(Socket) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, <<"*", Count/binary>>} -> [word(Socket) || _ <- lists:seq(1, number(Count))];
        {error, _} -> closed
    end.

word(Socket) ->
    {ok, <<"$", Size/binary>>} = gen_tcp:recv(Socket, 0),
    ok = inet:setopts(Socket, [{packet, raw}]),
    {ok, Word} = gen_tcp:recv(Socket, number(Size) + 2),
    ok = inet:setopts(Socket, [{packet, line}]),
    binary:part(Word, 0, number(Size)).

number(Line) ->
    binary_to_integer(string:trim(Line)).

reply(Socket, Data) ->
    _ = gen_tcp:send(Socket, Data),
    ok.
