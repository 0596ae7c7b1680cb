#!/bin/sh
# SPDX-License-Identifier: ISC
# The track forms in a real Ardour, without a window or a sound card: what it makes of
# their Turtle, and how they sound, are automated, modulated and saved.
# With --write, it writes what it makes of their Turtle to ardour/forms.golden instead.
cd "$(dirname "$0")/../.." && . tests/support/test.sh

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

# Run a script to its end: name, arguments
attempt() {
  script=$1
  shift
  rm -rf "$work/$script.session"
  timeout 60 "$ardour" "$here/$script.lua" "$here" "$@" \
    >"$work/$script.txt" 2>"$work/$script.log" </dev/null
  grep -qx 'done' "$work/$script.txt" && return
  tail -n 20 "$work/$script.txt" "$work/$script.log"
  return 1
}

# The same once more if need be, as Ardour's Lua dies at times, even without any plugins
run() {
  attempt "$@" || {
    echo "note: Ardour did not come to the end of $1.lua, which was repeated"
    attempt "$@"
  }
}

forms() {
  plugins | grep -e '-track$' -e '-stereo'
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

# Ports that Ardour gives the track forms
description() {
  awk '/^urn:/ { wanted = $1 ~ /-(track$|stereo)/ && !/ refused$/ }
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
  run presets "$work/presets.session" "$@"
}

has_preset() {
  last_preset_knobs "$1" >"$work/expected"
  grep "^$1|" "$work/presets.txt" | diff "$work/expected" - && [ -s "$work/expected" ]
}

# A part of a recording: name, channel, from, to, fact
part() {
  "$build/bin/listen" "$work/takes/$1.wav" --channel "$2" --from "$3" --to "$4" | sed -n "s/^$5=//p"
}

# The largest step from a frame to the next in a recording: name, channel
largest_step() {
  ffmpeg -hide_banner -i "$work/takes/$1.wav" -af "pan=mono|c0=c$(($2 - 1)),astats" -f null - 2>&1 </dev/null |
    sed -n 's/.*Max difference: //p' | head -n 1
}

# When the modulator of a recording goes up or down: name, up or down
turn() {
  "$build/bin/listen" "$work/takes/$1.wav" --cross 0 |
    awk -v way="$2" '$1 == way && $2 < 1.5 { print $2; exit }'
}

# A fact of a recording while its modulator is up or down: name, up or down, channel, fact
while_modulated() {
  turn_s=$(turn "$1" "$2")
  [ -z "$turn_s" ] || part "$1" "$3" "$(plus "$turn_s" 0.1)" "$(plus "$turn_s" 0.4)" "$4"
}

# The level of a tenth of a second of the patch that follows a song, in Ardour's tempo: from
song_level() {
  "$build/bin/listen" "$work/song.wav" --channel 1 --from "$1" --to "$(plus "$1" 0.1)" | sed -n 's/^rms_db=//p'
}

plus() {
  awk -v a="$1" -v b="$2" 'BEGIN { print a + b }'
}

# Whether a session that was loaded has the knobs of the one that a script saved: script
same_knobs() {
  grep '^knob|' "$work/$1.txt" | sort >"$work/saved"
  grep '^knob|' "$work/take.txt" | sort | diff "$work/saved" - && [ -s "$work/saved" ]
}

# Load a session and record two of its outputs: script that saved it, name, strip, output, strip, output
take() {
  saved=$1
  shift
  run take "$work/$saved.session" "$work/takes" "$@"
}

[ -z "${SANITIZE:-}" ] || {
  echo "FAILED: Ardour hangs under the sanitizers: run this without them"
  echo "0 passed, 1 failed"
  exit 1
}
find_ardour || {
  echo "FAILED: there is no ardour7-lua: install the package ardour (tools/deps hosts)"
  echo "0 passed, 1 failed"
  exit 1
}
set_up

# shellcheck disable=SC2046 # words
expect "Ardour describes the plugins" run describe "$work/describe.session" $(plugins)
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

mkdir "$work/takes"
expect "Ardour sets up a session" run patch "$work/patch.session"
expect "Ardour loads it and plays the synthesizer" take patch voice voice 0 gated 0
expect "the knobs of the session stand as they did" same_knobs patch
expect "Ardour plays the stereo filter" take patch stereo stereo 0 stereo 1
expect "Ardour plays the stereo forms" take patch pair pair 0 pair 1
expect "Ardour plays what a sidechain moves" take patch pitch mixed 0 moved 0
expect "Ardour plays what a sidechain sweeps" take patch filter mixed 0 swept 0
expect "Ardour plays automation" take patch levels level 0 mix 0

export LV2_PATH="$LV2_PATH:$PWD/$build/patches"
"$build/bin/render" --tempo 120 --seconds 2 presets/patches/song-sequence.ttl "$work/song.wav" 2>"$work/log" ||
  cat "$work/log"
expect "Ardour sets up a session with patches" run rack "$work/rack.session"
expect "Ardour loads it and plays the patches" take rack rack voice 0 sequence 0
expect "the knobs of the patches stand as they did" same_knobs rack

expect "there is silence before the note" between 0 "$(part voice 1 0 0.249 peak)" 0
expect "the synthesizer plays A4 within a cent" between 439.75 "$(part voice 1 0.3 0.74 pitch_hz)" 440.25
# Its sum of harmonics below 2 kHz has -5.47 dB, and 70 % of it -8.57 dB
expect "and at the level of its sustain" between -8.7 "$(part voice 1 0.65 0.74 rms_db)" -8.4
expect "there is silence after the release" between 0 "$(part voice 1 0.9 1.249 peak)" 0
expect "and the next note sounds" between 439.75 "$(part voice 1 1.3 1.74 pitch_hz)" 440.25

expect "a patch is silent before the note" between 0 "$(part rack 1 0 0.249 peak)" 0
expect "a patch plays A3, an octave below its key, within three cents" \
  between 219.62 "$(part rack 1 0.35 0.74 pitch_hz)" 220.38
expect "a patch is silent after the release" between 0 "$(part rack 1 0.95 1.249 peak)" 0.001
# Ardour's song has 120 beats a minute, that of the patch 116
for from in 0.25 1.5 1.8; do
  level=$(song_level $from)
  expect "a patch follows the song at $from s" \
    between "$(plus "$level" -0.7)" "$(part rack 2 $from "$(plus $from 0.1)" rms_db)" "$(plus "$level" 0.7)"
done

expect "a closed envelope is silent" between 0 "$(part voice 2 0 0.249 peak)" 0
expect "a sidechain opens it" between 0.9 "$(part voice 2 0.25 0.3 peak)" 1.01
expect "it is closed again after the sidechain" between 0 "$(part voice 2 0.95 1.249 peak)" 0

expect "Ardour puts a filter on each channel" grep -qx 'filters 2' "$work/patch.txt"
expect "the left channel is filtered at its cutoff" between -6.05 "$(part stereo 1 0.5 2 rms_db)" -5.99
expect "the right channel an octave above" between -15.36 "$(part stereo 2 0.5 2 rms_db)" -15.30
expect "left is C5" between 523.2 "$(part stereo 1 0.5 2 pitch_hz)" 523.3
expect "right is C6" between 1046.4 "$(part stereo 2 0.5 2 pitch_hz)" 1046.6

# A channel that were silent would have -180 dB, and one with both of them 3 dB more
expect "Ardour has one of each stereo form on a strip with strict I/O" \
  grep -qx 'pair 1 1 1 1 2' "$work/patch.txt"
expect "left goes through all stereo forms" between -6.05 "$(part pair 1 0.5 2 rms_db)" -5.99
expect "right goes through all stereo forms" between -15.36 "$(part pair 2 0.5 2 rms_db)" -15.30
expect "left is C5 behind them" between 523.2 "$(part pair 1 0.5 2 pitch_hz)" 523.3
expect "right is C6 behind them" between 1046.4 "$(part pair 2 0.5 2 pitch_hz)" 1046.6

expect "FM lifts the pitch by half" between 392.4 "$(while_modulated pitch up 2 pitch_hz)" 392.5
expect "FM lowers the pitch by half" between 130.78 "$(while_modulated pitch down 2 pitch_hz)" 130.85
expect "a sidechain opens the filter" between -3.1 "$(while_modulated filter up 2 rms_db)" -3.0
expect "a sidechain closes the filter" between -27.2 "$(while_modulated filter down 2 rms_db)" -27.1
expect "a sidechain is mixed at its level" between 0.5011 "$(while_modulated pitch up 1 mean)" 0.5013
expect "and upside down" between -0.5013 "$(while_modulated pitch down 1 mean)" -0.5011

# The steepest that a sine of 261.6 Hz and full scale is at 48 kHz, 0.0342, with the start of
# a glide by 20 dB, a 5 ms one-pole's, 0.0096, a quarter of a cycle off; a click has up to 0.9
steepest=0.0356
for channel in 1 2; do
  expect "automation turns level $channel down" between -23.1 "$(part levels $channel 0.5 1 rms_db)" -22.9
  expect "automation turns level $channel up" between -3.1 "$(part levels $channel 1.15 1.4 rms_db)" -2.9
  expect "level $channel jumps without a click" between 0.03 "$(largest_step levels $channel)" $steepest
done
finish
