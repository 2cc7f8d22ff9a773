-module(erlmcp_origin).
-moduledoc """
Which web pages may talk to this server: the defence against DNS rebinding that
the MCP specification demands. Programs send no `Origin` and are not concerned.
""".

-export([normalize/1, is_allowed/2]).

-define(LOCAL_HOSTS, [~"localhost", ~"127.0.0.1", ~"[::1]", ~"::1"]).

-doc "Scheme, host and port in the form that two equal origins share (RFC 6454, section 6).".
-spec normalize(binary()) -> {ok, binary()} | error.
normalize(Origin) ->
    case parse(Origin) of
        {ok, Scheme, Host, Port} -> {ok, print(Scheme, Host, Port)};
        error -> error
    end.

-doc "Judges an `Origin` header. Without a list, only pages from this machine are allowed.".
-spec is_allowed(binary() | undefined, localhost | [binary()]) -> boolean().
is_allowed(undefined, _) ->
    true;
is_allowed(Origin, localhost) ->
    case parse(Origin) of
        {ok, _, Host, _} -> lists:member(Host, ?LOCAL_HOSTS);
        error -> false
    end;
is_allowed(Origin, Allowed) ->
    case normalize(Origin) of
        {ok, Normal} -> lists:member(Normal, Allowed);
        error -> false
    end.

-spec parse(binary()) -> {ok, binary(), binary(), inet:port_number()} | error.
parse(Origin) ->
    case erlmcp_http_field:parse_uri(erlmcp_http_field:lowercase(Origin)) of
        #{scheme := Scheme, host := Host, path := Path} = Uri when
            Host =/= <<>>, Path =:= <<>> orelse Path =:= ~"/"
        ->
            case {Scheme, maps:without([scheme, host, path, port], Uri)} of
                {~"http", Rest} when Rest =:= #{} -> {ok, Scheme, Host, maps:get(port, Uri, 80)};
                {~"https", Rest} when Rest =:= #{} -> {ok, Scheme, Host, maps:get(port, Uri, 443)};
                _ -> error
            end;
        _ ->
            error
    end.

-spec print(binary(), binary(), inet:port_number()) -> binary().
print(Scheme, Host, Port) ->
    <<Scheme/binary, "://", Host/binary, ":", (integer_to_binary(Port))/binary>>.
