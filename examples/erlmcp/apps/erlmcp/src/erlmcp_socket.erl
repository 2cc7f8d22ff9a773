-module(erlmcp_socket).
-moduledoc "One face for plain and for encrypted connections.".

-export([listen/4, port/1, accept/1, handshake/2, activate/1, recv/2, send/2, close/1, linger/1]).
-export_type([socket/0, transport/0]).

-type socket() :: {tcp, gen_tcp:socket()} | {tls, ssl:sslsocket()}.
-type transport() :: tcp | {tls, [ssl:tls_server_option()]}.

-define(LINGER_MS, 1_000).
-define(LINGER_READS, 64).

-spec listen(transport(), inet:ip_address(), inet:port_number(), pos_integer()) ->
    {ok, socket()} | {error, term()}.
listen(Transport, Ip, Port, Backlog) ->
    Family =
        case tuple_size(Ip) of
            4 -> inet;
            8 -> inet6
        end,
    Options = [
        Family,
        binary,
        {ip, Ip},
        {active, false},
        {backlog, Backlog},
        {reuseaddr, true},
        {nodelay, true},
        {send_timeout, 10_000},
        {send_timeout_close, true}
    ],
    case Transport of
        tcp -> tag(tcp, gen_tcp:listen(Port, Options));
        {tls, Tls} -> tag(tls, ssl:listen(Port, Options ++ Tls))
    end.

-doc "The port of a listening socket, for those who asked for port 0.".
-spec port(socket()) -> inet:port_number().
port({tcp, Socket}) ->
    {ok, Port} = inet:port(Socket),
    Port;
port({tls, Socket}) ->
    {ok, {_, Port}} = ssl:sockname(Socket),
    Port.

-doc "Waits for a connection, for as long as it takes.".
-spec accept(socket()) -> {ok, socket()} | {error, term()}.
accept({tcp, Listen}) -> tag(tcp, gen_tcp:accept(Listen));
accept({tls, Listen}) -> tag(tls, ssl:transport_accept(Listen)).

-doc "Makes an accepted connection ready for use.".
-spec handshake(socket(), timeout()) -> {ok, socket()} | {error, term()}.
handshake({tcp, _} = Socket, _) -> {ok, Socket};
handshake({tls, Socket}, Timeout) -> tag(tls, ssl:handshake(Socket, Timeout)).

-doc "Asks for the next data, or the end, as one message.".
-spec activate(socket()) -> ok | {error, term()}.
activate({tcp, Socket}) -> inet:setopts(Socket, [{active, once}]);
activate({tls, Socket}) -> ssl:setopts(Socket, [{active, once}]).

-spec recv(socket(), timeout()) -> {ok, binary()} | {error, term()}.
recv({tcp, Socket}, Timeout) -> gen_tcp:recv(Socket, 0, Timeout);
recv({tls, Socket}, Timeout) -> ssl:recv(Socket, 0, Timeout).

-spec send(socket(), iodata()) -> ok | {error, term()}.
send({tcp, Socket}, Data) -> gen_tcp:send(Socket, Data);
send({tls, Socket}, Data) -> ssl:send(Socket, Data).

-spec close(socket()) -> ok.
close({tcp, Socket}) ->
    gen_tcp:close(Socket);
close({tls, Socket}) ->
    _ = ssl:close(Socket),
    ok.

-doc """
Closes after an answer that was given before the request was read to its end.

Closing with unread data resets the connection, and the reset may overtake the
answer: the client would see a broken pipe instead of our 413 (RFC 9112, 9.6).
""".
-spec linger(socket()) -> ok.
linger(Socket) ->
    _ =
        case Socket of
            {tcp, Tcp} -> gen_tcp:shutdown(Tcp, write);
            {tls, Tls} -> ssl:shutdown(Tls, write)
        end,
    swallow(Socket, ?LINGER_READS),
    close(Socket).

-spec swallow(socket(), non_neg_integer()) -> ok.
swallow(_, 0) ->
    ok;
swallow(Socket, Reads) ->
    case recv(Socket, ?LINGER_MS) of
        {ok, _} -> swallow(Socket, Reads - 1);
        {error, _} -> ok
    end.

-spec tag(tcp | tls, {ok, term()} | {error, term()}) -> {ok, socket()} | {error, term()}.
tag(Kind, {ok, Socket}) -> {ok, {Kind, Socket}};
tag(_, {error, _} = Error) -> Error.
