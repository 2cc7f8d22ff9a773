-module(erlmcp_http).
-moduledoc """
HTTP/1.1 on paper: bytes to requests and responses to bytes (RFC 9110, RFC 9112).

Strict where leniency lets two parties read one message in two ways (request
smuggling): no folded headers, no space before a colon, no second length, no
length beside a transfer coding.
""".

-export([head/1, framing/1, is_persistent/1, chunks/1, dechunk/3, response/3]).
-export_type([request/0, headers/0, response/0, chunk_state/0]).

-type headers() :: #{LowerCaseName :: binary() => binary()}.
-type request() :: #{
    method := binary(),
    path := binary(),
    version := {1, 0 | 1},
    headers := headers(),
    body := binary()
}.
-type response() :: {Status :: 200..599, [{binary(), iodata()}], Body :: iodata()}.
-opaque chunk_state() ::
    {size | data | trailer, Pending :: non_neg_integer(), Read :: [binary()],
        Total :: non_neg_integer()}.

-define(MAX_HEAD, 16_384).
-define(MAX_CHUNK_LINE, 256).

-doc "Takes the head of a request from the front of a buffer.".
-spec head(binary()) -> {ok, request(), Rest :: binary()} | more | {error, 400 | 431 | 505}.
head(<<"\r\n", Buffer/binary>>) ->
    %% RFC 9112, section 2.2: an empty line before the request line is to be ignored.
    head(Buffer);
head(Buffer) ->
    case binary:split(Buffer, ~"\r\n\r\n") of
        [Head, Rest] when byte_size(Head) =< ?MAX_HEAD ->
            [RequestLine | Lines] = binary:split(Head, ~"\r\n", [global]),
            request(RequestLine, Lines, Rest);
        [Incomplete] when byte_size(Incomplete) =< ?MAX_HEAD ->
            more;
        _ ->
            {error, 431}
    end.

-doc "How the body of a request ends.".
-spec framing(request()) -> {length, non_neg_integer()} | chunked | {error, 400 | 501}.
framing(#{headers := Headers, version := Version}) ->
    case Headers of
        #{~"transfer-encoding" := _, ~"content-length" := _} -> {error, 400};
        #{~"transfer-encoding" := _} when Version =:= {1, 0} -> {error, 400};
        #{~"transfer-encoding" := Coding} ->
            case erlmcp_http_field:lowercase(Coding) of
                ~"chunked" -> chunked;
                _ -> {error, 501}
            end;
        #{~"content-length" := Length} ->
            case digits(Length, 10) of
                {ok, Bytes} -> {length, Bytes};
                error -> {error, 400}
            end;
        #{} ->
            {length, 0}
    end.

-doc "Whether the client wants to send another request on this connection.".
-spec is_persistent(request()) -> boolean().
is_persistent(#{version := {1, 0}}) ->
    false;
is_persistent(#{headers := Headers}) ->
    Connection = erlmcp_http_field:lowercase(maps:get(~"connection", Headers, ~"")),
    Options = erlmcp_http_field:elements(Connection, ~","),
    not lists:member(~"close", Options).

-doc "The state of a chunked body of which nothing is read yet.".
-spec chunks(request()) -> chunk_state().
chunks(_) ->
    {size, 0, [], 0}.

-doc "Reads on in a chunked body. Trailers are dropped: nothing here has a use for them.".
-spec dechunk(binary(), chunk_state(), Limit :: non_neg_integer()) ->
    {done, Body :: binary(), Rest :: binary()}
    | {more, chunk_state(), Rest :: binary()}
    | {error, 400 | 413}.
dechunk(Buffer, {size, 0, Read, Total} = State, Limit) ->
    case line(Buffer) of
        {ok, Line, Rest} ->
            [Size | _Extensions] = erlmcp_http_field:elements(Line, ~";"),
            case digits(Size, 16) of
                {ok, 0} -> dechunk(Rest, {trailer, 0, Read, Total}, Limit);
                {ok, Bytes} when Total + Bytes > Limit -> {error, 413};
                {ok, Bytes} -> dechunk(Rest, {data, Bytes, Read, Total + Bytes}, Limit);
                error -> {error, 400}
            end;
        more ->
            {more, State, Buffer};
        error ->
            {error, 400}
    end;
dechunk(Buffer, {data, Bytes, Read, Total} = State, Limit) ->
    case Buffer of
        <<Data:Bytes/binary, "\r\n", Rest/binary>> ->
            dechunk(Rest, {size, 0, [Data | Read], Total}, Limit);
        <<_:Bytes/binary, _, _, _/binary>> ->
            {error, 400};
        _ ->
            {more, State, Buffer}
    end;
dechunk(Buffer, {trailer, Seen, Read, Total} = State, Limit) ->
    case line(Buffer) of
        {ok, <<>>, Rest} ->
            {done, iolist_to_binary(lists:reverse(Read)), Rest};
        {ok, Line, Rest} when Seen + byte_size(Line) =< ?MAX_HEAD ->
            dechunk(Rest, {trailer, Seen + byte_size(Line), Read, Total}, Limit);
        more ->
            {more, State, Buffer};
        _ ->
            {error, 400}
    end.

-doc "Prints a response. `HEAD` gets the headers of the body that it does not get.".
-spec response(response(), head | body, keep_alive | close) -> iodata().
response({Status, Headers, Body}, Part, Connection) ->
    [
        [~"HTTP/1.1 ", integer_to_binary(Status), ~" ", reason(Status), ~"\r\n"],
        [~"date: ", imf_fixdate(), ~"\r\n"],
        [[Name, ~": ", Value, ~"\r\n"] || {Name, Value} <- Headers],
        %% RFC 9110, section 8.6: a 204 has no length, not even that of nothing.
        [[~"content-length: ", integer_to_binary(iolist_size(Body)), ~"\r\n"] || Status =/= 204],
        [~"connection: close\r\n" || Connection =:= close],
        ~"\r\n",
        [Body || Part =:= body]
    ].

-spec request(binary(), [binary()], binary()) ->
    {ok, request(), binary()} | {error, 400 | 505}.
request(RequestLine, Lines, Rest) ->
    maybe
        {ok, Method, Path, Version} ?= request_line(RequestLine),
        {ok, Headers} ?= headers(Lines, #{}),
        ok ?= host(Version, Headers),
        Request = #{
            method => Method,
            path => Path,
            version => Version,
            headers => Headers,
            body => <<>>
        },
        {ok, Request, Rest}
    end.

-spec request_line(binary()) ->
    {ok, binary(), binary(), {1, 0 | 1}} | {error, 400 | 505}.
request_line(Line) ->
    case binary:split(Line, ~" ", [global]) of
        [Method, Target, ~"HTTP/1.1"] -> target(Method, Target, {1, 1});
        [Method, Target, ~"HTTP/1.0"] -> target(Method, Target, {1, 0});
        [_, _, <<"HTTP/", _/binary>>] -> {error, 505};
        _ -> {error, 400}
    end.

-spec target(binary(), binary(), {1, 0 | 1}) ->
    {ok, binary(), binary(), {1, 0 | 1}} | {error, 400}.
target(Method, Target, Version) ->
    case is_token(Method) andalso erlmcp_http_field:parse_uri(Target) of
        %% A client of a proxy sends a whole URI; servers must take it too.
        #{path := Path} -> {ok, Method, Path, Version};
        _ -> {error, 400}
    end.

-spec headers([binary()], headers()) -> {ok, headers()} | {error, 400}.
headers([], Headers) ->
    {ok, Headers};
headers([Line | Lines], Headers) ->
    maybe
        [Name, Value] ?= binary:split(Line, ~":"),
        true ?= is_token(Name),
        nomatch ?= binary:match(Value, [~"\r", ~"\n", <<0>>]),
        Key = erlmcp_http_field:lowercase(Name),
        {ok, Added} ?= add(Key, erlmcp_http_field:trim(Value), Headers),
        headers(Lines, Added)
    else
        _ -> {error, 400}
    end.

-spec add(binary(), binary(), headers()) -> {ok, headers()} | error.
add(Name, Value, Headers) ->
    case Headers of
        #{Name := Value} when Name =:= ~"content-length" ->
            {ok, Headers};
        #{Name := _} when
            Name =:= ~"content-length";
            Name =:= ~"content-type";
            Name =:= ~"host";
            Name =:= ~"origin"
        ->
            error;
        #{Name := Before} ->
            {ok, Headers#{Name := <<Before/binary, ", ", Value/binary>>}};
        #{} ->
            {ok, Headers#{Name => Value}}
    end.

-spec host({1, 0 | 1}, headers()) -> ok | {error, 400}.
host({1, 1}, Headers) when not is_map_key(~"host", Headers) -> {error, 400};
host(_, _) -> ok.

-spec is_token(binary()) -> boolean().
is_token(<<>>) -> false;
is_token(Token) -> << <<C>> || <<C>> <= Token, is_token_char(C) >> =:= Token.

-spec is_token_char(byte()) -> boolean().
is_token_char(C) when C >= $a, C =< $z; C >= $A, C =< $Z; C >= $0, C =< $9 -> true;
is_token_char(C) -> lists:member(C, "!#$%&'*+-.^_`|~").

%% binary_to_integer/2 would take a sign, and any number of digits.
-spec digits(binary(), 10 | 16) -> {ok, non_neg_integer()} | error.
digits(Digits, Base) when byte_size(Digits) > 0, byte_size(Digits) =< 15 ->
    case << <<C>> || <<C>> <= Digits, is_digit(C, Base) >> of
        Digits -> {ok, binary_to_integer(Digits, Base)};
        _ -> error
    end;
digits(_, _) ->
    error.

-spec is_digit(byte(), 10 | 16) -> boolean().
is_digit(C, _) when C >= $0, C =< $9 -> true;
is_digit(C, 16) -> C >= $a andalso C =< $f orelse C >= $A andalso C =< $F;
is_digit(_, 10) -> false.

-spec line(binary()) -> {ok, binary(), Rest :: binary()} | more | error.
line(Buffer) ->
    case binary:split(Buffer, ~"\r\n") of
        [Line, Rest] -> {ok, Line, Rest};
        [Incomplete] when byte_size(Incomplete) =< ?MAX_CHUNK_LINE -> more;
        _ -> error
    end.

-spec imf_fixdate() -> iodata().
imf_fixdate() ->
    {{Year, Month, Day} = Date, {Hour, Minute, Second}} = calendar:universal_time(),
    Days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    Months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    ],
    io_lib:format("~s, ~2..0b ~s ~b ~2..0b:~2..0b:~2..0b GMT", [
        lists:nth(calendar:day_of_the_week(Date), Days),
        Day,
        lists:nth(Month, Months),
        Year,
        Hour,
        Minute,
        Second
    ]).

-spec reason(200..599) -> binary().
reason(200) -> ~"OK";
reason(202) -> ~"Accepted";
reason(204) -> ~"No Content";
reason(400) -> ~"Bad Request";
reason(403) -> ~"Forbidden";
reason(404) -> ~"Not Found";
reason(405) -> ~"Method Not Allowed";
reason(406) -> ~"Not Acceptable";
reason(408) -> ~"Request Timeout";
reason(413) -> ~"Content Too Large";
reason(415) -> ~"Unsupported Media Type";
reason(417) -> ~"Expectation Failed";
reason(431) -> ~"Request Header Fields Too Large";
reason(500) -> ~"Internal Server Error";
reason(501) -> ~"Not Implemented";
reason(503) -> ~"Service Unavailable";
reason(505) -> ~"HTTP Version Not Supported".
