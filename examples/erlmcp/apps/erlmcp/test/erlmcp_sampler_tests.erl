-module(erlmcp_sampler_tests).

-include_lib("eunit/include/eunit.hrl").

parent(Sampled) ->
    {ok, #{trace => <<1:128>>, span => <<1:64>>, sampled => Sampled}}.

decision(Name, Parent) ->
    erlmcp_sampler:is_sampled({Name, 1.0}, Parent, <<1:128>>).

decision_test_() ->
    Parents = [none, parent(true), parent(false)],
    [
        ?_assertEqual({Name, Wanted}, {Name, [decision(Name, Parent) || Parent <- Parents]})
     || {Name, Wanted} <- [
            {always_on, [true, true, true]},
            {always_off, [false, false, false]},
            {traceidratio, [true, true, true]},
            {parentbased_always_on, [true, true, false]},
            {parentbased_always_off, [false, true, false]},
            {parentbased_traceidratio, [true, true, false]}
        ]
    ].

ratio_goes_by_the_end_of_the_id_test_() ->
    [
        ?_assertEqual(Wanted, erlmcp_sampler:is_sampled({traceidratio, Share}, none, Trace))
     || {Share, Trace, Wanted} <- [
            {+0.0, <<0:128>>, false},
            {1.0, <<-1:128>>, true},
            {0.5, <<-1:72, (1 bsl 55 - 1):56>>, true},
            {0.5, <<0:72, (1 bsl 55):56>>, false}
        ]
    ].

every_name_decides_test_() ->
    [
        ?_assert(is_boolean(erlmcp_sampler:is_sampled({Name, 0.5}, none, <<7:128>>)))
     || Name <- erlmcp_sampler:names()
    ].
