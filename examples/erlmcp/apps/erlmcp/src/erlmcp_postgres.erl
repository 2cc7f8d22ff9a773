-module(erlmcp_postgres).
-moduledoc """
PostgreSQL, as `erlmcp_store` wants to use it.

The wire is not encrypted, so only SCRAM-SHA-256 is spoken: a server that asks for
the password in clear or as MD5 is refused, and so is one that lets us in without
asking while we have a password. A database that does not check it is not ours.
""".

-behaviour(erlmcp_store).

-export([log_in/4, request/3]).
-export_type([parameter/0, row/0]).

-type parameter() :: erlmcp_pgwire:parameter().
-type row() :: #{Column :: binary() => binary() | integer() | boolean() | null}.
-type reading() :: {
    Columns :: [erlmcp_pgwire:column()], [row()], none | {refused, binary(), binary()}
}.

-define(MAX_MESSAGE, 16_777_216).

%% Types of pg_type.dat that mean something else than text here.
-define(BOOL, 16).
-define(INT8, 20).
-define(INT2, 21).
-define(INT4, 23).

-doc "Authenticates, and sees to it that the tables exist.".
-spec log_in(gen_tcp:socket(), erlmcp_config:store(), none | binary(), integer()) ->
    ok | {refused, binary(), binary()} | {lost | error, erlmcp_store:failure()}.
log_in(Socket, #{user := User, database := Database}, Password, Deadline) ->
    Startup = erlmcp_pgwire:startup([
        {~"user", User},
        {~"database", Database},
        {~"application_name", ~"erlmcp"},
        {~"client_encoding", ~"UTF8"},
        {~"client_min_messages", ~"warning"}
    ]),
    maybe
        ok ?= gen_tcp:send(Socket, Startup),
        {ok, Offer} ?= receive_message(Socket, Deadline),
        ok ?= authenticate(Offer, Socket, Password, Deadline),
        {ok, _} ?= read(Socket, Deadline),
        {ok, _} ?= run(Socket, erlmcp_pgwire:simple(erlmcp_notes:schema()), Deadline),
        ok
    end.

-doc "Runs a statement. A ping is a statement, too: it shows that the database computes.".
-spec request(gen_tcp:socket(), {query, iodata(), [parameter()]} | ping, integer()) ->
    {ok, [row()]} | {refused, binary(), binary()} | {lost, erlmcp_store:failure()}.
request(Socket, ping, Deadline) ->
    run(Socket, erlmcp_pgwire:simple(~"SELECT 1"), Deadline);
request(Socket, {query, Sql, Parameters}, Deadline) ->
    run(Socket, erlmcp_pgwire:extended(Sql, Parameters), Deadline).

-spec authenticate(erlmcp_pgwire:message(), gen_tcp:socket(), none | binary(), integer()) ->
    ok | {refused, binary(), binary()} | {lost | error, erlmcp_store:failure()}.
authenticate(authenticated, _, none, _) ->
    ok;
authenticate(authenticated, _, _, _) ->
    {error, password_not_checked};
authenticate({sasl, _}, _, none, _) ->
    {error, password_file_not_set};
authenticate({sasl, Mechanisms}, Socket, Password, Deadline) ->
    case lists:member(~"SCRAM-SHA-256", Mechanisms) of
        true -> scram(Socket, Password, Deadline);
        false -> {error, {unknown_mechanisms, Mechanisms}}
    end;
authenticate({authentication, Kind}, _, _, _) ->
    {error, {insecure_authentication, Kind}};
authenticate({error, Code, Message}, _, _, _) ->
    {refused, Code, Message};
authenticate(_, _, _, _) ->
    {error, protocol}.

%% The user is empty here: PostgreSQL takes it from the startup message.
-spec scram(gen_tcp:socket(), binary(), integer()) ->
    ok | {refused, binary(), binary()} | {lost | error, erlmcp_store:failure()}.
scram(Socket, Password, Deadline) ->
    {First, Client} = erlmcp_scram:first(~""),
    maybe
        ok ?= gen_tcp:send(Socket, erlmcp_pgwire:sasl_initial(~"SCRAM-SHA-256", First)),
        {ok, {sasl_continue, Challenge}} ?= receive_message(Socket, Deadline),
        {ok, Final, Expected} ?= erlmcp_scram:final(Challenge, Password, Client),
        ok ?= gen_tcp:send(Socket, erlmcp_pgwire:sasl_response(Final)),
        {ok, {sasl_final, Proof}} ?= receive_message(Socket, Deadline),
        ok ?= erlmcp_scram:verify(Proof, Expected),
        {ok, authenticated} ?= receive_message(Socket, Deadline),
        ok
    else
        {ok, {error, Code, Message}} -> {refused, Code, Message};
        {ok, _} -> {error, protocol};
        Failed -> Failed
    end.

-spec run(gen_tcp:socket(), iodata(), integer()) ->
    {ok, [row()]} | {refused, binary(), binary()} | {lost, erlmcp_store:failure()}.
run(Socket, Messages, Deadline) ->
    case gen_tcp:send(Socket, Messages) of
        ok -> read(Socket, Deadline);
        {error, Reason} -> {lost, Reason}
    end.

%% Up to "ready for query", also after an error: only then the connection can be used again.
-spec read(gen_tcp:socket(), integer()) ->
    {ok, [row()]} | {refused, binary(), binary()} | {lost, erlmcp_store:failure()}.
read(Socket, Deadline) ->
    read(Socket, Deadline, {[], [], none}).

-spec read(gen_tcp:socket(), integer(), reading()) ->
    {ok, [row()]} | {refused, binary(), binary()} | {lost, erlmcp_store:failure()}.
read(Socket, Deadline, {Columns, Rows, Refused} = Reading) ->
    case receive_message(Socket, Deadline) of
        {ok, {columns, New}} ->
            read(Socket, Deadline, {New, [], Refused});
        {ok, {row, Values}} ->
            read(Socket, Deadline, {Columns, [row(Columns, Values) | Rows], Refused});
        {ok, {error, <<"57P", _/binary>> = Code, Message}} ->
            %% 57P01 and its like: the server says goodbye, and no "ready" will follow.
            {lost, {Code, Message}};
        {ok, {error, Code, Message}} ->
            read(Socket, Deadline, {Columns, Rows, {refused, Code, Message}});
        {ok, ready} when Refused =:= none ->
            {ok, lists:reverse(Rows)};
        {ok, ready} ->
            Refused;
        {ok, _} ->
            read(Socket, Deadline, Reading);
        {lost, _} = Lost ->
            Lost
    end.

-spec row([erlmcp_pgwire:column()], [binary() | null]) -> row().
row(Columns, Values) ->
    #{Name => typed(Type, Value) || {{Name, Type}, Value} <- lists:zip(Columns, Values)}.

-spec typed(non_neg_integer(), binary() | null) -> binary() | integer() | boolean() | null.
typed(_, null) -> null;
typed(?BOOL, Value) -> Value =:= ~"t";
typed(Type, Value) when Type =:= ?INT2; Type =:= ?INT4; Type =:= ?INT8 -> binary_to_integer(Value);
typed(_, Value) -> Value.

-spec receive_message(gen_tcp:socket(), integer()) ->
    {ok, erlmcp_pgwire:message()} | {lost, erlmcp_store:failure()}.
receive_message(Socket, Deadline) ->
    maybe
        {ok, <<Type, Size:32>>} ?= gen_tcp:recv(Socket, 5, left(Deadline)),
        true ?= Size >= 4 andalso Size =< ?MAX_MESSAGE,
        {ok, Body} ?= receive_body(Socket, Size - 4, left(Deadline)),
        {ok, erlmcp_pgwire:decode(Type, Body)}
    else
        {error, Reason} -> {lost, Reason};
        false -> {lost, protocol}
    end.

%% To gen_tcp, a length of 0 means: whatever comes.
-spec receive_body(gen_tcp:socket(), non_neg_integer(), non_neg_integer()) ->
    {ok, binary()} | {error, term()}.
receive_body(_, 0, _) -> {ok, ~""};
receive_body(Socket, Size, Timeout) -> gen_tcp:recv(Socket, Size, Timeout).

-spec left(integer()) -> non_neg_integer().
left(Deadline) ->
    max(0, Deadline - erlang:monotonic_time(millisecond)).
