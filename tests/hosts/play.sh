#!/bin/sh
# SPDX-License-Identifier: ISC
# chronus-play in JACK: the bits of render, notes at their frames, knobs, edited patches,
# and what it says when something is missing
cd "$(dirname "$0")/../.." && . tests/support/test.sh && . tests/support/jack_player.sh

patch=$work/patch.ttl

# Ask the player that was started last to end; whether it does so in good order
ends() {
  kill -TERM "$pid"
  wait "$pid" 2>"$work/wait.log"
  status=$?
  running=${running#"$pid "}
  [ $status = 0 ]
}

has_ended() {
  ! kill -0 "$pid" 2>/dev/null
}

# Whether the frames of a recording stand somewhere in another, bit for bit
is_part_of() {
  python3 - "$work/$1.wav" "$work/$2.wav" <<'END'
import sys

def frames(path):
    data = open(path, 'rb').read()
    at = data.index(b'data')
    return data[at + 8:at + 8 + int.from_bytes(data[at + 4:at + 8], 'little')]

part, whole = [frames(path) for path in sys.argv[1:]]
sys.exit(not (len(part) > 100000 and any(part) and part in whole))
END
}

# The frames for which a channel of a recording is above 5: name, channel from 0 of how many
frames_up() {
  python3 - "$work/$1.wav" "$2" "$3" <<'END'
import array, sys

data = open(sys.argv[1], 'rb').read()
at = data.index(b'data')
channels = array.array('f', data[at + 8:at + 8 + int.from_bytes(data[at + 4:at + 8], 'little')])
print(sum(x > 5 for x in channels[int(sys.argv[2])::int(sys.argv[3])]))
END
}

peak() {
  "$build/bin/listen" "$work/$1.wav" --channel 1 | sed -n 's/^peak=//p'
}

refuses() {
  reason=$1
  shift
  ! timeout 20 "$play" "$@" >"$work/log" 2>&1 </dev/null && grep -q -- "$reason" "$work/log" && return
  cat "$work/log"
  return 1
}

is_connected() {
  timeout 10 "$take" --connections | grep -qx "$1 $2"
}

render() {
  "$build/bin/render" --bits 32 --seconds 90 presets/patches/random-melody.ttl "$work/render.wav" \
    >"$work/render.log" 2>&1
}

keys='@prefix atom: <http://lv2plug.in/ns/ext/atom#> .
@prefix ingen: <http://drobilla.net/ns/ingen#> .
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
<> a ingen:Graph ; lv2:port <midi> , <gate> , <level> ; ingen:block <keys> , <env> ;
  ingen:arc [ ingen:tail <midi> ; ingen:head <keys/midi> ] ,
    [ ingen:tail <keys/gate> ; ingen:head <gate> ] ,
    [ ingen:tail <keys/gate> ; ingen:head <env/gate> ] ,
    [ ingen:tail <env/envelope> ; ingen:head <level> ] .
<midi> a atom:AtomPort , lv2:InputPort ; lv2:index 0 .
<gate> a lv2:CVPort , lv2:OutputPort ; lv2:index 1 .
<level> a lv2:CVPort , lv2:OutputPort ; lv2:index 2 .
<keys> a ingen:Block ; lv2:prototype <urn:chronus:midi_cv> .
<env> a ingen:Block ; lv2:prototype <urn:chronus:adsr> .
<env/attack> ingen:value "1 ms" .
<env/decay> ingen:value "1 ms" .
<env/sustain> ingen:value "100 %" .
'

# ---- Without a server

expect "without a server, it says what to do" refuses 'no server runs of this name: start one' presets/patches/drone.ttl
expect "an unknown patch is refused" refuses "neither a file nor an installed patch" no-such-patch
expect "no patch is refused" refuses 'must name a patch'
expect "two patches are refused" refuses 'must name a patch' a b
expect "--cc wants a knob" refuses "must look like NAME=VALUE" --cc 74 a.ttl
expect "--connect wants a port" refuses "must be auto, none, or look like" --connect all a.ttl
expect "--transport wants one of three" refuses "must be auto, jack or own" --transport host a.ttl
expect "--status wants a number" refuses "must be a number from 0" --status x a.ttl
expect "--tempo wants a number" refuses "must be a number from 1" --tempo 0 a.ttl
expect "--name wants no colon" refuses "without a colon" --name a:b a.ttl
expect "there is no other option" refuses "unrecognized option" --no-such-option a.ttl

# ---- With a server

# A bundle of its own, to be changed
mkdir "$work/lv2"
cp -R "$bundle" "$work/lv2"
export LV2_PATH="$work/lv2:$work/spec"

expect "there is a JACK server" start_server
expect "a port that is none is refused" refuses 'is no port of the patch' --connect in=x presets/patches/drone.ttl
expect "a port of JACK that is none is refused" refuses 'is no port of JACK' --connect left=x:y presets/patches/drone.ttl
expect "a knob that is none is refused" refuses 'there is no nix' --set nix/a=1 presets/patches/drone.ttl
expect "a controller for no knob is refused" refuses 'there is no nix' --cc 1=nix/a presets/patches/drone.ttl
expect "a controller beyond 127 is refused" refuses 'from 0 to 127' --cc 128=a/b presets/patches/drone.ttl
expect "a patch with a fault is refused" refuses 'line 2: bad verb' packaging/debian/control.in

expect "a patch is played" plays melody presets/patches/random-melody.ttl
expect "it is connected to the loudspeakers" await is_connected melody:out system:playback_1
expect "on both sides" is_connected melody:out system:playback_2
expect "it is recorded" record melody <<'EOT'
record melody:out
seconds 2
EOT
expect "it is rendered" render
expect "both have the same bits" is_part_of melody render
expect "it ends in order" ends

printf '%s' "$keys" >"$patch"
expect "keys are played" plays keys --watch --connect none --cc 74=env/sustain --status 0.2 "$patch"
expect "notes are recorded" record notes <<'EOT'
connect notes:out keys:midi
note 60 100 0.2 0.50077
record keys:gate
record keys:level
seconds 1
EOT
expect "the gate is open for as many frames as the note" [ "$(frames_up notes 0 2)" = 24036 ]
expect "the level is 10 V" between 9.99 "$(peak notes)" 10.001
expect "a CV port is marked as such" grep -qx 'keys:gate CV' "$work/notes.types"
expect "the state is told" await says keys 'load .* gaps, 48000 Hz, 256 frames'

echo 'env/sustain 20 %' >&8
sleep 0.5
expect "a knob that was turned by a line is heard" record turned <<'EOT'
connect notes:out keys:midi
note 60 100 0.2 0.5
record keys:level
record keys:gate
seconds 1
EOT
expect "the level is 2 V" between 1.99 "$("$build/bin/listen" "$work/turned.wav" --channel 1 --from 0.4 --to 0.5 | sed -n 's/^peak=//p')" 2.01
expect "a controller is heard" record control <<'EOT'
connect notes:out keys:midi
control 74 127 0
note 60 100 0.2 0.5
record keys:level
record keys:gate
seconds 1
EOT
expect "the level is 10 V again" between 9.99 "$("$build/bin/listen" "$work/control.wav" --channel 1 --from 0.4 --to 0.5 | sed -n 's/^peak=//p')" 10.01
echo 'env/nothing 1' >&8
expect "a knob that is none is refused by its name" await says keys 'has no knob nothing'

echo 'this is no Turtle' >>"$patch"
expect "a broken patch is refused with its reason" await says keys 'patch.ttl: line [0-9]*: '
expect "and the one before plays on" await says keys 'the patch before plays on'
printf '%s' "$keys" | sed 's/midi_cv>/midi_cv_poly>/; s/keys.gate>/keys\/gate_1>/g' >"$patch"
expect "an edited patch is taken over" await says keys 'taken over, anew: keys$'
expect "and plays" record edited <<'EOT'
connect notes:out keys:midi
note 60 100 0.2 0.50077
record keys:gate
seconds 1
EOT
expect "with its gate open for as many frames as the note" [ "$(frames_up edited 0 1)" = 24036 ]

# Whether the player has a library as it stands there now, and no other any more
has_loaded() {
  grep -q "/$1\$" "/proc/$pid/maps" && ! grep -q "/$1 (deleted)" "/proc/$pid/maps"
}

takes_over() {
  [ "$(grep -c 'taken over' "$work/keys.log")" = "$1" ]
}

replace "$build/lv2_baseline/chronus.lv2/adsr.so" "$work/lv2/chronus.lv2/adsr.so"
expect "a plugin that was built anew is taken over" await takes_over 2
expect "the new library is loaded, the old one is not" await has_loaded adsr.so
sed '/lv2:symbol "level" ;/,/lv2:minimum/s/lv2:default 10.0/lv2:default 5.0/' "$bundle/adsr.ttl" >"$work/adsr.ttl"
replace "$work/adsr.ttl" "$work/lv2/chronus.lv2/adsr.ttl"

# A library may be taken over more than once while it is written, so they are not counted
plays_new_default() {
  record default <<'EOT'
connect notes:out keys:midi
note 60 100 0.2 0.5
record keys:level
seconds 1
EOT
  between 4.99 "$(peak default)" 5.01 >"$work/level"
}

expect "so is one that describes itself anew" await plays_new_default
echo quit >&8
expect "a line ends it" await has_ended

expect "a player outlives nothing" plays last presets/patches/drone.ttl
server=$(echo "$running" | awk '{ print $NF }')
kill "$server"
expect "the end of the server is told" await says last 'the server has ended'
finish
