#!/bin/sh
# Installs mlflow-auth for one user, without sudo:
#
#   sh install.sh [--to <folder>] [--version <version>]
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
        fail "Cannot install \"mlflow-auth\" on \"$system $machine with musl\": no release is built for it" \
          'use an image with glibc, such as Debian or Ubuntu'
      fi
      echo "$machine-unknown-linux-gnu"
      ;;
    'Darwin x86_64' | 'Darwin aarch64') echo "$machine-apple-darwin" ;;
    MINGW* | MSYS* | CYGWIN*)
      fail "Cannot install \"mlflow-auth\" on \"$system\": this is the installer for Linux and macOS" \
        'run install.ps1 of the same release in PowerShell'
      ;;
    *)
      fail "Cannot install \"mlflow-auth\" on \"$system $machine\": no release is built for it" \
        'use Linux (with glibc), macOS or Windows, x64 or arm64'
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
    'write https://… (file:///… or http on loopback will do too), or unset it'
}

fetch() {
  case $1 in
    file://*) cp "${1#file://}" "$2" 2>/dev/null ;;
    *)
      if has curl; then
        curl --proto "=${1%%:*}" --proto-redir '=https' --tlsv1.2 --retry 3 -fsSL -o "$2" "$1"
      elif has wget; then
        wget -q -O "$2" "$1"
      else
        fail "Cannot fetch \"$1\": there is neither curl nor wget" 'install curl'
      fi
      ;;
  esac || fail "Cannot fetch \"$1\": it is not there, or cannot be reached" \
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

main() {
  to=
  version=
  while [ $# -gt 0 ]; do
    case $1 in
      --to | --version)
        [ $# -ge 2 ] || fail "Cannot use \"$1\": it has no value" 'sh install.sh [--to <folder>] [--version <version>]' 2
        if [ "$1" = --to ]; then to=$2; else version=${2#v}; fi
        shift 2
        ;;
      *) fail "Cannot use \"$1\": there is no such option" 'sh install.sh [--to <folder>] [--version <version>]' 2 ;;
    esac
  done
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

  target=$(find_target)
  base=$(find_base)
  archive=mlflow-auth-$target.tar.gz
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  fetch "$base/v$version/SHA256SUMS" "$work/SHA256SUMS"
  fetch "$base/v$version/$archive" "$work/$archive"
  check_digest
  check_attestation

  tar -xzf "$work/$archive" -C "$work" mlflow-auth
  chmod 755 "$work/mlflow-auth"
  "$work/mlflow-auth" --version >/dev/null 2>&1 ||
    fail "Cannot use \"$archive\": the program does not start on this system" 'use a newer system: the release notes say which'
  mkdir -p "$to"
  # Beside its place first: a program that runs is replaced in one step.
  cp "$work/mlflow-auth" "$to/.mlflow-auth.$$"
  mv -f "$to/.mlflow-auth.$$" "$to/mlflow-auth"
  say "version $version is $to/mlflow-auth"
  case ":$PATH:" in
    *":$to:"*) ;;
    *) say "$to is not on PATH; add this to your shell's profile: export PATH=\"$to:\$PATH\"" ;;
  esac
}

# At the end, so that a file that was cut short does nothing.
main "$@"
