#!/bin/sh
# SPDX-License-Identifier: ISC
# The build as a packager meets it: from an archive, into a folder of choice, and away
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

# A name of a folder that no tool may take for anything else
odd="it's \"a\" \$HOME, back\\slash %s ü #; & *"

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
  tree=$work/$odd
  tools/waf dist >"$work/log" && mv chronus-*.tar.bz2 "$work" &&
    python3 -m tarfile -e "$work"/chronus-*.tar.bz2 "$work" && rm "$work"/*.tar.bz2 &&
    mv "$work"/chronus-* "$tree" && { [ ! -e .waf ] || cp -R .waf "$tree"; }
}

# Run a command quietly, unless it fails
quietly() {
  "$@" >"$work/log" 2>&1 && return
  cat "$work/log"
  return 1
}

in_tree() {
  (cd -- "$tree" && "$@")
}

waf() {
  quietly in_tree tools/waf "$@"
}

# Have nobody else see what is made, unless it is meant to be seen
waf_under_077() {
  (umask 077 && waf "$@")
}

# Where a build stands does not show in it; those for other purposes are others
has_same_code() {
  if [ -n "${SANITIZE:-}" ] || ! grep -q "'-O3'" "$build/c4che/_cache.py"; then
    echo "note: the build is not optimised, so it was not compared with another"
    return
  fi
  for binary in "$bundle"/*.so; do
    cmp "$binary" "$1/$(basename "$binary")" || return 1
  done
}

# All symbols are bound before the first call, and then read-only; no stack is executable
is_bound() {
  for binary; do
    readelf -W -d -l "$binary" >"$work/elf"
    if ! grep -q GNU_RELRO "$work/elf" || ! grep -q 'FLAGS.*NOW' "$work/elf" ||
      ! grep -q 'GNU_STACK.* RW ' "$work/elf" ||
      grep -E 'RPATH|RUNPATH|TEXTREL' "$work/elf"; then
      echo "$binary"
      return 1
    fi
  done
}

# Programs watch their stack, and the sizes of what they copy
is_guarded() {
  for binary; do
    readelf -W --dyn-syms "$binary" >"$work/elf"
    if ! grep -q __stack_chk_fail "$work/elf" || ! grep -q _chk@ "$work/elf"; then
      echo "$binary"
      return 1
    fi
  done
}

# Everybody can read what is below a folder, and enter its folders
is_for_all() {
  [ -d "$1" ] && [ -z "$(find "$1" ! -perm -o=r -print -o -type d ! -perm -o=x -print)" ]
}

# Nobody else can enter
is_for_one() {
  [ -d "$1" ] && [ -z "$(find "$1" -maxdepth 0 -perm /go=rwx)" ]
}

# Run tools/install from another folder, and check that it finds what it has installed
installs() {
  (cd -- "$work" && env HOME="$work/home" "$tree/tools/install" --no-deps "$@") \
    >"$work/log" 2>&1 && grep -q 'long, peak at' "$work/log" && return
  cat "$work/log"
  return 1
}

# The same with care for privacy
installs_under_077() {
  (umask 077 && installs "$@")
}

# The same below the folder of DESTDIR
staged() {
  (export DESTDIR=stage && installs "$@")
}

# Say what is wrong instead of installing to another place
refuses_to_install() {
  ! (cd -- "$work" && "$tree/tools/install" --no-deps "$@") >"$work/log" 2>&1 &&
    grep -q "$refusal" "$work/log"
}

# Another waflib than the one that builds were tried with is not run
knows_its_waf() {
  if [ ! -e "$tree/.waf" ]; then
    echo "note: waf is on PATH, so no waflib was fetched that could be checked"
    return
  fi
  echo '# changed' >>"$tree/.waf/waflib/Context.py"
  ! in_tree tools/waf --version >"$work/log" 2>&1 &&
    grep -q 'is not the waflib 2.0.15 that Chronus was tried with' "$work/log"
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

# Every patch comes as a plugin too: the folder of the bundles
has_plugins() {
  plugins=$build/patches/chronus-patches.lv2
  files "$plugins" >"$work/ours"
  files "$1/chronus-patches.lv2" | diff "$work/ours" - || return 1
  for patch in presets/patches/*.ttl; do
    name=$(basename "$patch" .ttl)
    cmp "$patch" "$1/chronus-patches.lv2/$name/patch.ttl" || return 1
    cmp "$plugins/$name/plugin.ttl" "$1/chronus-patches.lv2/$name/plugin.ttl" || return 1
  done
}

# Whether what software centres show is there, and is as they want it if one can say
describes() {
  [ -s "$1" ] || return 1
  if command -v appstreamcli >/dev/null; then
    # There is no page on the web yet; older versions do not warn of that
    appstreamcli validate --no-net --override=url-homepage-missing=info "$1" ||
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
expect "the archive builds the same code" has_same_code "$tree/build/lv2/chronus.lv2"
root=$work/$odd/of\ the\ system
expect "it installs" waf_under_077 install --destdir="$root"
expect "all of the bundle is installed" has_same_bundle "$root/usr/lib/lv2/chronus.lv2"
expect "all patches are installed" has_patches "$root/usr/share/chronus"
expect "all patches are installed as plugins" has_plugins "$root/usr/lib/lv2"
expect "software centres are told of it" describes "$root/usr/share/metainfo/chronus.metainfo.xml"
expect "everybody can read what is installed" is_for_all "$root"
expect "plugins are bound at once" is_bound "$root"/usr/lib/lv2/chronus*.lv2/*.so
expect "programs are bound at once" is_bound "$root"/usr/bin/*
expect "programs are guarded" is_guarded "$root"/usr/bin/*
expect "it uninstalls" waf uninstall --destdir="$root"
expect "nothing is left of it" is_gone "$root" -type f
mkdir -m 700 "$work/home"
expect "it installs for all into any folder" installs_under_077 --prefix "$work/for all $odd"
expect "the bundle is there" has_same_bundle "$work/for all $odd/lib/lv2/chronus.lv2"
expect "everybody can read it" is_for_all "$work/for all $odd"
expect "it installs into folders beside, below another root" staged --prefix=-beside --lv2dir "$odd"
expect "the bundle is there" has_same_bundle "$work/stage$work/$odd/chronus.lv2"
expect "the patches are there" has_patches "$work/stage$work/-beside/share/chronus"
expect "it installs for one" installs_under_077
expect "nobody else can read it" is_for_one "$work/home/.lv2"
refusal='needs a folder'
expect "no folder is none" refuses_to_install --prefix ''
expect "no folder is none" refuses_to_install --lv2dir
refusal='cannot install to'
# shellcheck disable=SC2016 # a name
expect "what waf would replace is refused" refuses_to_install --prefix '/opt/${HOME}'
expect "a file of Turtle concerns one plugin" rebuilds_only_vca
expect "it cleans" waf clean
expect "nothing is left to run" is_gone "$tree/build" -name '*.so'
expect "it configures for debugging" waf configure --debug --lv2dir="$work/lv2"
expect "debugging is without optimisation" grep -q "'-O0'" "$tree/build/c4che/_cache.py"
expect "another waf is not run" knows_its_waf
finish
