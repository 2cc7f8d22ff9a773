-module(erlmcp_session_tests).

-include_lib("eunit/include/eunit.hrl").

session_test_() ->
    {setup,
        fun() ->
            {ok, Pid} = erlmcp_session:start_link(),
            unlink(Pid),
            Pid
        end,
        fun(Pid) -> gen_server:stop(Pid) end, [
            fun created_is_valid/0,
            fun forged_is_not/0,
            fun replicas_share_a_key/0,
            fun finished_is_not/0,
            fun told_by_another_node/0,
            fun purge_keeps_what_lives/0
        ]}.

key() ->
    {ok, Key} = erlmcp_session:key(undefined),
    Key.

created_is_valid() ->
    Key = key(),
    Id = erlmcp_session:create(Key),
    ?assertMatch({match, _}, re:run(Id, "^[!-~]+$")),
    ?assert(erlmcp_session:is_valid(Id, Key)),
    ?assertNotEqual(Id, erlmcp_session:create(Key)).

forged_is_not() ->
    Key = key(),
    Id = erlmcp_session:create(Key),
    <<First, Rest/binary>> = Id,
    Other =
        case First of
            $A -> $B;
            _ -> $A
        end,
    [
        ?assertNot(erlmcp_session:is_valid(Forged, Key))
     || Forged <- [~"", ~"x", ~"!!!", <<Other, Rest/binary>>, <<Id/binary, "AAAA">>]
    ],
    ?assertNot(erlmcp_session:is_valid(Id, key())),
    ?assertEqual(unknown, erlmcp_session:finish(~"x", Key)).

replicas_share_a_key() ->
    File = filename:join("/tmp", "erlmcp-key-" ++ os:getpid()),
    ok = file:write_file(File, ~"0123456789abcdef0123456789abcdef\n"),
    {ok, One} = erlmcp_session:key(File),
    {ok, Two} = erlmcp_session:key(File),
    ?assert(erlmcp_session:is_valid(erlmcp_session:create(One), Two)),
    ok = file:write_file(File, ~"short"),
    ?assertMatch({error, _}, erlmcp_session:key(File)),
    ok = file:write_file(File, ~"\n"),
    ?assertMatch({error, _}, erlmcp_session:key(File)),
    ok = file:delete(File),
    ?assertMatch({error, _}, erlmcp_session:key(File)).

finished_is_not() ->
    Key = key(),
    Id = erlmcp_session:create(Key),
    ?assertEqual(ok, erlmcp_session:finish(Id, Key)),
    ?assertNot(erlmcp_session:is_valid(Id, Key)),
    ?assert(erlmcp_session:is_valid(erlmcp_session:create(Key), Key)).

told_by_another_node() ->
    Key = key(),
    Id = erlmcp_session:create(Key),
    <<Expires:40, Nonce:16/binary, _/binary>> =
        base64:decode(Id, #{mode => urlsafe, padding => false}),
    gen_server:cast(erlmcp_session, {ended, {Expires, Nonce}}),
    _ = sys:get_state(erlmcp_session),
    ?assertNot(erlmcp_session:is_valid(Id, Key)).

purge_keeps_what_lives() ->
    Key = key(),
    Id = erlmcp_session:create(Key),
    ok = erlmcp_session:finish(Id, Key),
    gen_server:cast(erlmcp_session, {ended, {1, ~"long ago"}}),
    Before = ets:info(sys:get_state(erlmcp_session), size),
    erlmcp_session ! purge,
    ?assertEqual(Before - 1, ets:info(sys:get_state(erlmcp_session), size)),
    ?assertNot(erlmcp_session:is_valid(Id, Key)).
