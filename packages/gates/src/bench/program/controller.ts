/** The part of the measuring program that schedules the samples and writes them. */
export const controller = `#!/usr/bin/env escript
%% Measures the benchmarks of a project and writes the samples as JSON lines.
%%
%% Benchmarks are in modules of bench/ or apps/*/bench/ that export benchmarks/0:
%%
%%     benchmarks() -> [{"decode", fun() -> json:decode(body()) end},
%%                      {"look up", fun(Table) -> ets:lookup(Table, 1) end,
%%                       #{setup => fun table/0, teardown => fun ets:delete/1}}].
%%
%% With --base, two VMs with the code of one revision each take turns, in random order within a pair,
%% so that a slow machine slows both down. Both run the benchmarks of the head. erlmcp compares the
%% samples.
-module(erlmcp_bench).
-mode(compile).
-export([main/1]).
%% Called in the measuring VMs.
-export([names/1, calibrate/3, sample/3]).

%% Words of heap for counting a call, and for a second attempt.
-define(HEAP, 1_000_000).
-define(LARGE_HEAP, 16_000_000).
-define(SAMPLE_TIMEOUT_MS, 120_000).
%% The time of a sample is that of its fastest part.
-define(FEWEST_PARTS, 3).
-define(MOST_PARTS, 12).
%% The memory layout of a VM can slow it down for its whole life. For identical code, the head has the
%% slower VM seven times in a row with a probability of 1/128.
-define(MOST_ROUNDS, 7).

main(Args) ->
    argparse:run(Args, #{
        help => "Measures the benchmarks of an Erlang project.",
        arguments => [
            #{name => head, long => "-head", default => "_build/default",
              help => "build folder of the head"},
            #{name => base, long => "-base", help => "build folder of the base revision"},
            #{name => out, long => "-out", default => "_build/bench/samples.jsonl"},
            #{name => pairs, long => "-pairs", type => {integer, [{min, 1}]}, default => 30},
            #{name => sample_ms, long => "-sample-ms", type => {integer, [{min, 1}]},
              default => 10, help => "duration of one sample"},
            #{name => threshold, long => "-threshold", type => {float, [{min, 0.0}]},
              default => 0.1, help => "a larger slowdown is measured again"},
            #{name => seed, long => "-seed", type => integer,
              help => "seed of the order of an earlier run"}
        ],
        handler => fun run/1
    }, #{progname => "erlmcp_bench"}).

run(#{head := HeadDir, out := Out, pairs := Pairs, threshold := Threshold} = Options) ->
    Seed = maps:get(seed, Options, erlang:system_time(microsecond)),
    _ = rand:seed(exsss, Seed),
    Measured = [Side || Side <- [head, base], is_map_key(Side, Options)],
    ok = code:add_pathsa(ebins(HeadDir)),
    Suite = compile(suite_files()),
    Start = fun() -> [{Side, worker(maps:get(Side, Options), Suite)} || Side <- Measured] end,
    [{head, Head} | _] = Sides = Start(),
    Benchmarks = benchmarks(Head, Suite),
    ok = filelib:ensure_dir(Out),
    {ok, File} = file:open(Out, [write]),
    write(File, (machine())#{
        erlmcp_bench => 1, base => lists:member(base, Measured), pairs => Pairs, seed => Seed,
        threshold => Threshold, benchmarks => length(Benchmarks)
    }),
    Failed = [Benchmark || Benchmark <- Benchmarks,
                           not measure(File, Sides, Start, Benchmark, Options)],
    write(File, #{'end' => true}),
    ok = file:close(File),
    stop(Sides),
    halt(case Failed of [] -> 0; _ -> 1 end).

fail(Format, Args) ->
    io:format(standard_error, "erlmcp_bench: " ++ Format ++ "~n", Args),
    halt(2).

%% --- the suite ---------------------------------------------------------------------------------

suite_files() ->
    case files(["bench/*.erl", "apps/*/bench/*.erl"]) of
        [] -> fail("bench/ and apps/*/bench/ have no module", []);
        Files -> Files
    end.

files(Patterns) ->
    lists:flatmap(fun filelib:wildcard/1, Patterns).

compile(Files) ->
    Include = [{i, Dir} || Dir <- files(["include", "apps/*/include"])],
    [compile_file(File, Include) || File <- Files].

compile_file(File, Include) ->
    case compile:file(File, [binary, report | Include]) of
        {ok, Module, Beam} -> {Module, File, Beam};
        error -> fail("~ts does not compile", [File])
    end.

benchmarks(Head, Suite) ->
    All = lists:append([[{Module, Name, File} || Name <- names_of(Head, Module)]
                        || {Module, File, _} <- Suite]),
    Names = [Name || {_, Name, _} <- All],
    case Names -- lists:usort(Names) of
        [Twice | _] -> fail("duplicate benchmark ~ts", [Twice]);
        [] when All =:= [] -> fail("no module of bench/ or apps/*/bench/ exports benchmarks/0", []);
        [] -> All
    end.

names_of(Head, Module) ->
    case call(Head, names, [Module]) of
        {ok, Names} -> Names;
        {failed, #{error := Text}} -> fail("~s:benchmarks/0: ~ts", [Module, Text])
    end.

%% --- the measuring VMs --------------------------------------------------------------------------

worker(Dir, Suite) ->
    Ebins = ebins(Dir),
    Ebins =/= [] orelse fail("~ts has no compiled application", [Dir]),
    %% An idle scheduler that spins takes time from the other VM.
    Quiet = ["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"],
    {ok, Worker, _} = peer:start(#{connection => standard_io, args => ["-pa" | Ebins] ++ Quiet}),
    {ok, Parts} = escript:extract(escript:script_name(), [compile_source]),
    {source, Beam} = lists:keyfind(source, 1, Parts),
    [{module, Module} = peer:call(Worker, code, load_binary, [Module, File, Code])
     || {Module, File, Code} <- [{?MODULE, "erlmcp_bench", Beam} | Suite]],
    Worker.

ebins(Dir) ->
    [filename:absname(Ebin) || Ebin <- filelib:wildcard(Dir ++ "/{lib,checkouts}/*/ebin")].

stop(Sides) ->
    [peer:stop(Worker) || {_, Worker} <- Sides].

call(Worker, Function, Args) ->
    try
        peer:call(Worker, ?MODULE, Function, Args, infinity)
    catch
        Class:Reason -> failed(Class, Reason, [])
    end.

%% --- measuring ---------------------------------------------------------------------------------

%% Returns whether the head was measured.
measure(File, Sides, Start, {_, Name, Source} = Benchmark, Options) ->
    write(File, #{benchmark => Name, file => unicode:characters_to_binary(Source)}),
    Began = erlang:monotonic_time(millisecond),
    Done = case ready(File, Sides, Benchmark, Options) of
        [{head, _} | _] = Able ->
            Measured = pairs(File, Able, Benchmark, 1, Options),
            Again = case Able of [_, _] -> Start; [_] -> none end,
            confirmed(Measured, File, Again, Benchmark, 1, Options);
        _ -> false
    end,
    Seconds = (erlang:monotonic_time(millisecond) - Began) / 1000,
    Word = case Done of true -> "measured"; false -> "failed" end,
    io:format("~ts: ~s, ~.1f s~n", [Name, Word, Seconds]),
    Done.

%% A slowdown may be noise: it is measured again in new VMs, until a round does not show it.
confirmed(failed, _, _, _, _, _) -> false;
confirmed({ok, _}, _, none, _, _, _) -> true;
confirmed({ok, _}, _, _, _, ?MOST_ROUNDS, _) -> true;
confirmed({ok, Ratios}, File, Start, Benchmark, Round, #{threshold := Threshold} = Options) ->
    median(Ratios) =< 1 + Threshold orelse
        again(File, Start, Benchmark, Round + 1, Options).

again(File, Start, Benchmark, Round, Options) ->
    Sides = Start(),
    Measured = case ready(File, Sides, Benchmark, Options) of
        [_, _] = Able -> pairs(File, Able, Benchmark, Round, Options);
        _ -> failed
    end,
    stop(Sides),
    confirmed(Measured, File, Start, Benchmark, Round, Options).

%% The sides on which the benchmark runs, warmed up.
ready(File, Sides, {Module, Name, _}, #{sample_ms := Ms}) ->
    Tried = [{Side, call(Worker, calibrate, [Module, Name, Ms * 1_000_000]), Worker}
             || {Side, Worker} <- Sides],
    [failure(File, Name, Side, Failed) || {Side, {failed, _} = Failed, _} <- Tried],
    %% Both sides use the calibration of the head.
    [{Side, {Worker, Parts}} || {head, {ok, Parts}, _} <- Tried, {Side, {ok, _}, Worker} <- Tried].

pairs(File, Sides, Benchmark, Round, #{pairs := Pairs}) ->
    try
        {ok, [pair(File, Sides, Benchmark, Round, Pair) || Pair <- lists:seq(1, Pairs)]}
    catch
        throw:{Side, Failed} -> failure(File, element(2, Benchmark), Side, Failed), failed
    end.

pair(File, Sides, {Module, Name, _}, Round, Pair) ->
    Times = maps:from_list([begin
        Sample = case call(Worker, sample, [Module, Name, Parts]) of
            {ok, Measured} -> Measured;
            Failed -> throw({Side, Failed})
        end,
        write(File, Sample#{benchmark => Name, side => Side, round => Round, pair => Pair}),
        {Side, maps:get(ns, Sample)}
    end || {Side, {Worker, Parts}} <- shuffled(Sides)]),
    maps:get(head, Times) / max(1, maps:get(base, Times, maps:get(head, Times))).

shuffled(Sides) ->
    [Side || {_, Side} <- lists:sort([{rand:uniform(), Side} || Side <- Sides])].

median(Numbers) ->
    Sorted = lists:sort(Numbers),
    N = length(Sorted),
    (lists:nth((N + 1) div 2, Sorted) + lists:nth(N div 2 + 1, Sorted)) / 2.

failure(File, Name, Side, {failed, #{error := Text} = Failed}) ->
    io:format("~ts: on the ~s: ~ts~n", [Name, Side, Text]),
    write(File, Failed#{benchmark => Name, side => Side}).
`
