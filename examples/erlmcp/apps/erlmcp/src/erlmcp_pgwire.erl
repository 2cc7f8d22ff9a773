-module(erlmcp_pgwire).
-moduledoc """
Messages of the PostgreSQL protocol, version 3: values to bytes and back.

See [Message Formats](https://www.postgresql.org/docs/current/protocol-message-formats.html).
""".

-export([startup/1, sasl_initial/2, sasl_response/1, simple/1, extended/2]).
-export([terminate/0, decode/2]).
-export_type([message/0, parameter/0, column/0]).

-type parameter() :: binary() | integer() | null.
-type column() :: {Name :: binary(), Type :: non_neg_integer()}.
-type message() ::
    authenticated
    | {sasl, [Mechanism :: binary()]}
    | {sasl_continue, binary()}
    | {sasl_final, binary()}
    | {authentication, Other :: non_neg_integer()}
    | {columns, [column()]}
    | {row, [binary() | null]}
    | {error, Code :: binary(), Message :: binary()}
    | ready
    | other.

-doc "The first message of a connection.".
-spec startup([{binary(), binary()}]) -> iodata().
startup(Parameters) ->
    Body = [~"\0\3\0\0", [[text(Name), text(Value)] || {Name, Value} <- Parameters], 0],
    [<<(iolist_size(Body) + 4):32>>, Body].

-spec sasl_initial(Mechanism :: binary(), iodata()) -> iodata().
sasl_initial(Mechanism, Data) ->
    message($p, [text(Mechanism), value(Data)]).

-spec sasl_response(iodata()) -> iodata().
sasl_response(Data) ->
    message($p, Data).

-doc "Statements without parameters. Several of them are one transaction.".
-spec simple(iodata()) -> iodata().
simple(Sql) ->
    message($Q, text(Sql)).

-doc """
One statement with parameters: parse, bind, describe, execute, sync, in one go.

The parameters travel apart from the statement, so no quoting exists that could fail.
""".
-spec extended(iodata(), [parameter()]) -> iodata().
extended(Sql, Parameters) ->
    Values = [parameter(Parameter) || Parameter <- Parameters],
    [
        message($P, [text(~""), text(Sql), <<0:16>>]),
        message($B, [text(~""), text(~""), <<0:16, (length(Values)):16>>, Values, <<0:16>>]),
        message($D, [$P, text(~"")]),
        message($E, [text(~""), <<0:32>>]),
        message($S, [])
    ].

-spec terminate() -> iodata().
terminate() ->
    message($X, []).

-doc "Reads one message. Raises an error when the server does not speak the protocol.".
-spec decode(Type :: byte(), binary()) -> message().
decode($R, <<0:32>>) -> authenticated;
decode($R, <<10:32, Mechanisms/binary>>) -> {sasl, strings(Mechanisms)};
decode($R, <<11:32, Data/binary>>) -> {sasl_continue, Data};
decode($R, <<12:32, Data/binary>>) -> {sasl_final, Data};
decode($R, <<Kind:32, _/binary>>) -> {authentication, Kind};
decode($T, <<_:16, Columns/binary>>) -> {columns, columns(Columns)};
decode($D, <<_:16, Values/binary>>) -> {row, values(Values)};
decode($Z, <<_Status>>) -> ready;
decode($E, Fields) -> failure(Fields, ~"", ~"");
decode(_, _) -> other.

-spec columns(binary()) -> [column()].
columns(<<>>) ->
    [];
columns(Columns) ->
    [Name, <<_Table:32, _Column:16, Type:32, _Size:16, _Modifier:32, _Format:16, Rest/binary>>] =
        binary:split(Columns, <<0>>),
    [{Name, Type} | columns(Rest)].

-spec values(binary()) -> [binary() | null].
values(<<>>) -> [];
values(<<-1:32/signed, Rest/binary>>) -> [null | values(Rest)];
values(<<Size:32, Value:Size/binary, Rest/binary>>) -> [Value | values(Rest)].

-spec failure(binary(), binary(), binary()) -> message().
failure(<<0>>, Code, Message) ->
    {error, Code, Message};
failure(<<Field, Fields/binary>>, Code, Message) ->
    [Value, Rest] = binary:split(Fields, <<0>>),
    case Field of
        $C -> failure(Rest, Value, Message);
        $M -> failure(Rest, Code, Value);
        _ -> failure(Rest, Code, Message)
    end.

-spec strings(binary()) -> [binary()].
strings(Strings) ->
    [String || String <- binary:split(Strings, <<0>>, [global]), String =/= ~""].

-spec parameter(parameter()) -> iodata().
parameter(null) -> <<-1:32>>;
parameter(Integer) when is_integer(Integer) -> value(integer_to_binary(Integer));
parameter(Binary) -> value(Binary).

-spec message(byte(), iodata()) -> iodata().
message(Type, Body) ->
    [Type, <<(iolist_size(Body) + 4):32>>, Body].

-spec value(iodata()) -> iodata().
value(Data) ->
    [<<(iolist_size(Data)):32>>, Data].

-spec text(iodata()) -> iodata().
text(Text) ->
    [Text, 0].
