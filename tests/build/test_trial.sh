#!/bin/sh
# SPDX-License-Identifier: ISC
# A module is five files: a tree with those of a trial module alone builds it, with a delay
# line, a meter and a property that messages set, and it keeps the contract
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

tree=$work/tree

# Copy the tree, with no modules but what all share
copies() {
  mkdir "$tree" && cp -R wscript COPYING README.md shared plugins ttl presets tests tools \
    docs packaging "$tree" || return 1
  [ ! -e .waf ] || cp -R .waf "$tree" || return 1
  find "$tree/ttl" "$tree/presets" -name '*.ttl' ! -name chronus.ttl -exec rm {} + &&
    rm "$tree"/plugins/*.c
}

# Put a file of the trial where nothing is yet
adds() {
  mkdir -p "$(dirname "$tree/$2")" && [ ! -e "$tree/$2" ] && cp "tests/trial/$1" "$tree/$2"
}

builds() {
  (cd "$tree" && WAFLOCK=.lock-waf_trial tools/waf configure --out build --strict build \
    --targets="$1") >"$work/log" 2>&1 && return
  tail -n 20 "$work/log"
  return 1
}

passes() {
  (cd "$tree" && "build/tests/$1") >"$work/log" 2>&1 && return
  tail -n 20 "$work/log"
  return 1
}

expect 'the tree can be copied' copies
expect 'Turtle is added' adds trial.ttl ttl/trial.ttl
expect 'presets are added' adds presets.ttl presets/trial.ttl
expect 'the core is added' adds core.c shared/delay/trial.c
expect 'its header is added' adds core.h shared/delay/trial.h
expect 'the module is added' adds plugin.c plugins/trial.c
expect 'a test is added' adds test.c tests/shared/delay/test_trial.c

# In the order of what needs what
targets=layout/trial_layout.c,core,display
if grep -q '^AVX2 = True' "$build/c4che/_cache.py"; then
  targets=$targets,core_avx2,avx2/trial_joined.o,avx2/trial.o
fi
bundle_dir=lv2/chronus.lv2
targets=$targets,$bundle_dir/trial,$bundle_dir/trial.ttl,$bundle_dir/chronus.ttl
targets=$targets,$bundle_dir/manifest.ttl,$bundle_dir/presets/trial.ttl
targets=$targets,host,instruments,support
for test in test_trial test_contract test_realtime test_metadata; do
  targets=$targets,tests/$test
done
expect 'it builds' builds "$targets"
for test in test_trial test_contract test_realtime test_metadata; do
  expect "it passes $test" passes $test
done
finish
