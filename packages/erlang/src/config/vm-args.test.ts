import { validateOptions } from '@erlmcp/core'
import { expect, test } from 'vitest'
import { osVariable } from './os-variable.ts'
import { printVmArgs, type VmArgs } from './vm-args.ts'
import { validateVmArgs, vmArgsSchema } from './vm-args-schema.ts'

const context = { name: '${APP_NODE_NAME}', lines: ['-start_epmd false'] }
const print = (args: VmArgs) => {
  validateOptions('vmArgs', args, vmArgsSchema, undefined)
  validateVmArgs(args)
  return printVmArgs(args, context)
}

test('flags as erl(1) writes them', () => {
  expect(
    print({
      '+P': 262_144,
      '+sbwt': 'none',
      '+S': '4:2',
      '+fnu': true,
      '-kernel': {
        net_ticktime: 20,
        logger_level: osVariable('LEVEL', { kind: 'atom', default: 'info' }),
      },
    }),
  ).toBe(`-name \${APP_NODE_NAME}
-start_epmd false
+P 262144
+S 4:2
+sbwt none
+fnu
-kernel net_ticktime 20
-kernel logger_level \${LEVEL}
`)
})

test('one name', () => {
  expect(print({ '-sname': 'app@host' })).toMatch(/^-sname app@host\n/)
  expect(() => print({ '-name': 'a@b.c', '-sname': 'a@b' })).toThrow('both -name and -sname')
  expect(() => print({ '-name': 'a@$(reboot)' })).toThrow('expected a node name')
})

test('flags that the emulator rejects do not compile, and are rejected at run time', () => {
  // @ts-expect-error an invented flag of the allocator
  expect(() => print({ '+Msbagf': 1 })).toThrow('erl(1) does not document')
  // @ts-expect-error the cookie does not belong on a command line or in a file of the image
  expect(() => print({ '-setcookie': 'secret' })).toThrow('erlangImage sets')
  // @ts-expect-error not a busy wait threshold
  expect(() => print({ '+sbwt': 'never' })).toThrow('expected "none", "very_short"')
  expect(() => print({ '+P': 12 })).toThrow('from 1024 to 134217727')
  expect(() => print({ '+IOp': 2 })).toThrow('2 pollsets (+IOp) for 1 poll threads')
  expect(() => print({ '+S': '2000:1' })).toThrow('count:online')
  // @ts-expect-error not a parameter of a node
  expect(() => print({ '-kernel': { cookie: 'x' } })).toThrow('Put it into sysConfig')
  expect(() => print({ '-kernel': { shell_history: osVariable('H') } })).toThrow('of kind string')
  expect(() => print({ '-kernel': { net_tickintensity: 2 } })).toThrow('from 4 to 1000')
})
