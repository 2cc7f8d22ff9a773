-module(erlmcp_secret).
-moduledoc "Secrets from files, as container engines mount them.".

-export([read/1]).

-doc """
Reads a secret without the line end that editors and `echo` leave behind.

Called at the time of use, never kept: a rotated secret is in force with the next
connection. The error names the file and never its content.
""".
-spec read(file:filename()) ->
    {ok, binary()} | {error, {secret, file:filename(), file:posix() | empty}}.
read(File) ->
    case file:read_file(File) of
        {ok, Content} ->
            case without_line_end(Content) of
                <<>> -> {error, {secret, File, empty}};
                Secret -> {ok, Secret}
            end;
        {error, Reason} when is_atom(Reason) ->
            {error, {secret, File, Reason}}
    end.

%% Byte by byte: a secret need not be valid UTF-8, and string:trim/3 insists on that.
-spec without_line_end(binary()) -> binary().
without_line_end(Content) ->
    Size = byte_size(Content) - 1,
    case Content of
        <<Shorter:Size/binary, End>> when End =:= $\r; End =:= $\n -> without_line_end(Shorter);
        _ -> Content
    end.
