-module(erlmcp_notes).
-moduledoc "Notes in PostgreSQL: every SQL statement of the application is here.".

-export([schema/0, add/1, list/1]).

-doc """
Makes the table where it is missing.

`IF NOT EXISTS` alone is not enough: two nodes that start at once both see no table,
and the later one fails. The lock makes them take turns; it ends with the transaction.
""".
-spec schema() -> binary().
schema() ->
    ~"""
    SELECT pg_advisory_xact_lock(7263541);
    CREATE TABLE IF NOT EXISTS erlmcp_notes (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        text text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """.

-spec add(binary()) -> {ok, integer()} | {error, erlmcp_store:reason()}.
add(Text) ->
    case erlmcp_stores:query(~"INSERT INTO erlmcp_notes (text) VALUES ($1) RETURNING id", [Text]) of
        {ok, [#{~"id" := Id}]} when is_integer(Id) -> {ok, Id};
        {error, _} = Error -> Error
    end.

-doc "The newest notes first.".
-spec list(pos_integer()) -> {ok, [erlmcp_postgres:row()]} | {error, erlmcp_store:reason()}.
list(Limit) ->
    Sql =
        ~"""
        SELECT id, text,
               to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS created_at
        FROM erlmcp_notes ORDER BY id DESC LIMIT $1
        """,
    erlmcp_stores:query(Sql, [Limit]).
