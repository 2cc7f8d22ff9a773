-module(erlmcp_session).
-moduledoc """
Session ids that every replica can judge without having seen them before.

An id carries its own expiry and a MAC. All replicas that read the same key from
`ERLMCP_SESSION_KEY_FILE` therefore honour each other's sessions, and none of them
stores any. Without that file the key is random: fine for one node, and behind a
load balancer a client of another node gets 404 and starts anew, as the MCP
specification requires.

Only ended sessions are remembered, until they would have expired anyway, and the
connected nodes learn of them. This set is bounded: when a client ends too many
sessions, the oldest endings are dropped first.
""".

-behaviour(gen_server).

-export([start_link/0, key/1, create/1, is_valid/2, finish/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).
-export_type([key/0]).

-doc "The key hides in a function, so that no crash report can print it.".
-type key() :: fun(() -> binary()).
-type ending() :: {Expires :: non_neg_integer(), Nonce :: binary()}.

-define(LIFETIME_S, 86_400).
-define(PURGE_MS, 60_000).
-define(MAX_ENDED, 100_000).
-define(MIN_KEY_BYTES, 16).
-define(NONCE_BYTES, 16).
-define(MAC_BYTES, 16).

-spec start_link() -> gen_server:start_ret().
start_link() ->
    gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

-doc "The key from the file, or a random one without a file.".
-spec key(file:filename() | undefined) -> {ok, key()} | {error, string()}.
key(undefined) ->
    Random = crypto:strong_rand_bytes(32),
    {ok, fun() -> Random end};
key(File) ->
    case erlmcp_secret:read(File) of
        {ok, Key} when byte_size(Key) >= ?MIN_KEY_BYTES ->
            {ok, fun() -> Key end};
        {ok, _} ->
            {error, "ERLMCP_SESSION_KEY_FILE: needs at least 16 bytes"};
        {error, {secret, _, Reason}} ->
            {error, "ERLMCP_SESSION_KEY_FILE: " ++ File ++ ": " ++ atom_to_list(Reason)}
    end.

-doc "A new session id: visible ASCII, valid for a day.".
-spec create(key()) -> binary().
create(Key) ->
    Nonce = crypto:strong_rand_bytes(?NONCE_BYTES),
    Claim = <<(now_s() + ?LIFETIME_S):40, Nonce/binary>>,
    base64:encode(<<Claim/binary, (mac(Key, Claim))/binary>>, #{mode => urlsafe, padding => false}).

-doc "Whether the id was made with our key, has not expired and was not ended.".
-spec is_valid(binary(), key()) -> boolean().
is_valid(Id, Key) ->
    case open(Id, Key) of
        {ok, Ending} -> not ets:member(?MODULE, Ending);
        error -> false
    end.

-doc "Ends a session here and on all connected nodes.".
-spec finish(binary(), key()) -> ok | unknown.
finish(Id, Key) ->
    case open(Id, Key) of
        {ok, Ending} ->
            ok = gen_server:call(?MODULE, {ended, Ending}),
            abcast = gen_server:abcast(nodes(), ?MODULE, {ended, Ending}),
            ok;
        error ->
            unknown
    end.

-spec open(binary(), key()) -> {ok, ending()} | error.
open(Id, Key) ->
    try base64:decode(Id, #{mode => urlsafe, padding => false}) of
        <<Claim:(5 + ?NONCE_BYTES)/binary, Mac:?MAC_BYTES/binary>> ->
            <<Expires:40, Nonce/binary>> = Claim,
            case crypto:hash_equals(Mac, mac(Key, Claim)) andalso Expires > now_s() of
                true -> {ok, {Expires, Nonce}};
                false -> error
            end;
        _ ->
            error
    catch
        error:_ -> error
    end.

-spec mac(key(), binary()) -> binary().
mac(Key, Claim) ->
    crypto:macN(hmac, sha256, Key(), [~"erlmcp session ", Claim], ?MAC_BYTES).

-spec now_s() -> non_neg_integer().
now_s() ->
    erlang:system_time(second).

-spec init([]) -> {ok, ets:table()}.
init([]) ->
    %% Ordered by expiry: purging and forgetting the oldest both start at the front.
    Table = ets:new(?MODULE, [ordered_set, named_table, protected, {read_concurrency, true}]),
    purge_later(),
    {ok, Table}.

-spec handle_call({ended, ending()}, gen_server:from(), ets:table()) ->
    {reply, ok, ets:table()}.
handle_call({ended, Ending}, _, Table) ->
    remember(Table, Ending),
    {reply, ok, Table}.

-spec handle_cast({ended, ending()}, ets:table()) -> {noreply, ets:table()}.
handle_cast({ended, Ending}, Table) ->
    remember(Table, Ending),
    {noreply, Table}.

-spec handle_info(purge, ets:table()) -> {noreply, ets:table()}.
handle_info(purge, Table) ->
    _ = ets:select_delete(Table, [{{{'$1', '_'}}, [{'=<', '$1', now_s()}], [true]}]),
    purge_later(),
    {noreply, Table}.

-spec remember(ets:table(), ending()) -> ok.
remember(Table, Ending) ->
    true = ets:insert(Table, {Ending}),
    case ets:info(Table, size) > ?MAX_ENDED of
        true -> true = ets:delete(Table, ets:first(Table));
        false -> true
    end,
    ok.

-spec purge_later() -> ok.
purge_later() ->
    _ = erlang:send_after(?PURGE_MS, self(), purge),
    ok.
