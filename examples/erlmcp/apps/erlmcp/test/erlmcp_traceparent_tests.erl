-module(erlmcp_traceparent_tests).

-include_lib("eunit/include/eunit.hrl").

-define(TRACE, "0af7651916cd43dd8448eb211c80319c").
-define(SPAN, "b7ad6b7169203331").

ids() ->
    #{trace => binary:decode_hex(<<?TRACE>>), span => binary:decode_hex(<<?SPAN>>)}.

valid_test_() ->
    [
        ?_assertEqual({ok, (ids())#{sampled => Sampled}}, erlmcp_traceparent:parse(Header))
     || {Header, Sampled} <- [
            {<<"00-", ?TRACE, "-", ?SPAN, "-01">>, true},
            {<<"00-", ?TRACE, "-", ?SPAN, "-00">>, false},
            %% Other flags are for others.
            {<<"00-", ?TRACE, "-", ?SPAN, "-fe">>, false},
            {<<"01-", ?TRACE, "-", ?SPAN, "-03">>, true},
            {<<"fe-", ?TRACE, "-", ?SPAN, "-01-what the future says">>, true}
        ]
    ].

invalid_test_() ->
    [
        ?_assertEqual(none, erlmcp_traceparent:parse(Header))
     || Header <- [
            undefined,
            ~"",
            <<"00-", ?TRACE, "-", ?SPAN>>,
            <<"00-", ?TRACE, "-", ?SPAN, "-1">>,
            <<"00-", ?TRACE, "-", ?SPAN, "-01-more">>,
            <<"01-", ?TRACE, "-", ?SPAN, "-01more">>,
            <<"ff-", ?TRACE, "-", ?SPAN, "-01">>,
            <<"00-", ?TRACE, "-0000000000000000-01">>,
            <<"00-00000000000000000000000000000000-", ?SPAN, "-01">>,
            <<"00-0AF7651916CD43DD8448EB211C80319C-", ?SPAN, "-01">>,
            <<"00-", ?TRACE, "-b7ad6b716920333g-01">>,
            <<"00_", ?TRACE, "-", ?SPAN, "-01">>,
            %% Two headers arrive as one.
            <<"00-", ?TRACE, "-", ?SPAN, "-01, 00-", ?TRACE, "-", ?SPAN, "-01">>,
            <<255, 255, "-", ?TRACE, "-", ?SPAN, "-01">>
        ]
    ].
