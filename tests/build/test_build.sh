#!/bin/sh
# SPDX-License-Identifier: ISC
# The build as a packager meets it: from an archive, into a folder of choice, and away
cd "$(dirname "$0")/../.." && . tests/support/test.sh

# The files of a bundle
files() {
  (cd "$1" && find . -type f | sort)
}

# Every module has its binary, and every form of it its Turtle and its line in the manifest
is_complete() {
  for ttl in ttl/*.ttl; do
    module=$(basename "$ttl" .ttl)
    cmp "$ttl" "$bundle/$module.ttl" || return 1
    [ "$module" = chronus ] || [ -x "$bundle/${module%%-*}.so" ] || return 1
  done
  for preset in presets/*.ttl; do
    cmp "$preset" "$bundle/$preset" || return 1
  done
  for source in plugins/*.c; do
    module=$(basename "$source" .c)
    [ -x "$bundle/$module.so" ] || return 1
  done
}

is_alone() {
  [ "$(ls "$build/lv2")" = chronus.lv2 ]
}

# Make an archive and unpack it at $tree
unpacks() {
  tools/waf dist >"$work/log" && mv chronus-*.tar.bz2 "$work" &&
    python3 -m tarfile -e "$work"/chronus-*.tar.bz2 "$work" && rm "$work"/*.tar.bz2 &&
    tree=$(echo "$work"/chronus-*) && { [ ! -e .waf ] || cp -R .waf "$tree"; }
}

waf() {
  (cd "$tree" && tools/waf "$@") >"$work/log" 2>&1 && return
  cat "$work/log"
  return 1
}

has_same_bundle() {
  files "$bundle" >"$work/ours"
  files "$1" | diff "$work/ours" -
}

# Every patch comes as it is and as a project of Carla
has_patches() {
  for patch in presets/patches/*.ttl; do
    name=$(basename "$patch" .ttl)
    cmp "$patch" "$1/patches/$name.ttl" && cmp "$build/carla/$name.carxp" "$1/carla/$name.carxp" ||
      return 1
  done
}

# Whether what software centres show is there, and is as they want it if one can say
describes() {
  [ -s "$1" ] || return 1
  if command -v appstreamcli >/dev/null; then
    appstreamcli validate --no-net "$1"
  else
    echo "note: appstreamcli is not on PATH and was left out"
  fi
}

# A knob's new range concerns one plugin only
rebuilds_only_vca() {
  sed 's/lv2:maximum 12\.0/lv2:maximum 11.5/' "$tree/ttl/vca.ttl" >"$work/vca.ttl"
  ! cmp -s "$work/vca.ttl" "$tree/ttl/vca.ttl" && cp "$work/vca.ttl" "$tree/ttl" &&
    waf build && [ "$(sed -n 's/.*Linking .*\/lv2\/chronus.lv2\/\(.*\)\.so.*/\1/p' "$work/log")" = vca ]
}

is_gone() {
  [ -z "$(find "$@" 2>/dev/null)" ]
}

expect "the bundle is complete" is_complete
expect "nothing else is in the folder to try it from" is_alone
expect "waf dist makes an archive" unpacks
expect "the archive builds" waf configure --prefix=/usr build
expect "the archive builds the same bundle" has_same_bundle "$tree/build/lv2/chronus.lv2"
expect "it installs" waf install --destdir="$work/root"
expect "all of the bundle is installed" has_same_bundle "$work/root/usr/lib/lv2/chronus.lv2"
expect "all patches are installed" has_patches "$work/root/usr/share/chronus"
expect "software centres are told of it" describes "$work/root/usr/share/metainfo/chronus.metainfo.xml"
expect "it uninstalls" waf uninstall --destdir="$work/root"
expect "nothing is left of it" is_gone "$work/root" -type f
expect "a file of Turtle concerns one plugin" rebuilds_only_vca
expect "it cleans" waf clean
expect "nothing is left to run" is_gone "$tree/build" -name '*.so'
expect "it configures for debugging" waf configure --debug --lv2dir="$work/lv2"
expect "debugging is without optimisation" grep -q "'-O0'" "$tree/build/c4che/_cache.py"
finish
