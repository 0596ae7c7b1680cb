# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Parts that every test script shares; each begins with `. tests/support/test.sh`, at the top of the
# tree, and ends with `finish`.  BUILD is the build folder.

build=${BUILD:-build}
bundle=$build/lv2/chronus.lv2
n_passed=0
n_failed=0

work=$(mktemp -d)
stop() { :; } # A script that starts anything defines how it ends
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# The specifications that ours refers to and nothing else, so that no bundle of another
# publisher hides or adds an error
mkdir "$work/spec"
for name in atom buf-size core data-access dynmanifest event instance-access log midi morph \
  options parameters patch port-groups port-props presets resize-port schemas state time \
  ui units uri-map urid worker; do
  for dir in /usr/lib/lv2 /usr/lib64/lv2 /usr/local/lib/lv2; do
    [ -d "$dir/$name.lv2" ] && ln -s "$dir/$name.lv2" "$work/spec/" && break
  done
done
export LV2_PATH="$PWD/$build/lv2:$work/spec"

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

# The symbols of a plugin's audio ports: URI, Input or Output
audio_ports() {
  lv2info "$1" | awk -v way="#$2Port\$" '
    /^\tPort [0-9]+:$/ { audio = wanted = 0 }
    /#AudioPort$/ { audio = 1 }
    $0 ~ way { wanted = 1 }
    /^\t\tSymbol: / && audio && wanted { print $2 }'
}

# Whether a number lies between two others
between() {
  awk -v low="$1" -v x="$2" -v high="$3" 'BEGIN { exit !(x != "" && low <= x && x <= high) }' ||
    {
      echo "'$2' is not between $1 and $3"
      return 1
    }
}

# Whether a status is that of a program which ended by itself with an error, and was not
# killed by a signal: shells have 128 and the number of a signal, up to 64
is_error() {
  [ "$1" != 0 ] && { [ "$1" -le 128 ] || [ "$1" -gt 192 ]; }
}

# Words before a host that loads plugins: sanitizers in them want theirs loaded first
under=''
# shellcheck disable=SC2034 # for those who source this
if [ -n "${SANITIZE:-}" ]; then
  under="env ASAN_OPTIONS=detect_leaks=0 LD_PRELOAD=$(cc -print-file-name=libasan.so)"
fi

finish() {
  echo "$n_passed passed, $n_failed failed"
  [ "$n_failed" = 0 ] && [ "$n_passed" != 0 ]
}
