#!/bin/sh
# SPDX-License-Identifier: ISC
# Every plugin in ffmpeg's filter lv2, which has audio but neither CV nor MIDI
cd "$(dirname "$0")/../.." && . tests/support/test.sh

# A tone for each of so many channels, as an expression of ffmpeg's
tones() {
  awk -v n="$1" 'BEGIN { for (i = 0; i < n; ++i) printf "%s0.5*sin(%d*PI*t)", i ? "|" : "", 400 + 222 * i }'
}

# Play half a second through a plugin: URI, settings
play() {
  uri=$(echo "$1" | sed 's/:/\\\\:/g')
  n_in=$(audio_ports "$1" Input | wc -l)
  rm -f "$work/out.wav"
  if [ "$n_in" = 0 ]; then
    graph="lv2=p=$uri:c=$2:s=48000:d=0.5"
  else
    graph="aevalsrc=$(tones "$n_in"):s=48000:d=0.5,lv2=p=$uri:c=$2"
  fi
  # shellcheck disable=SC2086 # words
  $under ffmpeg -hide_banner -loglevel error -filter_complex "$graph" -c:a pcm_f32le \
    "$work/out.wav" >"$work/log" 2>&1 </dev/null
}

# Whether a plugin's output has a peak in a range: URI, settings, range
peaks() {
  play "$1" "$2" && between "$3" "$("$build/bin/listen" "$work/out.wav" | sed -n 's/^peak=//p')" "$4" &&
    return
  cat "$work/log"
  return 1
}

# Settings under which a stereo form passes what comes in: URI
open_settings() {
  case $1 in
  *:adsr-*) echo manual_gate=1 ;;
  *:mixer-*) echo 'mute_2=1|mute_3=1|mute_4=1' ;;
  *:chorus-* | *:phaser-* | *:reverb-* | *:ring_mod-* | *:shaper-* | *:wavefolder-*) echo mix=0 ;;
  esac
}

# Whether the tone of a channel, and no other, comes out of it: channel, pitch
hears() {
  "$build/bin/listen" "$work/out.wav" --channel "$1" --from 0.1 >"$work/facts"
  between "$2" "$(sed -n 's/^pitch_hz=//p' "$work/facts")" "$(($2 + 1))" &&
    between -12.5 "$(sed -n 's/^rms_db=//p' "$work/facts")" -6
}

# Refusing is more than dying of it
is_refused() {
  status=0
  play "$1" '' || status=$?
  is_error $status
}

for uri in $(plugins); do
  inputs=$(audio_ports "$uri" Input)
  outputs=$(audio_ports "$uri" Output)
  case $uri in
  urn:chronus:cv_to_audio) expect "$uri is silent, as ffmpeg has no CV" peaks "$uri" '' 0 0 ;;
  *:kick* | *:snare* | *:hat*) expect "$uri is silent, as ffmpeg strikes nothing" peaks "$uri" '' 0 0 ;;
  urn:chronus:vca) expect "ffmpeg plays $uri" peaks "$uri" bias=10 0.49 0.51 ;;
  *-stereo*)
    expect "ffmpeg plays $uri" peaks "$uri" "$(open_settings "$uri")" 0.1 10
    expect "the left channel of $uri is the left one" hears 1 200
    expect "the right channel of $uri is the right one" hears 2 311
    ;;
  urn:chronus:oscillator-track) expect "ffmpeg plays $uri" peaks "$uri" 'gate_mode=0|level=0' 0.9 1.3 ;;
  *)
    if [ -n "$outputs" ]; then
      expect "ffmpeg plays $uri" peaks "$uri" '' 0.1 10
    elif [ -n "$inputs" ]; then
      expect "ffmpeg runs $uri" play "$uri" ''
    else
      expect "ffmpeg refuses $uri, which has no audio" is_refused "$uri"
    fi
    ;;
  esac
done
finish
