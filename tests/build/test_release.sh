#!/bin/sh
# SPDX-License-Identifier: ISC
# Archives and recipes of a release, and what it is refused for
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

fill=tools/generate/fill.py
# A tree below that of another build is not part of it
export WAFLOCK=.lock-waf_release
tree=$work/tree

value() {
  (cd "$tree" && "$fill" --print "$1")
}

has_one_version() {
  [ "$("$fill" --print VERSION)" = "$(sed -n "s/^VERSION = '\(.*\)'/\1/p" wscript)" ]
}

# Make the archive of $tree, as $1
archives() {
  (cd "$tree" && tools/waf dist) >"$work/log" 2>&1 && mv "$tree"/chronus-*.tar.bz2 "$1" && return
  cat "$work/log"
  return 1
}

# A tree as somebody else has it: without git, with other dates, and for nobody else to read
copies_tree() {
  mkdir "$tree" && cp -R .ci .github COPYING NEWS README.md docs packaging plugins presets shared \
    tests tools ttl wscript "$tree" && { [ ! -e .waf ] || cp -R .waf "$tree"; }
}

is_the_same_from_elsewhere() {
  export SOURCE_DATE_EPOCH=1700000000
  archives "$work/one.tar.bz2" || return 1
  mv "$tree" "$work/elsewhere" && tree=$work/elsewhere
  find "$tree" -exec touch -d 2020-02-02 {} + && chmod -R go-rwx "$tree" &&
    (umask 077 && archives "$work/two.tar.bz2") || return 1
  unset SOURCE_DATE_EPOCH
  cmp "$work/one.tar.bz2" "$work/two.tar.bz2"
}

dates_files() {
  python3 -m tarfile -v -l "$work/one.tar.bz2" >"$work/list" && [ -s "$work/list" ] &&
    ! grep -v ' root/root .* 2023-11-14 ' "$work/list"
}

# Refuse a release for a reason
refuses() {
  ! (cd "$tree" && packaging/release --no-deps) >"$work/log" 2>&1 && grep -q "$1" "$work/log" &&
    return
  cat "$work/log"
  return 1
}

names_publisher() {
  sed -i 's/chronus\.invalid/chronus.org/' "$tree/ttl/chronus.ttl" && [ -z "$(value PLACEHOLDER)" ]
}

dates_version() {
  printf '\n -- The Chronus Authors <authors@chronus.org>  Tue, 01 Dec 2026 12:00:00 +0000\n' \
    >>"$tree/NEWS" &&
    [ "$(value EPOCH) $(value RPM_DATE)" = "1796126400 Tue Dec 01 2026" ]
}

fills() {
  (cd "$tree" && "$fill" "packaging/$1.in" "$work/${1##*/}" "$work/one.tar.bz2") &&
    ! grep '@[A-Z]*@' "$work/${1##*/}"
}

# Ask a program of a distribution about its recipe, where there is one
judged_by() {
  if ! command -v "$1" >/dev/null; then
    echo "note: $1 is not on PATH and was left out"
    return
  fi
  (cd "$work" && "$@") >"$work/log" 2>&1 && return
  cat "$work/log"
  return 1
}

lists_release() {
  grep -q '<release version="0.1.0" date="2026-12-01"/>' "$work/chronus.metainfo.xml"
}

knows_archive() {
  grep -q "$(sha256sum <"$work/one.tar.bz2" | cut -d ' ' -f 1)" "$work/$1"
}

refuses_other_names() {
  echo '@NOBODY@' >"$work/in"
  ! "$fill" "$work/in" "$work/out" 2>"$work/log" && grep -q '@NOBODY@' "$work/log" &&
    [ ! -e "$work/out" ]
}

packs_the_same() {
  mkdir -p "$work/$1/folder/in" && echo text >"$work/$1/folder/in/file" && echo more >"$work/$1/folder/a" &&
    find "$work/$1" -exec touch -d @1700000000 {} + &&
    (cd "$work/$1" && python3 "$tree/packaging/zip.py" folder ../"$1.zip")
}

expect "NEWS and wscript name one version" has_one_version
expect "the tree is copied" copies_tree
expect "the archive is the same from elsewhere" is_the_same_from_elsewhere
expect "files of the archive have its date" dates_files
expect "no release is made without a publisher" refuses 'names a publisher of no such place'
expect "a publisher can be named in one file" names_publisher
expect "no release is made without a date" refuses 'NEWS has no date'
expect "a date in NEWS is that of the release" dates_version
expect "no release is made without a tag" refuses 'is not tagged v'
for recipe in chronus.metainfo.xml arch/PKGBUILD fedora/chronus.spec debian/control debian/copyright \
  flatpak/org.freedesktop.LinuxAudio.Plugins.Chronus.yml; do
  expect "packaging/$recipe.in is filled in" fills "$recipe"
done
expect "software centres are shown the release" lists_release
expect "software centres take it" judged_by appstreamcli validate --pedantic --no-net \
  "$work/chronus.metainfo.xml"
expect "PKGBUILD knows the archive" knows_archive PKGBUILD
expect "bash reads PKGBUILD" judged_by bash -n "$work/PKGBUILD"
expect "rpmspec reads the recipe of Fedora" judged_by rpmspec -P "$work/chronus.spec"
expect "flatpak-builder reads its recipe" judged_by flatpak-builder --show-manifest \
  org.freedesktop.LinuxAudio.Plugins.Chronus.yml
expect "what nothing is known of is refused" refuses_other_names
expect "a folder is packed" packs_the_same one
expect "a folder is packed again" packs_the_same two
expect "both archives are the same" cmp "$work/one.zip" "$work/two.zip"
finish
