import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUserError } from '@erlmcp/core'
import { describeEngine, ensureImages } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { anyTerm } from '../../fixtures/any-term.ts'
import { canon, erlangCanon } from '../../fixtures/canonical-term.ts'
import { erl } from '../../fixtures/erlang-project.ts'
import { termTexts } from '../../fixtures/term-texts.ts'
import { decodeTerms, parseTerms } from '../project/parse-terms.ts'
import { printTerm } from './print-term.ts'
import { printSysConfig } from './sys-config.ts'
import { atom } from './term.ts'

/** The canonical terms of a file, or `rejected`. */
function parsed(bytes: Uint8Array): string {
  try {
    const terms = parseTerms(decodeTerms(bytes), 'terms')
    return terms.map(({ term }) => canon(term)).join('\n')
  } catch (error) {
    if (isUserError(error)) return 'rejected'
    throw error
  }
}

describeEngine('terms, read by Erlang', () => {
  let folder: string
  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim'])
    folder = mkdtempSync(join(tmpdir(), 'erlang-terms-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are read back unchanged', async () => {
    const terms = fc.sample(anyTerm, { numRuns: 5000, seed: 42 })
    writeFileSync(join(folder, 'terms'), terms.map((one) => `${printTerm(one)}.\n`).join(''))
    await erl(
      `${erlangCanon} {ok, Terms} = file:consult("terms"),
       ok = file:write_file("canon", [[C(T), $\\n] || T <- Terms]), halt(0).`,
      { mount: folder },
    )
    const read = readFileSync(join(folder, 'canon'), 'utf8').trimEnd().split('\n')
    expect(read).toHaveLength(terms.length)
    for (const [index, one] of terms.entries()) expect(read[index]).toBe(canon(one))
  })

  it('are parsed as file:consult/1 reads them', async () => {
    const name = (index: number) => `text${index}`
    for (const [index, text] of termTexts.entries()) writeFileSync(join(folder, name(index)), text)
    await erl(
      `${erlangCanon}
       Read = fun(N) ->
         File = "text" ++ integer_to_list(N),
         Text = case file:consult(File) of
           {ok, Terms} -> lists:join($\\n, [C(T) || T <- Terms]);
           {error, _} -> "rejected"
         end,
         ok = file:write_file(File ++ ".read", Text)
       end,
       lists:foreach(Read, lists:seq(0, ${termTexts.length - 1})), halt(0).`,
      { mount: folder },
    )
    for (const [index, text] of termTexts.entries()) {
      const read = readFileSync(join(folder, `${name(index)}.read`), 'utf8')
      expect(parsed(readFileSync(join(folder, name(index)))), text).toBe(read)
    }
  })

  it('configure a system', async () => {
    const config = { kernel: { logger_level: atom('error') }, app: { text: 'grüße "you"', n: [1] } }
    writeFileSync(join(folder, 'sys.config'), printSysConfig(config))
    const { stdout } = await erl(
      `{ok, [Config]} = file:consult("sys.config"),
       ok = application:set_env(Config), {ok, T} = application:get_env(app, text),
       io:format("~ts ~p", [T, application:get_env(kernel, logger_level)]), halt(0).`,
      { mount: folder },
    )
    expect(stdout).toBe('grüße "you" {ok,error}')
  })
})
