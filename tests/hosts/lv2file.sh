#!/bin/sh
# SPDX-License-Identifier: ISC
# Every plugin in lv2file, which has files for audio, and loads presets by their names
cd "$(dirname "$0")/../.." && . tests/support/test.sh

plugins_with_audio() {
  for uri in $(plugins); do
    [ -z "$(audio_ports "$uri" Output)" ] || echo "$uri"
  done
}

first_preset() {
  lv2file -L "$1" 2>"$work/errors" | sed -n '1s/^Preset: //p'
}

# Filter a sound, under a preset: URI
filters() {
  connections=$(audio_ports "$1" Input | sed 's/.*/-c 1:&/')
  rm -f "$work/out.wav"
  # shellcheck disable=SC2086 # words
  $under lv2file -i "$work/in.wav" -o "$work/out.wav" -P "$(first_preset "$1")" --ignore-clipping \
    $connections "$1" >"$work/log" 2>&1 &&
    between 0.49 "$("$build/bin/listen" "$work/out.wav" | sed -n 's/^length_s=//p')" 0.51 && return
  cat "$work/log"
  return 1
}

ffmpeg -hide_banner -loglevel error -f lavfi -i 'sine=440:d=0.5:r=48000' -c:a pcm_f32le "$work/in.wav" </dev/null
for uri in $(plugins_with_audio); do
  expect "lv2file lists presets of $uri" [ -n "$(first_preset "$uri")" ]
  expect "lv2file plays $uri under a preset" filters "$uri"
done
finish
