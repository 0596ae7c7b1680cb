# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# What every test script shares; each begins with `. tests/test.sh`, at the top of the
# tree, and ends with `finish`.  BUILD is the build folder.

build=${BUILD:-build}
bundle=$build/lv2/chronus.lv2
n_passed=0
n_failed=0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# Count a check: what it is, and the command that tells
expect() {
  what=$1
  shift
  if "$@"; then
    n_passed=$((n_passed + 1))
  else
    echo "FAILED: $what"
    n_failed=$((n_failed + 1))
  fi
}

# The URIs of the plugins, as the manifest has them
plugins() {
  sed -n '/^<urn:/h; /a lv2:Plugin/{g; s/<\(.*\)>.*/\1/p}' "$bundle/manifest.ttl"
}

# Whether a number lies between two others
between() {
  awk -v low="$1" -v x="$2" -v high="$3" 'BEGIN { exit !(x != "" && low <= x && x <= high) }' ||
    {
      echo "'$2' is not between $1 and $3"
      return 1
    }
}

finish() {
  echo "$n_passed passed, $n_failed failed"
  [ "$n_failed" = 0 ] && [ "$n_passed" != 0 ]
}
