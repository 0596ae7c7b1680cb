#!/bin/sh
# SPDX-License-Identifier: ISC
# Every patch as a project in a real Carla: it must load whole, and sound
cd "$(dirname "$0")/../.." && . tests/support/test.sh && . tests/support/jack_server.sh

take="$build/tests/hosts/jack_take"
projects="$PWD/$build/carla"

has_projects() {
  for patch in presets/patches/*.ttl; do
    [ -s "$projects/$(basename "$patch" .ttl).carxp" ] || return 1
  done
}

# Carla as a player sets it up, but without a window
set_up() {
  export HOME="$work/home"
  mkdir -p "$HOME/.config/falkTX"
  printf '[Engine]\nAudioDriver=JACK\nProcessMode=3\n' >"$HOME/.config/falkTX/Carla2.conf"
}

# Wait until Carla says that it has loaded what there is to load
is_ready() {
  patience=300
  until grep -qs '^Carla ready!' "$work/carla.log"; do
    sleep 0.1
    patience=$((patience - 1))
    [ $patience -gt 0 ] || return 1
  done
}

# Hold a note, and record both sides
record() {
  "$take" "$work/take.wav" >"$work/types" <<'LINES'
connect notes:out Carla:events-in
note 57 100 0.5 2.0
record Carla:audio-out1
record Carla:audio-out2
seconds 2.5
LINES
}

peak() {
  "$build/bin/listen" "$work/take.wav" --channel "$1" | sed -n 's/^peak=//p'
}

is_level() {
  between 0.01 "$(peak 1)" 1 && between 0.01 "$(peak 2)" 1
}

# Record until there is sound: Carla takes its time to run what it has loaded
sounds() {
  for _ in 1 2 3 4 5 6 7 8 9; do
    record || return 1
    is_level >"$work/level" && return
    sleep 0.5
  done
  return 1
}

# Carla's outputs lead to the speakers without a player's help
reaches_speakers() {
  for side in 1 2; do
    jack_lsp -c "Carla:audio-out$side" | grep -q "system:playback_$side" || return 1
  done
}

# Open a project and play it: file
plays() {
  rm -f "$work"/*.log
  start_server
  # shellcheck disable=SC2086 # words
  "$take" && start carla $under carla -n "$1" && is_ready && sounds &&
    reaches_speakers
  status=$?
  stop
  [ $status = 0 ] || cat "$work"/*.log "$work/level"
  return $status
}

# Carla says what it can't load, and goes on without
is_content() {
  [ -s "$work/carla.log" ] && ! grep -i "fail\|assertion" "$work/carla.log"
}

expect "every patch is a project" has_projects
if command -v carla >/dev/null; then
  set_up
  for project in "$projects"/*.carxp; do
    patch=$(basename "$project" .carxp)
    expect "Carla plays $patch on both sides, and to the speakers" plays "$project"
    expect "Carla misses nothing in $patch" is_content
  done
else
  echo "note: carla is not on PATH and was left out"
fi
finish
