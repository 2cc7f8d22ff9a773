/** The part of the measuring program that runs in the measuring VMs. */
export const worker = String.raw`%% --- in the measuring VMs -----------------------------------------------------------------------

names(Module) ->
    guarded(fun() -> [Name || {Name, _, _} <- benchmarks(Module)] end).

%% The calls of a part, and the parts of a sample. Also loads all code and warms caches.
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

%% Each number is measured in new processes with fresh heaps.
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

%% Reductions and words of one call, without those of measuring.
count({_, Setup, Teardown} = Benchmark) ->
    {Reductions, Words} = counted(Benchmark, ?HEAP),
    {Own, OwnWords} = counted({fun(_) -> ok end, Setup, Teardown}, ?HEAP),
    {max(0, Reductions - Own), max(0, Words - OwnWords)}.

%% Without a collection the heap grows by exactly the allocated words. Otherwise the words that the
%% whole VM has reclaimed are added, which is almost exact.
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

%% Nanoseconds of the fastest part. Interruptions hardly ever hit all parts: on a busy machine their
%% mean varies thirty times as much.
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

%% Runs Work in a new process and reads its memory from outside: process_info of the process itself
%% reports a full heap.
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

%% undefined: the called function does not exist, so the benchmark is new to the base revision.
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

%% OTP has the module json since 27.
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
`
