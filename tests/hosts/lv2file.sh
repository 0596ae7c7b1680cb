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

# Play two tones through the main channels of a stereo form: URI, settings
plays_stereo() {
  first=$(audio_ports "$1" Input | sed -n 1p)
  second=$(audio_ports "$1" Input | sed -n 2p)
  rm -f "$work/out.wav"
  # shellcheck disable=SC2086 # words
  $under lv2file -i "$work/stereo.wav" -o "$work/out.wav" --ignore-clipping $2 \
    -c "1:$first" -c "2:$second" "$1" >"$work/log" 2>&1 && return
  cat "$work/log"
  return 1
}

# Whether a channel has its tone: channel, pitch
hears() {
  between "$2" "$("$build/bin/listen" "$work/out.wav" --channel "$1" --from 0.1 |
    sed -n 's/^pitch_hz=//p')" "$(($2 + 1))"
}

ffmpeg -hide_banner -loglevel error -f lavfi -i 'sine=440:d=0.5:r=48000' -c:a pcm_f32le "$work/in.wav" </dev/null
for uri in $(plugins_with_audio); do
  expect "lv2file lists presets of $uri" [ -n "$(first_preset "$uri")" ]
  expect "lv2file plays $uri under a preset" filters "$uri"
done

ffmpeg -hide_banner -loglevel error -f lavfi \
  -i 'aevalsrc=0.5*sin(400*PI*t)|0.5*sin(622*PI*t):s=48000:d=0.5' -c:a pcm_f32le "$work/stereo.wav" </dev/null
for uri in $(plugins_with_audio | grep -e -stereo); do
  case $uri in
  *:adsr-*) settings='-p manual_gate:1' ;;
  *:chorus-* | *:phaser-* | *:reverb-* | *:ring_mod-*) settings='-p mix:0' ;;
  *) settings='' ;;
  esac
  expect "lv2file plays $uri" plays_stereo "$uri" "$settings"
  expect "the left channel of $uri is the left one" hears 1 200
  expect "the right channel of $uri is the right one" hears 2 311
done
finish
