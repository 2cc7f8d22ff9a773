-module(erlmcp_schema_tests).

-include_lib("eunit/include/eunit.hrl").

schema() ->
    #{
        ~"type" => ~"object",
        ~"description" => ~"a keyword that judges nothing",
        ~"properties" => #{
            ~"text" => #{~"type" => ~"string", ~"minLength" => 1, ~"maxLength" => 3},
            ~"limit" => #{~"type" => ~"integer", ~"minimum" => 1, ~"maximum" => 10}
        },
        ~"required" => [~"text"],
        ~"additionalProperties" => false
    }.

good_test_() ->
    [
        ?_assertEqual(ok, erlmcp_schema:validate(schema(), Value))
     || Value <- [
            #{~"text" => ~"a"},
            #{~"text" => ~"äöü"},
            #{~"text" => ~"abc", ~"limit" => 1},
            #{~"text" => ~"abc", ~"limit" => 10}
        ]
    ].

bad_test_() ->
    [
        {Reason, ?_assertEqual({error, Reason}, erlmcp_schema:validate(schema(), Value))}
     || {Reason, Value} <- [
            {~"must be of type object", []},
            {~"text is required", #{}},
            {~"text must be of type string", #{~"text" => 1}},
            {~"text must have at least 1 characters", #{~"text" => ~""}},
            {~"text must have at most 3 characters", #{~"text" => ~"abcd"}},
            {~"limit must be of type integer", #{~"text" => ~"a", ~"limit" => ~"1"}},
            {~"limit must be at least 1", #{~"text" => ~"a", ~"limit" => 0}},
            {~"limit must be at most 10", #{~"text" => ~"a", ~"limit" => 11}},
            {~"has a property that is not known", #{~"text" => ~"a", ~"<b>" => 1}}
        ]
    ].

open_object_test() ->
    ?assertEqual(ok, erlmcp_schema:validate(#{~"type" => ~"object"}, #{~"any" => 1})).
