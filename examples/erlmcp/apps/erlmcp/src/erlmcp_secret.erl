-module(erlmcp_secret).
-moduledoc "Secrets from files, as container engines mount them.".

-export([read/1]).

-doc """
Reads a secret without the line end that editors and `echo` leave behind.

Called at the time of use, never kept: a rotated secret is in force with the next
connection. The error names the file and never its content.
""".
-spec read(file:filename()) -> {ok, binary()} | {error, {secret, file:filename(), file:posix() | empty}}.
read(File) ->
    case file:read_file(File) of
        {ok, Content} ->
            case string:trim(Content, trailing, "\r\n") of
                <<>> -> {error, {secret, File, empty}};
                Secret -> {ok, Secret}
            end;
        {error, Reason} when is_atom(Reason) ->
            {error, {secret, File, Reason}}
    end.
