-module(erlmcp_tools).
-moduledoc "The tools of this server. One whose store is not configured does not exist.".

-export([all/1]).

-include_lib("kernel/include/logger.hrl").

-type arguments() :: #{binary() => erlmcp_jsonrpc:json()}.

-doc "The tools that work with these stores.".
-spec all([postgres | redis]) -> [erlmcp_mcp:tool()].
all(Stores) ->
    [measured(Tool) || {Needs, Tool} <- tools(), Needs =:= none orelse lists:member(Needs, Stores)].

-spec tools() -> [{none | postgres | redis, erlmcp_mcp:tool()}].
tools() ->
    [
        {none, #{
            name => ~"echo",
            description => ~"Returns the text that it is given.",
            input_schema => object(#{~"text" => string(0, 100_000)}, [~"text"]),
            call => fun(#{~"text" := Text}) -> {ok, Text} end
        }},
        {none, #{
            name => ~"nodes",
            description => ~"Lists the nodes of the cluster, this one included.",
            input_schema => object(#{}, []),
            call => fun list_nodes/1
        }},
        {postgres, #{
            name => ~"note_add",
            description => ~"Stores a note and returns its id.",
            input_schema => object(#{~"text" => string(1, 10_000)}, [~"text"]),
            call => fun note_add/1
        }},
        {postgres, #{
            name => ~"note_list",
            description => ~"Lists the newest notes, 20 unless told otherwise.",
            input_schema => object(#{~"limit" => integer(1, 100)}, []),
            call => fun note_list/1
        }},
        {redis, #{
            name => ~"counter_increment",
            description => ~"Adds one to a named counter and returns its value.",
            input_schema => object(#{~"name" => string(1, 100)}, [~"name"]),
            call => fun counter_increment/1
        }}
    ].

-spec list_nodes(arguments()) -> erlmcp_mcp:tool_result().
list_nodes(_) ->
    {ok, #{~"self" => node(), ~"nodes" => lists:sort([node() | nodes()])}}.

-spec note_add(arguments()) -> erlmcp_mcp:tool_result().
note_add(#{~"text" := Text}) ->
    case erlmcp_notes:add(Text) of
        {ok, Id} -> {ok, #{~"id" => Id}};
        {error, Reason} -> failed(~"postgres", Reason)
    end.

-spec note_list(arguments()) -> erlmcp_mcp:tool_result().
note_list(Arguments) ->
    case erlmcp_notes:list(maps:get(~"limit", Arguments, 20)) of
        {ok, Notes} -> {ok, #{~"notes" => Notes}};
        {error, Reason} -> failed(~"postgres", Reason)
    end.

-spec counter_increment(arguments()) -> erlmcp_mcp:tool_result().
counter_increment(#{~"name" := Name}) ->
    case erlmcp_stores:command([~"INCR", [~"erlmcp:counter:", Name]]) of
        {ok, Value} when is_integer(Value) -> {ok, #{~"name" => Name, ~"value" => Value}};
        {error, Reason} -> failed(~"redis", Reason)
    end.

%% The model needs to know whether to try again, and nothing about our stores.
-spec failed(binary(), erlmcp_store:reason()) -> erlmcp_mcp:tool_result().
failed(Store, unavailable) -> {error, <<Store/binary, " is unavailable, try again later">>};
failed(Store, {refused, _}) -> {error, <<Store/binary, " refused the request">>}.

%% A crashing tool is a failing tool: the request around it still gets its answer.
-spec measured(erlmcp_mcp:tool()) -> erlmcp_mcp:tool().
measured(#{name := Name, call := Call} = Tool) ->
    Tool#{
        call := fun(Arguments) ->
            ok = erlmcp_trace:note(#{~"gen_ai.tool.name" => Name}),
            Result =
                try
                    Call(Arguments)
                catch
                    Class:_:Stack ->
                        ?LOG_ERROR("tool ~ts crashed: ~tp in ~tp", [Name, Class, place(Stack)]),
                        {error, ~"internal error"}
                end,
            ok = erlmcp_metrics:tool_call(Name, element(1, Result)),
            Result
        end
    }.

%% Where it happened, without the arguments: they belong to the user.
-spec place([tuple()]) -> {module(), atom()} | unknown.
place([{Module, Function, _, _} | _]) -> {Module, Function};
place(_) -> unknown.

-spec object(#{binary() => erlmcp_schema:schema()}, [binary()]) -> erlmcp_schema:schema().
object(Properties, Required) ->
    #{
        ~"type" => ~"object",
        ~"properties" => Properties,
        ~"required" => Required,
        ~"additionalProperties" => false
    }.

-spec string(non_neg_integer(), pos_integer()) -> erlmcp_schema:schema().
string(Min, Max) ->
    #{~"type" => ~"string", ~"minLength" => Min, ~"maxLength" => Max}.

-spec integer(integer(), integer()) -> erlmcp_schema:schema().
integer(Min, Max) ->
    #{~"type" => ~"integer", ~"minimum" => Min, ~"maximum" => Max}.
