import { shellWord } from '@erlmcp/core'
import type { Settled } from './options.ts'
import { homeOf } from './scripts/common.ts'

/** Every place of the image that the release may write to, beside the tmpfs. */
export function dataDirectories(release: string): readonly `/${string}`[] {
  return [`/var/lib/${release}`, `/var/log/${release}`]
}

/**
 * The user of the release, by hand: useradd dates the entry in /etc/shadow, so that two builds
 * differ, and not every base has it.
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

/** Checks that rebar3 made what the image expects, and leaves only what runs. */
export function finishRelease(
  { release, version, distribution, paths }: Settled,
  configs: readonly string[],
): string {
  const at = `/build/_build/prod/rel/${release}`
  const config = configs.filter((path) => path.endsWith('.src'))
  const optfile =
    distribution === 'tls'
      ? `mkdir -p ${at}/etc\ncp /build/${paths.sslDist} ${at}/etc/ssl_dist.conf\n`
      : ''
  return `set -eu
fail() { echo "rebar.config: $1" >&2; exit 1; }
[ -d ${at}/releases/${version} ] || fail 'there is no release ${release} ${version}'
[ -x ${at}/bin/${release} ] || fail 'relx needs {extended_start_script, true}'
for erts in ${at}/erts-*; do :; done
[ -x "$erts/bin/erlexec" ] || fail 'relx needs {mode, prod}: the release has no emulator'
[ -z "$(find ${at} -type l ! -exec test -e {} \\; -print)" ] || fail 'relx needs {mode, prod}: the release has links that lead nowhere'
# The configuration is the generated one, whatever rebar.config says.
rm -f ${at}/releases/${version}/vm.args ${at}/releases/${version}/sys.config
cp ${config.map((path) => `/build/${path}`).join(' ')} ${at}/releases/${version}/
${optfile}# Tools and headers of the developer.
for part in include lib src doc man; do rm -rf "\${erts:?}/$part"; done
for tool in beam.debug.smp ct_run dialyzer erlc typer yielding_c_fun; do rm -f "$erts/bin/$tool"; done
for part in include src c_src examples emacs; do rm -rf ${at}/lib/*/"$part"; done
rm -rf ${at}/lib/crypto-*/priv/lib/otp_test_engine.so ${at}/lib/crypto-*/priv/obj
chmod -R a+rX,go-w ${at}
find ${at} -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +`
}

/** Stops a build whose release could not start: another system, or a library that is not there. */
export function verifyRuntime({ release }: Settled): string {
  const home = homeOf(release)
  return `set -eu
system() { (. "$1" && echo "$ID \${VERSION_ID%.*}"); }
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
