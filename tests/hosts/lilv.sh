#!/bin/sh
# SPDX-License-Identifier: ISC
# Every plugin as lilv's own tools see it: lv2info reads it, lv2bench runs it
cd "$(dirname "$0")/../.." && . tests/support/test.sh

# Whether a command succeeds without a word of complaint; what it prints is kept
is_quiet() {
  "$@" >"$work/text" 2>"$work/errors" && [ ! -s "$work/errors" ] && return
  cat "$work/errors" "$work/text"
  return 1
}

is_described() {
  is_quiet lv2info "$1" && grep -q '^	Name: *Chronus ' "$work/text" &&
    grep -q '^	Presets:' "$work/text"
}

# All inputs in one buffer and all outputs in another
runs() {
  # shellcheck disable=SC2086 # words
  is_quiet $under lv2bench -n 48000 "$1" && grep -Eq "^[0-9.]+ $1\$" "$work/text"
}

for uri in $(plugins); do
  expect "lv2info describes $uri" is_described "$uri"
  expect "lv2bench runs $uri" runs "$uri"
done
finish
