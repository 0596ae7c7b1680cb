#!/bin/sh
# SPDX-License-Identifier: ISC
# Plugins that are built for other machines put out the same, to the last bit.  Each machine
# needs its compiler, qemu-user, and a folder with its libraries, named by the environment:
# SYSROOT_ARM64, SYSROOT_I386 (mmdebstrap --variant=extract makes one; all of its symbolic
# links must be relative).  CROSS=yes fails where one is missing, instead of leaving it out.
# CROSS_DIR is where they are built.  For i386 it must be on a tmpfs: qemu passes on places in
# folders as ext4 has them, of 64 bits, with which lilv finds no plugin there.
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

core="fast_math gain vca cv_mix lfo osc noise adsr slew sample_hold follower svf biquad ladder
  shaper midi_cv timeline"

# The compiler of this machine
cc=${CC:-cc}

# Build everything for a machine: its triplet, the folder of its libraries, its sysroot
builds() {
  WAFLOCK=.lock-waf_$name CC="$1-gcc --sysroot=$3" CC_FOR_BUILD=$cc \
    PKG_CONFIG_SYSROOT_DIR=$3 PKG_CONFIG_LIBDIR=$3/usr/lib/$2/pkgconfig \
    tools/waf configure --out "$out" --strict build >"$work/log" 2>&1 && return
  cat "$work/log"
  return 1
}

# Run a program of the other machine, at a fraction of the speed that limits of tests expect
there() {
  CK_TIMEOUT_MULTIPLIER=20 "$qemu" -L "$sysroot" "$@"
}

puts_out_the_same() {
  there "$out/tests/bits" >"$work/there" && "$build/tests/bits" >"$work/here" &&
    diff "$work/here" "$work/there"
}

passes() {
  there "$out/tests/test_$1" >"$work/log" 2>&1 && return
  tail -n 20 "$work/log"
  return 1
}

# Build and try for a machine: its name, triplet, folder of libraries, qemu, sysroot
try() {
  name=$1 qemu=$4 sysroot=$5 out=${CROSS_DIR:-build}/cross-$1
  if ! command -v "$2-gcc" >/dev/null || ! command -v "$qemu" >/dev/null ||
    [ -z "$sysroot" ] || [ ! -d "$sysroot/usr/lib/$3" ]; then
    echo "note: $2-gcc, $qemu or a sysroot is missing, so $name was not tried"
    [ -z "${CROSS:-}" ] || expect "$name can be tried" false
    return
  fi
  expect "it builds for $name" builds "$2" "$3" "$sysroot"
  expect "plugins put out the same on $name" puts_out_the_same
  for test in $core; do
    [ ! -x "$build/tests/test_$test" ] || expect "test_$test passes on $name" passes "$test"
  done
}

# Windows gets plugins, and a manifest that names them
builds_for_windows() {
  tools/sysroot any "$work/any" || return 1
  WAFLOCK=.lock-waf_windows CC=x86_64-w64-mingw32-gcc CC_FOR_BUILD=$cc \
    PKG_CONFIG_LIBDIR="$work/any/pkgconfig" \
    tools/waf configure --out build/cross-windows --strict build >"$work/log" 2>&1 && return
  cat "$work/log"
  return 1
}

names_its_libraries() {
  sed -n 's/.*lv2:binary <\(.*\)>.*/\1/p' "$1/manifest.ttl" | sort -u >"$work/named"
  (cd "$1" && ls -- *.dll) | diff "$work/named" -
}

# As 32-bit machines have none
has_no_wide_numbers() {
  ! grep -rn __int128 shared plugins
}

expect "no plugin needs __int128" has_no_wide_numbers
try arm64 aarch64-linux-gnu aarch64-linux-gnu qemu-aarch64 "${SYSROOT_ARM64:-}"
try i386 i686-linux-gnu i386-linux-gnu qemu-i386 "${SYSROOT_I386:-}"
if command -v x86_64-w64-mingw32-gcc >/dev/null; then
  expect "plugins build for Windows" builds_for_windows
  expect "the manifest names them" names_its_libraries build/cross-windows/lv2/chronus.lv2
else
  echo "note: x86_64-w64-mingw32-gcc is missing, so Windows was not tried"
  [ -z "${CROSS:-}" ] || expect "Windows can be tried" false
fi
finish
