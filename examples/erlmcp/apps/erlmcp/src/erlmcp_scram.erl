-module(erlmcp_scram).
-moduledoc """
The client side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.

Both sides prove that they know the password and neither of them sends it.
""".

-export([first/1, first/2, final/3, verify/2]).
-export_type([client/0, expected/0]).

-doc "What the second message needs from the first.".
-opaque client() :: #{bare := binary(), nonce := binary()}.
-doc "The signature by which the server proves that it knows the password, too.".
-opaque expected() :: binary().

%% A server that asks for more wants to keep us busy. PostgreSQL's default is 4096.
-define(MAX_ITERATIONS, 1_000_000).

-doc "The first message of a user, with a random nonce.".
-spec first(binary()) -> {iodata(), client()}.
first(User) ->
    first(User, base64:encode(crypto:strong_rand_bytes(18))).

-doc "The first message with a given nonce: printable ASCII without commas.".
-spec first(binary(), binary()) -> {iodata(), client()}.
first(User, Nonce) ->
    Name = binary:replace(User, [~"=", ~","], fun escape/1, [global]),
    Bare = <<"n=", Name/binary, ",r=", Nonce/binary>>,
    {[~"n,,", Bare], #{bare => Bare, nonce => Nonce}}.

-doc "The answer to the challenge of the server.".
-spec final(binary(), Password :: binary(), client()) ->
    {ok, iodata(), expected()} | {error, scram_challenge | scram_nonce}.
final(Challenge, Password, #{bare := Bare, nonce := ClientNonce}) ->
    maybe
        {ok, Nonce, Salt, Iterations} ?= challenge(Challenge),
        ok ?= extends(ClientNonce, Nonce),
        %% c=biws is the header "n,,": no channel binding.
        WithoutProof = <<"c=biws,r=", Nonce/binary>>,
        Message = [Bare, ~",", Challenge, ~",", WithoutProof],
        Salted = crypto:pbkdf2_hmac(sha256, prepared(Password), Salt, Iterations, 32),
        ClientKey = hmac(Salted, ~"Client Key"),
        Signature = hmac(crypto:hash(sha256, ClientKey), Message),
        Proof = base64:encode(crypto:exor(ClientKey, Signature)),
        {ok, [WithoutProof, ~",p=", Proof], hmac(hmac(Salted, ~"Server Key"), Message)}
    end.

-doc "Judges the last message of the server.".
-spec verify(binary(), expected()) -> ok | {error, scram_server_signature}.
verify(Final, Expected) ->
    try
        #{~"v" := Encoded} = attributes(Final),
        true = crypto:hash_equals(base64:decode(Encoded), Expected),
        ok
    catch
        error:_ -> {error, scram_server_signature}
    end.

-spec challenge(binary()) ->
    {ok, Nonce :: binary(), Salt :: binary(), Iterations :: pos_integer()}
    | {error, scram_challenge}.
challenge(Challenge) ->
    try
        #{~"r" := Nonce, ~"s" := Salt, ~"i" := Digits} = attributes(Challenge),
        Iterations = binary_to_integer(Digits),
        true = Iterations > 0 andalso Iterations =< ?MAX_ITERATIONS,
        {ok, Nonce, base64:decode(Salt), Iterations}
    catch
        error:_ -> {error, scram_challenge}
    end.

-spec attributes(binary()) -> #{binary() => binary()}.
attributes(Message) ->
    Attributes = binary:split(Message, ~",", [global]),
    #{Name => Value || <<Name:1/binary, "=", Value/binary>> <- Attributes}.

%% Else anybody could play back an old conversation.
-spec extends(binary(), binary()) -> ok | {error, scram_nonce}.
extends(ClientNonce, Nonce) when byte_size(Nonce) > byte_size(ClientNonce) ->
    case binary:longest_common_prefix([ClientNonce, Nonce]) =:= byte_size(ClientNonce) of
        true -> ok;
        false -> {error, scram_nonce}
    end;
extends(_, _) ->
    {error, scram_nonce}.

%% The part of SASLprep that changes real passwords: NFKC. PostgreSQL takes the
%% bytes as they are when they are not valid UTF-8, and so do we.
-spec prepared(binary()) -> binary().
prepared(Password) ->
    case unicode:characters_to_nfkc_binary(Password) of
        Normal when is_binary(Normal) -> Normal;
        {error, _, _} -> Password
    end.

-spec hmac(binary(), iodata()) -> binary().
hmac(Key, Data) ->
    crypto:mac(hmac, sha256, Key, Data).

-spec escape(binary()) -> binary().
escape(~"=") -> ~"=3D";
escape(~",") -> ~"=2C".
