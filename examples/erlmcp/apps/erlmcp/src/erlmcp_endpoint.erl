-module(erlmcp_endpoint).
-moduledoc """
MCP over streamable HTTP, at `/mcp`.

The server never speaks first, so there is no event stream: every answer is one
JSON body, and GET is 405 as the specification wants it in that case.
See [Transports](https://modelcontextprotocol.io/specification/2025-06-18/basic/transports).
""".

-behaviour(erlmcp_connection).

-export([handle/2]).
-export_type([state/0]).

-type state() :: #{
    server := erlmcp_mcp:server(),
    session_key := erlmcp_session:key(),
    allowed_origins := localhost | [binary()]
}.
-doc "A status, and the JSON-RPC code and message of the body.".
-type rejection() :: {rejected, 400..499, integer(), binary()}.

%% JSON-RPC leaves -32000 to -32099 to the server. The official SDKs use these two so.
-define(BAD_REQUEST, -32000).
-define(NO_SESSION, -32001).

-doc "Answers a request on the MCP port.".
-spec handle(erlmcp_http:request(), state()) -> erlmcp_http:response().
handle(#{path := ~"/mcp"} = Request, State) ->
    {Name, Method} = traced_method(Request),
    Attributes = #{~"http.request.method" => Method, ~"url.path" => ~"/mcp"},
    erlmcp_trace:server(Name, header(~"traceparent", Request), Attributes, fun() ->
        {Status, _, _} = Response = from_origin(Request, State),
        ok = erlmcp_trace:note(#{~"http.response.status_code" => Status}),
        Response
    end);
handle(_, _) ->
    {404, [], ~""}.

%% A client that invents methods cannot make spans of many names.
-spec traced_method(erlmcp_http:request()) -> {Name :: binary(), Method :: binary()}.
traced_method(#{method := Method}) when
    Method =:= ~"POST"; Method =:= ~"DELETE"; Method =:= ~"GET"
->
    {<<Method/binary, " /mcp">>, Method};
traced_method(_) ->
    {~"HTTP /mcp", ~"_OTHER"}.

-spec from_origin(erlmcp_http:request(), state()) -> erlmcp_http:response().
from_origin(Request, #{allowed_origins := Origins} = State) ->
    case erlmcp_origin:is_allowed(header(~"origin", Request), Origins) of
        true -> method(Request, State);
        false -> refuse({rejected, 403, ?BAD_REQUEST, ~"Origin not allowed"})
    end.

-spec method(erlmcp_http:request(), state()) -> erlmcp_http:response().
method(#{method := ~"POST"} = Request, State) ->
    Start = erlang:monotonic_time(),
    {Label, Outcome, Response} =
        case post(Request, State) of
            {rejected, _, _, _} = Rejection -> {~"other", rejected, refuse(Rejection)};
            Answered -> Answered
        end,
    ok = erlmcp_metrics:request(Label, Outcome, erlang:monotonic_time() - Start),
    Response;
method(#{method := ~"DELETE"} = Request, #{session_key := Key} = State) ->
    maybe
        ok ?= version(Request),
        ok ?= session(Request, State),
        ok ?= erlmcp_session:finish(header(~"mcp-session-id", Request), Key),
        {204, [], ~""}
    else
        unknown -> refuse(no_session());
        Rejection -> refuse(Rejection)
    end;
method(_, _) ->
    {405, [{~"allow", ~"POST, DELETE"}], ~""}.

-spec post(erlmcp_http:request(), state()) ->
    {Label :: binary(), ok | error, erlmcp_http:response()} | rejection().
post(#{body := Body} = Request, State) ->
    maybe
        ok ?= content_type(Request),
        ok ?= accept(Request),
        ok ?= version(Request),
        case erlmcp_jsonrpc:decode(Body) of
            {single, Message} -> single(Message, Request, State);
            {batch, Messages} -> batch(Messages, Request, State);
            {error, Fault} -> {~"other", error, json(400, erlmcp_mcp:refusal(Fault, null))}
        end
    end.

-spec single(erlmcp_jsonrpc:message(), erlmcp_http:request(), state()) ->
    {binary(), ok | error, erlmcp_http:response()} | rejection().
single({request, _, ~"initialize", _} = Message, _, #{server := Server} = State) ->
    {reply, Reply} = answer(Message, Server),
    {~"initialize", outcome(Reply), opened(Reply, State)};
single({invalid, _} = Message, _, #{server := Server}) ->
    {reply, Reply} = answer(Message, Server),
    {~"other", error, json(400, Reply)};
single(Message, Request, #{server := Server} = State) ->
    maybe
        ok ?= session(Request, State),
        Label = erlmcp_mcp:label(Message),
        case answer(Message, Server) of
            {reply, Reply} -> {Label, outcome(Reply), json(200, Reply)};
            noreply -> {Label, ok, {202, [], ~""}}
        end
    end.

%% Only the older version has batches: 2025-06-18 took them out of the protocol.
-spec batch([erlmcp_jsonrpc:message()], erlmcp_http:request(), state()) ->
    {binary(), ok | error, erlmcp_http:response()} | rejection().
batch(Messages, Request, #{server := Server} = State) ->
    maybe
        ~"2025-03-26" ?= spoken(Request),
        false ?= lists:any(fun is_initialize/1, Messages),
        ok ?= session(Request, State),
        Answers = [answer(Message, Server) || Message <- Messages],
        case [Reply || {reply, Reply} <- Answers] of
            [] -> {~"batch", ok, {202, [], ~""}};
            Replies -> {~"batch", ok, json(200, Replies)}
        end
    else
        {rejected, _, _, _} = Rejection -> Rejection;
        _ -> {~"batch", error, json(400, erlmcp_mcp:refusal(invalid_request, null))}
    end.

-spec answer(erlmcp_jsonrpc:message(), erlmcp_mcp:server()) ->
    {reply, erlmcp_jsonrpc:response()} | noreply.
answer(Message, Server) ->
    Label = erlmcp_mcp:label(Message),
    erlmcp_trace:span(Label, internal, #{~"mcp.method.name" => Label}, fun() ->
        Answer = erlmcp_mcp:handle(Message, Server),
        ok =
            case Answer of
                {reply, #{~"error" := #{~"code" := Code}}} ->
                    erlmcp_trace:failed(integer_to_binary(Code));
                {reply, #{~"result" := #{~"isError" := true}}} ->
                    erlmcp_trace:failed(~"tool_error");
                _ ->
                    ok
            end,
        Answer
    end).

-spec is_initialize(erlmcp_jsonrpc:message()) -> boolean().
is_initialize({request, _, ~"initialize", _}) -> true;
is_initialize(_) -> false.

-spec opened(erlmcp_jsonrpc:response(), state()) -> erlmcp_http:response().
opened(#{~"result" := _} = Reply, #{session_key := Key}) ->
    {Status, Headers, Body} = json(200, Reply),
    {Status, [{~"mcp-session-id", erlmcp_session:create(Key)} | Headers], Body};
opened(Reply, _) ->
    json(200, Reply).

-spec outcome(erlmcp_jsonrpc:response()) -> ok | error.
outcome(#{~"result" := _}) -> ok;
outcome(_) -> error.

-spec content_type(erlmcp_http:request()) -> ok | rejection().
content_type(Request) ->
    [Type | _Parameters] = erlmcp_http_field:elements(header(~"content-type", Request, ~""), ~";"),
    case erlmcp_http_field:lowercase(Type) of
        ~"application/json" -> ok;
        _ -> {rejected, 415, ?BAD_REQUEST, ~"Content-Type must be application/json"}
    end.

%% Clients must list application/json and text/event-stream. We never send the
%% latter, so only the former is insisted on, and `curl` may talk to us as it is.
-spec accept(erlmcp_http:request()) -> ok | rejection().
accept(Request) ->
    case erlmcp_http_field:accepts(header(~"accept", Request), {~"application", ~"json"}) of
        true -> ok;
        false -> {rejected, 406, ?BAD_REQUEST, ~"Accept must allow application/json"}
    end.

-spec version(erlmcp_http:request()) -> ok | rejection().
version(Request) ->
    case lists:member(spoken(Request), erlmcp_mcp:versions()) of
        true -> ok;
        false -> {rejected, 400, ?BAD_REQUEST, ~"Unsupported MCP-Protocol-Version"}
    end.

%% The header is younger than the protocol: without it, the older version is meant.
-spec spoken(erlmcp_http:request()) -> binary().
spoken(Request) ->
    header(~"mcp-protocol-version", Request, ~"2025-03-26").

-spec session(erlmcp_http:request(), state()) -> ok | rejection().
session(Request, #{session_key := Key}) ->
    case header(~"mcp-session-id", Request) of
        undefined ->
            {rejected, 400, ?BAD_REQUEST, ~"Mcp-Session-Id is required"};
        Id ->
            case erlmcp_session:is_valid(Id, Key) of
                true -> ok;
                false -> no_session()
            end
    end.

-spec no_session() -> rejection().
no_session() ->
    {rejected, 404, ?NO_SESSION, ~"Session not found"}.

-spec header(binary(), erlmcp_http:request()) -> binary() | undefined.
header(Name, #{headers := Headers}) ->
    maps:get(Name, Headers, undefined).

-spec header(binary(), erlmcp_http:request(), binary()) -> binary().
header(Name, #{headers := Headers}, Default) ->
    maps:get(Name, Headers, Default).

-spec refuse(rejection()) -> erlmcp_http:response().
refuse({rejected, Status, Code, Message}) ->
    json(Status, erlmcp_jsonrpc:error(null, Code, Message)).

-spec json(200..499, erlmcp_jsonrpc:response() | [erlmcp_jsonrpc:response()]) ->
    erlmcp_http:response().
json(Status, Reply) ->
    {Status, [{~"content-type", ~"application/json"}], erlmcp_jsonrpc:encode(Reply)}.
