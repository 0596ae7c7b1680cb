#!/bin/sh
# SPDX-License-Identifier: ISC
# Every Turtle file through every validator there is
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

parses() {
  serdi -q "$1" >/dev/null
}

# It exits with 0 on several errors, but it names them
validates() {
  text=$(lv2_validate "$@" 2>&1) || return 1
  case $text in
  *error:*) ;;
  *"Found 0 errors"*) return 0 ;;
  esac
  printf '%s\n' "$text"
  return 1
}

# Being live is a claim about a plugin's use that these don't make
lints() {
  text=$(lv2lint -q -M nopack -t 'Plugin Is Live' -E warn -E note "$1" 2>&1) &&
    case $text in *"<$1>"*) return 0 ;; esac
  printf '%s\n' "$text"
  return 1
}

finds_all() {
  LV2_PATH=$PWD/$build/lv2 lv2ls >"$work/found" 2>"$work/errors"
  plugins | sort | diff - "$work/found" && [ ! -s "$work/errors" ] && [ -s "$work/found" ]
}

for file in ttl/*.ttl presets/*.ttl presets/*/*.ttl "$bundle"/*.ttl; do
  [ -e "$file" ] && expect "$file is Turtle" parses "$file"
done
# shellcheck disable=SC2046 # no spaces in these names
expect "the bundle is valid" validates $(find "$bundle" -name '*.ttl')
expect "lilv finds every plugin" finds_all

if [ -n "${SANITIZE:-}" ]; then
  echo "note: lv2lint would find the sanitizers and was left out"
elif command -v lv2lint >/dev/null; then
  for uri in $(plugins); do expect "$uri lints" lints "$uri"; done
elif [ -n "${LINT:-}" ]; then
  expect "lv2lint is on PATH" false
else
  echo "note: lv2lint is not on PATH and was left out"
fi
finish
