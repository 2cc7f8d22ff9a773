-module(erlmcp_otlp_tests).

-include_lib("eunit/include/eunit.hrl").

span() ->
    #{
        trace => <<16#0af7651916cd43dd8448eb211c80319c:128>>,
        id => <<16#b7ad6b7169203331:64>>,
        parent => none,
        name => ~"ping",
        kind => server,
        start => 1_700_000_000_123_456_789,
        duration => 1_000,
        attributes => #{~"http.response.status_code" => 200, ~"text" => ~"\"ü\n"},
        failed => false
    }.

sent(Spans) ->
    Body = erlmcp_otlp:body(#{~"service.name" => ~"erlmcp"}, Spans),
    #{
        ~"resourceSpans" := [
            #{
                ~"resource" := #{~"attributes" := Resource},
                ~"scopeSpans" := [#{~"scope" := #{~"name" := ~"erlmcp"}, ~"spans" := Sent}]
            }
        ]
    } = json:decode(iolist_to_binary(Body)),
    ?assertEqual(
        [#{~"key" => ~"service.name", ~"value" => #{~"stringValue" => ~"erlmcp"}}], Resource
    ),
    Sent.

span_test() ->
    [Sent] = sent([span()]),
    ?assertMatch(
        #{
            ~"traceId" := ~"0af7651916cd43dd8448eb211c80319c",
            ~"spanId" := ~"b7ad6b7169203331",
            ~"name" := ~"ping",
            ~"kind" := 2,
            ~"startTimeUnixNano" := ~"1700000000123456789",
            ~"endTimeUnixNano" := ~"1700000000123457789",
            ~"flags" := 16#101,
            ~"status" := Empty
        } when Empty =:= #{},
        Sent
    ),
    ?assertNot(is_map_key(~"parentSpanId", Sent)),
    ?assertEqual(
        [
            #{~"key" => ~"http.response.status_code", ~"value" => #{~"intValue" => ~"200"}},
            #{~"key" => ~"text", ~"value" => #{~"stringValue" => ~"\"ü\n"}}
        ],
        lists:sort(maps:get(~"attributes", Sent))
    ).

parents_and_failures_test() ->
    [Local, Remote] = sent([
        (span())#{parent := {local, <<1:64>>}, kind := internal, failed := true},
        (span())#{parent := {remote, <<2:64>>}, kind := client}
    ]),
    ?assertMatch(
        #{
            ~"parentSpanId" := ~"0000000000000001",
            ~"flags" := 16#101,
            ~"kind" := 1,
            ~"status" := #{~"code" := 2}
        },
        Local
    ),
    ?assertMatch(
        #{~"parentSpanId" := ~"0000000000000002", ~"flags" := 16#301, ~"kind" := 3}, Remote
    ).

verdict_test_() ->
    [
        ?_assertEqual(Wanted, erlmcp_otlp:verdict(Answer))
     || {Wanted, Answer} <- [
            {{done, 0}, answer(200, ~"{}")},
            {{done, 0}, answer(202, ~"")},
            {{done, 0}, answer(200, ~"<html>")},
            {{done, 0}, answer(200, ~'{"partialSuccess":{"errorMessage":"a warning"}}')},
            {{done, 3}, answer(200, ~'{"partialSuccess":{"rejectedSpans":"3"}}')},
            {{done, 3}, answer(200, ~'{"partialSuccess":{"rejectedSpans":3}}')},
            {{done, 0}, answer(200, ~'{"partialSuccess":{"rejectedSpans":"many"}}')},
            {{done, 0}, answer(200, ~'{"partialSuccess":{"rejectedSpans":-1}}')},
            {{refused, {status, 400}}, answer(400, ~"")},
            {{refused, {status, 404}}, answer(404, ~"")},
            {{refused, {status, 301}}, answer(301, ~"")},
            {{refused, {status, 500}}, answer(500, ~"")},
            {{retry, {status, 429}, 0}, answer(429, ~"")},
            {{retry, {status, 502}, 0}, answer(502, ~"")},
            {{retry, {status, 504}, 0}, answer(504, ~"")},
            {{retry, {status, 503}, 2_000}, later("2")},
            {{retry, {status, 503}, 30_000}, later("86400")},
            {{retry, {status, 503}, 0}, later("-1")},
            {{retry, {status, 503}, 0}, later("Fri, 31 Dec 1999 23:59:59 GMT")},
            {{retry, timeout, 0}, {error, timeout}}
        ]
    ].

answer(Status, Body) -> {ok, {{"HTTP/1.1", Status, "whatever"}, [], Body}}.

later(After) -> {ok, {{"HTTP/1.1", 503, ""}, [{"retry-after", After}], ~""}}.
