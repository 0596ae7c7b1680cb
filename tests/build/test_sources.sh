#!/bin/sh
# SPDX-License-Identifier: ISC
# Rules for every source file: where it lies, its licence, its format and length, the
# guard of a header, and for scripts what shellcheck says
unset CDPATH
cd -- "$(dirname -- "$0")/../.." && . tests/support/test.sh

# All files of ours, without those that are made
sources() {
  if [ -e .git ] && command -v git >/dev/null; then
    git ls-files
  else
    find . \( -name build -o -name .waf -o -name .git \) -prune -o -type f -print |
      sed 's|^\./||'
  fi
}

# Those that can hold a comment; an empty file has no room for one
commented() {
  sources | while read -r file; do
    case $file in
    *.c | *.h | *.lua | *.preset | *.sh | *.ttl | *.xml | *.yml) ;;
    packaging/debian/copyright.in) continue ;;
    .clang-* | */.clang-* | .ci/* | .gitignore | packaging/deb | packaging/release | packaging/*.in | \
      packaging/debian/rules | wscript) ;;
    tools/*.*) continue ;;
    tools/*) ;;
    *) continue ;;
    esac
    [ ! -s "$file" ] || printf '%s\n' "$file"
  done
}

scripts() {
  commented | while read -r file; do
    case $(head -c 32 "$file" | head -n 1) in
    '#!/bin/sh'*) printf '%s\n' "$file" ;;
    esac
  done
}

# The licence stands in the first lines
is_licensed() {
  commented >"$work/files"
  [ "$(wc -l <"$work/files")" -gt 100 ] && while read -r file; do
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: ISC' || printf '%s\n' "$file"
  done <"$work/files" >"$work/unlicensed"
  cat "$work/unlicensed"
  [ ! -s "$work/unlicensed" ]
}

# Installed files have it too
is_bundle_licensed() {
  ! grep -L 'SPDX-License-Identifier: ISC' "$bundle"/*.ttl "$bundle"/presets/*.ttl | grep .
}

# Leavings of a build or an experiment at the top are not ours
is_tidy() {
  ! sources | sed 's|/.*||' | sort -u | grep -vx -e '\.ci' -e '\.clang-format' -e '\.clang-tidy' \
    -e '\.github' -e '\.gitignore' -e COPYING -e NEWS -e 'README\.md' -e wscript -e docs -e packaging \
    -e plugins -e presets -e shared -e tests -e tools -e ttl
}

# One guard, with the name of the file at its end; the trial's gets its name as a copy
is_guarded() {
  commented | while read -r file; do
    case $file in
    tests/trial/*) continue ;;
    *.h) ;;
    *) continue ;;
    esac
    name=$(basename "$file" .h | tr '[:lower:]' '[:upper:]')_H
    [ "$(grep -c '^#ifndef .*_H$' "$file")" = 1 ] && grep -q "^#ifndef \([A-Z]*_\)*$name\$" "$file" ||
      printf '%s\n' "$file"
  done >"$work/unguarded"
  cat "$work/unguarded"
  [ ! -s "$work/unguarded" ]
}

# Files of a length that a reader keeps in mind, and functions of a screen at most.  Tests are
# lists of cases, of any length; the others are named here, with what keeps them together
is_short() {
  commented | while read -r file; do
    case $file in
    tests/*) most=0 ;;
    plugins/lv2/files.c) most=600 ;; # Worker, state and messages of one property
    *.[ch]) most=500 ;;
    *) continue ;;
    esac
    case $file in
    *.[ch]) ;;
    *) continue ;;
    esac
    awk -v most="$most" '
      /^{/ { start = FNR }
      /^}/ && start { if (FNR - start > 60) print FILENAME ":" start ": a function of over 60 lines"
                      start = 0 }
      END { if (most && FNR > most) print FILENAME ": over " most " lines" }' "$file"
  done >"$work/long"
  cat "$work/long"
  [ ! -s "$work/long" ]
}

# Words that developers.md leaves out; this file has them
has_plain_words() {
  ! { commented && echo README.md; } | grep -v '/test_sources.sh$' | tr '\n' '\0' |
    xargs -0 grep -nE -e 'of which' -e '^ *(/[*]+|//+|[*]|#|"""|  ) ?What ' /dev/null
}

is_formatted() {
  status=0
  tools/format --check >"$work/log" 2>&1 || status=$?
  [ $status != 2 ] || echo "note: $(cat "$work/log")"
  [ $status != 1 ] || cat "$work/log"
  [ $status != 1 ]
}

satisfies_shellcheck() {
  if command -v shellcheck >/dev/null; then
    scripts | while read -r file; do
      shellcheck -x "$file" || return 1
    done
  else
    echo "note: shellcheck is not on PATH and was left out"
  fi
}

expect "every source file has a licence" is_licensed
expect "nothing lies about" is_tidy
expect "every header has its guard" is_guarded
expect "files and functions are short" is_short
expect "no source has of which, or a comment that begins with What" has_plain_words
expect "every C file is formatted" is_formatted
expect "every file of the bundle has a licence" is_bundle_licensed
expect "shellcheck has no complaint" satisfies_shellcheck
finish
