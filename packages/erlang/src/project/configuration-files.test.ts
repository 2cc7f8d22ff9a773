import { expect, test } from 'vitest'
import { readSysConfig } from './sys-config-file.ts'
import { readVmArgs } from './vm-args-file.ts'

test('a sys.config.src with variables, funs and includes', () => {
  const text = `%% \${IGNORED}
[{kernel, [{logger_level, \${LEVEL:-info}}]},
 {app, [{host, <<"\${HOST}">>}, {port, \${PORT}}, {check, fun app:check/1}]},
 "/etc/app/local.config"].
`
  expect(readSysConfig(text, 'config/sys.config.src')).toMatchObject({
    applications: ['kernel', 'app'],
    includes: ['/etc/app/local.config'],
    variables: [
      { name: 'LEVEL', default: 'info', line: 2 },
      { name: 'HOST', line: 3 },
      { name: 'PORT', line: 3, column: 39 },
    ],
  })
})

test('a sys.config that is not of terms is rejected at its place', () => {
  expect(() => readSysConfig('[{app, [}].', 'sys.config')).toThrow('sys.config:1:9')
})

test('a vm.args with quotes, comments and variables', () => {
  const text = `# the name
-name \${NODE:-app@127.0.0.1}

+P 262144 +Bi
-env ERL_CRASH_DUMP "/var/log/crash dump"
-kernel inet_dist_use_interface {127,0,0,1} # loopback
+zdbbl -1
`
  const { flags, variables } = readVmArgs(text, 'config/vm.args.src')
  expect(flags.map(({ flag, values }) => [flag, ...values])).toEqual([
    ['-name', '${NODE:-app@127.0.0.1}'],
    ['+P', '262144'],
    ['+Bi'],
    ['-env', 'ERL_CRASH_DUMP', '/var/log/crash dump'],
    ['-kernel', 'inet_dist_use_interface', '{127,0,0,1}'],
    ['+zdbbl', '-1'],
  ])
  expect(flags[4]).toMatchObject({ line: 6, column: 1 })
  expect(variables).toMatchObject([{ name: 'NODE', default: 'app@127.0.0.1', line: 2 }])
})
