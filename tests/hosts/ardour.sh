#!/bin/sh
# SPDX-License-Identifier: ISC
# The track forms in a real Ardour, without a window or a sound card: what it makes of
# their Turtle and of their presets.
# With --write, it writes what it makes of their Turtle to ardour/forms.golden instead.
cd "$(dirname "$0")/../.." && . tests/test.sh

here=$PWD/tests/hosts/ardour
golden=$here/forms.golden

# The newest Ardour's interpreter of Lua
find_ardour() {
  for version in 9 8 7; do
    ardour=$(command -v ardour$version-lua) && return
  done
  return 1
}

# Ardour as a player sets it up, in a home of its own
set_up() {
  export HOME="$work/home" XDG_CONFIG_HOME="$work/home/.config" XDG_CACHE_HOME="$work/home/.cache"
  mkdir -p "$XDG_CONFIG_HOME/ardour$version/scripts" "$XDG_CONFIG_HOME/ardour$version/export"
  cp "$here/chronus_notes.lua" "$XDG_CONFIG_HOME/ardour$version/scripts"
  cp "$here/float.preset" "$XDG_CONFIG_HOME/ardour$version/export"
}

# Run a script to its end: name, session, arguments
run() {
  script=$1
  session=$2
  shift 2
  # shellcheck disable=SC2086 # words
  timeout 120 $under "$ardour" "$here/$script.lua" "$here" "$work/$session" "$@" \
    >"$work/$script.txt" 2>"$work/$script.log" </dev/null
  grep -qx 'done' "$work/$script.txt" && return
  tail -n 20 "$work/$script.txt" "$work/$script.log"
  return 1
}

forms() {
  plugins | grep -e '-track$'
}

has_cv() {
  lv2info "$1" | grep -q '#CVPort$'
}

is_refused() {
  grep -qx "$1 refused" "$work/describe.txt"
}

is_loaded() {
  grep -q "^$1 | " "$work/describe.txt"
}

# What Ardour makes of the track forms
description() {
  awk '/^urn:/ { wanted = $1 ~ /-track$/ && !/ refused$/ }
    !/^(urn:|  )/ { wanted = 0 }
    wanted' "$work/describe.txt"
}

# The label of a form's last preset
last_preset() {
  sed -n 's/^\trdfs:label "\(.*\)" ;$/\1/p' "presets/${1#urn:chronus:}.ttl" | tail -n 1
}

# Where the knobs of a form stand under its last preset
last_preset_knobs() {
  # shellcheck disable=SC2016 # no expression of the shell
  sed -n '/pset:Preset ;/h; /pset:value/H; ${x; p}' "presets/${1#urn:chronus:}.ttl" >"$work/preset"
  lv2info "$1" | awk -v uri="$1" '
    NR == FNR { gsub(/"/, ""); if ($5 == "pset:value") value[$3] = $6; next }
    function knob() { if (is_control) printf "%s|%s|%.7g\n", uri, name, symbol in value ? value[symbol] : standard }
    /^\tPort [0-9]+:$/ { knob(); is_control = 0 }
    /#ControlPort$/ { is_control = 1 }
    /^\t\tSymbol: / { symbol = $2 }
    /^\t\tName: / { name = $0; sub(/^\t\tName: */, "", name) }
    /^\t\tDefault: / { standard = $2 }
    END { knob() }' "$work/preset" -
}

# Set every form to its last preset
load_presets() {
  set --
  for uri in $(forms); do
    set -- "$@" "$uri" "$(last_preset "$uri")"
  done
  run presets presets "$@"
}

has_preset() {
  last_preset_knobs "$1" >"$work/expected"
  grep "^$1|" "$work/presets.txt" | diff "$work/expected" - && [ -s "$work/expected" ]
}

find_ardour || {
  echo "FAILED: there is no ardour7-lua: install the package ardour (tools/deps hosts)"
  echo "0 passed, 1 failed"
  exit 1
}
set_up

# shellcheck disable=SC2046 # words
expect "Ardour describes the plugins" run describe describe $(plugins)
if [ "${1:-}" = --write ]; then
  description >"$golden"
  finish
  exit
fi

for uri in $(plugins); do
  if ! has_cv "$uri"; then
    expect "Ardour loads $uri" is_loaded "$uri"
  elif [ "$version" = 7 ]; then
    expect "Ardour 7 refuses $uri, which has CV" is_refused "$uri"
  fi
done
description >"$work/forms"
# Later ones may use other words
[ "$version" != 7 ] ||
  expect "Ardour makes of the track forms what $golden says" diff "$golden" "$work/forms"

expect "Ardour loads presets by their names" load_presets
for uri in $(forms); do
  expect "$uri stands as its last preset says" has_preset "$uri"
done

finish
