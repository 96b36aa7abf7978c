#!/bin/sh
# Installs mlflow-auth for one user, without sudo:
#
#   sh install.sh [--to <folder>] [--version <version>] [--help]
#
# It goes to ~/.local/bin, once its SHA-256 is the one of the release and, where gh is signed in, its attestation is right.
# MLFLOW_AUTH_RELEASES_URL names a mirror that holds a folder v<version> for each release: https, file: or http on loopback.
set -eu

# A release fills these two in.
repository='@repository@'
released='@version@'

say() {
  printf 'mlflow-auth: %s\n' "$1" >&2
}

fail() {
  printf 'mlflow-auth: %s\n  try:  %s\n' "$1" "$2" >&2
  exit "${3:-1}"
}

has() {
  command -v "$1" >/dev/null 2>&1
}

find_target() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    amd64) machine=x86_64 ;;
    arm64) machine=aarch64 ;;
  esac
  # A shell under Rosetta takes an Apple processor for Intel's.
  if [ "$system $machine" = 'Darwin x86_64' ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then
    machine=aarch64
  fi
  case "$system $machine" in
    'Linux x86_64' | 'Linux aarch64')
      if ldd --version 2>&1 | grep -qi musl; then
        echo "$machine-unknown-linux-musl"
      else
        echo "$machine-unknown-linux-gnu"
      fi
      ;;
    'Darwin x86_64' | 'Darwin aarch64') echo "$machine-apple-darwin" ;;
    MINGW* | MSYS* | CYGWIN*)
      fail "Cannot install \"mlflow-auth\" on \"$system\": this is the installer for Linux and macOS" \
        'run install.ps1 of the same release in PowerShell'
      ;;
    *)
      fail "Cannot install \"mlflow-auth\" on \"$system $machine\": no release is built for it" \
        'use Linux, macOS or Windows, x64 or arm64'
      ;;
  esac
}

find_base() {
  base=${MLFLOW_AUTH_RELEASES_URL:-}
  case $base in
    '')
      case $repository in
        @*)
          fail "Cannot tell where releases are: this install.sh is not from one" \
            'take the install.sh of a release, or set MLFLOW_AUTH_RELEASES_URL'
          ;;
      esac
      echo "https://github.com/$repository/releases/download"
      ;;
    *@*) refuse_base ;;
    https://* | file:///* | http://127.0.0.1[:/]* | http://localhost[:/]*) echo "${base%/}" ;;
    *) refuse_base ;;
  esac
}

refuse_base() {
  fail 'Cannot use "MLFLOW_AUTH_RELEASES_URL": it is no https URL' \
    'write https://... (file:///... or http on loopback will do too), or unset it'
}

# A stalled transfer ends within a minute, and what passes is tried again.
fetch_by_curl() {
  curl --proto "=${1%%:*}" --proto-redir '=https' --tlsv1.2 --connect-timeout 20 --speed-limit 1000 --speed-time 20 \
    --retry 2 --retry-delay 1 -fsSL -o "$2" "$1"
}

# GNU wget follows a redirection to http without a word, so that each is followed here.
fetch_by_wget() {
  url=$1
  for _ in 1 2 3 4 5; do
    said=$(LC_ALL=C wget --server-response --max-redirect=0 --timeout=20 --tries=3 --waitretry=1 -nv -O "$2" "$url" 2>&1) &&
      return
    url=$(printf '%s\n' "$said" | sed -n 's/^ *[Ll]ocation: *\([^ ]*\).*/\1/p' | tail -n 1)
    case $url in https://*) ;; *) break ;; esac
  done
  return 1
}

fetch() {
  case $1 in
    file://*) cp "${1#file://}" "$2" 2>/dev/null ;;
    *)
      if has curl; then
        fetch_by_curl "$1" "$2" 2>/dev/null
      elif has wget && wget --version 2>/dev/null | grep -q 'GNU Wget'; then
        fetch_by_wget "$1" "$2"
      elif has wget && [ "${1%%:*}" = http ]; then
        wget -q -T 20 -O "$2" "$1"
      elif has wget; then
        fail "Cannot fetch \"$1\": this wget does not check certificates" 'install curl'
      else
        fail "Cannot fetch \"$1\": there is neither curl nor wget" 'install curl'
      fi
      ;;
  esac || fail "Cannot fetch \"$1\": it is not there, or cannot be reached, or the disk is full" \
    'check the version, and that this machine reaches the release (HTTPS_PROXY; MLFLOW_AUTH_RELEASES_URL names a mirror)'
}

digest_of() {
  if has sha256sum; then
    sha256sum "$1"
  elif has shasum; then
    shasum -a 256 "$1"
  elif has openssl; then
    openssl dgst -sha256 -r "$1"
  else
    fail 'Cannot check what was fetched: there is none of sha256sum, shasum and openssl' 'install coreutils or openssl'
  fi | cut -d ' ' -f 1
}

check_digest() {
  if ! grep -Eq '^[0-9a-f]{64} [ *]' "$work/SHA256SUMS"; then
    fail "Cannot use \"$base/v$version/SHA256SUMS\": what came is no list of checksums, but for example a login page" \
      "look at what answers there, and sign in to the proxy or network first: curl -L $base/v$version/SHA256SUMS"
  fi
  expected=$(awk -v name="$archive" '$2 == name { print $1 }' "$work/SHA256SUMS")
  if [ "${#expected}" != 64 ]; then
    fail "Cannot install \"$archive\": the SHA256SUMS of v$version does not name it" 'choose a version that is built for this system'
  fi
  actual=$(digest_of "$work/$archive")
  if [ "$actual" != "$expected" ]; then
    fail "Cannot use \"$archive\": its SHA-256 is $actual, and SHA256SUMS says $expected" \
      'fetch it again; if it is the same, do not run it, and report the difference'
  fi
}

check_attestation() {
  case $repository in @*) return ;; esac
  has gh && gh attestation verify --help >/dev/null 2>&1 || return 0
  if ! gh auth status >/dev/null 2>&1; then
    say 'its attestation was not checked, as gh is not signed in'
    return
  fi
  if ! gh attestation verify "$work/$archive" --repo "$repository" >/dev/null 2>&1; then
    fail "Cannot use \"$archive\": gh finds no attestation that $repository built it" \
      "look at the reason: gh attestation verify $archive --repo $repository"
  fi
  say "its attestation says that $repository built it"
}

help() {
  cat <<'END'
Installs mlflow-auth for one user, without sudo.

Usage: sh install.sh [--to <folder>] [--version <version>]

    --to <folder>          where the program goes; by default ~/.local/bin
    --version <version>    which release; by default that of this file

The SHA-256 of what is fetched must be the one of the release; where gh is signed in, it checks the attestation too.
MLFLOW_AUTH_RELEASES_URL names a mirror; HTTPS_PROXY is honoured.
END
}

# Puts the program beside its place, tries it there, and only then moves it: one that runs is replaced in one step.
place() {
  if [ -d "$to/mlflow-auth" ]; then
    fail "Cannot install \"$to/mlflow-auth\": there is a folder of that name" 'move it away, or choose another folder with --to'
  fi
  if ! mkdir -p "$to" 2>/dev/null || ! new=$(mktemp "$to/.mlflow-auth.XXXXXX" 2>/dev/null); then
    fail "Cannot write into \"$to\": it is no folder that this user may write to" 'choose another folder: sh install.sh --to <folder>'
  fi
  to=$(CDPATH='' cd -- "$to" && pwd)
  new=$to/${new##*/}
  cp "$work/mlflow-auth" "$new" 2>/dev/null ||
    fail "Cannot write into \"$to\": the disk is full, or refuses it" 'make room there, or choose another folder with --to'
  chmod 755 "$new"
  if ! said=$("$new" --version 2>&1); then
    fail "Cannot use \"$archive\" in \"$to\": the program does not start there: $(printf '%s\n' "$said" | tail -n 1)" \
      'choose a folder that may hold programs (--to), or a newer system: the release notes say which (Alpine: apk add libstdc++)'
  fi
  mv -f "$new" "$to/mlflow-auth"
}

say_where() {
  say "version $version is $to/mlflow-auth"
  case ":$PATH:" in
    *":$to:"*)
      first=$(command -v mlflow-auth || true)
      [ "$first" = "$to/mlflow-auth" ] || say "PATH finds another one first: $first"
      ;;
    *) say "$to is not on PATH; add this to your shell's profile: export PATH=\"$to:\$PATH\"" ;;
  esac
}

main() {
  to=
  version=
  usage='sh install.sh [--to <folder>] [--version <version>]'
  while [ $# -gt 0 ]; do
    case $1 in
      --to=* | --version=*)
        option=${1%%=*}
        value=${1#*=}
        shift
        set -- "$option" "$value" ${1+"$@"}
        ;;
      --to | --version)
        [ -n "${2:-}" ] || fail "Cannot use \"$1\": it has no value" "$usage" 2
        if [ "$1" = --to ]; then to=$2; else version=${2#v}; fi
        shift 2
        ;;
      --help | -h)
        help
        return
        ;;
      *) fail "Cannot use \"$1\": there is no such option" "$usage" 2 ;;
    esac
  done
  # Tools take what begins with a dash for an option.
  case $to in -*) to=./$to ;; esac
  if [ -z "$to" ]; then
    [ -n "${HOME:-}" ] || fail 'Cannot choose a folder: HOME is not set' 'sh install.sh --to <folder>' 2
    to=$HOME/.local/bin
  fi
  if [ -z "$version" ]; then
    case $released in
      @*) fail 'Cannot choose a version: this install.sh is not from a release' 'sh install.sh --version <version>' 2 ;;
    esac
    version=$released
  fi

  # Others may run what is installed for them; what is on the way is in a folder of mktemp's, for this user alone.
  umask 022
  new=
  target=$(find_target)
  base=$(find_base)
  archive=mlflow-auth-$target.tar.gz
  work=$(mktemp -d 2>/dev/null) ||
    fail "Cannot make a temporary folder in \"${TMPDIR:-/tmp}\"" 'set TMPDIR to a folder that can be written and has room'
  trap 'rm -rf "$work" "$new"' EXIT
  trap 'exit 1' HUP INT TERM
  fetch "$base/v$version/SHA256SUMS" "$work/SHA256SUMS"
  fetch "$base/v$version/$archive" "$work/$archive"
  check_digest
  check_attestation
  tar -xzf "$work/$archive" -C "$work" mlflow-auth 2>/dev/null ||
    fail "Cannot unpack \"$archive\" into \"$work\": tar or gzip is not there, or the disk is full" \
      'install tar and gzip, or set TMPDIR to a folder that has 200 MB'
  place
  say_where
}

# At the end, so that a file that was cut short does nothing.
main ${1+"$@"}
