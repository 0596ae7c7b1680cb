#!/bin/sh
# SPDX-License-Identifier: ISC
# A filter's source is edited and built while chronus-play holds a chord: what it records
# beside a player that plays on
cd "$(dirname "$0")/../.." && . tests/support/test.sh && . tests/support/jack_player.sh

# Print a setting of the build, words in a line
setting() {
  python3 -c 'import ast, sys
for line in open(sys.argv[1]):
    name, value = line.split(" = ", 1)
    if name == sys.argv[2]:
        print(" ".join(ast.literal_eval(value)))' "$build/c4che/_cache.py" "$1"
}
cc=$(setting CC)
flags="$(setting CFLAGS) -fPIC -w -Iplugins -I$build/plugins -Iports -I$build/ports -Ishared -I$build/shared -Itables -I$build/tables"

# Write the layout of an edited svf.c, as the build does: source, out
layout() {
  # shellcheck disable=SC2086 # words
  $cc $flags -E -P "$1" >"$work/preprocessed.c" && python3 - "$work/preprocessed.c" "$2" <<'END'
import ast, hashlib, re, sys

names = ['layout', 'types', 'declarations', 'carried_types', 'digest']
tree = ast.parse(open('wscript').read())
tree.body = [part for part in tree.body if getattr(part, 'name', '') in names]
exec(compile(tree, 'wscript', 'exec'))
open(sys.argv[2], 'w').write(layout(open(sys.argv[1]).read()))
END
}

# Compile C into an object: source, out, more flags
compiles() {
  source=$1 out=$2
  shift 2
  # shellcheck disable=SC2086 # words
  $cc $flags "$@" -c "$source" -o "$out"
}

# Build svf.c anew after an edit: name, command of sed
builds() {
  sed "$2" plugins/svf.c >"$work/$1.c" && ! cmp -s plugins/svf.c "$work/$1.c" &&
    layout "$work/$1.c" "$work/$1_layout.c" &&
    compiles "$work/$1.c" "$work/$1.o" && compiles "$work/$1_layout.c" "$work/$1_layout.o" &&
    $cc -shared -o "$work/$1.so" "$work/$1.o" "$work/$1_layout.o" "$work"/airlock_*.o \
      "$build/libdisplay.a" "$build/libcore.a" -lm
}

builds_airlock() {
  for source in plugins/lv2/*.c; do
    compiles "$source" "$work/airlock_$(basename "$source" .c).o" || return 1
  done
}

# Play the chord for some seconds in both players, and record both: name
plays_chord() {
  record "$1" <<'EOT'
live
connect notes:out still:midi
connect notes:out moved:midi
note 48 100 0.1 4.6
note 55 90 0.1 4.6
note 64 110 0.1 4.6
record still:out
record moved:out
seconds 5
EOT
}

# Have a filter taken over in the midst of a chord: name, how many were before
takes_over() {
  plays_chord "$1" &
  chord=$!
  sleep 1
  replace "$work/$1.so" "$work/lv2/chronus.lv2/svf.so"
  await has_taken "$2" && kill -0 $chord
  status=$?
  wait $chord && return $status
}

has_taken() {
  [ "$(grep -c 'taken over$' "$work/moved.log")" -gt "$1" ]
}

# Print the energy of what a recording has beside a crossfade of 10 ms to its other channel
# times a gain, in dB below that channel, and the time at which it begins: name, gain
seam() {
  python3 - "$work/$1.wav" "$2" <<'END'
import array, math, sys

data = open(sys.argv[1], 'rb').read()
at = data.index(b'data')
frames = array.array('f', data[at + 8:at + 8 + int.from_bytes(data[at + 4:at + 8], 'little')])
still, moved, gain = frames[::2], frames[1::2], float(sys.argv[2])
first = next((i for i, pair in enumerate(zip(still, moved)) if pair[0] != pair[1]), None)
if first is None:
    print('same' if max(still) > 0.1 else 'silent')
    sys.exit()

def expected(i):
    part = min(max((i - first + 1) / 481, 0), 1)
    return still[i] * (1 + (gain - 1) * part)

error = sum((moved[i] - expected(i)) ** 2 for i in range(len(still)))
print('%.1f' % (10 * math.log10(error / sum(x * x for x in still))), 'dB from %.3f s on' % (first / 48000))
END
}

# Whether a seam is not heard: what seam() has printed
is_silent() {
  echo "note: $1"
  [ "$1" = same ] || [ "$(echo "$1" | sed 's/\..*//')" -lt -90 ]
}

chord='@prefix atom: <http://lv2plug.in/ns/ext/atom#> .
@prefix ingen: <http://drobilla.net/ns/ingen#> .
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
<midi> a atom:AtomPort , lv2:InputPort ; lv2:index 0 .
<out> a lv2:AudioPort , lv2:OutputPort ; lv2:index 1 .
<keys> a ingen:Block ; lv2:prototype <urn:chronus:midi_cv_poly> .
<env> a ingen:Block ; lv2:prototype <urn:chronus:adsr> .
<vcf> a ingen:Block ; lv2:prototype <urn:chronus:svf> .
<vca> a ingen:Block ; lv2:prototype <urn:chronus:vca> .
<env/attack> ingen:value "3 s" .
<vcf/frequency> ingen:value "300 Hz" .
<vcf/frequency_amount> ingen:value 0.3 .
<> a ingen:Graph ; ingen:block <keys> , <env> , <vcf> , <vca> ; lv2:port <midi> , <out> ; ingen:arc
  [ ingen:tail <midi> ; ingen:head <keys/midi> ] ,
  [ ingen:tail <keys/gate_1> ; ingen:head <env/gate> ] ,
  [ ingen:tail <env/envelope> ; ingen:head <vcf/frequency_cv> ] ,
  [ ingen:tail <env/envelope> ; ingen:head <vca/cv> ] ,
  [ ingen:tail <vcf/low> ; ingen:head <vca/in> ] ,
  [ ingen:tail <vca/out> ; ingen:head <out> ] .
'

# One player has the oscillators, whose phases go by when it began, and both filter them
writes_patches() {
  {
    echo "$chord"
    echo '<raw> a lv2:AudioPort , lv2:OutputPort ; lv2:index 2 .
<mix> a ingen:Block ; lv2:prototype <urn:chronus:mixer> .
<> ingen:block <mix> ; lv2:port <raw> ; ingen:arc
  [ ingen:tail <mix/out> ; ingen:head <raw> ] , [ ingen:tail <mix/out> ; ingen:head <vcf/in> ] .'
    for voice in 1 2 3; do
      echo "<osc$voice> a ingen:Block ; lv2:prototype <urn:chronus:oscillator> .
<osc$voice/waveform> ingen:value \"Saw\" .
<> ingen:block <osc$voice> ; ingen:arc
  [ ingen:tail <keys/pitch_$voice> ; ingen:head <osc$voice/pitch> ] ,
  [ ingen:tail <osc$voice/out> ; ingen:head <mix/in_$voice> ] ."
    done
  } >"$work/still.ttl"
  {
    echo "$chord"
    echo '<raw> a lv2:AudioPort , lv2:InputPort ; lv2:index 2 .
<> lv2:port <raw> ; ingen:arc [ ingen:tail <raw> ; ingen:head <vcf/in> ] .'
  } >"$work/moved.ttl"
}

mkdir "$work/lv2"
cp -R "$bundle" "$work/lv2"
expect "patches are written" writes_patches
expect "what all plugins share is built" builds_airlock
expect "a filter is edited, and built" builds same 's|^reset(|/* the same */ reset(|'
expect "one with a field more is built" builds field 's|^  ResonantSvf svf;|  double spare; ResonantSvf svf;|'
expect "one that is half as loud is built" builds half \
  's|effect_out(.*outs.o., n_frames);|&for (uint32_t i = 0; i < n_frames; ++i) { outs[o][i] *= 0.5f; }|'
expect "there is a JACK server" start_server

expect "a patch is played" plays still --connect none "$work/still.ttl"
export LV2_PATH="$work/lv2:$work/spec"
expect "another is watched" plays moved --watch --connect none --connect raw=still:raw "$work/moved.ttl"

expect "the filter is taken over" takes_over same 0
expect "it goes on bit for bit" is_silent "$(seam same 1)"
expect "the filter with a field more is taken over" takes_over field 1
expect "it is not heard" is_silent "$(seam field 1)"
expect "the filter that is half as loud is taken over" takes_over half 2
expect "it crosses over without a click" is_silent "$(seam half 0.5)"
echo 'no library' >"$work/broken.so"
replace "$work/broken.so" "$work/lv2/chronus.lv2/svf.so"
expect "one that does not load is refused with its reason" await says moved 'its library does not load'
expect "and the one before plays on" await says moved 'the patch before plays on'
finish
