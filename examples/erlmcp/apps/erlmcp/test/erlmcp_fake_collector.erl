-module(erlmcp_fake_collector).
-moduledoc """
As much of an OpenTelemetry collector as an exporter meets. It answers what a test asks it
to, one after the other, and then 200; who started it gets each body.
""".

-behaviour(erlmcp_connection).

-export([start/1, stop/1, endpoint/1, handle/2]).

%% Answers: statuses, responses, or `silence`.
start(Answers) ->
    Script = ets:new(answers, [public]),
    true = ets:insert(Script, {left, Answers}),
    {ok, Listener} = erlmcp_listener:start_link(#{
        name => ?MODULE,
        transport => tcp,
        ip => {127, 0, 0, 1},
        port => 0,
        handler => {?MODULE, {self(), Script}},
        max_body => 10_000_000
    }),
    Listener.

stop(Listener) ->
    unlink(Listener),
    gen_server:stop(Listener).

endpoint(Listener) ->
    "http://127.0.0.1:" ++ integer_to_list(erlmcp_listener:port(Listener)).

handle(#{method := ~"POST", path := ~"/v1/traces", body := Body} = Request, {Test, Script}) ->
    #{headers := #{~"content-type" := ~"application/json"}} = Request,
    Test ! {exported, json:decode(Body)},
    case ets:lookup_element(Script, left, 2) of
        [] ->
            {200, [{~"content-type", ~"application/json"}], ~"{}"};
        [Answer | Left] ->
            true = ets:insert(Script, {left, Left}),
            answer(Answer)
    end.

answer(silence) -> timer:sleep(60_000);
answer(Status) when is_integer(Status) -> {Status, [], ~""};
answer({_, _, _} = Response) -> Response.
