import type { Rule } from '@erlmcp/core'
import { eachCommand } from '../../model/shell-commands.ts'
import type { Dockerfile } from '../../schema/document.ts'
import { example } from '../example.ts'

export const rebar3TasksWithoutDo: Rule<Dockerfile> = {
  id: 'dockerfile/rebar3-tasks-without-do',
  kind: 'breaks',
  summary: 'Several rebar3 tasks without `do`',
  why: 'rebar3 takes the first word as the task and the rest as its arguments, so it runs only the first.',
  hint: 'Write `rebar3 as prod do get-deps, compile`.',
  references: ['rebar3 manual'],
  bad: example({ instruction: 'RUN', command: 'rebar3 as prod get-deps compile' }),
  good: example({ instruction: 'RUN', command: 'rebar3 as prod do get-deps, compile' }),
  *check({ data }) {
    for (const { path, argv, text } of eachCommand(data)) {
      if (!/(?:^|\/)rebar3$/.test(argv[0] ?? '')) continue
      const [task, second] = argv.slice(argv[1] === 'as' ? 3 : 1)
      if (!tasks.has(task ?? '') || !tasks.has(second ?? '')) continue
      yield { path, message: `${text} runs ${task} only, not ${second}` }
    }
  },
}

const tasks = new Set(
  'clean compile cover ct deps dialyzer edoc escriptize eunit get-deps release relup shell tar tree unlock update upgrade xref'.split(
    ' ',
  ),
)
