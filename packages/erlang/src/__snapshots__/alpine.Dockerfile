# Made by erlmcp from stack.ts. Do not edit:
# change that file and run `npx erlmcp synth`.
#

# dependencies Dependencies alone: compiled again only when they change.
FROM erlang:28.3.1-alpine AS dependencies
ENV ERL_COMPILER_OPTIONS=deterministic \
    LANG=C.UTF-8
WORKDIR /build
COPY rebar.config rebar.lock ./
RUN --mount=type=cache,target=/root/.cache/rebar3,sharing=locked \
    rebar3 as prod compile --deps_only

# builder The release app, the same bytes from the same sources.
FROM dependencies AS builder
COPY config/vm.args.src config/sys.config.src config/
COPY apps apps
RUN --mount=type=cache,target=/root/.cache/rebar3,sharing=locked \
    rebar3 as prod release -n app
# SOURCE_DATE_EPOCH Seconds since 1970 that the files of the release are dated with.
ARG SOURCE_DATE_EPOCH=0
RUN <<EOF
set -eu
fail() { echo "rebar.config: $1" >&2; exit 1; }
[ -d /build/_build/prod/rel/app/releases/1.2.3 ] || fail 'there is no release app 1.2.3'
[ -x /build/_build/prod/rel/app/bin/app ] || fail 'the release has no bin/app: write {extended_start_script, true} into relx, also in the profile prod, and take out what replaces the script, such as an overlay'
for erts in /build/_build/prod/rel/app/erts-*; do :; done
[ -x "$erts/bin/erlexec" ] || fail 'relx needs {mode, prod}: the release has no emulator'
[ -z "$(find /build/_build/prod/rel/app -type l ! -exec test -e {} \; -print)" ] || fail 'relx needs {mode, prod}: the release has links that lead nowhere'
# The configuration is the generated one, whatever rebar.config says.
rm -f /build/_build/prod/rel/app/releases/1.2.3/vm.args /build/_build/prod/rel/app/releases/1.2.3/sys.config
cp /build/config/vm.args.src /build/config/sys.config.src /build/_build/prod/rel/app/releases/1.2.3/
# What does bin/app start? An emulator that only writes down what it is told says it.
mkdir -p /tmp/start
mv "$erts/bin/erlexec" "$erts/bin/erlexec.real"
cat >"$erts/bin/erlexec" <<'EOT'
#!/bin/sh
printf '%s\n' ${ERL_AFLAGS:-} "$@" ${ERL_FLAGS:-} ${ERL_ZFLAGS:-} >/tmp/start/words
EOT
chmod +x "$erts/bin/erlexec"
env -u ERL_AFLAGS -u ERL_FLAGS -u ERL_ZFLAGS -u VMARGS_PATH -u RELX_CONFIG_PATH HOME=/tmp/start RELX_OUT_FILE_PATH=/tmp/start ERL_DIST_PORT=9100 APP_NODE_NAME=check@127.0.0.1 \
  timeout 60 /build/_build/prod/rel/app/bin/app foreground --relx-disable-hooks </dev/null >/tmp/start/log 2>&1 || true
mv -f "$erts/bin/erlexec.real" "$erts/bin/erlexec"
refuse() { tail -n 5 /tmp/start/log >&2; fail 'bin/app does not start what erlangImage protects (distribution: '\''local'\''): it is not relx'\''s extended start script. To fix it, write {extended_start_script, true} into relx, also in the profile prod, and take out what replaces the script, such as an overlay. '"It $1"; }
[ -e /tmp/start/words ] || refuse 'started no emulator of the release within a minute'
after() { sed -n "/^$1$/{n;p;}" /tmp/start/words; }
sed -e 's/[$]{APP_NODE_NAME}/check@127.0.0.1/g' -e 's/[$]{[^}]*}//g' /build/config/vm.args.src >/tmp/start/wanted
cmp -s /tmp/start/wanted "$(after -args_file)" || refuse 'does not take config/vm.args.src'
sed -e 's/[$]{APP_NODE_NAME}/check@127.0.0.1/g' -e 's/[$]{[^}]*}//g' /build/config/sys.config.src >/tmp/start/wanted
cmp -s /tmp/start/wanted "$(after -config)" || refuse 'does not take config/sys.config.src'
[ "$(after -erl_epmd_port)" = 9100 ] || refuse 'does not take ERL_DIST_PORT: a newer rebar3 has a script that does'
other=$(grep -e '^-s\?name$' -e '^-setcookie$' -e '^-proto_dist$' -e '^-ssl_dist_' -e '^-dist_listen$' -e '^-[a-z]*_\?epmd$' -e '^-epmd_module$' -e '^-remsh$' -e inet_dist_ /tmp/start/words || true)
[ -z "$other" ] || refuse "decides itself who may speak to the node, by $other"
rm -rf /tmp/start
cp -pL /build/_build/prod/rel/app/bin/app /build/_build/prod/rel/app/bin/app.relx
rm -f /build/_build/prod/rel/app/bin/app /build/_build/prod/rel/app/bin/app-1.2.3
# `docker exec … bin/app ping` needs the cookie, the name and the folders of the node.
ln -s ctl /build/_build/prod/rel/app/bin/app
# Tools and headers of the developer.
for part in include lib src doc man; do rm -rf "${erts:?}/$part"; done
for tool in beam.debug.smp ct_run dialyzer erlc typer yielding_c_fun; do rm -f "$erts/bin/$tool"; done
for part in include src c_src examples emacs; do rm -rf /build/_build/prod/rel/app/lib/*/"$part"; done
rm -rf /build/_build/prod/rel/app/lib/crypto-*/priv/lib/otp_test_engine.so /build/_build/prod/rel/app/lib/crypto-*/priv/obj
chmod -R a+rX,go-w /build/_build/prod/rel/app
find /build/_build/prod/rel/app -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
EOF

# tools Tools, erl and rebar3; nothing of the project, whose sources are mounted.
FROM erlang:28.3.1-alpine AS tools
# hadolint ignore=DL3018
RUN --mount=type=cache,target=/var/cache/apk,sharing=locked \
    <<EOF
set -eu
apk add --update-cache \
  bash \
  ca-certificates \
  curl \
  git \
  iproute2 \
  less \
  lsof \
  make \
  procps \
  strace \
  tcpdump \
  vim
rm -f /var/log/apk.log
EOF

RUN <<EOF
set -eu
if grep -q ':x:1000:' /etc/passwd /etc/group; then
  echo 'this base has a user or group 1000 already: name another base' >&2
  exit 1
fi
echo 'app:x:1000:' >>/etc/group
echo 'app:x:1000:1000:app:/home/app:/bin/sh' >>/etc/passwd
mkdir -p /home/app /home/app/.cache /home/app/.cache/rebar3 /home/app/build /home/app/plt /var/lib/gates/build /var/lib/gates/cache /var/lib/gates/evidence /workspace /var/lib/app /var/log/app
chown 1000:1000 /home/app /home/app/.cache /home/app/.cache/rebar3 /home/app/build /home/app/plt /var/lib/gates/build /var/lib/gates/cache /var/lib/gates/evidence /workspace /var/lib/app /var/log/app
chmod 0750 /var/lib/app /var/log/app
EOF

ENV HOME=/home/app \
    LANG=C.UTF-8 \
    ERL_DIST_PORT=9100
WORKDIR /workspace
USER 1000:1000
CMD ["/bin/bash"]

# debug The release with the tools; mount the sources on /workspace.
FROM tools AS debug
COPY --from=builder --chown=0:0 /build/_build/prod/rel/app /opt/app
COPY --chown=0:0 --chmod=0555 docker/bin /opt/app/bin/

# runtime app 1.2.3: what runs.
FROM alpine:3.23 AS runtime
# hadolint ignore=DL3018
RUN --mount=type=cache,target=/var/cache/apk,sharing=locked \
    <<EOF
set -eu
apk add --update-cache \
  libcrypto3 \
  libstdc++ \
  ncurses-libs \
  zlib
rm -f /var/log/apk.log
find / -xdev -type f -perm /6000 -exec chmod a-s {} +
EOF

RUN <<EOF
set -eu
if grep -q ':x:1000:' /etc/passwd /etc/group; then
  echo 'this base has a user or group 1000 already: name another base' >&2
  exit 1
fi
echo 'app:x:1000:' >>/etc/group
echo 'app:x:1000:1000:app:/tmp:/bin/sh' >>/etc/passwd
mkdir -p /var/lib/app /var/log/app
chown 1000:1000 /var/lib/app /var/log/app
chmod 0750 /var/lib/app /var/log/app
EOF

ENV LANG=C.UTF-8 \
    ERL_DIST_PORT=9100
COPY --from=builder --chown=0:0 /build/_build/prod/rel/app /opt/app
COPY --chown=0:0 --chmod=0555 docker/bin /opt/app/bin/
RUN --mount=type=tmpfs,target=/tmp \
    --mount=type=bind,from=builder,source=/usr/lib/os-release,target=/mnt/builder-os-release \
    --network=none \
    <<EOF
set -eu
fail() { echo "the base image or a stage above: $1" >&2; exit 1; }
flags=' -name -sname -setcookie -proto_dist -dist_listen -start_epmd -no_epmd -epmd_module -erl_epmd_port -remsh -args_file '
guard() {
  where=$1
  shift
  for word in "$@"; do
    case $word in
      -extra) return 0 ;;
      *inet_dist_*) ;;
      -ssl_dist_*) ;;
      *)
        case $flags in
          *" $word "*) ;;
          *) continue ;;
        esac
        ;;
    esac
    fail "$where has $word: the image alone decides who may speak to the node; take it out, and use the options distribution and vmArgs of erlangImage"
  done
}
set -f
# shellcheck disable=SC2086 # each of their words
guard 'the environment (ERL_AFLAGS, ERL_FLAGS or ERL_ZFLAGS)' ${ERL_AFLAGS:-} ${ERL_FLAGS:-} ${ERL_ZFLAGS:-}
set +f
[ -z "${VMARGS_PATH:-}" ] || fail "VMARGS_PATH names another vm.args than the image's: take it out, and use the option vmArgs of erlangImage"
system() { (. "$1" && echo "$ID ${VERSION_ID%.*}"); }
built=$(system /mnt/builder-os-release)
here=$(system /usr/lib/os-release)
if [ "$built" != "$here" ]; then
  echo "the release was built on $built and would run on $here: name two bases of one system" >&2
  exit 1
fi
find /opt/app -type f \( -name '*.so' -o -path '*/erts-*/bin/*' \) -exec ldd {} \; >/tmp/ldd 2>&1 || true
if grep -E '=> not found|Error loading shared library' /tmp/ldd; then
  echo 'these libraries are missing: add their packages to packages.runtime' >&2
  exit 1
fi
EOF

WORKDIR /opt/app
USER 1000:1000
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=45s --start-interval=1s --retries=3 CMD ["/opt/app/bin/health"]
ENTRYPOINT ["/opt/app/bin/start"]
LABEL org.opencontainers.image.title=app \
    org.opencontainers.image.version=1.2.3
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.revision=${REVISION} \
    org.opencontainers.image.created=${CREATED}
