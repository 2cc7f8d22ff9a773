import { shellWord } from '@erlmcp/core'
import type { ResolvedOptions } from '../options.ts'
import { distributionPort, guardFlags, homeOf, prefix } from '../scripts/common.ts'
import { relxScript } from '../scripts/start.ts'

/** The folders of the image that the release may write to, apart from the tmpfs. */
export function dataDirectories(release: string): readonly `/${string}`[] {
  return [`/var/lib/${release}`, `/var/log/${release}`]
}

/**
 * Adds the user of the release without useradd, which dates the entry in /etc/shadow, so that two
 * builds differ, and which some bases lack.
 */
export function addUser(release: string, home: string, directories: readonly string[]): string {
  const owned = [...directories, ...dataDirectories(release)].map(shellWord).join(' ')
  return `set -eu
if grep -q ':x:1000:' /etc/passwd /etc/group; then
  echo 'this base has a user or group 1000 already: name another base' >&2
  exit 1
fi
echo '${release}:x:1000:' >>/etc/group
echo '${release}:x:1000:1000:${release}:${home}:/bin/sh' >>/etc/passwd
mkdir -p ${owned}
chown 1000:1000 ${owned}
chmod 0750 ${dataDirectories(release).map(shellWord).join(' ')}`
}

/** Checks the release of rebar3, and removes all files that it does not need at run time. */
export function finishRelease(options: ResolvedOptions, configs: readonly string[]): string {
  const { release, version, distribution, paths } = options
  const at = `/build/_build/prod/rel/${release}`
  const config = configs.filter((path) => path.endsWith('.src'))
  const optfile =
    distribution === 'tls'
      ? `mkdir -p ${at}/etc\ncp /build/${paths.sslDist} ${at}/etc/ssl_dist.conf\n`
      : ''
  const tls = distribution === 'tls' ? verifySsl(at, options) : ''
  return `set -eu
${failed}
[ -d ${at}/releases/${version} ] || fail 'there is no release ${release} ${version}'
[ -x ${at}/bin/${release} ] || fail ${shellWord(`the release has no bin/${release}: ${extended}`)}
for erts in ${at}/erts-*; do :; done
[ -x "$erts/bin/erlexec" ] || fail 'relx needs {mode, prod}: the release has no emulator'
[ -z "$(find ${at} -type l ! -exec test -e {} \\; -print)" ] || fail 'relx needs {mode, prod}: the release has links that lead nowhere'
# The generated configuration replaces that of rebar.config.
rm -f ${at}/releases/${version}/vm.args ${at}/releases/${version}/sys.config
cp ${config.map((path) => `/build/${path}`).join(' ')} ${at}/releases/${version}/
${optfile}${tls}${verifyStart(options)}# Development tools and headers.
for part in include lib src doc man; do rm -rf "\${erts:?}/$part"; done
for tool in beam.debug.smp ct_run dialyzer erlc typer yielding_c_fun; do rm -f "$erts/bin/$tool"; done
for part in include src c_src examples emacs; do rm -rf ${at}/lib/*/"$part"; done
rm -rf ${at}/lib/crypto-*/priv/lib/otp_test_engine.so ${at}/lib/crypto-*/priv/obj
chmod -R a+rX,go-w ${at}
find ${at} -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +`
}

const failed = 'fail() { echo "rebar.config: $1" >&2; exit 1; }'
const extended =
  'write {extended_start_script, true} into relx, also in the profile prod, and take out what replaces the script, such as an overlay'

/** The distribution uses TLS before applications start, so the boot script must load ssl. */
function verifySsl(at: string, { release, version }: ResolvedOptions): string {
  const program = `{ok, [{release, _, _, Applications}]} = file:consult("${at}/releases/${version}/${release}.rel"), [Kind] = [case tuple_size(A) of 2 -> permanent; _ -> element(3, A) end || A <- Applications, element(1, A) =:= ssl] ++ [none || not lists:keymember(ssl, 1, Applications)], halt(case Kind of none -> 1; _ -> 0 end).`
  return `erl -noshell -eval ${shellWord(program)} >/dev/null 2>&1 || fail ${shellWord(
    `distribution: 'tls' needs ssl among the applications of the release ${release}: add it there, as {release, {${release}, "${version}"}, [..., ssl]}, or to applications of an .app.src`,
  )}
`
}

/**
 * Starts the release with an emulator that only records its arguments, and stops the build unless
 * these are the generated configuration and nothing else about the distribution: with another start
 * script, the node might listen on every interface with a known cookie.
 */
function verifyStart({ release, version, distribution, paths }: ResolvedOptions): string {
  const at = `/build/_build/prod/rel/${release}`
  const node = `${prefix(release)}NODE_NAME`
  const message = shellWord(
    `bin/${release} does not start what erlangImage protects (distribution: '${distribution}'): it is not relx's extended start script. To fix it, ${extended}. `,
  )
  const read = (path: string) =>
    `sed -e 's/[$]{${node}}/check@127.0.0.1/g' -e 's/[$]{[^}]*}//g' /build/${path}`
  return `# An emulator that only records its arguments shows what bin/${release} starts.
mkdir -p /tmp/start
mv "$erts/bin/erlexec" "$erts/bin/erlexec.real"
cat >"$erts/bin/erlexec" <<'EOT'
#!/bin/sh
printf '%s\\n' \${ERL_AFLAGS:-} "$@" \${ERL_FLAGS:-} \${ERL_ZFLAGS:-} >/tmp/start/words
EOT
chmod +x "$erts/bin/erlexec"
env -u ERL_AFLAGS -u ERL_FLAGS -u ERL_ZFLAGS -u VMARGS_PATH -u RELX_CONFIG_PATH HOME=/tmp/start RELX_OUT_FILE_PATH=/tmp/start ERL_DIST_PORT=${distributionPort} ${node}=check@127.0.0.1 \\
  timeout 60 ${at}/bin/${release} foreground --relx-disable-hooks </dev/null >/tmp/start/log 2>&1 || true
mv -f "$erts/bin/erlexec.real" "$erts/bin/erlexec"
refuse() { tail -n 5 /tmp/start/log >&2; fail ${message}"It $1"; }
[ -e /tmp/start/words ] || refuse 'started no emulator of the release within a minute'
after() { sed -n "/^$1$/{n;p;}" /tmp/start/words; }
${read(paths.vmArgs)} >/tmp/start/wanted
cmp -s /tmp/start/wanted "$(after -args_file)" || refuse 'does not take ${paths.vmArgs}'
${read(paths.sysConfig)} >/tmp/start/wanted
cmp -s /tmp/start/wanted "$(after -config)" || refuse 'does not take ${paths.sysConfig}'
[ "$(after -erl_epmd_port)" = ${distributionPort} ] || refuse 'does not take ERL_DIST_PORT: a newer rebar3 has a script that does'
other=$(grep -e '^-s\\?name$' -e '^-setcookie$' -e '^-proto_dist$' -e '^-ssl_dist_' -e '^-dist_listen$' -e '^-[a-z]*_\\?epmd$' -e '^-epmd_module$' -e '^-remsh$' -e inet_dist_ /tmp/start/words || true)
[ -z "$other" ] || refuse "decides itself who may speak to the node, by $other"
rm -rf /tmp/start
cp -pL ${at}/bin/${release} ${at}/${relxScript(release)}
rm -f ${at}/bin/${release} ${at}/bin/${release}-${version}
# \`docker exec … bin/${release} ping\` needs the cookie, the name and the folders of the node.
ln -s ctl ${at}/bin/${release}
`
}

/** Stops the build where the release cannot start: another system, or a missing library. */
export function verifyRuntime({ release }: ResolvedOptions): string {
  const home = homeOf(release)
  return `set -eu
fail() { echo "the base image or a stage above: $1" >&2; exit 1; }
${guardFlags}system() { (. "$1" && echo "$ID \${VERSION_ID%.*}"); }
built=$(system /mnt/builder-os-release)
here=$(system /usr/lib/os-release)
if [ "$built" != "$here" ]; then
  echo "the release was built on $built and would run on $here: name two bases of one system" >&2
  exit 1
fi
find ${home} -type f \\( -name '*.so' -o -path '*/erts-*/bin/*' \\) -exec ldd {} \\; >/tmp/ldd 2>&1 || true
if grep -E '=> not found|Error loading shared library' /tmp/ldd; then
  echo 'these libraries are missing: add their packages to packages.runtime' >&2
  exit 1
fi`
}
