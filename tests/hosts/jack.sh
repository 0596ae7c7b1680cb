#!/bin/sh
# SPDX-License-Identifier: ISC
# A voice as a real JACK graph: four modules in four hosts, wired, played and recorded
cd "$(dirname "$0")/../.." && . tests/support/test.sh && . tests/support/jack_server.sh

take="$build/tests/hosts/jack_take"
died=no

# Start a module: name, settings, module
module() {
  name=$1
  uri=urn:chronus:$2
  shift 2
  options=''
  for setting; do options="$options -c $setting"; done
  # shellcheck disable=SC2086 # words
  start "$name" $under jalv -x -n "$name" $options "$uri"
}

# Nothing here depends on how fast the machine is, but for the patience of its waits
record() {
  start_server
  "$take" &&
    module keys midi_cv &&
    module osc oscillator &&
    module env adsr attack=0.1 attack_curve=0 decay=0.1 sustain=50 release=0.2 release_curve=0 &&
    module mix mixer cv_amount_1=1 &&
    "$take" "$work/take.wav" >"$work/types" <<'EOF'
connect notes:out keys:midi
connect keys:pitch osc:pitch
connect keys:gate env:gate
connect osc:out mix:in_1
connect env:envelope mix:level_cv_1
note 69 100 0.5 1.0
record keys:gate
record keys:pitch
record env:envelope
record osc:out
record mix:out
seconds 2.5
EOF
  status=$?
  # A host that has died is a fault, one that is late is not
  # shellcheck disable=SC2086
  for pid in $running; do kill -0 $pid 2>/dev/null || died=yes; done
  stop
  return $status
}

# A part of a channel: channel, from, to, fact
part() {
  "$build/bin/listen" "$work/take.wav" --channel "$1" --from "$2" --to "$3" | sed -n "s/^$4=//p"
}

# When a channel first crosses a level: channel, level, up or down
crossing() {
  "$build/bin/listen" "$work/take.wav" --channel "$1" --cross "$2" |
    awk -v way="$3" '$1 == way { print $2; exit }'
}

# Seconds from one time to another
since() {
  awk -v from="$1" -v to="$2" 'BEGIN { if (from != "" && to != "") print to - from }'
}

declares_cv() {
  grep -qx "$1 CV" "$work/types"
}

record || {
  [ $died = no ] && echo "note: the first take failed, and was repeated" && record
} || {
  tail -n 20 "$work"/*.log
  echo "FAILED: no recording"
  echo "0 passed, 1 failed"
  exit 1
}

for port in keys:gate keys:pitch env:envelope; do
  expect "$port is a CV port to JACK" declares_cv $port
done

gate_up_s=$(crossing 1 5 up)
gate_down_s=$(crossing 1 5 down)
gate_s=$(since "$gate_up_s" "$gate_down_s")
attack_s=$(since "$gate_up_s" "$(crossing 3 9.99 up)")
release_s=$(since "$gate_down_s" "$(crossing 3 0.01 down)")
level_db=$(since "$(part 4 1.0 1.4 rms_db)" "$(part 5 1.0 1.4 rms_db)")

expect "the gate is open as long as the note" between 0.99995 "$gate_s" 1.00005
expect "the gate is 10 V" between 9.9999 "$(part 1 0 2.5 peak)" 10.0001
expect "A4 is 0.75 V" between 0.74999 "$(part 2 0.8 1.4 mean)" 0.75001
expect "the oscillator plays A4 within a cent" between 439.75 "$(part 4 0.8 1.4 pitch_hz)" 440.25
expect "the attack takes its 0.1 s" between 0.0995 "$attack_s" 0.1005
expect "the attack ends at 10 V" between 9.999 "$(part 3 0 2.5 peak)" 10.0001
expect "the envelope stays at 5 V" between 4.999 "$(part 3 1.0 1.4 mean)" 5.001
expect "the release takes its 0.2 s" between 0.199 "$release_s" 0.201
expect "5 V open the mixer to half" between -6.05 "$level_db" -5.99
expect "the mix has the pitch" between 439.75 "$(part 5 1.0 1.4 pitch_hz)" 440.25
expect "there is silence before the note" between 0 "$(part 5 0 0.49 peak)" 0
expect "there is silence after the note" between 0 "$(part 5 1.8 2.5 peak)" 0
finish
