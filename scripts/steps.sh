# shellcheck shell=bash
# What the other scripts say and run; sourced, never run.

# uv does not read pip's settings: hand on those that say where packages come from.
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] && [ -n "${PIP_INDEX_URL:-}" ]; then
  export UV_DEFAULT_INDEX=$PIP_INDEX_URL
fi
if [ -z "${SSL_CERT_FILE:-}" ] && [ -n "${PIP_CERT:-}" ]; then
  export SSL_CERT_FILE=$PIP_CERT
fi

say() {
  printf 'hunkwise: %s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 2
}

# step MESSAGE COMMAND...: run quietly and without a standard input; show the output only where it fails.
step() {
  local message=$1 log status=0
  shift
  say "$message"
  log=$(mktemp)
  "$@" </dev/null >"$log" 2>&1 || status=$?
  if [ "$status" -ne 0 ]; then
    cat "$log" >&2
    say "exit code $status from: $*"
  fi
  rm -f "$log"
  return "$status"
}

has() {
  command -v "$1" >/dev/null 2>&1
}

can_apt() {
  has apt-get && [ "$(id -u)" -eq 0 ]
}

# debian PACKAGE...: install Debian packages; the caller has seen that they are missing and that it may.
debian() {
  export DEBIAN_FRONTEND=noninteractive
  step "installing Debian's $*" bash -c 'apt-get update -q && apt-get install -q -y --no-install-recommends "$@"' apt "$@"
}

# stamp FILE...: a hash of the files, of where the checkout lies and of the interpreter.
stamp() {
  { printf '%s\n' "$PWD" && cat "$@"; } | git hash-object --stdin
}
