#!/bin/sh
# SPDX-License-Identifier: ISC
# A synthesizer of track forms as a filter chain of PipeWire, which has audio and knobs
# only: oscillator, filter, envelope and mixer, linked by their symbols; and chronus-play
cd "$(dirname "$0")/../.." && . tests/support/test.sh

take="$build/tests/hosts/jack_take"
export XDG_RUNTIME_DIR="$work" PIPEWIRE_RUNTIME_DIR="$work" PIPEWIRE_REMOTE=chronus
server=''

stop() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || :
}

cat >"$work/chain.conf" <<'EOF'
context.properties = {
  core.daemon = true
  core.name = chronus
  default.clock.rate = 48000
  default.clock.quantum = 256
  mem.allow-mlock = false
}
context.spa-libs = {
  audio.convert.* = audioconvert/libspa-audioconvert
  support.* = support/libspa-support
}
context.modules = [
  { name = libpipewire-module-protocol-native }
  { name = libpipewire-module-metadata }
  { name = libpipewire-module-spa-node-factory }
  { name = libpipewire-module-client-node }
  { name = libpipewire-module-adapter }
  { name = libpipewire-module-link-factory }
  { name = libpipewire-module-access }
  { name = libpipewire-module-session-manager }
  { name = libpipewire-module-filter-chain
    args = {
      node.description = "chain"
      filter.graph = {
        nodes = [
          { type = lv2 name = osc plugin = "urn:chronus:oscillator-track"
            control = { waveform = 0 tune = 9 gate_mode = 0 level = 0.0 } }
          { type = lv2 name = vcf plugin = "urn:chronus:biquad-track"
            control = { frequency = 5000 } }
          { type = lv2 name = env plugin = "urn:chronus:adsr-track"
            control = { sustain = 100 manual_gate = 1 } }
          { type = lv2 name = mix plugin = "urn:chronus:mixer-track"
            control = { level = -6.0 } }
        ]
        links = [
          { output = "osc:out" input = "vcf:in" }
          { output = "vcf:out" input = "env:in" }
          { output = "env:out" input = "mix:in_1" }
        ]
        inputs = [ "mix:in_2" ]
        outputs = [ "mix:out" ]
      }
      capture.props = {
        node.name = "chain_in" node.autoconnect = false
        audio.rate = 48000 audio.channels = 1 audio.position = [ MONO ]
      }
      playback.props = {
        node.name = "chain_out" node.autoconnect = false node.always-process = true
        audio.rate = 48000 audio.channels = 1 audio.position = [ MONO ]
      }
    }
  }
]
context.objects = [
  { factory = spa-node-factory
    args = {
      factory.name = support.node.driver node.name = Dummy-Driver
      node.group = pipewire.dummy priority.driver = 20000
    }
  }
]
context.exec = [ ]
EOF

# The number of a node, once it is there
node() {
  patience=50
  while [ $patience -gt 0 ]; do
    id=$(pw-cli ls Node 2>/dev/null |
      awk -v name="\"$1\"" '/id [0-9]+,/ { id = $2 + 0 } /node.name = / && $3 == name { print id }')
    [ -n "$id" ] && echo "$id" && return
    sleep 0.1
    patience=$((patience - 1))
  done
  return 1
}

# Nobody else here says that a node has one port for its one channel: node, direction
set_ports() {
  pw-cli set-param "$(node "$1")" PortConfig "{ direction: $2, mode: dsp, format: { mediaType: audio,
    mediaSubtype: raw, format: F32P, rate: 48000, channels: 1, position: [ MONO ] } }"
}

record() {
  # shellcheck disable=SC2086 # words
  $under pipewire -c "$work/chain.conf" >"$work/log" 2>&1 &
  server=$!
  set_ports chain_out Output >>"$work/log" 2>&1 && set_ports chain_in Input >>"$work/log" 2>&1 &&
    printf 'record chain:output_MONO\nseconds 1\n' |
    timeout 60 pw-jack "$take" "$work/take.wav" >>"$work/log" 2>&1 && return
  cat "$work/log"
  return 1
}

# Play a whole patch beside the chain, and record that
plays() {
  pw-jack "$build/bin/play" --connect none presets/patches/drone.ttl >"$work/play.log" 2>&1 </dev/null &
  player=$!
  patience=100
  until grep -q 'plays as drone at 48000 Hz' "$work/play.log" || [ $patience = 0 ]; do
    sleep 0.1
    patience=$((patience - 1))
  done
  printf 'record drone:left\nseconds 1\n' |
    timeout 60 pw-jack "$take" "$work/drone.wav" >>"$work/play.log" 2>&1
  status=$?
  kill $player && wait $player && [ $status = 0 ] && return
  cat "$work/play.log"
  return 1
}

# Facts of a recording: name, from, fact
fact_of() {
  "$build/bin/listen" "$work/$1.wav" --from "$2" | sed -n "s/^$3=//p"
}

fact() {
  "$build/bin/listen" "$work/take.wav" --from 0.2 --to 1 | sed -n "s/^$1=//p"
}

# Plugins and values that it could not load or set
is_loaded_without_complaint() {
  ! grep -i 'urn:chronus\|filter-chain' "$work/log"
}

expect "PipeWire plays the chain" record
expect "it loads every plugin and sets every knob" is_loaded_without_complaint
expect "the chain plays A4" between 439.9 "$(fact pitch_hz)" 440.1
expect "chronus-play plays beside it, and ends in order" plays
expect "and is heard" between 0.001 "$(fact_of drone 0 peak)" 1
expect "the mixer turns it down by 6 dB" between 0.49 "$(fact peak)" 0.51
finish
