#!/usr/bin/env escript
%% Made by erlmcp from stack.ts. Do not edit:
%% change that file and run `npx erlmcp synth`.
%% Measures the benchmarks of a project, and writes what it measured as JSON lines.
%%
%% Benchmarks are in modules of bench/ or apps/*/bench/ that export benchmarks/0:
%%
%%     benchmarks() -> [{"decode", fun() -> json:decode(body()) end},
%%                      {"look up", fun(Table) -> ets:lookup(Table, 1) end,
%%                       #{setup => fun table/0, teardown => fun ets:delete/1}}].
%%
%% With --base each is measured in two VMs, one on the code of each revision, in turn, and the
%% order within a pair is random: what slows the machine down slows both down. The benchmarks
%% themselves are those of the head in both. Nothing is judged here: erlmcp does.
-module(erlmcp_bench).
-mode(compile).
-export([main/1]).
%% Called in the VMs that measure.
-export([names/1, calibrate/3, sample/3]).

%% Words of heap in which a call is counted; it grows to the second where it is not enough.
-define(HEAP, 1_000_000).
-define(LARGE_HEAP, 16_000_000).
-define(SAMPLE_TIMEOUT_MS, 120_000).
%% A sample of the clock is the fastest of so many parts.
-define(FEWEST_PARTS, 3).
-define(MOST_PARTS, 12).

main(Args) ->
    argparse:run(Args, #{
        help => "Measures the benchmarks of an Erlang project.",
        arguments => [
            #{name => head, long => "-head", default => "_build/default",
              help => "where rebar3 has built the head"},
            #{name => base, long => "-base", help => "where rebar3 has built the base revision"},
            #{name => out, long => "-out", default => "_build/bench/samples.jsonl"},
            #{name => pairs, long => "-pairs", type => {integer, [{min, 1}]}, default => 30},
            #{name => sample_ms, long => "-sample-ms", type => {integer, [{min, 1}]},
              default => 10, help => "how long the clock runs for one sample"},
            #{name => threshold, long => "-threshold", type => {float, [{min, 0.0}]},
              default => 0.1, help => "what is this much slower is measured once more"},
            #{name => seed, long => "-seed", type => integer,
              help => "repeats the order of an earlier run"}
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
        [] -> fail("there is no module in bench/ or apps/*/bench/", []);
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
        [Twice | _] -> fail("two benchmarks are called ~ts", [Twice]);
        [] when All =:= [] -> fail("no module of bench/ or apps/*/bench/ exports benchmarks/0", []);
        [] -> All
    end.

names_of(Head, Module) ->
    case call(Head, names, [Module]) of
        {ok, Names} -> Names;
        {failed, #{error := Text}} -> fail("~s:benchmarks/0: ~ts", [Module, Text])
    end.

%% --- the VMs that measure ----------------------------------------------------------------------

worker(Dir, Suite) ->
    Ebins = ebins(Dir),
    Ebins =/= [] orelse fail("there is no compiled application in ~ts", [Dir]),
    %% An idle scheduler that spins would take time from the other VM.
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

%% Says whether the head could be measured.
measure(File, Sides, Start, {_, Name, Source} = Benchmark, Options) ->
    write(File, #{benchmark => Name, file => unicode:characters_to_binary(Source)}),
    Began = erlang:monotonic_time(millisecond),
    Done = case ready(File, Sides, Benchmark, Options) of
        [{head, _} | _] = Able -> rounds(File, Able, Start, Benchmark, Options);
        _ -> false
    end,
    Seconds = (erlang:monotonic_time(millisecond) - Began) / 1000,
    Word = case Done of true -> "measured"; false -> "failed" end,
    io:format("~ts: ~s, ~.1f s~n", [Name, Word, Seconds]),
    Done.

%% Noise hits anyone once. What seems slower is measured again, in new VMs, and both are told.
rounds(File, Sides, Start, Benchmark, #{threshold := Threshold} = Options) ->
    case pairs(File, Sides, Benchmark, 1, Options) of
        {ok, Ratios} when length(Sides) =:= 2 ->
            median(Ratios) =< 1 + Threshold orelse again(File, Start(), Benchmark, Options);
        {ok, _} -> true;
        failed -> false
    end.

again(File, Sides, Benchmark, Options) ->
    Able = ready(File, Sides, Benchmark, Options),
    Done = length(Able) =:= length(Sides) andalso
        pairs(File, Able, Benchmark, 2, Options) =/= failed,
    stop(Sides),
    Done.

%% Those on which the benchmark runs, warmed up.
ready(File, Sides, {Module, Name, _}, #{sample_ms := Ms}) ->
    Tried = [{Side, call(Worker, calibrate, [Module, Name, Ms * 1_000_000]), Worker}
             || {Side, Worker} <- Sides],
    [failure(File, Name, Side, Failed) || {Side, {failed, _} = Failed, _} <- Tried],
    %% What fills a sample on the head is a sample on both.
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

%% --- in the VMs that measure -------------------------------------------------------------------

names(Module) ->
    guarded(fun() -> [Name || {Name, _, _} <- benchmarks(Module)] end).

%% How many calls make a part of a sample, and how many parts fill its time. It also loads all code
%% and warms caches.
calibrate(Module, Name, Ns) ->
    guarded(fun() ->
        Benchmark = benchmark(Module, Name),
        _ = count(Benchmark),
        parts(Benchmark, 1, Ns)
    end).

parts(Benchmark, Calls, Ns) ->
    case clock(Benchmark, {Calls, 1}) of
        Part when Part * ?MOST_PARTS < Ns -> parts(Benchmark, Calls * 2, Ns);
        Part -> {Calls, max(?FEWEST_PARTS, Ns div Part)}
    end.

%% Each number comes from processes of its own, whose heaps have no past.
sample(Module, Name, {Calls, _} = Parts) ->
    guarded(fun() ->
        Benchmark = benchmark(Module, Name),
        {Reductions, Words} = count(Benchmark),
        #{reductions => Reductions, words => Words, calls => Calls, ns => clock(Benchmark, Parts)}
    end).

benchmark(Module, Name) ->
    {_, Fun, Options} = lists:keyfind(Name, 1, benchmarks(Module)),
    Setup = maps:get(setup, Options, fun() -> none end),
    {Fun, Setup, maps:get(teardown, Options, fun(_) -> ok end)}.

benchmarks(Module) ->
    case erlang:function_exported(Module, benchmarks, 0) of
        true -> [described(Benchmark) || Benchmark <- Module:benchmarks()];
        false -> []
    end.

described({Name, Fun}) -> described({Name, Fun, #{}});
described({Name, Fun, Options}) when is_atom(Name) ->
    described({atom_to_binary(Name), Fun, Options});
described({Name, Fun, #{} = Options}) when is_function(Fun, 0); is_function(Fun, 1) ->
    {unicode:characters_to_binary(Name), Fun, Options}.

%% Reductions and words that one call takes, less what measuring takes.
count({_, Setup, Teardown} = Benchmark) ->
    {Reductions, Words} = counted(Benchmark, ?HEAP),
    {Own, OwnWords} = counted({fun(_) -> ok end, Setup, Teardown}, ?HEAP),
    {max(0, Reductions - Own), max(0, Words - OwnWords)}.

%% No collection happens in a heap that is large enough, and then the heap has grown by exactly the
%% words that were allocated. Elsewhere what the whole VM has reclaimed is added: almost exact.
counted(Benchmark, Heap) ->
    in_process([{min_heap_size, Heap}, {min_bin_vheap_size, Heap}], Benchmark, fun(Call, State) ->
        {_, Before} = process_info(self(), reductions),
        _ = Call(State),
        {_, After} = process_info(self(), reductions),
        After - Before
    end, fun(Reductions, Before, After, Reclaimed) ->
        Same = fun(Key) -> maps:get(Key, Before) =:= maps:get(Key, After) end,
        Grown = words(After) - words(Before),
        case lists:all(Same, [minor_gcs, recent_size, heap_block_size]) of
            true -> {Reductions, Grown};
            false when Heap < ?LARGE_HEAP -> counted(Benchmark, ?LARGE_HEAP);
            false -> {Reductions, Grown + Reclaimed}
        end
    end).

words(Memory) ->
    Keys = [heap_size, old_heap_size, mbuf_size, bin_vheap_size],
    lists:sum([maps:get(Key, Memory) || Key <- Keys]).

%% Nanoseconds of the fastest part. What interrupts a part is not the doing of the code, and hardly
%% ever interrupts all of them: on a busy machine their mean varies thirty times as much.
clock(Benchmark, {Calls, Parts}) ->
    in_process([], Benchmark, fun(Call, State) ->
        lists:min([part(Calls, Call, State) || _ <- lists:seq(1, Parts)])
    end, fun(Ns, _, _, _) -> max(1, Ns) end).

part(Calls, Call, State) ->
    Start = erlang:monotonic_time(),
    repeat(Calls, Call, State),
    erlang:convert_time_unit(erlang:monotonic_time() - Start, native, nanosecond).

repeat(0, _, _) -> ok;
repeat(Calls, Call, State) ->
    _ = Call(State),
    repeat(Calls - 1, Call, State).

%% Runs Work in a process of its own, and looks at its memory before and after from outside: a
%% process that asks about itself is told that its heap is full.
in_process(Options, {Fun, Setup, Teardown}, Work, Then) ->
    Parent = self(),
    Call = case is_function(Fun, 1) of true -> Fun; false -> fun(_) -> Fun() end end,
    {Pid, Monitor} = spawn_opt(fun() ->
        exit(guarded(fun() ->
            State = Setup(),
            true = erlang:garbage_collect(),
            Parent ! {ready, self()},
            receive {go, Parent} -> ok end,
            Result = Work(Call, State),
            Parent ! {done, self()},
            receive {stop, Parent} -> ok end,
            _ = Teardown(State),
            Result
        end))
    end, [monitor | Options]),
    await(ready, Pid, Monitor),
    Before = memory(Pid),
    {_, Reclaimed, _} = statistics(garbage_collection),
    Pid ! {go, Parent},
    await(done, Pid, Monitor),
    {_, ReclaimedThen, _} = statistics(garbage_collection),
    After = memory(Pid),
    Pid ! {stop, Parent},
    receive
        {'DOWN', Monitor, _, _, {ok, Result}} ->
            Then(Result, Before, After, ReclaimedThen - Reclaimed);
        {'DOWN', Monitor, _, _, Reason} -> exit(Reason)
    after ?SAMPLE_TIMEOUT_MS -> late(Pid)
    end.

await(Word, Pid, Monitor) ->
    receive
        {Word, Pid} -> ok;
        {'DOWN', Monitor, _, _, Reason} -> exit(Reason)
    after ?SAMPLE_TIMEOUT_MS -> late(Pid)
    end.

late(Pid) ->
    exit(Pid, kill),
    Text = io_lib:format("not done after ~b s", [?SAMPLE_TIMEOUT_MS div 1000]),
    exit({failed, #{error => iolist_to_binary(Text), undefined => false}}).

memory(Pid) ->
    [{_, Info}, {_, Settings}] = process_info(Pid, [garbage_collection_info, garbage_collection]),
    maps:from_list([lists:keyfind(minor_gcs, 1, Settings) | Info]).

guarded(Fun) ->
    try {ok, Fun()} catch
        exit:{failed, _} = Failed:_ ->
            Failed;
        Class:Reason:Stack ->
            failed(Class, Reason, [Frame || {M, _, _, _} = Frame <- Stack, M =/= ?MODULE])
    end.

%% undefined: what it calls is not there, so it is new to the base revision.
failed(Class, Reason, Stack) ->
    Text = io_lib:format("~s: ~0tp in ~0tp", [Class, Reason, lists:sublist(Stack, 2)]),
    Where = [#{file => unicode:characters_to_binary(File), line => proplists:get_value(line, At, 1)}
             || {_, _, _, [{file, [_ | _] = File} | _] = At} <- Stack, lists:member($/, File)],
    {failed, (hd(Where ++ [#{}]))#{
        error => unicode:characters_to_binary(string:slice(Text, 0, 500)),
        undefined => Reason =:= undef
    }}.

%% --- writing -----------------------------------------------------------------------------------

machine() ->
    Release = erlang:system_info(otp_release),
    Version = case file:read_file([code:root_dir(), "/releases/", Release, "/OTP_VERSION"]) of
        {ok, Text} -> string:trim(Text);
        {error, _} -> list_to_binary(Release)
    end,
    {ok, Info} = file:read_file("/proc/cpuinfo"),
    First = [multiline, {capture, all_but_first, binary}],
    #{
        otp => Version,
        arch => list_to_binary(erlang:system_info(system_architecture)),
        emulator => atom_to_binary(erlang:system_info(emu_flavor)),
        cpu => case re:run(Info, "^model name\\s*: (.*)$", First) of
            {match, [Model]} -> Model;
            nomatch -> <<"unknown">>
        end,
        cores => erlang:system_info(logical_processors_available)
    }.

write(File, Row) ->
    ok = file:write(File, [json(Row), $\n]).

%% OTP has json since 27.
json(Row) when is_map(Row) ->
    Pairs = [[json(Key), ":", json(Value)] || {Key, Value} <- maps:to_list(Row)],
    ["{", lists:join(",", Pairs), "}"];
json(Word) when is_boolean(Word) -> atom_to_binary(Word);
json(Word) when is_atom(Word) -> json(atom_to_binary(Word));
json(Number) when is_integer(Number) -> integer_to_binary(Number);
json(Number) when is_float(Number) -> float_to_binary(Number, [short]);
json(Text) -> [$", << <<(character(C))/binary>> || <<C/utf8>> <= Text >>, $"].

character($") -> <<"\\\"">>;
character($\\) -> <<"\\\\">>;
character(C) when C < 32 -> iolist_to_binary(io_lib:format("\\u~4.16.0b", [C]));
character(C) -> <<C/utf8>>.
