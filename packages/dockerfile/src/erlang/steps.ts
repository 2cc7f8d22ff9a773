import type { Settled } from './options.ts'
import { homeOf } from './scripts/common.ts'
import { shellWord } from './shell.ts'

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
  { release, version, distribution }: Settled,
  configs: readonly string[],
): string {
  const config = configs.filter((path) => path.endsWith('.src'))
  const optfile =
    distribution === 'tls' ? 'mkdir -p etc\ncp /build/config/ssl_dist.conf etc/ssl_dist.conf\n' : ''
  return `set -eu
cd ${shellWord(`_build/prod/rel/${release}`)}
fail() { echo "rebar.config: $1" >&2; exit 1; }
[ -d ${shellWord(`releases/${version}`)} ] || fail ${shellWord(`the release ${release} has another version than ${version}`)}
[ -x ${shellWord(`bin/${release}`)} ] || fail 'relx needs {extended_start_script, true}'
for erts in erts-*; do :; done
[ -x "$erts/bin/erlexec" ] || fail 'relx needs {mode, prod}: the release has no emulator'
[ -z "$(find . -type l ! -exec test -e {} \\; -print)" ] || fail 'relx needs {mode, prod}: the release has links that lead nowhere'
# The configuration is the generated one, whatever rebar.config says.
rm -f releases/${version}/vm.args releases/${version}/sys.config
cp ${config.map((path) => `/build/${path}`).join(' ')} releases/${version}/
${optfile}# Tools and headers of the developer.
rm -rf "$erts/include" "$erts/lib" "$erts/src" "$erts/doc" "$erts/man"
cd "$erts/bin"
rm -f beam.debug.smp ct_run dialyzer erlc typer yielding_c_fun
cd ../..
rm -rf lib/*/include lib/*/src lib/*/c_src lib/*/examples lib/*/emacs
rm -rf lib/crypto-*/priv/lib/otp_test_engine.so lib/crypto-*/priv/obj
chmod -R a+rX,go-w .
find . -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +`
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
