#!/bin/sh
# SPDX-License-Identifier: ISC
# The patch first-voice as a real JACK graph, a jalv for every block: it must sound as the
# same note does in render
cd "$(dirname "$0")/../.." && . tests/support/test.sh && . tests/support/jack_server.sh

patch=presets/patches/first-voice.ttl
project=$build/carla/first-voice.carxp
take="$build/tests/hosts/jack_take"

# "NAME URI SYMBOL=VALUE..." for each block, from what the build makes of the patch
blocks() {
  sed -n 's/.*<\(Name\|URI\|Symbol\|Value\)>\(.*\)<.*/\1 \2/p; /<Parameter>/s/.*/knob/p; /<\/Plugin>/s/.*/end/p' \
    "$project" | awk '
      $1 == "knob" { is_knob = 1 }
      $1 == "Name" && !is_knob { name = $2 }
      $1 == "URI" { uri = $2 }
      $1 == "Symbol" { symbol = $2 }
      $1 == "Value" { knobs = knobs " " symbol "=" $2 }
      $1 == "end" && uri != "" { print name, uri knobs; uri = knobs = ""; is_knob = 0 }'
}

# "connect TAIL HEAD" for each cable between blocks, and from the notes
cables() {
  serdi -q -o ntriples "$patch" | awk '
    function port(node) { gsub(/[<>]/, "", node); sub("/", ":", node); return node }
    $2 ~ /ingen#tail>$/ { tail[$1] = port($3) }
    $2 ~ /ingen#head>$/ { head[$1] = port($3) }
    END {
      for (arc in tail) {
        if (tail[arc] == "midi") tail[arc] = "notes:out"
        if (head[arc] != "out") print "connect", tail[arc], head[arc]
      }
    }'
}

# Start a block, and wait until JACK has it: name, URI, settings
start_block() {
  name=$1
  uri=$2
  shift 2
  options=''
  for setting; do options="$options -c $setting"; done
  # shellcheck disable=SC2086 # words
  start "$name" $under jalv -x -n "$name" $options "$uri"
  patience=100
  until timeout -k 1 5 "$take" --signals | grep -q "^$name:"; do
    patience=$((patience - 1))
    [ $patience -gt 0 ] || return 1
    sleep 0.1
  done
}

start_blocks() {
  while read -r name uri settings; do
    # shellcheck disable=SC2086 # words
    start_block "$name" "$uri" $settings || return 1
  done <"$work/blocks"
}

record() {
  start_server
  "$take" && start_blocks &&
    { cables && printf 'note 57 100 0.5 1.0\nrecord vca:out\nseconds 3\n'; } |
    timeout 60 "$take" "$work/graph.wav" >"$work/types"
  status=$?
  stop
  return $status
}

# The same note as a MIDI file, half a second on, at 120 beats a minute
render() {
  # shellcheck disable=SC1003 # octal numbers
  printf 'MThd\0\0\0\006\0\0\0\001\001\340MTrk\0\0\0\016\203\140\220\071\144\207\100\200\071\0\0\377\057\0' \
    >"$work/note.mid"
  LV2_PATH="$PWD/$build/lv2:$work/spec" "$build/bin/render" --seconds 3 --bits 32 --in "midi=$work/note.mid" \
    "$patch" "$work/render.wav" >"$work/log" 2>&1 || {
    cat "$work/log"
    return 1
  }
}

# A fact of a recording: name, from, to, fact
fact() {
  "$build/bin/listen" "$work/$1.wav" --from "$2" --to "$3" | sed -n "s/^$4=//p"
}

# Whether a fact of both recordings is the same: from, to, fact, tolerance
agrees() {
  expected=$(fact render "$1" "$2" "$3")
  between "$(echo "$expected $4" | awk '{ print $1 - $2 }')" "$(fact graph "$1" "$2" "$3")" \
    "$(echo "$expected $4" | awk '{ print $1 + $2 }')"
}

blocks >"$work/blocks"
expect "the patch has eight blocks" [ "$(wc -l <"$work/blocks")" = 8 ]
expect "it is played in JACK" record
expect "it is played by render" render
expect "there is silence before the note" between 0 "$(fact graph 0 0.49 peak)" 0
# The two oscillators beat, and stand elsewhere at each start
expect "the attack is as loud" agrees 0.5 0.6 rms_db 2
expect "the note is as loud" agrees 0.8 1.4 rms_db 1.5
expect "the note has the pitch" agrees 0.8 1.4 pitch_hz 0.5
expect "the release is as loud" agrees 1.55 1.7 rms_db 2
expect "there is silence after the note" between 0 "$(fact graph 2.5 3 peak)" 0
finish
