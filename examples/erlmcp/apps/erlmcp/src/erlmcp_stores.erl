-module(erlmcp_stores).
-moduledoc "The configured stores, by name, for those who use them.".

-export([start_link/1, init/1, query/2, command/1, ping/1]).

-behaviour(supervisor).

-define(REQUEST_MS, 5_000).
-define(PING_MS, 1_000).

-doc "Starts a client for every store that is configured.".
-spec start_link(#{postgres | redis => erlmcp_config:store()}) -> supervisor:startlink_ret().
start_link(Stores) ->
    supervisor:start_link(?MODULE, Stores).

-spec init(#{postgres | redis => erlmcp_config:store()}) ->
    {ok, {supervisor:sup_flags(), [supervisor:child_spec()]}}.
init(Stores) ->
    {ok,
        {#{strategy => one_for_one, intensity => 10, period => 10}, [
            #{
                id => Store,
                start =>
                    {erlmcp_store, start_link, [
                        #{
                            name => Store,
                            process => process(Store),
                            driver => process(Store),
                            config => Config
                        }
                    ]}
            }
         || Store := Config <- Stores
        ]}}.

-doc "Runs a statement with its parameters in PostgreSQL.".
-spec query(iodata(), [erlmcp_postgres:parameter()]) ->
    {ok, [erlmcp_postgres:row()]} | {error, erlmcp_store:reason()}.
query(Sql, Parameters) ->
    Text = iolist_to_binary(Sql),
    [Operation | _] = binary:split(Text, [~" ", ~"\n"]),
    %% What users wrote is in the parameters, which a span does not have.
    traced(~"postgresql", Operation, #{~"db.query.text" => Text}, fun() ->
        erlmcp_store:request(process(postgres), {query, Text, Parameters}, ?REQUEST_MS)
    end).

-doc "Runs a command in Redis.".
-spec command([iodata(), ...]) -> {ok, erlmcp_resp:value()} | {error, erlmcp_store:reason()}.
command([Operation | _] = Words) ->
    traced(~"redis", iolist_to_binary(Operation), #{}, fun() ->
        erlmcp_store:request(process(redis), {command, Words}, ?REQUEST_MS)
    end).

-doc "Whether the store answers right now.".
-spec ping(postgres | redis) -> ok | {error, erlmcp_store:reason()}.
ping(Store) ->
    case erlmcp_store:request(process(Store), ping, ?PING_MS) of
        {ok, _} -> ok;
        {error, _} = Error -> Error
    end.

-spec traced(binary(), binary(), erlmcp_trace:attributes(), fun(() -> Result)) -> Result when
    Result :: {ok, term()} | {error, erlmcp_store:reason()}.
traced(System, Operation, More, Ask) ->
    Attributes = More#{~"db.system.name" => System, ~"db.operation.name" => Operation},
    erlmcp_trace:span(Operation, client, Attributes, fun() ->
        Result = Ask(),
        ok =
            case Result of
                {ok, _} -> ok;
                {error, unavailable} -> erlmcp_trace:failed(~"unavailable");
                {error, {refused, Code}} -> erlmcp_trace:failed(Code)
            end,
        Result
    end).

%% Each client is registered under the name of its driver.
-spec process(postgres | redis) -> erlmcp_postgres | erlmcp_redis.
process(postgres) -> erlmcp_postgres;
process(redis) -> erlmcp_redis.
