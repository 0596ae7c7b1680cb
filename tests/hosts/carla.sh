#!/bin/sh
# SPDX-License-Identifier: ISC
# Every patch as a project in a real Carla: it must load whole, and sound
cd "$(dirname "$0")/../.." && . tests/test.sh && . tests/jack_server.sh

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
  until grep -q '^Carla ready!' "$work/carla.log"; do
    sleep 0.1
    patience=$((patience - 1))
    [ $patience -gt 0 ] || return 1
  done
}

# Open a project and hold a note: file
plays() {
  rm -f "$work"/*.log "$work/take.wav"
  start_server
  # shellcheck disable=SC2086 # words
  "$take" && start carla $under carla -n "$1" && is_ready &&
    "$take" "$work/take.wav" >"$work/types" <<'LINES'
connect notes:out Carla:events-in
note 57 100 0.5 2.0
record Carla:audio-out1
record Carla:audio-out2
seconds 2.5
LINES
  status=$?
  stop
  [ $status = 0 ] || cat "$work"/*.log
  return $status
}

# Carla says what it can't load, and goes on without
is_content() {
  ! grep -i "fail\|assertion" "$work/carla.log"
}

peak() {
  "$build/tools/listen" "$work/take.wav" --channel "$1" | sed -n 's/^peak=//p'
}

expect "every patch is a project" has_projects
if command -v carla >/dev/null; then
  set_up
  for project in "$projects"/*.carxp; do
    patch=$(basename "$project" .carxp)
    expect "Carla plays $patch" plays "$project"
    expect "Carla misses nothing in $patch" is_content
    expect "$patch sounds on the left" between 0.01 "$(peak 1)" 1
    expect "$patch sounds on the right" between 0.01 "$(peak 2)" 1
  done
else
  echo "note: carla is not on PATH and was left out"
fi
finish
