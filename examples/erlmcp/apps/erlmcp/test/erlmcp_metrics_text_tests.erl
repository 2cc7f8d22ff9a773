-module(erlmcp_metrics_text_tests).

-include_lib("eunit/include/eunit.hrl").

format(Family) ->
    iolist_to_binary(erlmcp_metrics_text:format([Family])).

gauge_test() ->
    ?assertEqual(
        ~"# HELP up Is it up.\n# TYPE up gauge\nup 1\n",
        format({gauge, ~"up", ~"Is it up.", [{[], 1}]})
    ).

labels_are_escaped_test() ->
    ?assertEqual(
        ~B"""
        # HELP a A \\ and\na "quote".
        # TYPE a counter
        a{x="1",y="\"\\\n"} 2.5

        """,
        format({counter, ~"a", ~"A \\ and\na \"quote\".", [{[{~"x", ~"1"}, {~"y", ~"\"\\\n"}], 2.5}]})
    ).

histogram_is_cumulative_test() ->
    ?assertEqual(
        ~"""
        # HELP t Time.
        # TYPE t histogram
        t_bucket{m="a",le="0.5"} 1
        t_bucket{m="a",le="1"} 3
        t_bucket{m="a",le="+Inf"} 6
        t_sum{m="a"} 9.5
        t_count{m="a"} 6

        """,
        format({histogram, ~"t", ~"Time.", [0.5, 1], [{[{~"m", ~"a"}], [1, 2, 3], 9.5}]})
    ).

no_samples_test() ->
    ?assertEqual(~"# HELP a A.\n# TYPE a counter\n", format({counter, ~"a", ~"A.", []})).
