-module(erlmcp_http_field).
-moduledoc """
The values of HTTP header fields (RFC 9110, section 5).

Fields are bytes and need not be UTF-8: the functions of `string`
and `uri_string` raise an error on some of them, these do not.
""".

-export([accepts/2, elements/2, lowercase/1, trim/1, parse_uri/1]).

-doc """
Whether an `Accept` header allows a media type (RFC 9110, section 12.5.1).

The most specific range decides, and without a header everything is welcome.
""".
-spec accepts(binary() | undefined, {Type :: binary(), Subtype :: binary()}) -> boolean().
accepts(undefined, _) ->
    true;
accepts(Accept, {Type, Subtype}) ->
    Ranges = [range(Range) || Range <- elements(lowercase(Accept), ~",")],
    Wanted = [<<Type/binary, "/", Subtype/binary>>, <<Type/binary, "/*">>, ~"*/*"],
    case [Acceptable || Name <- Wanted, {Range, Acceptable} <- Ranges, Range =:= Name] of
        [First | _] -> First;
        [] -> false
    end.

-doc "The parts of a header, without the space around them.".
-spec elements(binary(), Separator :: binary()) -> [binary(), ...].
elements(Value, Separator) ->
    [First | Rest] = binary:split(Value, Separator, [global]),
    [trim(First) | [trim(Part) || Part <- Rest]].

-doc "In lower case, as far as it is ASCII.".
-spec lowercase(binary()) -> binary().
lowercase(Value) ->
    << <<(lowercase_char(C))>> || <<C>> <= Value >>.

-spec lowercase_char(byte()) -> byte().
lowercase_char(C) when C >= $A, C =< $Z -> C + 32;
lowercase_char(C) -> C.

-doc "Like `uri_string:parse/1`, which raises an error on bytes that are not UTF-8.".
-spec parse_uri(binary()) -> uri_string:uri_map() | uri_string:error().
parse_uri(Uri) ->
    case << <<C>> || <<C>> <= Uri, C > $\s, C < 127 >> of
        Uri -> uri_string:parse(Uri);
        _ -> {error, invalid_uri, Uri}
    end.

-doc "Without the space around it (RFC 9110, section 5.6.3).".
-spec trim(binary()) -> binary().
trim(<<C, Value/binary>>) when C =:= $\s; C =:= $\t -> trim(Value);
trim(Value) -> trim_end(Value, byte_size(Value) - 1).

-spec trim_end(binary(), integer()) -> binary().
trim_end(Value, Last) ->
    case Value of
        <<Shorter:Last/binary, C>> when C =:= $\s; C =:= $\t -> trim_end(Shorter, Last - 1);
        _ -> Value
    end.

-spec range(binary()) -> {binary(), Acceptable :: boolean()}.
range(Range) ->
    [Name | Parameters] = elements(Range, ~";"),
    {Name, not lists:any(fun is_refusal/1, Parameters)}.

-spec is_refusal(binary()) -> boolean().
is_refusal(<<"q=", Quality/binary>>) ->
    binary:replace(Quality, [~"0", ~"."], ~"", [global]) =:= ~"";
is_refusal(_) ->
    false.
