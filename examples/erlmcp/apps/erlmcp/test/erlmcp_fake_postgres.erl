-module(erlmcp_fake_postgres).
-moduledoc """
As much of a PostgreSQL server as a client meets: log in, statements, goodbye.

It is written from the other side of the protocol and shares no code with the client,
so both would have to be wrong in the same way.
""".

-export([start/1, stop/1, port/1, say_goodbye/1, statements/1]).

-record(server, {pid, port, table}).

%% Options: auth (scram, trust, cleartext, md5, plus_only, forged, silent), password, port.
start(Options) ->
    Parent = self(),
    Pid = spawn_link(fun() ->
        Table = ets:new(notes, [ordered_set, public]),
        {ok, Listen} = gen_tcp:listen(maps:get(port, Options, 0), [
            binary, {active, false}, {reuseaddr, true}, {ip, {127, 0, 0, 1}}
        ]),
        {ok, Port} = inet:port(Listen),
        Parent ! {self(), #server{pid = self(), port = Port, table = Table}},
        Self = self(),
        spawn_link(fun() -> accept(Self, Listen, Options, Table) end),
        serve([])
    end),
    receive
        {Pid, Server} -> Server
    end.

stop(#server{pid = Pid}) ->
    unlink(Pid),
    Ref = monitor(process, Pid),
    exit(Pid, kill),
    receive
        {'DOWN', Ref, _, _, _} -> ok
    end.

port(#server{port = Port}) ->
    Port.

%% What clients get when an administrator restarts the server.
say_goodbye(#server{pid = Pid}) ->
    Pid ! {goodbye, self()},
    receive
        gone -> ok
    end.

statements(#server{table = Table}) ->
    [Sql || {{statement, _}, Sql} <- ets:tab2list(Table)].

serve(Sockets) ->
    receive
        {client, Socket} ->
            serve([Socket | Sockets]);
        {goodbye, From} ->
            [gen_tcp:send(Socket, failure(~"57P01", ~"terminating connection")) || Socket <- Sockets],
            [gen_tcp:close(Socket) || Socket <- Sockets],
            From ! gone,
            serve([])
    end.

accept(Server, Listen, Options, Table) ->
    {ok, Socket} = gen_tcp:accept(Listen),
    Client = spawn(fun() ->
        receive
            go -> log_in(Socket, Options, Table)
        end
    end),
    %% The owner closes it when it dies: that is how a killed server looks from outside.
    ok = gen_tcp:controlling_process(Socket, Server),
    Server ! {client, Socket},
    Client ! go,
    accept(Server, Listen, Options, Table).

log_in(Socket, Options, Table) ->
    {ok, <<Size:32>>} = gen_tcp:recv(Socket, 4),
    {ok, <<3:16, 0:16, Parameters/binary>>} = gen_tcp:recv(Socket, Size - 4),
    [~"user", ~"tester", ~"database", ~"notes" | _] = binary:split(Parameters, <<0>>, [global]),
    case maps:get(auth, Options, scram) of
        scram -> scram(Socket, maps:get(password, Options), true) andalso loop(Socket, Table, []);
        forged -> scram(Socket, maps:get(password, Options), false) andalso loop(Socket, Table, []);
        trust -> welcome(Socket) andalso loop(Socket, Table, []);
        cleartext -> send(Socket, $R, <<3:32>>);
        md5 -> send(Socket, $R, <<5:32, "salt">>);
        plus_only -> send(Socket, $R, <<10:32, "SCRAM-SHA-256-PLUS\0\0">>);
        nonsense -> gen_tcp:send(Socket, "HTTP/1.1 400 Bad Request\r\n\r\n");
        silent -> timer:sleep(infinity)
    end.

scram(Socket, Password, IsHonest) ->
    send(Socket, $R, <<10:32, "SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0">>),
    {$p, <<"SCRAM-SHA-256\0", _:32, "n,,", Bare/binary>>} = recv(Socket),
    [_, ClientNonce] = binary:split(Bare, ~",r="),
    Salt = crypto:strong_rand_bytes(16),
    Nonce = <<ClientNonce/binary, (base64:encode(crypto:strong_rand_bytes(9)))/binary>>,
    Challenge = <<"r=", Nonce/binary, ",s=", (base64:encode(Salt))/binary, ",i=4096">>,
    send(Socket, $R, <<11:32, Challenge/binary>>),
    {$p, Final} = recv(Socket),
    [WithoutProof, Proof] = binary:split(Final, ~",p="),
    WithoutProof = <<"c=biws,r=", Nonce/binary>>,
    Message = iolist_to_binary([Bare, $,, Challenge, $,, WithoutProof]),
    Salted = crypto:pbkdf2_hmac(sha256, Password, Salt, 4096, 32),
    StoredKey = crypto:hash(sha256, crypto:mac(hmac, sha256, Salted, ~"Client Key")),
    Signature = crypto:mac(hmac, sha256, StoredKey, Message),
    case crypto:hash(sha256, crypto:exor(base64:decode(Proof), Signature)) of
        StoredKey ->
            ServerKey = crypto:mac(hmac, sha256, Salted, ~"Server Key"),
            Proved =
                case IsHonest of
                    true -> crypto:mac(hmac, sha256, ServerKey, Message);
                    false -> crypto:strong_rand_bytes(32)
                end,
            send(Socket, $R, <<12:32, "v=", (base64:encode(Proved))/binary>>),
            welcome(Socket);
        _ ->
            _ = gen_tcp:send(Socket, failure(~"28P01", ~"password authentication failed")),
            false
    end.

welcome(Socket) ->
    send(Socket, $R, <<0:32>>),
    send(Socket, $S, ~"TimeZone\0UTC\0"),
    send(Socket, $K, <<1:32, 2:32>>),
    send(Socket, $Z, ~"I"),
    true.

%% A statement is what Parse or Query said; its parameters are what Bind said.
loop(Socket, Table, Statement) ->
    case recv(Socket) of
        {$Q, Sql} ->
            note(Table, Sql),
            send(Socket, $C, ~"SELECT 1\0"),
            send(Socket, $Z, ~"I"),
            loop(Socket, Table, []);
        {$P, <<0, Sql/binary>>} ->
            note(Table, Sql),
            loop(Socket, Table, [Sql]);
        {$B, <<0, 0, 0:16, Count:16, Values/binary>>} ->
            loop(Socket, Table, Statement ++ values(Count, Values));
        {$D, _} ->
            loop(Socket, Table, Statement);
        {$E, _} ->
            execute(Socket, Table, Statement),
            loop(Socket, Table, []);
        {$S, _} ->
            send(Socket, $Z, ~"I"),
            loop(Socket, Table, []);
        closed ->
            ok
    end.

values(0, _) -> [];
values(Count, <<Size:32, Value:Size/binary, Rest/binary>>) -> [Value | values(Count - 1, Rest)].

execute(Socket, Table, [<<"INSERT", _/binary>>, ~"make it fail"]) ->
    ets:insert(Table, {{failed, now}, true}),
    gen_tcp:send(Socket, failure(~"23514", ~"new row violates a check"));
execute(Socket, _, [<<"INSERT", _/binary>>, ~"make no sense"]) ->
    send(Socket, $D, row([~"a row", ~"without columns"]));
execute(_, _, [<<"INSERT", _/binary>>, ~"never answer"]) ->
    timer:sleep(infinity);
execute(Socket, Table, [<<"INSERT", _/binary>>, Text]) ->
    Id = ets:update_counter(Table, id, 1, {id, 0}),
    ets:insert(Table, {{note, Id}, Text}),
    send(Socket, $T, columns([{~"id", 20}])),
    send(Socket, $D, row([integer_to_binary(Id)])),
    send(Socket, $C, ~"INSERT 0 1\0");
execute(Socket, Table, [<<"SELECT", _/binary>>, Limit]) ->
    Notes = lists:reverse(ets:match(Table, {{note, '$1'}, '$2'})),
    send(Socket, $T, columns([{~"id", 20}, {~"text", 25}, {~"created_at", 25}])),
    [
        send(Socket, $D, row([integer_to_binary(Id), Text, null]))
     || [Id, Text] <- lists:sublist(Notes, binary_to_integer(Limit))
    ],
    send(Socket, $C, ~"SELECT\0").

note(Table, Sql) ->
    ets:insert(Table, {{statement, erlang:unique_integer([monotonic])}, Sql}).

columns(Columns) ->
    [<<(length(Columns)):16>>, [[Name, 0, <<0:48, Type:32, -1:16, 0:32, 0:16>>] || {Name, Type} <- Columns]].

row(Values) ->
    [<<(length(Values)):16>>, [cell(Value) || Value <- Values]].

cell(null) -> <<-1:32>>;
cell(Value) -> [<<(byte_size(Value)):32>>, Value].

failure(Code, Message) ->
    Fields = [~"SERROR\0", $C, Code, 0, $M, Message, 0, 0],
    [$E, <<(iolist_size(Fields) + 4):32>>, Fields].

send(Socket, Type, Body) ->
    _ = gen_tcp:send(Socket, [Type, <<(iolist_size(Body) + 4):32>>, Body]),
    ok.

recv(Socket) ->
    case gen_tcp:recv(Socket, 5) of
        {ok, <<Type, 4:32>>} ->
            {Type, ~""};
        {ok, <<Type, Size:32>>} ->
            {ok, Body} = gen_tcp:recv(Socket, Size - 4),
            {Type, Body};
        {error, _} ->
            closed
    end.
