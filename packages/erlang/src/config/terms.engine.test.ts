import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEngine, ensureImages } from '@erlmcp/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { erl } from '../../fixtures/erlang-project.ts'
import { printTerm } from './print-term.ts'
import { printSysConfig } from './sys-config.ts'
import { atom, binary, float, map, type Term, tuple } from './term.ts'

/** A term with the bytes that Erlang's own printer gives for it, made by rules of our own. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme-composite', maxLength: 12 }),
  fc.stringMatching(/^[\\"'$#{}\n\t ~]{0,12}$/),
)
const key = fc.oneof(text.map(atom), fc.integer())
const { term } = fc.letrec<{ term: Term }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      text,
      text.map(atom),
      text.map(binary),
      fc.uint8Array({ maxLength: 12 }).map(binary),
      fc.integer(),
      fc.bigInt({ min: -(2n ** 90n), max: 2n ** 90n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(float),
      fc.boolean(),
    ),
    fc.array(tie('term'), { maxLength: 4 }),
    fc.array(tie('term'), { maxLength: 4 }).map((elements) => tuple(...elements)),
    fc
      .uniqueArray(fc.tuple(key, tie('term')), {
        maxLength: 3,
        selector: ([one]) => printTerm(one),
      })
      .map(map),
  ),
}))

/**
 * What a term is, as a number for each part: `t` tuple, `l` list, `m` map, `a` atom, `b` binary,
 * `i` integer, `f` the bits of a float. Both sides write it from their own value.
 */
function canon(value: Term): string {
  if (typeof value === 'string') return list([...value].map((char) => `i${char.codePointAt(0)}`))
  if (typeof value === 'boolean') return canon(atom(String(value)))
  if (typeof value === 'number' || typeof value === 'bigint') return `i${value}`
  if (Array.isArray(value)) return list(value.map(canon))
  if (!('term' in value)) throw new Error('no term')
  if (value.term === 'atom') return `a${hex(new TextEncoder().encode(value.name))}`
  if (value.term === 'binary') return `b${hex(value.bytes)}`
  if (value.term === 'tuple') return `t(${value.elements.map(canon).join(' ')})`
  if (value.term === 'float') {
    const view = new DataView(new ArrayBuffer(8))
    view.setFloat64(0, value.value)
    return `f${hex(new Uint8Array(view.buffer))}`
  }
  if (value.term !== 'map') throw new Error('a variable')
  return `m(${value.pairs
    .map(([one, other]) => `${canon(one)}=${canon(other)}`)
    .sort()
    .join(' ')})`
}
const list = (items: readonly string[]) => `l(${items.join(' ')})`
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const erlangCanon = `
  H = fun(Bytes) -> string:lowercase(binary_to_list(binary:encode_hex(Bytes))) end,
  C = fun C(T) when is_atom(T) -> "a" ++ H(atom_to_binary(T));
          C(T) when is_integer(T) -> "i" ++ integer_to_list(T);
          C(T) when is_float(T) -> "f" ++ H(<<T/float>>);
          C(T) when is_binary(T) -> "b" ++ H(T);
          C(T) when is_list(T) -> "l(" ++ lists:join(" ", [C(E) || E <- T]) ++ ")";
          C(T) when is_tuple(T) -> "t(" ++ lists:join(" ", [C(E) || E <- tuple_to_list(T)]) ++ ")";
          C(T) when is_map(T) ->
            Pairs = lists:sort([lists:flatten([C(K), "=", C(V)]) || {K, V} <- maps:to_list(T)]),
            "m(" ++ lists:join(" ", Pairs) ++ ")"
      end,`

describeEngine('terms, read by Erlang', () => {
  let folder: string
  beforeAll(async () => {
    await ensureImages(['erlang:28.3.1-slim'])
    folder = mkdtempSync(join(tmpdir(), 'erlang-terms-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are read back unchanged', async () => {
    const terms = fc.sample(term, { numRuns: 5000, seed: 42 })
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
