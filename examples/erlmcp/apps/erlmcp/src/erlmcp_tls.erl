-module(erlmcp_tls).
-moduledoc """
The options of the HTTPS listener: TLS 1.2 and 1.3, nothing older.

The files are looked at before the port opens, because `ssl` itself would only
find out during the first handshake. It reads them again as its PEM cache
expires (two minutes), so a renewed certificate needs no restart.
""".

-export([options/1]).
-export_type([config/0]).

-type config() :: #{
    cert_file := file:filename(),
    key_file := file:filename(),
    ca_file := file:filename() | undefined,
    verify := verify_none | verify_peer
}.

-doc "The options for `ssl:listen/2`, or what is wrong with which file.".
-spec options(config()) -> {ok, [ssl:tls_server_option()]} | {error, string()}.
options(#{cert_file := Cert, key_file := Key, ca_file := Ca, verify := Verify}) ->
    maybe
        ok ?= readable("ERLMCP_TLS_CERT_FILE", Cert),
        ok ?= readable("ERLMCP_TLS_KEY_FILE", Key),
        {ok, Client} ?= client(Verify, Ca),
        {ok, [
            {certfile, Cert},
            {keyfile, Key},
            {versions, ['tlsv1.3', 'tlsv1.2']},
            {alpn_preferred_protocols, [~"http/1.1"]},
            {honor_cipher_order, true}
            | Client
        ]}
    end.

%% With verify_none the CA file has no use: no client is asked for a certificate.
-spec client(verify_none | verify_peer, file:filename() | undefined) ->
    {ok, [ssl:tls_server_option()]} | {error, string()}.
client(verify_none, _) ->
    {ok, [{verify, verify_none}]};
client(verify_peer, Ca) ->
    case readable("ERLMCP_TLS_CA_FILE", Ca) of
        ok -> {ok, [{verify, verify_peer}, {fail_if_no_peer_cert, true}, {cacertfile, Ca}]};
        {error, _} = Error -> Error
    end.

-spec readable(string(), file:filename()) -> ok | {error, string()}.
readable(Variable, File) ->
    case file:read_file(File) of
        {ok, Pem} ->
            case public_key:pem_decode(Pem) of
                [_ | _] -> ok;
                [] -> {error, Variable ++ ": " ++ File ++ " holds no PEM entry"}
            end;
        {error, Reason} ->
            {error, Variable ++ ": " ++ File ++ ": " ++ file:format_error(Reason)}
    end.
