-module(erlmcp_scram_tests).

-include_lib("eunit/include/eunit.hrl").

%% RFC 7677, section 3.
-define(NONCE, ~"rOprNGfwEbeRWgbNEkqO").
-define(CHALLENGE,
    ~"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
).

rfc_7677_test() ->
    {First, Client} = erlmcp_scram:first(~"user", ?NONCE),
    ?assertEqual(~"n,,n=user,r=rOprNGfwEbeRWgbNEkqO", iolist_to_binary(First)),
    {ok, Final, Expected} = erlmcp_scram:final(?CHALLENGE, ~"pencil", Client),
    ?assertEqual(
        ~"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        iolist_to_binary(Final)
    ),
    ?assertEqual(ok, erlmcp_scram:verify(~"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Expected)),
    [
        ?assertEqual({error, scram_server_signature}, erlmcp_scram:verify(Wrong, Expected))
     || Wrong <- [~"v=AAAA", ~"e=other-error", ~"", ~"v=!"]
    ].

names_are_escaped_test() ->
    {First, _} = erlmcp_scram:first(~"a=b,c", ~"n"),
    ?assertEqual(~"n,,n=a=3Db=2Cc,r=n", iolist_to_binary(First)).

nonces_differ_test() ->
    {One, _} = erlmcp_scram:first(~""),
    {Two, _} = erlmcp_scram:first(~""),
    ?assertNotEqual(iolist_to_binary(One), iolist_to_binary(Two)).

normalized_password_test() ->
    {_, Client} = erlmcp_scram:first(~"user", ?NONCE),
    %% The ligature U+FB01 is "fi" under NFKC.
    ?assertEqual(
        erlmcp_scram:final(?CHALLENGE, ~"fi", Client),
        erlmcp_scram:final(?CHALLENGE, <<16#FB01/utf8>>, Client)
    ),
    ?assertMatch({ok, _, _}, erlmcp_scram:final(?CHALLENGE, <<255>>, Client)).

bad_challenge_test_() ->
    {_, Client} = erlmcp_scram:first(~"user", ?NONCE),
    [
        {Challenge, ?_assertEqual({error, Reason}, erlmcp_scram:final(Challenge, ~"pencil", Client))}
     || {Reason, Challenge} <- [
            {scram_nonce, ~"r=another,s=AAAA,i=1"},
            {scram_nonce, ~"r=anothernonceofenoughlength,s=AAAA,i=1"},
            {scram_nonce, ~"r=rOprNGfwEbeRWgbNEkqO,s=AAAA,i=1"},
            {scram_challenge, ~"r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=0"},
            {scram_challenge, ~"r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=100000000"},
            {scram_challenge, ~"r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=x"},
            {scram_challenge, ~"e=unknown-user"},
            {scram_challenge, ~""}
        ]
    ].
