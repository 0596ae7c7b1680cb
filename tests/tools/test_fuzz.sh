#!/bin/sh
# SPDX-License-Identifier: ISC
# Files that once crashed a reader, and that may, crash none: tools/fuzz without its fuzzer
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

survives() {
  TMPDIR=$work timeout -k 1 60 "$build/tests/fuzz_$1" "$2" >"$work/log" 2>&1 || {
    tail -n 20 "$work/log"
    return 1
  }
}

for target in tests/fuzz/fuzz_*.c; do
  name=$(basename "${target%.c}")
  name=${name#fuzz_}
  [ "$name" != file ] || continue
  expect "there are seeds for $name" [ -n "$(ls "tests/fuzz/seeds/$name")" ]
  for seed in "tests/fuzz/seeds/$name"/*; do
    expect "$seed is survived" survives "$name" "$seed"
  done
done
for patch in presets/patches/*.ttl; do
  expect "$patch is survived" survives patch "$patch"
done
for turtle in ttl/*.ttl tests/bad/*.ttl; do
  expect "$turtle is survived" survives ttl2c "$turtle"
done

finish
